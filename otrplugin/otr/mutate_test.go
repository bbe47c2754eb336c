package otr

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"

	"culver/otrplugin/otr/internal/wire"
)

// spoil makes a hostile variant of a message: bits flipped, numbers replaced
// by ones out of range, cut, or of another type.
func spoil(dice *rand.Rand, msg []byte) []byte {
	body, dotted := wire.Unarmour(bytes.TrimPrefix(msg, []byte(wire.Prefix)))
	if !bytes.HasPrefix(msg, []byte(wire.Prefix)) || !dotted || len(body) < 12 {
		return msg
	}
	switch dice.IntN(6) {
	case 0:
		body[dice.IntN(len(body))] ^= 1 << dice.IntN(8)
	case 1: // a key of 1 in place of whatever there is
		body = append(body[:3+int(body[1]-2)*8], 0, 0, 0, 1, 1)
	case 2:
		body = body[:dice.IntN(len(body))]
	case 3:
		body[2] = []byte{0x02, 0x03, 0x0a, 0x11, 0x12}[dice.IntN(5)]
	case 4:
		copy(body[len(body)-8:], "\xff\xff\xff\xff\xff\xff\xff\xff")
	}
	return wire.Armour(body)
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
