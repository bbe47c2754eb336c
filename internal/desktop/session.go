// Package desktop speaks to the user's desktop over the session bus (D-Bus): it shows
// notifications, an icon beside the clock with a menu, and a number on the program's
// icon, where the desktop has such things. It knows nothing of conversations.
//
// All calls go out from one goroutine, that of [Session.Run]; nobody waits for an
// answer but it.
package desktop

import (
	"context"
	"image"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"

	"culver/internal/queue"
)

// Handlers are told what the user does out there. Any goroutine may call them.
type Handlers struct {
	// Clicked: on the notification with that key.
	Clicked func(key string)
	// Tray: icons beside the clock are shown from now on, or no longer.
	Tray func(there bool)
	// Pressed: on the icon beside the clock.
	Pressed func()
}

// Session is the user's desktop. Make it with [New].
type Session struct {
	address string
	app     App
	on      Handlers
	work    *queue.Queue[func(*bus)]
}

// App says who we are.
type App struct {
	ID   string // as in the name of the desktop file
	Name string
	Icon image.Image // small
}

// New is the desktop on the bus at that address (DBUS_SESSION_BUS_ADDRESS), which is
// not looked for anywhere else: no other bus is ever started.
func New(address string, app App, on Handlers) *Session {
	s := &Session{address: address, app: app, on: on, work: queue.New[func(*bus)]()}
	s.work.Put(func(b *bus) { b.connection() }) // to see whether there is a tray
	return s
}

// Run does what is asked, until End was called and all is done, or the context ends.
func (s *Session) Run(ctx context.Context) {
	b := &bus{Session: s, ctx: ctx, shown: map[string]uint32{}}
	defer b.close()
	for {
		batch, ok := s.work.Take(ctx)
		if !ok {
			return
		}
		for _, do := range batch {
			do(b)
		}
	}
}

// End lets Run return when it has done what was asked.
func (s *Session) End() { s.work.Close() }

// bus is the connection, and what is shown. It belongs to Run's goroutine.
type bus struct {
	*Session
	ctx     context.Context
	conn    *dbus.Conn        // nil: there is none now
	can     map[string]bool   // what the notification service can do; nil: not known
	shown   map[string]uint32 // the notifications, by key
	host    bool              // there is a tray
	wanted  *Tray             // what is to be in it
	icon    *icon             // what is; nil: nothing
	counted int               // the number on the program's icon
}

// patience is how long a call may take: a service may be started for it.
const patience = 10 * time.Second

// connection is that to the bus; nil if there is none.
func (b *bus) connection() *dbus.Conn {
	if b.conn != nil && b.conn.Connected() {
		return b.conn
	}
	b.lost()
	conn, err := b.dial()
	if err != nil {
		return nil
	}
	b.conn = conn
	signals := make(chan *dbus.Signal, 16)
	conn.Signal(signals)
	go func() {
		for sig := range signals {
			b.work.Put(func(b *bus) { b.heard(conn, sig) })
		}
		b.work.Put(func(b *bus) {
			if b.conn == conn {
				b.lost()
			}
		})
	}()
	for _, rule := range [][]dbus.MatchOption{
		{dbus.WithMatchSender(notifyName), dbus.WithMatchInterface(notifyName)},
		{dbus.WithMatchSender(watcherName), dbus.WithMatchInterface(watcherName)},
		{dbus.WithMatchSender(busName), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, notifyName)},
		{dbus.WithMatchSender(busName), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, watcherName)},
	} {
		_ = conn.AddMatchSignal(rule...) // without it, clicks are not noticed
	}
	b.lookForTray()
	return conn
}

const busName = "org.freedesktop.DBus"

// dial opens a connection of its own.
func (b *bus) dial() (*dbus.Conn, error) {
	// The library would start a bus for this, and leave it.
	if b.address == "" || strings.HasPrefix(b.address, "autolaunch:") {
		return nil, dbus.ErrClosed
	}
	return dbus.Connect(b.address, dbus.WithContext(b.ctx), dbus.WithSignalHandler(dbus.NewSequentialSignalHandler()))
}

// lost forgets what went with the connection.
func (b *bus) lost() {
	if b.conn == nil {
		return
	}
	b.conn.Close()
	b.conn, b.can = nil, nil
	clear(b.shown)
	b.setHost(false)
}

func (b *bus) close() {
	b.hideIcon()
	if b.conn != nil {
		b.conn.Close()
	}
}

// heard is told of a signal.
func (b *bus) heard(conn *dbus.Conn, sig *dbus.Signal) {
	if conn != b.conn {
		return
	}
	switch sig.Name {
	case busName + ".NameOwnerChanged":
		if name, _ := firstOf[string](sig.Body); name == notifyName {
			b.can = nil
			clear(b.shown)
			return
		}
		b.lookForTray()
	case notifyName + ".ActionInvoked", notifyName + ".NotificationClosed":
		if id, ok := firstOf[uint32](sig.Body); ok {
			b.gone(id, strings.HasSuffix(sig.Name, "Invoked"))
		}
	default:
		b.lookForTray()
	}
}

// firstOf is the first value of a message, if it is of that kind.
func firstOf[T any](body []any) (v T, ok bool) {
	if len(body) > 0 {
		v, ok = body[0].(T)
	}
	return v, ok
}

// call asks a service something.
func (b *bus) call(conn *dbus.Conn, name string, path dbus.ObjectPath, flags dbus.Flags, method string, args ...any) *dbus.Call {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	return conn.Object(name, path).CallWithContext(ctx, method, flags, args...)
}
