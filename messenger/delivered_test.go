package messenger_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
	"culver/storage"
)

// bobIs puts bob on alice's list.
func (s *fakeSession) bobIs(b im.Subscription) {
	s.events <- protocol.Roster{Buddies: []im.Buddy{{Bare: "bob@x", Subscription: b}}}
	synctest.Wait()
}

var bobsPhone = im.Addr{Bare: "bob@x", Resource: "phone"}

// Two messengers: a line that was read by the other one's device says so.
func TestLinesAreDelivered(t *testing.T) {
	play(t, func(s *scenetest.Scene, alice, bob *scenetest.Actor) {
		s.Script(friends + `
			alice to bob: hello
			bob from alice: hello
		`)
		alice.ExpectState(with(alice, bob), im.Delivered)
		s.Script(`
			alice menu bob: Start private conversation
			alice with bob: Unverified
			bob with alice: Unverified
			alice to bob: between us
			bob from alice: between us
		`)
		if m := alice.ExpectState(with(alice, bob), im.Delivered); m.Text.String() != "between us" || m.Seal.Level != im.Private {
			t.Errorf("%+v", m)
		}
		alice.Quit()
		alice.Start()
		alice.M.Open(with(alice, bob))
		if m := alice.ExpectState(with(alice, bob), im.Delivered); m.Text.String() != "hello" { // what was private is not kept
			t.Errorf("after a restart: %+v", m)
		}
	})
}

// Only those who see us anyhow get a receipt, only where the user lets them, and never
// for what is not live.
func TestWhoGetsReceipts(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		live := protocol.Received{From: bobsPhone, ID: "1", Body: "x", Time: time.Now(), WantReceipt: true}
		n := 0
		hears := func(what string, e protocol.Received, want ...string) {
			t.Helper()
			n++
			if e.ID == "1" {
				e.ID = string(rune('a' + n))
			}
			for i := range want {
				want[i] += e.ID
			}
			s.events <- e
			synctest.Wait()
			if got := s.said(); !slices.Equal(got, want) {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
		}
		hears("nobody's", live)
		for _, sub := range []im.Subscription{im.SubscriptionNone, im.SubscriptionTo} {
			s.bobIs(sub)
			hears("one who does not see us", live)
		}
		for _, sub := range []im.Subscription{im.SubscriptionFrom, im.SubscriptionBoth} {
			s.bobIs(sub)
			hears("one who sees us", live, "receipt to bob@x/phone: ")
		}
		for what, change := range map[string]func(*protocol.Received){
			"not asked for": func(e *protocol.Received) { e.WantReceipt = false },
			"late":          func(e *protocol.Received) { e.Late = true },
			"without an ID": func(e *protocol.Received) { e.ID = "" },
			"empty":         func(e *protocol.Received) { e.Body = "\x07" },
		} {
			e := live
			change(&e)
			hears(what, e)
		}
		stranger := live
		stranger.From.Bare = "eve@x"
		hears("a stranger's", stranger)
		a.M.SetSetting(messenger.TellReceipts, "")
		hears("not wanted", live)
		a.M.SetSetting(messenger.TellReceipts, im.On)
		hears("wanted again", live, "receipt to bob@x/phone: ")
		live.ID = longID
		hears("one with another ID", live, "receipt to bob@x/phone: ")
		hears("the same once more, for the first word may be lost", live, "receipt to bob@x/phone: ")
		empty := live
		empty.ID, empty.Body = otherID, "\x07"
		hears("an empty one", empty)
		hears("the same once more", empty)
	})
}

// The word that a line came counts from whom it went to.
func TestWhoCanConfirm(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		s.bobIs(im.SubscriptionBoth)
		a.M.Send(bob, "hello", im.Open)
		m := a.ExpectState(bob, im.Done)
		if o := s.last(); o.ID != m.ID || m.Origin != m.ID || !o.WantReceipt || !o.Typing {
			t.Fatalf("%+v of %+v", o, m)
		}
		for what, e := range map[string]protocol.Delivered{
			"somebody else":        {From: im.Addr{Bare: "eve@x"}, ID: m.ID},
			"our own account":      {From: im.Addr{Bare: "alice@x"}, ID: m.ID},
			"another one's domain": {From: im.Addr{Bare: "x"}, ID: m.ID},
			"nobody":               {ID: m.ID},
			"another line":         {From: bobsPhone, ID: m.ID + "x"},
			"no line":              {From: bobsPhone},
		} {
			s.events <- e
			synctest.Wait()
			if m := a.ExpectState(bob, im.Done); m.State != im.Done {
				t.Errorf("%s confirmed it", what)
			}
		}
		s.events <- protocol.Delivered{From: bobsPhone, ID: m.ID}
		a.ExpectState(bob, im.Delivered)
		s.events <- protocol.Sent{ID: m.ID} // nothing takes that back
		s.events <- protocol.Rejected{ID: m.ID, From: bobsPhone, Reason: "Another device is away."}
		synctest.Wait()
		a.ExpectState(bob, im.Delivered)
		if o := a.Chats[bob].Lines.Len(); o != 1 {
			t.Errorf("%d lines", o)
		}
	})
}

// A line of which it was not certain that it had left has left if its receipt comes. And
// those of long ago are confirmed on the disk.
func TestLateReceipts(t *testing.T) {
	store := storage.NewMemory()
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.silent = true
		s := net.online()
		s.bobIs(im.SubscriptionBoth)
		a.M.Send(bob, "hello", im.Open)
		a.ExpectState(bob, im.Sending)
		s.ended <- &protocol.Failure{Cause: protocol.Lost, Text: "Lost."}
		m := a.ExpectState(bob, im.Failed)
		s = net.online()
		s.bobIs(im.SubscriptionBoth)
		s.events <- protocol.Delivered{From: bobsPhone, ID: m.Origin}
		a.ExpectState(bob, im.Delivered)
		a.M.Send(bob, "again", im.Open)
		s.events <- protocol.Sent{ID: a.ExpectState(bob, im.Sending).Origin}
		m = a.ExpectState(bob, im.Done)
		a.Quit()
		a.Start()
		s = net.online()
		for _, sub := range []im.Subscription{im.SubscriptionNone, im.SubscriptionBoth} {
			s.bobIs(sub)
			s.events <- protocol.Delivered{From: bobsPhone, ID: m.Origin}
			synctest.Wait()
		}
		lines, err := store.Older(bob, "", 9)
		if err != nil || len(lines) != 2 || lines[0].State != im.Delivered || lines[1].State != im.Delivered {
			t.Errorf("kept: %+v, %v", lines, err)
		}
	})
}

// What is sent again is the same on the network.
func TestSentAgainIsTheSame(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.silent = true
		s := net.online()
		a.M.Send(bob, "hello", im.Open)
		first := a.ExpectState(bob, im.Sending)
		s.events <- protocol.Rejected{ID: first.ID, From: im.Addr{Bare: "bob@x"}, Reason: "No."}
		a.ExpectState(bob, im.Failed)
		a.M.Retry(bob, first.ID)
		again := a.ExpectState(bob, im.Sending)
		synctest.Wait()
		if o := s.last(); again.ID == first.ID || again.Origin != first.ID || o.ID != first.ID || o.Replaces != "" {
			t.Errorf("%+v as %+v", again, o)
		}
		s.events <- protocol.Sent{ID: first.ID}
		a.ExpectState(bob, im.Done)
	})
}
