package messenger_test

import (
	"crypto/rand"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/otrplugin"
	"culver/plugin"
	"culver/protocol"
	"culver/protocol/practice"
	"culver/storage"
)

// shouting changes what the user says.
type shouting struct{ booklet }

func (*shouting) Info() plugin.Info { return plugin.Info{ID: "shout", Name: "Shout", Title: "Shout"} }
func (*shouting) Rewrite(_ im.ConvID, text string) string {
	switch text {
	case "panic":
		panic("bug")
	case "swallow":
		return ""
	}
	return strings.ToUpper(text)
}

var _ plugin.Rewriter = (*shouting)(nil)

func TestWordsAreRewrittenOnceBeforeAllElse(t *testing.T) {
	store := storage.NewMemory()
	p := part(&lock{}, &shouting{})
	p.Store = scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })
	alone(t, p, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		synctest.Wait()
		a.M.Send(bob, "hello", im.Open)
		if m := a.ExpectState(bob, im.Waiting); m.Text.String() != "HELLO" {
			t.Errorf("shown is %q", m.Text)
		}
		s := net.online()
		a.ExpectState(bob, im.Done)
		for _, text := range []string{"panic", "swallow"} {
			a.M.Send(bob, text, im.Open)
			synctest.Wait()
			m := a.ExpectState(bob, im.Failed)
			if m.Text.String() != text || m.Reason == "" {
				t.Errorf("got %+v", m)
			}
			a.M.Discard(bob, m.ID)
			a.Until("its end", func() bool { _, there := a.Chats[bob].Lines.Find(m.ID); return !there })
		}
		a.M.Send(bob, "panic", im.Open)
		synctest.Wait()
		m := a.ExpectState(bob, im.Failed)
		a.M.Retry(bob, m.ID) // as it stands
		synctest.Wait()
		a.ExpectState(bob, im.Done)
		s.events <- protocol.Received{From: im.Addr{Bare: bob.Peer}, Body: "not shouted"}
		a.Expect(bob, "not shouted")
		if got := s.bodies(); !slices.Equal(got, []string{"HELLO", "panic"}) {
			t.Errorf("sent %q", got)
		}
		kept, err := store.Older(bob, "", 10)
		if err != nil || len(kept) != 3 || kept[0].Text.String() != "HELLO" {
			t.Errorf("kept %+v, %v", kept, err)
		}
	})
}

// What is encrypted is what stands in the conversation.
func TestWordsAreRewrittenBeforeTheyAreSealed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hub := practice.NewHub()
		s := scenetest.New(t)
		defer s.Close()
		alice := s.Enter("alice", scenetest.Part{Network: hub.End("alice@practice"),
			Plugins: func() []plugin.Plugin { return []plugin.Plugin{otrplugin.New(rand.Reader), &shouting{}} }})
		bob := s.Enter("bob", scenetest.Part{Network: hub.End("bob@practice")})
		s.Script(friends + `
			alice to bob: hello
			bob from alice: HELLO
			alice menu bob: Start private conversation
			alice with bob: Unverified
			bob with alice: Unverified
			alice to bob: between us
			bob from alice: BETWEEN US
			bob to alice: quietly
			alice from bob: quietly
		`)
		m := alice.ExpectState(with(alice, bob), im.Done)
		if m.Text.String() != "BETWEEN US" || m.Seal.Level != im.Private {
			t.Errorf("alice sees %+v", m)
		}
	})
}
