package messenger_test

import (
	"errors"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
)

// tapnet is a network that can tell what goes over the wire.
type tapnet struct{ *fakenet }

func (n tapnet) New(a im.Account, password im.Secret) protocol.Session {
	return &tapSession{n.fakenet.New(a, password).(*fakeSession)}
}

type tapSession struct{ *fakeSession }

func (s *tapSession) Tap(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wire = append(s.wire, protocol.Outgoing{Body: "tap " + im.Switch(on)})
}

// watchman is a plugin that wants to see it now and then.
type watchman struct {
	wants chan bool
	now   bool
	saw   chan string
}

func (*watchman) Info() plugin.Info      { return plugin.Info{ID: "watchman", Name: "W", Title: "W"} }
func (*watchman) Init(plugin.Host) error { return nil }
func (*watchman) Close() error           { return nil }
func (w *watchman) Watches() bool {
	select {
	case w.now = <-w.wants:
	default:
	}
	return w.now
}
func (w *watchman) Passed(a im.AccountID, out bool, text string) { w.saw <- string(a) + " " + text }

// Sessions tell what goes over the wire as long as somebody looks at it, also those that
// begin meanwhile.
func TestTrafficIsToldToWhoLooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHome()
		h.net = newFakenet()
		if err := errors.Join(h.store.SaveAccount(im.Account{ID: "fake:alice@x", Enabled: true, Options: map[string]string{}}),
			h.vault.Put(t.Context(), "password/fake:alice@x", []byte("x"))); err != nil {
			t.Fatal(err)
		}
		w := &watchman{wants: make(chan bool, 1), saw: make(chan string, 10)}
		a := scenetest.Join(t, "somebody", messenger.New(messenger.Config{Store: h.store, Vault: h.vault,
			Spaces: func(id string) plugin.Store { return h.store.Space(id) }, Networks: []protocol.Protocol{tapnet{h.net}}, Plugins: []plugin.Plugin{w}}))
		defer a.Quit()
		s := h.net.online()
		s.events <- protocol.Traffic{Text: "nobody looks"}
		w.wants <- true
		s.events <- protocol.Traffic{Text: "nobody asked for it yet"}
		synctest.Wait()
		s.events <- protocol.Traffic{Text: "some\u202ething"}
		for got := range w.saw {
			if got == "fake:alice@x something" {
				break
			}
		}
		if got := s.bodies(); len(got) != 1 || got[0] != "tap on" {
			t.Errorf("the session was told %q", got)
		}
		s.ended <- &protocol.Failure{Cause: protocol.Lost, Text: "Lost."}
		s = h.net.online()
		synctest.Wait()
		if got := s.bodies(); len(got) != 1 || got[0] != "tap on" {
			t.Errorf("the next one was told %q", got)
		}
		w.wants <- false
		s.events <- protocol.TypingChanged{}
		synctest.Wait()
		if got := s.bodies(); len(got) != 2 || got[1] != "tap " {
			t.Errorf("in the end it was told %q", got)
		}
	})
}
