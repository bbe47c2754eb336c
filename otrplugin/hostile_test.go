package otrplugin

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/otrplugin/otr"
	"culver/plugin"
	"culver/plugin/plugintest"
)

// hostile are messages that a peer, or somebody between, may send.
var hostile = []string{
	"",
	"?",
	"?OTR",
	"?OTR:",
	"?OTR:.",
	"?OTR:===.",
	"?OTR:AAMC.",
	"?OTR:AAMDAAABAAAAAQAAAAAA.",
	"?OTR:AAMR" + strings.Repeat("/", 4000) + ".",
	"?OTR:" + strings.Repeat("A", 100000) + ".",
	"?OTR|",
	"?OTR|ffffffff|ffffffff,65535,65535,x,",
	"?OTR|100|0,0,0,,",
	"?OTR,99999,99999,x,",
	"?OTR,1,2,",
	"?OTR Error:",
	"?OTR Error: \u202e<b>\x00\x1b[31m",
	"?OTRv?",
	"?OTR??",
	"?OTRv4?",
	"?OTRv23456789?",
	"talk about ?OTRv23? and ?OTR:AAMC",
	"\xff\xfe\x00",
	"text" + offerBase,
	offerBase + "  \t\t  \t\t",
	strings.Repeat(offerBase, 100),
	strings.Repeat("x", 3<<20),
	strings.Repeat("?OTR:AAMC", 200000),
}

// comeTo brings the two to a state in which hostile messages are tried.
func (w *world) comeTo(state string) {
	switch state {
	case "strangers":
		w.alice.host.SetUnlisted(w.alice.id)
	case "no key":
		w.alice.host.Keyring.Err = errOffline
	case "not private":
		w.says(w.alice, "hello")
		w.does(w.alice, actionEnd)
		w.does(w.bob, actionEnd)
	case "private":
		w.verified()
	case "finished":
		w.private()
		w.does(w.bob, actionEnd)
	case "authenticating":
		w.private()
		w.alice.asks("q", "a")
		w.run()
	case "off":
		w.alice.set(never)
	}
}

func TestHostileMessagesChangeNothing(t *testing.T) {
	for _, state := range []string{"strangers", "no key", "not private", "private", "finished", "authenticating"} {
		t.Run(state, func(t *testing.T) {
			w := newWorld(t)
			w.comeTo(state)
			before := w.alice.level()
			w.alice.host.Take()
			sent := len(w.alice.sent)
			for range 5 {
				for _, body := range hostile {
					w.alice.takes("X", body)
					w.alice.host.Run()
				}
				w.alice.host.Advance(time.Second)
			}
			if got := w.alice.level(); got != before {
				t.Errorf("the level was %v and is %v", before, got)
			}
			answers := len(w.alice.sent) - sent
			if state == "strangers" && answers > 0 {
				t.Errorf("a stranger got %d answers, the first %q", answers, w.alice.sent[sent])
			}
			lines := 0
			for _, o := range w.alice.host.Ops() {
				if o.Kind == plugintest.Notice || o.Kind == plugintest.Alarm {
					lines++
					if strings.ContainsAny(o.Text, "\x00\x1b\u202e") || len(o.Text) > 1000 {
						t.Errorf("notice %q", o.Text)
					}
				}
			}
			if lines > 20 {
				t.Errorf("%d lines of ours for %d messages:\n%.3000s", lines, 5*len(hostile), w.alice.transcript())
			}
			if state == "private" {
				w.says(w.alice, "canary")
				if l := w.bob.last(); l.text != "canary" || l.seal.Level != im.Verified {
					t.Errorf("afterwards, bob reads %+v", l)
				}
			}
			w.wantNoClear("canary")
		})
	}
}

func TestReplayedMessagesChangeNothing(t *testing.T) {
	w := newWorld(t)
	w.verified()
	w.says(w.bob, "once")
	w.does(w.bob, actionStart)
	lines := len(w.alice.lines)
	recorded := append([]string(nil), w.bob.sent...)
	for _, body := range recorded {
		if strings.HasPrefix(body, "?OTRv") {
			continue // a query may always be repeated
		}
		w.alice.takes("B", body)
	}
	w.run()
	if got := w.alice.level(); got != im.Verified {
		t.Errorf("alice sees %v", got)
	}
	for _, l := range w.alice.lines[lines:] {
		if !strings.HasPrefix(l.text, "[resent] ") || l.seal.Level != im.Verified { // bob was told that something was unreadable
			t.Errorf("a replayed line was shown: %+v", l)
		}
	}
	w.says(w.alice, "canary")
	w.wantNoClear("canary")
	if l := w.bob.last(); l.text != "canary" {
		t.Errorf("bob reads %+v", l)
	}
}

