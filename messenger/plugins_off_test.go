package messenger_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
)

// keen holds every line, for a reason that reads like the core's own.
type keen struct{ lock }

func (*keen) Info() plugin.Info { return plugin.Info{ID: "keen", Name: "Keen", Title: "Keen"} }
func (*keen) Outgoing(im.ConvID, string) (plugin.Out, error) {
	return plugin.Out{Hold: true, Reason: "Waiting until you are online"}, nil
}
func (*keen) Unlogged(im.ConvID) bool { return false }

func TestAHarmlessPluginTakesNothingWithIt(t *testing.T) {
	alone(t, part(&keen{}, &booklet{pages: []string{"first"}}), func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.online()
		a.UntilOnline()
		a.M.Send(bob, "held", im.Open)
		synctest.Wait()
		a.Plugin("book", "disable") // without a question
		a.Until("its end", func() bool { return len(a.Guides) == 0 })
		if m := a.ExpectState(bob, im.Waiting); m.Private || m.Reason != "Waiting until you are online" {
			t.Errorf("the line is %+v", m)
		}
		a.M.ShowGuide("book", "first")
		a.Reads("Help", "The Book, which is disabled")
		a.Answer("Help", "ok")
		a.Until("the end of the form", func() bool { return len(a.Dialogs) == 0 })
		a.Plugin("keen", "disable")
		a.Reads("Disable", "Lines that wait")
		a.Answer("Disable", "off")
		a.ExpectState(bob, im.Failed)
	})
}

// busy has something going on everywhere.
type busy struct {
	booklet
	heard   []string
	removed []im.AccountID
	online  []bool
	dialog  plugin.Dialog
}

func (*busy) Info() plugin.Info { return plugin.Info{ID: "busy", Name: "Busy", Title: "Busy"} }
func (b *busy) Init(h plugin.Host) error {
	b.host = h
	note := func(what string) { b.heard = append(b.heard, what) }
	h.After(time.Minute, func() { note("timer") })
	h.Go(func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, func(error) { note("work") })
	b.dialog = h.Ask(im.ConvID{}, plugin.Page("Busy", "", nil, plugin.Button{ID: "ok"}), func(plugin.Answers) { note("answer") })
	return nil
}
func (b *busy) AccountOnline(_ im.AccountID, on bool) { b.online = append(b.online, on) }
func (b *busy) AccountRemoved(id im.AccountID)        { b.removed = append(b.removed, id) }

var _ plugin.Observer = (*busy)(nil)

func TestNothingComesOfAPluginThatIsOff(t *testing.T) {
	b := &busy{}
	alone(t, part(b), func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		d := a.Form("Busy", "ok")
		a.Plugin("busy", "disable")
		a.Until("the end of its form", func() bool { return len(a.Dialogs) == 0 })
		a.M.Answer(d.ID, plugin.Answers{Action: "ok"})
		a.M.Open(bob)
		<-time.After(2 * time.Minute)
		synctest.Wait()
		if len(b.heard) != 0 {
			t.Errorf("it was called back: %q", b.heard)
		}
		old := b.host
		var late atomic.Bool // work that is begun
		b.dialog.Update(plugin.Page("Again", "", nil))
		old.Seal(bob, im.Seal{Level: im.Private, By: "busy"})
		old.Notice(bob, im.Alarm, im.Plain("a word"))
		old.Release(bob)
		old.ShowGuide("")
		old.Attention(bob, plugin.Attention{Notify: true})
		old.After(0, func() { b.heard = append(b.heard, "late timer") })
		old.Go(func(ctx context.Context) error { late.Store(true); return ctx.Err() }, func(error) { b.heard = append(b.heard, "late work") })
		old.Ask(bob, plugin.Page("Ghost", "", nil, plugin.Button{ID: "ok"}), nil).Close()
		if err := old.Wire(bob, "body", plugin.Hints{}); !errors.Is(err, protocol.ErrOffline) {
			t.Errorf("the wire: %v", err)
		}
		synctest.Wait()
		a.Until("nothing", func() bool { return true })
		if late.Load() {
			t.Error("work begins after the end")
		}
		if len(b.heard)+len(a.Dialogs)+len(a.Attention)+len(s.bodies()) != 0 || a.Chats[bob].Seal.Level != im.Open ||
			a.Chats[bob].Lines.Len() != 0 {
			t.Errorf("something came of it: %q\n%s", b.heard, a.Describe())
		}
	})
}

func TestAPluginLearnsWhatItMissed(t *testing.T) {
	b := &busy{}
	alone(t, part(b), func(net *fakenet, a *scenetest.Actor, _ im.ConvID) {
		net.online()
		a.UntilOnline()
		a.Plugin("busy", "disable")
		a.M.ShowAddAccount("fake")
		a.Answer("Add Account", "save", "address=second@x", "password=x")
		net.online()
		second := im.AccountID("fake:second@x")
		a.Until("the account", func() bool { return a.Accounts[second].Account.Enabled })
		a.M.ShowAccounts()
		d := a.Form("Accounts", "add")
		a.M.Answer(d.ID, plugin.Answers{Action: "delete", Rows: []string{string(second)}})
		a.Answer("Accounts", "close")
		a.Until("its removal", func() bool { _, there := a.Accounts[second]; return !there })
		synctest.Wait()
		b.online = nil
		a.Plugin("busy", "enable")
		a.Form("Busy", "ok")
		a.Plugin("busy", "disable")
		a.Plugin("busy", "enable")
		a.Form("Busy", "ok")
		synctest.Wait()
		if !slices.Equal(b.removed, []im.AccountID{second}) || !slices.Equal(b.online, []bool{true, true}) {
			t.Errorf("removed %v, online %v", b.removed, b.online)
		}
	})
}
