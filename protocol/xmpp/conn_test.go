package xmpp

import (
	"errors"
	"net"
	"testing"
	"time"
)

// deadConn is a connection that nothing is done with.
type deadConn struct{ net.Conn }

func (deadConn) Close() error { return nil }

func TestWatchedConn(t *testing.T) {
	ours, theirs := net.Pipe()
	defer ours.Close()
	defer theirs.Close()
	probes := make(chan struct{}, 8)
	c := &watchedConn{Conn: ours}
	c.watch.Store(&watch{idle: 30 * time.Millisecond, grace: 10 * time.Second, probe: func() { probes <- struct{}{} }})
	go func() {
		<-probes
		_, _ = theirs.Write([]byte("a"))
	}()
	buf := make([]byte, 8)
	if n, err := c.Read(buf); n != 1 || err != nil {
		t.Fatalf("after an answer: %d, %v", n, err)
	}
	c.watch.Store(&watch{idle: 10 * time.Millisecond, grace: 10 * time.Millisecond, probe: func() {}})
	if _, err := c.Read(buf); !errors.Is(err, errSilent) {
		t.Fatalf("without an answer: %v", err)
	}
	theirs.Close()
	if _, err := c.Read(buf); err == nil || errors.Is(err, errSilent) {
		t.Fatalf("after the end: %v", err)
	}
}
