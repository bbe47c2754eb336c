package gui

import (
	"time"

	"culver/im"
	"culver/messenger"
)

// What stands in an entry is told to the messenger, so that it is there again when
// the conversation is opened the next time: shortly after each change, and at once
// when the user turns to something else.

// draftAfter is how long the user has to pause before a draft is told.
const draftAfter = 500 * time.Millisecond

// draft takes note of a change in the entry.
func (p *page) draft() {
	p.stopDraft()
	if p.mending.id != "" {
		return // that is no new line
	}
	switch p.entry.Text {
	case p.drafted:
	case "":
		p.keepDraft()
	default:
		p.drafts = time.AfterFunc(draftAfter, func() {
			p.gui.do(func() {
				if !p.gui.over() {
					p.keepDraft()
				}
			})
		})
	}
}

// keepDraft tells the messenger what stands in the entry, if it does not know.
func (p *page) keepDraft() {
	p.stopDraft()
	if text := p.entry.Text; text != p.drafted && p.mending.id == "" {
		p.drafted = text
		p.gui.front.SetDraft(p.conv, text, p.began)
	}
}

func (p *page) stopDraft() {
	if p.drafts != nil {
		p.drafts.Stop()
		p.drafts = nil
	}
}

// restore puts what stood unsent into the entry again. The peer is not told: the
// user does not type.
func (p *page) restore(s messenger.ConversationState) {
	if s.Draft == "" || p.entry.Text != "" {
		return
	}
	p.drafted = s.Draft
	changed := p.entry.OnChanged
	p.entry.OnChanged = nil
	p.entry.set(s.Draft)
	p.entry.OnChanged = changed
	p.begun, p.began = true, p.seal.Level
}

// leave closes a conversation, at the user's wish.
func (w *chatWindow) leave(c im.ConvID) { w.set.leave(c) }
