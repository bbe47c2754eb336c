package messenger_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"culver/im"
	"culver/protocol"
)

// fakenet is a network whose server is the test.
type fakenet struct {
	sessions chan *fakeSession // each one that runs
	friends  []string          // who is on the list of every account
	silent   bool              // the server takes messages and does not say so
	archive  *fakeArchive      // nil: there is none
	broken   bool              // sessions refuse to send: they know already that they are at their end
	holds    time.Duration     // the server keeps sessions whose connection broke
}

func newFakenet() *fakenet {
	return &fakenet{sessions: make(chan *fakeSession, 16)}
}

func (*fakenet) Scheme() string { return "fake" }
func (*fakenet) Name() string   { return "Fake" }
func (*fakenet) Settings() []im.Field {
	return append([]im.Field{
		{ID: protocol.FieldAddress, Kind: im.FieldText, Label: "Address"},
		{ID: protocol.FieldPassword, Kind: im.FieldSecret, Label: "Password"},
		{ID: "server", Kind: im.FieldText, Label: "Server"},
		{ID: protocol.FieldPin, Kind: im.FieldText, Label: "Pin"},
	}, protocol.ProxyFields()...)
}

func (n *fakenet) Account(v map[string]string) (im.Account, error) {
	bare, err := n.NormalizePeer(v[protocol.FieldAddress])
	if err != nil {
		return im.Account{}, err
	}
	proxy, err := protocol.CheckProxy(func(id string) string { return v[id] })
	a := im.Account{ID: im.NewAccountID("fake", bare), Options: map[string]string{"server": v["server"], "pin": v["pin"]}}
	maps.Copy(a.Options, proxy)
	return a, err
}

func (*fakenet) NormalizePeer(typed string) (string, error) {
	if !strings.Contains(typed, "@") {
		return "", errors.New("An address looks like bob@example.net.")
	}
	return typed, nil
}

func (n *fakenet) New(a im.Account, password im.Secret) protocol.Session {
	return &fakeSession{net: n, account: a, password: string(password.Bytes()),
		ended: make(chan error, 1), events: make(chan protocol.Event), over: make(chan struct{})}
}

type fakeSession struct {
	net      *fakenet
	account  im.Account
	password string
	proxy    string // the password for the proxy
	events   chan protocol.Event
	ended    chan error
	over     chan struct{} // closed when it does not run any more

	before protocol.Session // that it was told to go on with
	probes atomic.Int32
	active atomic.Bool

	abandoned atomic.Int32

	mu     sync.Mutex
	wire   []protocol.Outgoing
	asked  []string // of rooms
	ask    string
	told   []string // what is said without anybody's doing: receipts, typing
	wishes []string // whom to block, and no longer
	listed []string // what the list is to be
	seen   im.Presence
}

var _ protocol.Continuer = (*fakeSession)(nil)

func (s *fakeSession) Held() (time.Time, bool)          { return time.Now().Add(s.net.holds), s.net.holds > 0 }
func (s *fakeSession) Abandon()                         { s.abandoned.Add(1) }
func (s *fakeSession) Probe()                           { s.probes.Add(1) }
func (s *fakeSession) SetActive(on bool)                { s.active.Store(on) }
func (s *fakeSession) Continue(before protocol.Session) { s.before = before }

func (s *fakeSession) Run(ctx context.Context, emit func(protocol.Event)) error {
	defer close(s.over)
	s.net.sessions <- s
	for {
		select {
		case e := <-s.events:
			emit(e)
		case err := <-s.ended:
			return err
		case <-ctx.Done():
			return nil
		}
	}
}

func (s *fakeSession) Send(o protocol.Outgoing) error {
	if s.net.broken {
		return protocol.ErrOffline
	}
	s.mu.Lock()
	s.wire = append(s.wire, o)
	s.mu.Unlock()
	if !s.net.silent {
		go func() {
			select {
			case s.events <- protocol.Sent{ID: o.ID}:
			case <-s.over:
			}
		}()
	}
	return nil
}

func (s *fakeSession) SendReceipt(to im.Addr, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = append(s.told, "receipt to "+to.String()+": "+id)
	return nil
}

func (s *fakeSession) SendTyping(to im.Addr, t im.Typing) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = append(s.told, "typing to "+to.String())
	return nil
}

// said is what was told since the last time.
func (s *fakeSession) said() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	told := s.told
	s.told = nil
	return told
}

// last is what went on the wire last.
func (s *fakeSession) last() protocol.Outgoing {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.wire[len(s.wire)-1]
}

func (s *fakeSession) SetProxyPassword(p im.Secret) { s.proxy = string(p.Bytes()) }

func (s *fakeSession) Limits() protocol.Limits { return protocol.Limits{MaxMessage: 5000} }

// bodies is what went on the wire.
func (s *fakeSession) bodies() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, o := range s.wire {
		out = append(out, o.Body)
	}
	return out
}

// lose breaks the connection.
func (s *fakeSession) lose() {
	s.ended <- &protocol.Failure{Cause: protocol.Lost, Text: "The connection was lost."}
}

// resumed brings the next session up, as the one before.
func (n *fakenet) resumed() *fakeSession {
	s := <-n.sessions
	s.events <- protocol.Resumed{Self: im.Addr{Bare: s.account.ID.Bare(), Resource: "r"}}
	return s
}

// online brings the next session up.
func (n *fakenet) online() *fakeSession {
	s := <-n.sessions
	s.events <- protocol.Online{Self: im.Addr{Bare: s.account.ID.Bare(), Resource: "r"}}
	for _, bare := range n.friends {
		s.events <- protocol.BuddyChanged{Buddy: im.Buddy{Bare: bare}}
	}
	return s
}

func (s *fakeSession) SendAttention(to im.Addr) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = append(s.told, "attention to "+to.Bare)
	return nil
}
