package desktop

import (
	"fmt"
	"image"
	"image/color"
	"os"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/introspect"
	"github.com/godbus/dbus/v5/prop"
)

const (
	iconName = "org.kde.StatusNotifierItem"
	iconPath = dbus.ObjectPath("/StatusNotifierItem")
	menuName = "com.canonical.dbusmenu"
	menuPath = dbus.ObjectPath("/StatusNotifierItem/menu")
)

// icon is what we show in the tray. It has a connection of its own: when that is
// closed, the icon is gone.
type icon struct {
	conn  *dbus.Conn
	props *prop.Properties
	menu  *menu
	image image.Image
	tip   string
	now   string // the status
}

// pixels is a picture as trays have it.
type pixels struct {
	Width, Height int32
	ARGB          []byte
}

func pixelsOf(img image.Image) []pixels {
	size := img.Bounds().Size()
	p := pixels{Width: int32(size.X), Height: int32(size.Y)}
	eachPixel(img, func(c color.NRGBA) { p.ARGB = append(p.ARGB, c.A, c.R, c.G, c.B) })
	return []pixels{p}
}

// toolTip is what is shown beside the mouse.
type toolTip struct {
	Icon        string
	Pixels      []pixels
	Title, Text string
}

func status(t *Tray) string {
	if t.Urgent {
		return "NeedsAttention"
	}
	return "Active"
}

// pressed is what a tray calls when the icon is used.
type pressed struct{ do func() }

// Activate is the left button.
func (p pressed) Activate(x, y int32) *dbus.Error { p.do(); return nil }

// SecondaryActivate is the middle one.
func (p pressed) SecondaryActivate(x, y int32) *dbus.Error { p.do(); return nil }

// ContextMenu is for trays that show no menus: most do.
func (p pressed) ContextMenu(x, y int32) *dbus.Error { return nil }

// Scroll is the wheel.
func (p pressed) Scroll(delta int32, orientation string) *dbus.Error { return nil }

// newIcon shows an icon; nil if that cannot be.
func (b *bus) newIcon(t *Tray) *icon {
	conn, err := b.dial()
	if err != nil {
		return nil
	}
	i := &icon{conn: conn, menu: newMenu(conn), image: t.Icon, tip: t.Tip, now: status(t)}
	i.menu.set(t.Menu)
	fixed := func(v any) *prop.Prop { return &prop.Prop{Value: v, Emit: prop.EmitFalse} }
	i.props, err = prop.Export(conn, iconPath, prop.Map{iconName: {
		"Category":            fixed("Communications"),
		"Id":                  fixed(b.app.ID),
		"Title":               fixed(b.app.Name),
		"Status":              fixed(i.now),
		"WindowId":            fixed(int32(0)),
		"IconName":            fixed(""),
		"IconPixmap":          fixed(pixelsOf(t.Icon)),
		"OverlayIconName":     fixed(""),
		"AttentionIconName":   fixed(""),
		"AttentionIconPixmap": fixed(pixelsOf(t.Icon)),
		"ToolTip":             fixed(toolTip{Pixels: []pixels{}, Title: b.app.Name, Text: escaped(t.Tip)}),
		"ItemIsMenu":          fixed(false),
		"Menu":                fixed(menuPath),
	}})
	service := fmt.Sprintf("%s-%d-1", iconName, os.Getpid())
	if err == nil {
		err = conn.Export(pressed{b.on.Pressed}, iconPath, iconName)
	}
	if err == nil {
		err = conn.Export(introspect.Introspectable(introspection), iconPath, "org.freedesktop.DBus.Introspectable")
	}
	if err == nil {
		err = i.menu.export()
	}
	if err == nil {
		_, err = conn.RequestName(service, dbus.NameFlagDoNotQueue)
	}
	if err == nil {
		err = b.call(conn, watcherName, watcherPath, dbus.FlagNoAutoStart, watcherName+".RegisterStatusNotifierItem", service).Err
	}
	if err != nil {
		conn.Close()
		return nil
	}
	return i
}

// set shows something else. What stays the same is not sent again.
func (i *icon) set(t *Tray) {
	if t.Icon != i.image {
		i.image = t.Icon
		p := pixelsOf(t.Icon)
		i.props.SetMust(iconName, "IconPixmap", p)
		i.props.SetMust(iconName, "AttentionIconPixmap", p)
		i.emit("NewIcon")
		i.emit("NewAttentionIcon")
	}
	if t.Tip != i.tip {
		i.tip = t.Tip
		i.props.SetMust(iconName, "ToolTip", toolTip{Pixels: []pixels{}, Title: i.title(), Text: escaped(t.Tip)})
		i.emit("NewToolTip")
	}
	if now := status(t); now != i.now {
		i.now = now
		i.props.SetMust(iconName, "Status", now)
		i.emit("NewStatus", now)
	}
	i.menu.set(t.Menu)
}

func (i *icon) title() string {
	title, _ := i.props.GetMust(iconName, "Title").(string)
	return title
}

func (i *icon) emit(signal string, args ...any) {
	_ = i.conn.Emit(iconPath, iconName+"."+signal, args...)
}

// introspection is what a tray finds at the icon's place.
const introspection = `<node><interface name="org.kde.StatusNotifierItem">
<property name="Category" type="s" access="read"/><property name="Id" type="s" access="read"/>
<property name="Title" type="s" access="read"/><property name="Status" type="s" access="read"/>
<property name="WindowId" type="i" access="read"/><property name="IconName" type="s" access="read"/>
<property name="IconPixmap" type="a(iiay)" access="read"/><property name="OverlayIconName" type="s" access="read"/>
<property name="AttentionIconName" type="s" access="read"/><property name="AttentionIconPixmap" type="a(iiay)" access="read"/>
<property name="ToolTip" type="(sa(iiay)ss)" access="read"/><property name="ItemIsMenu" type="b" access="read"/>
<property name="Menu" type="o" access="read"/>
<method name="Activate"><arg name="x" type="i" direction="in"/><arg name="y" type="i" direction="in"/></method>
<method name="SecondaryActivate"><arg name="x" type="i" direction="in"/><arg name="y" type="i" direction="in"/></method>
<method name="ContextMenu"><arg name="x" type="i" direction="in"/><arg name="y" type="i" direction="in"/></method>
<method name="Scroll"><arg name="delta" type="i" direction="in"/><arg name="orientation" type="s" direction="in"/></method>
<signal name="NewIcon"/><signal name="NewAttentionIcon"/><signal name="NewToolTip"/><signal name="NewStatus"><arg name="status" type="s"/></signal>
</interface></node>`
