package otrplugin

import (
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/plugin"
)

// away takes bob offline, back brings him back.
func (w *world) away() {
	w.alice.host.SetPeer(w.alice.id, false)
	w.alice.plugin.peerOffline(w.alice.id)
}

func (w *world) back() {
	w.alice.host.SetPeer(w.alice.id, true)
	w.alice.plugin.peerOnline(w.alice.id)
	w.run()
}

// wantRead is what bob has read, all of it sealed.
func (w *world) wantRead(texts ...string) {
	w.t.Helper()
	var got []string
	for _, l := range w.bob.lines {
		if !l.seal.Level.Encrypted() {
			w.t.Errorf("bob reads %q without a seal", l.text)
		}
		got = append(got, l.text)
	}
	if strings.Join(got, "|") != strings.Join(texts, "|") {
		w.t.Errorf("bob reads %q, want %q", got, texts)
	}
	for _, text := range texts {
		w.wantNoClear(text)
	}
}

// Bob was away, and his program may have been started anew, or not: what alice
// typed meanwhile and after reaches him, once and in order.
func TestLinesAfterThePeerWasAway(t *testing.T) {
	for name, happens := range map[string]func(*world){
		"the same program": func(*world) {},
		"started anew":     func(w *world) { w.bob.restart() },
		"started anew, and mute about what it can't read": func(w *world) {
			w.bob.restart()
			put := w.bob.host.OnWire
			w.bob.host.OnWire = func(c im.ConvID, body string, h plugin.Hints) error {
				if strings.HasPrefix(body, "?OTR Error:") {
					return nil
				}
				return put(c, body, h)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.verified()
			w.says(w.alice, "canary before")
			w.bob.lines = nil
			w.away()
			w.says(w.alice, "canary one")
			if l := w.alice.last(); l.state != im.Waiting || !strings.Contains(l.why, "until Bob is back") {
				t.Errorf("the line is %+v", l)
			}
			happens(w)
			w.back()
			w.says(w.alice, "canary two")
			w.wantRead("canary one", "canary two")
			w.wantLevel(im.Verified, im.Verified)

			w.bob.lines = nil
			w.away()
			happens(w)
			w.back()
			w.says(w.alice, "canary three")
			w.says(w.alice, "canary four")
			w.wantRead("canary three", "canary four")
		})
	}
}

// Bob writes before alice does: it is plain that he has the keys.
func TestASealedMessageEndsTheDoubt(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.away()
	w.back()
	w.says(w.bob, "canary of bob's")
	before := len(w.alice.sent)
	w.says(w.alice, "canary of alice's")
	if sent := w.alice.sent[before:]; len(sent) != 1 || !encoded(sent[0]) {
		t.Errorf("alice sent %.60q", sent)
	}
	if l := w.bob.last(); l.text != "canary of alice's" {
		t.Errorf("bob reads %+v", l)
	}
}

// Bob is there and gives no sign: the line leaves, sealed with the keys at hand.
func TestNoSignOfThePeersKeys(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.away()
	w.back()
	w.alice.types("canary")
	if l := w.alice.last(); l.state != im.Waiting || !strings.Contains(l.why, "can still read") {
		t.Fatalf("the line is %+v", l)
	}
	w.alice.outbox = nil
	w.alice.host.Advance(answerWithin + time.Second)
	w.run()
	w.wantRead("canary")
	w.alice.wantSaid("notice", "did not answer")
}

// Bob goes again before he has answered, and the connection breaks: the line waits
// for as long as that takes.
func TestThePeerComesAndGoes(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.away()
	for range 3 {
		w.alice.host.SetPeer(w.alice.id, true)
		w.alice.plugin.peerOnline(w.alice.id)
		if len(w.alice.lines) == 0 {
			w.alice.types("canary")
		}
		w.alice.outbox = nil
		w.away()
		w.alice.host.Advance(answerWithin + time.Second)
		if l := w.alice.last(); l.state != im.Waiting {
			t.Fatalf("the line is %+v", l)
		}
	}
	w.alice.plugin.AccountOnline(w.alice.id.Account, false)
	w.alice.host.SetPeer(w.alice.id, true)
	w.alice.plugin.AccountOnline(w.alice.id.Account, true)
	w.run()
	w.wantRead("canary")
}

// Whoever ends the private conversation meanwhile, the line does not leave in clear.
func TestTheDoubtEndsWithThePrivateConversation(t *testing.T) {
	for name, ends := range map[string]func(*world){
		"alice ends it": func(w *world) { w.does(w.alice, actionEnd) },
		"bob ends it":   func(w *world) { w.does(w.bob, actionEnd) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.private()
			w.away()
			w.back()
			w.alice.types("canary one")
			w.alice.outbox = nil // the query is lost
			ends(w)
			w.says(w.alice, "canary two")
			w.alice.host.Advance(answerWithin + time.Second)
			w.run()
			w.wantNoClear("canary")
			for _, l := range w.bob.lines {
				if !l.seal.Level.Encrypted() {
					t.Errorf("bob reads %+v", l)
				}
			}
		})
	}
}

// A line waits for a decision about bob's key, and he was away before it was typed:
// once the key is accepted, the line leaves by itself.
func TestAKeyIsAcceptedInDoubt(t *testing.T) {
	for _, there := range []bool{true, false} {
		w := newWorld(t)
		w.private()
		w.flips(2)
		w.away()
		if there {
			w.back()
		}
		w.says(w.alice, "canary")
		w.alice.host.Dialog("New key of Bob").Press(buttonAccept)
		w.run()
		if !there {
			if l := w.alice.last(); l.state != im.Waiting {
				t.Errorf("to an absent bob, the line is %+v", l)
			}
			w.back()
		}
		w.wantRead("canary")
	}
}

// A line waits for a sign of the computer's keys; the telephone starts a private
// conversation meanwhile. That is no such sign, and the wait comes to its end.
func TestAnotherDeviceIsNoSignOfThisOnesKeys(t *testing.T) {
	w := accepted(t)
	w.bob.lines = nil
	w.alice.plugin.chats[w.alice.id].doubted = true
	w.alice.types("canary")
	if l := w.alice.last(); l.state != im.Waiting {
		t.Fatalf("the line is %+v", l)
	}
	w.alice.outbox = nil // the computer does not get the query
	w.does(w.phone, actionStart)
	if w.alice.device() != "B" {
		t.Fatalf("alice writes to %s", w.alice.device())
	}
	w.alice.host.Advance(answerWithin)
	w.run()
	w.wantRead("canary")
	w.wantNoClear("canary")
}
