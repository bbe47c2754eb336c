package messenger_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"culver/accounts"
	"culver/im"
	"culver/messenger/scenetest"
	"culver/protocol"
	"culver/protocol/practice"
)

// tether is a network whose cable can be pulled.
type tether struct {
	protocol.Protocol

	mu     sync.Mutex
	pull   context.CancelFunc  // ends the session that runs
	torn   bool                // the cable is out
	deaf   bool                // what is sent gets lost on the way, and nobody says so
	spoil  func(string) string // what becomes of a body on the way; nil: nothing
	slow   time.Duration       // how long the server takes to say goodbye
	bodies []string            // all that was sent, lost or not
	lost   int                 // how much of it was lost
}

// tear pulls the cable. The server notices at once; nobody says goodbye.
func (n *tether) tear() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.torn = true
	if n.pull != nil {
		n.pull()
	}
}

// mend puts it back: the next try connects.
func (n *tether) mend() { n.set(func() { n.torn, n.deaf = false, false }) }

func (n *tether) set(f func()) {
	n.mu.Lock()
	defer n.mu.Unlock()
	f()
}

// sent reports whether a body with the text was handed to the network.
func (n *tether) sent(text string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Contains(strings.Join(n.bodies, "\n"), text)
}

func (n *tether) New(a im.Account, p im.Secret) protocol.Session {
	s := n.Protocol.New(a, p)
	return &tethered{Session: s, RosterEditor: s.(protocol.RosterEditor), PresenceSetter: s.(protocol.PresenceSetter),
		TypingSender: s.(protocol.TypingSender), net: n}
}

type tethered struct {
	protocol.Session
	protocol.RosterEditor
	protocol.PresenceSetter
	protocol.TypingSender
	net *tether
}

func (s *tethered) Run(ctx context.Context, emit func(protocol.Event)) error {
	inner, pull := context.WithCancel(context.WithoutCancel(ctx))
	defer pull()
	s.net.mu.Lock()
	torn := s.net.torn
	s.net.pull = pull
	s.net.mu.Unlock()
	if torn {
		return &protocol.Failure{Cause: protocol.Unreachable, Text: "The server cannot be reached."}
	}
	stop := context.AfterFunc(ctx, func() {
		s.net.mu.Lock()
		slow := s.net.slow
		s.net.mu.Unlock()
		time.AfterFunc(slow, pull)
	})
	defer stop()
	err := s.Session.Run(inner, emit)
	if ctx.Err() == nil {
		return &protocol.Failure{Cause: protocol.Lost, Text: "The connection was lost."}
	}
	return err
}

func (s *tethered) Send(o protocol.Outgoing) error {
	s.net.mu.Lock()
	s.net.bodies = append(s.net.bodies, o.Body)
	deaf := s.net.deaf
	if s.net.spoil != nil {
		o.Body = s.net.spoil(o.Body)
	}
	if deaf {
		s.net.lost++
	}
	s.net.mu.Unlock()
	if deaf {
		return nil
	}
	return s.Session.Send(o)
}

// stage is a scene of alice and bob, each on a cable.
type stage struct {
	*scenetest.Scene
	alice, bob       *scenetest.Actor
	aliceNet, bobNet *tether
}

// act plays on a stage, in a bubble. The part is alice's, but for the network.
func act(t *testing.T, part scenetest.Part, f func(s *stage)) {
	synctest.Test(t, func(t *testing.T) {
		hub := practice.NewHub()
		s := &stage{Scene: scenetest.New(t), aliceNet: &tether{Protocol: hub.End("alice@practice")}, bobNet: &tether{Protocol: hub.End("bob@practice")}}
		defer s.Close()
		part.Network = s.aliceNet
		s.alice = s.Enter("alice", part)
		s.bob = s.Enter("bob", scenetest.Part{Network: s.bobNet})
		s.Script(friends)
		f(s)
	})
}

// to is alice's conversation with bob, from bob's with her.
func (s *stage) to() im.ConvID   { return with(s.alice, s.bob) }
func (s *stage) from() im.ConvID { return with(s.bob, s.alice) }

// said is what somebody said in a conversation, as the other one reads it.
func said(reader *scenetest.Actor, c im.ConvID) (lines []string) {
	chat, ok := reader.Chats[c]
	if !ok {
		return nil
	}
	for _, m := range chat.Lines.Lines(0) {
		if m.Kind == im.Chat && !m.Out {
			lines = append(lines, m.Text.String()+" ("+m.Seal.Level.String()+")")
		}
	}
	return lines
}

// own is a line of the reader's own, by its text.
func own(t *testing.T, a *scenetest.Actor, c im.ConvID, text string) im.Message {
	t.Helper()
	var found im.Message
	a.Until("the line "+text, func() bool {
		chat, ok := a.Chats[c]
		if !ok {
			return false
		}
		for _, m := range chat.Lines.Lines(0) {
			if m.Out && m.Text.String() == text {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// tear pulls somebody's cable, and waits for their messenger to see it.
func (s *stage) tear(a *scenetest.Actor, n *tether) {
	n.tear()
	a.Until("the loss", func() bool { return a.Accounts[a.Self].Status == accounts.Waiting })
}
