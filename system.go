package main

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"

	"fyne.io/fyne/v2"

	"culver/assets"
	"culver/gui"
	"culver/im"
	"culver/internal/desktop"
	"culver/internal/idletime"
	"culver/internal/queue"
	"culver/internal/sound"
	"culver/storage"
)

// system is what the computer does for the front end beside windows. Where there is a
// session bus, the desktop on it does most; elsewhere the toolkit notifies.
type system struct {
	session *desktop.Session // nil: there is no such bus
	plain   *queue.Queue[gui.Notification]
	player  *sound.Player
	unused  idletime.Watch
	do      func(func()) // on the toolkit's goroutine
	pending map[im.ConvID]bool
	icon    fyne.Resource // the one in the tray, and as a picture
	picture image.Image
	running sync.WaitGroup
	leave   context.CancelFunc
	unwatch context.CancelFunc
}

var _ gui.System = (*system)(nil)

// busSystem reports that desktops are reached over a session bus.
func busSystem(name string) bool {
	switch name {
	case "linux", "freebsd", "openbsd", "netbsd", "dragonfly":
		return true
	}
	return false
}

// openSystem connects the front end to what is around it.
func openSystem(front *gui.GUI, app fyne.App, profile *storage.Profile, do func(func())) *system {
	ctx, leave := context.WithCancel(context.Background())
	env, dir := os.Environ(), os.DevNull
	if d, ok := app.(desk); ok {
		env = d.env
	}
	if profile != nil {
		dir = profile.ToolkitDir()
	}
	s := &system{player: sound.NewPlayer(env, dir), do: do, leave: leave, pending: map[im.ConvID]bool{}}
	if busSystem(runtime.GOOS) {
		s.session = desktop.New(os.Getenv("DBUS_SESSION_BUS_ADDRESS"), desktop.App{ID: appID, Name: "Culver", Icon: smallIcon()}, desktop.Handlers{
			Clicked: func(key string) { do(func() { front.Show(convOf(key)) }) },
			Tray:    func(there bool) { do(func() { front.TrayThere(there) }) },
			Pressed: func() { do(front.TrayPressed) },
		})
		s.running.Go(func() { s.session.Run(ctx) })
	} else {
		s.plain = queue.New[gui.Notification]()
		s.running.Go(func() { notifyPlainly(ctx, app, s.plain) })
	}
	s.running.Go(func() { s.player.Run(ctx) })
	s.watch(ctx, func(ctx context.Context) { s.unused.Run(ctx, env) })
	front.SetSystem(s)
	return s
}

// watch runs what only looks, and has nothing to put away at the end.
func (s *system) watch(ctx context.Context, run func(context.Context)) {
	ctx, s.unwatch = context.WithCancel(ctx)
	s.running.Go(func() { run(ctx) })
}

// farewell is how long what is shown out there may take to be taken away.
const farewell = 2 * time.Second

// close ends all of it.
func (s *system) close() {
	if s.session != nil {
		s.session.End()
	} else {
		s.plain.Close()
	}
	s.player.End()
	s.unwatch()
	late := time.AfterFunc(farewell, s.leave)
	s.running.Wait()
	late.Stop()
	s.leave()
}

// Notify implements gui.System. The toolkit's notifications cannot be replaced: one for
// each conversation is enough.
func (s *system) Notify(n gui.Notification) {
	if s.session != nil {
		s.session.Notify(desktop.Notice{Key: keyOf(n.Conv), Title: n.Title, Text: n.Text, Line: n.Line, Open: n.Open})
		return
	}
	if !s.pending[n.Conv] {
		s.pending[n.Conv] = true
		s.plain.Put(n)
	}
}

// Withdraw implements gui.System.
func (s *system) Withdraw(c im.ConvID) {
	delete(s.pending, c)
	if s.session != nil {
		s.session.Withdraw(keyOf(c))
	}
}

// Play implements gui.System.
func (s *system) Play(name string, volume int) { s.player.Play(name, volume) }

// Unused implements gui.System.
func (s *system) Unused() (time.Duration, bool) { return s.unused.Unused() }

// Badge implements gui.System.
func (s *system) Badge(n int) {
	if s.session != nil {
		s.session.Badge(n)
	}
}

// ShowTray implements gui.System.
func (s *system) ShowTray(t *gui.Tray) {
	switch {
	case s.session == nil:
	case t == nil:
		s.session.ShowTray(nil)
	default:
		if t.Icon != s.icon {
			img, err := png.Decode(bytes.NewReader(t.Icon.Content()))
			if err != nil {
				return
			}
			s.icon, s.picture = t.Icon, img
		}
		s.session.ShowTray(&desktop.Tray{Icon: s.picture, Tip: t.Tip, Urgent: t.Urgent, Menu: s.items(t.Menu)})
	}
}

// items are the entries of a menu, whose actions run on the toolkit's goroutine.
func (s *system) items(m *fyne.Menu) (all []desktop.Item) {
	if m == nil {
		return nil
	}
	for _, i := range m.Items {
		item := desktop.Item{Label: i.Label, Separator: i.IsSeparator, Checked: i.Checked, Off: i.Disabled, Sub: s.items(i.ChildMenu)}
		if i.Action != nil {
			item.Do = func() { s.do(i.Action) }
		}
		all = append(all, item)
	}
	return all
}

// keyOf names a conversation out there; convOf is the conversation again.
func keyOf(c im.ConvID) string { return string(c.Account) + "\n" + c.Peer }

func convOf(key string) im.ConvID {
	account, peer, _ := strings.Cut(key, "\n")
	return im.ConvID{Account: im.AccountID(account), Peer: peer}
}

// smallIcon is the program's icon as notifications show it: every second pixel.
func smallIcon() image.Image {
	whole, err := png.Decode(bytes.NewReader(assets.AppPNG()))
	if err != nil {
		return nil
	}
	const step = 2
	size := whole.Bounds().Size().Div(step)
	small := image.NewNRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			small.Set(x, y, whole.At(x*step+step/2, y*step+step/2))
		}
	}
	return small
}

// notifyPlainly gives notifications to the toolkit, away from its goroutine: the system
// may take its time.
func notifyPlainly(ctx context.Context, app fyne.App, notes *queue.Queue[gui.Notification]) {
	for {
		batch, ok := notes.Take(ctx)
		if !ok {
			return
		}
		for _, n := range batch {
			app.SendNotification(fyne.NewNotification("Culver", n.Line))
		}
	}
}
