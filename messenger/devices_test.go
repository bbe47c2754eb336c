package messenger_test

import (
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

var (
	_ plugin.DeviceObserver = (*deviceWatcher)(nil)
	_ plugin.Observer       = (*deviceWatcher)(nil)
)

func (*deviceWatcher) Info() plugin.Info {
	return plugin.Info{ID: "watch", Name: "Watch", Title: "Watch"}
}
func (w *deviceWatcher) Init(h plugin.Host) error {
	w.host = h
	return nil
}
func (*deviceWatcher) Close() error                     { return nil }
func (*deviceWatcher) AccountOnline(im.AccountID, bool) {}
func (*deviceWatcher) AccountRemoved(im.AccountID)      {}
func (w *deviceWatcher) PeerOnline(im.ConvID)           { w.told = append(w.told, "online") }
func (w *deviceWatcher) PeerOffline(im.ConvID)          { w.told = append(w.told, "offline") }
func (w *deviceWatcher) DeviceOffline(c im.ConvID, r string) {
	if w.host.HasDevice(c, r) {
		r += " though it is there"
	}
	w.told = append(w.told, "gone: "+r)
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
		if want := []string{"online", "gone: desk", "offline"}; !slices.Equal(w.told, want) {
			t.Errorf("told %q, want %q", w.told, want)
		}
	})
}
