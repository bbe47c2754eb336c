package messenger

import (
	"errors"

	"culver/lang"
	"culver/protocol"
)

// ShowAbout says what Culver is.
func (m *Messenger) ShowAbout() {
	m.inbox.Put(func() {
		m.say(lang.T("About Culver"), lang.F("Culver %s makes private conversation ordinary: instant messaging with Off-the-Record encryption built in. "+
			"Free software under the BSD 3-Clause licence.", m.cfg.Version))
	})
}

// sentenceOf turns the errors of sessions into sentences for people.
func sentenceOf(err error) string {
	if errors.Is(err, protocol.ErrOffline) {
		return lang.T("This needs a connection. Try again when the account is online.")
	}
	return err.Error()
}
