package testkit

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// throughCutter gives both ends of connections through a proxy that cuts.
func throughCutter(t *testing.T) (c *Cutter, connect func() (client, server net.Conn)) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	c = StartCutter(t, "127.0.0.1", l.Addr().(*net.TCPAddr).Port)
	return c, func() (net.Conn, net.Conn) {
		t.Helper()
		client, err := net.DialTCP("tcp", nil, &net.TCPAddr{IP: net.ParseIP(c.Address), Port: c.Port})
		if err != nil {
			t.Fatal(err)
		}
		server, err := l.Accept()
		if err != nil {
			t.Fatal(err)
		}
		for _, conn := range []net.Conn{client, server} {
			t.Cleanup(func() { conn.Close() })
			if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
				t.Fatal(err)
			}
		}
		return client, server
	}
}

func transmit(t *testing.T, from net.Conn, text string) {
	t.Helper()
	if _, err := from.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
}

func expect(t *testing.T, to net.Conn, text string) {
	t.Helper()
	buf := make([]byte, len(text))
	if _, err := io.ReadFull(to, buf); err != nil || string(buf) != text {
		t.Fatalf("got %.20q, %v, want %.20q", buf, err, text)
	}
}

// nothing checks that for a moment nothing comes.
func nothing(t *testing.T, to net.Conn) {
	t.Helper()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(to.SetReadDeadline(time.Now().Add(50 * time.Millisecond)))
	if n, err := to.Read(make([]byte, 1)); n != 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("%d bytes came, and %v; want nothing", n, err)
	}
	must(to.SetReadDeadline(time.Now().Add(patience)))
}

func expectReset(t *testing.T, conn net.Conn) {
	t.Helper()
	if _, err := conn.Read(make([]byte, 1)); !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("read: %v, want a connection reset", err)
	}
}

func expectEnd(t *testing.T, conn net.Conn) {
	t.Helper()
	if _, err := conn.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("read: %v, want the end", err)
	}
}

func TestCutterCarries(t *testing.T) {
	c, connect := throughCutter(t)
	client, server := connect()
	transmit(t, client, "hello")
	expect(t, server, "hello")
	transmit(t, server, "welcome")
	expect(t, client, "welcome")
	if up, down := c.Passed(Up), c.Passed(Down); up != 5 || down != 7 {
		t.Errorf("%d bytes went up, %d down", up, down)
	}
	client.(*net.TCPConn).CloseWrite()
	expectEnd(t, server)
	transmit(t, server, "last words")
	server.Close()
	expect(t, client, "last words")
	expectEnd(t, client)
	c.Wait(t, "that all ended", func(c *Cutter) bool { accepted, open := c.Connections(); return accepted == 1 && open == 0 })
}

func TestCutterResets(t *testing.T) {
	c, connect := throughCutter(t)
	client, server := connect()
	other, otherServer := connect()
	c.Reset()
	for _, conn := range []net.Conn{client, server, other, otherServer} {
		expectReset(t, conn)
	}
	client, server = connect()
	transmit(t, client, "again")
	expect(t, server, "again")
}

func TestCutterFinishes(t *testing.T) {
	c, connect := throughCutter(t)
	client, server := connect()
	transmit(t, client, "before")
	expect(t, server, "before")
	c.Finish()
	expectEnd(t, client)
	expectEnd(t, server)
	transmit(t, client, "after") // nobody says that nobody reads it
	c.Reset()
	c.Wait(t, "that it is over", func(c *Cutter) bool { _, open := c.Connections(); return open == 0 })
}

func TestCutterStalls(t *testing.T) {
	c, connect := throughCutter(t)
	client, server := connect()
	c.Stall()
	transmit(t, client, "up")
	transmit(t, server, "down")
	nothing(t, server)
	nothing(t, client)
	c.Pass()
	expect(t, server, "up")
	expect(t, client, "down")

	c.Stall(Up)
	transmit(t, client, "up")
	transmit(t, server, "down")
	expect(t, client, "down")
	nothing(t, server)
	c.Reset() // what was on its way is lost
	expectReset(t, server)
	expectReset(t, client)

	silent, listening := connect() // accepted by the proxy, and not answered
	transmit(t, silent, "anybody?")
	nothing(t, listening)
	c.Pass()
	expect(t, listening, "anybody?")

	c.Stall()
	silent.Close() // who gives up is not heard of, either
	nothing(t, listening)
	c.Pass()
	expectEnd(t, listening)
}

