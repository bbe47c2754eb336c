package messenger

import (
	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// Heed is how much the user wants to be made aware of one conversation: by
// notifications and sounds. What is unread is counted all the same.
type Heed string

// The kinds of it.
const (
	HeedUsual Heed = ""     // what people say; in a room, what names the user
	HeedAll   Heed = "all"  // every line of a room
	HeedNone  Heed = "none" // nothing: it is muted
)

// choiceHeed is its key in the choices for single conversations.
const choiceHeed = "heed"

// valid is the kind that there is for a conversation; what makes no sense is as usual.
func (h Heed) valid(room bool) Heed {
	if h == HeedNone || h == HeedAll && room {
		return h
	}
	return HeedUsual
}

// heed is how much the user wants to be made aware of a conversation.
func (m *Messenger) heed(id im.ConvID) Heed {
	return Heed(m.told[id][choiceHeed]).valid(m.rooms[id] != nil)
}

// heeds are those of all conversations for which the user chose.
func (m *Messenger) heeds() map[im.ConvID]Heed {
	all := map[im.ConvID]Heed{}
	for id := range m.told {
		if h := m.heed(id); h != HeedUsual {
			all[id] = h
		}
	}
	return all
}

// SetHeed chooses for one conversation how much the user wants to be made aware of it.
func (m *Messenger) SetHeed(id im.ConvID, h Heed) {
	m.inbox.Put(func() {
		if m.accounts[id.Account] == nil || id.Peer == "" {
			return
		}
		if err := m.chooseHeed(id, h); err != nil {
			m.trouble(lang.T("Whether the conversation is muted could not be saved. Nothing was changed."), err)
		}
	})
}

func (m *Messenger) chooseHeed(id im.ConvID, h Heed) error {
	h = h.valid(m.rooms[id] != nil)
	if err := m.cfg.Store.SetChoice(id, choiceHeed, string(h)); err != nil {
		return err
	}
	if m.told[id] == nil {
		m.told[id] = map[string]string{}
	}
	m.told[id][choiceHeed] = string(h)
	m.publish(HeedChanged{id, h})
	return nil
}

// heard makes the user aware of something new to read, unless they muted the
// conversation: plugins are told, and there is a sound.
func (m *Messenger) heard(c *chat, what Sound) {
	if m.heed(c.id) == HeedNone {
		return
	}
	each(m, func(l plugin.Listener) { l.Heard(c.id) })
	m.sound(c.id, what)
}

// heardInRoom is heard, for a line of a room that names the user or does not.
func (m *Messenger) heardInRoom(c *chat, named bool) {
	switch {
	case named:
		m.heard(c, SoundNamed)
	case m.heed(c.id) == HeedAll:
		m.heard(c, SoundRoom)
	case m.heed(c.id) == HeedUsual:
		m.sound(c.id, SoundRoom)
	}
}
