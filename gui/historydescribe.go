package gui

import "culver/lang"

// describe tells of the history window.
func (w *historyWindow) describe(d *description) {
	d.add(kindEntry, w.filter.PlaceHolder, w.filter).Value = w.filter.Text
	d.rows(w.list, func(i int) (kind, name, value string) {
		p := w.shown[i]
		return kindPast, w.name(p.Conv), counted(p.Lines)
	})
	w.days.describe(d)
	f := &w.find
	d.add(kindEntry, f.entry.PlaceHolder, f.entry).Value = f.entry.Text
	d.add(kindSwitch, f.here.Text, f.here).Value = on(f.here.Checked)
	if f.results.Visible() {
		d.add(kindNote, f.about.text, f.about)
		d.rows(f.list, func(i int) (kind, name, value string) {
			if i == len(f.hits) {
				return kindButton, lang.T("More…"), ""
			}
			m := f.hits[i]
			who, _ := f.who(m)
			return kindHit, string(inOneLine(m.Text.String())), who + ", " + m.Time.Local().Format("2006-01-02 15:04:05")
		})
	}
	d.add(kindHead, w.head.name, w.head).Value = w.head.status
	w.lines.describe(d)
	if w.empty != "" {
		d.add(kindNote, w.empty, w.hint)
	}
	d.add(kindButton, w.export.Text, w.export)
	d.menuButton(w.erase)
}
