package otr

import (
	"fmt"
	"testing"
	"time"
)

// Of many texts that nobody answered the latest are kept, in order, for as long
// as each may be sent again.
func TestRecentTexts(t *testing.T) {
	for _, c := range []struct {
		texts int
		pause time.Duration // before the last five
		first int           // that is sent again
	}{
		{texts: 2}, {texts: maxRecent}, {texts: maxRecent + 1, first: 1}, {texts: 2*maxRecent + 5, first: maxRecent + 5},
		{texts: maxRecent + 9, pause: recentAge, first: maxRecent + 4}, {texts: 7, pause: recentAge, first: 2},
	} {
		p := newPair(t, func(a, b *Config) { a.Policy = Opportunistic }).secure()
		p.restart(Opportunistic)
		for n := range c.texts {
			if n == c.texts-5 {
				p.clock = p.clock.Add(c.pause)
			}
			p.clock = p.clock.Add(time.Second / 2)
			p.a.say(fmt.Sprint("text ", n))
		}
		p.a.Tick()
		kept := p.a.recentTexts()
		p.run()
		var want []string
		for n := c.first; n < c.texts; n++ {
			want = append(want, fmt.Sprint("[resent] text ", n))
		}
		p.shown(p.b, want...)
		if len(p.a.recent) != 0 {
			t.Fatalf("%d texts are kept", len(p.a.recent))
		}
		for _, k := range kept {
			for _, c := range k.text {
				if c != 0 {
					t.Fatal("a text is not wiped")
				}
			}
		}
	}
}
