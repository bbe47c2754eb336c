package otr

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"culver/otrplugin/otr/internal/fragment"
	"culver/otrplugin/otr/internal/wire"
)

// The rows of known flaws in other programs that are about the engine.

// TestCVE_2016_2851_LengthsThatOverflow: pieces that would make a message of 4 GiB, and
// lengths that say as much, are neither kept nor added up (libotr 4.1.0).
func TestCVE_2016_2851_LengthsThatOverflow(t *testing.T) {
	p := newPair(t, func(a, b *Config) { b.Policy = Opportunistic }).secure()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	big := strings.Repeat("A", 64<<10)
	for k := 1; k <= 600; k++ { // the beginning of one message without end
		p.b.take(p.b.Receive(fmt.Appendf(nil, "?OTR|00001001|00002002,%d,%d,%s,", k, fragment.MaxPieces, big)))
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if more := int64(after.HeapAlloc) - int64(before.HeapAlloc); more > 16<<20 {
		t.Errorf("%d MiB are kept", more>>20)
	}
	for _, body := range []string{"\xff\xff\xff\xff", "\xff\xff\xff\xfe" + big, "\x80\x00\x00\x00", "\x7f\xff\xff\xff"} {
		for _, kind := range []wire.Type{wire.DHCommit, wire.DHKey, wire.RevealSig, wire.Signature, wire.Data} {
			h := wire.Header{Version: 3, Type: kind, From: 0x1001, To: 0x2002}
			p.b.take(p.b.Receive(wire.Armour(append(h.Append(nil), body...))))
			p.b.take(p.b.Receive(wire.Armour(append(h.Append(nil), "\x00\x00\x00\x00\x01"+body+body...))))
		}
	}
	p.b.queue, p.b.texts, p.b.errs = nil, nil, nil
	p.a.say("hi")
	p.run()
	p.shown(p.b, "hi")
}

// TestCVE_2012_3461_NothingToDecode: armour around nothing, or less than nothing
// (libotr 3.2.0 wrote before its buffer).
func TestCVE_2012_3461_NothingToDecode(t *testing.T) {
	p := newPair(t, func(a, b *Config) { b.Policy = Opportunistic }).secure()
	for _, msg := range []string{"?OTR:===.", "?OTR:==.", "?OTR:=.", "?OTR:.", "?OTR:", "?OTR:====", "?OTR:A===.", "?OTR:=AAMD.", "?OTR: .", "?OTR:\n=.",
		"?OTR|00001001|00002002,1,1,?OTR:===.,", "?OTR,1,1,?OTR:===.,"} {
		if msg, _ := wire.Unarmour([]byte(strings.TrimPrefix(msg, wire.Prefix))); strings.Contains(string(msg), "=") {
			t.Errorf("%q stands for %q", msg, msg)
		}
		p.b.take(p.b.Receive([]byte(msg)))
		if p.b.State() != Encrypted {
			t.Fatalf("%q changed the state", msg)
		}
	}
	for _, text := range []string{"===.", "==", "=", ".", ""} {
		if got, _ := wire.Unarmour([]byte(text)); len(got) != 0 {
			t.Errorf("%q stands for %d bytes", text, len(got))
		}
	}
	p.b.queue, p.b.texts, p.b.errs = nil, nil, nil
	p.a.say("hi")
	p.run()
	p.shown(p.b, "hi")
}
