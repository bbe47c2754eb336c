package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"culver/im"
	"culver/internal/benchkit"
	"culver/internal/pilot"
	"culver/internal/testkit"
	"culver/protocol"
	"culver/protocol/xmpp"
	"culver/storage"
)

// culver is the program with its keys in a keyring: it opens without a question.
type culver struct {
	*bench
	town    *town
	program string
	dir     string // of the profile
	bus     *testkit.Bus
	person  *pilot.Person
}

// newCulver makes a profile with an account that connects as soon as it is opened, and
// shows buddies who are offline.
func (b *bench) newCulver(t *town, program string) *culver {
	c := &culver{bench: b, town: t, program: program, dir: filepath.Join(b.TempDir(), "profile"), bus: testkit.StartKeyring(b)}
	b.Must(os.Setenv("DBUS_SESSION_BUS_ADDRESS", c.bus.Address)) // for the keyring
	defer os.Unsetenv("DBUS_SESSION_BUS_ADDRESS")
	p, err := storage.OpenProfile(c.dir)
	b.Must(err)
	defer p.Close()
	ctx := context.Background()
	vault, err := p.OpenKeyring(ctx)
	b.Must(err)
	defer vault.Close()
	db, err := p.OpenDB(ctx, vault)
	b.Must(err)
	defer db.Close()
	a, err := xmpp.Network{}.Account(map[string]string{protocol.FieldAddress: t.address(),
		"server": t.server.Address, "port": strconv.Itoa(t.server.C2S), "security": "starttls"})
	b.Must(err)
	a.Enabled = true
	b.Must(db.SaveAccount(a))
	b.Must(db.SetSetting("buddylist.offline", im.On))
	b.Must(vault.Put(ctx, "password/"+string(a.ID), []byte(benchkit.PasswordOf(user))))
	return c
}

func (c *culver) name() string { return "Culver" }
func (c *culver) pid() int     { return c.person.PID() }

func (c *culver) start(d *pilot.Display) {
	c.person = &pilot.Person{Name: user, Tell: func(string) {}, Fail: func(text string) { c.Fatal(text) }}
	// Others may look at how much memory it has, also where it is not root who asks.
	c.Must(c.person.Start(d, c.program, c.dir, "SSL_CERT_FILE="+c.town.server.CAFile,
		"DBUS_SESSION_BUS_ADDRESS="+c.bus.Address, "CULVER_DUMPS=1"))
	c.Cleanup(c.person.Kill)
}

func (c *culver) answers() {
	c.until("the buddies in the window", func(all []pilot.Thing) bool { return count(all, "buddy", "") > 0 })
}

// signedIn waits until all who are online are shown to be.
func (c *culver) signedIn(o options) {
	group := fmt.Sprintf("(%d/%d)", o.online, o.buddies)
	c.until("who is online", func(all []pilot.Thing) bool { return count(all, "group", group) > 0 })
}

// has waits for n conversations, and puts the pointer's hand into the one in front.
func (c *culver) has(n int) {
	c.until("the conversations", func(all []pilot.Thing) bool { return count(all, "tab", "") >= n })
	c.person.Clicks("entry", "Message")
}

func (c *culver) stop() {
	c.person.Signals(syscall.SIGTERM)
	c.person.WaitEnd()
}

// until looks again and again at what is in the windows.
func (c *culver) until(what string, is func([]pilot.Thing) bool) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for late := time.Now().Add(benchkit.Patience); time.Now().Before(late); <-tick.C {
		if all, err := c.person.Look(); err == nil && is(all) {
			return
		}
	}
	c.Fatalf("waited in vain for %s", what)
}

// count is how many things there are of a kind with a text in their names.
func count(all []pilot.Thing, kind, text string) (n int) {
	for _, t := range all {
		if t.Kind == kind && strings.Contains(t.Name, text) {
			n++
		}
	}
	return n
}
