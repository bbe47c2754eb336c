package protocol

import (
	"context"

	"culver/im"
)

// WrongAnswer is what is wrong with the answer to one of the fields of Settings.
type WrongAnswer struct {
	Field string
	Text  string // a sentence for people
}

func (w *WrongAnswer) Error() string { return w.Text }

// Checker is a protocol that says of each answer whether it will do, while it is typed.
type Checker interface {
	// Check returns what is wrong with the answers to Settings, in the order of the fields
	// and at most one for each of them. If that is nothing, Account takes them.
	Check(answers map[string]string) []*WrongAnswer
}

// Tester is a protocol whose settings can be tried out before they are kept.
type Tester interface {
	// Test connects with an account as it would be, signs in and off again. Nobody is told
	// of it, a session that the account has already goes on, and nothing is learnt for the
	// account. It demands of the server what a session would. It calls step with each thing
	// that it begins to do, in words for people, from any goroutine; an error is a *Failure.
	// It takes no secret over.
	Test(ctx context.Context, a im.Account, password, proxy im.Secret, step func(words string)) error
}
