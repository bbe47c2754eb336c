package testkit

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
)

// Desktop is what a desktop does for programs over its bus: it notes notifications, and
// shows nothing; and it collects the icons beside the clock.
type Desktop struct {
	bus  *Bus
	conn *dbus.Conn

	mu      sync.Mutex
	news    chan struct{} // closed when anything happens, and made anew
	notes   []Note
	icons   []string // the services of icons, in the order in which they came
	looked  bool     // somebody shows them
	badges  []string
	lastID  uint32
	changes []string // signals of icons and their menus
}

// Note is one notification.
type Note struct {
	ID          uint32
	Replaces    uint32
	Title, Text string
	Actions     []string
	Hints       map[string]dbus.Variant
	Closed      bool
}

const (
	notifications = "org.freedesktop.Notifications"
	noteWatcher   = "org.kde.StatusNotifierWatcher"
)

// StartDesktop starts one on the bus, that can do this (capabilities). Nobody shows icons
// until ShowIcons.
func (b *Bus) StartDesktop(can ...string) *Desktop {
	b.t.Helper()
	conn, err := dbus.Connect(b.Address, dbus.WithSignalHandler(dbus.NewSequentialSignalHandler()))
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { conn.Close() })
	d := &Desktop{bus: b, conn: conn, news: make(chan struct{})}
	for _, x := range []struct {
		object     any
		path       dbus.ObjectPath
		name, face string
	}{
		{noteService{d, can}, "/org/freedesktop/Notifications", notifications, notifications},
		{iconService{d}, "/StatusNotifierWatcher", noteWatcher, noteWatcher},
		{iconProperties{d}, "/StatusNotifierWatcher", noteWatcher, "org.freedesktop.DBus.Properties"},
	} {
		if err := conn.Export(x.object, x.path, x.face); err != nil {
			b.t.Fatal(err)
		}
		if _, err := conn.RequestName(x.name, dbus.NameFlagDoNotQueue); err != nil {
			b.t.Fatal(err)
		}
	}
	signals := make(chan *dbus.Signal, 100)
	conn.Signal(signals)
	for _, rule := range [][]dbus.MatchOption{{dbus.WithMatchInterface("com.canonical.Unity.LauncherEntry")},
		{dbus.WithMatchInterface("org.kde.StatusNotifierItem")}, {dbus.WithMatchInterface("com.canonical.dbusmenu")}} {
		if err := conn.AddMatchSignal(rule...); err != nil {
			b.t.Fatal(err)
		}
	}
	if err := conn.AddMatchSignal(dbus.WithMatchSender("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged")); err != nil {
		b.t.Fatal(err)
	}
	go d.listen(signals)
	return d
}

func (d *Desktop) listen(signals <-chan *dbus.Signal) {
	for sig := range signals {
		d.change(func() {
			member := sig.Name[strings.LastIndex(sig.Name, ".")+1:]
			switch {
			case member == "NameOwnerChanged" && len(sig.Body) == 3 && sig.Body[2] == "":
				d.icons = slices.DeleteFunc(d.icons, func(s string) bool { return s == sig.Body[0] })
			case strings.HasPrefix(sig.Name, "com.canonical.Unity"):
				d.badges = append(d.badges, fmt.Sprint(sig.Body...))
			default:
				d.changes = append(d.changes, member)
			}
		})
	}
}

// change does something that Until may wait for.
func (d *Desktop) change(do func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	do()
	close(d.news)
	d.news = make(chan struct{})
}

// Until waits until that is so.
func (d *Desktop) Until(what string, ok func(*Desktop) bool) {
	d.bus.t.Helper()
	late := time.After(time.Minute)
	for {
		d.mu.Lock()
		is, news := ok(d), d.news
		d.mu.Unlock()
		if is {
			return
		}
		select {
		case <-news:
		case <-late:
			d.bus.t.Fatalf("the desktop waits in vain for %s: %+v, icons %q, badges %q, %q", what, d.Notes(), d.icons, d.badges, d.changes)
		}
	}
}

// Notes are the notifications so far.
func (d *Desktop) Notes() []Note {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.notes)
}

// UntilNote waits for a notification after the first ones.
func (d *Desktop) UntilNote(after int) Note {
	d.bus.t.Helper()
	d.Until("a notification", func(d *Desktop) bool { return len(d.notes) > after })
	return d.Notes()[after]
}

