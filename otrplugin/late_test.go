package otrplugin

import (
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/plugin"
	"culver/plugin/plugintest"
)

// takesLate is a message that waited while the user was away.
func (e *end) takesLate(resource, body string) error {
	in, err := e.plugin.Incoming(e.id, plugin.Arrival{
		From: im.Addr{Bare: e.id.Peer, Resource: resource}, Wire: body, Late: true,
	})
	if !in.Drop {
		e.lines = append(e.lines, line{text: in.Text, seal: in.Seal, alarm: in.Alarm, html: in.Markup})
	}
	return err
}

// whileAway delivers what bob has sent as if alice had been away, and lets her
// work till the end.
func (w *world) whileAway() {
	for _, p := range w.bob.outbox {
		w.alice.takesLate("B", p.body)
	}
	w.bob.outbox = nil
	w.alice.host.Run()
}

func (w *world) wantSilent(sent int) {
	w.t.Helper()
	if got := w.alice.sent[sent:]; len(got) != 0 {
		w.t.Errorf("alice answered by herself: %.60q", got)
	}
}

func TestALateQueryIsToldAndNotAnswered(t *testing.T) {
	for _, known := range []bool{false, true} {
		w := newWorld(t)
		if known {
			w.private()
			w.alice.restart()
			w.bob.restart()
			w.alice.host.Take()
		}
		sent := len(w.alice.sent)
		for range 3 {
			w.bob.does(actionStart)
			w.bob.host.Run()
			w.bob.host.Advance(answerWithin)
		}
		w.whileAway()
		w.wantSilent(sent)
		if n := w.alice.count(plugintest.Notice, "Bob asked for a private conversation while you were away"); n != 1 {
			t.Errorf("told %d times:\n%s", n, w.alice.transcript())
		}
		if len(w.alice.lines) != 0 {
			t.Errorf("alice reads %+v", w.alice.lines)
		}
		w.does(w.alice, actionStart)
		w.wantLevel(im.Private, im.Private)
	}
}

func TestALateQueryInAPrivateConversation(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.bob.does(actionStart)
	sent := len(w.alice.sent)
	w.whileAway()
	w.wantSilent(sent)
	w.alice.wantSaid(plugintest.Notice, "choose Refresh private conversation")
	w.wantLevel(im.Private, im.Private)
}

func TestALateOfferStartsNothing(t *testing.T) {
	w := newWorld(t)
	w.says(w.alice, "hello") // they know each other, and the keys are there
	w.does(w.alice, actionEnd)
	w.does(w.bob, actionEnd)
	w.alice.restart()
	w.alice.plugin.AccountOnline(w.alice.id.Account, true)
	w.run()
	sent := len(w.alice.sent)
	w.alice.takesLate("B", "good night"+offerBase+"  \t\t  \t\t")
	w.alice.host.Run()
	w.wantSilent(sent)
	if l := w.alice.last(); l.text != "good night" || l.seal.Level != im.Open {
		t.Errorf("alice reads %+v", l)
	}
	if c := w.alice.plugin.chat(w.alice.id); c.session != nil && c.session.Exchanging() {
		t.Error("a key exchange was begun")
	}
}

func TestLateClearTextInAPrivateConversationIsMarked(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.takesLate("B", "in the open")
	if l := w.alice.last(); l.text != "in the open" || !strings.Contains(l.alarm, "NOT encrypted") {
		t.Errorf("alice reads %+v", l)
	}
	w = newWorld(t)
	w.alice.set(always)
	w.alice.takesLate("B", "in the open")
	if l := w.alice.last(); !strings.Contains(l.alarm, "NOT encrypted") {
		t.Errorf("alice reads %+v", l)
	}
}

func TestLateSealedMessagesAreReadWithTheKeysAtHand(t *testing.T) {
	for _, most := range []int{0, 200} { // whole, and in pieces
		w := newWorld(t)
		w.bob.host.Max = most
		w.verified()
		w.bob.types(strings.Repeat("long ", 100))
		w.alice.host.Advance(time.Hour) // a heartbeat would be due
		sent := len(w.alice.sent)
		w.whileAway()
		w.wantSilent(sent)
		if l := w.alice.last(); l.text != strings.Repeat("long ", 100) || l.seal.Level != im.Verified || !l.html {
			t.Errorf("alice reads %+v", l)
		}
		w.says(w.alice, "two")
		w.says(w.bob, "three")
		if l := w.alice.last(); l.text != "three" || l.seal.Level != im.Verified {
			t.Errorf("afterwards, alice reads %+v", l)
		}
	}
}

func TestALateEndIsTheEnd(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.bob.does(actionEnd)
	w.whileAway()
	w.wantLevel(im.Ended, im.Open)
	w.alice.wantSaid(plugintest.Notice, "has ended the private conversation")
}

