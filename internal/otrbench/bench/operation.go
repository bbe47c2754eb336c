package bench

import "bytes"

var (
	shortText = bytes.Repeat([]byte("x"), 100)
	bigText   = bytes.Repeat([]byte("x"), 64<<10)
)

// player plays operations on a conversation.
type player struct {
	Conversation
	*Tally
	turn int // the side whose turn it is
}

// operation is one thing to do again and again.
type operation struct {
	run       func(*player)
	encrypted bool // it wants a private conversation to be there
	warm      int  // times that it is run before
	single    bool // each run is measured by itself
	prepare   bool // before each run, what can be is worked out, which is not measured
}

var operations = map[string]operation{
	"keygen":     {run: (*player).generateKey},
	"ake":        {run: (*player).exchange, warm: 1},
	"oneway":     {run: (*player).oneWay, encrypted: true, warm: 100},
	"pingpong":   {run: (*player).pingPong, encrypted: true, warm: 10},
	"foreground": {run: (*player).pingPong, encrypted: true, warm: 10, single: true, prepare: true},
	"fragments":  {run: (*player).fragments, encrypted: true, warm: 2},
	"smp":        {run: (*player).smp, encrypted: true, warm: 1},
	"memory":     {run: (*player).another, warm: 10},
}

// rest is what goes on behind the user's back after each run.
func (op operation) rest(p *player) {
	if op.prepare {
		p.Prepare()
	}
}

func (p *player) generateKey() {
	if err := p.GenerateKey(); err != nil {
		p.Fail("make a key: %w", err)
	}
}

// exchange is a key exchange between two who have never talked, and the end of it.
func (p *player) exchange() {
	p.ExchangeKeys()
	p.Renew(false)
}

func (p *player) oneWay() { p.Say(0, shortText) }

// pingPong is one turn, with new D-H keys.
func (p *player) pingPong() {
	p.Say(p.turn, shortText)
	p.turn = 1 - p.turn
}

func (p *player) fragments() {
	p.SetMaxFragment(400)
	p.Say(0, bigText)
}

func (p *player) smp() { p.Authenticate(shortText) }

// another is one more conversation, which stays: four messages, so that keys
// rotate, and what can be worked out for the next ones.
func (p *player) another() {
	p.ExchangeKeys()
	for range 4 {
		p.pingPong()
	}
	p.Prepare()
	p.Renew(true)
}
