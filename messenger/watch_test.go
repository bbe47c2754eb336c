package messenger_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
)

// curious watches who comes and goes.
type curious struct {
	booklet
	saw []string
}

func (*curious) Info() plugin.Info {
	return plugin.Info{ID: "curious", Name: "Curious", Title: "Curious"}
}
func (c *curious) Shows(conv im.ConvID, before, after im.Show, _ string) {
	c.saw = append(c.saw, fmt.Sprintf("%s: %v, %v", conv.Peer, before, after))
	if after == im.DoNotDisturb {
		panic("bug")
	}
}

func TestHowAvailableSomebodyIsIsToldOnce(t *testing.T) {
	p := &curious{}
	alone(t, part(p), func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		shows := func(device string, show im.Show) {
			s.events <- protocol.PresenceChanged{From: im.Addr{Bare: bob.Peer, Resource: device},
				Presence: im.Presence{Show: show, Status: "canary"}}
		}
		shows("home", im.Available) // somebody the user does not know
		s.events <- protocol.BuddyChanged{Buddy: im.Buddy{Bare: bob.Peer, Subscription: im.SubscriptionBoth}}
		shows("home", im.Available)
		shows("home", im.Available)
		shows("work", im.Away) // a second, less available device
		shows("home", im.Offline)
		shows("work", im.DoNotDisturb)
		shows("work", im.Offline)
		synctest.Wait()
		want := []string{"bob@x: Offline, Available", "bob@x: Available, Away", "bob@x: Away, Do not disturb", "bob@x: Do not disturb, Offline"}
		if !slices.Equal(p.saw, want) {
			t.Errorf("it saw %q", p.saw)
		}
		if p.host.Open(bob) {
			t.Error("a conversation is open that nobody opened")
		}
		a.M.Open(bob)
		synctest.Wait()
		if !p.host.Open(bob) {
			t.Error("the conversation is not open")
		}
	})
}
