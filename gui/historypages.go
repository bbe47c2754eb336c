package gui

import (
	"time"

	"culver/im"
	"culver/messenger"
)

// wantedPlace is where the transcript is to stand when lines came.
type wantedPlace struct {
	line  string // this line, with the mark of what was found if found; "": the end, or the beginning if top
	found bool
	top   bool
	off   float64 // the line is at the top, with so much of it above the edge
	keep  bool    // off counts
}

// load takes over other lines. They are drawn by what follows.
func (w *historyWindow) load(lines []im.Message, older, newer bool) {
	w.olderAsk, w.newerAsk = 0, 0
	w.source.take(lines, older, newer)
	w.lines.sel, w.lines.top, w.lines.off, w.lines.stick = selection{}, 0, 0, true
	w.lines.reset()
}

// ask asks for lines of the conversation on show, in place of those that are there.
func (w *historyWindow) ask(q messenger.LinesQuery, to wantedPlace) {
	q.Conv = w.conv
	w.want = to
	w.olderAsk, w.newerAsk = 0, 0
	w.linesAsk = w.gui.front.PastLines(q)
}

// askDays asks for the days that have lines, of which there may be many.
func (w *historyWindow) askDays() {
	w.stale = false
	if !w.conv.IsZero() {
		w.daysAsk = w.gui.front.PastDays(w.conv, time.Unix(0, 0).Local(), w.gui.now().AddDate(1, 0, 0))
	}
}

// dated takes the days of the conversation on show.
func (w *historyWindow) dated(e messenger.DaysListed) {
	if e.Ask != w.daysAsk {
		return
	}
	days := make([]date, len(e.Days))
	for i, d := range e.Days {
		days[i] = dateOf(d)
	}
	w.days.setDays(days)
	w.follow()
}

// day goes to a day that was chosen in the calendar.
func (w *historyWindow) day(d date) {
	w.ask(messenger.LinesQuery{From: d.start(time.Local)}, wantedPlace{top: true})
}

// scrolled follows the transcript with the calendar.
func (w *historyWindow) scrolled() { w.follow() }

// follow chooses the day in the calendar that is at the top of the transcript; at its
// end, that of the last line.
func (w *historyWindow) follow() {
	i := w.lines.top
	if w.lines.atEnd() {
		i = len(w.source.days) - 1
	}
	if i >= 0 && i < len(w.source.days) {
		w.days.choose(w.source.days[i])
	}
}

// found takes lines.
func (w *historyWindow) found(e messenger.LinesFound) {
	switch e.Ask {
	case 0:
	case w.linesAsk:
		w.linesAsk = 0
		w.arrive(e)
	case w.olderAsk:
		w.olderAsk = 0
		w.source.slow = false
		if e.Gone {
			w.reload()
			break
		}
		w.source.older = e.Older
		fresh := w.source.timeline.Prepend(e.Lines)
		w.source.dated()
		w.lines.prepended(len(fresh))
	case w.newerAsk:
		w.newerAsk = 0
		if e.Gone {
			w.reload()
			break
		}
		w.newer(e)
	}
	w.draw()
}

// arrive shows lines in place of those that were there.
func (w *historyWindow) arrive(e messenger.LinesFound) {
	to := w.want
	if len(e.Lines) == 0 && (to.top || to.keep || to.line != "") { // it is gone: what is left is earlier
		w.ask(messenger.LinesQuery{}, wantedPlace{})
		return
	}
	w.load(e.Lines, e.Older, e.Newer)
	i := w.source.index(to.line)
	switch {
	case i >= 0 && to.keep:
		w.lines.stick, w.lines.top, w.lines.off = false, i, to.off
		w.lines.update()
	case i >= 0:
		if to.found {
			w.source.found = to.line
		}
		w.lines.show(i)
	case to.top || to.keep:
		w.lines.stick = false
		fallthrough
	default:
		w.lines.update()
	}
	if i = max(0, i); (to.top || to.found) && i < len(w.source.days) {
		w.days.choose(w.source.days[i])
	} else {
		w.follow()
	}
}

