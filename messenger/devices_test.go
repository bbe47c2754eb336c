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

// deviceWatcher is a plugin that is told of devices.
type deviceWatcher struct {
	host plugin.Host
	told []string
}

var _ plugin.Watcher = (*deviceWatcher)(nil)

func (*deviceWatcher) Info() plugin.Info {
	return plugin.Info{ID: "watch", Name: "Watch", Title: "Watch"}
}
func (w *deviceWatcher) Init(h plugin.Host) error {
	w.host = h
	return nil
}
func (*deviceWatcher) Close() error { return nil }
func (w *deviceWatcher) Shows(c im.ConvID, before, after im.Show, gone string) {
	if gone != "" && w.host.HasDevice(c, gone) {
		gone += " though it is there"
	}
	w.told = append(w.told, fmt.Sprintf("%v, %v, gone: %q", before, after, gone))
}

func TestPluginsAreToldOfDevices(t *testing.T) {
	w := &deviceWatcher{}
	alone(t, part(w), func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		show := func(resource string, show im.Show) {
			s.events <- protocol.PresenceChanged{From: im.Addr{Bare: bob.Peer, Resource: resource}, Presence: im.Presence{Show: show}}
			synctest.Wait()
		}
		s.events <- protocol.Roster{Buddies: []im.Buddy{{Bare: bob.Peer, Subscription: im.SubscriptionBoth}}}
		show("desk", im.Available)
		show("phone", im.Away)
		show("phone", im.Available)
		if !w.host.HasDevice(bob, "phone") || w.host.HasDevice(bob, "") || w.host.HasDevice(bob, "tablet") {
			t.Error("HasDevice")
		}
		show("tablet", im.Offline) // never there
		show("desk", im.Offline)
		show("desk", im.Offline)
		show("phone", im.Offline)
		if want := []string{`Offline, Available, gone: ""`, `Available, Available, gone: "desk"`, `Available, Offline, gone: ""`}; !slices.Equal(w.told, want) {
			t.Errorf("told %q, want %q", w.told, want)
		}
	})
}

// What is said goes to the device that was heard from last, until the presence of any
// changes: then to whichever the network finds right.
func TestRepliesGoToTheDeviceHeardFrom(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		s.events <- protocol.Roster{Buddies: []im.Buddy{{Bare: bob.Peer, Subscription: im.SubscriptionBoth}}}
		show := func(resource string, show im.Show) {
			s.events <- protocol.PresenceChanged{From: im.Addr{Bare: bob.Peer, Resource: resource}, Presence: im.Presence{Show: show}}
		}
		hear := func(resource string) {
			s.events <- protocol.Received{From: im.Addr{Bare: bob.Peer, Resource: resource}, Body: "from " + resource}
		}
		replies := func(when, want string) {
			t.Helper()
			synctest.Wait()
			a.M.Send(bob, when, im.Open)
			synctest.Wait()
			if got := s.last().To.Resource; got != want {
				t.Errorf("%s: to %q, want %q", when, got, want)
			}
		}
		show("desk", im.Available)
		show("phone", im.Away)
		replies("nothing was heard", "")
		hear("phone")
		replies("the phone spoke", "phone")
		hear("desk")
		replies("the desk spoke", "desk")
		show("phone", im.Available)
		replies("the phone moved", "")
		hear("desk")
		show("desk", im.Offline)
		replies("the desk left", "")
		hear("phone")
		replies("the phone spoke again", "phone")
		s.lose()
		s = net.online()
		a.UntilOnline()
		replies("a new session", "")
	})
}
