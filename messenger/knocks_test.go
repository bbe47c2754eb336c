package messenger_test

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"culver/buddylist"
	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/otrplugin"
	"culver/plugin"
	"culver/protocol"
	"culver/storage"
)

func line(from, body string) protocol.Received {
	return protocol.Received{From: im.Addr{Bare: from, Resource: "r"}, Body: body}
}

// settled waits until the messenger has done all there is to do.
func settled(a *scenetest.Actor) {
	synctest.Wait()
	a.Until("quiet", func() bool { return true })
}

// What a stranger sends opens nothing, makes nobody aware, starts nothing private, is
// not on the disk as a line, and is not answered.
func TestAStrangerIsMetWithSilence(t *testing.T) {
	n := &nosy{}
	store := storage.NewMemory()
	p := part(n, otrplugin.New(rand.Reader))
	p.Store = scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })
	alone(t, p, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.friends = nil
		s := net.online()
		a.UntilOnline()
		mallory := im.ConvID{Account: a.Self, Peer: "mallory@x"}
		for _, body := range []string{"?OTRv23?", "?OTR:AAMD.", "hello \t  \t\t\t\t \t \t \t    \t\t  \t ", "<b>win</b> \u202e money", strings.Repeat("x", 50<<10), ""} {
			s.events <- line("mallory@x", body)
		}
		s.events <- protocol.SubscriptionAsked{Bare: "mallory@x", Reason: "let\u202e me\nin"}
		s.events <- protocol.TypingChanged{From: im.Addr{Bare: "mallory@x"}, State: im.TypingComposing}
		s.events <- protocol.PresenceChanged{From: im.Addr{Bare: "mallory@x", Resource: "r"}, Presence: im.Presence{Show: im.Available}}
		settled(a)
		if len(a.Chats) != 0 || len(n.heard) != 0 || len(a.Attention) != 0 || len(a.Dialogs) != 0 || len(a.Trouble) != 0 {
			t.Errorf("%d conversations, heard %v, attention %v, %d forms, trouble %q", len(a.Chats), n.heard, a.Attention, len(a.Dialogs), a.Trouble)
		}
		if got := s.bodies(); len(got) != 0 {
			t.Errorf("answered %q", got)
		}
		if pasts, err := store.Pasts(); err != nil || len(pasts) != 0 {
			t.Errorf("the history has %v, %v", pasts, err)
		}
		rows := a.List.Rows(buddylist.View{})
		if len(rows) != 1 || rows[0].Kind != buddylist.KnockRow || rows[0].Conv != mallory || rows[0].Total != 1 || !a.List.Asking(mallory) {
			t.Fatalf("%+v", rows)
		}
		if strings.ContainsAny(rows[0].Reason, "\u202e\n<") {
			t.Errorf("words %q", rows[0].Reason)
		}

		a.M.ShowKnocks()
		a.Reads("People Who Want", "mallory@x")
		a.M.ShowRequest(mallory)
		a.Answer("Request from mallory@x", "deny")
		settled(a)
		if len(a.List.Rows(buddylist.View{})) != 0 || len(s.bodies()) != 0 || len(a.Chats) != 0 {
			t.Error("declining left something, or told")
		}
		s.events <- protocol.SubscriptionAsked{Bare: "mallory@x"} // as at each sign-in
		settled(a)
		if len(a.List.Rows(buddylist.View{})) != 0 {
			t.Error("who was declined asks again")
		}
	})
}

func TestAStrangerWhoIsLetIn(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.friends = nil
		s := net.online()
		a.UntilOnline()
		for i := range 25 {
			s.events <- line(bob.Peer, fmt.Sprint("line ", i))
		}
		settled(a)
		if !a.List.Knocking(bob) {
			t.Fatal("nobody knocks")
		}
		a.M.ShowKnocks()
		a.Until("the list", func() bool { return len(a.Dialogs) == 1 })
		for id := range a.Dialogs {
			a.M.Answer(id, plugin.Answers{Action: "accept", Rows: []string{string(a.Self) + " " + bob.Peer}})
		}
		a.Expect(bob, "line 0")
		a.Expect(bob, "line 19")
		a.Expect(bob, "5 lines more came")
		if a.List.Knocking(bob) {
			t.Error("still among the strangers")
		}
		s.events <- line(bob.Peer, "and now?")
		a.Expect(bob, "and now?")
	})
}

