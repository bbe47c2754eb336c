package messenger

import (
	"strings"

	"culver/im"
	"culver/lang"
)

// SetRoomNick changes what the user is called in a room.
func (m *Messenger) SetRoomNick(c im.ConvID, nick string) {
	m.inbox.Put(func() {
		if m.rooms[c] == nil {
			return
		}
		s, err := m.roomService(c.Account)
		if err == nil {
			err = s.SetRoomNick(c.Peer, strings.TrimSpace(nick))
		}
		if err != nil {
			m.trouble(lang.T("The nickname was not changed."), formError(sentenceOf(err)))
		}
	})
}
