package messenger_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
)

// sealer numbers what it seals.
type sealer struct {
	host plugin.Host
	n    uint64
}

var _ plugin.Transformer = (*sealer)(nil)

func (*sealer) Info() plugin.Info          { return plugin.Info{ID: "sealer", Name: "Sealer", Title: "Sealer"} }
func (s *sealer) Init(h plugin.Host) error { s.host = h; return nil }
func (*sealer) Close() error               { return nil }
func (s *sealer) Incoming(c im.ConvID, a plugin.Arrival) (plugin.In, error) {
	return plugin.In{Text: a.Wire}, nil
}
func (s *sealer) Outgoing(c im.ConvID, text string) (plugin.Out, error) {
	if text == "doubt" {
		s.host.Doubt(c, []uint64{1, 2, 3, 4, 99}, "Not certain.")
	}
	if number, again := strings.CutPrefix(text, "again "); again {
		n, _ := strconv.ParseUint(number, 10, 64)
		s.host.Wire(c, "sent again", plugin.Hints{Again: n})
		return plugin.Out{}, errors.New("That was all.")
	}
	s.n++
	return plugin.Out{Wire: text, Number: s.n, Seal: im.Seal{Level: im.Private, By: "sealer"}}, nil
}

// Lines that a plugin doubts fail, but for those that a device of the peer's confirmed.
// Sent again they have the same name, and a confirmation that comes after all counts.
func TestDoubtedLinesFail(t *testing.T) {
	alone(t, part(&sealer{}), func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.silent = true
		s := net.online()
		say := func(text string) im.Message {
			a.M.Send(bob, text, im.Open)
			return a.ExpectState(bob, im.Sending)
		}
		read := say("read")
		s.events <- protocol.Delivered{ID: read.Origin, From: im.Addr{Bare: "bob@x", Resource: "desk"}}
		a.ExpectState(bob, im.Delivered)
		sent := say("sent")
		s.events <- protocol.Sent{ID: sent.Origin}
		a.ExpectState(bob, im.Done)
		after := say("read after all")
		s.events <- protocol.Sent{ID: after.Origin}
		a.ExpectState(bob, im.Done)
		under := say("under way")
		say("doubt")
		synctest.Wait()
		a.Until("the lines fail", func() bool { return own(t, a, bob, "under way").State == im.Failed })
		for text, want := range map[string]im.State{"read": im.Delivered, "sent": im.Failed, "read after all": im.Failed, "doubt": im.Sending} {
			if msg := own(t, a, bob, text); msg.State != want || want == im.Failed && msg.Reason != "Not certain." {
				t.Errorf("%q is %v: %s", text, msg.State, msg.Reason)
			}
		}

		s.events <- protocol.Delivered{ID: after.Origin, From: im.Addr{Bare: "bob@x", Resource: "desk"}}
		a.Until("it was read", func() bool { return own(t, a, bob, "read after all").State == im.Delivered })
		s.events <- protocol.Sent{ID: under.Origin} // says nothing of who read it
		a.M.Retry(bob, sent.ID)
		a.Until("it is sent again", func() bool { return own(t, a, bob, "sent").State == im.Sending })
		synctest.Wait()
		if o := s.last(); o.ID != sent.Origin || o.Body != "sent" {
			t.Errorf("%+v", o)
		}
		if msg := own(t, a, bob, "under way"); msg.State != im.Failed {
			t.Errorf("%+v", msg)
		}
	})
}

// What a plugin sends again is the same message to the network, and its confirmation that
// of the line. Of a line that nobody knows it is another message.
func TestALineThatAPluginSendsAgain(t *testing.T) {
	alone(t, part(&sealer{}), func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		a.M.Send(bob, "first", im.Open)
		a.M.Send(bob, "second", im.Open)
		second := a.ExpectState(bob, im.Done)
		a.M.Send(bob, "again 2", im.Open)
		synctest.Wait()
		if o := s.last(); o.ID != second.Origin || !o.WantReceipt || o.Body != "sent again" {
			t.Errorf("%+v", o)
		}
		s.events <- protocol.Delivered{ID: second.Origin, From: im.Addr{Bare: "bob@x", Resource: "desk"}}
		a.Until("it was read", func() bool { return own(t, a, bob, "second").State == im.Delivered })
		if msg := own(t, a, bob, "first"); msg.State != im.Done {
			t.Errorf("%+v", msg)
		}
		a.M.Discard(bob, own(t, a, bob, "again 2").ID)
		a.M.Send(bob, "again 7", im.Open)
		synctest.Wait()
		if o := s.last(); o.ID == second.Origin || o.ID == "" || o.WantReceipt || o.Body != "sent again" {
			t.Errorf("%+v", o)
		}
	})
}
