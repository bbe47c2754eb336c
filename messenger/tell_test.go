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

// What a buddy is told: as was chosen for them, else as the settings say; over restarts.
func TestWhatBuddiesAreTold(t *testing.T) {
	store := storage.NewMemory()
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		var s *fakeSession
		begin := func() {
			s = net.online()
			s.bobIs(im.SubscriptionBoth)
			s.events <- protocol.PresenceChanged{From: bobsPhone, Presence: im.Presence{Show: im.Available}}
			a.M.Open(bob)
			synctest.Wait()
			a.Until("the conversation", func() bool { return a.Chats[bob] != nil })
			s.said()
		}
		n := 0
		is := func(what string, typing, receipts bool) {
			t.Helper()
			a.M.Typing(bob, im.TypingComposing)
			synctest.Wait()
			n++
			id := string(rune('a' + n))
			s.events <- protocol.Received{From: bobsPhone, ID: id, Body: "x", Time: time.Now(), WantReceipt: true}
			synctest.Wait()
			var want []string
			if typing {
				want = append(want, "typing to bob@x/phone")
			}
			if receipts {
				want = append(want, "receipt to bob@x/phone: "+id)
			}
			if got := s.said(); !slices.Equal(got, want) {
				t.Errorf("%s: told %q, want %q", what, got, want)
			}
			a.Until("what is shown", func() bool { return a.Chats[bob].Telling == messenger.Telling{Typing: typing, Receipts: receipts} })
			a.M.Send(bob, "x", im.Open)
			synctest.Wait()
			if o := s.last(); o.Typing != typing || !o.WantReceipt {
				t.Errorf("%s: sent %+v", what, o)
			}
			s.said()
		}
		begin()
		s.events <- protocol.Received{From: bobsPhone, Body: "x"} // so that we know where he is
		synctest.Wait()
		is("at first", true, true)
		a.M.ShowPrivacy()
		a.Answer("Privacy", messenger.TellTyping, messenger.TellTyping+"=")
		synctest.Wait()
		is("no typing for all", false, true)
		a.M.SetTelling(bob, messenger.TellTyping, true)
		a.M.SetTelling(bob, messenger.TellReceipts, false)
		synctest.Wait()
		is("chosen for bob", true, false)
		a.Quit()
		a.Start()
		begin()
		s.events <- protocol.Received{From: bobsPhone, Body: "x"}
		synctest.Wait()
		is("after a restart", true, false)
		a.M.ShowPrivacy()
		a.Answer("Privacy", messenger.TellTyping, messenger.TellTyping+"="+im.On)
		a.Answer("Privacy", messenger.TellReceipts, messenger.TellReceipts+"=")
		a.Answer("Privacy", messenger.TellReceipts, messenger.TellReceipts+"="+im.On)
		a.Answer("Privacy", "close")
		synctest.Wait()
		is("the settings are for others", true, false)
		// Whoever composes and wants that told no more has stopped, as far as is told.
		a.M.Typing(bob, im.TypingComposing)
		a.M.SetTelling(bob, messenger.TellTyping, false)
		synctest.Wait()
		if got := s.said(); len(got) != 2 {
			t.Errorf("told %q", got)
		}
		s.bobIs(im.SubscriptionTo)
		s.said()
		is2 := func(want bool) {
			t.Helper()
			a.M.SetTelling(bob, messenger.TellTyping, true)
			a.M.SetTelling(bob, messenger.TellReceipts, true)
			a.M.Typing(bob, im.TypingGone)
			a.M.Typing(bob, im.TypingComposing)
			s.events <- protocol.Received{From: bobsPhone, ID: "z", Body: "x", Time: time.Now(), WantReceipt: true}
			synctest.Wait()
			if got := s.said(); (len(got) > 0) != want {
				t.Errorf("told %q", got)
			}
		}
		is2(false) // he does not see us
		s.bobIs(im.SubscriptionFrom)
		is2(true)
		if o := a.Trouble; len(o) != 0 {
			t.Errorf("%q", o)
		}
	})
}

// Where it is not known any more who is told, nobody is.
func TestLostTellings(t *testing.T) {
	for _, lost := range []string{im.LostTold, im.LostSettings} {
		store := storage.NewMemory()
		if err := store.SetSetting(im.Rescued, lost); err != nil {
			t.Fatal(err)
		}
		part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}
		alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
			net.online()
			a.M.Open(bob)
			a.Until("the conversation", func() bool { return a.Chats[bob] != nil })
			if got := a.Chats[bob].Telling; got != (messenger.Telling{}) {
				t.Errorf("%s: %+v", lost, got)
			}
		})
	}
}