// UntilClosed waits until a notification is taken away.
func (d *Desktop) UntilClosed(id uint32) {
	d.bus.t.Helper()
	d.Until("the end of a notification", func(d *Desktop) bool {
		return slices.ContainsFunc(d.notes, func(n Note) bool { return n.ID == id && n.Closed })
	})
}

// UntilBadge waits until a program's icon says that.
func (d *Desktop) UntilBadge(part string) {
	d.bus.t.Helper()
	d.Until("the badge "+part, func(d *Desktop) bool {
		return len(d.badges) > 0 && strings.Contains(d.badges[len(d.badges)-1], part)
	})
}

// UntilIcon waits for an icon beside the clock.
func (d *Desktop) UntilIcon() *TrayIcon {
	d.bus.t.Helper()
	d.Until("an icon", func(d *Desktop) bool { return len(d.icons) > 0 })
	d.mu.Lock()
	defer d.mu.Unlock()
	return &TrayIcon{d, d.icons[len(d.icons)-1]}
}

// UntilNoIcon waits until there is none.
func (d *Desktop) UntilNoIcon() {
	d.bus.t.Helper()
	d.Until("no icon", func(d *Desktop) bool { return len(d.icons) == 0 })
}

// UntilChange waits for a signal of an icon, after so many.
func (d *Desktop) UntilChange(after int, member string) (now int) {
	d.bus.t.Helper()
	d.Until(member, func(d *Desktop) bool {
		i := slices.Index(d.changes[after:], member)
		now = after + i + 1
		return i >= 0
	})
	return now
}

// Clicks clicks on a notification.
func (d *Desktop) Clicks(id uint32) { d.emit("ActionInvoked", id, "default") }

// Dismisses takes a notification away, as the user does.
func (d *Desktop) Dismisses(id uint32) { d.emit("NotificationClosed", id, uint32(2)) }

func (d *Desktop) emit(member string, args ...any) {
	if err := d.conn.Emit("/org/freedesktop/Notifications", notifications+"."+member, args...); err != nil {
		d.bus.t.Error(err)
	}
}

// ShowIcons says whether somebody shows icons from now on.
func (d *Desktop) ShowIcons(on bool) {
	d.change(func() { d.looked = on })
	member := "StatusNotifierHostUnregistered"
	if on {
		member = "StatusNotifierHostRegistered"
	}
	if err := d.conn.Emit("/StatusNotifierWatcher", noteWatcher+"."+member); err != nil {
		d.bus.t.Error(err)
	}
}

// noteService is what programs call to notify.
type noteService struct {
	d   *Desktop
	can []string
}

// GetCapabilities is asked what the service can do.
func (s noteService) GetCapabilities() ([]string, *dbus.Error) { return s.can, nil }

// Notify shows a notification.
func (s noteService) Notify(app string, replaces uint32, icon, title, text string, actions []string, hints map[string]dbus.Variant, timeout int32) (uint32, *dbus.Error) {
	id := replaces
	s.d.change(func() {
		if id == 0 {
			s.d.lastID++
			id = s.d.lastID
		}
		s.d.notes = append(s.d.notes, Note{ID: id, Replaces: replaces, Title: title, Text: text, Actions: actions, Hints: hints})
	})
	return id, nil
}

// CloseNotification takes one away.
func (s noteService) CloseNotification(id uint32) *dbus.Error {
	s.d.change(func() {
		for i := range s.d.notes {
			s.d.notes[i].Closed = s.d.notes[i].Closed || s.d.notes[i].ID == id
		}
	})
	s.d.emit("NotificationClosed", id, uint32(3))
	return nil
}

// iconService is what programs call that have an icon.
type iconService struct{ d *Desktop }

// RegisterStatusNotifierItem adds one.
func (s iconService) RegisterStatusNotifierItem(service string) *dbus.Error {
	s.d.change(func() { s.d.icons = append(s.d.icons, service) })
	return nil
}

// iconProperties says whether somebody shows icons.
type iconProperties struct{ d *Desktop }

// Get is asked for a property.
func (p iconProperties) Get(face, name string) (dbus.Variant, *dbus.Error) {
	p.d.mu.Lock()
	defer p.d.mu.Unlock()
	return dbus.MakeVariant(p.d.looked), nil
}
