package xmpp

import (
	"bufio"
	"errors"
	"io"
	"net"
	"os"
	"sync/atomic"
	"time"
)

// The patience with a server. TCP itself would need a quarter of an hour to
// notice that a server is gone.
const (
	idleProbe  = 60 * time.Second // silence after which the server is asked for a sign of life
	idleGrace  = 20 * time.Second // time it has to give one
	writeLimit = 30 * time.Second // time for what we send to leave
)

var errSilent = errors.New("the server does not answer")

// watchedConn is the TCP connection below TLS. Each write has a deadline. Once
// it is watched, each read has one, too: after a silence the probe is called
// once, and if nothing comes in the grace after that, reading fails.
//
// The clock runs only while somebody reads: a program that is too busy to read
// does not blame the server.
type watchedConn struct {
	net.Conn
	watch atomic.Pointer[watch]
}

type watch struct {
	idle, grace time.Duration
	probe       func()
}

func (c *watchedConn) Read(p []byte) (int, error) {
	w := c.watch.Load()
	if w == nil {
		return c.Conn.Read(p)
	}
	n, err := c.readWithin(p, w.idle)
	if n == 0 && errors.Is(err, os.ErrDeadlineExceeded) {
		w.probe()
		if n, err = c.readWithin(p, w.grace); n == 0 && errors.Is(err, os.ErrDeadlineExceeded) {
			return 0, errSilent
		}
	}
	return n, err
}

func (c *watchedConn) readWithin(p []byte, d time.Duration) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(d)); err != nil {
		return 0, err
	}
	return c.Conn.Read(p)
}

func (c *watchedConn) Write(p []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

var errTooLarge = errors.New("stanza larger than allowed")

// source gives the XML decoder one byte at a time, so that the decoder does not
// read ahead: that is what lets a stanza be counted exactly, and what lets TLS
// start at the right byte.
type source struct {
	r      *bufio.Reader
	used   int64        // bytes that the current element has taken
	limit  atomic.Int64 // bytes that it may take; may change at any time
	talk   bool         // it answers nothing: it may take a stanza's, whatever was asked for
	place  place
	header []byte // the stream's, so that a new decoder can be told of it
	again  []byte // what of the header comes once more
	begun  bool   // the header is complete
}

func newSource(r io.Reader) *source {
	s := &source{r: bufio.NewReader(r)}
	s.limit.Store(maxStanza)
	return s
}

// ReadByte returns the next byte, within the limit.
func (s *source) ReadByte() (byte, error) {
	if len(s.again) > 0 {
		b := s.again[0]
		s.again = s.again[1:]
		return b, nil
	}
	limit := s.limit.Load()
	if s.talk {
		limit = min(limit, maxStanza)
	}
	return s.read(limit)
}

func (s *source) read(limit int64) (byte, error) {
	if s.used >= limit {
		return 0, errTooLarge
	}
	b, err := s.r.ReadByte()
	if err != nil {
		return 0, err
	}
	s.used++
	if s.begun {
		s.place.step(b)
	} else {
		s.header = append(s.header, b)
	}
	return b, nil
}

// skip reads the rest of the element that was begun and keeps nothing of it.
func (s *source) skip() error {
	for !s.place.between() {
		if s.place.lost() {
			return errRestrict
		}
		if _, err := s.read(maxRoster); err != nil {
			return err
		}
	}
	return nil
}

// Read is here because the decoder wants an io.Reader; it calls ReadByte only.
func (s *source) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	b, err := s.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = b
	return 1, nil
}
