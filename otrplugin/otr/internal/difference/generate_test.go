package difference

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"culver/otrplugin/otr/internal/discovery"
	"culver/otrplugin/otr/internal/wire"
)

// scraps are what messages are put together from: marks, whole and in parts,
// and what might be mistaken for one.
var scraps = []string{
	"?OTR", "?OTR?", "?OTRv", "?OTRv2?", "?OTRv3?", "?OTRv23?", "?OTR?v2?", "?OTRv4?", "?OTRv?", "?OTR?v", "?OTRv2 3?",
	"?OTR:", "?OTR:AAMC", "?OTR:AAMD", "?OTR:AAMK", "?OTR:AAMR", "?OTR:AAMS", "?OTR:AAIC", "?OTR:AAID", "?OTR:AAIK", "?OTR:AAIR", "?OTR:AAIS",
	"?OTR:AAEK", "?OTR:AAED", "?OTR:AAMZ", "?OTR:AAQD", "?OTR Error:", "?OTR Error: no", "?OTR,", "?OTR|", "?OTR,1,2,x,", "?OTR|100|200,1,1,x,",
	discovery.TagBase, discovery.TagV1, discovery.TagV2, discovery.TagV3, discovery.TagBase[:15], "        ", "\t\t\t\t\t\t\t\t",
	"AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "////", "=", "==", ".", ",", "|", "?", "v", "2", "3", "1", "0", " ", "\t", "\n", "hello", "<p>", "é", "\xff",
}

// message makes a message out of scraps.
func message(dice *rand.Rand) []byte {
	var b []byte
	for range 1 + dice.IntN(5) {
		b = append(b, scraps[dice.IntN(len(scraps))]...)
	}
	return b
}

// armoured makes an armoured message with a good header and any body.
func armoured(dice *rand.Rand) []byte {
	h := wire.Header{Version: 2 + uint16(dice.IntN(2)), Type: []wire.Type{2, 3, 10, 17, 18}[dice.IntN(5)]}
	if h.Version == 3 {
		h.From, h.To = dice.Uint32(), dice.Uint32()
	}
	body := h.Append(nil)
	for range dice.IntN(40) {
		body = append(body, byte(dice.Uint32()))
	}
	return wire.Armour(body)
}

// piece makes a fragment, seldom an odd one.
func piece(dice *rand.Rand, k, n int) []byte {
	number := func(n int) string {
		return fmt.Sprintf([]string{"%d", "%05d", "%02d", "%09d"}[dice.IntN(4)], n)
	}
	if dice.IntN(8) == 0 {
		k = []int{0, 1, n, n + 1, 65535, 65536, 70000}[dice.IntN(7)]
	}
	if dice.IntN(16) == 0 {
		n = []int{0, 1, 65535, 65536, 1 << 40}[dice.IntN(5)]
	}
	text := []string{"a", "?OTR:AAMD", "xyz", "?OTR", strings.Repeat("b", 100)}[dice.IntN(5)]
	if dice.IntN(20) == 0 {
		text = ""
	}
	head := "?OTR,"
	if dice.IntN(2) == 0 {
		head = fmt.Sprintf("?OTR|%x|%08X,", dice.Uint32(), dice.Uint32())
	}
	return []byte(head + number(k) + "," + number(n) + "," + text + ",")
}

// sequence makes a few messages in pieces, with losses and things between.
func sequence(dice *rand.Rand) (b []byte) {
	for range 1 + dice.IntN(3) {
		n := 1 + dice.IntN(4)
		for k := 1; k <= n; k++ {
			switch dice.IntN(12) {
			case 0: // lost
			case 1:
				b = append(append(b, message(dice)...), 0)
				fallthrough
			case 2:
				b = append(append(b, piece(dice, k, n)...), 0)
				fallthrough
			default:
				b = append(append(b, piece(dice, k, n)...), 0)
			}
		}
	}
	return b
}

// payload makes records, some of them cut short.
func payload(dice *rand.Rand) (b []byte) {
	for range dice.IntN(4) {
		n := dice.IntN(6)
		b = append(b, 0, byte(dice.IntN(10)), 0, byte(n))
		for range n {
			b = append(b, byte(dice.Uint32()))
		}
	}
	if len(b) > 0 && dice.IntN(4) == 0 {
		b = b[:dice.IntN(len(b))]
	}
	if len(b) > 3 && dice.IntN(8) == 0 {
		b[2+dice.IntN(2)] ^= byte(dice.Uint32())
	}
	return b
}

// mutate changes a few bytes.
func mutate(dice *rand.Rand, b []byte) []byte {
	const telling = "?OTR:Error, v23|.=AKDCRSZ \t\n0189f"
	for range dice.IntN(3) {
		if len(b) == 0 {
			break
		}
		switch i := dice.IntN(len(b)); dice.IntN(4) {
		case 0:
			b[i] = telling[dice.IntN(len(telling))]
		case 1:
			b = append(b[:i], b[i+1:]...)
		case 2:
			b = append(b[:i], append([]byte{telling[dice.IntN(len(telling))]}, b[i:]...)...)
		default:
			b[i] = byte(dice.Uint32())
		}
	}
	return b
}

// ask makes one question.
func ask(dice *rand.Rand) (Question, []byte) {
	switch q := Question(questions[dice.IntN(len(questions))]); q {
	case Records:
		return q, payload(dice)
	case Pieces:
		return q, mutate(dice, sequence(dice))
	default:
		switch dice.IntN(4) {
		case 0:
			return q, mutate(dice, armoured(dice))
		case 1:
			return q, mutate(dice, piece(dice, 1, 2))
		default:
			return q, mutate(dice, message(dice))
		}
	}
}
