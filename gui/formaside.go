package gui

import (
	"slices"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"culver/im"
	"culver/lang"
)

// formAside is what stands left of a form with many pages: their titles, and a line to
// search all of them. What is found is a page of its own, behind the others.
type formAside struct {
	form   *formWindow
	find   *textEntry
	list   *rowList
	box    *fyne.Container
	titles []string
	before int // the page in front before the search
	quiet  bool
}

func newFormAside(w *formWindow) *formAside {
	a := &formAside{form: w}
	k := *w.keys
	k.typed = func(e *fyne.KeyEvent) bool {
		switch {
		case e.Name == fyne.KeyEscape && a.find.Text != "":
			a.find.SetText("")
		case e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter:
			a.enter()
		default:
			return w.typed(e)
		}
		return true
	}
	a.find = newTextEntry(&k, false)
	a.find.SetPlaceHolder(lang.T("Find a setting"))
	a.find.OnChanged = func(string) { a.search() }
	a.find.down = func() { w.window.Canvas().Focus(a.list) }
	height := func() float32 { return buddyRowHeight() + 6 }
	a.list = newRowList(w.keys, height, func() int { return len(a.titles) }, func() rowView { return newAsideRow(a) })
	a.list.chosen = func(i int) {
		if i >= 0 && !a.quiet {
			a.find.SetText("")
			w.selectTab(i)
		}
	}
	a.list.typed = func(r rune) {
		w.window.Canvas().Focus(a.find)
		a.find.TypedRune(r)
	}
	a.box = container.NewBorder(a.find, nil, nil, nil, a.list)
	return a
}

// draw takes the titles of the pages.
func (a *formAside) draw() {
	var titles []string
	for _, t := range a.form.form.Tabs {
		titles = append(titles, t.Title)
	}
	if !slices.Equal(titles, a.titles) {
		a.titles = titles
		a.list.Refresh()
	}
	a.mark()
}

// mark shows which page is in front.
func (a *formAside) mark() {
	a.quiet = true
	at := a.form.tab
	if at >= len(a.titles) {
		at = -1
	}
	if a.list.selected != at {
		a.list.choose(at)
	}
	a.quiet = false
}

// width is that of the column.
func (a *formAside) width() float32 {
	w := float32(120)
	for _, t := range a.titles {
		w = fyne.Max(w, measure(t, theme.TextSize(), fyne.TextStyle{})+2*asideMargin)
	}
	return w
}

// words are those that are looked for.
func (a *formAside) words() []string { return strings.Fields(strings.ToLower(a.find.Text)) }

// search shows what is found, or the page that was in front.
func (a *formAside) search() {
	w := a.form
	pages := len(w.form.Tabs)
	switch searching := len(a.words()) > 0; {
	case searching && w.tab < pages:
		a.before, w.tab = w.tab, pages
	case !searching && w.tab >= pages:
		w.tab = min(a.before, pages-1)
	}
	w.arrange(true)
	w.scroll.ScrollToTop()
	a.mark()
}

// enter goes on to the first setting that was found.
func (a *formAside) enter() {
	for _, s := range a.found() {
		if f := s.view.focus(); f != nil && !s.field.Off {
			a.form.window.Canvas().Focus(f)
			return
		}
	}
}

// found are the fields that have all words that are looked for, each below the title of
// its page: words that begin so, or, if there are none, words that have it inside.
func (a *formAside) found() []*slot {
	words := a.words()
	if len(words) == 0 {
		return nil
	}
	for _, has := range []func(text, word string) bool{beginsInside, strings.Contains} {
		if slots := a.foundBy(words, has); len(slots) > 0 {
			return slots
		}
	}
	return []*slot{a.note(lang.T("No setting has these words."))}
}

func (a *formAside) note(text string) *slot {
	return newSlot(im.Field{Kind: im.FieldNote, Label: text}, a.form.acts)
}

func (a *formAside) foundBy(words []string, has func(text, word string) bool) (slots []*slot) {
	w := a.form
	for t, tab := range w.form.Tabs {
		first := true
		var gap *slot // stands between what is next and the rest
		for i, field := range tab.Fields {
			before := gap
			gap = nil
			if isGap(field) {
				gap = w.slots[slotKey(t, i, field)]
			}
			if field.ID == "" || !w.visible(field) || !fieldHas(tab.Title, field, words, has) {
				continue
			}
			if first {
				slots = append(slots, a.note(tab.Title))
				first = false
			} else if before != nil {
				slots = append(slots, before)
			}
			slots = append(slots, w.slots[slotKey(t, i, field)])
		}
	}
	return slots
}

// contents are the fields in sight, by page.
func (w *formWindow) contents() (pages [][]*slot) {
	for t, tab := range w.form.Tabs {
		var slots []*slot
		for i, field := range tab.Fields {
			if w.visible(field) {
				slots = append(slots, w.slots[slotKey(t, i, field)])
			}
		}
		pages = append(pages, slots)
	}
	if w.side != nil {
		if found := w.side.found(); found != nil {
			pages = append(pages, found)
		}
	}
	return pages
}

func fieldHas(title string, f im.Field, words []string, has func(text, word string) bool) bool {
	all := title + " " + f.Label + " " + f.Hint
	for _, c := range f.Choices {
		all += " " + c.Label
	}
	all = strings.ToLower(all)
	return !slices.ContainsFunc(words, func(w string) bool { return !has(all, w) })
}

// beginsInside reports a word of the text that begins with another.
func beginsInside(text, word string) bool {
	return slices.ContainsFunc(strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }),
		func(w string) bool { return strings.HasPrefix(w, word) })
}

func (a *formAside) describe(d *description) {
	d.add(kindEntry, a.find.PlaceHolder, a.find).Value = a.find.Text
	d.rows(a.list, func(i int) (kind, name, value string) {
		return kindTab, a.titles[i], im.Switch(i == a.form.tab)
	})
}

const asideMargin = 12

// asideRow draws the title of a page.
type asideRow struct {
	aside *formAside
	box   *fyne.Container
	title *canvas.Text
}

func newAsideRow(a *formAside) *asideRow {
	r := &asideRow{aside: a, title: canvas.NewText("", nil)}
	r.box = container.NewWithoutLayout(r.title)
	return r
}

func (r *asideRow) object() fyne.CanvasObject { return r.box }

func (r *asideRow) show(i int) {
	high := measureHeight(theme.TextSize())
	text(r.title, r.aside.titles[i], theme.ColorNameForeground, theme.TextSize(), asideMargin, (r.box.Size().Height-high)/2, r.box.Size().Width-2*asideMargin)
}

func measureHeight(size float32) float32 {
	return fyne.MeasureText("Mg", size, fyne.TextStyle{}).Height
}