func TestLateSealedMessagesWithoutKeys(t *testing.T) {
	for _, most := range []int{0, 200} {
		for _, state := range []string{"restarted", "ended", "finished"} {
			w := newWorld(t)
			w.bob.host.Max = most
			w.private()
			w.bob.types("lost-secret")
			lost := w.bob.outbox
			w.bob.outbox = nil
			switch state {
			case "restarted":
				w.alice.restart()
			case "ended":
				w.alice.does(actionEnd)
			case "finished":
				w.does(w.bob, actionEnd)
			}
			w.run()
			w.alice.host.Advance(time.Hour)
			w.alice.host.Take()
			w.bob.outbox = lost
			sent := len(w.alice.sent)
			w.whileAway()
			w.wantSilent(sent)
			if n := w.alice.count(plugintest.Notice, "cannot be read here"); n != 1 {
				t.Errorf("%s: told %d times:\n%s", state, n, w.alice.transcript())
			}
			for _, l := range w.alice.lines {
				if strings.Contains(l.text, "?OTR") {
					t.Errorf("%s: alice reads %+v", state, l)
				}
			}
		}
	}
}

func TestLateKeyExchangesChangeNothing(t *testing.T) {
	for _, most := range []int{0, 200} {
		for name, prepare := range map[string]func(w *world){
			"not private": func(*world) {},
			"private":     (*world).private,
			"exchanging": func(w *world) {
				w.does(w.alice, actionStart)
				w.does(w.alice, actionEnd)
				w.does(w.bob, actionEnd)
				w.alice.does(actionStart)
				w.deliver(w.alice, w.bob)
				w.deliver(w.bob, w.alice) // bob's Commit, and alice's Key is out
			},
		} {
			w := newWorld(t)
			prepare(w)
			// Another bob, whose every message comes late.
			w.bob = newEnd(t, bobAddr, aliceAddr, testKeys()[2])
			w.bob.host.Max = most
			held := w.alice.outbox
			w.alice.outbox = nil
			before := w.alice.level()
			session := w.alice.plugin.chat(w.alice.id).session
			exchanging := session != nil && session.Exchanging()
			sent := len(w.alice.sent)
			w.bob.host.Run()
			w.bob.takes("A", "?OTRv23?") // makes him commit
			w.bob.host.Run()
			if len(w.bob.outbox) == 0 {
				t.Fatal("bob does not commit")
			}
			w.whileAway()
			w.wantSilent(sent)
			if got := w.alice.level(); got != before {
				t.Errorf("%s: the level was %v and is %v", name, before, got)
			}
			session = w.alice.plugin.chat(w.alice.id).session
			if now := session != nil && session.Exchanging(); now != exchanging {
				t.Errorf("%s: exchanging was %v and is %v", name, exchanging, now)
			}
			if len(w.alice.lines) != 0 {
				t.Errorf("%s: alice reads %+v", name, w.alice.lines)
			}
			w.alice.outbox = held
		}
	}
}

func TestLateErrorsAreToldAndNotAnswered(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.says(w.alice, "canary")
	sent := len(w.alice.sent)
	w.alice.takesLate("B", "?OTR Error: you \u202esent something")
	w.alice.host.Run()
	w.wantSilent(sent)
	w.alice.wantSaid(plugintest.Notice, "The program of Bob reports a problem: “you sent something”")
	w.wantLevel(im.Private, im.Private)
}

func TestLateAuthenticationIsNotAnswered(t *testing.T) {
	w := newWorld(t)
	w.private()
	d := w.alice.asks("q", "a")
	w.run()
	answer := w.bob.host.Dialog("Authentication from")
	answer.Type(fieldAnswer, "a")
	answer.Press(buttonAuthenticate)
	sent := len(w.alice.sent)
	w.whileAway()
	w.wantSilent(sent)
	wantText(t, d, "interrupted")
	d.Press(buttonClose)

	// To be asked is no answer: the user gives it.
	w = newWorld(t)
	w.private()
	w.bob.asks("q", "a")
	sent = len(w.alice.sent)
	w.whileAway()
	w.wantSilent(sent)
	w.alice.host.Dialog("Authentication from").Type(fieldAnswer, "a")
	w.alice.host.Dialog("Authentication from").Press(buttonAuthenticate)
	w.run()
	wantText(t, w.bob.host.Dialog("Authenticating"), "successful")
}

func TestLateHostileMessagesGetNoAnswer(t *testing.T) {
	for _, state := range []string{"strangers", "no key", "not private", "private", "finished", "authenticating", "off"} {
		t.Run(state, func(t *testing.T) {
			w := newWorld(t)
			w.comeTo(state)
			before := w.alice.level()
			w.alice.host.Take()
			sent := len(w.alice.sent)
			for range 3 {
				for _, body := range hostile {
					w.alice.takesLate("X", body)
					w.alice.host.Run()
				}
			}
			w.wantSilent(sent)
			if got := w.alice.level(); got != before {
				t.Errorf("the level was %v and is %v", before, got)
			}
			if n := w.alice.count(plugintest.Notice, "") + w.alice.count(plugintest.Alarm, ""); n > 10 {
				t.Errorf("%d lines of ours:\n%.3000s", n, w.alice.transcript())
			}
			if state == "private" {
				w.says(w.alice, "canary")
				if l := w.bob.last(); l.text != "canary" || l.seal.Level != im.Verified {
					t.Errorf("afterwards, bob reads %+v", l)
				}
			}
		})
	}
}

func TestWordsAboutOTRThatComeLateAreWords(t *testing.T) {
	w := newWorld(t)
	for _, text := range []string{"talk about ?OTRv23?", "what is ?OTR", "say ?OTR:AAMD to me"} {
		w.alice.takesLate("B", text)
		if l := w.alice.last(); l.text != text {
			t.Errorf("%q is read as %+v", text, l)
		}
	}
}
