package storage

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"culver/im"
)

// placed is a line at its place.
type placed struct {
	im.Message
	place int64
}

func byPlace(l placed, place int64) int { return cmp.Compare(l.place, place) }

// Append is like [DB.Append].
func (m *Memory) Append(l im.Message) error {
	if m.closed {
		return ErrClosed
	}
	if m.find(l.Conv, l.ID) >= 0 {
		return ErrExists
	}
	place := max(placeOf(l.Moment(), time.Now()), m.top+1)
	if n := len(m.lines); n > 0 {
		place = max(place, m.lines[n-1].place+1)
	}
	m.put(l, place)
	return nil
}

// put keeps a copy of a line at a place that is free.
func (m *Memory) put(l im.Message, place int64) {
	l.Text = cloneText(l.Text)
	l.Time = l.Time.Round(0).UTC()
	i, _ := slices.BinarySearchFunc(m.lines, place, byPlace)
	m.lines = slices.Insert(m.lines, i, placed{l, place})
}

// Import is like [DB.Import].
func (m *Memory) Import(lines []im.Message) (added int, err error) {
	if m.closed {
		return 0, ErrClosed
	}
	for _, l := range lines {
		if m.find(l.Conv, l.ID) >= 0 {
			continue
		}
		place := placeOf(l.Time, time.Now())
		i, taken := slices.BinarySearchFunc(m.lines, place, byPlace)
		for ; taken; taken = i < len(m.lines) && m.lines[i].place == place {
			place++
			i++
		}
		m.put(l, place)
		added++
	}
	return added, nil
}

// Update is like [DB.Update].
func (m *Memory) Update(all ...im.Message) error {
	if m.closed {
		return ErrClosed
	}
	for _, l := range all {
		if i := m.find(l.Conv, l.ID); i >= 0 {
			kept := &m.lines[i]
			kept.State, kept.Reason, kept.Seal, kept.Private = l.State, l.Reason, l.Seal, l.Private
			kept.Archive = cmp.Or(l.Archive, kept.Archive)
		}
	}
	return nil
}

// Edit is like [DB.Edit].
func (m *Memory) Edit(l im.Message) error {
	if m.closed {
		return ErrClosed
	}
	if i := m.find(l.Conv, l.ID); i >= 0 {
		m.lines[i].Text, m.lines[i].Edited = cloneText(l.Text), l.Edited
	}
	return m.Update(l)
}

// ByOrigin is like [DB.ByOrigin].
func (m *Memory) ByOrigin(c im.ConvID, from, origin string) ([]im.Message, error) {
	all, err := m.where(func(l placed) bool {
		switch {
		case l.Conv != c || origin == "" || l.Out != (from == ""):
			return false
		case l.Out:
			return l.Origin == origin || l.Origin == "" && l.ID == origin
		}
		return l.Origin == origin && l.From.Bare == from
	})
	slices.Reverse(all)
	return all[:min(len(all), maxNamesakes)], err
}

// ByArchive is like [DB.ByArchive].
func (m *Memory) ByArchive(c im.ConvID, archive string) ([]im.Message, error) {
	all, err := m.where(func(l placed) bool { return l.Conv == c && archive != "" && l.Archive == archive })
	slices.Reverse(all)
	return all[:min(len(all), maxNamesakes)], err
}

// Wrote is like [DB.Wrote].
func (m *Memory) Wrote(c im.ConvID) (bool, error) {
	all, err := m.where(func(l placed) bool { return l.Conv == c })
	all = all[max(0, len(all)-maxSought):]
	return slices.ContainsFunc(all, func(l im.Message) bool { return l.Out }), err
}

// Older is like [DB.Older].
func (m *Memory) Older(c im.ConvID, id string, n int) ([]im.Message, error) {
	place, ok := m.placeOfLine(c, id, lastMoment*1000)
	all, err := m.where(func(l placed) bool { return ok && l.Conv == c && l.place < place })
	return all[len(all)-max(0, min(n, len(all))):], err
}

// Newer is like [DB.Newer].
func (m *Memory) Newer(c im.ConvID, id string, n int) ([]im.Message, error) {
	place, ok := m.placeOfLine(c, id, -1)
	all, err := m.where(func(l placed) bool { return ok && l.Conv == c && l.place > place })
	return all[:max(0, min(n, len(all)))], err
}

