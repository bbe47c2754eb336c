package gui

import (
	"bufio"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2/test"

	"culver/im"
	"culver/internal/queue"
	"culver/messenger"
	"culver/plugin"
)

// drained runs what the front end wants done on the test's goroutine.
type drained chan func()

func (d drained) do(f func()) { d <- f }

// until runs functions until ok.
func (d drained) until(t *testing.T, ok func() bool) {
	t.Helper()
	late := time.After(2 * time.Minute)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case f := <-d:
			f()
		case <-late:
			t.Fatal("it did not come to that")
		}
	}
}

func TestAttachFollowsTheMessenger(t *testing.T) {
	d := make(drained, 100)
	g := New(test.NewTempApp(t), d.do)
	f := &fakeFront{events: queue.New[messenger.Event]()}
	f.events.Put(friends())
	g.Attach(f, nil)
	d.until(t, func() bool { return g.buddies.shown })
	f.events.Put(messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("bob")}, Focus: true})
	f.events.Put(messenger.MessageAdded{Message: incoming("1", "bob", "hello")})
	d.until(t, func() bool { p := g.chats.find(peer("bob")); return p != nil && p.timeline.Len() == 1 })
	f.events.Put(messenger.Stopped{})
	d.until(t, func() bool { return g.stopped })
	if f.events.Put(messenger.Trouble{}) {
		t.Error("it did not unsubscribe")
	}
}

func TestInspect(t *testing.T) {
	d := make(drained, 100)
	g := New(test.NewTempApp(t), d.do)
	path := filepath.Join(t.TempDir(), "socket")
	if err := g.ServeInspect(path); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info.Mode(), err)
	}
	if err := g.ServeInspect(path); err == nil {
		t.Error("a second socket at the same place")
	}
	g.Ask(plugin.Page("Unlock", "", []im.Field{{ID: "p", Kind: im.FieldSecret, Label: "Passphrase", Value: "hush"}}, okButton), func(plugin.Answers) {})
	c, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	answer := make(chan []Element, 1)
	go func() {
		c.Write([]byte("dump\n"))
		var all []Element
		json.NewDecoder(bufio.NewReader(c)).Decode(&all)
		answer <- all
	}()
	var all []Element
	d.until(t, func() bool {
		select {
		case all = <-answer:
			return true
		default:
			return false
		}
	})
	found := false
	for _, e := range all {
		if e.Kind == kindEntry && e.Name == "Passphrase" {
			found = true
			if e.Value != "" || e.Width < 50 || e.Window != "Unlock" {
				t.Errorf("%+v", e)
			}
		}
	}
	if !found {
		t.Errorf("%+v", all)
	}
	g.stop()
	d.until(t, func() bool { _, err := os.Stat(path); return os.IsNotExist(err) })
}
