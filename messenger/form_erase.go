package messenger

import (
	"time"

	"culver/im"
	"culver/plugin"
)

// ShowErase asks whether to delete a part of the history.
func (m *Messenger) ShowErase(r im.Range) { m.inbox.Put(func() { m.showErase(r) }) }

const lastingly = " from this disk, and from what Culver shows, and cannot be brought back. What others have of it stays with them."

func (m *Messenger) showErase(r im.Range) {
	sum, err := m.summary(r)
	if err != nil {
		m.trouble("The history could not be read.", err)
		return
	}
	whole := r == im.Range{}
	damaged := m.ofDamaged(whole)
	if sum.lines == 0 && !(whole && damaged != "") {
		text := "The history has nothing of " + m.partOf(r) + "."
		if sum.underWay > 0 {
			text = "Here are only lines that are not sent yet. To take one away, choose Discard in its menu."
		}
		m.say("Nothing to delete", text)
		return
	}
	text := "Delete " + countOf(sum.lines, sum.more) + " of " + m.partOf(r) + "?"
	what := "They are deleted"
	if sum.lines == 1 {
		what = "It is deleted"
	}
	fields := []im.Field{{Kind: im.FieldNote, Label: what + lastingly}}
	if sum.lines == 0 {
		text, fields = "Delete what a damaged database may have of the history?", nil
	}
	if damaged != "" {
		fields = append(fields, im.Field{Kind: im.FieldNote, Label: damaged})
	}
	if sum.underWay > 0 {
		fields = append(fields, im.Field{Kind: im.FieldNote, Label: "Lines that are not sent yet stay. To take one away, choose Discard in its menu."})
	}
	if m.keptElsewhere(r) {
		fields = append(fields, im.Field{Kind: im.FieldNote, Label: copiesStay()})
	}
	var d *dialog
	d = m.ask(im.ConvID{}, plugin.Page("Delete from the history?", text, fields, cancelButton(),
		plugin.Button{ID: "delete", Label: "Delete", Role: plugin.Danger}),
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
		m.trouble("The history could not be read, so nothing was deleted.", err)
		return
	}
	if r == (im.Range{}) {
		if err := m.cfg.Store.DropDamaged(); err != nil {
			m.trouble("The damaged database could not be deleted.", err)
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
		f := plugin.Page("Deleting from the history", "", []im.Field{{ID: "progress", Kind: im.FieldProgress,
			Label: "Deleting " + what, Percent: min(99, e.lines*100/max(lines, 1))}},
			plugin.Button{ID: "close", Label: "Go on in the background", Role: plugin.Cancel})
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
		return "The damaged database that Culver keeps since your profile was rescued is deleted, too."
	}
	return "Culver keeps a damaged database since your profile was rescued, which may still have this. It is deleted when you delete all history, or an account."
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

// countOf is a number of lines in words.
func countOf(lines int, more bool) string {
	switch {
	case more:
		return "more than " + im.Number(maxCounted) + " lines"
	case lines == 1:
		return "one line"
	default:
		return "the " + im.Number(lines) + " lines"
	}
}

// partOf names a part of the history: "5 March 2026 with Bob".
func (m *Messenger) partOf(r im.Range) string {
	when := spanOf(r.From, r.Until)
	switch {
	case r.Conv.IsZero() && when == "":
		return "all conversations"
	case r.Conv.IsZero():
		return when + " in all conversations"
	case when == "":
		return "your conversation with " + m.nameOf(r.Conv)
	default:
		return when + " with " + m.nameOf(r.Conv)
	}
}

const dayFormat = "2 January 2006"

// spanOf names the days between two times; empty: all of them.
func spanOf(from, until time.Time) string {
	first, last := from.Format(dayFormat), until.Add(-1).In(from.Location()).Format(dayFormat)
	switch {
	case from.IsZero() && until.IsZero():
		return ""
	case until.IsZero():
		return "the time since " + first
	case from.IsZero():
		return "the time until " + until.Add(-1).Format(dayFormat)
	case first == last:
		return first
	default:
		return first + " to " + last
	}
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
			m.trouble("The history could not be read.", err)
		}
		if !ok {
			return
		}
		if underWay(msg) {
			m.say("This line is not sent yet", "It is no history yet. To take it away, choose Discard in its menu.")
			return
		}
		who := "by " + m.nameOf(id)
		if msg.Out {
			who = "by you to " + m.nameOf(id)
		}
		text := "The line of " + msg.Time.Local().Format(dayFormat+", 15:04") + ", " + who + ", is deleted" + lastingly
		if damaged := m.ofDamaged(false); damaged != "" {
			text += " " + damaged
		}
		f := plugin.Page("Delete this line?", text, nil, cancelButton(), plugin.Button{ID: "delete", Label: "Delete", Role: plugin.Danger})
		var d *dialog
		d = m.ask(im.ConvID{}, f, func(a plugin.Answers) {
			if a.Action == "delete" {
				if err := m.eraseLine(id, line); err != nil {
					d.Update(withProblem(f, sentence("The line could not be deleted.", err)))
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
