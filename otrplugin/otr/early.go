package otr

import (
	"bytes"
	"slices"
	"time"

	"culver/otrplugin/otr/internal/ratchet"
	"culver/otrplugin/otr/internal/wire"
)

// early is a data message that has overtaken others on its way. If it were read,
// the others could not be any more: counters must rise, and reading may rotate
// keys. So it waits, verified and sealed as it came, until they are there or some
// seconds have passed. It keeps no keys: if these go, it is lost.
type early struct {
	number uint64
	from   *instance
	keys   *ratchet.Ratchet // with which it was verified
	msg    []byte
	m      ratchet.Message // of msg
	since  time.Time
}

// compare orders the early messages of an instance as they were sent.
func (e *early) compare(keys *ratchet.Ratchet, m *ratchet.Message) int {
	switch {
	case e.keys == keys:
		return e.m.Compare(m)
	case e.keys == e.from.former:
		return -1
	default:
		return 1
	}
}

// firstEarly is the place of an instance's first early message, -1 if there is none.
func (s *Session) firstEarly(i *instance) int {
	return slices.IndexFunc(s.early, func(e early) bool { return e.from == i })
}

// wait keeps a message that was just verified with those keys, if others of its
// instance come before it, and reports whether. A copy of one that waits is
// ErrUnreadable, as one of a message that was read.
func (s *Session) wait(r *Result, i *instance, keys *ratchet.Ratchet, m *ratchet.Message, msg []byte, now time.Time) (waits bool, err error) {
	ahead := m.Ahead()
	if len(s.early) == 0 && !ahead {
		return false, nil
	}
	first := s.firstEarly(i)
	if first < 0 && (!ahead || i.vain >= maxVain) || len(msg) > maxEarlyBytes {
		return false, nil
	}
	if first >= 0 && !ahead && s.early[first].compare(keys, m) > 0 {
		return false, nil
	}
	at, size := len(s.early), len(msg)
	for n := range s.early {
		e := &s.early[n]
		size += len(e.msg)
		if e.from != i {
			continue
		}
		switch order := e.compare(keys, m); {
		case order == 0:
			return false, ErrUnreadable
		case order > 0:
			at = min(at, n)
		}
	}
	msg = bytes.Clone(msg)
	in := wire.NewReader(msg)
	in.Header()
	own, err := ratchet.Read(msg, in)
	if err != nil {
		return false, err
	}
	s.earlies++
	r.Early = s.earlies
	s.early = slices.Insert(s.early, at, early{number: s.earlies, from: i, keys: keys, msg: msg, m: own, since: now})
	if len(s.early) > maxEarly || size > maxEarlyBytes {
		i.vain++
		for len(s.early) > 0 {
			s.readFirst(r, 0, true, false, now)
		}
	}
	return true, nil
}

// readFirst reads the message at a place, the first one of its instance, unless
// others still come before it and it need not be now. It reports whether the
// message waits no longer.
func (s *Session) readFirst(r *Result, at int, must, leaving bool, now time.Time) (done bool) {
	e := s.early[at]
	i := e.from
	err := ratchet.ErrUnreadable
	if i.state == Encrypted && (e.keys == i.keys || e.keys == i.former) {
		err = e.keys.Verify(&e.m)
	}
	if err == nil && e.m.Ahead() && !must {
		return false
	}
	s.early = slices.Delete(s.early, at, at+1)
	x := Result{Early: e.number}
	if err == nil {
		s.take(&x, i, e.keys, e.m.InPlace(), &e.m, e.since, leaving, now) // events tell of what failed
	} else {
		s.unreadable(&x, i, &e.m, now)
	}
	r.Then = append(r.Then, x)
	return true
}

// readNext reads the early messages of an instance whose turn it is now.
func (s *Session) readNext(r *Result, i *instance, now time.Time) {
	for len(s.early) > 0 {
		at := s.firstEarly(i)
		if at < 0 || !s.readFirst(r, at, false, false, now) {
			return
		}
		i.vain = 0
	}
}

// readOverdue reads the early messages that have waited for long enough, after
// those that were sent before them and wait, too.
func (s *Session) readOverdue(r *Result, now time.Time) {
	for n := len(s.early) - 1; n >= 0; n = min(n, len(s.early)) - 1 {
		if d := now.Sub(s.early[n].since); d >= 0 && d < s.cfg.EarlyWait {
			continue
		}
		i, last := s.early[n].from, s.early[n].number
		i.vain++
		for at := s.firstEarly(i); at >= 0; at = s.firstEarly(i) {
			number := s.early[at].number
			s.readFirst(r, at, true, false, now)
			if number == last {
				break
			}
		}
		vain := i.vain
		s.readNext(r, i, now)
		i.vain = vain
	}
}

// readLeaving reads all early messages of an instance: its keys are about to go.
func (s *Session) readLeaving(r *Result, i *instance, now time.Time) {
	for at := s.firstEarly(i); at >= 0; at = s.firstEarly(i) {
		s.readFirst(r, at, true, true, now)
	}
}

// readReplaced reads the early messages of an instance whose keys go now that there
// are new ones: all, or after a refresh those from before the last refresh but one.
func (s *Session) readReplaced(r *Result, i *instance, refresh bool, now time.Time) {
	if !refresh {
		s.readLeaving(r, i, now)
		return
	}
	for at := s.firstEarly(i); at >= 0 && s.early[at].keys == i.former; at = s.firstEarly(i) {
		s.readFirst(r, at, true, true, now)
	}
}

// Due is when Tick has to be called next for messages that wait, see
// Config.EarlyWait, or for an answer that the peer waits for. It is false if there
// is nothing of the kind.
func (s *Session) Due() (at time.Time, ok bool) {
	for _, e := range s.early {
		if due := e.since.Add(s.cfg.EarlyWait); !ok || due.Before(at) {
			at, ok = due, true
		}
	}
	if s.owed != 0 {
		if due := s.doneBy(); !ok || due.Before(at) {
			at, ok = due, true
		}
	}
	if s.untold != 0 {
		if due := s.errors.over(); !ok || due.Before(at) {
			at, ok = due, true
		}
	}
	return at, ok
}
