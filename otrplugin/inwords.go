package otrplugin

import (
	"errors"

	"culver/lang"
	"culver/otrplugin/otr"
)

// inWords is an error as a sentence for people. The engine's own are not in their
// language.
func inWords(err error) string {
	switch {
	case errors.Is(err, otr.ErrFinished):
		return lang.T("The other end has ended the private conversation.")
	case errors.Is(err, otr.ErrNotEncrypted):
		return lang.T("The conversation is not private.")
	case errors.Is(err, otr.ErrSwitchedOff):
		return lang.T("Private messaging is switched off.")
	case errors.Is(err, otr.ErrClosed):
		return lang.T("The private conversation was closed.")
	case errors.Is(err, otr.ErrNoKey):
		return lang.T("There is no private key yet.")
	case errors.Is(err, otr.ErrTooLong):
		return lang.T("It is too long for one message.")
	default:
		return sentence(err.Error())
	}
}