// Who was written to, is put on the list, or was written to in an earlier run is no
// stranger.
func TestWhoIsNoStranger(t *testing.T) {
	store := storage.NewMemory()
	p := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}
	alone(t, p, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.friends = nil
		s := net.online()
		a.UntilOnline()
		conv := func(peer string) im.ConvID { return im.ConvID{Account: a.Self, Peer: peer} }
		if err := store.Append(im.Message{ID: "old", Conv: conv("old@x"), Out: true, Text: im.Plain("hello"), Time: time.Now()}); err != nil {
			t.Fatal(err)
		}
		for i := range 250 { // what they wrote since is no reason to keep them out
			if err := store.Append(im.Message{ID: fmt.Sprint("since", i), Conv: conv("old@x"), Text: im.Plain("there?"), Time: time.Now()}); err != nil {
				t.Fatal(err)
			}
		}
		s.events <- line("old@x", "hello again")
		a.Expect(conv("old@x"), "hello again")

		s.events <- line("later@x", "first")
		a.Until("a stranger", func() bool { return a.List.Knocking(conv("later@x")) })
		s.events <- protocol.BuddyChanged{Buddy: im.Buddy{Bare: "later@x"}}
		a.Expect(conv("later@x"), "first")

		s.events <- line("sought@x", "there?")
		s.events <- protocol.SubscriptionAsked{Bare: "sought@x"}
		a.Until("a stranger", func() bool { return a.List.Asking(conv("sought@x")) })
		a.M.Open(conv("sought@x"))
		a.Expect(conv("sought@x"), "there?")
		if a.List.Knocking(conv("sought@x")) || !a.List.Asking(conv("sought@x")) {
			t.Error("the request is lost, or still a stranger's")
		}
	})
}

func TestManyStrangers(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.friends = nil
		s := net.online()
		a.UntilOnline()
		a.M.Send(bob, "hello", im.Open) // somebody the user knows
		for i := range 300 {
			from := fmt.Sprintf("s%d@x", i)
			s.events <- line(from, "spam")
			s.events <- protocol.SubscriptionAsked{Bare: from}
		}
		s.events <- line(bob.Peer, "from a friend")
		a.Expect(bob, "from a friend")
		if rows := a.List.Rows(buddylist.View{}); len(rows) != 1 || rows[0].Total != 100 {
			t.Errorf("%+v", rows)
		}
		if len(a.Chats) != 1 || len(a.Trouble) != 0 {
			t.Errorf("%d conversations, trouble %q", len(a.Chats), a.Trouble)
		}
		a.M.ShowKnocks()
		a.Reads("People Who Want", "More people wanted to reach you")
	})
}

func TestOnlyBuddiesMayWrite(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.friends = nil
		s := net.online()
		a.UntilOnline()
		a.M.ShowKnocks()
		a.Answer("People Who Want", messenger.SettingOnlyBuddies, messenger.SettingOnlyBuddies+"="+im.On)
		settled(a)
		s.events <- line("mallory@x", "spam")
		s.events <- protocol.SubscriptionAsked{Bare: "mallory@x"}
		settled(a)
		if rows := a.List.Rows(buddylist.View{}); len(rows) != 0 {
			t.Errorf("%+v", rows)
		}
		s.events <- protocol.BuddyChanged{Buddy: im.Buddy{Bare: bob.Peer}}
		s.events <- line(bob.Peer, "hello")
		a.Expect(bob, "hello")
	})
}

// Strangers still wait when Culver was quit, but their lines only where lines are kept.
func TestStrangersWaitOverTheEnd(t *testing.T) {
	for _, history := range []string{im.On, ""} {
		store := storage.NewMemory()
		p := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}
		alone(t, p, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
			net.friends = nil
			s := net.online()
			a.UntilOnline()
			a.M.SetSetting(messenger.SettingHistory, history)
			s.events <- line(bob.Peer, "are you there?")
			s.events <- protocol.SubscriptionAsked{Bare: "carol@x", Reason: "hi"}
			a.Until("two", func() bool { rows := a.List.Rows(buddylist.View{}); return len(rows) == 1 && rows[0].Total == 2 })
			a.Quit()
			a.Start()
			net.online()
			a.UntilOnline()
			if !a.List.Asking(im.ConvID{Account: a.Self, Peer: "carol@x"}) || a.List.Knocking(bob) != (history == im.On) {
				t.Errorf("history %q: %+v", history, a.List.Rows(buddylist.View{}))
			}
			if history == im.On {
				a.M.Open(bob)
				a.Expect(bob, "are you there?")
			}
		})
	}
}

