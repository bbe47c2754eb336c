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
