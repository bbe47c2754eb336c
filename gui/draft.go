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
	p.typedElse(s.Draft)
}

// suggested puts words of somebody else behind what stands in the entry. The peer is not
// told: the user does not type.
func (p *page) suggested(text string) {
	if p.mending.id != "" {
		p.corrected()
	}
	if p.entry.Text != "" {
		text = p.entry.Text + "\n" + text
	}
	p.typedElse(text)
	p.window.window.Canvas().Focus(p.entry)
	p.draft()
}

// typedElse puts text into the entry that the user does not type just now.
func (p *page) typedElse(text string) {
	changed := p.entry.OnChanged
	p.entry.OnChanged = nil
	p.entry.set(text)
	p.entry.OnChanged = changed
	if !p.begun {
		p.begun, p.began = true, p.seal.Level
	}
}

// leave closes a conversation, at the user's wish.
func (w *chatWindow) leave(c im.ConvID) { w.set.leave(c) }
