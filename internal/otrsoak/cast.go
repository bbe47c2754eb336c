package main

import (
	"math/rand/v2"
	"time"

	"culver/otrplugin/otr"
)

// earlyWait is how long messages wait for those that they have overtaken.
const earlyWait = 2 * time.Second

// cast is who takes part in a conversation, and under which conditions.
type cast struct {
	libotr   int    // which user has libotr; -1: none
	clients  [2]int // programs of each user
	may      [2]otr.Policy
	pieces   [2]int // biggest message, in bytes; 0: no limit
	forked   bool   // messages reach all programs of a user, not the one heard of last
	ordered  bool   // the wire does not swap
	mallory  bool   // somebody has the wire, with a key of his own
	careful  bool   // held texts go to the right key alone
	same     bool   // the users share a secret
	faults   int    // of a hundred deliveries
	steps    int
	prepares int  // how often keys are worked out beforehand: of a hundred steps
	restless bool // policies and sizes change on the way
	patient  bool // what has overtaken other messages waits for them
}

// castOf draws the conditions.
func castOf(seed uint64) cast {
	dice := rand.New(rand.NewPCG(seed, 1))
	c := cast{
		libotr: -1, clients: [2]int{1, 1}, forked: dice.IntN(2) == 0, ordered: dice.IntN(2) == 0, careful: dice.IntN(3) == 0,
		same: dice.IntN(2) == 0, faults: []int{0, 4, 15, 40}[dice.IntN(4)], steps: 60 + dice.IntN(240), restless: dice.IntN(2) == 0,
	}
	c.prepares = []int{0, 10, 50, 100}[dice.IntN(4)]
	versions := [][2]otr.Policy{
		{otr.Manual, otr.Manual}, {otr.AllowV2, otr.Manual}, {otr.Manual, otr.AllowV3}, {otr.AllowV3, otr.AllowV3}, {otr.AllowV2, otr.AllowV2},
	}[dice.IntN(5)]
	for u := range c.may {
		c.may[u] = versions[u] | []otr.Policy{0, otr.RequireEncryption, otr.Opportunistic &^ otr.Manual, otr.Always &^ otr.Manual}[dice.IntN(4)]
		c.pieces[u] = []int{0, 0, 100, 400, 1400}[dice.IntN(5)]
	}
	switch dice.IntN(10) {
	case 0, 1:
		c.mallory, c.careful = true, true
	case 2, 3:
		c.clients = [2]int{1 + dice.IntN(3), 1 + dice.IntN(2)}
	case 4, 5, 6:
		c.libotr = dice.IntN(2)
	}
	c.patient = dice.IntN(2) == 0
	return c
}
