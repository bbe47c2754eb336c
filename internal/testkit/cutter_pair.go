package testkit

import (
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// pair is one connection through a [Cutter]: the client's and the server's.
type pair struct {
	cutter *Cutter
	cut    chan struct{} // closed when it was cut: nothing more passes

	mu       sync.Mutex
	ends     [2]*net.TCPConn // by the direction in which they are written to
	finished bool            // ended in an orderly way: what still comes is dropped
	orphaned bool            // the client is gone, and the server does not know
	done     bool
	linger   int // how it was done: as for SetLinger
}

// chunk are bytes on their way.
type chunk struct {
	data []byte
	due  time.Time
}

// reaches notes the connection to the server, unless the pair was cut meanwhile.
func (p *pair) reaches(server *net.TCPConn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done || p.finished {
		_ = server.SetLinger(p.linger) // fails only when it is closed
		server.Close()
		return false
	}
	p.ends[Up] = server
	return true
}

// reset makes both ends see an error.
func (p *pair) reset() { p.hangUp(0) }

// close ends what has ended at both ends.
func (p *pair) close() { p.hangUp(-1) }

func (p *pair) hangUp(linger int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done {
		return
	}
	p.done, p.linger = true, linger
	if !p.finished {
		close(p.cut)
	}
	for _, end := range p.ends {
		if end != nil {
			_ = end.SetLinger(linger) // fails only when it is closed
			end.Close()
		}
	}
}

// orphan makes the client see an error, and the server nothing yet.
func (p *pair) orphan() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done || p.finished || p.orphaned {
		return
	}
	p.orphaned = true
	_ = p.ends[Down].SetLinger(0) // fails only when it is closed
	p.ends[Down].Close()
}

// broke is told that one end does not read or write any more: the other is to see an
// error, unless it is not to know.
func (p *pair) broke() {
	p.mu.Lock()
	orphaned := p.orphaned
	p.mu.Unlock()
	if !orphaned {
		p.reset()
	}
}

// finish makes both ends see the end of what they are told.
func (p *pair) finish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done || p.finished {
		return
	}
	p.finished, p.linger = true, -1
	close(p.cut)
	for _, end := range p.ends {
		if end != nil {
			_ = end.CloseWrite() // fails only when it is closed
		}
	}
}

// carry carries what comes in one direction, until its end.
func (p *pair) carry(d Direction) {
	onWay := make(chan chunk, 64)
	var writing sync.WaitGroup
	writing.Go(func() { p.deliver(d, onWay) })
	from := p.ends[1-d]
	var broken bool
	for p.passable(d) {
		buf := make([]byte, 4096)
		n, err := from.Read(buf)
		if n > 0 {
			onWay <- chunk{buf[:n], time.Now().Add(p.cutter.delay(d))}
		}
		if err != nil {
			broken = !errors.Is(err, io.EOF)
			break
		}
	}
	close(onWay)
	writing.Wait()
	if p.passable(d) { // an end does not get through either, where nothing does
		if broken {
			p.broke()
		}
		_ = p.ends[d].CloseWrite() // fails only when it is closed
	}
	_, _ = io.Copy(io.Discard, from)
}

// passable waits until nothing stalls the direction. It is false when the pair was
// cut: then nothing passes any more.
func (p *pair) passable(d Direction) bool {
	for {
		c := p.cutter
		c.mu.Lock()
		stalled, changed := c.way.stalled[d], c.changed
		c.mu.Unlock()
		select {
		case <-p.cut:
			return false
		default:
		}
		if !stalled {
			return true
		}
		select {
		case <-p.cut:
			return false
		case <-changed:
		}
	}
}

// deliver writes what is due, as fast as it may.
func (p *pair) deliver(d Direction, onWay <-chan chunk) {
	to := p.ends[d]
	for c := range onWay {
		if !p.wait(time.Until(c.due)) {
			continue // cut: it is lost
		}
		for data := c.data; len(data) > 0 && p.passable(d); {
			piece, cut := p.cutter.piece(d, data)
			if len(piece) > 0 {
				p.cutter.count(func() { p.cutter.passed[d] += int64(len(piece)) }) // before anybody has them
				if _, err := to.Write(piece); err != nil {
					p.broke()
					break
				}
				if data = data[len(piece):]; !p.pace(d, len(piece)) {
					break
				}
			}
			if cut != nil {
				cut(p)
			}
		}
	}
}

// piece is as much of data as may be written now, and whether the connection is to be
// cut then.
func (c *Cutter) piece(d Direction, data []byte) ([]byte, func(*pair)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if rate := c.way.rate[d]; rate > 0 {
		data = data[:min(len(data), max(1, rate/50))] // 20 ms worth of it
	}
	at := c.cutAfter[d]
	if at == nil {
		return data, nil
	}
	data = data[:min(int64(len(data)), at.left)]
	if at.left -= int64(len(data)); at.left > 0 {
		return data, nil
	}
	c.cutAfter[d] = nil
	return data, at.cut
}

// pace waits until after n bytes more may be written.
func (p *pair) pace(d Direction, n int) bool {
	p.cutter.mu.Lock()
	rate := p.cutter.way.rate[d]
	p.cutter.mu.Unlock()
	if rate <= 0 {
		return true
	}
	return p.wait(time.Duration(n) * time.Second / time.Duration(rate))
}

// wait waits, unless the pair is cut.
func (p *pair) wait(d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-p.cut:
		return false
	}
}
