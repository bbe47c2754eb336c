package messenger_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
)

// nosy wants to know of everything there is to read.
type nosy struct {
	booklet
	heard []im.ConvID
}

func (*nosy) Info() plugin.Info { return plugin.Info{ID: "nosy", Name: "Nosy", Title: "Nosy"} }
func (n *nosy) Heard(c im.ConvID) {
	n.heard = append(n.heard, c)
	if len(n.heard) == 2 {
		panic("bug")
	}
	n.host.Attention(c, plugin.Attention{Notify: true, Count: true})
}

func TestTheUserIsMadeAwareWithoutTheContent(t *testing.T) {
	n := &nosy{}
	alone(t, part(n, &lock{}), func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		for i := range 3 {
			s.events <- protocol.Received{From: im.Addr{Bare: bob.Peer}, Body: fmt.Sprint("canary ", i)}
			a.Expect(bob, fmt.Sprint("canary ", i))
		}
		synctest.Wait()
		a.Until("being made aware", func() bool { return len(a.Attention) == 2 })
		want := messenger.Attention{Conv: bob, How: plugin.Attention{Notify: true, Count: true}}
		for _, e := range a.Attention {
			if e != want || strings.Contains(fmt.Sprintf("%+v", e), "canary") {
				t.Errorf("got %+v", e)
			}
		}
		if len(n.heard) != 3 || len(a.Trouble) != 1 {
			t.Errorf("heard %v, trouble %q", n.heard, a.Trouble)
		}
		// What the user says, what is for plugins, and conversations that are closed.
		a.M.Send(bob, "mine", im.Open)
		n.host.Attention(im.ConvID{Account: a.Self, Peer: "carol@x"}, plugin.Attention{Notify: true})
		synctest.Wait()
		a.Until("nothing", func() bool { return true })
		if len(n.heard) != 3 || len(a.Attention) != 2 {
			t.Errorf("heard %v, attention %v", n.heard, a.Attention)
		}
	})
}
