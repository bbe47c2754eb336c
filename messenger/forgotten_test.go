package messenger_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/protocol"
)

// A server that ends may lose what it has taken just before: the user is told, whatever
// our own archive has, and sends it again as the same. What the peer has confirmed is
// not in doubt.
func TestLinesThatAServerMayHaveLost(t *testing.T) {
	archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.holds = time.Hour
		s := begin(net, a)
		var origins []string
		for _, text := range []string{"confirmed", "lost", "confirmed later"} {
			a.M.Send(bob, text, im.Open)
			synctest.Wait()
			origins = append(origins, s.last().ID)
			l := ours(text, time.Now())
			l.ID = origins[len(origins)-1]
			net.archive.add(l)
		}
		s.events <- protocol.Delivered{From: bobsPhone, ID: origins[0]}
		s.lose()
		a.M.Reconnect(a.Self)
		s = <-net.sessions
		for _, id := range append(origins, "of nothing") {
			s.events <- protocol.Doubtful{ID: id}
		}
		s.events <- protocol.Online{Self: im.Addr{Bare: a.Self.Bare(), Resource: "r"}}
		s.events <- protocol.Roster{Buddies: []im.Buddy{{Bare: "bob@x", Subscription: im.SubscriptionBoth}}}
		s.events <- protocol.ArchiveFound{}
		settle()
		a.Until("what happened", func() bool { return true })
		states := func(want ...im.State) {
			t.Helper()
			synctest.Wait()
			a.Until("what happened", func() bool { return true })
			lines := a.Chats[bob].Lines.Lines(0)
			if len(lines) != len(want) {
				t.Fatalf("%d lines: %v", len(lines), textsOf(lines))
			}
			for i, m := range lines {
				if m.State != want[i] || (m.State == im.Failed) != strings.Contains(m.Reason, "may have lost it") {
					t.Errorf("%q is %v: %q", m.Text, m.State, m.Reason)
				}
			}
		}
		states(im.Delivered, im.Failed, im.Failed)
		s.events <- protocol.Delivered{From: bobsPhone, ID: origins[2]}
		states(im.Delivered, im.Failed, im.Delivered)
		a.M.Retry(bob, a.Chats[bob].Lines.At(1).ID)
		states(im.Delivered, im.Delivered, im.Done)
		if o := s.last(); o.ID != origins[1] || o.Body != "lost" {
			t.Errorf("sent %+v", o)
		}
		found := scenetest.Answered[messenger.LinesFound](a, a.M.PastLines(messenger.LinesQuery{Conv: bob, Count: 10}))
		if n := len(found.Lines); n != 3 {
			t.Errorf("%d lines on the disk", n)
		}
	})
}
