package desktop

import (
	"image"
	"image/color"
	"strings"

	"github.com/godbus/dbus/v5"
)

// Notice is a notification. None of its texts is markup.
type Notice struct {
	Key   string // it takes the place of the one before with the same key
	Title string
	Text  string
	Line  string // all in one, where there is no place for the text
	Open  string // what a click does, in words
}

const (
	notifyName = "org.freedesktop.Notifications"
	notifyPath = dbus.ObjectPath("/org/freedesktop/Notifications")
)

// Notify shows a notification.
func (s *Session) Notify(n Notice) { s.work.Put(func(b *bus) { b.notify(n) }) }

// Withdraw takes away the one with that key, if it is still there.
func (s *Session) Withdraw(key string) { s.work.Put(func(b *bus) { b.withdraw(key) }) }

func (b *bus) notify(n Notice) {
	conn := b.connection()
	if conn == nil {
		return
	}
	can := b.abilities(conn)
	title, text := unmarked(n.Title), unmarked(n.Text)
	switch {
	case !can["body"]:
		title, text = unmarked(n.Line), ""
	case can["body-markup"]:
		text = escaped(n.Text)
	}
	actions := []string{}
	if can["actions"] {
		actions = []string{"default", n.Open}
	}
	hints := map[string]dbus.Variant{
		"category":       dbus.MakeVariant("im.received"),
		"desktop-entry":  dbus.MakeVariant(b.app.ID),
		"urgency":        dbus.MakeVariant(byte(1)),
		"suppress-sound": dbus.MakeVariant(true), // there are sounds of ours, which the user can choose
	}
	if b.app.Icon != nil {
		hints["image-data"] = dbus.MakeVariant(rawImage(b.app.Icon))
	}
	const asUsual = int32(-1)
	var id uint32
	if b.call(conn, notifyName, notifyPath, 0, notifyName+".Notify", b.app.Name, b.shown[n.Key], "", title, text, actions, hints, asUsual).Store(&id) == nil {
		b.shown[n.Key] = id
	}
}

func (b *bus) withdraw(key string) {
	id, ok := b.shown[key]
	if !ok || b.conn == nil {
		return
	}
	delete(b.shown, key)
	b.call(b.conn, notifyName, notifyPath, dbus.FlagNoAutoStart, notifyName+".CloseNotification", id)
}

// gone is told that a notification was clicked, or closed.
func (b *bus) gone(id uint32, clicked bool) {
	for key, shown := range b.shown {
		if shown != id {
			continue
		}
		if clicked {
			b.on.Clicked(key)
			b.withdraw(key) // some stay until they are told to go
			return
		}
		delete(b.shown, key)
	}
}

// abilities are what the service says it can do.
func (b *bus) abilities(conn *dbus.Conn) map[string]bool {
	if b.can != nil {
		return b.can
	}
	var list []string
	can := map[string]bool{}
	if b.call(conn, notifyName, notifyPath, 0, notifyName+".GetCapabilities").Store(&list) != nil {
		return can // it is asked again the next time
	}
	for _, c := range list {
		can[c] = true
	}
	b.can = can
	return can
}

// escaped is a text as markup that shows it.
func escaped(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// unmarked is a text that nobody can take for markup, where none should be: some
// services read it all the same.
func unmarked(text string) string {
	return strings.NewReplacer("&", "+", "<", "‹", ">", "›").Replace(text)
}

// raw is a picture as notifications have it.
type raw struct {
	Width, Height, Stride int32
	Alpha                 bool
	Bits, Channels        int32
	Data                  []byte
}

func rawImage(img image.Image) raw {
	size := img.Bounds().Size()
	r := raw{Width: int32(size.X), Height: int32(size.Y), Stride: int32(4 * size.X), Alpha: true, Bits: 8, Channels: 4}
	eachPixel(img, func(c color.NRGBA) { r.Data = append(r.Data, c.R, c.G, c.B, c.A) })
	return r
}

// eachPixel goes through a picture row by row.
func eachPixel(img image.Image, do func(color.NRGBA)) {
	size := img.Bounds()
	for y := size.Min.Y; y < size.Max.Y; y++ {
		for x := size.Min.X; x < size.Max.X; x++ {
			c, _ := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
			do(c)
		}
	}
}
