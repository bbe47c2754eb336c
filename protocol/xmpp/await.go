package xmpp

import (
	"context"
	"net"
	"time"

	"culver/protocol"
)

// What follows may be called on any goroutine but Run's, and waits.

// askAndWait asks and waits for the answer: a result or an error. ErrSilent says that
// none came in time.
func (l *link) askAndWait(ctx context.Context, patience time.Duration, to, kind string, payload *element) (*element, error) {
	answers := make(chan *element, 1)
	e := l.request(to, kind, payload, func(answer *element) { answers <- answer })
	if e == nil {
		return nil, errQueueFull
	}
	defer l.requests.forget(e.attr("id"))
	if err := l.send(e); err != nil {
		return nil, err
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case answer := <-answers:
		return answer, nil
	case <-timer.C:
		return nil, errSilent
	case <-ctx.Done():
		return nil, l.whyOver(ctx)
	case <-l.over:
		return nil, protocol.ErrOffline
	}
}

// while is a context that also ends with the link.
func (l *link) while(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-l.over:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// isOver reports that the link has ended.
func (l *link) isOver() bool {
	select {
	case <-l.over:
		return true
	default:
		return false
	}
}

// whyOver is why a context of while has ended.
func (l *link) whyOver(ctx context.Context) error {
	if l.isOver() {
		return protocol.ErrOffline
	}
	return ctx.Err()
}

// dialing makes a connection to host:port.
type dialing func(ctx context.Context, address string) (net.Conn, error)

// goesOut says by which way other servers are reached: that which the account takes to
// its own, with the proxy that it may have, and no other.
func (l *link) goesOut(by dialing) { l.way.Store(&by) }

// reach makes a connection to somewhere else.
func (l *link) reach(ctx context.Context, address string) (net.Conn, error) {
	return (*l.way.Load())(ctx, address)
}
