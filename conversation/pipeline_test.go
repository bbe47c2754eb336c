package conversation

import (
	"errors"
	"testing"

	"culver/im"
	"culver/plugin"
)

type fake struct {
	out func(string) (plugin.Out, error)
	in  func(string) (plugin.In, error)
}

func (f fake) Outgoing(_ im.ConvID, s string) (plugin.Out, error)        { return f.out(s) }
func (f fake) Incoming(_ im.ConvID, a plugin.Arrival) (plugin.In, error) { return f.in(a.Wire) }

var conv = im.ConvID{Account: "xmpp:a@b", Peer: "c@d"}

func seal(level im.Level) im.Seal { return im.Seal{Level: level, By: "x"} }

func encrypts(s string) (plugin.Out, error) {
	return plugin.Out{Wire: "enc(" + s + ")", Seal: seal(im.Private)}, nil
}
func passes(s string) (plugin.Out, error) { return plugin.Out{Wire: s}, nil }

func TestOutgoingFailsClosed(t *testing.T) {
	for _, c := range []struct {
		name     string
		out      func(string) (plugin.Out, error)
		sealed   im.Level
		required bool
		wire     string // empty: must fail
	}{
		{"open, passes", passes, im.Open, false, "hi"},
		{"open, encrypts", encrypts, im.Open, false, "enc(hi)"},
		{"private, encrypts", encrypts, im.Private, false, "enc(hi)"},
		{"private, passes", passes, im.Private, false, ""},
		{"verified, passes", passes, im.Verified, false, ""},
		{"ended, passes", passes, im.Ended, false, ""},
		{"required, passes", passes, im.Open, true, ""},
		{"required, encrypts", encrypts, im.Open, true, "enc(hi)"},
		{"fails", func(string) (plugin.Out, error) { return plugin.Out{Wire: "hi"}, errors.New("no") }, im.Open, false, ""},
		{"panics", func(string) (plugin.Out, error) { panic("bug") }, im.Open, false, ""},
		{"leaves nothing", func(string) (plugin.Out, error) { return plugin.Out{}, nil }, im.Open, false, ""},
		{"claims Ended", func(s string) (plugin.Out, error) { return plugin.Out{Wire: s, Seal: seal(im.Ended)}, nil }, im.Private, false, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, err := Outgoing([]plugin.Transformer{fake{out: c.out}}, conv, "hi", seal(c.sealed), c.required)
			if (err == nil) != (c.wire != "") || out.Wire != c.wire {
				t.Fatalf("got %q, %v; want %q", out.Wire, err, c.wire)
			}
		})
	}
}

func TestOutgoingWithoutTransformersIsNotPrivate(t *testing.T) {
	if _, err := Outgoing(nil, conv, "hi", seal(im.Private), false); !errors.Is(err, ErrUnsealed) {
		t.Fatalf("got %v", err)
	}
	out, err := Outgoing(nil, conv, "hi", im.Seal{}, false)
	if err != nil || out.Wire != "hi" {
		t.Fatalf("got %v %v", out, err)
	}
}

func TestOutgoingHoldsAndStops(t *testing.T) {
	hold := fake{out: func(string) (plugin.Out, error) { return plugin.Out{Hold: true, Reason: "wait"}, nil }}
	never := fake{out: func(string) (plugin.Out, error) { t.Fatal("asked after a hold"); return plugin.Out{}, nil }}
	out, err := Outgoing([]plugin.Transformer{hold, never}, conv, "hi", seal(im.Private), true)
	if err != nil || !out.Hold || out.Reason != "wait" || out.Wire != "" {
		t.Fatalf("got %+v %v", out, err)
	}
}

func TestALaterTransformerDoesNotTakeTheSealAway(t *testing.T) {
	out, err := Outgoing([]plugin.Transformer{fake{out: encrypts}, fake{out: passes}}, conv, "hi", seal(im.Private), true)
	if err != nil || out.Seal.Level != im.Private {
		t.Fatalf("got %+v %v", out, err)
	}
}

func TestIncomingRunsWireSideFirst(t *testing.T) {
	inner := fake{in: func(s string) (plugin.In, error) { return plugin.In{Text: "1" + s}, nil }}
	outer := fake{in: func(s string) (plugin.In, error) { return plugin.In{Text: "2" + s, Seal: seal(im.Private)}, nil }}
	in, err := Incoming([]plugin.Transformer{inner, outer}, conv, plugin.Arrival{Wire: "x"})
	if err != nil || in.Text.String() != "12x" || in.Seal.Level != im.Private {
		t.Fatalf("got %+v %v", in, err)
	}
}

func TestIncomingSurvivesAPanic(t *testing.T) {
	in, err := Incoming([]plugin.Transformer{fake{in: func(string) (plugin.In, error) { panic("bug") }}}, conv, plugin.Arrival{Wire: "x"})
	if err == nil || !in.Drop {
		t.Fatalf("got %+v %v", in, err)
	}
}

