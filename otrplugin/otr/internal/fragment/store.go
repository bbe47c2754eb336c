package fragment

import "time"

// Limits on what is kept of unfinished messages, whatever arrives.
const (
	MaxMessage = 1 << 20         // bytes of one message
	MaxOpen    = 8               // unfinished messages, one from each sender
	MaxTotal   = 4 << 20         // bytes of all of them
	MaxAge     = 5 * time.Minute // since the last piece
)

// Store puts pieces together: at most one unfinished message from each
// sender. The zero Store is empty and ready.
type Store struct {
	open map[uint32]*partial
}

type partial struct {
	k, n uint32
	text []byte
	last time.Time
}

// Add takes a legal piece and returns the message when it was the last one.
// The first piece starts afresh; one out of order forgets what there was.
func (s *Store) Add(p Piece, now time.Time) (msg []byte, complete bool) {
	f := s.open[p.From]
	switch {
	case !p.Legal():
		return nil, false
	case p.K == 1:
		if p.N == 1 {
			s.Forget(p.From)
			return p.Text, true
		}
		if f == nil {
			s.room(now)
			f = &partial{}
			if s.open == nil {
				s.open = make(map[uint32]*partial)
			}
			s.open[p.From] = f
		}
		*f = partial{n: p.N, text: f.text[:0]}
	case f == nil:
		return nil, false
	case p.N != f.n || p.K != f.k+1:
		s.Forget(p.From)
		return nil, false
	}
	if len(f.text)+len(p.Text) > MaxMessage || s.size()+len(p.Text) > MaxTotal {
		s.Forget(p.From)
		return nil, false
	}
	f.text = append(f.text, p.Text...)
	f.k, f.last = p.K, now
	if f.k < f.n {
		return nil, false
	}
	s.Forget(p.From)
	return f.text, true
}

// Forget drops what there is from a sender.
func (s *Store) Forget(from uint32) { delete(s.open, from) }

// Expire drops what had no new piece for MaxAge.
func (s *Store) Expire(now time.Time) {
	for from, f := range s.open {
		if now.Sub(f.last) > MaxAge {
			delete(s.open, from)
		}
	}
}

// Len is the number of unfinished messages.
func (s *Store) Len() int { return len(s.open) }

// room makes room for one more message, at the cost of the stalest.
func (s *Store) room(now time.Time) {
	s.Expire(now)
	for len(s.open) >= MaxOpen {
		var stalest uint32
		var f *partial
		for from, g := range s.open {
			if f == nil || g.last.Before(f.last) || g.last.Equal(f.last) && from < stalest {
				stalest, f = from, g
			}
		}
		delete(s.open, stalest)
	}
}

func (s *Store) size() (n int) {
	for _, f := range s.open {
		n += len(f.text)
	}
	return n
}