// placeOfLine is the place of a line, of none if there is no ID.
func (m *Memory) placeOfLine(c im.ConvID, id string, none int64) (place int64, ok bool) {
	if id == "" {
		return none, true
	}
	i := m.find(c, id)
	if i < 0 {
		return 0, false
	}
	return m.lines[i].place, true
}

// Since is like [DB.Since].
func (m *Memory) Since(c im.ConvID, t time.Time, n int) ([]im.Message, error) {
	first := firstFrom(t)
	all, err := m.where(func(l placed) bool { return l.Conv == c && l.place >= first })
	return all[:max(0, min(n, len(all)))], err
}

// Page is like [DB.Page].
func (m *Memory) Page(r im.Range, from int64, n int) (lines []im.Message, next int64, err error) {
	if m.closed {
		return nil, 0, ErrClosed
	}
	first, behind := bounds(r.From, r.Until)
	next = max(from, first)
	for _, l := range m.lines {
		if len(lines) < n && l.Conv == r.Conv && l.place >= next && l.place < behind {
			l.Text = cloneText(l.Text)
			lines, next = append(lines, l.Message), l.place+1
		}
	}
	return lines, next, nil
}

// Gone is like [DB.Gone].
func (m *Memory) Gone(c im.ConvID, ids []string) (gone []string, err error) {
	if m.closed {
		return nil, ErrClosed
	}
	for _, id := range ids {
		if m.find(c, id) < 0 {
			gone = append(gone, id)
		}
	}
	return gone, nil
}

// Pasts is like [DB.Pasts].
func (m *Memory) Pasts() ([]im.Past, error) {
	if m.closed {
		return nil, ErrClosed
	}
	var all []im.Past
	for _, l := range m.lines {
		i := slices.IndexFunc(all, func(p im.Past) bool { return p.Conv == l.Conv })
		if i < 0 {
			i = len(all)
			all = append(all, im.Past{Conv: l.Conv, First: momentOf(l.place)})
		}
		all[i].Lines++
		all[i].Last = momentOf(l.place)
	}
	slices.SortFunc(all, func(a, b im.Past) int { return b.Last.Compare(a.Last) })
	return all, nil
}

// Count is like [DB.Count].
func (m *Memory) Count(r im.Range, most int) (lines int, err error) {
	first, behind := bounds(r.From, r.Until)
	all, err := m.where(func(l placed) bool {
		return l.place >= first && l.place < behind && (r.Conv.IsZero() || l.Conv == r.Conv)
	})
	return min(len(all), most), err
}

// Days is like [DB.Days].
func (m *Memory) Days(c im.ConvID, from, until time.Time) ([]time.Time, error) {
	if m.closed {
		return nil, ErrClosed
	}
	first, behind := bounds(from, until)
	return daysBetween(first, behind, from.Location(), func(first int64) (int64, error) {
		for _, l := range m.lines {
			if l.place >= first && (c.IsZero() || l.Conv == c) {
				return l.place, nil
			}
		}
		return -1, nil
	})
}

// Search is like [DB.Search], in one step.
func (m *Memory) Search(s im.Search, below int64) (hits []im.Message, next int64, err error) {
	if m.closed {
		return nil, 0, ErrClosed
	}
	q := parseQuery(s.Words)
	for _, l := range slices.Backward(m.lines) {
		if len(hits) >= s.Limit {
			break
		}
		if (below == 0 || l.place < below) && (s.Conv.IsZero() || l.Conv == s.Conv) && q.matches(l.Text.String()) {
			l.Text = cloneText(l.Text)
			hits = append(hits, l.Message)
		}
	}
	return hits, 0, nil
}

// Erase is like [DB.Erase], in one step.
func (m *Memory) Erase(r im.Range) (lines int, err error) {
	if m.closed {
		return 0, ErrClosed
	}
	first, behind := bounds(r.From, r.Until)
	n := len(m.lines)
	m.lines = slices.DeleteFunc(m.lines, func(l placed) bool {
		under := l.Out && (l.State == im.Waiting || l.State == im.Sending)
		erased := !under && l.place >= first && l.place < behind && (r.Conv.IsZero() || l.Conv == r.Conv)
		if erased {
			m.top = max(m.top, l.place)
		}
		return erased
	})
	return n - len(m.lines), nil
}

