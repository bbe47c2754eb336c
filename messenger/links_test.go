package messenger_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/protocol"
	"culver/storage"
)

// Link reads fake:[//account/]peer[?purpose;rest].
func (*fakenet) Link(link string) (l protocol.Link, err error) {
	path, query, _ := strings.Cut(strings.TrimPrefix(link, "fake:"), "?")
	if authority, ok := strings.CutPrefix(path, "//"); ok {
		l.Account, path, _ = strings.Cut(authority, "/")
	}
	l.Peer = path
	purpose, rest, _ := strings.Cut(query, ";")
	switch purpose {
	case "add":
		l.Purpose = protocol.LinkAdd
		l.Name, l.Group, _ = strings.Cut(rest, ";")
	case "join":
		l.Purpose, l.Password = protocol.LinkJoin, rest
	case "register":
		l.Purpose = protocol.LinkRegister
	case "bad":
		err = errors.New("This is no link.")
	default:
		l.Body = rest
	}
	return l, err
}

// filledIn are the fields of a form, as they are filled in.
func filledIn(d messenger.DialogOpened) map[string]string {
	values := map[string]string{}
	for _, tab := range d.Form.Tabs {
		for _, f := range tab.Fields {
			values[f.ID] = f.Value
		}
	}
	return values
}

func TestLinksOnlyShow(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		a.Until("bob", func() bool { _, ok := a.List.Buddy(bob); return ok })

		a.M.FollowLink("", "fake:bob@x?message;Hi Bob")
		a.Until("the conversation", func() bool { return a.Chats[bob] != nil && slices.Contains(a.Suggested, "bob@x: Hi Bob") })
		a.M.FollowLink("", "fake:bob@x?message;/close")
		a.Until("what is no command", func() bool { return slices.Contains(a.Suggested, "bob@x: //close") })
		a.M.FollowLink("", "fake:bob@x?message; \u202e\x1b ")
		a.M.FollowLink("", "fake:bob@x?add;Bobby;Friends") // he is there already
		synctest.Wait()
		if len(a.Dialogs) > 0 || len(a.Suggested) != 2 {
			t.Errorf("suggested %q, asked %v", a.Suggested, a.Dialogs)
		}

		// A stranger: only a form, until the user says so.
		eve := im.ConvID{Account: bob.Account, Peer: "eve@y"}
		a.M.FollowLink("", "fake:eve@y?message;Let me in")
		d := a.Form("New Instant Message", "ok")
		a.Reads("New Instant Message", "Let me in")
		if got := filledIn(d)["address"]; got != "eve@y" || a.Chats[eve] != nil {
			t.Errorf("the form is about %q, and there are %v", got, a.Chats)
		}
		a.Answer("New Instant Message", "ok")
		a.Until("the conversation", func() bool { return a.Chats[eve] != nil && slices.Contains(a.Suggested, "eve@y: Let me in") })

		a.M.FollowLink("", "fake:carol@y?add;Carol\u202e;Old friends")
		if got := filledIn(a.Form("Add Buddy", "ok")); got["address"] != "carol@y" || got["name"] != "Carol" || got["group"] != "Old friends" {
			t.Errorf("asks to add %v", got)
		}
		a.Answer("Add Buddy", "cancel")
		a.M.FollowLink("", "fake:cooks@rooms?join;secret")
		if got := filledIn(a.Form("Join a Chat", "ok")); got["room"] != "cooks@rooms" || got["password"] != "secret" || got["keep"] == im.On {
			t.Errorf("asks to join %v", got)
		}
		a.Answer("Join a Chat", "cancel")
		a.M.FollowLink("", "fake:x?bad")
		a.Reads("Open Link", "no link")
		a.Answer("Open Link", "ok")
		a.M.FollowLink("", "mailto:bob@x")
		synctest.Wait()
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(s.wire)+len(s.asked)+len(s.told)+len(s.listed) > 0 {
			t.Errorf("it told the network %v %v %v %v", s.wire, s.asked, s.told, s.listed)
		}
	})
}

// A knock is not answered by a link, either.
func TestALinkLetsNobodyIn(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		a.M.SetSetting(messenger.SettingOnlyBuddies, im.On)
		eve := im.ConvID{Account: bob.Account, Peer: "eve@y"}
		s.events <- protocol.Received{From: im.Addr{Bare: "eve@y", Resource: "r"}, ID: "1", Body: "click xmpp:eve@y"}
		synctest.Wait()
		a.M.FollowLink(bob.Account, "fake:eve@y")
		a.Form("New Instant Message", "ok")
		if a.Chats[eve] != nil {
			t.Error("she is let in")
		}
	})
}

