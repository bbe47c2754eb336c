package messenger_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"culver/foreign"
	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
	"culver/storage"
)

// oldnet is fakenet under the name that other programs' accounts have.
type oldnet struct{ *fakenet }

func (oldnet) Scheme() string { return "xmpp" }
func (n oldnet) Account(v map[string]string) (im.Account, error) {
	a, err := n.fakenet.Account(v)
	a.ID = im.NewAccountID("xmpp", a.ID.Bare())
	return a, err
}

// oldHome is a home with a Pidgin that was in use.
func oldHome(t *testing.T) string {
	home := t.TempDir()
	for name, text := range map[string]string{
		".purple/accounts.xml": `<?xml version='1.0'?><account version='1.0'>
			<account><protocol>prpl-jabber</protocol><name>alice@x/Home</name><password>hunter2</password><alias>Home</alias>
				<settings><setting name='connect_server' type='string'>talk.x</setting></settings><settings ui='gtk-gaim'><setting name='auto-login' type='bool'>1</setting></settings></account>
			<account><protocol>prpl-jabber</protocol><name>torch@x/</name><settings ui='gtk-gaim'><setting name='auto-login' type='bool'>1</setting></settings><proxy><type>socks4</type></proxy></account>
			<account><protocol>prpl-irc</protocol><name>al@irc</name></account></account>`,
		".purple/prefs.xml": `<pref name='/'><pref name='purple'><pref name='proxy'><pref name='type' type='string' value='none'/></pref></pref></pref>`,
		".purple/blist.xml": `<purple version='1.0'><blist><group name='Friends'><contact><buddy account='alice@x/Home' proto='prpl-jabber'><name>bob@x</name><alias>Bob` + "\u202e" + `</alias>
			<setting name='enable-logging' type='bool'>0</setting></buddy></contact></group></blist></purple>`,
		".purple/otr.private_key": "keys",
		".purple/logs/jabber/alice@x/bob@x/1999-03-04.100307+0000UTC.html": "<html><head></head><body><h3>Conversation with bob@x</h3>\n" +
			"<font color=\"#A82F2F\"><font size=\"2\">(10:03:07)</font> <b>Bob:</b></font> h&auml;llo <b>you</b><br/>\n" +
			"<font color=\"#16569E\"><font size=\"2\">(10:03:08)</font> <b>Home:</b></font> see http://x.y/<br/>\n" +
			"<font size=\"2\">(10:03:09)</font><b> Bob has signed off.</b><br/>\n" +
			"<font color=\"#A82F2F\"><font size=\"2\">(10:03:10)</font> <b>Bob:</b></font> <IMG ID=\"3\"><br/>\n</body></html>\n",
		".purple/logs/jabber/gone@x/bob@x/1999-03-04.100307+0000UTC.txt": "(10:03:07) bob: hi\n",
	} {
		path := filepath.Join(home, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return home
}

// mover is somebody with an empty messenger, and another program in this home.
func mover(t *testing.T, home string, firstRun bool, plugins []plugin.Plugin, f func(net *fakenet, a *scenetest.Actor, store *storage.Memory, vault *storage.MemoryVault)) {
	synctest.Test(t, func(t *testing.T) {
		net, store, vault := newFakenet(), storage.NewMemory(), storage.NewMemoryVault()
		a := scenetest.Join(t, "mover", messenger.New(messenger.Config{Store: store, Vault: vault, NoFirstRun: !firstRun, Foreign: foreign.Places{Home: home},
			Spaces: func(id string) plugin.Store { return store.Space(id) }, Networks: []protocol.Protocol{oldnet{net}}, Plugins: plugins}))
		defer a.Quit()
		f(net, a, store, vault)
	})
}

var bobOfOld = im.ConvID{Account: "xmpp:alice@x", Peer: "bob@x"}

// previewRows are the cells of the preview.
func previewRows(a *scenetest.Actor, title string) (out []string) {
	f := a.Form(title, "take")
	for _, r := range f.Form.Tabs[0].Fields[0].Rows {
		out = append(out, strings.Join(r.Cells, "|"))
	}
	return out
}

func TestImportFromPidgin(t *testing.T) {
	got := &parcel{contents: []plugin.Content{{Account: "xmpp:alice@x", Label: "a private key"}}}
	p := &movee{unpack: func(from string, files []plugin.File, done func(plugin.Parcel, error)) {
		if from != "pidgin" || len(files) != 1 || files[0].Name != "otr.private_key" || string(files[0].Data) != "keys" {
			panic("wrong files")
		}
		done(got, nil)
	}}
	mover(t, oldHome(t), false, []plugin.Plugin{p}, func(net *fakenet, a *scenetest.Actor, store *storage.Memory, vault *storage.MemoryVault) {
		a.M.ShowImport()
		a.Answer("Import From Another Program", "next")
		want := []string{
			"Yes|Account|alice@x|New; signs in by itself; Server: talk.x", "Yes|Password|alice@x|", "Yes|Buddies|alice@x|1 buddy", "Yes|Moving Things|alice@x|A private key",
			"Yes|History with bob@x|alice@x|4 lines, 4 Mar 1999", "Yes|Account|torch@x|New; signs in when you have enabled it", "Yes|Whether a history is kept||Chosen for 1 conversation",
		}
		if got := previewRows(a, "Import from Pidgin"); !slices.Equal(got, want) {
			t.Errorf("the preview is\n%s", strings.Join(got, "\n"))
		}
		for _, text := range []string{"2 accounts, 1 buddy, 4 lines in 1 conversation, 4 Mar 1999", "irc", "gone@x", "through a proxy", "where others may read them", "do not say what was private"} {
			a.Reads("Import from Pidgin", text)
		}
		if all, _ := store.Accounts(); len(all) > 0 {
			t.Error("something was imported before the user said so")
		}
		a.Answer("Import from Pidgin", "take")
		s := net.online()
		if s.account.ID != "xmpp:alice@x" || s.password != "hunter2" || s.account.Option("server") != "talk.x" {
			t.Errorf("signed in as %+v with %q", s.account, s.password)
		}
		for _, text := range []string{"2 accounts.", "1 password.", "1 buddy.", "4 lines of your", "The key was taken.", "Use Culver alone from now on"} {
			a.Reads("Import from Pidgin", text)
		}
		lines, _ := store.Older(bobOfOld, "", 10)
		var said []string
		for _, l := range lines {
			said = append(said, fmt.Sprint(l.Out, l.Kind, " ", l.From.Bare, " ", l.Time.UTC().Format("15:04:05"), " ", l.Text.String(), len(l.Text)))
		}
		if got, want := strings.Join(said, "\n"), "false 0 bob@x 10:03:07 hällo you2\ntrue 0 alice@x 10:03:08 see http://x.y/2\nfalse 1 bob@x 10:03:09 Bob has signed off.1\nfalse 0 bob@x 10:03:10 (a picture)1"; got != want {
			t.Errorf("the history is\n%s", got)
		}
		if b, ok := a.List.Buddy(bobOfOld); !ok || b.Name != "Bob" || !slices.Equal(b.Groups, []string{"Friends"}) {
			t.Errorf("the buddy is %+v", b)
		}
		if set := a.Accounts["xmpp:torch@x"].Account; set.Enabled {
			t.Error("an account that had a proxy connects without it")
		}
		if chosen, _ := store.Logging(); chosen[bobOfOld] || len(chosen) != 1 {
			t.Errorf("what is kept is %v", chosen)
		}
		a.Answer("Import from Pidgin", "close")

		a.M.ShowImport() // the same again
		a.Answer("Import From Another Program", "next")
		if got := previewRows(a, "Import from Pidgin"); got[4] != "No|History with bob@x|alice@x|4 lines, 4 Mar 1999, which you do not keep here" {
			t.Errorf("the second time, the preview is\n%s", strings.Join(got, "\n"))
		}
		a.M.Answer(a.Form("Import from Pidgin", "take").ID, plugin.Answers{Action: "in", Rows: []string{"part4"}})
		a.Answer("Import from Pidgin", "take")
		a.Reads("Import from Pidgin", "0 lines of your conversations; 4 were here already.")
		if lines, _ = store.Older(bobOfOld, "", 10); len(lines) != 4 {
			t.Errorf("%d lines", len(lines))
		}
		if all, _ := store.Accounts(); len(all) != 2 {
			t.Errorf("accounts %+v", all)
		}
		if kept, _ := vault.Get(context.Background(), "password/xmpp:alice@x"); string(kept) != "hunter2" {
			t.Errorf("the password is %q", kept)
		}
	})
}

func TestImportFromAnotherFolder(t *testing.T) {
	home := oldHome(t)
	mover(t, t.TempDir(), false, nil, func(_ *fakenet, a *scenetest.Actor, _ *storage.Memory, _ *storage.MemoryVault) {
		a.M.ShowImport()
		a.Reads("Import From Another Program", "Pidgin and Profanity keep")
		a.Answer("Import From Another Program", "next", "folder=purple")
		a.Reads("Import From Another Program", "Type the whole path")
		a.Answer("Import From Another Program", "next", "folder="+t.TempDir())
		a.Reads("Import From Another Program", "There is nothing in this folder")
		a.Answer("Import From Another Program", "next", "folder="+home)
		a.Form("Import from Pidgin", "take")
		a.M.ShowImport() // brings the preview to the front
		a.Answer("Import from Pidgin", "cancel")
		a.Until("that it is closed", func() bool { return len(a.Dialogs) == 0 })
	})
}

func TestTheFirstRunOffersToImport(t *testing.T) {
	mover(t, oldHome(t), true, nil, func(_ *fakenet, a *scenetest.Actor, _ *storage.Memory, _ *storage.MemoryVault) {
		begins(a)
		a.Reads("Welcome", "You have used Pidgin on this computer")
		a.Answer("Welcome", "import")
		a.Answer("Import from Pidgin", "cancel")
		a.Until("that it is closed", func() bool { return len(a.Dialogs) == 0 })
	})
}

func TestImportingStops(t *testing.T) {
	home := oldHome(t)
	log := filepath.Join(home, ".purple/logs/jabber/alice@x/bob@x/1998-03-04.100307+0000UTC.txt")
	if err := os.WriteFile(log, []byte(strings.Repeat("(10:03:07) bob: hi\n", 50_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	mover(t, home, false, nil, func(_ *fakenet, a *scenetest.Actor, _ *storage.Memory, _ *storage.MemoryVault) {
		a.M.ShowImport()
		d := a.Form("Import From Another Program", "next")
		a.M.Answer(d.ID, plugin.Answers{Action: "next", Values: map[string]string{"program": d.Form.Tabs[0].Fields[0].Value}})
		a.M.Answer(d.ID, plugin.Answers{Action: "cancel"})
		a.Until("that it is closed", func() bool { return len(a.Dialogs) == 0 })
		a.M.ShowImport() // and the program ends while it reads
		a.Answer("Import From Another Program", "next")
	})
}
