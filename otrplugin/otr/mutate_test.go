package otr

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"culver/otrplugin/otr/internal/wire"
)

// change is one way in which a message is changed on its way.
type change byte

const (
	flipBit   change = iota // at, bit len(data)
	cut                     // from at on
	overwrite               // with data, from at on
	insert                  // data, at
	swap                    // what is at, and what is at the number in data
	retype                  // as another message, by data
	ones                    // the last eight bytes
	one                     // a key of 1 in place of whatever there is
	letters                 // of the armoured message: flip, overwrite or insert, by data
	changes
)

// mutate changes a message, if it is an armoured one; at may be any number.
func mutate(msg []byte, how change, at int, data []byte) []byte {
	if how == letters {
		return mutateLetters(msg, at, data)
	}
	body, dotted := wire.Unarmour(bytes.TrimPrefix(msg, []byte(wire.Prefix)))
	if !bytes.HasPrefix(msg, []byte(wire.Prefix)) || !dotted || len(body) < 12 {
		return msg
	}
	body = bytes.Clone(body)
	at %= len(body)
	switch how {
	case flipBit:
		body[at] ^= 1 << (len(data) % 8)
	case cut:
		body = body[:at]
	case overwrite:
		copy(body[at:], data)
	case insert:
		body = slices.Insert(body, at, data...)
	case swap:
		n := 0
		for _, b := range data {
			n = (n<<8 | int(b)) % len(body)
		}
		body[at], body[n] = body[n], body[at]
	case retype:
		body[2] = []byte{0x02, 0x03, 0x0a, 0x11, 0x12}[(at+len(data))%5]
	case ones:
		copy(body[len(body)-8:], "\xff\xff\xff\xff\xff\xff\xff\xff")
	case one:
		body = append(body[:3+int(body[1]-2)%2*8], 0, 0, 0, 1, 1)
	}
	return wire.Armour(body)
}

// mutateLetters changes a message as it is on the wire.
func mutateLetters(msg []byte, at int, data []byte) []byte {
	msg = bytes.Clone(msg)
	at %= len(msg)
	switch {
	case len(data) == 0:
		msg[at] ^= 1
	case data[0]%2 == 0:
		copy(msg[at:], data[1:])
	default:
		msg = slices.Insert(msg, at, data[1:]...)
	}
	return msg
}

// spoil makes a hostile variant of a message.
func spoil(dice *rand.Rand, msg []byte) []byte {
	return mutate(msg, []change{flipBit, cut, retype, ones, one, changes}[dice.IntN(6)], dice.IntN(len(msg)), make([]byte, dice.IntN(8)))
}

// Between the messages of key exchanges, refreshes, chat and SMP, hostile
// variants of them arrive at both. Nothing panics, nobody takes anything for
// sealed that the other one has not said, and nothing private gets out.
func TestHostileVariants(t *testing.T) {
	rounds := 120
	if testing.Short() {
		rounds = 20
	}
	for round := range rounds {
		dice := rand.New(rand.NewPCG(uint64(round), 11))
		v := []Policy{AllowV2, AllowV3, Manual}[round%3]
		p := newPair(t, func(a, b *Config) {
			a.Policy, b.Policy = v|ErrorStartsAKE, v|RequireEncryption|ErrorStartsAKE
			a.Rand, b.Rand = seeded(round), seeded(round+700)
			b.EarlyWait = earlyWait
		})
		ends := []*end{p.a, p.b}
		for range 100 {
			e := ends[dice.IntN(2)]
			switch dice.IntN(16) {
			case 0:
				e.take(e.Start())
			case 1:
				if e.State() == Encrypted {
					e.say("canary")
				}
			case 2:
				e.take(e.Authenticate([]byte("x"), []string{"", "?"}[dice.IntN(2)]))
			case 3:
				e.take(e.Answer([]byte("x")))
			case 4:
				p.clock = p.clock.Add(time.Duration(dice.IntN(30)) * time.Second)
				e.take(e.Tick(), nil)
			case 5:
				if dice.IntN(5) == 0 {
					e.take(e.End())
				}
			case 6, 7, 8:
				from := ends[dice.IntN(2)]
				if n := len(from.wire); n > 0 {
					late := max(0, n-6)
					e.take(e.Receive(spoil(dice, from.wire[late+dice.IntN(n-late)])))
				}
			default:
				if len(e.queue) > 0 {
					e.deliverOne()
				}
			}
			for _, e := range ends {
				for _, text := range e.texts {
					if text != "canary" && text != "[resent] canary" {
						t.Fatalf("round %d: %s was shown %q", round, e.name, text)
					}
				}
				e.texts = nil
			}
		}
		for _, e := range ends {
			for _, w := range e.wire {
				if bytes.Contains(w, []byte("canary")) {
					t.Fatalf("round %d: in clear", round)
				}
			}
		}
	}
}
