package bench

import (
	"bytes"
	"fmt"
)

// Tally is what was done, to be compared with the other implementations.
type Tally struct {
	messages  int // encoded messages; of one in fragments, the first
	fragments int
	wire      int // bytes of messages and fragments
	plaintext int // bytes that arrived as they were sent
	rotations int // messages with other D-H key ids than the last of that side
	smp       int // sides that saw SMP succeed
	secured   int // sides that saw a key exchange succeed

	keyIDs [2][]byte // as they stood in the last data message of each side
	err    error     // the first thing that went wrong
}

// reset forgets what was done, but not what stood on the wire last or went wrong.
func (t *Tally) reset() { *t = Tally{keyIDs: t.keyIDs, err: t.err} }

// Fail tells that something went wrong.
func (t *Tally) Fail(format string, args ...any) {
	if t.err == nil {
		t.err = fmt.Errorf(format, args...)
	}
}

// NewWire tells that another conversation begins.
func (t *Tally) NewWire() { t.keyIDs = [2][]byte{} }

// Sent tells what a side puts on the wire. The ids of the D-H keys are in bytes
// 12 to 19 of a data message of version 3, and 4 to 11 in version 2: encoded,
// those are characters 16 to 26 or 6 to 15.
func (t *Tally) Sent(from int, w []byte) {
	if len(w) <= 32 || string(w[:4]) != "?OTR" {
		return
	}
	switch w[4] {
	case ':':
		t.messages++
		t.wire += len(w)
		switch string(w[5:9]) {
		case "AAMD":
			t.ids(from, w[21:32])
		case "AAID":
			t.ids(from, w[11:21])
		}
	case '|', ',':
		t.fragments++
		t.wire += len(w)
		_, numbers, _ := bytes.Cut(w[:32], []byte(","))
		if bytes.HasPrefix(bytes.TrimLeft(numbers, "0"), []byte("1,")) {
			t.messages++
		}
	}
}

func (t *Tally) ids(from int, ids []byte) {
	if last := t.keyIDs[from]; last == nil {
		t.keyIDs[from] = bytes.Clone(ids)
	} else if !bytes.Equal(last, ids) {
		t.rotations++
		copy(last, ids)
	}
}

// Shown tells that a text was shown, and what had been sent.
func (t *Tally) Shown(text, sent []byte, sealed bool) {
	if !sealed || !bytes.Equal(text, sent) {
		t.Fail("another text arrived than was sent")
	}
	t.plaintext += len(text)
}

// Secured tells that a side has seen a key exchange succeed.
func (t *Tally) Secured() { t.secured++ }

// Authenticated tells that a side has seen SMP succeed.
func (t *Tally) Authenticated() { t.smp++ }

// String is the tally as lines of the report.
func (t *Tally) String() string {
	return fmt.Sprintf("secured %d\nmessages %d\nfragments %d\nrotations %d\nplaintext %d\nsmp %d\nwire %d\n",
		t.secured, t.messages, t.fragments, t.rotations, t.plaintext, t.smp, t.wire)
}
