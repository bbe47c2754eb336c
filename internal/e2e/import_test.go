//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"culver/internal/testkit"
)

// home is somebody's home in which a Pidgin was in use. It knows no server: nothing
// of it connects by itself.
func home(t *testing.T) string {
	t.Helper()
	var log strings.Builder
	log.WriteString("<html><head></head><body><h3>Conversation with bob@example.com</h3>\n")
	for i := range 400 {
		fmt.Fprintf(&log, "<font color=\"#A82F2F\"><font size=\"2\">(10:%02d:%02d)</font> <b>Bob:</b></font> canary line %d<br/>\n", i/60, i%60, i)
	}
	home := t.TempDir()
	for name, text := range map[string]string{
		"accounts.xml": `<?xml version='1.0'?><account version='1.0'>
			<account><protocol>prpl-jabber</protocol><name>alice@example.com/Home</name><password>canary-password</password><alias>Alice</alias></account>
			<account><protocol>prpl-jabber</protocol><name>alice@other.example.net/</name></account>
			<account><protocol>prpl-irc</protocol><name>alice@irc.example.net</name></account></account>`,
		"blist.xml": `<purple version='1.0'><blist><group name='Friends'>
			<contact><buddy account='alice@example.com/Home' proto='prpl-jabber'><name>bob@example.com</name><alias>Bob</alias></buddy></contact>
			<contact><buddy account='alice@example.com/Home' proto='prpl-jabber'><name>carol@example.com</name></buddy></contact></group>
			<group name='Work'><contact><buddy account='alice@example.com/Home' proto='prpl-jabber'><name>dave@example.com</name><alias>Dave from the office</alias></buddy></contact></group>
			</blist></purple>`,
		"logs/jabber/alice@example.com/bob@example.com/2012-03-04.100000+0100CET.html":   log.String(),
		"logs/jabber/alice@example.com/carol@example.com/2014-03-04.100000+0100CET.txt":  "Conversation with carol\n(10:00:00) carol: canary\n",
		"logs/jabber/alice@example.com/room@c.example.com.chat/2014-03-04.100000+01.txt": "Conversation\n(10:00:00) carol: canary\n",
	} {
		path := filepath.Join(home, ".purple", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return home
}

// Somebody who has used Pidgin is offered at first to take it all along.
func TestImporting(t *testing.T) {
	t.Parallel()
	p, profile := person(t, "mover", "DBUS_SESSION_BUS_ADDRESS=", "HOME="+home(t), "XDG_CONFIG_HOME=", "XDG_DATA_HOME=")
	p.ProtectsProfile(func(string, string) {})
	p.ReadsWelcome(func(window, name string) { looks(p, window, name) })
	p.Clicks("button", "Import from Pidgin…")
	p.Sees("button", "Leave out")
	looks(p, "Import from Pidgin", "preview")
	p.Clicks("button", "Import")
	p.Sees("note", "401 lines of your conversations.")
	looks(p, "Import from Pidgin", "report")
	p.Clicks("button", "Close")
	p.Sees("buddy", "Dave from the office")
	looks(p, "Buddy List", "list")

	p.Clicks("menu", "Tools")
	p.Clicks("menuitem", "Import…")
	p.Sees("button", "Next")
	looks(p, "Import From Another Program", "choice")
	p.Clicks("button", "Next")
	p.Sees("button", "Leave out")
	p.Clicks("button", "Import")
	p.Sees("note", "0 lines of your conversations; 401 were here already.")
	p.Clicks("button", "Close")
	p.Fronts("Buddy List")
	p.Presses("ctrl+q")
	p.WaitEnd()
	testkit.NoTrace(t, profile, "canary")
}