// newer puts lines below the last.
func (w *historyWindow) newer(e messenger.LinesFound) {
	before := w.source.timeline.Len()
	further := w.source.newer
	for _, m := range e.Lines {
		w.source.timeline.Add(m)
	}
	w.source.newer = e.Newer
	w.source.dated()
	n := w.source.timeline.Len() - before
	switch {
	case n == 0:
	case before > 0 && further: // they were there before
		w.lines.continued(n)
	default:
		w.lines.extended(n)
	}
}

// more asks for what is above or below, before it comes into sight.
func (w *historyWindow) more(begin, end bool) {
	s := w.source
	if w.linesAsk != 0 || s.timeline.Len() == 0 {
		return
	}
	if begin && s.older && w.olderAsk == 0 {
		ask := w.gui.front.PastLines(messenger.LinesQuery{Conv: w.conv, Before: s.timeline.At(0).ID})
		w.olderAsk = ask
		time.AfterFunc(loadingAfter, func() {
			w.gui.do(func() {
				if !w.closed && w.olderAsk == ask {
					s.slow = true
					w.lines.headed()
				}
			})
		})
	}
	if end && s.newer && w.newerAsk == 0 {
		w.askNewer()
	}
}

func (w *historyWindow) askNewer() {
	s := w.source
	w.newerAsk = w.gui.front.PastLines(messenger.LinesQuery{Conv: w.conv, After: s.timeline.At(s.timeline.Len() - 1).ID})
}

const freshAfter = 300 * time.Millisecond

// happened notes that something was said: whether that is kept, the history knows.
func (w *historyWindow) happened() {
	if w.freshAt != nil {
		return
	}
	w.freshAt = time.AfterFunc(freshAfter, func() {
		w.gui.do(func() {
			if !w.closed && !w.gui.over() {
				w.freshen()
			}
		})
	})
}

// freshen asks for what is new.
func (w *historyWindow) freshen() {
	if w.freshAt != nil {
		w.freshAt.Stop()
		w.freshAt = nil
	}
	w.refresh()
	if w.stale {
		w.find.again() // it may have found what is gone
	}
	if w.stale || !w.days.has[dateOf(w.gui.now())] {
		w.askDays()
	}
	switch s := w.source; {
	case w.linesAsk != 0 || w.conv.IsZero() || w.newerAsk != 0:
	case s.timeline.Len() == 0:
		w.ask(messenger.LinesQuery{}, wantedPlace{})
	case !s.newer:
		w.askNewer()
	}
}

// changed shows another state of a line, if it is one of those on show.
func (w *historyWindow) changed(m im.Message) {
	if m.Conv == w.conv && w.source.timeline.Change(m) {
		if i := w.source.index(m.ID); i >= 0 {
			w.lines.changed(i)
		}
	}
	w.happened()
}

// removed takes a line away.
func (w *historyWindow) removed(c im.ConvID, id string) {
	if i := w.source.index(id); c == w.conv && i >= 0 {
		w.source.timeline.Remove(id)
		w.source.dated()
		w.lines.removed(i)
		w.draw()
	}
	w.stale = true
	w.happened()
}

// erased shows what is left, as near to where the user was as can be.
func (w *historyWindow) erased(r im.Range) {
	w.refresh()
	w.askDays()
	w.find.again()
	if w.conv.IsZero() || !r.Conv.IsZero() && r.Conv != w.conv {
		return
	}
	w.reload()
}

// reload asks anew for the lines where the user is.
func (w *historyWindow) reload() {
	at := w.lines.top
	if at >= w.source.timeline.Len() || w.lines.atEnd() {
		w.ask(messenger.LinesQuery{}, wantedPlace{})
		return
	}
	m := w.source.timeline.At(at)
	w.ask(messenger.LinesQuery{From: m.Time}, wantedPlace{line: m.ID, off: w.lines.off, keep: true})
}
