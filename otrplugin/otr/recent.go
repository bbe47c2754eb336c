package otr

import "time"

// recentText is a text that the peer may turn out not to have been able to read.
type recentText struct {
	text []byte
	to   Fingerprint
	sent time.Time
}

// remember keeps a text for sending again.
func (s *Session) remember(text []byte, now time.Time) {
	if len(s.recent) >= maxRecent {
		s.forgetOldest()
	}
	n := len(s.recent)
	if n < cap(s.recent) {
		s.recent = s.recent[:n+1] // its old buffer is empty, and used again
	} else {
		s.recent = append(s.recent, recentText{})
	}
	t := &s.recent[n]
	t.text, t.to, t.sent = append(t.text[:0], text...), s.live.peer, now
}

// forgetOldest wipes the oldest of the texts kept for sending again.
func (s *Session) forgetOldest() {
	last := len(s.recent) - 1
	empty := s.recent[0].text
	clear(empty)
	copy(s.recent, s.recent[1:])
	s.recent[last] = recentText{text: reusable(empty)}
	s.recent = s.recent[:last]
}

// forgetRecent wipes the texts kept for sending again.
func (s *Session) forgetRecent() {
	for i := range s.recent {
		t := &s.recent[i]
		clear(t.text)
		*t = recentText{text: reusable(t.text)}
	}
	if len(s.recent) <= 2 {
		s.recent = s.recent[:0]
	} else {
		s.recent = nil
	}
	s.resend = false
}
