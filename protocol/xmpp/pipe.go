package xmpp

import (
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/protocol"
)

// Pipes between two devices: through the proxy of the server (XEP-0065) if there is one
// that both can reach, else inside the stream (XEP-0047). A direct connection is never
// made: it would tell the peer our address on the Internet.

var _ protocol.Piper = (*Session)(nil)

// pipes are those of a link. Any goroutine may use it.
type pipes struct {
	proxy atomic.Pointer[bytestreamProxy] // of our server

	mu       sync.Mutex
	expected map[pipeKey]*awaitedPipe
	open     map[pipeKey]*inband // inside the stream, either way
}

// pipeKey is the device at the other end and the ID of the pipe.
type pipeKey struct{ peer, id string }

// awaitedPipe is a pipe that the peer's device may open.
type awaitedPipe struct {
	opened chan io.ReadCloser // holds one
	taken  bool               // it is being opened: nobody else may
	gone   bool               // nobody waits for it any more
}

const (
	maxExpected = 64
	// pipePatience is how long the other end of a pipe may do nothing.
	pipePatience = 5 * time.Minute
	// pipeAnswer is how long it may take to open one: longer than the other side tries.
	pipeAnswer = time.Minute
)

var errTooManyPipes = errors.New("too many transfers at once")

// pipePeer is the address of a device.
func pipePeer(a im.Addr) (jid.JID, error) {
	address, err := peer(a)
	if err == nil && address.Resourcepart() == "" {
		err = protocol.ErrNoPipe
	}
	return address, err
}

// Pipe opens a pipe.
func (s *Session) Pipe(ctx context.Context, to im.Addr, id string) (io.WriteCloser, error) {
	l, err := s.online()
	if err != nil {
		return nil, err
	}
	address, err := pipePeer(to)
	if err != nil {
		return nil, err
	}
	if proxy := l.pipes.proxy.Load(); proxy != nil {
		w, err := l.pipeByProxy(ctx, proxy, address, id)
		if err == nil || !errors.Is(err, errNotByProxy) {
			return w, err
		}
	}
	return l.pipeInband(ctx, address, id)
}

// Expect lets a device open a pipe.
func (s *Session) Expect(from im.Addr, id string) (func(context.Context) (io.ReadCloser, error), error) {
	l, err := s.online()
	if err != nil {
		return nil, err
	}
	address, err := pipePeer(from)
	if err != nil {
		return nil, err
	}
	key := pipeKey{address.String(), id}
	e := &awaitedPipe{opened: make(chan io.ReadCloser, 1)}
	if err := l.pipes.expect(key, e); err != nil {
		return nil, err
	}
	return func(ctx context.Context) (io.ReadCloser, error) {
		defer l.pipes.forget(key, e)
		select {
		case r := <-e.opened:
			return bind(ctx, l, r), nil
		case <-ctx.Done():
		case <-l.over:
		}
		return nil, l.whyOver(ctx)
	}, nil
}

// bound is what ends with a context and with the link.
type bound struct {
	io.ReadCloser
	cancel context.CancelFunc
}

func bind(ctx context.Context, l *link, r io.ReadCloser) io.ReadCloser {
	ctx, cancel := l.while(ctx)
	context.AfterFunc(ctx, func() { r.Close() })
	return &bound{r, cancel}
}

func (b *bound) Close() error {
	err := b.ReadCloser.Close()
	b.cancel()
	return err
}

func (p *pipes) expect(key pipeKey, e *awaitedPipe) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.expected) >= maxExpected {
		return errTooManyPipes
	}
	if p.expected == nil {
		p.expected = map[pipeKey]*awaitedPipe{}
	}
	p.expected[key] = e
	return nil
}

// forget expects it no longer. What was opened at the last moment is closed.
func (p *pipes) forget(key pipeKey, e *awaitedPipe) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.expected[key] == e {
		delete(p.expected, key)
	}
	e.gone = true
	select {
	case r := <-e.opened:
		go r.Close() // it may wait for the lock
	default:
	}
}

// deliver hands over what was opened, once.
func (p *pipes) deliver(e *awaitedPipe, r io.ReadCloser) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if e.gone {
		go r.Close() // it may wait for the lock
		return
	}
	e.opened <- r
}

// claim takes an expected pipe for a way to open it, if nobody has done so.
func (p *pipes) claim(key pipeKey) (*awaitedPipe, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := p.expected[key]
	if e == nil || e.taken {
		return nil, false
	}
	e.taken = true
	return e, true
}

// release gives it back: another way may be tried.
func (p *pipes) release(e *awaitedPipe) {
	p.mu.Lock()
	defer p.mu.Unlock()
	e.taken = false
}

// refusePipe says that there is no such pipe: to those who may know that we are here.
func (l *link) refusePipe(e *element, from jid.JID, condition string) {
	if l.seenBy(from) {
		l.declinePipe(e, condition)
	}
}

// declinePipe is for one that is expected: the other side knows that we are here.
func (l *link) declinePipe(e *element, condition string) {
	l.answer(reply(e, "error").add(newElement(nsClient, "error", newElement(nsStanzas, condition)).with("type", "cancel")))
}
