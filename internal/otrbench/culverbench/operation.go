package main

import (
	"bytes"

	"culver/otrplugin/otr"
)

var (
	shortText = bytes.Repeat([]byte("x"), 100)
	bigText   = bytes.Repeat([]byte("x"), 64<<10)
)

// operation is one thing to do again and again.
type operation struct {
	run       func(*pair)
	between   func(*pair) // goes on behind the user's back after each one that is single
	encrypted bool        // it wants a private conversation to be there
	warm      int         // times that it is run before
	single    bool        // each run is measured by itself
}

var operations = map[string]operation{
	"keygen":    {run: generateKey, single: true},
	"ake":       {run: exchange, warm: 1},
	"oneway":    {run: func(p *pair) { p.say(p.a, shortText) }, encrypted: true, warm: 100},
	"pingpong":  {run: pingPong, encrypted: true, warm: 10},
	"fragments": {run: fragments, encrypted: true, warm: 2},
	"smp":       {run: func(p *pair) { p.authenticate(shortText) }, encrypted: true, warm: 1},
	"memory":    {run: another, warm: 10},
}

func generateKey(p *pair) {
	if _, err := otr.GenerateKey(nil); err != nil {
		p.fail("%w", err)
	}
}

// exchange is a key exchange between two who have never talked, and the end of it.
func exchange(p *pair) {
	p.renew()
	p.exchangeKeys()
	p.a.Close()
	p.b.Close()
}

// pingPong is one turn, with new D-H keys.
func pingPong(p *pair) {
	p.say(p.turn, shortText)
	p.turn = p.turn.to
}

func fragments(p *pair) {
	p.a.SetMaxFragment(400)
	p.say(p.a, bigText)
}

// another is one more conversation, which stays: four messages, so that keys rotate.
func another(p *pair) {
	p.renew()
	p.exchangeKeys()
	for range 4 {
		pingPong(p)
	}
	p.kept = append(p.kept, p.a.Session, p.b.Session)
}
