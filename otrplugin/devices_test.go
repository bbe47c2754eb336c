package otrplugin

import (
	"testing"
	"time"

	"culver/im"
	"culver/otrplugin/otr"
	"culver/plugin/plugintest"
)

// twoDevices is alice, and bob at two computers with a key of their own each.
type twoDevices struct {
	*world
	phone *end
}

func newTwoDevices(t *testing.T) *twoDevices {
	w := &twoDevices{world: newWorld(t), phone: newEnd(t, bobAddr, aliceAddr, testKeys()[2])}
	w.phone.resource = "P"
	return w
}

// run delivers to the device that a message is for, or to both.
func (w *twoDevices) run() {
	w.t.Helper()
	for range 1000 {
		for _, e := range []*end{w.alice, w.bob, w.phone} {
			e.host.Run()
		}
		switch {
		case len(w.alice.outbox) > 0:
			p := w.alice.outbox[0]
			w.alice.outbox = w.alice.outbox[1:]
			for _, e := range []*end{w.bob, w.phone} {
				if p.resource == "" || p.resource == e.resource {
					e.takes(w.alice.resource, p.body)
				}
			}
		case len(w.bob.outbox) > 0:
			w.deliver(w.bob, w.alice)
		case len(w.phone.outbox) > 0:
			w.deliver(w.phone, w.alice)
		default:
			return
		}
	}
	w.t.Fatal("the ends never stop talking")
}

func (w *twoDevices) does(e *end, action string) {
	w.t.Helper()
	e.does(action)
	w.run()
}

func (w *twoDevices) says(e *end, text string) {
	e.types(text)
	w.run()
}

func TestASecondDeviceIsFollowedButNotTrusted(t *testing.T) {
	w := newTwoDevices(t)
	w.verified()
	w.alice.host.Take()

	// The phone starts with a key that alice never saw.
	w.does(w.phone, actionStart)
	w.alice.wantSaid(plugintest.Alarm, "WARNING")
	if got := w.alice.level(); got != im.Private {
		t.Errorf("alice sees %v", got)
	}
	w.says(w.alice, "to whom?")
	if l := w.alice.last(); l.state != im.Waiting {
		t.Errorf("the line is %+v", l)
	}
	question := w.alice.host.Dialog("New key of Bob")

	// The computer writes: what waits goes there, for its key is verified.
	w.says(w.bob, "it is me")
	for _, l := range w.alice.lines {
		if l.text == "it is me" && l.seal.Level != im.Verified {
			t.Errorf("alice reads %+v", l)
		}
	}
	// The question about the phone stays: it may write again at any moment.
	wantText(t, question, "goes to another device of Bob now")
	if got := w.alice.level(); got != im.Verified {
		t.Errorf("alice sees %v", got)
	}
	if l := w.bob.last(); l.text != "to whom?" {
		t.Errorf("bob reads %+v", l)
	}
	if len(w.phone.lines) != 0 {
		t.Errorf("the phone reads %+v", w.phone.lines)
	}
	w.alice.wantSaid(plugintest.Notice, "another device")

	// The phone writes: its lines are private, not verified, and it gets nothing.
	w.says(w.phone, "from the phone")
	if l := w.alice.last(); l.text != "from the phone" || l.seal.Level != im.Private {
		t.Errorf("alice reads %+v", l)
	}
	w.alice.wantSaid(plugintest.Notice, "writes from P (Unverified). What you write still goes to B (Private)")
	w.says(w.alice, "second")
	if l := w.bob.last(); l.text != "second" || l.seal.Level != im.Verified || len(w.phone.lines) != 1 {
		t.Errorf("the computer reads %+v, the phone %+v", l, w.phone.lines)
	}
	w.alice.host.Dialog("New key of Bob").Press(buttonKeep)

	// A refresh by the phone does not change that, as long as the computer is heard of.
	w.says(w.bob, "here")
	w.does(w.phone, actionStart)
	if got := w.alice.level(); got != im.Verified {
		t.Errorf("after the refresh, alice sees %v", got)
	}
	// Silence does not change it either, while the computer is seen online.
	w.alice.host.Advance(aliveFor + time.Second)
	w.says(w.phone, "hello?")
	if got := w.alice.level(); got != im.Verified {
		t.Errorf("after a silence, alice sees %v", got)
	}
	// It signs off: the phone is the one that is alive; it still gets nothing.
	w.alice.host.SetDevice(w.alice.id, "B", false)
	w.says(w.phone, "are you there?")
	if got := w.alice.level(); got != im.Private {
		t.Errorf("after a while, alice sees %v", got)
	}
	n := len(w.phone.lines)
	w.says(w.alice, "third")
	if len(w.phone.lines) != n {
		t.Errorf("the phone reads %+v", w.phone.last())
	}
	w.alice.accepts()
	w.run()
	if l := w.phone.last(); l.text != "third" || l.seal.Level != im.Private {
		t.Errorf("accepted, the phone reads %+v", l)
	}
	w.wantNoClear("third")
}

