package messenger_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
)

// opener is a plugin that opens what begins with "sealed ", and notes what it sees. It
// knows the mark "again: ", and warns of what is "strange ".
type opener struct {
	saw []string
}

var _ plugin.Transformer = (*opener)(nil)

func (*opener) Info() plugin.Info      { return plugin.Info{ID: "open", Name: "Open", Title: "Open"} }
func (*opener) Init(plugin.Host) error { return nil }
func (*opener) Close() error           { return nil }
func (o *opener) Outgoing(_ im.ConvID, text string) (plugin.Out, error) {
	return plugin.Out{Wire: text}, nil
}
func (o *opener) Incoming(_ im.ConvID, a plugin.Arrival) (plugin.In, error) {
	o.saw = append(o.saw, a.Wire)
	text, sealed := strings.CutPrefix(a.Wire, "sealed ")
	if !sealed {
		return plugin.In{Text: a.Wire}, nil
	}
	in := plugin.In{Text: strings.TrimLeft(text, "0123456789 "), Seal: im.Seal{Level: im.Private, By: "open"}}
	if text, strange := strings.CutPrefix(in.Text, "strange "); strange {
		in.Text, in.Alarm = text, "Who is this?"
	}
	if said, again := strings.CutPrefix(in.Text, "again: "); again {
		in.Said = said
	}
	return in, nil
}

const (
	longID  = "a1b2c3d4e5f6a7b8c9d0e1f2"
	otherID = "b1b2c3d4e5f6a7b8c9d0e1f2"
)

