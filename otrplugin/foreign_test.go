package otrplugin

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"culver/im"
	"culver/otrplugin/otr/libotr"
)

func TestAccountsInTheFilesOfOthers(t *testing.T) {
	const ours = im.AccountID("xmpp:alice@example.net")
	for _, row := range []struct {
		name, protocol string
		want           bool
	}{
		{"alice@example.net/", "prpl-jabber", true},
		{"alice@example.net/Home/Work", "prpl-jabber", true},
		{"alice@example.net", "prpl-jabber", true},
		{"ALICE@Example.NET/", "PRPL-Jabber", true},
		{"alice@example.net", "xmpp", true},
		{"alice@example.net/", "prpl-irc", false},
		{"alice@example.net/", "", false},
		{"bob@example.net/", "prpl-jabber", false},
		{"alice@example.net.evil.example/", "prpl-jabber", false},
		{"xalice@example.net/", "prpl-jabber", false},
		{"/alice@example.net", "prpl-jabber", false},
		{"", "prpl-jabber", false},
	} {
		a := libotr.Account{Name: row.name, Protocol: row.protocol}
		if got := sameForeign(a, ours); got != row.want {
			t.Errorf("%q of %q: %v", row.name, row.protocol, got)
		}
		if sameForeign(a, "practice:alice@example.net") {
			t.Errorf("%q of %q is an account for practice", row.name, row.protocol)
		}
	}
}

func TestPathsThatPeopleType(t *testing.T) {
	dir := t.TempDir()
	for typed, want := range map[string]string{
		" " + dir + "/x ": filepath.Join(dir, "x"),
		dir + "/a/../x":   filepath.Join(dir, "x"),
		"":                "", "x": "", "./x": "", "~": "", "~/x": "", "~bob/x": "", dir + "\x00": "",
	} {
		if got, err := pathOf(typed); got != want || (err == nil) != (want != "") {
			t.Errorf("%q is %q, %v; want %q", typed, got, err, want)
		}
	}
}

func TestFilesThatAreNone(t *testing.T) {
	dir := t.TempDir()
	if _, _, err := readKeyFile(t.Context(), dir); err != errFolder {
		t.Error(err)
	}
	if _, _, err := readKeyFile(t.Context(), os.DevNull); err != errNotFile {
		t.Error(err)
	}
	if _, _, err := readKeyFile(t.Context(), filepath.Join(dir, "x")); err != errNoFile {
		t.Error(err)
	}
}

// The plugin may be closed while a file is read: nobody takes the keys then.
func TestKeysThatNobodyTakesAreWiped(t *testing.T) {
	path := keyFileOf(t, "k", pidgin(t, aliceAddr+"/", 2))
	if accounts, _, err := readKeyFile(t.Context(), path); err != nil || len(accounts) != 1 {
		t.Fatalf("%v, %v", accounts, err)
	}
	ctx, closed := context.WithCancel(t.Context())
	closed()
	if accounts, _, err := readKeyFile(ctx, path); err != context.Canceled || accounts != nil {
		t.Errorf("%v, %v", accounts, err)
	}
}
