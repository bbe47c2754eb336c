package otrplugin

import (
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/plugin"
	"culver/plugin/plugintest"
)

// recorded is all that bob sent in two long conversations, whole and in pieces:
// every kind of message there is.
func recorded(t *testing.T) (all []string) {
	for _, most := range []int{0, 400} {
		w := newWorld(t)
		w.alice.host.Max, w.bob.host.Max = most, most
		w.says(w.bob, "hello") // with an offer
		w.does(w.bob, actionStart)
		w.verified()
		w.says(w.bob, "a private line")
		w.does(w.bob, actionStart) // again
		for _, asker := range []*end{w.alice, w.bob} {
			asker.asks("q", "a")
			w.run()
			for _, d := range asker.host.Dialogs() {
				d.CloseWindow() // an abort
			}
			w.run()
		}
		w.bob.takes("A", "?OTR:AAMDAAABAAAAAQAAAAAA.")
		w.alice.host.Advance(2 * time.Minute)
		w.bob.host.Advance(2 * time.Minute)
		w.says(w.alice, "x") // a heartbeat comes back
		w.does(w.bob, actionEnd)
		w.bob.takes("A", "?OTR:AAMDAAABAAAAAQAAAAAA.")
		all = append(all, w.bob.sent...)
	}
	return append(all, "?OTR Error: what?", "?OTR Error:", "?OTR?", "?OTRv2?", "?OTRv3?", "hello ?OTRv23? there",
		offerBase, "text"+offerBase+"  \t\t  \t ", "text"+offerBase+"  \t\t  \t\t")
}

// Whatever somebody sends who is not on the Buddy List, nothing goes back, no
// key is made or read for it, and of all knocking one line tells.
func TestNothingIsAnsweredToStrangers(t *testing.T) {
	corpus := append(recorded(t), hostile...)
	kinds := make(map[string]bool)
	for _, body := range corpus {
		if len(body) > 9 {
			kinds[body[:9]] = true
		}
	}
	for _, kind := range []string{"?OTR:AAMC", "?OTR:AAMK", "?OTR:AAMR", "?OTR:AAMS", "?OTR:AAMD", "?OTRv23?\n", "?OTR Erro"} {
		if !kinds[kind] {
			t.Errorf("the corpus holds no %q", kind)
		}
	}
	for _, late := range []bool{false, true} {
		for name, come := range map[string]func(w *world){
			"nobody":                 func(w *world) {},
			"who was known before":   func(w *world) { w.verified(); w.says(w.bob, "x"); w.alice.restart() },
			"under always":           func(w *world) { w.alice.set(always) },
			"with settings":          func(w *world) { w.alice.setOwn(always) },
			"whose settings we read": func(w *world) { w.alice.buddySettings() },
			"seen in the key list":   func(w *world) { w.alice.configures() },
			"on the Buddy List":      nil, // but not allowed to see whether we are there
		} {
			w := newWorld(t)
			if come == nil {
				w.alice.host.HideFrom(w.alice.id)
			} else {
				come(w)
				w.alice.host.Run()
				w.alice.host.SetUnlisted(w.alice.id)
			}
			w.alice.host.Take()
			sent, reads := len(w.alice.sent), w.alice.host.Keyring.Reads
			for range 2 {
				for _, body := range corpus {
					w.alice.plugin.Incoming(w.alice.id, plugin.Arrival{
						From: im.Addr{Bare: bobAddr, Resource: "B"}, Wire: body, Late: late,
					})
				}
				w.alice.host.Run()
				w.alice.host.Advance(10 * time.Minute)
			}
			if n := len(w.alice.sent) - sent; n > 0 {
				t.Errorf("%s, late %v: %d answers, the first %.60q", name, late, n, w.alice.sent[sent])
			}
			if n := w.alice.host.Keyring.Reads - reads; n > 0 {
				t.Errorf("%s, late %v: the vault was read %d times", name, late, n)
			}
			if w.alice.level() != im.Open {
				t.Errorf("%s, late %v: the level is %v", name, late, w.alice.level())
			}
			told := 0
			for _, o := range w.alice.host.Ops() {
				switch o.Kind {
				case plugintest.Notice, plugintest.Alarm:
					told++
				case plugintest.Ask:
					t.Errorf("%s, late %v: a dialog opened: %v", name, late, o)
				}
			}
			if told != 1 {
				t.Errorf("%s, late %v: told %d times:\n%s", name, late, told, w.alice.transcript())
			}
			if come == nil && !w.alice.said(plugintest.Notice, "they may not see whether you are online") {
				t.Errorf("%s, late %v: told is\n%s", name, late, w.alice.transcript())
			}
			if !w.alice.said(plugintest.Notice, "choose Start private conversation") {
				t.Errorf("%s, late %v: told is\n%s", name, late, w.alice.transcript())
			}
		}
	}
}

// After a private conversation, the one who is taken off the Buddy List gets no
// answer in the next run, but in this one: the user did turn to them.
func TestAKnockAfterTheUserTookThemOffTheList(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.host.SetUnlisted(w.alice.id)
	w.says(w.bob, "still private")
	if l := w.alice.last(); l.text != "still private" || l.seal.Level != im.Private {
		t.Errorf("alice reads %+v", l)
	}
	w.alice.restart()
	w.bob.restart()
	sent := len(w.alice.sent)
	w.does(w.bob, actionStart)
	w.bob.host.Advance(answerWithin)
	w.does(w.bob, actionStart)
	if len(w.alice.sent) != sent {
		t.Errorf("sent %q", w.alice.sent[sent:])
	}
	w.does(w.alice, actionStart)
	w.wantLevel(im.Private, im.Private)
}

// What comes in clear from a stranger is shown as ever, without the invisible offer.
func TestAStrangersTextIsRead(t *testing.T) {
	w := newWorld(t)
	w.alice.host.SetUnlisted(w.alice.id)
	w.says(w.bob, "hello")
	if l := w.alice.last(); l.text != "hello" {
		t.Errorf("alice reads %+v", l)
	}
	w.alice.set(always)
	w.says(w.bob, "hello again")
	if l := w.alice.last(); !strings.HasPrefix(l.text, "hello again") || !strings.Contains(l.alarm, "NOT encrypted") {
		t.Errorf("alice reads %+v", l)
	}
}

// A peer that answers in clear gets no more offers (C10), and two programs that
// report errors to each other fall silent.
func TestOffersAndErrorsDoNotGoOn(t *testing.T) {
	w := newWorld(t)
	w.bob.set(never)
	w.says(w.alice, "one")
	w.says(w.bob, "what are those blanks?")
	for range 5 {
		w.says(w.alice, "two")
	}
	offers := 0
	for _, body := range w.alice.sent {
		if _, ok := cutOffer(body); ok {
			offers++
		}
	}
	if offers != 1 {
		t.Errorf("%d offers", offers)
	}
	for range 100 {
		w.alice.takes("B", "?OTR Error: you sent an error")
	}
	for _, body := range w.alice.sent {
		if strings.HasPrefix(body, "?OTR Error") {
			t.Errorf("an error was answered by %q", body)
		}
	}
	if n := len(w.alice.sent); n > 10 {
		t.Errorf("%d messages went out", n)
	}
}
