package wire

import (
	"bytes"
	"math/rand/v2"
	"testing"
)

// With a memory and without comes the same, whatever came before.
func TestMemoryChangesNothing(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	starts := make([][]byte, 3)
	for i := range starts {
		starts[i] = make([]byte, 300)
		for j := range starts[i] {
			starts[i][j] = byte(random.Uint32())
		}
	}
	var out, in Memory
	var hits int
	for range 3000 {
		msg := append(bytes.Clone(starts[random.IntN(len(starts))][:random.IntN(300)]), "the rest"...)
		if random.IntN(4) == 0 {
			msg[random.IntN(len(msg))] ^= 1
		}
		if out.known && bytes.HasPrefix(msg, out.raw[:]) {
			hits++
		}
		before := []byte("before")
		want := AppendArmour(before, msg)
		if got := out.AppendArmour(before, msg); !bytes.Equal(got, want) {
			t.Fatalf("%x became %s, not %s", msg, got, want)
		}
		text := bytes.Clone(want[len(before)+len(Prefix):])
		switch random.IntN(6) {
		case 0: // damaged
			text[random.IntN(len(text))] ^= byte(1 << random.IntN(8))
		case 1: // wrapped
			at := random.IntN(len(text))
			text = append(append(bytes.Clone(text[:at]), '\n'), text[at:]...)
		case 2: // cut
			text = text[:random.IntN(len(text))]
		}
		wantMsg, wantDot := AppendUnarmour(before, text)
		if got, dotted := in.AppendUnarmour(before, text); !bytes.Equal(got, wantMsg) || dotted != wantDot {
			t.Fatalf("%s became %x, not %x", text, got, wantMsg)
		}
	}
	if hits < 100 {
		t.Fatalf("remembered %d times only", hits)
	}
}
