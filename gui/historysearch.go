package gui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"culver/im"
	"culver/lang"
	"culver/messenger"
)

// historySearch is what is searched for in the history, and what was found.
type historySearch struct {
	window  *historyWindow
	entry   *textEntry
	here    *checkBox // only in the conversation on show
	box     *fyne.Container
	results *fyne.Container
	about   *prose // how many there are
	list    *rowList

	words string // what hits are for, or will be
	mark  soughtWords
	hits  []im.Message
	more  bool // there are more than limit
	limit int
	ask   messenger.AskID // 0: none under way
	hurry bool            // to the newest hit, once there are any
	timer *time.Timer
}

const (
	searchAfter = 150 * time.Millisecond
	searchLimit = 100
)

func (f *historySearch) make(w *historyWindow) {
	f.window = w
	k := *w.keys
	k.typed = func(e *fyne.KeyEvent) bool {
		if e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter {
			f.enter()
			return true
		}
		return w.typed(e)
	}
	f.entry = newTextEntry(&k, false)
	f.entry.SetPlaceHolder(lang.T("Search"))
	f.entry.OnChanged = func(string) { f.soon() }
	f.entry.down = func() {
		if f.list.count() > 0 {
			w.focus(f.list)
			f.list.choose(f.list.selected + 1)
		}
	}
	f.here = newCheckBox(w.keys, lang.T("Only in this conversation"), func(bool) { f.again() })
	f.about = caption("")
	f.list = newRowList(w.keys, hitRowHeight, f.count, func() rowView { return newHitRow(f) })
	f.list.opened = f.jump
	f.list.pressed = f.jump
	f.list.typed = func(r rune) { w.focus(f.entry); f.entry.TypedRune(r) }
	f.list.key = func(e *fyne.KeyEvent) bool {
		if e.Name == fyne.KeyUp && f.list.selected <= 0 {
			w.focus(f.entry)
			return true
		}
		return false
	}
	f.box = container.NewBorder(nil, nil, nil, f.here, f.entry)
	f.results = container.NewBorder(f.about, nil, nil, nil, f.list)
	f.results.Hide()
}

// on reports that something is searched for.
func (f *historySearch) on() bool { return f.entry.Text != "" || f.words != "" }

// only says whether to search in the conversation on show alone.
func (f *historySearch) only(here bool) { f.here.SetChecked(here) }

// soon searches when the user pauses typing.
func (f *historySearch) soon() {
	f.stop()
	if strings.TrimSpace(f.entry.Text) == "" {
		f.start()
		return
	}
	f.timer = time.AfterFunc(searchAfter, func() {
		f.window.gui.do(func() {
			if !f.window.closed && !f.window.gui.over() {
				f.start()
			}
		})
	})
}

func (f *historySearch) stop() {
	if f.timer != nil {
		f.timer.Stop()
		f.timer = nil
	}
}

// start searches for what was typed.
func (f *historySearch) start() {
	f.stop()
	words := f.entry.Text
	if strings.TrimSpace(words) == "" {
		words = ""
	}
	if words != f.words {
		f.list.selected = -1
	}
	f.words, f.limit, f.hurry = words, searchLimit, false
	f.search()
	if words == "" {
		f.hits, f.more = nil, false
		f.draw()
	}
}

// search asks the history. What was found before stays until the answer comes.
func (f *historySearch) search() {
	if f.words == "" {
		f.quit()
		return
	}
	s := im.Search{Words: f.words, Limit: f.limit}
	if f.here.Checked {
		s.Conv = f.window.conv
	}
	f.ask = f.window.gui.front.SearchPast(s)
}

// quit gives up the search that is under way: one for nothing takes its place.
func (f *historySearch) quit() {
	f.stop()
	if f.ask != 0 {
		f.ask = 0
		f.window.gui.front.SearchPast(im.Search{})
	}
}

// again repeats the search: the history is another, or where to search.
func (f *historySearch) again() {
	if f.words != "" {
		f.search()
	}
}

// turned repeats it if it is about the conversation on show.
func (f *historySearch) turned() {
	if f.here.Checked {
		f.again()
	}
}

// found takes what was found.
func (f *historySearch) found(e messenger.HitsFound) {
	if e.Ask != f.ask || e.Ask == 0 {
		return
	}
	f.ask = 0
	at, chosen := f.list.selected, ""
	if at >= 0 && at < len(f.hits) {
		chosen, at = f.hits[at].ID, -1
	}
	f.hits, f.more, f.mark = e.Hits, e.More, sought(f.words)
	f.list.selected = min(at, f.count()-1) // where it said that there are more
	for i, m := range f.hits {
		if m.ID == chosen {
			f.list.selected = i
		}
	}
	if f.list.selected < 0 {
		f.list.offset = 0
	}
	f.draw()
	if f.hurry {
		f.hurry = false
		f.enter()
	}
}

// count is how many rows there are: one more if there is more to be found.
func (f *historySearch) count() int {
	if f.more {
		return len(f.hits) + 1
	}
	return len(f.hits)
}

// height is how high what was found is to be: as high as it needs, up to most.
func (f *historySearch) height(most float32) float32 {
	above := f.about.MinSize().Height + theme.Padding()
	if f.count() == 0 {
		return above
	}
	return fyne.Min(above+float32(f.count())*hitRowHeight(), fyne.Max(f.results.MinSize().Height, most))
}

// draw shows what was found.
func (f *historySearch) draw() {
	f.results.Hidden = f.words == ""
	f.about.setText(f.summary())
	f.list.Refresh()
	f.window.body.Refresh()
}

// summary says how much was found, and where.
func (f *historySearch) summary() string {
	n := len(f.hits)
	count, peer := im.Number(n), f.window.name(f.window.conv)
	switch here := f.here.Checked; {
	case n == 0 && here:
		return lang.F("No line in conversations with %s has these words.", peer)
	case n == 0:
		return lang.T("No line in all conversations has these words.")
	case f.more && here:
		return lang.N(n, "The newest %s line in conversations with %s with these words:", "The newest %s lines in conversations with %s with these words:", count, peer)
	case f.more:
		return lang.N(n, "The newest %s line in all conversations with these words:", "The newest %s lines in all conversations with these words:", count)
	case here:
		return lang.N(n, "%s line in conversations with %s, the newest first:", "%s lines in conversations with %s, the newest first:", count, peer)
	}
	return lang.N(n, "%s line in all conversations, the newest first:", "%s lines in all conversations, the newest first:", count)
}

// jump shows a hit where it was said, or more hits.
func (f *historySearch) jump(i int) {
	w := f.window
	switch {
	case i < 0 || i >= f.count():
	case i == len(f.hits):
		f.limit *= 4
		f.search()
	default:
		m := f.hits[i]
		if m.Conv != w.conv {
			w.turn(m.Conv)
		}
		w.ask(messenger.LinesQuery{Around: m.ID}, wantedPlace{line: m.ID, found: true})
	}
}

// enter is Enter in the entry, which keeps the keyboard: it goes to the newest hit, and
// from one to the next. It searches first if the words are others by now.
func (f *historySearch) enter() {
	if f.entry.Text != f.words {
		f.start()
	}
	if f.ask != 0 {
		f.hurry = true
		return
	}
	if len(f.hits) > 0 {
		f.list.choose(f.list.selected + 1)
		f.jump(f.list.selected)
	}
}

// clear ends the search.
func (f *historySearch) clear() {
	f.entry.SetText("")
	f.start()
	f.window.focus(f.window.lines)
}