// Sweep is like [DB.Sweep]; there is nothing to do.
func (m *Memory) Sweep() (more bool, err error) {
	if m.closed {
		return false, ErrClosed
	}
	return false, nil
}

// Damaged is like [DB.Damaged]: there are none.
func (m *Memory) Damaged() (int, error) { return 0, nil }

// DropDamaged is like [DB.DropDamaged].
func (m *Memory) DropDamaged() error { return nil }

// Unsent is like [DB.Unsent].
func (m *Memory) Unsent(id im.AccountID) ([]im.Message, error) {
	return m.where(func(l placed) bool {
		return l.Conv.Account == id && l.Out && (l.State == im.Waiting || l.State == im.Sending)
	})
}

// Stranded is like [DB.Stranded].
func (m *Memory) Stranded(id im.AccountID) ([]im.Message, error) {
	return m.where(func(l placed) bool {
		return l.Conv.Account == id && l.Out && l.State == im.Failed && l.Private
	})
}

// Remove is like [DB.Remove].
func (m *Memory) Remove(c im.ConvID, id string) error {
	if m.closed {
		return ErrClosed
	}
	if i := m.find(c, id); i >= 0 {
		m.lines = slices.Delete(m.lines, i, i+1)
	}
	return nil
}

// find is the index of a message, or -1.
func (m *Memory) find(c im.ConvID, id string) int {
	return slices.IndexFunc(m.lines, func(l placed) bool { return l.Conv == c && l.ID == id })
}

// where is a copy of the messages that match, oldest first.
func (m *Memory) where(match func(placed) bool) ([]im.Message, error) {
	if m.closed {
		return nil, ErrClosed
	}
	var all []im.Message
	for _, l := range m.lines {
		if match(l) {
			l.Text = cloneText(l.Text)
			all = append(all, l.Message)
		}
	}
	return all, nil
}

// cloneText copies t; text without spans is nil.
func cloneText(t im.Text) im.Text { return append(im.Text(nil), t...) }

// Drafts is like [DB.Drafts].
func (m *Memory) Drafts() (map[im.ConvID]im.Draft, error) {
	if m.closed {
		return nil, ErrClosed
	}
	return maps.Clone(m.drafts), nil
}

// SetDraft is like [DB.SetDraft].
func (m *Memory) SetDraft(c im.ConvID, d im.Draft) error {
	if m.closed {
		return ErrClosed
	}
	m.drafts[c] = d
	if d.Text == "" {
		delete(m.drafts, c)
	}
	return nil
}

// Logging is like [DB.Logging].
func (m *Memory) Logging() (map[im.ConvID]bool, error) {
	if m.closed {
		return nil, ErrClosed
	}
	return maps.Clone(m.logging), nil
}

// SetLogging is like [DB.SetLogging].
func (m *Memory) SetLogging(c im.ConvID, on bool) error {
	if m.closed {
		return ErrClosed
	}
	m.logging[c] = on
	return nil
}

// Choices is like [DB.Choices].
func (m *Memory) Choices() (map[im.ConvID]map[string]string, error) {
	if m.closed {
		return nil, ErrClosed
	}
	all := map[im.ConvID]map[string]string{}
	for c, values := range m.choices {
		all[c] = maps.Clone(values)
	}
	return all, nil
}

// SetChoice is like [DB.SetChoice].
func (m *Memory) SetChoice(c im.ConvID, key, value string) error {
	if m.closed {
		return ErrClosed
	}
	if m.choices[c] == nil {
		m.choices[c] = map[string]string{}
	}
	m.choices[c][key] = value
	return nil
}

// DropChoice is like [DB.DropChoice].
func (m *Memory) DropChoice(c im.ConvID, key string) error {
	if m.closed {
		return ErrClosed
	}
	if delete(m.choices[c], key); len(m.choices[c]) == 0 {
		delete(m.choices, c)
	}
	return nil
}