// Nothing that is kept names an account that was deleted: neither the rooms that it was in
// nor the people who wanted to reach it.
func TestNothingNamesAnAccountThatIsGone(t *testing.T) {
	store := storage.NewMemory()
	p := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}
	alone(t, p, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		room := im.ConvID{Account: a.Self, Peer: kitchen}
		a.M.ShowJoinRoom(im.ConvID{})
		a.Answer("Join a Chat", "ok", "room="+kitchen, "nick=alice")
		a.Until("going in", func() bool { return a.Chats[room] != nil })
		for _, from := range []string{"carol@x", "dave@x"} {
			s.events <- protocol.SubscriptionAsked{Bare: from, Reason: "hi"}
			c := im.ConvID{Account: a.Self, Peer: from}
			a.Until("a stranger", func() bool { return a.List.Asking(c) })
			if from == "dave@x" {
				break
			}
			a.M.ShowRequest(c)
			a.Answer("Request from carol", "deny")
		}
		a.M.SetTelling(bob, messenger.TellTyping, false)
		a.M.SetLogging(bob, false)
		a.M.SetDraft(bob, "half a thought", im.Open)
		settle()
		names := func() (found []string) {
			settings, err := store.Settings()
			for key, value := range settings {
				if strings.Contains(key+value, "alice@x") {
					found = append(found, key+"="+value)
				}
			}
			logging, err2 := store.Logging()
			choices, err3 := store.Choices()
			drafts, err4 := store.Drafts()
			if err := errors.Join(err, err2, err3, err4); err != nil {
				t.Fatal(err)
			}
			if n := len(logging) + len(choices) + len(drafts); n > 0 {
				found = append(found, fmt.Sprint(n, " choices and drafts"))
			}
			return found
		}
		if got := names(); len(got) != 4 {
			t.Fatalf("before: %q", got)
		}
		s.ended <- &protocol.Failure{Cause: protocol.AccountGone, Text: "The account is gone."}
		settle()
		if got := names(); len(got) != 0 {
			t.Errorf("what is left: %q", got)
		}
	})
}

func TestBlocking(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.friends = nil
		s := net.online()
		a.UntilOnline()
		a.M.ShowBlock(bob)
		a.Answer("Block bob@x", "ok")
		a.Reads("Block bob@x", "Nobody can be blocked now")
		a.Answer("Block bob@x", "cancel")

		s.events <- protocol.Blocked{Reports: true}
		s.events <- line("mallory@spam.example", "spam")
		mallory := im.ConvID{Account: a.Self, Peer: "mallory@spam.example"}
		a.Until("a stranger", func() bool { return a.List.Knocking(mallory) && a.List.CanBlock(a.Self) })
		a.M.ShowRequest(mallory)
		a.Answer("Request from mallory", "block")
		a.Answer("Block mallory", "ok", "whom=server", "report=spam")
		a.Until("the wish", func() bool { return len(s.wished()) == 1 })
		if got := s.wished()[0]; got != "block spam.example 1" {
			t.Errorf("asked %q", got)
		}
		s.events <- protocol.Blocked{Addresses: []string{"spam.example"}, Reports: true}
		a.Until("nobody", func() bool { return !a.List.Knocking(mallory) && len(a.List.Rows(buddylist.View{})) == 0 })
		s.events <- line("eve@spam.example", "spam")
		s.events <- protocol.SubscriptionAsked{Bare: "eve@spam.example"}
		settled(a)
		if len(a.List.Rows(buddylist.View{})) != 0 {
			t.Error("somebody who is blocked knocks")
		}

		a.M.Open(bob)
		a.Until("a conversation", func() bool { return a.Chats[bob] != nil })
		s.events <- protocol.Blocked{Addresses: []string{"bob@x", "spam.example"}}
		a.Expect(bob, "You have blocked bob@x")
		s.events <- line(bob.Peer, "unheard")
		a.M.ShowBlock(bob)
		a.Answer("Unblock bob@x", "ok")
		a.Until("the wish", func() bool { return len(s.wished()) == 2 })
		s.events <- protocol.Blocked{Addresses: []string{"spam.example"}}
		a.Expect(bob, "no longer blocked")

		a.M.ShowBlocked()
		a.Reads("Blocked People", "Everybody at spam.example")
		a.Until("the list", func() bool { return len(a.Dialogs) == 1 })
		for id := range a.Dialogs {
			a.M.Answer(id, plugin.Answers{Action: "unblock", Rows: []string{string(a.Self) + " spam.example"}})
		}
		a.Until("the wish", func() bool { return len(s.wished()) == 3 })
		if got := s.wished(); got[1] != "unblock bob@x" || got[2] != "unblock spam.example" {
			t.Errorf("asked %q", got)
		}
		s.events <- protocol.BlockFailed{Addresses: []string{"spam.example"}}
		a.Until("a word", func() bool { return len(a.Trouble) == 1 && strings.Contains(a.Trouble[0], "spam.example") })
	})
}

var _ protocol.Blocker = (*fakeSession)(nil)

func (s *fakeSession) Block(r protocol.Report, addresses ...string) error {
	s.wish(fmt.Sprint("block ", strings.Join(addresses, " "), " ", int(r)))
	return nil
}

func (s *fakeSession) Unblock(addresses ...string) error {
	s.wish("unblock " + strings.Join(addresses, " "))
	return nil
}

func (s *fakeSession) wish(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wishes = append(s.wishes, what)
}

// wished is what was wanted beside messages.
func (s *fakeSession) wished() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.wishes)
}
