package otr

import (
	"bytes"
	"slices"
	"time"
)

// recentText is a text that the peer may turn out not to have been able to read.
type recentText struct {
	text []byte
	to   Fingerprint
	sent time.Time
}

// remember keeps a text for sending again, in place of the oldest if there are
// many. The slices of texts are used again.
func (s *Session) remember(text []byte, now time.Time) {
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
	clear(t.text)
	t.text, t.to, t.sent = append(reusable(t.text), text...), s.live.peer, now
}

// recentTexts are the texts kept for sending again, the oldest first.
func (s *Session) recentTexts() []recentText {
	return append(append([]recentText(nil), s.recent[s.oldest:]...), s.recent[:s.oldest]...)
}

// Unsend makes sure that a text given to Send is not sent again by the session:
// it did not leave after all, or nobody knows whether it did and the user is
// asked. Of texts that are the same, it is the one sent last.
func (s *Session) Unsend(text []byte) {
	text, _, _ = bytes.Cut(text, []byte{0})
	s.recent, s.oldest = s.recentTexts(), 0
	for i, t := range slices.Backward(s.recent) {
		if len(text) > 0 && bytes.Equal(t.text, text) {
			s.recent[i].forget()
			s.recent = slices.Delete(s.recent, i, i+1)
			break
		}
	}
	if len(s.recent) == 0 {
		s.forgetRecent()
	}
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
			t.forget()
		} else {
			left = true
		}
	}
	if !left {
		s.forgetRecent()
	}
}

// forgetRecent wipes the texts kept for sending again.
func (s *Session) forgetRecent() {
	for i := range s.recent {
		s.recent[i].forget()
	}
	if s.oldest = 0; len(s.recent) <= 2 {
		s.recent = s.recent[:0] // their slices do for the next
	} else {
		s.recent = nil
	}
	s.resend = false
}
