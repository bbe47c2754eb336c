package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"culver/internal/benchkit"
	"culver/internal/pilot"
	"culver/internal/testkit"
)

// pidgin is Pidgin with pidgin-otr.
type pidgin struct {
	*bench
	kit *testkit.Pidgin
	cmd *exec.Cmd
}

// newPidgin makes a Pidgin that knows its roster, and shows buddies who are offline.
func (b *bench) newPidgin(t *town) *pidgin {
	kit := testkit.StartPidgin(b, t.server, testkit.PidginOptions{User: user, Password: benchkit.PasswordOf(user)})
	p := &pidgin{bench: b, kit: kit}
	prefs := filepath.Join(kit.Dir, "prefs.xml")
	waitFor(b, "Pidgin's roster", func() bool {
		list, err := os.ReadFile(filepath.Join(kit.Dir, "blist.xml"))
		return err == nil && strings.Contains(string(list), "buddy0000") // it is written a while after it came
	})
	kit.Quit()
	text, err := os.ReadFile(prefs)
	b.Must(err)
	shown := strings.Replace(string(text), "<pref name='show_offline_buddies' type='bool' value='0'/>", "<pref name='show_offline_buddies' type='bool' value='1'/>", 1)
	if shown == string(text) {
		b.Fatal("Pidgin has no such setting")
	}
	b.Must(os.WriteFile(prefs, []byte(shown), 0o600))
	return p
}

func (p *pidgin) name() string { return "Pidgin" }
func (p *pidgin) pid() int     { return p.cmd.Process.Pid }
func (p *pidgin) answers()     {}

func (p *pidgin) start(d *pilot.Display) {
	p.cmd = p.kit.Command(d.Name)
	p.Must(p.cmd.Start())
}

func (p *pidgin) stop() { p.end(p.cmd) }

// has waits for n conversations. Their entry has the keyboard.
// signedIn waits for the account to be online.
func (p *pidgin) signedIn(options) { waitFor(p.bench, "Pidgin's account", p.kit.Online) }

func (p *pidgin) has(n int) {
	waitFor(p.bench, "Pidgin's conversations", func() bool { return p.kit.Conversations() >= n })
}

// dino is Dino as it comes.
type dino struct {
	*bench
	bus  *testkit.Bus
	home string
	cmd  *exec.Cmd
}

// dinoPrograms are the names it goes by.
var dinoPrograms = []string{"dino-im", "dino"}

// newDino is nil if there is no Dino.
func (b *bench) newDino() *dino {
	for _, name := range dinoPrograms {
		if _, err := exec.LookPath(name); err == nil {
			return &dino{bench: b, bus: testkit.StartBus(b), home: b.TempDir()}
		}
	}
	return nil
}

func (p *dino) name() string { return "Dino" }
func (p *dino) pid() int     { return p.cmd.Process.Pid }
func (p *dino) answers()     {}

func (p *dino) start(d *pilot.Display) {
	for _, name := range dinoPrograms {
		if path, err := exec.LookPath(name); err == nil {
			p.cmd = exec.Command(path)
			break
		}
	}
	p.cmd.Env = append(p.bus.Env(), "HOME="+p.home, "LANG=C.UTF-8", "NO_AT_BRIDGE=1", "GTK_A11Y=none", "DISPLAY="+d.Name)
	p.Must(p.cmd.Start())
}

func (p *dino) stop() { p.end(p.cmd) }

// waitFor looks again and again, where nothing tells of it.
func waitFor(b *bench, what string, is func() bool) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for late := time.Now().Add(benchkit.Patience); !is(); <-tick.C {
		if time.Now().After(late) {
			b.Fatalf("waited in vain for %s", what)
		}
	}
}