func TestAnotherDeviceStopsTheAuthentication(t *testing.T) {
	w := newTwoDevices(t)
	w.private()
	d := w.alice.asks("q", "a")
	w.run()
	prompt := w.bob.host.Dialog("Authentication from")
	w.does(w.phone, actionStart)
	if d.Open {
		t.Error("the authentication of the computer goes on with the phone")
	}
	w.alice.wantSaid(plugintest.Notice, "authentication of Bob was stopped")
	w.bob.wantSaid(plugintest.Notice, "gave up")
	if prompt.Open {
		t.Error("the computer still asks")
	}
	if w.alice.level() != im.Private {
		t.Error("a verified level came of it")
	}
}

// With one key at both of his devices, Bob may write at the one and answer at
// the other.
func TestAuthenticationStaysAtItsDevice(t *testing.T) {
	w := newTwoDevices(t)
	w.phone = newEnd(t, bobAddr, aliceAddr, testKeys()[1])
	w.phone.resource = "P"
	w.private()
	w.does(w.phone, actionStart)
	w.says(w.bob, "at the computer")
	d := w.alice.asks("q", "a")
	w.run()
	w.says(w.phone, "now at the phone")
	if !d.Open || !d.Has(fieldProgress) {
		t.Fatalf("%v", d)
	}
	w.bob.answers(fieldAnswer, "a")
	w.run()
	wantText(t, d, "successful")
	if got := w.alice.level(); got != im.Verified {
		t.Errorf("alice sees %v", got)
	}
	// And the other way round: he asks at the computer, and writes at the phone.
	w.says(w.bob, "back at the computer")
	d = w.bob.asks("q", "a")
	w.run()
	w.says(w.phone, "now at the phone")
	w.alice.answers(fieldAnswer, "a")
	w.run()
	wantText(t, d, "successful")
}

func TestTheEndOnOneDeviceLeavesTheOther(t *testing.T) {
	w := newTwoDevices(t)
	w.verified()
	w.does(w.phone, actionStart)
	w.does(w.phone, actionEnd)
	if got := w.alice.level(); got != im.Verified {
		t.Errorf("alice sees %v", got)
	}
	w.says(w.alice, "secret")
	if l := w.bob.last(); l.text != "secret" || l.seal.Level != im.Verified {
		t.Errorf("bob reads %+v", l)
	}
	w.does(w.alice, actionEnd)
	if w.bob.level() != im.Ended {
		t.Errorf("bob sees %v", w.bob.level())
	}
}

func TestTheLastWordOfADeviceHasItsOwnLevel(t *testing.T) {
	w := newTwoDevices(t)
	w.verified()
	w.does(w.phone, actionStart)
	// Its last message carries the end with it, so that the conversation is
	// with the verified computer again by the time that it is shown.
	r, err := w.phone.plugin.chats[w.phone.id].session.SendTLV([]byte("goodbye"), 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range r.Wire {
		w.alice.takes("P", string(body))
	}
	if l := w.alice.last(); l.text != "goodbye" || l.seal.Level != im.Private {
		t.Errorf("alice reads %+v", l)
	}
	if got := w.alice.level(); got != im.Verified {
		t.Errorf("alice sees %v", got)
	}
}

// What another device sends about SMP is not about the one that is asked: it is
// neither stopped nor moved by it, and nothing untrue is said of it.
func TestAnotherDeviceDoesNotMeddleWithTheAuthentication(t *testing.T) {
	w := newTwoDevices(t)
	w.verified()
	w.does(w.phone, actionStart) // with a key that alice never accepted
	w.says(w.bob, "at the computer")
	for _, d := range w.alice.host.Dialogs() {
		d.CloseWindow()
	}
	if w.alice.device() != "B" {
		t.Fatalf("alice writes to %s", w.alice.device())
	}
	d := w.alice.asks("q", "a")
	w.run()
	c := w.alice.plugin.chats[w.alice.id]
	phone := w.phone.plugin.chats[w.phone.id].session
	const smp2, abort, smp1Q = 3, 6, 7
	for _, kind := range []uint16{smp1Q, smp2, abort} {
		r, err := phone.SendTLV(nil, kind, []byte("no NUL here"))
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range r.Wire {
			w.phone.put(string(b), "")
		}
		w.run()
	}
	other := c.privates()[0]
	if other.Tag == c.auth.tag {
		other = c.privates()[1]
	}
	w.alice.plugin.event(c, otr.Event{Kind: otr.SMPProgress, Percent: 90, Tag: other.Tag, Fingerprint: other.Fingerprint})
	if !d.Has(fieldProgress) || percent(d) != startPercent || d.Form.Problem != "" {
		t.Fatalf("the phone meddled: %v", d)
	}
	w.bob.answers(fieldAnswer, "a")
	w.run()
	wantText(t, d, "successful")
}
