package otr

import (
	"slices"

	"culver/otrplugin/otr/internal/ratchet"
)

// The texts that Send sealed are numbered, and known until the peer has shown that he reads
// them. If he turns out not to have the keys, or says that he could not read something,
// the host is told of which he may not have read ([Unread]): they left, and nothing else
// would tell.
//
// A peer has shown that he has keys if a message came that is sealed with them, or if it
// was he who finished the key exchange: by a Signature message, which he sends when he has
// them. Who sends that himself does not know whether it arrived.

// maxUnproven bounds the texts that are known of each instance.
const maxUnproven = 1024

// note numbers a text that was sealed for an instance.
func (s *Session) note(i *instance) uint64 {
	s.numbered++
	i.record(s.numbered)
	return s.numbered
}

// record notes that a text was sealed with the keys in use.
func (i *instance) record(number uint64) {
	if len(i.unproven) == maxUnproven {
		i.unproven = slices.Delete(i.unproven, 0, maxUnproven/2)
	}
	i.unproven = append(i.unproven, number)
}

// show notes that a message of the peer's was sealed with the keys in use, or with those
// from before. If it answers one of ours, he reads what we seal; what is on its way
// to him he will read, unless he gets new keys before it.
func (s *Session) show(i *instance, m *ratchet.Message, former bool) {
	if former {
		i.doubtful = nil
		return
	}
	s.doubt(i.doubtful)
	i.doubtful, i.proven = nil, true
	switch {
	case !m.Answers() || len(i.unproven) == 0:
	case i.revealing == 0 || i.unproven[0] >= i.revealing: // he read it after that
		i.unproven = i.unproven[:0]
	default:
		i.forgetBefore(i.revealing)
	}
}

// forgetBefore forgets the texts before one.
func (i *instance) forgetBefore(first uint64) {
	i.unproven = slices.DeleteFunc(i.unproven, func(n uint64) bool { return n < first })
}

// turnKeys notes that an instance has new keys, after a refresh or instead of others.
func (s *Session) turnKeys(i *instance, refresh bool) {
	s.doubt(i.doubtful)
	i.doubtful = nil
	if i.state != Encrypted || i.proven && i.revealing == 0 {
		i.unproven = nil
		return
	}
	if i.proven {
		i.forgetBefore(i.revealing)
	}
	if refresh {
		i.doubtful = i.unproven
	} else {
		s.doubt(i.unproven)
	}
	i.unproven = nil
}

// reveal notes that we sent a Reveal Signature message. The peer has new keys when it
// arrives; until we have them, too, he reads with those from before. But he may begin
// another exchange meanwhile, and forget them.
func (s *Session) reveal(i *instance) {
	if i.revealing == 0 {
		i.revealing = s.numbered + 1
	}
}

// doubt has the host told of texts that the peer may not have read.
func (s *Session) doubt(texts []uint64) { s.unread = append(s.unread, texts...) }

// tellUnread tells of them. They are not sent again by the session.
func (s *Session) tellUnread(r *Result) {
	if len(s.unread) == 0 {
		return
	}
	slices.Sort(s.unread)
	texts := slices.Compact(s.unread)
	s.unread = nil
	s.forgetTexts(texts)
	r.event(Event{Kind: Unread, Texts: texts})
}

// Unsend makes sure that a text is not sent again by the session, nor told of, by its
// Number: it did not leave after all, or nobody knows whether it did and the user is
// asked.
func (s *Session) Unsend(number uint64) {
	s.forgetTexts([]uint64{number})
}

// forgetTexts forgets texts by their numbers.
func (s *Session) forgetTexts(numbers []uint64) {
	known := func(n uint64) bool { return slices.Contains(numbers, n) }
	for _, i := range s.instances {
		i.unproven = slices.DeleteFunc(i.unproven, known)
		i.doubtful = slices.DeleteFunc(i.doubtful, known)
	}
	if !slices.ContainsFunc(s.recent, func(t recentText) bool { return known(t.number) }) {
		return
	}
	s.recent, s.oldest = s.recentTexts(), 0
	for n := range s.recent {
		if known(s.recent[n].number) {
			s.recent[n].forget()
		}
	}
	s.recent = slices.DeleteFunc(s.recent, func(t recentText) bool { return t.number == 0 })
	if len(s.recent) == 0 {
		s.forgetRecent()
	}
}

// distrust notes that the peer says he could not read something: of what was sealed since
// he last showed his keys, recent texts are sent again after a key exchange, and the host
// is told of the others.
func (s *Session) distrust(i *instance) {
	recent := func(n uint64) bool {
		return slices.ContainsFunc(s.recent, func(t recentText) bool { return t.number == n })
	}
	s.resend = s.resend || len(s.recent) > 0
	s.doubt(slices.DeleteFunc(append(i.doubtful, i.unproven...), recent))
	i.doubtful, i.unproven = nil, nil
}

// sealAnew notes that a text was sent again.
func (s *Session) sealAnew(i *instance, number uint64) {
	same := func(n uint64) bool { return n == number }
	i.doubtful, s.unread = slices.DeleteFunc(i.doubtful, same), slices.DeleteFunc(s.unread, same)
	i.record(number)
}
