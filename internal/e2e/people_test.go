//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"culver/internal/pilot"
	"culver/internal/testkit"
)

// culver is the program.
func culver(t *testing.T) string {
	t.Helper()
	program := os.Getenv("CULVER")
	if program == "" {
		t.Fatal("CULVER does not name the program: run `make integration`")
	}
	return program
}

// somebody comes to a display of their own, where nothing runs yet.
func somebody(t *testing.T, name string) (*pilot.Person, *pilot.Display) {
	t.Helper()
	d, err := pilot.OpenDisplay(1280, 900)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	out := filepath.Join(os.TempDir(), "culver-e2e-"+strings.ReplaceAll(t.Name(), "/", "-")+"-"+name+".png")
	p := &pilot.Person{Name: name, Tell: func(s string) { t.Log(s) }}
	p.Fail = func(s string) { t.Fatalf("%s (see %s)", s, out) }
	t.Cleanup(p.Kill)
	t.Cleanup(func() {
		if t.Failed() { // what is wrong may be on somebody else's screen
			p.Fail = func(s string) { t.Log(s) }
			p.PicturesScreen(out)
		}
	})
	return p, d
}

// person brings somebody to a display of their own, with a Culver that has never run.
func person(t *testing.T, name string, env ...string) (p *pilot.Person, profile string) {
	t.Helper()
	profile = filepath.Join(t.TempDir(), "profile") // before somebody: it is removed after the program's end
	p, d := somebody(t, name)
	if err := p.Start(d, culver(t), profile, env...); err != nil {
		t.Fatal(err)
	}
	return p, profile
}

// looks takes a picture of a window, if the environment says where to put it.
func looks(p *pilot.Person, window, name string) {
	if out := os.Getenv("CULVER_E2E_OUT"); out != "" {
		if err := os.MkdirAll(out, 0o755); err != nil {
			p.Fail(err.Error())
		}
		p.Pictures(window, filepath.Join(out, p.Name+"-"+name+".png"))
	}
}

// signsIn goes from the first-run window to being online.
func signsIn(p *pilot.Person, server *testkit.Prosody, name, password string) {
	p.Begins("Sign in (XMPP)…")
	p.Fills("Address", name+"@"+server.Host)
	p.Fills("Password", password)
	p.Clicks("tab", "Advanced")
	p.Fills("Connect to server", server.Address)
	p.Fills("Port", strconv.Itoa(server.C2S))
	p.Clicks("button", "Save")
}

// says types a line into the conversation and sends it.
func says(p *pilot.Person, text string) {
	p.Clicks("entry", "Message")
	p.Types(text)
	p.Presses("Return")
	p.Sees("line", text)
}

// pair is two people who have each other on their Buddy Lists, each before a Culver
// of their own, signed in to the same server.
type pair struct {
	t          *testing.T
	server     *testkit.Prosody
	alice, bob *pilot.Person
	profiles   []string
	env        []string // for everybody
}

const (
	aliceAddress = "alice@localhost"
	bobAddress   = "bob@localhost"
)

// acquainted brings up alice and bob. What is private about their conversation
// must hold the word canary: leave makes sure that it went nowhere.
func acquainted(t *testing.T, env ...string) *pair {
	return acquaintedOn(t, testkit.ProsodyOptions{}, env...)
}

// acquaintedOn is acquainted on a server that differs.
func acquaintedOn(t *testing.T, o testkit.ProsodyOptions, env ...string) *pair {
	o.Users = map[string]string{"alice": "canary-password-a", "bob": "canary-password-b"}
	o.Friends = [][2]string{{"alice", "bob"}}
	c := &pair{t: t, server: testkit.StartProsody(t, o), env: env}
	c.alice = c.comes("alice", "alice", "canary-password-a", "")
	c.bob = c.comes("bob", "bob", "canary-password-b", "")
	c.alice.SeesValue("buddy", bobAddress, "Available")
	c.bob.SeesValue("buddy", aliceAddress, "Available")
	return c
}

// comes signs somebody in, at a device that has that name.
func (c *pair) comes(who, user, password, device string) *pilot.Person {
	p, profile := person(c.t, who, append(c.env, "SSL_CERT_FILE="+c.server.CAFile, "DBUS_SESSION_BUS_ADDRESS=")...)
	c.profiles = append(c.profiles, profile)
	p.ProtectsProfile(func(string, string) {})
	p.Begins("Sign in (XMPP)…")
	p.Fills("Address", user+"@"+c.server.Host)
	p.Fills("Password", password)
	p.Clicks("tab", "Advanced")
	p.Fills("Connect to server", c.server.Address)
	p.Fills("Port", strconv.Itoa(c.server.C2S))
	if device != "" {
		p.Fills("Name of this device", device)
	}
	p.Clicks("button", "Save")
	return p
}

// sealed are the blocks of a file in the stream: in so many letters made by chance there
// is any word.
var sealed = regexp.MustCompile(`[a-z0-9+/]{500,}`)

// leave quits every Culver, and makes sure that nothing private was seen by the
// server or is left on a disk. An open line shows that the record can be trusted.
func (c *pair) leave(open string, people ...*pilot.Person) {
	c.t.Helper()
	for _, p := range people {
		p.Fronts("Buddy List")
		p.Presses("ctrl+q")
		p.WaitEnd()
		if strings.Contains(p.Log(), "Error in Fyne call thread") {
			c.t.Errorf("%s: the toolkit was called from the wrong thread:\n%s", p.Name, p.Log())
		}
	}
	seen := strings.ToLower(c.server.Stanzas())
	if !strings.Contains(seen, open) {
		c.t.Errorf("the record does not even hold %q: it cannot be trusted", open)
	}
	if strings.Contains(sealed.ReplaceAllString(seen, ""), "canary") {
		c.t.Error("the server saw a canary")
	}
	for _, dir := range c.profiles {
		testkit.NoTrace(c.t, dir, "canary", "correct horse battery", open)
	}
}

// opens opens a conversation from the Buddy List.
func opens(p *pilot.Person, buddy string) {
	p.Fronts("Buddy List")
	p.DoubleClicks("buddy", buddy)
	p.Sees("entry", "Message")
}