func TestAStrangerGetsNoAnswerUntilTheUserActs(t *testing.T) {
	w := newWorld(t)
	w.alice.host.SetUnlisted(w.alice.id)
	w.does(w.bob, actionStart)
	if len(w.alice.sent) != 0 {
		t.Errorf("sent %q", w.alice.sent)
	}
	w.alice.wantSaid(plugintest.Notice, "asks for a private conversation")
	if len(w.alice.lines) != 0 {
		t.Errorf("alice reads %+v", w.alice.lines)
	}
	w.bob.host.Advance(answerWithin)
	w.does(w.bob, actionEnd)        // he does without
	w.says(w.bob, "are you there?") // with an offer
	if l := w.alice.last(); l.text != "are you there?" || len(w.alice.sent) != 0 {
		t.Errorf("alice reads %+v, sent %q", l, w.alice.sent)
	}
	w.does(w.alice, actionStart)
	w.wantLevel(im.Private, im.Private)
}

func TestAStrangerBecomesKnownByAnAnswer(t *testing.T) {
	w := newWorld(t)
	w.alice.host.SetUnlisted(w.alice.id)
	w.alice.set(manual)
	w.says(w.alice, "hello")
	w.does(w.bob, actionStart)
	w.wantLevel(im.Private, im.Private)
}

func TestAPeersWordsAreCleanedAndComplaintsAreRare(t *testing.T) {
	w := newWorld(t)
	w.says(w.alice, "hello")
	for i := range 50 {
		w.alice.takes("B", fmt.Sprintf("?OTR Error: <b>number %d\u202e\nline", i))
	}
	var got []string
	for _, o := range w.alice.host.Ops() {
		if strings.Contains(o.Text, "reports a problem") {
			got = append(got, o.Text)
		}
	}
	if len(got) != 1 || !strings.Contains(got[0], "“<b>number 0 line”") {
		t.Errorf("told: %q", got)
	}
	w.alice.host.Advance(complaintEvery)
	w.alice.takes("B", "?OTR Error: again")
	w.alice.wantSaid(plugintest.Notice, "“again”")
}

func TestEveryEventIsSurvived(t *testing.T) {
	for kind := otr.EventKind(0); kind < 64; kind++ {
		for _, live := range []bool{false, true} {
			if kind > 0 && kind.String() == "unknown" {
				continue
			}
			w := newWorld(t)
			if live {
				w.private()
			}
			c := w.alice.plugin.chat(w.alice.id)
			key := []byte{1, 2, 3}
			w.alice.plugin.apply(c, otr.Result{Events: []otr.Event{
				{Kind: kind, Text: "\x00\u202ewords", Percent: 1000, Key: key, Fingerprint: otr.Fingerprint{9}},
			}}, "")
			if key[0] != 0 {
				t.Errorf("%v: the key was not wiped", kind)
			}
		}
	}
}

func TestAnswersThatTheFormDoesNotOffer(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.does(actionAuthenticate)
	c := w.alice.plugin.chats[w.alice.id]
	for _, a := range []plugin.Answers{
		{Action: buttonAuthenticate},
		{Action: buttonAuthenticate, Values: map[string]string{fieldMethod: "nonsense"}},
		{Action: buttonAskBack},
		{Action: buttonAuthenticate, Values: map[string]string{fieldMethod: methodFingerprint, fieldVerified: "nonsense"}},
	} {
		if c.auth != nil {
			w.alice.plugin.authenticationAnswered(c, c.auth, a)
		}
	}
	w.run()
	w.wantLevel(im.Private, im.Private)
}

func TestNothingOfThePrivateConversationIsOnDisk(t *testing.T) {
	w := newWorld(t)
	w.verified()
	w.says(w.alice, "canary-line")
	for _, e := range []*end{w.alice, w.bob} {
		secret := e.host.Keyring.Data[vaultName(e.id.Account)]
		for name, b := range e.host.Disk.Data {
			if strings.Contains(string(b), "canary") || strings.Contains(string(b), "sésame") ||
				strings.Contains(string(b), string(secret[len(secret)-16:])) {
				t.Errorf("%s holds %q", name, b)
			}
		}
	}
}

func FuzzIncoming(f *testing.F) {
	for _, s := range hostile {
		if len(s) < 1000 {
			f.Add(s)
		}
	}
	keys := testKeys()
	f.Fuzz(func(t *testing.T, body string) {
		w := &world{t: t, alice: newEnd(t, aliceAddr, bobAddr, keys[0]), bob: newEnd(t, bobAddr, aliceAddr, keys[1])}
		w.private()
		w.alice.takes("X", body)
		if w.alice.level() != im.Private {
			t.Errorf("%q changed the level to %v", body, w.alice.level())
		}
		w.alice.types("canary")
		w.wantNoClear("canary")
	})
}