func TestCutterLetsAConnectionBeOvertaken(t *testing.T) {
	c, connect := throughCutter(t)
	client, server := connect()
	transmit(t, client, "before")
	expect(t, server, "before")
	c.Throttle(4, Up)
	transmit(t, client, "late")
	expect(t, server, "l") // the rest is on its way
	c.Overtake()
	expectReset(t, client)
	c.Pass()
	again, next := connect()
	transmit(t, again, "overtakes")
	expect(t, next, "overtakes")
	transmit(t, server, "to nobody")
	expect(t, server, "ate")
	expectEnd(t, server)
	transmit(t, next, "still here")
	expect(t, again, "still here")
}

func TestCutterCutsInTheMiddle(t *testing.T) {
	c, connect := throughCutter(t)
	client, server := connect()
	c.ResetAfter(Up, 7)
	transmit(t, client, "four")
	expect(t, server, "four")
	transmit(t, client, "and more")
	expect(t, server, "and")
	expectReset(t, server)
	expectReset(t, client)

	client, server = connect()
	c.FinishAfter(Down, 3)
	transmit(t, server, "end")
	expect(t, client, "end")
	expectEnd(t, client)
	expectEnd(t, server)

	client, server = connect()
	c.ResetAfter(Up, 2)
	c.Pass() // not any more
	transmit(t, client, "whole")
	expect(t, server, "whole")
}

func TestCutterThrottlesAndDelays(t *testing.T) {
	c, connect := throughCutter(t)
	client, server := connect()
	text := strings.Repeat("x", 10_000)
	timed := func(atLeast time.Duration) {
		t.Helper()
		began := time.Now()
		transmit(t, client, text)
		expect(t, server, text)
		if took := time.Since(began); took < atLeast {
			t.Errorf("took %v, want %v at least", took, atLeast)
		}
	}
	c.Throttle(100_000)
	timed(80 * time.Millisecond)
	c.Throttle(0)
	c.Delay(60*time.Millisecond, Up)
	timed(60 * time.Millisecond)
	transmit(t, server, "at once")
	expect(t, client, "at once")

	c.Throttle(1)
	transmit(t, client, "slow")
	c.Close() // does not wait for it
	if _, err := net.Dial("tcp", client.RemoteAddr().String()); err == nil {
		t.Error("something still listens")
	}
}

func TestCutterRefuses(t *testing.T) {
	c, connect := throughCutter(t)
	client, server := connect()
	c.Refuse()
	refused, err := net.Dial("tcp", client.RemoteAddr().String())
	if err == nil {
		expectReset(t, refused)
		refused.Close()
	}
	transmit(t, client, "still here")
	expect(t, server, "still here")
	c.Pass()
	connect()

	nobody := StartCutter(t, "127.0.0.1", 1)
	conn, err := net.Dial("tcp", net.JoinHostPort(nobody.Address, strconv.Itoa(nobody.Port)))
	if err == nil {
		expectReset(t, conn)
		conn.Close()
	}
}

func TestCutterStorm(t *testing.T) {
	weather := Weather{Calm: 5 * time.Millisecond, Bad: 10 * time.Millisecond}
	list := func(seed uint64) (out []Fault) {
		for f := range weather.Faults(seed) {
			if out = append(out, f); len(out) == 200 {
				return out
			}
		}
		return out
	}
	faults := list(7)
	if !slices.Equal(faults, list(7)) || slices.Equal(faults, list(8)) {
		t.Error("a storm does not depend on its seed alone")
	}
	seen := map[string]bool{}
	for _, f := range faults {
		seen[f.Kind] = true
		if f.Calm > weather.Calm || f.Bad > weather.Bad {
			t.Errorf("%v is worse than the weather", f)
		}
	}
	if len(seen) != len(faultKinds) {
		t.Errorf("200 faults were of the kinds %v only", seen)
	}

	c, connect := throughCutter(t)
	for i, f := range faults[:40] {
		client, server := connect()
		done := make(chan error, 1)
		go func() { done <- c.Play(t.Context(), f) }()
		_, _ = client.Write([]byte(strings.Repeat("x", 5000)))
		if err := <-done; err != nil {
			t.Fatalf("%d %v: %v", i, f, err)
		}
		if f.Cuts() {
			if _, err := io.Copy(io.Discard, server); err != nil && !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("%d %v: %v, want the end", i, f, err)
			}
		} else if f.Kind != faultResetAfter && f.Kind != faultFinishAfter {
			expect(t, server, strings.Repeat("x", 5000))
		}
		client.Close()
		server.Close()
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Play(ctx, Fault{Kind: faultStall, Calm: time.Hour}); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
