package messenger_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"culver/cargo"
	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol/practice"
)

// Of several files those that were complete before the forged one stay, and that is said.
func TestWhatCameBeforeAForgeryIsSaidToStay(t *testing.T) {
	first, _ := writeFile(t, "a.bin", 100_000)
	second, _ := writeFile(t, "b.bin", 300_000)
	y := newYard()
	y.change = func(b []byte) []byte { b[len(b)-5] ^= 1; return b }
	ship(t, y, func(s *scenetest.Scene, alice, bob *scenetest.Actor, folder string) {
		s.Script(inPrivate)
		alice.M.SendFiles(with(alice, bob), []string{first, second})
		bob.M.AcceptTransfer(bob.Transfer(with(bob, alice), messenger.TransferOffered).ID, folder)
		in := bob.Transfer(with(bob, alice), messenger.TransferFailed)
		if !strings.Contains(in.Reason, "not what was sent") || !strings.Contains(in.Reason, "1 file that had come before") || strings.Contains(in.Reason, "Nothing of it") {
			t.Errorf("%+v", in)
		}
	})
}

func TestAFolderGoes(t *testing.T) {
	dir := t.TempDir()
	files := map[string][]byte{"a.txt": []byte("one"), "sub/b.txt": bytes.Repeat([]byte("two"), 50_000), "sub/empty": nil}
	for name, content := range files {
		path := filepath.Join(dir, "Holidays", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ship(t, newYard(), func(s *scenetest.Scene, alice, bob *scenetest.Actor, folder string) {
		s.Script(inPrivate)
		alice.M.SendFiles(with(alice, bob), []string{filepath.Join(dir, "Holidays")})
		in := bob.Transfer(with(bob, alice), messenger.TransferOffered)
		if in.Name != "Holidays" || in.Files != 3 || in.Size != 150_003 {
			t.Errorf("offered %+v", in)
		}
		s.Script(`bob form: File from | save | file=` + filepath.Join(folder, "Holidays"))
		in = bob.Transfer(with(bob, alice), messenger.TransferFinished)
		out := alice.Transfer(with(alice, bob), messenger.TransferFinished)
		if in.Path != filepath.Join(folder, "Holidays") || out.Path != filepath.Join(dir, "Holidays") {
			t.Errorf("at %s and %s", in.Path, out.Path)
		}
		for name, content := range files {
			wantFile(t, filepath.Join(folder, "Holidays", name), content)
		}
	})
}

func TestTransfersThatTheUserEnds(t *testing.T) {
	path, _ := writeFile(t, "a.bin", 200_000)
	for name, e := range map[string]struct {
		do         func(alice, bob *scenetest.Actor, in, out messenger.TransferID, folder string)
		alice, bob string // what their lines end with
	}{
		"declined": {func(_, bob *scenetest.Actor, in, _ messenger.TransferID, _ string) { bob.M.DeclineTransfer(in) },
			"to bob@practice: bob@practice declined it.", "from alice@practice: You declined it."},
		"cancelled by the sender": {func(alice, _ *scenetest.Actor, _, out messenger.TransferID, _ string) { alice.M.CancelTransfer(out) },
			"was cancelled.", "from alice@practice: alice@practice cancelled it."},
		"cancelled by the receiver": {func(_, bob *scenetest.Actor, in, _ messenger.TransferID, folder string) {
			bob.M.AcceptTransfer(in, folder)
			bob.M.CancelTransfer(in)
		}, "to bob@practice: bob@practice cancelled it.", "was cancelled."},
	} {
		t.Run(name, func(t *testing.T) {
			ship(t, newYard(), func(s *scenetest.Scene, alice, bob *scenetest.Actor, folder string) {
				s.Script(inPrivate)
				alice.M.SendFiles(with(alice, bob), []string{path})
				in := bob.Transfer(with(bob, alice), messenger.TransferOffered)
				out := alice.Transfer(with(alice, bob), messenger.TransferWaiting)
				e.do(alice, bob, in.ID, out.ID, folder)
				in = bob.Transfer(with(bob, alice), messenger.TransferCancelled)
				out = alice.Transfer(with(alice, bob), messenger.TransferCancelled)
				for a, want := range map[*scenetest.Actor]string{alice: e.alice, bob: e.bob} {
					of := map[*scenetest.Actor]messenger.Transfer{alice: out, bob: in}[a]
					line, _ := a.Chats[of.Conv].Lines.Find(of.Line)
					if !strings.HasSuffix(line.Text.String(), want) {
						t.Errorf("%s reads %q, want %q", a.Name, line.Text, want)
					}
				}
				wantFiles(t, folder)
				bob.M.ForgetTransfer(in.ID)
				bob.Until("it is forgotten", func() bool { return len(bob.Transfers) == 0 })
			})
		})
	}
}

func TestATransferIsPaused(t *testing.T) {
	path, content := writeFile(t, "a.bin", 3<<20)
	y := newYard()
	y.closed = true
	ship(t, y, func(s *scenetest.Scene, alice, bob *scenetest.Actor, folder string) {
		s.Script(inPrivate)
		alice.M.SendFiles(with(alice, bob), []string{path})
		in := bob.Transfer(with(bob, alice), messenger.TransferOffered)
		out := alice.Transfer(with(alice, bob), messenger.TransferWaiting)
		bob.M.AcceptTransfer(in.ID, folder)
		paused := false
		bob.Until("it is paused, or done", func() bool {
			switch now := bob.Transfers[in.ID]; now.State {
			case messenger.TransferRunning:
				bob.M.PauseTransfer(in.ID)
			case messenger.TransferPaused:
				paused = true
				return true
			case messenger.TransferFinished:
				return true
			}
			return false
		})
		if paused && !bob.Transfers[in.ID].CanResume {
			t.Error("it cannot go on")
		}
		bob.M.ResumeTransfer(in.ID)
		bob.Transfer(with(bob, alice), messenger.TransferFinished)
		alice.Until("the end", func() bool { return alice.Transfers[out.ID].State == messenger.TransferFinished })
		wantFile(t, filepath.Join(folder, "a.bin"), content)
	})
}

// A connection that breaks again and again, but always brings something, is good enough.
func TestATransferThatBreaksOften(t *testing.T) {
	path, content := writeFile(t, "a.bin", 2<<20)
	y := newYard()
	y.closed, y.cut, y.often = true, 200_000, true
	ship(t, y, func(s *scenetest.Scene, alice, bob *scenetest.Actor, folder string) {
		s.Script(inPrivate)
		alice.M.SendFiles(with(alice, bob), []string{path})
		bob.M.AcceptTransfer(bob.Transfer(with(bob, alice), messenger.TransferOffered).ID, folder)
		for range 30 {
			settle()
		}
		bob.Transfer(with(bob, alice), messenger.TransferFinished)
		wantFile(t, filepath.Join(folder, "a.bin"), content)
	})
}

// However often it breaks: each time something more has come.
func TestAVeryLongTransfer(t *testing.T) {
	path, content := writeFile(t, "a.bin", 7<<20)
	y := newYard()
	y.closed, y.cut, y.often = true, 70_000, true
	ship(t, y, func(s *scenetest.Scene, alice, bob *scenetest.Actor, folder string) {
		s.Script(inPrivate)
		alice.M.SendFiles(with(alice, bob), []string{path})
		bob.M.AcceptTransfer(bob.Transfer(with(bob, alice), messenger.TransferOffered).ID, folder)
		for range 250 {
			settle()
		}
		bob.Transfer(with(bob, alice), messenger.TransferFinished)
		wantFile(t, filepath.Join(folder, "a.bin"), content)
	})
}

// What is kept to go on with a transfer that failed goes when it is forgotten.
func TestAForgottenTransferLeavesNothing(t *testing.T) {
	path, _ := writeFile(t, "a.bin", 200_000)
	y := newYard()
	y.closed, y.cut, y.dead = true, 100_000, true
	ship(t, y, func(s *scenetest.Scene, alice, bob *scenetest.Actor, folder string) {
		s.Script(inPrivate)
		alice.M.SendFiles(with(alice, bob), []string{path})
		bob.M.AcceptTransfer(bob.Transfer(with(bob, alice), messenger.TransferOffered).ID, folder)
		for range 10 {
			settle()
		}
		in := bob.Transfer(with(bob, alice), messenger.TransferFailed)
		if !in.CanResume {
			t.Errorf("it cannot go on: %+v", in)
		}
		wantFiles(t, folder, "a.bin.part")
		bob.M.ForgetTransfer(in.ID)
		bob.Until("it is forgotten", func() bool { return len(bob.Transfers) == 0 })
		wantFiles(t, folder)
	})
}

// The same if Culver is closed while what it was doing for the transfer still goes on.
func TestATransferThatIsForgottenAtTheEndLeavesNothing(t *testing.T) {
	path, _ := writeFile(t, "a.bin", 200_000)
	y := newYard()
	y.closed, y.cut, y.often = true, 100_000, true
	ship(t, y, func(s *scenetest.Scene, alice, bob *scenetest.Actor, folder string) {
		s.Script(inPrivate)
		alice.M.SendFiles(with(alice, bob), []string{path})
		bob.M.AcceptTransfer(bob.Transfer(with(bob, alice), messenger.TransferOffered).ID, folder)
		in := bob.Transfer(with(bob, alice), messenger.TransferRunning)
		synctest.Wait()
		wantFiles(t, folder, "a.bin.part")
		bob.M.CancelTransfer(in.ID)
		bob.M.ForgetTransfer(in.ID)
		bob.Until("it is forgotten", func() bool { return len(bob.Transfers) == 0 })
		bob.Quit()
		wantFiles(t, folder)
	})
}

func TestWhatADepotChangesIsNotKept(t *testing.T) {
	path, _ := writeFile(t, "a.bin", 200_000)
	for name, change := range map[string]func([]byte) []byte{
		"a bit": func(b []byte) []byte { b[100_000] ^= 1; return b },
		"two chunks swapped": func(b []byte) []byte {
			const chunk = 64<<10 + 16
			one := slices.Clone(b[47 : 47+chunk])
			copy(b[47:], b[47+chunk:47+2*chunk])
			copy(b[47+chunk:], one)
			return b
		},
		"the salt": func(b []byte) []byte { b[20] ^= 1; return b },
		"all":      func(b []byte) []byte { return make([]byte, len(b)) },
	} {
		t.Run(name, func(t *testing.T) {
			y := newYard()
			y.change = change
			ship(t, y, func(s *scenetest.Scene, alice, bob *scenetest.Actor, folder string) {
				s.Script(inPrivate)
				alice.M.SendFiles(with(alice, bob), []string{path})
				bob.M.AcceptTransfer(bob.Transfer(with(bob, alice), messenger.TransferOffered).ID, folder)
				in := bob.Transfer(with(bob, alice), messenger.TransferFailed)
				if !strings.Contains(in.Reason, "not what was sent") || in.CanResume {
					t.Errorf("%+v", in)
				}
				alice.Transfer(with(alice, bob), messenger.TransferFailed)
				wantFiles(t, folder)
			})
		})
	}
}

func TestWhatADepotLosesIsSentAgain(t *testing.T) {
	path, content := writeFile(t, "a.bin", 200_000)
	y := newYard()
	lost := false
	y.change = func(b []byte) []byte {
		if !lost {
			lost = true
			return nil
		}
		return b
	}
	ship(t, y, func(s *scenetest.Scene, alice, bob *scenetest.Actor, folder string) {
		s.Script(inPrivate)
		alice.M.SendFiles(with(alice, bob), []string{path})
		bob.M.AcceptTransfer(bob.Transfer(with(bob, alice), messenger.TransferOffered).ID, folder)
		bob.Transfer(with(bob, alice), messenger.TransferFinished)
		wantFile(t, filepath.Join(folder, "a.bin"), content)
	})
	if y.puts < 2 {
		t.Errorf("it was put there %d times", y.puts)
	}
}

func TestAnotherHostIsAskedAbout(t *testing.T) {
	path, content := writeFile(t, "a.bin", 1000)
	y := newYard()
	y.host = "elsewhere.example"
	ship(t, y, func(s *scenetest.Scene, alice, bob *scenetest.Actor, folder string) {
		s.Script(inPrivate)
		alice.M.SendFiles(with(alice, bob), []string{path})
		bob.M.AcceptTransfer(bob.Transfer(with(bob, alice), messenger.TransferOffered).ID, folder)
		bob.Form("Fetch from elsewhere.example?", "fetch")
		settle() // however long the user thinks about it
		if len(y.fetched) != 0 || bob.Transfer(with(bob, alice), messenger.TransferWaiting).Reason == "" {
			t.Error("it was fetched before")
		}
		s.Script(`bob form: Fetch from | fetch`)
		bob.Transfer(with(bob, alice), messenger.TransferFinished)
		wantFile(t, filepath.Join(folder, "a.bin"), content)
	})
}

func TestAFileGoesOpenOnlyAfterAWord(t *testing.T) {
	path, content := writeFile(t, "picture.png", 1000)
	y := newYard()
	ship(t, y, func(s *scenetest.Scene, alice, bob *scenetest.Actor, folder string) {
		alice.M.SendFiles(with(alice, bob), []string{path})
		d := alice.Form("Send picture.png (1.0 kB) unprotected?", "send")
		if !strings.Contains(d.Form.Warning, "can read this file") || len(y.kept) != 0 {
			t.Errorf("warned %q, kept %d", d.Form.Warning, len(y.kept))
		}
		s.Script(`alice form: Send | cancel`)
		alice.Until("no form", func() bool { return len(alice.Dialogs) == 0 })
		alice.M.SendFiles(with(alice, bob), []string{path})
		s.Script(`alice form: Send | send
			bob from alice: https://files.practice/1/picture.png`)
		alice.Transfer(with(alice, bob), messenger.TransferFinished)
		if got := y.kept["https://files.practice/1/picture.png"]; !bytes.Equal(got, content) {
			t.Errorf("%d bytes are there", len(got))
		}
		if len(bob.Transfers) != 0 || len(y.fetched) != 0 {
			t.Error("the link was fetched by itself")
		}

		// Where everything has to be private, nothing leaves.
		s.Script(`alice switches on: automatic
			alice switches on: require`)
		alice.M.SendFiles(with(alice, bob), []string{path})
		s.Script(`alice reads: not sent | has to be private
			alice form: not sent | ok`)
		if y.puts != 1 {
			t.Error("it left all the same")
		}
	})
}

// The link to a file is no line that the user typed: no plugin changes it, what stands in
// the entry stays there, and what is to leave in private next still is.
func TestALinkLeavesAsItIs(t *testing.T) {
	path, _ := writeFile(t, "a.bin", 1000)
	synctest.Test(t, func(t *testing.T) {
		hub, y := practice.NewHub(), newYard()
		s := scenetest.New(t)
		defer s.Close()
		p := part(&lock{}, &shouting{})
		p.Network = wharf{hub.End("alice@practice"), y}
		alice := s.Enter("alice", p)
		bob := s.Enter("bob", scenetest.Part{Network: wharf{hub.End("bob@practice"), y}, Plugins: noPlugins})
		s.Script(`alice adds bob:
			bob accepts alice:
			alice sees bob: Available`)
		c := with(alice, bob)
		alice.M.SetDraft(c, "half a thought", im.Open)
		alice.M.SendFiles(c, []string{path})
		s.Script(`alice form: Send | send
			bob from alice: https://files.practice/1/a.bin`)
		alice.Transfer(c, messenger.TransferFinished)
		alice.M.Close(c)
		alice.Until("its end", func() bool { return alice.Chats[c] == nil })
		alice.M.Open(c)
		alice.Until("the conversation", func() bool { return alice.Chats[c] != nil })
		if got := alice.Chats[c].Draft; got != "half a thought" {
			t.Errorf("in the entry stands %q", got)
		}
	})
}

// A question about sending a file openly is of a conversation that was open: it counts for
// nothing once that is private.
func TestAFileIsNotSentOpenlyIntoAPrivateConversation(t *testing.T) {
	path, content := writeFile(t, "a.bin", 1000)
	y := newYard()
	ship(t, y, func(s *scenetest.Scene, alice, bob *scenetest.Actor, folder string) {
		alice.M.SendFiles(with(alice, bob), []string{path})
		alice.Form("Send a.bin (1.0 kB) unprotected?", "send")
		s.Script(inPrivate + `
			alice form: Send | send`)
		bob.M.AcceptTransfer(bob.Transfer(with(bob, alice), messenger.TransferOffered).ID, folder)
		bob.Transfer(with(bob, alice), messenger.TransferFinished)
		wantFile(t, filepath.Join(folder, "a.bin"), content)
		for _, kept := range y.kept {
			if bytes.Equal(kept, content) {
				t.Error("it left in the open")
			}
		}
	})
}

func TestFilesThatCannotBeSent(t *testing.T) {
	dir := t.TempDir()
	y := newYard()
	y.closed = true
	path, _ := writeFile(t, "a.bin", 10)
	ship(t, y, func(s *scenetest.Scene, alice, bob *scenetest.Actor, folder string) {
		for path, want := range map[string]string{
			filepath.Join(dir, "missing"): "no such file", dir: "no file in it", path: "Start a private conversation",
		} {
			alice.M.SendFiles(with(alice, bob), []string{path})
			s.Script("alice reads: not sent | " + want + "\nalice form: not sent | ok")
			alice.Until("no form", func() bool { return len(alice.Dialogs) == 0 })
		}
	})
}

// noteOf is a note as another program might send it.
func noteOf(t *testing.T, note map[string]any) []byte {
	t.Helper()
	b, err := json.Marshal(note)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// puppet is a courier that hands the messenger whatever the test wants.
type puppet struct {
	host plugin.Host
	sent []string
}

func (p *puppet) Info() plugin.Info {
	return plugin.Info{ID: "puppet", Name: "Puppet", Title: "Puppet"}
}
func (p *puppet) Init(h plugin.Host) error { p.host = h; return nil }
func (p *puppet) Close() error             { return nil }
func (p *puppet) Carry(c im.ConvID, data []byte) (plugin.Carried, error) {
	p.sent = append(p.sent, string(data))
	return plugin.Carried{Data: data, Secret: make([]byte, 32), Key: "K", Seal: im.Seal{Level: im.Private, By: "puppet"}}, nil
}

// A peer who asks for the same file again and again does not get it again and again: what
// is left at the server counts there as ours.
func TestNobodyHasUsUploadWithoutEnd(t *testing.T) {
	path, _ := writeFile(t, "a.bin", 200_000)
	y := newYard()
	var hands *puppet
	synctest.Test(t, func(t *testing.T) {
		hub := practice.NewHub()
		s := scenetest.New(t)
		defer s.Close()
		alice := s.Enter("alice", scenetest.Part{Network: wharf{hub.End("alice@practice"), y}, Plugins: func() []plugin.Plugin {
			hands = &puppet{}
			return []plugin.Plugin{hands}
		}})
		bob := s.Enter("bob", scenetest.Part{Network: hub.End("bob@practice")})
		s.Script(`alice adds bob:
			bob accepts alice:`)
		c := with(alice, bob)
		alice.M.Open(c)
		alice.Until("the conversation", func() bool { return alice.Chats[c] != nil })
		private := im.Seal{Level: im.Private, By: "puppet"}
		hands.host.After(0, func() { hands.host.Seal(c, private) })
		synctest.Wait()
		<-time.After(time.Second)
		alice.M.SendFiles(c, []string{path})
		alice.Transfer(c, messenger.TransferWaiting)
		var offer struct{ ID string }
		if err := json.Unmarshal([]byte(hands.sent[len(hands.sent)-1]), &offer); err != nil {
			t.Fatal(err)
		}
		for i := range 60 {
			note := noteOf(t, map[string]any{"do": "accept", "id": offer.ID, "first": i % 2, "pipe": "0123456789abcdefghij", "gone": true})
			hands.host.After(0, func() {
				hands.host.Arrived(c, plugin.Carried{Data: note, Secret: make([]byte, 32), Key: "K", Seal: private})
			})
			<-time.After(time.Minute)
		}
		alice.Transfer(c, messenger.TransferFailed)
	})
	if y.puts < 3 || y.puts > 12 {
		t.Errorf("it was put there %d times", y.puts)
	}
}

// While the user has paused a transfer, nothing that the peer says makes it go on.
func TestOnlyTheUserEndsAPause(t *testing.T) {
	const id, link = "0123456789abcdefghij", "https://files.practice/1/a"
	hash := sha256.Sum256([]byte("hello"))
	o := cargo.Offer{ID: id, Files: []cargo.File{{Path: "a", Size: 5, Hash: hash[:]}}}
	y := newYard()
	y.cut, y.often = 10, true
	y.kept[link] = make([]byte, o.SealedSize(0))
	y.kept[link+"b"] = y.kept[link]
	folder := t.TempDir()
	var hands *puppet
	synctest.Test(t, func(t *testing.T) {
		hub := practice.NewHub()
		s := scenetest.New(t)
		defer s.Close()
		alice := s.Enter("alice", scenetest.Part{Network: wharf{hub.End("alice@practice"), y}, Plugins: func() []plugin.Plugin {
			hands = &puppet{}
			return []plugin.Plugin{hands}
		}})
		bob := s.Enter("bob", scenetest.Part{Network: hub.End("bob@practice")})
		s.Script(`alice adds bob:
			bob accepts alice:`)
		c := with(alice, bob)
		alice.M.Open(c)
		alice.Until("the conversation", func() bool { return alice.Chats[c] != nil })
		private := im.Seal{Level: im.Private, By: "puppet"}
		arrive := func(note map[string]any) {
			data := noteOf(t, note)
			hands.host.After(0, func() {
				hands.host.Seal(c, private)
				hands.host.Arrived(c, plugin.Carried{Data: data, Secret: make([]byte, 32), Key: "K", Seal: private})
			})
			synctest.Wait()
			<-time.After(time.Second)
		}
		arrive(map[string]any{"do": "offer", "id": id, "files": o.Files})
		in := alice.Transfer(c, messenger.TransferOffered)
		alice.M.AcceptTransfer(in.ID, folder)
		alice.Transfer(c, messenger.TransferWaiting)
		arrive(map[string]any{"do": "link", "id": id, "link": link})
		alice.Transfer(c, messenger.TransferRunning)
		alice.M.PauseTransfer(in.ID)
		alice.Transfer(c, messenger.TransferPaused)
		for _, again := range []string{link, link + "b", link} {
			arrive(map[string]any{"do": "link", "id": id, "link": again})
			settle()
			if alice.Until("quiet", func() bool { return true }); alice.Transfers[in.ID].State != messenger.TransferPaused {
				t.Fatalf("after another link: %+v", alice.Transfers[in.ID])
			}
		}
		fetched := len(y.fetched)
		alice.M.ResumeTransfer(in.ID)
		settle()
		alice.Until("it to go on", func() bool { return len(y.fetched) > fetched })
	})
}

func TestHostileNotes(t *testing.T) {
	const id = "0123456789abcdefghij"
	hash := sha256.Sum256(nil)
	file := func(path string, size int64) map[string]any {
		return map[string]any{"path": path, "size": size, "sha256": hash[:]}
	}
	offer := func(id string, files ...map[string]any) []byte {
		return noteOf(t, map[string]any{"do": "offer", "id": id, "files": files})
	}
	var hands *puppet
	synctest.Test(t, func(t *testing.T) {
		hub := practice.NewHub()
		s := scenetest.New(t)
		defer s.Close()
		alice := s.Enter("alice", scenetest.Part{Network: hub.End("alice@practice"), Plugins: func() []plugin.Plugin {
			hands = &puppet{}
			return []plugin.Plugin{hands}
		}})
		bob := s.Enter("bob", scenetest.Part{Network: hub.End("bob@practice")})
		s.Script(`alice adds bob:
			bob accepts alice:`)
		c := with(alice, bob)
		alice.M.Open(c)
		alice.Until("the conversation", func() bool { return alice.Chats[c] != nil })
		private := im.Seal{Level: im.Private, By: "puppet"}
		arrive := func(data []byte, key string, seal im.Seal) {
			done := make(chan bool)
			hands.host.After(0, func() {
				hands.host.Seal(c, private)
				hands.host.Arrived(c, plugin.Carried{Data: data, Secret: make([]byte, 32), Key: key, Seal: seal})
				hands.host.After(0, func() { close(done) })
			})
			<-done
		}
		for name, data := range map[string][]byte{
			"nothing": nil, "no JSON": []byte("hello"), "no files": offer(id), "bad ID": offer("../..", file("a", 1)),
			"negative": offer(id, file("a", -1)), "huge": offer(id, file("a", 1<<50)), "no name": offer(id, file("", 1)),
			"deep": []byte(strings.Repeat("[", 100_000)), "unknown": noteOf(t, map[string]any{"do": "format", "id": id}),
			"accept of nothing": noteOf(t, map[string]any{"do": "accept", "id": id, "pipe": "x"}),
			"link of nothing":   noteOf(t, map[string]any{"do": "link", "id": id, "link": "https://files.practice/x"}),
			"many":              offer(id, slices.Repeat([]map[string]any{file("a", 1)}, cargo.MaxFiles+1)...),
		} {
			arrive(data, "K", private)
			alice.Until("a moment", func() bool { return true })
			if len(alice.Transfers) != 0 || len(alice.Dialogs) != 0 {
				t.Errorf("%s: %+v", name, alice.Transfers)
			}
		}
		arrive(offer(id, file("a", 1)), "K", im.Seal{})
		if alice.Until("a moment", func() bool { return true }); len(alice.Transfers) != 0 {
			t.Error("an offer that nobody sealed")
		}

		arrive(offer(id, file("photo\u202egnp.exe", 5)), "K", private)
		in := alice.Transfer(c, messenger.TransferOffered)
		if in.Name != "photognp.exe" || !in.Program {
			t.Errorf("offered %+v", in)
		}
		d := alice.Form("File from", "save")
		if !strings.Contains(d.Form.Warning, "may be a program") {
			t.Errorf("warned %q", d.Form.Warning)
		}
		// With another key, nothing happens to it; with its own, it does.
		arrive(noteOf(t, map[string]any{"do": "cancel", "id": id}), "L", private)
		alice.Until("a moment", func() bool { return true })
		if alice.Transfers[in.ID].State != messenger.TransferOffered {
			t.Error("somebody else cancelled it")
		}
		arrive(offer(id, file("other", 1)), "K", private)
		if alice.Until("a moment", func() bool { return true }); len(alice.Transfers) != 1 {
			t.Error("one ID stands for two offers")
		}
		for _, link := range []string{"http://files.practice/x", "https://127.0.0.1/x", "https://[::1]/x", "https://u:p@files.practice/x", "file:///etc/passwd"} {
			arrive(noteOf(t, map[string]any{"do": "link", "id": id, "link": link}), "K", private)
		}
		arrive(noteOf(t, map[string]any{"do": "cancel", "id": id}), "K", private)
		alice.Transfer(c, messenger.TransferCancelled)
		if alice.Until("no form", func() bool { return len(alice.Dialogs) == 0 }); slices.ContainsFunc(hands.sent, func(n string) bool { return strings.Contains(n, "accept") }) {
			t.Error("it was accepted")
		}

		// No more than some wait for the user.
		for i := range 40 {
			arrive(offer(fmt.Sprintf("%020d", i), file("a", 1)), "K", private)
		}
		if alice.Until("a moment", func() bool { return true }); len(alice.Transfers) != 21 {
			t.Errorf("%d offers wait", len(alice.Transfers)-1)
		}
	})
}
