package testkit

import (
	"fmt"
	"strings"

	"github.com/godbus/dbus/v5"
)

// TrayIcon is a program's icon beside the clock, as whoever shows it sees it.
type TrayIcon struct {
	d       *Desktop
	service string
}

const (
	trayItem = "org.kde.StatusNotifierItem"
	trayMenu = "com.canonical.dbusmenu"
)

func (i *TrayIcon) call(path dbus.ObjectPath, method string, args ...any) *dbus.Call {
	i.d.bus.t.Helper()
	c := i.d.conn.Object(i.service, path).Call(method, 0, args...)
	if c.Err != nil {
		i.d.bus.t.Fatalf("%s: %v", method, c.Err)
	}
	return c
}

// Property is what the icon says of itself.
func (i *TrayIcon) Property(name string) any {
	i.d.bus.t.Helper()
	var v dbus.Variant
	if err := i.call("/StatusNotifierItem", "org.freedesktop.DBus.Properties.Get", trayItem, name).Store(&v); err != nil {
		i.d.bus.t.Fatal(err)
	}
	return v.Value()
}

// Presses presses the left button on it.
func (i *TrayIcon) Presses() { i.call("/StatusNotifierItem", trayItem+".Activate", int32(0), int32(0)) }

// entry is an entry of its menu.
type entry struct {
	ID    int32
	Props map[string]dbus.Variant
	Sub   []dbus.Variant
}

func (i *TrayIcon) menu() entry {
	i.d.bus.t.Helper()
	path, _ := i.Property("Menu").(dbus.ObjectPath)
	var revision uint32
	var root entry
	if err := i.call(path, trayMenu+".GetLayout", int32(0), int32(-1), []string{}).Store(&revision, &root); err != nil {
		i.d.bus.t.Fatal(err)
	}
	return root
}

func (e entry) label() string {
	if e.Props["type"].Value() == "separator" {
		return "-"
	}
	label, _ := e.Props["label"].Value().(string)
	if e.Props["toggle-state"].Value() == int32(1) {
		label = "*" + label
	}
	if e.Props["enabled"].Value() == false {
		label = "(" + label + ")"
	}
	return strings.ReplaceAll(label, "__", "_")
}

func (e entry) below() (all []entry) {
	for _, v := range e.Sub {
		var s entry
		if dbus.Store([]any{v.Value()}, &s) == nil {
			all = append(all, s)
		}
	}
	return all
}

// Menu is its menu, in words: a star is a tick, brackets are what is not possible.
func (i *TrayIcon) Menu() string {
	i.d.bus.t.Helper()
	return words(i.menu())
}

func words(e entry) string {
	var all []string
	for _, s := range e.below() {
		label := s.label()
		if len(s.Sub) > 0 {
			label += fmt.Sprintf(" [%s]", words(s))
		}
		all = append(all, label)
	}
	return strings.Join(all, ", ")
}

// Chooses chooses an entry, by the labels on the way to it.
func (i *TrayIcon) Chooses(labels ...string) {
	i.d.bus.t.Helper()
	e := i.menu()
	for _, label := range labels {
		found := false
		for _, s := range e.below() {
			if !found && strings.TrimPrefix(s.label(), "*") == label {
				e, found = s, true
			}
		}
		if !found {
			i.d.bus.t.Fatalf("there is no %q in %s", label, i.Menu())
		}
	}
	path, _ := i.Property("Menu").(dbus.ObjectPath)
	i.call(path, trayMenu+".Event", e.ID, "clicked", dbus.MakeVariant(""), uint32(0))
}
