package fragment

import (
	"bytes"
	"slices"
	"time"
)

// Limits on what is kept of unfinished messages, whatever arrives.
const (
	MaxMessage = 1 << 20         // bytes of one message
	MaxOpen    = 8               // unfinished messages, one from each sender
	MaxTotal   = 4 << 20         // bytes of all of them
	MaxAge     = 5 * time.Minute // since the last piece
)

// Store puts pieces together: at most one unfinished message from each
// sender. What it keeps grows with what has arrived, to twice of that at most,
// whatever the pieces say about their number. The zero Store is empty and
// ready.
type Store struct {
	open  []partial
	total int // bytes of all texts
}

type partial struct {
	from, k, n uint32
	text       []byte
	last       time.Time
}

// Add takes a legal piece and returns the message when it was the last one,
// which is the caller's then. The first piece starts afresh; one out of order
// forgets what there was.
func (s *Store) Add(p Piece, now time.Time) (msg []byte, complete bool) {
	if !p.Legal() {
		return nil, false
	}
	f := s.find(p.From)
	switch {
	case p.K == 1:
		if p.N == 1 {
			s.Forget(p.From)
			return bytes.Clone(p.Text), true
		}
		if f == nil {
			s.room(now)
			s.open = append(s.open, partial{from: p.From})
			f = &s.open[len(s.open)-1]
		}
		s.total -= len(f.text)
		f.k, f.n, f.text = 0, p.N, f.text[:0]
	case f == nil:
		return nil, false
	case p.N != f.n || p.K != f.k+1:
		s.Forget(p.From)
		return nil, false
	}
	if len(f.text)+len(p.Text) > MaxMessage || s.total+len(p.Text) > MaxTotal {
		s.Forget(p.From)
		return nil, false
	}
	f.text = grow(f.text, len(p.Text))
	f.text = append(f.text, p.Text...)
	s.total += len(p.Text)
	f.k, f.last = p.K, now
	if f.k < f.n {
		return nil, false
	}
	msg = f.text
	s.Forget(p.From)
	return msg, true
}

// grow makes room for n more bytes, for twice as many as there are then if it
// must: a long message is copied once on average.
func grow(b []byte, n int) []byte {
	if cap(b)-len(b) >= n {
		return b
	}
	return slices.Grow(b, len(b)+2*n)
}

// find is the unfinished message from a sender, or nil.
func (s *Store) find(from uint32) *partial {
	for i := range s.open {
		if s.open[i].from == from {
			return &s.open[i]
		}
	}
	return nil
}

// Forget drops what there is from a sender.
func (s *Store) Forget(from uint32) {
	s.drop(func(f *partial) bool { return f.from == from })
}

// Expire drops what had no new piece for MaxAge.
func (s *Store) Expire(now time.Time) {
	s.drop(func(f *partial) bool { return now.Sub(f.last) > MaxAge })
}

// drop drops the messages for which which says so.
func (s *Store) drop(which func(*partial) bool) {
	if len(s.open) == 0 {
		return
	}
	s.open = slices.DeleteFunc(s.open, func(f partial) bool {
		out := which(&f)
		if out {
			s.total -= len(f.text)
		}
		return out
	})
	if len(s.open) == 0 {
		s.open = nil
	}
}

// Len is the number of unfinished messages.
func (s *Store) Len() int { return len(s.open) }

// room makes room for one more message, at the cost of the stalest.
func (s *Store) room(now time.Time) {
	s.Expire(now)
	for len(s.open) >= MaxOpen {
		stalest := slices.MinFunc(s.open, func(f, g partial) int {
			if d := f.last.Compare(g.last); d != 0 {
				return d
			}
			return int(int64(f.from) - int64(g.from))
		})
		s.Forget(stalest.from)
	}
}
