package messenger

import (
	"slices"
	"time"

	"culver/buddylist"
	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// knock is somebody whom the user has nothing to do with, and who wants to reach them.
// Nothing of what they send is acted on, opened or answered before the user lets them in;
// it waits over the end of the program where lines are kept.
type knock struct {
	conv    im.ConvID
	request bool // they ask to see our presence
	reason  string
	lines   []protocol.Received // as they came
	bytes   int
	missed  int // lines beyond the limits
	last    time.Time
}

// The limits of what is kept of strangers: nobody reads a hundred, and whoever makes up
// addresses could fill the memory with them.
const (
	maxStrangers  = 100 // of each account
	maxKnockLines = 20  // of each stranger
	maxKnockBytes = 16 << 10
)

// SettingOnlyBuddies is im.On or "": nobody outside the Buddy List can write to the user.
const SettingOnlyBuddies = "people.listed"

func (m *Messenger) knocking(c im.ConvID) *knock {
	for _, k := range m.knocks {
		if k.conv == c {
			return k
		}
	}
	return nil
}

// welcomes reports whether a message of this peer goes straight to a conversation: the
// user has to do with them, or once wrote to them.
func (m *Messenger) welcomes(id im.ConvID) bool {
	if _, there := m.chats[id]; there || m.known(id) {
		return true
	}
	if k := m.knocking(id); k != nil {
		return false // looked up before
	}
	wrote, err := m.cfg.Store.Wrote(id)
	return err == nil && wrote
}

// knock takes note of a stranger, unless there are too many, or the user wants none.
func (m *Messenger) knock(c im.ConvID, add func(k *knock)) {
	if m.settings[SettingOnlyBuddies] == im.On || m.list.BlockedAs(c) != "" {
		return
	}
	k := m.knocking(c)
	if k == nil {
		n := 0
		for _, other := range m.knocks {
			if other.conv.Account == c.Account {
				n++
			}
		}
		if n >= maxStrangers {
			m.crowded = true
			return
		}
		k = &knock{conv: c}
		m.knocks = append(m.knocks, k)
	}
	add(k)
	k.last = time.Now()
	m.keepKnocksSoon()
	m.applyList(buddylist.Knocked{Conv: c, Request: k.request, Words: k.words()})
}

// knockedByLine keeps a line of a stranger, as it came.
func (m *Messenger) knockedByLine(c im.ConvID, e protocol.Received) {
	m.knock(c, func(k *knock) {
		again := func(old protocol.Received) bool { return e.ID != "" && old.ID == e.ID && old.Body == e.Body }
		if slices.ContainsFunc(k.lines, again) {
			return // it came by itself and by way of the archive
		}
		if len(k.lines) == maxKnockLines || k.bytes+len(e.Body) > maxKnockBytes {
			k.missed++
			return
		}
		if !e.Late {
			e.Late, e.Time = true, time.Now() // it will have waited
		}
		k.lines = append(k.lines, e)
		k.bytes += len(e.Body)
	})
}

// requested is a request to see our presence.
func (m *Messenger) requested(c im.ConvID, reason string) {
	switch reason = cleanName(reason); {
	case m.known(c):
		m.applyList(buddylist.Asked{Conv: c, Reason: reason})
	case !m.wasDeclined(c):
		m.knock(c, func(k *knock) { k.request, k.reason = true, reason })
	}
}

// words are the first words of a stranger, as plain text.
func (k *knock) words() string {
	text := k.reason
	if len(k.lines) > 0 {
		text = conversation.Markup(k.lines[0].Body).String()
	}
	const most = 120
	text = cleanName(text)
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}

// forgetKnock takes a stranger from those who wait.
func (m *Messenger) forgetKnock(k *knock) {
	i := slices.Index(m.knocks, k)
	if i < 0 {
		return
	}
	m.knocks = slices.Delete(m.knocks, i, i+1)
	m.crowded = m.crowded && len(m.knocks) > 0
	m.keepKnocksSoon()
	m.applyList(buddylist.Answered{Conv: k.conv})
}

// forgetKnocks forgets who waits for the user of an account.
func (m *Messenger) forgetKnocks(a im.AccountID) {
	m.knocks = slices.DeleteFunc(m.knocks, func(k *knock) bool { return k.conv.Account == a })
	m.keepKnocksSoon()
}

// settleKnocks lets those in of whom the user has since made somebody they know.
func (m *Messenger) settleKnocks() {
	for _, k := range slices.Clone(m.knocks) {
		if m.known(k.conv) {
			m.letIn(k)
		}
	}
}

// letIn gives the conversation what its peer sent while they waited.
func (m *Messenger) letIn(k *knock) {
	m.forgetKnock(k)
	if k.request {
		m.applyList(buddylist.Asked{Conv: k.conv, Reason: k.reason})
	}
	a, ok := m.accounts[k.conv.Account]
	if !ok {
		return
	}
	for _, e := range k.lines {
		if e.Copy {
			m.copied(a, e)
		} else {
			m.receive(a, k.conv, e)
		}
	}
	if k.missed > 0 {
		m.notice(k.conv, im.Notice, im.Plain(lang.N(k.missed, "%s line more came while they waited for you, and were not kept.",
			"%s lines more came while they waited for you, and were not kept.", im.Number(k.missed))))
	}
}

// accept lets a stranger in: they may see when we are online if they asked for that, and
// they are put on the list if add says so. The conversation opens, unless all they want
// was to be on it.
func (m *Messenger) accept(c im.ConvID, add bool) error {
	k := m.knocking(c)
	if k == nil {
		return nil
	}
	if k.request {
		if err := m.answerRequest(c, true); err != nil {
			return err
		}
		k.request = false
	}
	if add {
		if err := m.addBuddy(im.Buddy{Account: c.Account, Bare: c.Peer}, ""); err != nil {
			return err
		}
	}
	if !add || len(k.lines) > 0 {
		m.open(c, true)
	} else {
		m.chat(c).ours = true // before the network says that they are on the list
		m.settleKnocks()
	}
	return nil
}

// decline forgets a stranger. They are not told.
func (m *Messenger) decline(c im.ConvID) {
	k := m.knocking(c)
	if k == nil {
		return
	}
	if k.request {
		m.noteDeclined(c)
	}
	m.forgetKnock(k)
}
