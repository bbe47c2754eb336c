package otr

import (
	"fmt"
	"testing"
)

// prepare does at once all that can be prepared.
func (e *end) prepare() (used bool) {
	w := e.Prepare()
	if w == nil {
		return false
	}
	w.Run()
	return e.Adopt(w)
}

// A session that prepares talks with one that doesn't, and both rotate keys.
func TestPrepare(t *testing.T) {
	eachVersion(t, func(t *testing.T, v Policy) {
		p := newPair(t, func(a, b *Config) { a.Policy = v })
		if p.a.Prepare() != nil {
			t.Fatal("something to prepare for a conversation in clear")
		}
		p.secure()
		used := 0
		for turn := range 12 {
			for _, e := range []*end{p.a, p.b} {
				if e == p.a || turn > 6 {
					for e.prepare() {
						used++
					}
					if e.Prepare() != nil {
						t.Fatal("still something to prepare")
					}
				}
				text := fmt.Sprint(e.name, turn)
				e.say(text)
				if turn%4 == 1 {
					e.prepare()
				}
				p.run()
				p.shown(e.to, text)
			}
		}
		if used < 12 {
			t.Fatalf("prepared %d times only", used)
		}
		p.a.take(p.a.Start())
		p.run()
		p.want(p.a, Refreshed)
		p.a.prepare()
		p.a.say("after")
		p.run()
		p.shown(p.b, "after")
		p.noErrors()
	})
}

// Work that comes back when its keys are gone changes nothing.
func TestPreparedTooLate(t *testing.T) {
	other := newPair(t, nil).secure()
	for name, meanwhile := range map[string]func(p *pair){
		"ended":      func(p *pair) { p.a.take(p.a.End()) },
		"peer ended": func(p *pair) { p.b.take(p.b.End()); p.run() },
		"dropped":    func(p *pair) { p.a.Drop() },
		"closed":     func(p *pair) { p.a.Close() },
		"refreshed":  func(p *pair) { p.a.take(p.a.Start()); p.run() },
		"another key": func(p *pair) {
			p.b.Session = New(Config{Key: keys()[2], InstanceTag: 0x2002, Policy: Manual})
			p.b.take(p.b.Start())
			p.run()
		},
		"rotated": func(p *pair) { p.a.say("x"); p.run(); p.b.say("y"); p.run() },
		"rotated twice": func(p *pair) {
			p.a.say("x")
			p.run()
			p.b.say("y")
			p.run()
			p.a.say("x")
			p.run()
			p.b.say("y")
			p.run()
		},
		"adopted": func(p *pair) {
			for p.a.prepare() {
			}
			p.a.say("x")
			p.run()
			p.b.say("y")
			p.run()
		},
	} {
		p := newPair(t, nil).secure()
		p.a.say("1")
		p.run()
		p.b.say("2")
		p.run()
		w := p.a.Prepare()
		w.Run()
		meanwhile(p)
		for _, e := range []*end{p.a, p.a, other.a} {
			if e.Adopt(w) {
				t.Errorf("%s: adopted", name)
			}
		}
		w.Run()
		if p.a.State() == Encrypted {
			p.a.texts, p.b.texts = nil, nil
			p.a.say("on")
			p.run()
			p.b.say("and on")
			p.run()
			p.shown(p.b, "on")
			p.shown(p.a, "and on")
		}
	}
	w := other.a.Prepare()
	w.Run()
	stranger := newPair(t, nil).secure()
	if stranger.a.Adopt(w) || other.a.Adopt(w) {
		t.Error("adopted by another session, or after that")
	}
	if other.a.Adopt(nil) {
		t.Error("nothing was adopted")
	}
	w = other.a.Prepare()
	w.Wipe()
	w.Run()
	if other.a.Adopt(w); !other.a.prepare() {
		t.Error("wiped work came back")
	}
	(*Work)(nil).Wipe()
	(*Work)(nil).Run()
	mine := new(Work) // what a caller made
	mine.Run()
	if other.a.Adopt(mine) {
		t.Error("adopted what nobody prepared")
	}
	mine.Wipe()
}

// The session works on while its keys are prepared elsewhere.
func TestPrepareElsewhere(t *testing.T) {
	p := newPair(t, nil).secure()
	used := 0
	for turn := range 30 {
		for _, e := range []*end{p.a, p.b} {
			back := make(chan *Work, 1)
			w := e.Prepare()
			go func() {
				if w != nil {
					w.Run()
				}
				back <- w
			}()
			if turn%3 == 0 {
				e.to.say("meanwhile")
				p.run()
				p.shown(e, "meanwhile")
			}
			if turn%2 == 0 {
				e.say("x")
			}
			if e.Adopt(<-back) {
				used++
			}
			if turn%2 == 1 {
				e.say("x")
			}
			p.run()
			p.shown(e.to, "x")
		}
	}
	p.noErrors()
	if used < 20 {
		t.Fatalf("used %d times", used)
	}
}
