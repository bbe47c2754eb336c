package testkit

import (
	"errors"
	"fmt"
	"net"
	"sync"
	"testing"
	"time"
)

// Cutter is a TCP proxy before a port of a server. A test breaks its connections
// with it, and mends the way again, as networks do:
//
//	c := testkit.StartCutter(t, server.Address, server.C2S)
//	... connect to c.Address and c.Port ...
//	c.Stall()     // nothing passes, and nobody is told
//	c.Reset()     // both ends see a broken connection; what was on its way is lost
//	c.Pass()      // the next connection works
//
// Its methods may be called from any goroutine, and have their effect before they
// return.
type Cutter struct {
	Address string // where it listens: "127.0.0.1"
	Port    int

	target   string
	listener net.Listener
	running  sync.WaitGroup

	mu       sync.Mutex
	way      way
	changed  chan struct{} // closed when way changes
	cutAfter [2]*cutPoint
	pairs    map[*pair]bool
	accepted int
	passed   [2]int64
	news     chan struct{} // closed when one of the counts changes
	closed   bool
}

// Direction is one of the two in which a connection carries.
type Direction int

// Directions of a connection.
const (
	Up   Direction = iota // from the client to the server
	Down                  // from the server to the client
)

// way is what happens to bytes in each direction.
type way struct {
	refusing bool
	stalled  [2]bool
	rate     [2]int // bytes a second; 0: no limit
	delay    [2]time.Duration
}

// cutPoint says that connections are cut when so many more bytes have passed.
type cutPoint struct {
	left int64
	cut  func(*pair)
}

// StartCutter starts a proxy before the port. It ends with the test.
func StartCutter(t testing.TB, address string, port int) *Cutter {
	t.Helper()
	c, err := NewCutter(address, port)
	if err != nil {
		t.Fatalf("start a proxy that cuts: %v", err)
	}
	t.Cleanup(c.Close)
	return c
}

// NewCutter is StartCutter for programs that are no test. Close ends it.
func NewCutter(address string, port int) (*Cutter, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	c := &Cutter{
		Address: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port,
		target: net.JoinHostPort(address, fmt.Sprint(port)), listener: l,
		changed: make(chan struct{}), pairs: map[*pair]bool{}, news: make(chan struct{}),
	}
	c.running.Go(c.accept)
	return c, nil
}

// Close cuts all, and listens no more.
func (c *Cutter) Close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	c.listener.Close()
	c.change(func(w *way) { *w = way{} })
	c.Reset()
	c.running.Wait()
}

// Reset breaks all connections at once, as a router does that was switched on anew:
// both ends get an error. What was on its way is lost.
func (c *Cutter) Reset() { c.each((*pair).reset) }

// Finish ends all connections in an orderly way, but without the words with which a
// stream ends. What was on its way is lost.
func (c *Cutter) Finish() { c.each((*pair).finish) }

// Overtake ends the client's end of all connections as Reset does, and leaves the
// server's as it is: what was on its way there still arrives, when [Cutter.Delay] lets it,
// and the end after that. The next connection of the client overtakes all of it.
func (c *Cutter) Overtake() { c.each((*pair).orphan) }

// Stall lets nothing pass and tells nobody, in the given directions or both, as a
// cable does that was pulled. Connections are still accepted, for that is what a
// proxy's own host does, but not answered. What is on its way waits there until
// Pass, or is lost with the connection.
func (c *Cutter) Stall(d ...Direction) {
	c.change(func(w *way) { each(d, func(d Direction) { w.stalled[d] = true }) })
}

// Throttle lets so many bytes a second pass, in the given directions or both; with
// 0, as many as there are.
func (c *Cutter) Throttle(bytes int, d ...Direction) {
	c.change(func(w *way) { each(d, func(d Direction) { w.rate[d] = bytes }) })
}

// Delay lets all arrive so much later, in the given directions or both.
func (c *Cutter) Delay(by time.Duration, d ...Direction) {
	c.change(func(w *way) { each(d, func(d Direction) { w.delay[d] = by }) })
}

// Refuse breaks new connections at once. Those that are there stay.
func (c *Cutter) Refuse() { c.change(func(w *way) { w.refusing = true }) }

// Pass ends Stall, Throttle, Delay, Refuse, and the cuts that have not come yet.
func (c *Cutter) Pass() {
	c.mu.Lock()
	c.cutAfter = [2]*cutPoint{}
	c.mu.Unlock()
	c.change(func(w *way) { *w = way{} })
}

// ResetAfter lets so many more bytes pass in this direction, of all connections
// together, and does then what Reset does to the one that carried the last.
func (c *Cutter) ResetAfter(d Direction, bytes int64) { c.after(d, bytes, (*pair).reset) }

// FinishAfter is ResetAfter with Finish.
func (c *Cutter) FinishAfter(d Direction, bytes int64) { c.after(d, bytes, (*pair).finish) }

func (c *Cutter) after(d Direction, bytes int64, cut func(*pair)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cutAfter[d] = &cutPoint{left: bytes, cut: cut}
}

// Connections are the number that were accepted so far, and that are open now.
func (c *Cutter) Connections() (accepted, open int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.accepted, len(c.pairs)
}

// Passed is how many bytes went that way so far.
func (c *Cutter) Passed(d Direction) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.passed[d]
}

// Wait waits until what is said of connections and bytes holds.
func (c *Cutter) Wait(t testing.TB, what string, holds func(c *Cutter) bool) {
	t.Helper()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for {
		c.mu.Lock()
		news := c.news
		c.mu.Unlock()
		if holds(c) {
			return
		}
		select {
		case <-news:
		case <-limit.C:
			t.Fatalf("the proxy never saw: %s", what)
		}
	}
}

// each calls f for the directions that were given, or both.
func each(given []Direction, f func(Direction)) {
	if len(given) == 0 {
		given = []Direction{Up, Down}
	}
	for _, d := range given {
		f(d)
	}
}

func (c *Cutter) change(f func(*way)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f(&c.way)
	close(c.changed)
	c.changed = make(chan struct{})
}

func (c *Cutter) delay(d Direction) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.way.delay[d]
}

// count changes counts, and tells who waits for that.
func (c *Cutter) count(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f()
	close(c.news)
	c.news = make(chan struct{})
}

func (c *Cutter) each(f func(*pair)) {
	c.mu.Lock()
	pairs := make([]*pair, 0, len(c.pairs))
	for p := range c.pairs {
		pairs = append(pairs, p)
	}
	c.mu.Unlock()
	for _, p := range pairs {
		f(p)
	}
}

func (c *Cutter) accept() {
	for {
		conn, err := c.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue // one connection that came to nothing
		}
		client := conn.(*net.TCPConn)
		c.running.Go(func() { c.serve(client) })
	}
}

// serve carries one connection until it ends.
func (c *Cutter) serve(client *net.TCPConn) {
	p := &pair{cutter: c, ends: [2]*net.TCPConn{Down: client}, cut: make(chan struct{})}
	c.mu.Lock()
	refused := c.way.refusing || c.closed
	c.mu.Unlock()
	if refused {
		p.reset()
		return
	}
	c.count(func() { c.accepted++; c.pairs[p] = true })
	defer c.count(func() { delete(c.pairs, p) })
	conn, err := net.DialTimeout("tcp", c.target, patience)
	if err != nil {
		p.reset() // as if it had been refused
		return
	}
	if !p.reaches(conn.(*net.TCPConn)) {
		p.close()
		return
	}
	var both sync.WaitGroup
	for _, d := range []Direction{Up, Down} {
		both.Go(func() { p.carry(d) })
	}
	both.Wait()
	p.close()
}
