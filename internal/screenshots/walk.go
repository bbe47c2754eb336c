package main

import (
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"culver/im"
	"culver/internal/benchkit"
	"culver/internal/pilot"
	"culver/internal/testkit"
	"culver/messenger/scenetest"
	"culver/protocol/xmpp"
)

// walk is one way through the program: somebody who uses it, and those who are talked with.
type walk struct {
	*pilot.Person
	b       *benchkit.Bench
	options options
	look    look
	display *pilot.Display
	server  *testkit.Server
	scene   *scenetest.Scene
	actors  map[string]*scenetest.Actor
	home    string // the person's, with what another program has left there
	window  string // of which the last picture was taken
	n       int
	failed  []string
}

// The room for windows on the screen, at the usual size.
const screenWidth, screenHeight = 1500, 1100

const passphrase = "correct horse battery"

// walkThrough takes the pictures of one look, and reports how many.
func walkThrough(o options, l look) (n int, err error) {
	dir := filepath.Join(o.out, l.String())
	if o.scene == "" {
		if err := os.RemoveAll(dir); err != nil {
			return 0, err
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return 0, err
	}
	w := &walk{b: &benchkit.Bench{}, options: o, look: l, actors: map[string]*scenetest.Actor{}}
	err = w.b.Run(func() {
		w.begin()
		for _, s := range scenes {
			if o.scene == "" || s.needed || slices.Contains(strings.Split(o.scene, ","), s.name) {
				w.plays(s)
			}
		}
		if len(w.failed) > 0 {
			w.b.Fatalf("%s", strings.Join(w.failed, "\n"))
		}
		if strings.Contains(w.Log(), "Error in Fyne call thread") {
			w.b.Fatalf("the toolkit was called from the wrong thread:\n%s", w.Log())
		}
	})
	return w.n, err
}

// begin opens a screen, and the program on it for the first time.
func (w *walk) begin() {
	w.server = testkit.StartProsody(w.b, testkit.ServerOptions{Registration: true,
		Users:   map[string]string{"alice": "a", "bob": "b", "carol": "c", "dave": "d", "erin": "e", "frank": "f", "grace": "g"},
		Friends: [][2]string{{"alice", "bob"}, {"alice", "carol"}, {"alice", "dave"}, {"alice", "grace"}}})
	w.scene = scenetest.New(w.b)
	w.b.Cleanup(w.scene.Close)
	scale, err := strconv.ParseFloat(w.look.scale, 64)
	w.b.Must(err)
	w.display, err = pilot.OpenDisplay(int(screenWidth*scale), int(screenHeight*scale))
	w.b.Must(err)
	w.b.Cleanup(w.display.Close)
	w.home = w.b.TempDir()
	leavePidgin(w)
	w.Person = &pilot.Person{Name: "alice", Speaks: speak, Waits: w.options.patience, Tell: func(s string) {
		if w.options.told {
			fmt.Println(s)
		}
	}}
	w.Fail = func(s string) { panic(stuck(s)) }
	w.starts(filepath.Join(w.home, "profile"))
	w.b.Cleanup(w.Kill)
}

// starts runs the program with a profile. It is not told of the user's own settings.
func (w *walk) starts(profile string) {
	locale := map[string]string{"en": "en_US", "de": "de_DE"}[w.look.tongue]
	w.b.Must(w.Start(w.display, w.options.program, profile,
		"DBUS_SESSION_BUS_ADDRESS=", "HOME="+w.home, "XDG_CONFIG_HOME=", "XDG_DATA_HOME=", "LC_ALL=", "LANG="+locale+".UTF-8", "LANGUAGE=",
		"FYNE_THEME="+w.look.theme, "FYNE_SCALE="+w.look.scale))
}

// stuck is why a scene does not go on.
type stuck string

// plays takes the pictures of a scene. One that does not go on is left, with a picture of
// the screen, for the next.
func (w *walk) plays(s scene) {
	at := "the beginning"
	defer func() {
		why := recover()
		if why == nil {
			return
		}
		if text, ok := why.(stuck); ok {
			w.failed = append(w.failed, fmt.Sprintf("scene %s, %s: %s", s.name, at, text))
		} else {
			panic(why)
		}
		w.PicturesScreen(filepath.Join(w.options.out, w.look.String(), "stuck-"+s.name+".png"))
		if s.needed {
			w.b.Fatalf("%s", w.failed[0])
		}
		w.tidies()
	}()
	for _, x := range s.shots {
		at = x.name
		w.take(x)
	}
}

// tidies closes everything but the Buddy List and conversations, as far as that can be.
func (w *walk) tidies() {
	try := func(f func()) {
		defer func() {
			if why := recover(); why != nil {
				_ = why.(stuck) // anything else is a fault of ours
			}
		}()
		f()
	}
	for range 3 {
		var all []string
		try(func() { all = w.Windows() })
		for _, t := range all {
			try(func() { w.Fronts(t); w.Presses("Escape") })
		}
	}
}

// soon is when a window is there, usually.
const soon = 5 * time.Second

// take takes a picture.
func (w *walk) take(s shot) {
	s.open(w)
	w.window = s.of.String()
	if s.anew && !w.becomes(w.window, true, soon) { // a click went beside
		w.Presses("Escape")
		s.open(w)
	}
	w.here(w.window)
	w.Fronts(w.window)
	w.n++
	w.picturesSteady(filepath.Join(w.options.out, w.look.String(), fmt.Sprintf("%03d-%s.png", w.n, s.name)))
	if s.shut != nil {
		s.shut(w)
	}
}

// A window that has just grown may be drawn once more: see settle of package gui.
const (
	steadyAfter = 400 * time.Millisecond
	steadyTries = 5
)

// picturesSteady takes a picture of the window when it looks the same as a moment before.
func (w *walk) picturesSteady(file string) {
	var before image.Image
	for range steadyTries {
		w.Pictures(w.window, file)
		now, err := readPNG(file)
		w.b.Must(err)
		if before != nil && reflect.DeepEqual(now, before) {
			return
		}
		before = now
		<-time.After(steadyAfter)
	}
}

func readPNG(file string) (image.Image, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return png.Decode(f)
}

// closes closes a window by the keyboard. One that has just changed by itself takes no keys
// for a moment.
func (w *walk) closes(title string) {
	for late := time.Now().Add(w.options.patience); time.Now().Before(late); {
		w.Fronts(title)
		w.Presses("Escape")
		if w.becomes(title, false, 2*time.Second) {
			return
		}
	}
	w.Fail(fmt.Sprintf("the window %q does not close", title))
}

// here waits until a window is on the screen, gone until it is not.
func (w *walk) here(title string) { w.until(title, true) }
func (w *walk) gone(title string) { w.until(title, false) }

func (w *walk) becomes(title string, open bool, within time.Duration) bool {
	tick := time.NewTicker(30 * time.Millisecond)
	defer tick.Stop()
	for late := time.Now().Add(within); time.Now().Before(late); <-tick.C {
		if slices.ContainsFunc(w.Windows(), func(t string) bool { return pilot.SameWindow(t, title) }) == open {
			return true
		}
	}
	return false
}

func (w *walk) until(title string, open bool) {
	if w.becomes(title, open, w.options.patience) {
		return
	}
	w.Fail(fmt.Sprintf("the window %q is to be there: %v; there is %q", title, open, w.Windows()))
}

// joins brings somebody to the server.
func joins(name, password string) step {
	return func(w *walk) {
		store := scenetest.MemoryStore()
		// What is said is not private until the person wants that.
		w.b.Must(store.Spaces("otr").Put("settings", []byte(`{"enabled":true,"automatic":false,"require":false,"keep":"never"}`)))
		w.actors[name] = w.scene.Enter(name, scenetest.Part{Store: store,
			Network:  xmpp.Network{Roots: w.server.Pool},
			Answers:  map[string]string{"address": name + "@" + w.server.Host, "server": w.server.Address, "port": strconv.Itoa(w.server.C2S)},
			Password: password,
		})
		w.actors[name].UntilOnline()
	}
}

// conv is the conversation of somebody with another.
func (w *walk) conv(name, with string) im.ConvID {
	return im.ConvID{Account: w.actors[name].Self, Peer: with + "@" + w.server.Host}
}

// says lets somebody write to the person.
func says(name, text string) step {
	return func(w *walk) { w.actors[name].M.Send(w.conv(name, "alice"), text, im.Open) }
}
