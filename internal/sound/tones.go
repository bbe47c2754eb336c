// Package sound makes the sounds of the program, and has the system play them. They are
// computed, from notes: there is no recording of anybody's.
package sound

import (
	"encoding/binary"
	"math"
	"time"
)

// rate is how many samples make a second; there is one channel of 16 bits.
const rate = 44100

// note is one tone that fades away, like that of a small bell.
type note struct {
	hertz float64
	at    time.Duration // when it begins
	long  time.Duration // until it is hardly heard
	loud  float64       // 1 is the loudest
}

// Pitches, of the tempered scale.
const (
	g4 = 392.00
	c5 = 523.25
	e5 = 659.25
	g5 = 783.99
	a5 = 880.00
	d6 = 1174.66
)

const ms = time.Millisecond

// tune is what a sound is made of; nil if there is none of that name. Those of coming and
// going are each other turned round.
func tune(name string) []note {
	switch name {
	case "received":
		return []note{{e5, 0, 220 * ms, 0.8}, {a5, 90 * ms, 380 * ms, 1}}
	case "began":
		return []note{{c5, 0, 240 * ms, 0.8}, {e5, 100 * ms, 260 * ms, 0.9}, {g5, 200 * ms, 480 * ms, 1}}
	case "named":
		return []note{{a5, 0, 200 * ms, 1}, {a5, 120 * ms, 200 * ms, 1}, {d6, 240 * ms, 480 * ms, 1}}
	case "room":
		return []note{{e5, 0, 240 * ms, 0.5}}
	case "sent":
		return []note{{g4, 0, 120 * ms, 0.5}, {c5, 50 * ms, 160 * ms, 0.5}}
	case "on":
		return []note{{c5, 0, 240 * ms, 0.6}, {g5, 130 * ms, 420 * ms, 0.7}}
	case "off":
		return []note{{g5, 0, 240 * ms, 0.6}, {c5, 130 * ms, 420 * ms, 0.7}}
	}
	return nil
}

// render computes the samples of a tune, so loud in percent.
func render(tune []note, volume int) []int16 {
	end := time.Duration(0)
	for _, n := range tune {
		end = max(end, n.at+n.long)
	}
	mix := make([]float64, samples(end))
	for _, n := range tune {
		length := samples(n.long)
		for i := range length {
			t := float64(i) / rate
			left := 1 - float64(i)/float64(length)
			attack := min(1, t/0.004) // without it, there is a click
			wave := math.Sin(2*math.Pi*n.hertz*t) + 0.25*math.Sin(4*math.Pi*n.hertz*t)*left
			mix[samples(n.at)+i] += n.loud * attack * left * left * wave
		}
	}
	peak := 1.0
	for _, v := range mix {
		peak = max(peak, math.Abs(v))
	}
	out := make([]int16, len(mix))
	scale := 0.9 * math.MaxInt16 / peak * float64(min(max(volume, 0), 100)) / 100
	for i, v := range mix {
		out[i] = int16(v * scale)
	}
	return out
}

func samples(d time.Duration) int { return int(d.Seconds() * rate) }

// raw are the samples as players take them, the low byte first.
func raw(samples []int16) []byte {
	out := make([]byte, 0, 2*len(samples))
	for _, s := range samples {
		out = binary.LittleEndian.AppendUint16(out, uint16(s))
	}
	return out
}

// wave is a whole file of them (RIFF WAVE).
func wave(samples []int16) []byte {
	data := raw(samples)
	le := binary.LittleEndian
	b := append([]byte("RIFF"), le.AppendUint32(nil, uint32(36+len(data)))...)
	b = append(b, "WAVEfmt "...)
	b = le.AppendUint32(b, 16) // the length of this part
	b = le.AppendUint16(b, 1)  // plain samples
	b = le.AppendUint16(b, 1)  // one channel
	b = le.AppendUint32(b, rate)
	b = le.AppendUint32(b, 2*rate)
	b = le.AppendUint16(b, 2)
	b = le.AppendUint16(b, 16)
	b = le.AppendUint32(append(b, "data"...), uint32(len(data)))
	return append(b, data...)
}
