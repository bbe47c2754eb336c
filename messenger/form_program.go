package messenger

import (
	"errors"

	"culver/protocol"
)

// ShowAbout says what Culver is.
func (m *Messenger) ShowAbout() {
	m.inbox.Put(func() {
		m.say("About Culver", "Culver "+m.cfg.Version+" makes private conversation ordinary: instant messaging with Off-the-Record encryption built in. "+
			"Free software under the BSD 3-Clause licence.")
	})
}

// sentenceOf turns the errors of sessions into sentences for people.
func sentenceOf(err error) string {
	if errors.Is(err, protocol.ErrOffline) {
		return "This needs a connection. Try again when the account is online."
	}
	return err.Error()
}
