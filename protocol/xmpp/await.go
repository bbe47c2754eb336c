package xmpp

import (
	"context"
	"net"

	"culver/protocol"
)

// What follows may be called on any goroutine but Run's, and waits.

// askAndWait asks and waits for the answer: a result or an error.
func (l *link) askAndWait(ctx context.Context, to, kind string, payload *element) (*element, error) {
	answers := make(chan *element, 1)
	err := l.do(func() { l.askInTime(to, kind, payload, func(answer *element) { answers <- answer }) })
	if err != nil {
		return nil, err
	}
	select {
	case answer := <-answers:
		if answer == nil {
			return nil, errSilent
		}
		return answer, nil
	case <-ctx.Done():
		return nil, l.whyOver(ctx)
	case <-l.over:
		return nil, protocol.ErrOffline
	}
}

// while is a context that also ends with the link.
func (l *link) while(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	stop := make(chan struct{})
	context.AfterFunc(ctx, func() { close(stop) })
	go func() {
		select {
		case <-l.over:
			cancel()
		case <-stop:
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

// reach makes a connection to somewhere else, by the way that the account takes to its
// own server.
func (s *Session) reach(ctx context.Context, address string) (net.Conn, error) {
	return s.dial(ctx, address)
}
