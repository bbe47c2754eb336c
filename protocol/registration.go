package protocol

import (
	"context"

	"culver/im"
)

// Registrar is a protocol whose servers may let people make accounts from here.
type Registrar interface {
	// Servers are some that are known to take newcomers, for people who know none.
	Servers() []string
	// Register asks a server what it wants to know of a newcomer. The answers are
	// those to the fields of Settings that say how to reach it. It may take as long as
	// connecting does; its errors are sentences for people, a *Failure among them.
	Register(ctx context.Context, server string, answers map[string]string) (Registration, error)
}

// Registration is a server that waits for the answers to its questions. Its methods
// may block; one is called at a time.
type Registration interface {
	Questions() Questions
	// Submit answers them. The account is ready to be signed in with the password
	// among the answers. An error is a sentence for people; a *Refusal says that it is
	// worth to change the answers and to ask anew.
	Submit(ctx context.Context, answers map[string]string) (im.Account, error)
	// Close ends the connection.
	Close()
}

// Questions are what a server wants to know of a newcomer.
type Questions struct {
	Words  string     // what it says about it: untrusted
	Fields []im.Field // FieldName and FieldPassword are among them; labels and hints are untrusted
	// Page is a web page where accounts are made, if they are not made here. Fields is
	// empty then.
	Page string
}

// FieldName is the ID of the field for the part of the address before the server.
const FieldName = "name"

// Refusal is why a server did not take the answers.
type Refusal struct {
	Text  string // a sentence for people
	Field string // the ID of the field that it is about, if one is
}

func (r *Refusal) Error() string { return r.Text }

// PasswordChanger is a session that can change the password of its account.
type PasswordChanger interface {
	// ChangePassword asks for it; PasswordChanged is the answer, if one comes.
	ChangePassword(password im.Secret) error
}

// Remover is a session that can delete its account from the server.
type Remover interface {
	// RemoveAccount asks for it. If that works the session ends with the cause
	// AccountGone; if not, AccountKept comes.
	RemoveAccount() error
}

type (
	// PasswordChanged answers PasswordChanger; Problem is a sentence, or empty if the
	// new password is in force.
	PasswordChanged struct{ Problem string }
	// AccountKept answers Remover: the server did not delete the account, and why.
	AccountKept struct{ Problem string }
)

func (PasswordChanged) isEvent() {}
func (AccountKept) isEvent()     {}
