package messenger

import (
	"time"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// ShowErase asks whether to delete a part of the history.
func (m *Messenger) ShowErase(r im.Range) { m.inbox.Put(func() { m.showErase(r) }) }

func (m *Messenger) showErase(r im.Range) {
	sum, err := m.summary(r)
	if err != nil {
		m.trouble(lang.T("The history could not be read."), err)
		return
	}
	whole := r == im.Range{}
	damaged := m.ofDamaged(whole)
	if sum.lines == 0 && !(whole && damaged != "") {
		text := lang.F("The history has nothing %s.", m.ofPart(r))
		if sum.underWay > 0 {
			text = lang.T("Here are only lines that are not sent yet. To take one away, choose Discard in its menu.")
		}
		m.say(lang.T("Nothing to delete"), text)
		return
	}
	text := lang.F("Delete %s %s?", countOf(sum.lines, sum.more), m.ofPart(r))
	lastingly := lang.T("They are deleted from this disk, and from what Culver shows, and cannot be brought back. What others have of it stays with them.")
	if sum.lines == 1 {
		lastingly = lang.T("It is deleted from this disk, and from what Culver shows, and cannot be brought back. What others have of it stays with them.")
	}
	fields := []im.Field{{Kind: im.FieldNote, Label: lastingly}}
	if sum.lines == 0 {
		text, fields = lang.T("Delete what a damaged database may have of the history?"), nil
	}
	if damaged != "" {
		fields = append(fields, im.Field{Kind: im.FieldNote, Label: damaged})
	}
	if sum.underWay > 0 {
		fields = append(fields, im.Field{Kind: im.FieldNote, Label: lang.T("Lines that are not sent yet stay. To take one away, choose Discard in its menu.")})
	}
	if m.keptElsewhere(r) {
		fields = append(fields, im.Field{Kind: im.FieldNote, Label: copiesStay()})
	}
	var d *dialog
	d = m.ask(im.ConvID{}, plugin.Page(lang.T("Delete from the history?"), text, fields, cancelButton(),
		plugin.Button{ID: "delete", Label: lang.T("Delete"), Role: plugin.Danger}),
		func(a plugin.Answers) {
			if a.Action == "delete" {
				m.eraseWithProgress(d, r, sum.lines)
			} else {
				d.Close()
			}
		})
}

// eraseWithProgress deletes a part of the history. The form may be closed meanwhile.
func (m *Messenger) eraseWithProgress(d *dialog, r im.Range, lines int) {
	behind, err := m.behindAll()
	if err != nil {
		d.Close()
		m.trouble(lang.T("The history could not be read, so nothing was deleted."), err)
		return
	}
	if r == (im.Range{}) {
		if err := m.cfg.Store.DropDamaged(); err != nil {
			m.trouble(lang.T("The damaged database could not be deleted."), err)
		}
	}
	what, untilNow := m.partOf(r), r.Until.IsZero() || r.Until.After(time.Now())
	for _, c := range m.sortedChats("") {
		if !r.Conv.IsZero() && c.id != r.Conv {
			continue
		}
		m.noLongerShown(c, c.unloggedIn(r)) // they are nowhere else
		if !c.open && untilNow {            // what stands in an entry on show is no history
			m.setDraft(c, "", im.Open)
		}
	}
	if r.Until.IsZero() || r.Until.After(behind) {
		r.Until = behind // what is said from now on is not meant, however long this takes
	}
	d.done = func(plugin.Answers) { d.Close() } // it goes on
	e := &erasing{Range: r, done: d.Close}
	e.progress = func() {
		f := plugin.Page(lang.T("Deleting from the history"), "", []im.Field{{ID: "progress", Kind: im.FieldProgress,
			Label: lang.F("Deleting %s", what), Percent: min(99, e.lines*100/max(lines, 1))}},
			plugin.Button{ID: "close", Label: lang.T("Go on in the background"), Role: plugin.Cancel})
		d.Update(f)
	}
	m.erase(e)
}

// ofDamaged is a word about the damaged databases that are kept since they were
// rescued, and may have what is deleted; gone: they are deleted, too. Empty: there are none.
func (m *Messenger) ofDamaged(gone bool) string {
	n, err := m.cfg.Store.Damaged()
	switch {
	case err != nil || n == 0:
		return ""
	case gone:
		return lang.T("The damaged database that Culver keeps since your profile was rescued is deleted, too.")
	}
	return lang.T("Culver keeps a damaged database since your profile was rescued, which may still have this. It is deleted when you delete all history, or an account.")
}

// behindAll is the place right behind all lines of the history, as a time.
func (m *Messenger) behindAll() (time.Time, error) {
	pasts, err := m.cfg.Store.Pasts()
	if err != nil || len(pasts) == 0 {
		return time.UnixMilli(0), err
	}
	return pasts[0].Last.Add(time.Millisecond), nil
}

// partSize is how much there is of a part of the history, on the disk and on show.
type partSize struct {
	lines    int
	more     bool // there are more than that
	underWay int  // lines that are not decided about yet
}

// maxCounted is how many lines are counted. A history has more seldom, and a
// question is no place for long numbers.
const maxCounted = 50000

func (m *Messenger) summary(r im.Range) (s partSize, err error) {
	if s.lines, err = m.cfg.Store.Count(r, maxCounted); err != nil {
		return s, err
	}
	s.more = s.lines == maxCounted
	for _, c := range m.sortedChats("") {
		if !r.Conv.IsZero() && c.id != r.Conv {
			continue
		}
		for _, msg := range c.timeline.Lines(0) {
			within := !msg.Time.Before(r.From) && (r.Until.IsZero() || msg.Time.Before(r.Until))
			switch {
			case within && underWay(msg):
				s.underWay++
				if c.logged[msg.ID] && !s.more {
					s.lines--
				}
			case within && msg.Kind == im.Chat && !c.logged[msg.ID]:
				s.lines++
			}
		}
	}
	return s, nil
}

// nameOf is what people call the peer.
func (m *Messenger) nameOf(c im.ConvID) string {
	if n := cleanName(m.list.Title(c)); n != "" {
		return n
	}
	return cleanName(c.Peer)
}

// EraseLine asks whether to delete one line.
func (m *Messenger) EraseLine(id im.ConvID, line string) {
	m.inbox.Put(func() {
		msg, ok, err := m.lineOf(id, line)
		if err != nil {
			m.trouble(lang.T("The history could not be read."), err)
		}
		if !ok {
			return
		}
		if underWay(msg) {
			m.say(lang.T("This line is not sent yet"), lang.T("It is no history yet. To take it away, choose Discard in its menu."))
			return
		}
		at, who := msg.Time.Local(), m.nameOf(id)
		text := lang.F("The line of %s, %s, by %s, is deleted from this disk, and from what Culver shows, and cannot be brought back. What others have of it stays with them.",
			im.Date(at), at.Format("15:04"), who)
		if msg.Out {
			text = lang.F("The line of %s, %s, by you to %s, is deleted from this disk, and from what Culver shows, and cannot be brought back. What others have of it stays with them.",
				im.Date(at), at.Format("15:04"), who)
		}
		if damaged := m.ofDamaged(false); damaged != "" {
			text += " " + damaged
		}
		f := plugin.Page(lang.T("Delete this line?"), text, nil, cancelButton(), plugin.Button{ID: "delete", Label: lang.T("Delete"), Role: plugin.Danger})
		var d *dialog
		d = m.ask(im.ConvID{}, f, func(a plugin.Answers) {
			if a.Action == "delete" {
				if err := m.eraseLine(id, line); err != nil {
					d.Update(withProblem(f, sentence(lang.T("The line could not be deleted."), err)))
					return
				}
			}
			d.Close()
		})
	})
}

// lineOf finds a line, on show or in the history.
func (m *Messenger) lineOf(id im.ConvID, line string) (im.Message, bool, error) {
	if c, ok := m.chats[id]; ok {
		if msg, ok := c.timeline.Find(line); ok {
			return msg, true, nil
		}
	}
	found, err := m.linesAround(id, line, 2)
	for _, msg := range found.Lines {
		if msg.ID == line {
			return msg, true, err
		}
	}
	return im.Message{}, false, err
}

func (m *Messenger) eraseLine(id im.ConvID, line string) error {
	defer m.sweep()
	m.noTrails()
	if err := m.cfg.Store.Remove(id, line); err != nil {
		return err
	}
	if c, ok := m.chats[id]; ok {
		if _, shown := c.timeline.Find(line); shown {
			m.noLongerShown(c, []string{line})
			return nil
		}
	}
	m.publish(MessageRemoved{id, line})
	return nil
}
