package otr

import "time"

// recentText is a text that the peer may turn out not to have been able to read.
type recentText struct {
	number uint64
	text   []byte
	to     Fingerprint
	sent   time.Time
}

// remember keeps a text for sending again, in place of the oldest if there are
// many. The slices of texts are used again.
func (s *Session) remember(number uint64, text []byte, now time.Time) {
	n := len(s.recent)
	switch {
	case n == maxRecent:
		n = s.oldest
		s.oldest = (s.oldest + 1) % maxRecent
	case n < cap(s.recent):
		s.recent = s.recent[:n+1]
	default:
		s.recent = append(s.recent, recentText{})
	}
	t := &s.recent[n]
	s.giveUp(t)
	t.number, t.text, t.to, t.sent = number, append(reusable(t.text), text...), s.live.peer, now
}

// recentTexts are the texts kept for sending again, the oldest first.
func (s *Session) recentTexts() []recentText {
	return append(append([]recentText(nil), s.recent[s.oldest:]...), s.recent[:s.oldest]...)
}

// forget wipes a text.
func (t *recentText) forget() {
	clear(t.text)
	*t = recentText{text: reusable(t.text)}
}

// forgetOld wipes the texts that are too old to be sent again.
func (s *Session) forgetOld(now time.Time) {
	left := false
	for i := range s.recent {
		t := &s.recent[i]
		if now.Sub(t.sent) > recentAge {
			s.giveUp(t)
		} else {
			left = true
		}
	}
	if !left {
		s.forgetRecent()
	}
}

// giveUp wipes a text. If the peer said that he could not read something, it is not known
// whether it was this one.
func (s *Session) giveUp(t *recentText) {
	if s.resend && t.number != 0 {
		s.doubt([]uint64{t.number})
	}
	t.forget()
}

// forgetRecent wipes the texts kept for sending again.
func (s *Session) forgetRecent() {
	for i := range s.recent {
		s.giveUp(&s.recent[i])
	}
	if s.oldest = 0; len(s.recent) <= 2 {
		s.recent = s.recent[:0] // their slices do for the next
	} else {
		s.recent = nil
	}
	s.resend = false
}
