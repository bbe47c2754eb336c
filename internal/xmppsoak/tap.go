package main

import (
	"context"
	"strings"

	"culver/im"
	"culver/protocol"
	"culver/protocol/xmpp"
)

// network is XMPP, with an ear between the messenger and each session: behind all
// plugins, and before anything leaves.
type network struct {
	xmpp.Network
	owner *culver
}

func (n network) New(a im.Account, password im.Secret) protocol.Session {
	return &session{Session: n.Network.New(a, password).(*xmpp.Session), owner: n.owner, account: a.ID}
}

// session has all abilities of one of XMPP.
type session struct {
	*xmpp.Session
	owner   *culver
	account im.AccountID
}

// Continue takes over the session before, without its ear.
func (s *session) Continue(before protocol.Session) {
	if b, ok := before.(*session); ok {
		s.Session.Continue(b.Session)
	}
}

// Send looks whether anything private is to leave as it is.
func (s *session) Send(o protocol.Outgoing) error {
	for _, t := range s.owner.run.threads {
		if t.private && strings.Contains(o.Body, t.word) {
			s.owner.run.fail("%s was about to send a private line in clear: %.60q", s.owner.name, o.Body)
		}
	}
	err := s.Session.Send(o)
	s.owner.run.journal.note("%s sends: %s as %s, %v", s.owner.name, short(o.Body), o.ID, err)
	return err
}

// Run listens to what comes.
func (s *session) Run(ctx context.Context, emit func(protocol.Event)) error {
	r := s.owner.run
	err := s.Session.Run(ctx, func(e protocol.Event) {
		switch e := e.(type) {
		case protocol.Online:
			r.count(func() { r.anew++ })
			r.journal.note("%s account: %s begins a new session", s.owner.name, s.account.Bare())
		case protocol.Resumed:
			r.count(func() { r.resumed++ })
			r.journal.note("%s account: %s resumes its session", s.owner.name, s.account.Bare())
		case protocol.Received:
			r.journal.note("%s gets: %s as %s, late: %v, copy: %v", s.owner.name, short(e.Body), e.ID, e.Late, e.Copy)
		case protocol.ArchivePage:
			r.journal.note("%s account: %s reads %d lines of the archive, the last is %s, unknown: %v, failed: %v", s.owner.name, s.account.Bare(), len(e.Lines), e.Last, e.Unknown, e.Failed)
			for _, l := range e.Lines {
				r.journal.note("%s reads in the archive: %s as %s", s.owner.name, short(l.Body), l.ID)
			}
		case protocol.Sent:
			r.journal.note("%s hears that %s left", s.owner.name, e.ID)
		case protocol.Doubtful:
			r.journal.note("%s hears that %s may be lost", s.owner.name, e.ID)
		case protocol.Rejected:
			r.journal.note("%s hears that %s came back: %s", s.owner.name, e.ID, e.Reason)
		}
		emit(e)
	})
	_, held := s.Held()
	r.journal.note("%s account: %s has no connection any more, held: %v: %v", s.owner.name, s.account.Bare(), held, err)
	return err
}

// short is as much of a body as says which it is.
func short(body string) string {
	body = strings.ReplaceAll(body, "\n", " ")
	if strings.HasPrefix(body, "?OTR") {
		return body[:min(len(body), 16)]
	}
	return body[:min(len(body), 40)]
}
