package xmpp

import (
	"context"
	"errors"
	"slices"

	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// What can be done to the own account on the server (XEP-0077, sections 3.2 and 3.3).

var (
	_ protocol.PasswordChanger = (*Session)(nil)
	_ protocol.Remover         = (*Session)(nil)
)

// ChangePassword asks the server for another password.
func (s *Session) ChangePassword(password im.Secret) error {
	l, err := s.online()
	if err != nil {
		return err
	}
	query := newElement(nsRegister, "query",
		newText(nsRegister, "username", s.address.Localpart()),
		newText(nsRegister, "password", string(password.Bytes())))
	return l.do(func() {
		err := l.ask("", "set", query, func(answer *element) {
			l.emit(protocol.PasswordChanged{Problem: l.passwordProblem(answer)})
		})
		if err != nil {
			l.emit(protocol.PasswordChanged{Problem: lang.T("You are not connected. Try again when you are.")})
		}
	})
}

// RemoveAccount asks the server to forget the account. Some answer, some just end the
// stream.
func (s *Session) RemoveAccount() error {
	l, err := s.online()
	if err != nil {
		return err
	}
	return l.do(func() {
		l.removing = true
		err := l.ask("", "set", newElement(nsRegister, "query", newElement(nsRegister, "remove")), func(answer *element) {
			problem := l.removalProblem(answer)
			if problem == "" {
				l.end(errAccountGone)
				return
			}
			l.removing = false
			l.emit(protocol.AccountKept{Problem: problem})
		})
		if err != nil {
			l.removing = false
			l.emit(protocol.AccountKept{Problem: lang.T("You are not connected. Try again when you are.")})
		}
	})
}

var errAccountGone = errors.New("the account was deleted")

// deleted reports whether the end of the stream means that the account was deleted, as
// was asked. What the server says of that may be lost with the connection: who was
// deleted cannot sign in.
func (s *Session) deleted(ctx context.Context, err error) bool {
	s.mu.Lock()
	l := s.link
	s.mu.Unlock()
	if l == nil || !l.removing {
		return false
	}
	if _, told := errors.AsType[*streamError](err); told || errors.Is(err, errAccountGone) {
		return true
	}
	again := s.connector
	again.before = nil
	ctx, cancel := context.WithTimeoutCause(ctx, s.patience.connect, errConnectTime)
	defer cancel()
	conn, err := again.connect(ctx)
	if err == nil {
		conn.end(nil)
		return false
	}
	_, refused := errors.AsType[*authError](err)
	return refused
}

// passwordProblem says why the server did not change the password; empty: it did.
func (l *link) passwordProblem(answer *element) string {
	if answer.attr("type") == "result" {
		return ""
	}
	condition := stanzaCondition(answer)
	switch {
	case isUnfit(condition):
		return l.unfit()
	case isClosed(condition):
		return lang.F("%s does not let programs change the password. Its web site may say how.", l.domain)
	}
	return lang.F("%s did not change the password (%s).", l.domain, known(condition))
}

// removalProblem says why the server did not delete the account; empty: it did.
func (l *link) removalProblem(answer *element) string {
	if answer.attr("type") == "result" {
		return ""
	}
	condition := stanzaCondition(answer)
	switch {
	case isUnfit(condition):
		return l.unfit()
	case isClosed(condition):
		return lang.F("%s does not let programs delete the account. Its web site may say how.", l.domain)
	}
	return lang.F("%s did not delete the account (%s).", l.domain, known(condition))
}

// isUnfit: the server does not like the values.
func isUnfit(condition string) bool {
	return condition == "not-acceptable" || condition == "bad-request"
}

func (l *link) unfit() string {
	return lang.F("%s did not accept that. If it is a new password, choose a longer one.", l.domain)
}

// isClosed: the server does not do it for programs.
func isClosed(condition string) bool {
	return slices.Contains([]string{"not-allowed", "forbidden", "service-unavailable", "feature-not-implemented", "not-authorized"}, condition)
}