func TestIncomingReadsMarkupOnlyWhereItIs(t *testing.T) {
	plain, _ := Incoming(nil, conv, plugin.Arrival{Wire: "<b>x</b>"})
	if plain.Text.String() != "<b>x</b>" {
		t.Fatalf("got %q", plain.Text)
	}
	rich := fake{in: func(s string) (plugin.In, error) { return plugin.In{Text: s, Markup: true}, nil }}
	in, _ := Incoming([]plugin.Transformer{rich}, conv, plugin.Arrival{Wire: "<b>x</b>"})
	if in.Text.String() != "x" || in.Text[0].Style != im.Bold {
		t.Fatalf("got %#v", in.Text)
	}
}

func TestTimeline(t *testing.T) {
	tl := NewTimeline([]im.Message{{ID: "1"}, {ID: "2"}, {ID: "3"}})
	tl.Add(im.Message{ID: "2", Reason: "again"})
	if tl.Len() != 3 || tl.At(1).Reason != "again" {
		t.Fatal("adding twice did not change in place")
	}
	if !tl.Remove("1") || tl.Remove("1") || tl.Change(im.Message{ID: "1"}) {
		t.Fatal("removal")
	}
	if m, ok := tl.Find("3"); !ok || m.ID != "3" || tl.At(1).ID != "3" {
		t.Fatal("places after a removal")
	}
	if last := tl.Lines(1); len(last) != 1 || last[0].ID != "3" {
		t.Fatalf("got %v", last)
	}
}

// What one transformer sealed and another one stopped did not leave: the first one
// has to know, or it may send the text again by itself.
func TestWhatDidNotLeaveIsTakenBack(t *testing.T) {
	var log []string
	seals := fake{out: func(s string) (plugin.Out, error) {
		return plugin.Out{Wire: "enc(" + s + ")", Seal: seal(im.Private), Unsent: func() { log = append(log, "taken back") }}, nil
	}}
	for _, c := range []struct {
		name string
		then func(string) (plugin.Out, error)
		want int
	}{
		{"it leaves", passes, 0},
		{"an error", func(string) (plugin.Out, error) { return plugin.Out{}, errors.New("no") }, 1},
		{"a panic", func(string) (plugin.Out, error) { panic("bug") }, 1},
		{"a hold", func(string) (plugin.Out, error) { return plugin.Out{Hold: true}, nil }, 1},
		{"nothing left", func(string) (plugin.Out, error) { return plugin.Out{}, nil }, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			log = nil
			out, err := Outgoing([]plugin.Transformer{seals, fake{out: c.then}}, conv, "hi", im.Seal{}, false)
			if len(log) != c.want {
				t.Fatalf("taken back %d times, want %d (%+v, %v)", len(log), c.want, out, err)
			}
			if c.want == 0 {
				out.Unsent()
				if len(log) != 1 {
					t.Error("it cannot be taken back any more")
				}
			}
		})
	}
	log = nil
	out, err := Outgoing([]plugin.Transformer{seals, seals}, conv, "hi", im.Seal{}, false)
	if err != nil {
		t.Fatal(err)
	}
	if out.Unsent(); len(log) != 2 {
		t.Errorf("%d of two are told", len(log))
	}
	breaks := fake{out: func(s string) (plugin.Out, error) {
		return plugin.Out{Wire: s, Seal: seal(im.Private), Unsent: func() { panic("bug") }}, nil
	}}
	never := fake{out: func(string) (plugin.Out, error) { return plugin.Out{Hold: true}, nil }}
	if _, err := Outgoing([]plugin.Transformer{breaks, never}, conv, "hi", im.Seal{}, false); err == nil {
		t.Error("a text that cannot be taken back is held as if it had been")
	}
}

// What a line said without its mark is cleaned as the line is, and is not what a
// transformer makes of it afterwards.
func TestIncomingWithAMark(t *testing.T) {
	marked := func(in plugin.In) fake {
		return fake{in: func(string) (plugin.In, error) { return in, nil }}
	}
	passes := fake{in: func(s string) (plugin.In, error) { return plugin.In{Text: s}, nil }}
	shouts := fake{in: func(s string) (plugin.In, error) { return plugin.In{Text: s + "!"}, nil }}
	for name, c := range map[string]struct {
		chain []plugin.Transformer
		said  string
	}{
		"text":       {[]plugin.Transformer{marked(plugin.In{Text: "* <b>a</b>\x00", Said: "<b>a</b>\x00"})}, "<b>a</b>"},
		"markup":     {[]plugin.Transformer{marked(plugin.In{Text: "* <b>a</b>", Said: "<b>a</b>", Markup: true})}, "a"},
		"none":       {[]plugin.Transformer{marked(plugin.In{Text: "a"})}, ""},
		"passed on":  {[]plugin.Transformer{passes, marked(plugin.In{Text: "* a", Said: "a"})}, "a"},
		"other text": {[]plugin.Transformer{shouts, marked(plugin.In{Text: "* a", Said: "a"})}, ""},
		"not shown":  {[]plugin.Transformer{marked(plugin.In{Text: "* a", Said: "a", Drop: true})}, ""},
	} {
		if in, err := Incoming(c.chain, conv, plugin.Arrival{}); err != nil || in.Said.String() != c.said {
			t.Errorf("%s: %q, %v", name, in.Said, err)
		}
	}
}
