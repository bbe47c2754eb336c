package main

import (
	"strings"
	"testing"
	"time"

	"culver/otrplugin/otr"
)

// broken is an engine that does what it is told to do wrong.
type broken struct {
	at, then state
	out      outcome
}

func (b *broken) do(string, string) outcome {
	b.at = b.then
	return b.out
}
func (b *broken) state() state          { return b.at }
func (b *broken) policy(otr.Policy)     {}
func (b *broken) fragment(int)          {}
func (b *broken) advance(time.Duration) {}
func (b *broken) close()                {}

// Each rule notices when it is broken.
func TestRules(t *testing.T) {
	clear, private, ended := state{}, state{State: otr.Encrypted, session: "1"}, state{State: otr.Finished}
	event := func(kinds ...otr.EventKind) (e []otr.Event) {
		for _, k := range kinds {
			e = append(e, otr.Event{Kind: k})
		}
		return e
	}
	for name, c := range map[string]struct {
		verb     string
		at, then state
		out      outcome
		want     string // "": no rule is broken
	}{
		"nothing":                {"recv", private, private, outcome{}, ""},
		"secret in clear":        {"send", private, private, outcome{wire: [][]byte{[]byte("so " + secret)}}, "in clear"},
		"secret shown unsealed":  {"recv", private, private, outcome{shown: &shown{text: secret}}, "as if it had come in clear"},
		"invented":               {"recv", private, private, outcome{shown: &shown{text: "hi", sealed: true}}, "nobody typed"},
		"our own":                {"recv", private, private, outcome{shown: &shown{text: "SECRET:a0:1:", sealed: true}}, "its own user's"},
		"the other's":            {"recv", private, private, outcome{shown: &shown{text: "SECRET:b0:2:", sealed: true}}, ""},
		"resent":                 {"recv", private, private, outcome{shown: &shown{text: resent + "SECRET:b0:2:", sealed: true}}, ""},
		"falls to clear":         {"recv", private, clear, outcome{}, "in clear after"},
		"falls out of finished":  {"recv", ended, clear, outcome{}, "in clear after"},
		"ends":                   {"end", private, clear, outcome{}, ""},
		"does not end":           {"end", private, private, outcome{}, "after end"},
		"finished by itself":     {"poll", private, ended, outcome{}, "nobody ended it"},
		"finished too often":     {"recv", private, ended, outcome{events: event(otr.PeerEnded)}, "told of 1 ends"},
		"silently private":       {"recv", clear, private, outcome{}, "does not say so"},
		"privately":              {"recv", clear, private, outcome{events: event(otr.GoneSecure)}, ""},
		"silently another key":   {"recv", private, state{State: otr.Encrypted, peer: otr.Fingerprint{1}}, outcome{events: event(otr.Refreshed)}, "another key"},
		"sends when finished":    {"send", ended, ended, outcome{wire: [][]byte{[]byte("x")}}, "has ended"},
		"no warning":             {"recv", private, private, outcome{shown: &shown{text: "x"}}, "no warning"},
		"a warning":              {"recv", private, private, outcome{shown: &shown{text: "x"}, events: event(otr.ReceivedUnencrypted)}, ""},
		"authenticates anybody":  {"recv", private, private, outcome{events: event(otr.SMPSuccess)}, "does not know the secret"},
		"does not let go":        {"drop", private, private, outcome{}, "after drop"},
		"libotr dies":            {"recv", private, private, outcome{failed: fatal + "EOF"}, "EOF"},
		"an error is not a rule": {"recv", private, private, outcome{failed: "unreadable"}, ""},
	} {
		w, err := newWorld(1, cast{libotr: -1, clients: [2]int{1, 1}})
		if err != nil {
			t.Fatal(err)
		}
		a, b := w.clients[0], w.clients[1]
		a.may, b.may, w.same = otr.Manual, otr.Manual, false
		keys, _ := longTerm()
		for n, x := range []*client{a, b} {
			w.ledger.enter(x, secret)
			w.ledger.newest.to = keys[1-n].Fingerprint()
		}
		w.close()
		a.engine = &broken{at: c.at, then: c.then, out: c.out}
		if s := c.out.shown; s != nil && s.sealed {
			s.from = keys[1].Fingerprint()
		}
		w.act(a, c.verb, "")
		switch {
		case c.want == "" && w.fault != nil:
			t.Errorf("%s: %v", name, w.fault)
		case c.want != "" && (w.fault == nil || !strings.Contains(w.fault.Error(), c.want)):
			t.Errorf("%s: %v, want %q", name, w.fault, c.want)
		}
	}
}

// Texts come once, in order, and from the right key.
func TestOrder(t *testing.T) {
	keys, err := longTerm()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		texts []string
		from  int
		want  string
	}{
		"in order":    {[]string{"SECRET:b0:1:", "SECRET:b0:2:"}, 1, ""},
		"a gap":       {[]string{"SECRET:b0:2:", resent + "SECRET:b0:1:"}, 1, ""},
		"twice":       {[]string{"SECRET:b0:1:", "SECRET:b0:1:"}, 1, "again"},
		"resent":      {[]string{"SECRET:b0:1:", resent + "SECRET:b0:1:"}, 1, ""},
		"resent 2":    {[]string{resent + "SECRET:b0:1:", resent + "SECRET:b0:1:"}, 1, "again"},
		"late":        {[]string{"SECRET:b0:2:", "SECRET:b0:1:"}, 1, "after a later one"},
		"another key": {[]string{"SECRET:b0:1:"}, 2, "another key"},
	} {
		w, err := newWorld(1, cast{libotr: -1, clients: [2]int{1, 1}})
		if err != nil {
			t.Fatal(err)
		}
		w.ordered = true
		a, b := w.clients[0], w.clients[1]
		for range 2 {
			w.ledger.enter(b, secret)
			w.ledger.newest.to = keys[0].Fingerprint()
		}
		for _, text := range c.texts {
			w.checkSealed(a, shown{text: text, sealed: true, from: keys[c.from].Fingerprint()}, false)
		}
		w.close()
		if c.want == "" && w.fault != nil || c.want != "" && (w.fault == nil || !strings.Contains(w.fault.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", name, w.fault, c.want)
		}
	}
}

// A heap that grows is noticed.
func TestFlat(t *testing.T) {
	if flat(nil) != nil || flat([]uint64{1 << 20, 9 << 20, 2 << 20}) != nil || flat([]uint64{1 << 20, 6 << 20}) == nil {
		t.Fatal("growth is taken for none, or the other way round")
	}
}
