package messenger

import (
	"culver/backup"
	"culver/im"
	"culver/lang"
)

// What stands unsent in the entry of a conversation is a draft, too. It is on the
// disk where a line would be that is typed now, so that it outlives the program;
// elsewhere it is in memory, and the user is asked about it at the end.

// maxDraft is the longest draft that is written down while the user types, in bytes.
const maxDraft = 64 << 10

// draft is what stands in the entry.
type draft struct {
	im.Draft
	saved  im.Draft // what the disk has
	kept   bool     // it is there by the user's choice
	hidden bool     // it is not to be there, whichever plugins are on
	stuck  bool     // it could not be removed from there, which was told
}

// SetDraft says what stands unsent in the conversation's entry.
func (m *Messenger) SetDraft(id im.ConvID, text string, began im.Level) {
	m.inbox.Put(func() {
		_, there := m.chats[id]
		if m.accounts[id.Account] == nil || id.Peer == "" || !there && text == "" {
			return
		}
		m.setDraft(m.chat(id), text, began)
	})
}

func (m *Messenger) setDraft(c *chat, text string, began im.Level) {
	d := &c.draft
	if text == d.Text {
		return
	}
	private := text != "" && (d.Private || began != im.Open || m.sealedNext(c))
	*d = draft{Draft: im.Draft{Text: text, Private: private}, saved: d.saved, hidden: d.hidden && private}
	m.saveDraft(c)
}

// sealedNext reports that what is typed now is to leave sealed.
func (m *Messenger) sealedNext(c *chat) bool {
	return c.seal.Level != im.Open || c.edited || m.required(c.id)
}

// hidesDraft reports that the draft is not to be on the disk.
func (m *Messenger) hidesDraft(c *chat) bool {
	if c.draft.Private || m.sealedNext(c) {
		return c.draft.hidden || m.unlogged(c.id)
	}
	return !m.logging(c.id)
}

// saveDraft brings the disk in line with the draft. What cannot be written is not
// lost yet: it is asked about at the end.
func (m *Messenger) saveDraft(c *chat) {
	d := &c.draft
	if d.Text == "" && d.saved.Text == "" {
		return
	}
	want := d.Draft
	if !d.kept && m.hidesDraft(c) {
		want = im.Draft{}
	}
	if len(want.Text) > maxDraft && want != d.saved {
		want = im.Draft{}
	}
	if want == d.saved {
		return
	}
	if err := m.cfg.Store.SetDraft(c.id, want); err == nil {
		d.saved, d.stuck = want, false
		if want.Text == "" {
			m.sweepSoon()
		}
	} else if want.Text == "" && !d.stuck {
		d.stuck = true
		m.trouble(lang.F("What you typed to %s could not be removed from the disk.", m.list.Title(c.id)), err)
	}
}

// perishes reports that the draft would be lost with the program, or is on the disk
// where nothing like it is kept but by the user's choice.
func (m *Messenger) perishes(c *chat) bool {
	d := &c.draft
	return d.Text != "" && (d.saved != d.Draft || m.hidesDraft(c))
}

// keepDraftText writes the draft down because the user chose so.
func (m *Messenger) keepDraftText(c *chat) error {
	if len(c.draft.Text) > backup.MaxDraft {
		return formError(lang.F("What you began to write to %s is too long to be kept: at most about %s letters are. Shorten it, or save it elsewhere.", m.list.Title(c.id), im.Number(backup.MaxDraft)))
	}
	if err := m.cfg.Store.SetDraft(c.id, c.draft.Draft); err != nil {
		return err
	}
	c.draft.saved, c.draft.kept = c.draft.Draft, true
	return nil
}

// takeDraft puts a text into an entry in which nothing stands. One that is too long to
// be written down while it is typed is, if drafts are: the user chose so.
func (m *Messenger) takeDraft(id im.ConvID, d im.Draft) error {
	c := m.chat(id)
	if c.draft.Text != "" || d.Text == "" || c.open {
		return nil
	}
	c.ours = true
	c.draft.Draft = d
	if len(d.Text) > maxDraft && !m.hidesDraft(c) {
		return m.keepDraftText(c)
	}
	m.saveDraft(c)
	return nil
}

// recoverDrafts takes up what stood in the entries in the last run. What is on the
// disk only because the user chose so is to be seen: it is asked about again.
func (m *Messenger) recoverDrafts() {
	all, err := m.cfg.Store.Drafts()
	if err != nil {
		m.trouble(lang.T("What you had typed and not sent could not be read."), err)
	}
	for id, d := range all {
		if m.accounts[id.Account] == nil {
			continue
		}
		c := m.chat(id)
		if c.draft.Text != "" { // carried over from before the program was locked
			c.draft.saved = d
			continue
		}
		c.draft = draft{Draft: d, saved: d}
		c.draft.kept = m.hidesDraft(c)
		c.open = c.open || c.draft.kept
		c.ours = true
	}
}
