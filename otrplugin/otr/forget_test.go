package otr

import (
	"bytes"
	"reflect"
	"testing"
	"time"
)

func zero(b []byte) bool { return len(bytes.Trim(b, "\x00")) == 0 }

// The secrets of an open commit are overwritten when it is forgotten: by the
// clock, by a newer one, and by Close.
func TestOpenCommitIsWiped(t *testing.T) {
	for name, forget := range map[string]func(p *pair){
		"old":      func(p *pair) { p.clock = p.clock.Add(exchangeAge + time.Second); p.a.Tick() },
		"replaced": func(p *pair) { p.clock = p.clock.Add(exchangeRetry); p.a.Receive([]byte("?OTRv3?")) },
		"closed":   func(p *pair) { p.a.Close() },
	} {
		p := newPair(t, nil)
		p.a.Receive([]byte("?OTRv3?"))
		initiator := p.a.open.initiator
		if initiator.Hash() == [32]byte{} {
			t.Fatal("no commit")
		}
		if forget(p); !reflect.ValueOf(*initiator).IsZero() {
			t.Errorf("%s: something is left", name)
		}
	}
}

// What the user entered is needed until message 2.
func TestEnteredSecretIsWiped(t *testing.T) {
	p := newPair(t, nil).secure()
	p.a.take(p.a.Authenticate([]byte("canary"), ""))
	entered := p.a.live.smp.entered
	if string(entered) != "canary" {
		t.Fatalf("%q", entered)
	}
	p.run()
	p.b.take(p.b.Answer([]byte("canary")))
	p.b.deliverOne()
	if !p.a.SMPRunning() || !zero(entered) || p.a.live.smp.entered != nil {
		t.Fatalf("%q is left", entered)
	}
}

func TestHeldTextsAreWiped(t *testing.T) {
	p := newPair(t, func(a, _ *Config) { a.Policy = Always })
	p.a.say("canary")
	held := p.a.held[0]
	if p.a.Close(); !zero(held) {
		t.Fatalf("%q is left", held)
	}
}

// The MAC keys from before a refresh are revealed when they are forgotten by
// the clock, too.
func TestFormerMACKeysAreRevealed(t *testing.T) {
	p := newPair(t, nil).secure()
	p.b.say("old")
	p.run()
	p.a.take(p.a.Start())
	p.run()
	p.want(p.a, Refreshed)
	if p.a.live.former == nil {
		t.Fatal("no former keys")
	}
	p.clock = p.clock.Add(formerAge + time.Second)
	p.a.Tick()
	p.a.say("new")
	if n := len(p.lastData(p.a).revealed); n != 20 {
		t.Fatalf("%d bytes revealed", n)
	}
}

// A whole message makes pieces of the same instance that came before it void.
func TestWholeMessageVoidsPieces(t *testing.T) {
	p := newPair(t, nil).secure()
	p.b.SetMaxFragment(200)
	p.b.say("in pieces")
	p.b.deliverOne()
	late := p.b.queue
	p.b.queue = nil
	if p.a.fragments.Len() != 1 || len(late) == 0 {
		t.Fatal("no pieces")
	}
	p.b.SetMaxFragment(0)
	p.b.say("whole")
	p.run()
	if p.a.fragments.Len() != 0 {
		t.Fatal("a piece is kept")
	}
	for _, w := range late {
		p.a.take(p.a.Receive(w))
	}
	p.shown(p.a, "whole")
}

// An end is over with the next private conversation: if that is lost here, the
// peer's messages begin another one at once.
func TestEndIsOver(t *testing.T) {
	p := newPair(t, func(a, _ *Config) { a.Policy = Opportunistic }).secure()
	p.b.take(p.b.End())
	p.run()
	p.b.take(p.b.Start())
	p.run()
	p.a.Drop()
	p.b.say("x")
	p.run()
	if p.a.State() != Encrypted {
		t.Fatal("silence, as after an end")
	}
}
