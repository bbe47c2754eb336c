package messenger_test

import (
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