// The account is that which has the buddy, that of the link, or that of the conversation
// with the link.
func TestLinksFindTheirAccount(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.online()
		net.friends = []string{"dave@x"}
		a.M.ShowAddAccount("fake")
		a.Answer("Add Account", "save", "address=second@x", "password=pw")
		net.online()
		second := im.AccountID("fake:second@x")
		dave := im.ConvID{Account: second, Peer: "dave@x"}
		a.Until("both", func() bool { _, b := a.List.Buddy(bob); _, d := a.List.Buddy(dave); return b && d })

		a.M.FollowLink("", "fake:dave@x")
		a.Until("dave", func() bool { return a.Chats[dave] != nil })
		a.M.FollowLink(second, "fake:bob@x")
		a.Until("bob", func() bool { return a.Chats[bob] != nil })
		for _, c := range []struct {
			via  im.AccountID
			link string
			want im.AccountID
		}{
			{"", "fake:eve@y", bob.Account},
			{second, "fake:eve@y", second},
			{"", "fake://second@x/eve@y", second},
			{second, "fake://alice@x/eve@y", bob.Account},
			{"", "fake://nobody@x/eve@y", bob.Account},
		} {
			a.M.FollowLink(c.via, c.link)
			if got := filledIn(a.Form("New Instant Message", "ok"))["account"]; got != string(c.want) {
				t.Errorf("%s in %s: %s", c.link, c.via, got)
			}
			a.Answer("New Instant Message", "cancel")
			gone(a, "New Instant Message")
		}
	})
}

// valuenet is a network that cannot be compared with others, as a real one.
type valuenet struct {
	*fakenet
	_ []func()
}

// A link that comes before its time waits for all accounts that are on their way.
func TestLinksWaitForAccounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		net, store := newFakenet(), scenetest.MemoryStore()
		for _, bare := range []string{"alice@x", "second@x"} {
			if err := store.SaveAccount(im.Account{ID: im.NewAccountID("fake", bare), Enabled: true}); err != nil {
				t.Fatal(err)
			}
		}
		vault := storage.NewMemoryVault()
		for _, bare := range []string{"alice@x", "second@x"} {
			if err := vault.Put(t.Context(), "password/fake:"+bare, []byte("pw")); err != nil {
				t.Fatal(err)
			}
		}
		m := messenger.New(messenger.Config{Store: store, Vault: vault, Spaces: store.Spaces, Networks: []protocol.Protocol{valuenet{fakenet: net}}, NoFirstRun: true})
		m.FollowLink("", "fake:eve@y")
		a := scenetest.Join(t, "early", m)
		defer a.Quit()
		a.Self = "fake:alice@x"
		first, last := <-net.sessions, <-net.sessions
		first.events <- protocol.Online{Self: im.Addr{Bare: first.account.ID.Bare(), Resource: "r"}}
		synctest.Wait()
		if len(a.Dialogs) > 0 {
			t.Error("it did not wait for the other account")
		}
		last.ended <- &protocol.Failure{Cause: protocol.Lost, Text: "The connection was lost."}
		if got := filledIn(a.Form("New Instant Message", "ok"))["address"]; got != "eve@y" {
			t.Errorf("asks about %q", got)
		}
		a.Answer("New Instant Message", "cancel")

		// Offline the user is told, once, and the link opens when they are online again.
		m.SetPresence(im.Presence{Show: im.Offline})
		a.Until("being offline", func() bool { return a.Accounts[first.account.ID].Self.Bare == "" })
		m.FollowLink("", "fake:mallory@y")
		a.Reads("Open Link", "mallory@y")
		a.Answer("Open Link", "ok")
		gone(a, "Open Link")
		m.SetPresence(im.Presence{Show: im.Available})
		for range 2 {
			net.online()
		}
		if got := filledIn(a.Form("New Instant Message", "ok"))["address"]; got != "mallory@y" {
			t.Errorf("asks about %q", got)
		}
	})
}

// A lock loses none, and shows none.
func TestALockCarriesLinks(t *testing.T) {
	passphrase := true
	alone(t, scenetest.Part{Plugins: noPlugins, Safe: maybe{&passphrase}}, func(net *fakenet, a *scenetest.Actor, _ im.ConvID) {
		<-net.sessions
		a.M.FollowLink("", "fake:eve@y")
		synctest.Wait()
		carried := a.Lock()
		if len(a.Dialogs) > 0 {
			t.Error("it is shown")
		}
		a.Unlock(carried)
		net.online()
		if got := filledIn(a.Form("New Instant Message", "ok"))["address"]; got != "eve@y" {
			t.Errorf("asks about %q", got)
		}
	})
}

func TestALinkToAServer(t *testing.T) {
	net := &doornet{fakenet: newFakenet()}
	synctest.Test(t, func(t *testing.T) {
		store := scenetest.MemoryStore()
		m := messenger.New(messenger.Config{Store: store, Vault: storage.NewMemoryVault(), Spaces: store.Spaces, Networks: []protocol.Protocol{net}, NoFirstRun: true})
		a := scenetest.Join(t, "newcomer", m)
		defer a.Quit()
		m.FollowLink("", "fake:new@three.example?register")
		d := a.Form("Create an Account", "next")
		a.Until("the server", func() bool { return filledIn(a.Form("Create an Account", "next"))["otherhost"] == "three.example" })
		if len(net.asked) > 0 {
			t.Error("it was asked already")
		}
		m.FollowLink("", "fake:two.example?register") // not while the user is at it
		synctest.Wait()
		if got := filledIn(a.Form("Create an Account", "next")); a.Dialogs[d.ID].ID != d.ID || got["otherhost"] != "three.example" {
			t.Errorf("the window has %v", got)
		}
		a.Answer("Create an Account", "cancel")
		gone(a, "Create an Account")
		m.FollowLink("", "fake:two.example?register")
		a.Until("the server", func() bool { return filledIn(a.Form("Create an Account", "next"))["host"] == "two.example" })
	})
}
