package sound

import (
	"encoding/binary"
	"slices"
	"testing"
)

var names = []string{"received", "began", "named", "room", "sent", "on", "off"}

func TestTones(t *testing.T) {
	seen := map[string]bool{}
	for _, name := range names {
		loud, soft := render(tune(name), 100), render(tune(name), 25)
		if len(loud) < rate/10 || len(loud) > rate || len(soft) != len(loud) {
			t.Errorf("%s has %d samples", name, len(loud))
		}
		// It begins and ends in silence, and its volume is what was asked for.
		if first, last := loud[0], loud[len(loud)-1]; first != 0 || last > 50 || last < -50 {
			t.Errorf("%s begins with %d and ends with %d", name, first, last)
		}
		if h, l := slices.Max(loud), slices.Max(soft); h < 8000 || h > 30000 || l < h/4-2 || l > h/4+2 {
			t.Errorf("%s is up to %d and %d", name, h, l)
		}
		seen[string(raw(loud))] = true
	}
	if len(seen) != len(names) {
		t.Error("some sound the same")
	}
	if tune("nothing") != nil || len(render(nil, 50)) != 0 {
		t.Error("there is a sound of nothing")
	}
}

func TestWave(t *testing.T) {
	w := wave([]int16{1, -2})
	le := binary.LittleEndian
	if len(w) != 48 || string(w[:4]) != "RIFF" || le.Uint32(w[4:]) != 40 || string(w[36:40]) != "data" || le.Uint32(w[40:]) != 4 || int16(le.Uint16(w[46:])) != -2 {
		t.Errorf("% x", w)
	}
}