func TestWhatComesTwiceIsShownOnce(t *testing.T) {
	desk, phone := im.Addr{Bare: "bob@x", Resource: "desk"}, im.Addr{Bare: "bob@x", Resource: "phone"}
	eve := im.Addr{Bare: "eve@x", Resource: "desk"}
	type came = protocol.Received
	for name, c := range map[string]struct {
		first came
		pass  time.Duration
		again came
		both  bool
		seen  int // by the plugin
	}{
		"the same":                     {came{From: desk, ID: longID, Body: "hi"}, 0, came{From: desk, ID: longID, Body: "hi"}, false, 1},
		"the same, late":               {came{From: desk, ID: longID, Body: "hi"}, time.Hour, came{From: desk, ID: longID, Body: "hi", Late: true}, false, 1},
		"sent again":                   {came{From: desk, ID: longID, Body: "hi"}, time.Hour, came{From: phone, ID: longID, Body: "hi"}, false, 2},
		"sealed, as it was":            {came{From: desk, ID: longID, Body: "sealed 1 hi"}, 0, came{From: desk, ID: longID, Body: "sealed 1 hi"}, false, 1},
		"sealed anew":                  {came{From: desk, ID: longID, Body: "sealed 1 hi"}, 0, came{From: desk, ID: longID, Body: "sealed 2 hi"}, false, 2},
		"in the open after sealed":     {came{From: desk, ID: longID, Body: "sealed 1 hi"}, 0, came{From: desk, ID: longID, Body: "hi"}, true, 2},
		"sealed after open":            {came{From: desk, ID: longID, Body: "hi"}, 0, came{From: desk, ID: longID, Body: "sealed 1 hi"}, true, 2},
		"sent again by itself":         {came{From: desk, ID: longID, Body: "sealed 1 hi"}, time.Minute, came{From: phone, ID: longID, Body: "sealed 2 again: hi"}, false, 2},
		"and before by the user":       {came{From: desk, ID: longID, Body: "sealed 1 again: hi"}, time.Hour, came{From: desk, ID: longID, Body: "sealed 2 hi"}, false, 2},
		"twice by itself":              {came{From: desk, ID: longID, Body: "sealed 1 again: hi"}, 0, came{From: desk, ID: longID, Body: "sealed 2 again: hi"}, false, 2},
		"by itself, other words":       {came{From: desk, ID: longID, Body: "sealed 1 hi"}, 0, came{From: desk, ID: longID, Body: "sealed 2 again: ho"}, true, 2},
		"by itself, another ID":        {came{From: desk, ID: longID, Body: "sealed 1 hi"}, 0, came{From: desk, ID: otherID, Body: "sealed 2 again: hi"}, true, 2},
		"by itself, no ID":             {came{From: desk, Body: "sealed 1 hi"}, 0, came{From: desk, Body: "sealed 2 again: hi"}, true, 2},
		"by itself, a counted ID":      {came{From: desk, ID: "purple1", Body: "sealed 1 hi"}, time.Hour, came{From: desk, ID: "purple1", Body: "sealed 2 again: hi"}, true, 2},
		"by itself, somebody else":     {came{From: desk, ID: longID, Body: "sealed 1 hi"}, 0, came{From: eve, ID: longID, Body: "sealed 2 again: hi"}, true, 2},
		"by itself, after open":        {came{From: desk, ID: longID, Body: "hi"}, 0, came{From: desk, ID: longID, Body: "sealed 2 again: hi"}, true, 2},
		"by itself, a strange key":     {came{From: desk, ID: longID, Body: "sealed 1 hi"}, 0, came{From: desk, ID: longID, Body: "sealed 2 strange again: hi"}, true, 2},
		"the mark in the open":         {came{From: desk, ID: longID, Body: "hi"}, 0, came{From: desk, ID: longID, Body: "again: hi"}, true, 2},
		"other words":                  {came{From: desk, ID: longID, Body: "hi"}, 0, came{From: desk, ID: longID, Body: "ho"}, true, 2},
		"another ID":                   {came{From: desk, ID: longID, Body: "hi"}, 0, came{From: desk, ID: otherID, Body: "hi"}, true, 2},
		"no ID":                        {came{From: desk, Body: "hi"}, 0, came{From: desk, Body: "hi"}, true, 2},
		"somebody else":                {came{From: desk, ID: longID, Body: "hi"}, 0, came{From: eve, ID: longID, Body: "hi"}, true, 2},
		"a counted ID, at once":        {came{From: desk, ID: "purple1", Body: "hi"}, time.Second, came{From: desk, ID: "purple1", Body: "hi"}, false, 1},
		"a counted ID, the next time":  {came{From: desk, ID: "purple1", Body: "hi"}, time.Hour, came{From: desk, ID: "purple1", Body: "hi"}, true, 2},
		"a counted ID, another device": {came{From: desk, ID: "1", Body: "hi"}, time.Hour, came{From: phone, ID: "1", Body: "hi"}, true, 2},
	} {
		t.Run(name, func(t *testing.T) {
			o := &opener{}
			alone(t, part(o), func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
				s := net.online()
				a.UntilOnline()
				s.events <- c.first
				synctest.Wait()
				<-time.After(c.pass)
				s.events <- c.again
				synctest.Wait()
				a.M.Open(bob)
				a.M.Open(im.ConvID{Account: a.Self, Peer: eve.Bare})
				synctest.Wait()
				a.Until("both conversations", func() bool { return a.Chats[im.ConvID{Account: a.Self, Peer: eve.Bare}] != nil })
				n := len(said(a, bob)) + len(said(a, im.ConvID{Account: a.Self, Peer: eve.Bare}))
				if want := map[bool]int{false: 1, true: 2}[c.both]; n != want {
					t.Errorf("%d lines, want %d: %q", n, want, said(a, bob))
				}
				if len(o.saw) != c.seen {
					t.Errorf("the plugin saw %q", o.saw)
				}
			})
		})
	}
}

// A line that came before the program was started anew is known, too.
func TestWhatComesTwiceOverARestart(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		s.events <- protocol.Received{From: im.Addr{Bare: "bob@x", Resource: "desk"}, ID: longID, Body: "hi"}
		a.Expect(bob, "hi")
		a.Quit()
		a.Start()
		s = net.online()
		a.UntilOnline()
		for _, text := range []string{"hi", "ho"} {
			s.events <- protocol.Received{From: im.Addr{Bare: "bob@x", Resource: "phone"}, ID: longID, Body: text}
		}
		a.Expect(bob, "ho")
		if got := said(a, bob); !slices.Equal(got, []string{"hi (Not private)", "ho (Not private)"}) {
			t.Errorf("%q", got)
		}
	})
}
