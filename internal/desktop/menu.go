package desktop

import (
	"slices"
	"strings"
	"sync"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"
)

// menu is the menu of an icon (com.canonical.dbusmenu): whoever shows it asks for the
// entries and says which one was chosen. It is asked on the library's goroutines.
type menu struct {
	conn *dbus.Conn

	mu       sync.Mutex
	items    []Item
	revision uint32
	last     int32            // the highest ID ever used: those of an old menu mean nothing in a new one
	root     []*entry         // the menu
	entries  map[int32]*entry // all of it, by ID
}

// entry is an item with its ID.
type entry struct {
	id   int32
	item Item
	sub  []*entry
}

func newMenu(conn *dbus.Conn) *menu { return &menu{conn: conn} }

func (m *menu) export() error {
	if err := m.conn.Export(m, menuPath, menuName); err != nil {
		return err
	}
	fixed := func(v any) *prop.Prop { return &prop.Prop{Value: v, Emit: prop.EmitFalse} }
	_, err := prop.Export(m.conn, menuPath, prop.Map{menuName: {
		"Version": fixed(uint32(3)), "TextDirection": fixed("ltr"), "Status": fixed("normal"), "IconThemePath": fixed([]string{}),
	}})
	return err
}

// set makes the menu this one, and says so if it looks different.
func (m *menu) set(items []Item) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.entries != nil && slices.EqualFunc(m.items, items, looksLike) {
		m.items = items
		rename(m.root, items)
		return
	}
	m.items, m.entries = items, map[int32]*entry{}
	m.root = m.number(items)
	m.revision++
	_ = m.conn.Emit(menuPath, menuName+".LayoutUpdated", m.revision, int32(0))
}

// looksLike reports that there is no difference to be seen.
func looksLike(a, b Item) bool {
	return a.Label == b.Label && a.Separator == b.Separator && a.Checked == b.Checked && a.Off == b.Off && slices.EqualFunc(a.Sub, b.Sub, looksLike)
}

// rename gives entries that look the same what they do now.
func rename(entries []*entry, items []Item) {
	for i, e := range entries {
		e.item = items[i]
		rename(e.sub, items[i].Sub)
	}
}

func (m *menu) number(items []Item) (all []*entry) {
	for _, item := range items {
		m.last++
		e := &entry{id: m.last, item: item}
		m.entries[e.id] = e
		e.sub = m.number(item.Sub)
		all = append(all, e)
	}
	return all
}

// properties are what the menu says of an entry. An underscore would stand for a key.
func (e *entry) properties() map[string]dbus.Variant {
	all := map[string]dbus.Variant{}
	if e.item.Separator {
		all["type"] = dbus.MakeVariant("separator")
		return all
	}
	all["label"] = dbus.MakeVariant(strings.ReplaceAll(e.item.Label, "_", "__"))
	all["enabled"] = dbus.MakeVariant(!e.item.Off)
	if e.item.Checked {
		all["toggle-type"] = dbus.MakeVariant("checkmark")
		all["toggle-state"] = dbus.MakeVariant(int32(1))
	}
	if len(e.sub) > 0 {
		all["children-display"] = dbus.MakeVariant("submenu")
	}
	return all
}

// layout is an entry with those below it, as it is sent.
type layout struct {
	ID         int32
	Properties map[string]dbus.Variant
	Sub        []dbus.Variant
}

func (e *entry) layout(depth int32) layout {
	l := layout{ID: e.id, Properties: e.properties(), Sub: []dbus.Variant{}}
	if depth != 0 {
		for _, s := range e.sub {
			l.Sub = append(l.Sub, dbus.MakeVariant(s.layout(depth-1)))
		}
	}
	return l
}

// find is an entry; 0 is the menu as a whole.
func (m *menu) find(id int32) (*entry, bool) {
	if id == 0 {
		return &entry{sub: m.root}, true
	}
	e, ok := m.entries[id]
	return e, ok
}

func noEntry() *dbus.Error { return dbus.MakeFailedError(dbus.ErrMsgInvalidArg) }

// GetLayout is asked for the menu, or a part of it.
func (m *menu) GetLayout(parent, depth int32, names []string) (uint32, layout, *dbus.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.find(parent)
	if !ok {
		return 0, layout{}, noEntry()
	}
	return m.revision, e.layout(depth), nil
}

// described is what is said of one entry.
type described struct {
	ID         int32
	Properties map[string]dbus.Variant
}

// GetGroupProperties is asked for several entries.
func (m *menu) GetGroupProperties(ids []int32, names []string) ([]described, *dbus.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := []described{}
	for _, id := range ids {
		if e, ok := m.find(id); ok {
			all = append(all, described{id, e.properties()})
		}
	}
	return all, nil
}

// GetProperty is asked for one property.
func (m *menu) GetProperty(id int32, name string) (dbus.Variant, *dbus.Error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.find(id); ok {
		if v, ok := e.properties()[name]; ok {
			return v, nil
		}
	}
	return dbus.Variant{}, noEntry()
}

// Event is told what the user does.
func (m *menu) Event(id int32, event string, data dbus.Variant, at uint32) *dbus.Error {
	var chosen Item
	m.mu.Lock()
	if e, ok := m.entries[id]; ok {
		chosen = e.item
	}
	m.mu.Unlock()
	if event == "clicked" && !chosen.Off && chosen.Do != nil {
		chosen.Do()
	}
	return nil
}

// happened is one of several events.
type happened struct {
	ID    int32
	Event string
	Data  dbus.Variant
	At    uint32
}

// EventGroup is told of several.
func (m *menu) EventGroup(events []happened) ([]int32, *dbus.Error) {
	for _, e := range events {
		if err := m.Event(e.ID, e.Event, e.Data, e.At); err != nil {
			return nil, err
		}
	}
	return []int32{}, nil
}

// AboutToShow is asked whether a part of the menu is to be read anew: never, for it is
// always up to date.
func (m *menu) AboutToShow(id int32) (bool, *dbus.Error) { return false, nil }

// AboutToShowGroup asks for several.
func (m *menu) AboutToShowGroup(ids []int32) ([]int32, []int32, *dbus.Error) {
	return []int32{}, []int32{}, nil
}
