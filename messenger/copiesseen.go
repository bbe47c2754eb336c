package messenger

import (
	"slices"
	"time"

	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// sameMoment is how far apart two times may be of one line, if it has no name to be
// known by: that at which it came, and that at which the server kept it.
const sameMoment = 2 * time.Minute

// unseen are the copies that are not there yet, as lines. Of the others it is noted
// that the archive has them. Wanted says whether a line may come into a conversation;
// none stands before the floor, which moves to where the last of them does.
func (m *Messenger) unseen(a *account, copies []protocol.Received, floor *time.Time, wanted func(protocol.Received, im.ConvID) bool) (fresh []im.Message) {
	order := turns{floor: *floor}
	if now := time.Now(); now.Before(*floor) { // the clock was set back
		order.floor = now
	}
	for _, e := range copies {
		msg, ok := m.lineOfCopy(a, e)
		if !ok || m.shared(msg.Conv) || m.list.BlockedAs(msg.Conv) != "" || m.correctedByCopy(e, msg, fresh) {
			continue
		}
		if old, there := m.seen(msg, fresh); there {
			order.came(old, msg)
			m.inArchive(old, msg)
		} else if wanted(e, msg.Conv) {
			order.next(len(fresh))
			fresh = append(fresh, msg)
		}
	}
	order.settle(fresh)
	*floor = order.floor
	return fresh
}

// seen finds the line that this one is a copy of, also among others that came with it.
func (m *Messenger) seen(msg im.Message, others []im.Message) (im.Message, bool) {
	is := func(old im.Message) bool { return sameLine(old, msg) }
	if i := slices.IndexFunc(others, is); i >= 0 {
		return others[i], true
	}
	if c, ok := m.chats[msg.Conv]; ok {
		for i := c.timeline.Len() - 1; i >= 0; i-- {
			if old := c.timeline.At(i); is(old) {
				return old, true
			}
		}
	}
	from := msg.From.Bare
	if msg.Out {
		from = ""
	}
	byArchive, err := m.cfg.Store.ByArchive(msg.Conv, msg.Archive)
	m.unreadHistory(err)
	byOrigin, err := m.cfg.Store.ByOrigin(msg.Conv, from, msg.Origin)
	m.unreadHistory(err)
	about, err := m.cfg.Store.Since(msg.Conv, msg.Time.Add(-sameMoment), historyPage)
	m.unreadHistory(err)
	for _, old := range slices.Concat(byArchive, byOrigin, about) {
		if is(old) {
			return old, true
		}
	}
	return im.Message{}, false
}

// again reports that a line that waited for us while we were away has come already, by
// way of the archive.
func (m *Messenger) again(msg im.Message) bool {
	old, there := m.seen(msg, nil)
	if there {
		m.inArchive(old, msg)
	}
	return there
}

// sameLine reports that a copy is one of a line that is there. A name that its sender
// gave it is not enough if it says something else: there are programs that use the same
// ones again, and the words of somebody must not get lost by that.
func sameLine(old, msg im.Message) bool {
	if old.Conv != msg.Conv || old.Kind != im.Chat || old.Out != msg.Out || !old.Out && old.From.Bare != msg.From.Bare {
		return false
	}
	if msg.Archive != "" && old.Archive == msg.Archive {
		return true
	}
	same := old.Text.String() == msg.Text.String()
	origin := old.Origin
	if origin == "" && old.Out {
		origin = old.ID
	}
	if msg.Origin != "" && origin == msg.Origin {
		return same || old.Out || old.Edited
	}
	apart := old.Time.Sub(msg.Time).Abs()
	return same && (old.Origin == "" || msg.Origin == "") && old.Archive == "" && apart <= sameMoment
}

// inArchive notes that the archive has a line. If that is one of ours of which it was
// not known whether it had left, or that was taken for lost, it is known now; of a
// correction that is under way, only if that is what was found.
func (m *Messenger) inArchive(old, found im.Message) {
	c := m.chats[old.Conv]
	if c != nil {
		if now, ok := c.timeline.Find(old.ID); ok {
			old = now
		}
	}
	left := old.Out && !old.State.Taken() && !secret(old) && (c == nil || !c.held[old.ID] && !c.unsure[nameOnNetwork(old)]) && !outdated(old, found.Origin)
	if !left && (old.Archive != "" || found.Archive == "") {
		return
	}
	if old.Archive == "" {
		old.Archive = found.Archive
	}
	if left {
		old.State, old.Reason = im.Done, ""
	}
	if c != nil {
		if left {
			c.waitNoMore(old.ID)
			delete(c.before, old.ID)
			m.change(c, old)
		} else {
			c.timeline.Change(old)
		}
	}
	if err := m.cfg.Store.Update(old); err != nil {
		m.trouble(lang.T("What became of a line could not be saved."), err)
	}
}

// correctedByCopy gives a line another wording, if the copy corrects one that is here or
// among those that came with it. One that is of ours, from here, says that the correction
// has left.
func (m *Messenger) correctedByCopy(e protocol.Received, msg im.Message, others []im.Message) bool {
	from, replaced := im.Addr{Bare: msg.From.Bare}, cleanID(e.Replaces)
	if replaced == "" {
		return false
	}
	if msg.Out {
		from = im.Addr{}
	}
	for i, old := range others {
		if old.Conv == msg.Conv && old.Out == msg.Out && (msg.Out || old.From.Bare == from.Bare) && old.Origin == replaced {
			others[i].Text, others[i].Edited = msg.Text, true
			return true
		}
	}
	if _, there := m.chats[msg.Conv]; !there && !m.known(msg.Conv) {
		return false
	}
	c := m.chat(msg.Conv)
	if old, ok := c.called(from, msg.Origin); ok && msg.Out {
		m.inArchive(old, im.Message{})
		return true
	}
	if old, ok := c.timeline.ByOrigin(from, replaced); ok && old.Edited && old.Text.String() == msg.Text.String() {
		m.inArchive(old, im.Message{})
		return true
	}
	return m.corrected(c, e, conversation.Inbound{Text: msg.Text})
}
