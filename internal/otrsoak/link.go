package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
)

// packet is a message on the wire.
type packet struct {
	n      int // its number, in the transcript
	from   *client
	msg    []byte
	forged bool // nobody sent it so
}

// link is the wire towards one user.
type link struct {
	queue []packet
	past  []packet // some that arrived whole, to be repeated
}

// kept is how many old messages are kept for being repeated.
const kept = 48

func (l *link) remember(p packet, dice *rand.Rand) {
	if len(l.past) < kept {
		l.past = append(l.past, p)
	} else {
		l.past[dice.IntN(kept)] = p
	}
}

// forge makes a message that nobody has sent: garbage, a variant of what was
// sent, or one of those that programs act upon.
func (w *world) forge(u int) []byte {
	dice := w.dice
	past := append(append([]packet(nil), w.links[0].past...), w.links[1].past...)
	old := func() []byte {
		if len(past) == 0 {
			return []byte("?OTR:AAMD.")
		}
		return bytes.Clone(past[dice.IntN(len(past))].msg)
	}
	switch dice.IntN(9) {
	case 0:
		return []byte([]string{
			"?OTRv23?", "?OTRv2?", "?OTRv3?", "?OTR?v2?", "?OTRv?", "?OTR?", "?OTRv4?", "?OTRv23? \t  \t\t\t\t \t \t \t    \t\t  \t\t",
		}[dice.IntN(8)])
	case 1:
		return []byte("?OTR Error: no such session")
	case 2:
		return []byte("hello \t  \t\t\t\t \t \t \t    \t\t  \t \t  \t\t  \t\t"[:5+8*dice.IntN(5)])
	case 3:
		return []byte([]string{
			"?OTR:===.", "?OTR:.", "?OTR:AAMDAAAAAQ.", "?OTR,1,2,x,", "?OTR,65535,65535,x,", "?OTR|1|2,3,2,x,", "?OTR|ffffffff|0,1,65535,x,", "?OTR:AAMC//////////8=.",
		}[dice.IntN(8)])
	case 4:
		b := make([]byte, dice.IntN(60))
		for i := range b {
			b[i] = byte(dice.Uint32())
		}
		return b
	case 5: // cut
		b := old()
		return b[:dice.IntN(len(b)+1)]
	case 6: // a bit or a character is another one
		b := old()
		if len(b) > 0 {
			b[dice.IntN(len(b))] ^= 1 << dice.IntN(8)
		}
		return b
	case 7: // a commit that nobody stands by
		if dice.IntN(2) == 0 {
			return []byte(fmt.Sprintf("?OTR|%08x|%08x,00001,00002,?OTR:AAMC,", dice.Uint32(), 0))
		}
		return w.stranger()
	default: // what one user sent comes back to him, or comes again late
		return old()
	}
}

// stranger is a commit of somebody who is not heard of again.
func (w *world) stranger() []byte {
	cfg := w.config(2, drawTag(w.dice), nil)
	s := newCulver(cfg, w.dice.Uint64(), &w.clock)
	defer s.close()
	o := s.do("recv", "?OTRv"+string(rune('2'+w.dice.IntN(2)))+"?")
	if len(o.wire) == 0 {
		return nil
	}
	return o.wire[0]
}

// drawTag draws an instance tag.
func drawTag(dice *rand.Rand) uint32 { return 0x100 + dice.Uint32N(1<<31) }
