package desktop

import (
	"image"

	"github.com/godbus/dbus/v5"
)

// Tray is an icon beside the clock (a StatusNotifierItem), with a menu.
type Tray struct {
	Icon   image.Image
	Tip    string
	Urgent bool // it asks to be looked at
	Menu   []Item
}

// Item is an entry of a menu.
type Item struct {
	Label     string
	Separator bool
	Checked   bool
	Off       bool // shown, but not possible now
	Sub       []Item
	Do        func() // on any goroutine; nil for a menu of its own
}

const (
	watcherName = "org.kde.StatusNotifierWatcher"
	watcherPath = dbus.ObjectPath("/StatusNotifierWatcher")
)

// ShowTray shows this where there is a tray; nil: nothing.
func (s *Session) ShowTray(t *Tray) {
	s.work.Put(func(b *bus) {
		b.wanted = t
		b.drawIcon()
	})
}

// lookForTray finds out whether somebody shows icons: the service that collects them may
// be there without.
func (b *bus) lookForTray() {
	there := false
	if b.conn != nil {
		var v dbus.Variant
		if b.call(b.conn, watcherName, watcherPath, dbus.FlagNoAutoStart, "org.freedesktop.DBus.Properties.Get", watcherName, "IsStatusNotifierHostRegistered").Store(&v) == nil {
			there, _ = v.Value().(bool)
		}
	}
	b.setHost(there)
}

func (b *bus) setHost(there bool) {
	if there == b.host {
		return
	}
	b.host = there
	if !there {
		b.hideIcon()
	}
	b.on.Tray(there)
	b.drawIcon()
}

// drawIcon brings what is shown in line with what is wanted.
func (b *bus) drawIcon() {
	switch {
	case b.wanted == nil || !b.host:
		b.hideIcon()
	case b.icon != nil && b.icon.conn.Connected():
		b.icon.set(b.wanted)
	default:
		b.hideIcon()
		b.icon = b.newIcon(b.wanted)
	}
}

func (b *bus) hideIcon() {
	if b.icon != nil {
		b.icon.conn.Close() // the watcher notices
		b.icon = nil
	}
}
