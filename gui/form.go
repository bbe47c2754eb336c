package gui

import (
	"slices"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"culver/assets"
	"culver/im"
	"culver/plugin"
)

// formWindow draws a plugin.Form as a window of its own: account set-up,
// questions of plugins, settings, everything that is asked.
type formWindow struct {
	gui      *GUI
	form     plugin.Form
	answered func(plugin.Answers)
	guide    bool // it opened as a guide for newcomers
	closed   bool
	touched  bool // the user did something in it
	pressed  bool // a button, since it was last told what to show
	clicked  clicked
	gone     hush // after an entry with the keyboard went away by itself

	window  fyne.Window
	keys    *keys
	acts    *fieldActs
	slots   map[string]*slot
	intro   *prose
	strip   *tabStrip
	side    *formAside // in place of it; nil: not in this form
	tab     int
	layouts []*pageLayout // one for each tab
	pages   []*fyne.Container
	stack   *fyne.Container
	scroll  *container.Scroll
	body    *fyne.Container // all of the form
	warning *problem
	problem *problem
	buttons map[string]*pushButton
	bar     *fyne.Container
	doing   *prose      // left of the buttons
	busy    bool        // being drawn: fields tell nothing
	guarded *guarding   // its buttons wait for a moment; nil: they do not
	before  fyne.Window // meanwhile: where the user was, nil if nowhere
	own     fyne.Size   // that it was given last; another one is the user's
	asked   []fyne.Size // what own was before
	room    screenRoom

	more *formWindow // shows more of a field
}

var _ plugin.Dialog = (*formWindow)(nil)

// newFormWindow opens a form. Answers are told as they come.
func newFormWindow(g *GUI, f plugin.Form, answered func(plugin.Answers)) *formWindow {
	w := &formWindow{gui: g, guide: f.Guide, answered: answered, slots: map[string]*slot{}, buttons: map[string]*pushButton{}}
	w.keys = &keys{hushed: g.hushed, used: g.used, typed: w.typed, shortcut: w.shortcut, focused: func() { g.active = w.window }, panes: w.panes}
	w.acts = &fieldActs{
		keys: w.keys,
		changed: func(id string) {
			if w.busy {
				return
			}
			w.touched = true
			w.arrange(false)
			if f, ok := w.field(id); ok && f.Live {
				w.answer(id, nil)
			}
		},
		clicked: func(id string) {
			if f := w.dependent(id); f != nil && !w.busy {
				w.window.Canvas().Focus(f)
			}
		},
		act: func(action string, rows []string) {
			if w.guarded != nil {
				return
			}
			w.touched, w.pressed = true, true
			w.answer(action, rows)
		},
		waits: func() bool { return w.guarded != nil },
		told: func(id string, rows []string) {
			if !w.busy {
				w.touched = true
				w.answer(id, rows)
			}
		},
		copied: func(text string) { g.app.Clipboard().SetContent(text) },
		icons:  g.icons,
		linked: g.linked,
		scroll: w.scrolled,
		ask:    w.showMore,
		file:   w.chooseFile,
		aside:  w.aside,
		tick: func(after time.Duration, f func()) {
			time.AfterFunc(after, func() {
				g.do(func() {
					if !w.closed {
						f()
					}
				})
			})
		},
		relaid: func(more bool) {
			if w.busy {
				return
			}
			if more {
				w.size(false)
			}
			w.arrange(false)
		},
	}
	w.window = g.app.NewWindow(f.Title)
	g.hears(w.window.Canvas())
	for _, s := range formShortcuts() {
		w.window.Canvas().AddShortcut(s, func(s fyne.Shortcut) { w.shortcut(s) })
	}
	w.window.SetIcon(g.icons["app"])
	w.window.SetPadded(false)
	w.window.SetCloseIntercept(w.cancel)
	w.window.Canvas().SetOnTypedKey(func(e *fyne.KeyEvent) { w.keys.onTyped(e) })
	w.window.Canvas().SetOnTypedRune(func(r rune) { w.passOn(func(f fyne.Focusable) { f.TypedRune(r) }) })
	w.intro = wrapped("")
	w.strip = newTabStrip(func(i int) { w.selectTab(i) }, nil)
	w.stack = container.NewStack()
	w.scroll = container.NewVScroll(w.stack)
	w.problem = newProblem(g.icons[assets.Alarm])
	w.warning = newProblem(g.icons[assets.Alarm])
	w.bar = container.NewHBox()
	w.doing = wrapped("")
	w.body = container.New(&formLayout{w}, w.warning, w.intro, w.strip, w.scroll, w.problem, w.bar)
	if f.Aside {
		w.side = newFormAside(w)
		w.body.Add(w.side.box)
	}
	w.tab = max(f.Front, 0)
	w.draw(f)
	w.window.SetContent(g.sensed(w.window, container.NewPadded(w.body)))
	w.size(true)
	if !f.Quiet {
		if first := w.firstField(); first != nil {
			w.window.Canvas().Focus(first)
		}
	}
	return w
}

// Update implements plugin.Dialog.
func (w *formWindow) Update(f plugin.Form) {
	if w.closed {
		return
	}
	same := sameShape(w.form, f)
	if mistakable(w.form.Buttons, f.Buttons) {
		w.guard(w.before)
	}
	again := w.pressed && f.Problem != "" && f.Problem == w.form.Problem
	pressed := w.pressed
	w.pressed = pressed && atWork(f) // the answer to it is still to come
	before, _ := w.window.Canvas().Focused().(*textEntry)
	held := before != nil && before.Text != ""
	w.draw(f)
	w.size(!same && !f.Guide)
	w.body.Refresh() // the toolkit overlooks what grew where something else grew, too
	if again {
		w.flash()
	}
	c := w.window.Canvas()
	focused := c.Focused()
	if focused != nil && !w.shows(focused) {
		if _, typing := focused.(*textEntry); typing && !pressed {
			w.gone.begin(w.gui.now())
		}
		c.Unfocus()
	}
	emptied := held && before.Text == "" // what was typed was taken away, here and perhaps above
	_, typing := focused.(*textEntry)
	if pressed && !w.pressed && (c.Focused() == nil || f.Problem != "" && (!typing || emptied)) {
		if e := w.emptyLine(); e != nil {
			c.Focus(e)
		}
	}
	if c.Focused() == nil && !same && (!f.Quiet || w.touched) {
		if first := w.firstField(); first != nil {
			c.Focus(first)
		}
	}
}

// flash makes a problem that was there before noticeable: the user pressed a
// button again, and it is still so.
func (w *formWindow) flash() {
	w.problem.light(true)
	time.AfterFunc(problemFlash, func() {
		w.gui.do(func() { w.problem.light(false) })
	})
}

// Close implements plugin.Dialog.
func (w *formWindow) Close() {
	if w.closed {
		return
	}
	w.closed = true
	w.busy = true
	if w.gui.active == w.window && !w.pressed {
		w.gui.hush.begin(w.gui.now())
	}
	if w.more != nil {
		w.more.Close()
	}
	for _, s := range w.slots {
		if s.field.Kind == im.FieldSecret {
			s.view.set("")
		}
	}
	w.gui.formClosed(w)
	w.window.Close()
}

// showMore shows more of a field, in place of what was shown so before. It goes
// with this form.
func (w *formWindow) showMore(f plugin.Form) {
	if w.more != nil {
		w.more.Close()
	}
	more := w.gui.Ask(f, func(plugin.Answers) { w.more.Close() }).(*formWindow)
	w.more = more
}

// chooseFile lets the user choose a file in a window of its own.
func (w *formWindow) chooseFile(f im.Field, path string, done func(string)) {
	if w.more != nil {
		w.more.Close()
	}
	c := newFileChooser(f, path, w.aside, done)
	w.more = w.gui.Ask(c.form(), c.answered).(*formWindow)
	c.dialog = w.more
	c.focus()
	c.read()
}

// aside does work that may take time on another goroutine.
func (w *formWindow) aside(work func() (then func())) {
	go func() {
		then := work()
		w.gui.do(func() {
			if !w.closed {
				then()
			}
		})
	}()
}

// atWork reports that the form waits for what was asked for: no button does anything.
func atWork(f plugin.Form) bool {
	return len(f.Buttons) > 0 && !slices.ContainsFunc(f.Buttons, func(b plugin.Button) bool { return !b.Off })
}

// sameShape reports that two forms have the same fields at the same places.
func sameShape(a, b plugin.Form) bool {
	return slices.EqualFunc(a.Tabs, b.Tabs, func(s, t plugin.Tab) bool {
		return s.Title == t.Title && slices.EqualFunc(s.Fields, t.Fields, func(f, g im.Field) bool {
			return f.ID == g.ID && f.Kind == g.Kind
		})
	})
}

// draw shows the form, keeping the controls of fields that were there before,
// with what the user typed in them.
func (w *formWindow) draw(f plugin.Form) {
	w.busy, w.clicked = true, clicked{}
	w.form = f
	w.window.SetTitle(f.Title)
	w.intro.setText(f.Intro)
	w.intro.Hidden = f.Intro == ""
	w.problem.setText(f.Problem)
	w.warning.setText(f.Warning)
	slots := map[string]*slot{}
	turned := false // another page to read
	titles := make([]tabTitle, len(f.Tabs))
	for t, tab := range f.Tabs {
		titles[t].text = tab.Title
		for i, field := range tab.Fields {
			if field.Problem != "" {
				titles[t].level = w.gui.icons[assets.Alarm]
			}
			key := slotKey(t, i, field)
			if s, ok := w.slots[key]; ok {
				turned = turned || field.Kind == im.FieldProse && !slices.Equal(s.field.Prose, field.Prose)
				s.update(field)
				slots[key] = s
			} else {
				slots[key] = newSlot(field, w.acts)
			}
		}
	}
	for key, s := range w.slots {
		if p, ok := s.view.(*progressField); ok && slots[key] == nil {
			p.bar.show(0) // it does not move any more
		}
	}
	w.slots = slots
	w.strip.setTabs(titles)
	w.strip.Hidden = w.side != nil || len(f.Tabs) == 0 || len(f.Tabs) == 1 && f.Tabs[0].Title == ""
	if w.side == nil || len(w.side.words()) == 0 {
		w.tab = min(w.tab, max(len(f.Tabs)-1, 0))
	}
	w.strip.choose(w.tab)
	if w.side != nil {
		w.side.draw()
	}
	w.drawButtons()
	w.arrange(true)
	if turned {
		w.scroll.ScrollToTop()
	}
	w.busy = false
}

// drawButtons makes the line of buttons: ordinary ones first, then what cancels,
// then what Enter does, at the right end.
func (w *formWindow) drawButtons() {
	ordered := inOrder(w.form.Buttons)
	old := w.buttons
	w.buttons = map[string]*pushButton{}
	w.bar.Objects = []fyne.CanvasObject{layout.NewSpacer()}
	if w.doing.setText(w.form.Doing); w.form.Doing != "" {
		w.bar.Objects = []fyne.CanvasObject{container.New(oneRow{}, w.doing), layout.NewSpacer()}
	}
	for _, b := range ordered {
		p, ok := old[b.ID]
		if !ok {
			p = newPushButton(w.keys, b.Label, func() {
				w.touched = true
				if !w.clicked.twice(b.ID, w.gui.now()) {
					w.press(b.ID)
				}
			})
		}
		p.Importance = widget.MediumImportance
		switch b.Role {
		case plugin.Default:
			p.Importance = widget.HighImportance
		case plugin.Danger:
			p.Importance = widget.DangerImportance
		}
		p.SetText(b.Label)
		setDisabled(p, b.Off || w.guarded != nil && b.Role != plugin.Cancel)
		w.buttons[b.ID] = p
		w.bar.Objects = append(w.bar.Objects, p)
	}
	w.bar.Hidden = len(ordered) == 0
	w.bar.Refresh()
}

// inOrder are the buttons as they are drawn, from the left.
func inOrder(buttons []plugin.Button) []plugin.Button {
	out := slices.Clone(buttons)
	slices.SortStableFunc(out, func(a, b plugin.Button) int { return roleRank(a.Role) - roleRank(b.Role) })
	return out
}

func roleRank(r plugin.Role) int {
	switch r {
	case plugin.Cancel:
		return 1
	case plugin.Default:
		return 2
	default:
		return 0
	}
}

// arrange puts the fields that are to be seen now on their pages.
func (w *formWindow) arrange(always bool) {
	changed := always
	contents := w.contents()
	layouts := make([]*pageLayout, len(contents))
	pages := make([]*fyne.Container, len(contents))
	for t, slots := range contents {
		p := &pageLayout{slots: slots, scroll: w.scroll}
		var objects []fyne.CanvasObject
		for _, s := range slots {
			objects = append(objects, s.objects()...)
		}
		layouts[t], pages[t] = p, container.New(p, objects...)
		if t < len(w.layouts) {
			p.width = w.layouts[t].width
			if !slices.Equal(w.pages[t].Objects, objects) {
				changed = true
			} else if !always {
				layouts[t], pages[t] = w.layouts[t], w.pages[t]
			}
		}
	}
	if !changed {
		for _, p := range w.pages {
			p.Refresh()
		}
		return
	}
	w.layouts, w.pages = layouts, pages
	w.showPage()
	if !always {
		w.refit()
	}
}

func (w *formWindow) showPage() {
	w.stack.Objects = nil
	if w.tab < len(w.pages) {
		w.stack.Objects = []fyne.CanvasObject{w.pages[w.tab]}
	}
	w.stack.Refresh()
	w.scroll.Refresh()
}

func (w *formWindow) selectTab(i int) {
	if i == w.tab || i >= len(w.pages) {
		return
	}
	w.tab = i
	w.strip.choose(i)
	if w.side != nil {
		w.side.mark()
	}
	w.showPage()
	w.scroll.ScrollToTop()
}

// visible reports that the field is to be shown with what is entered now.
func (w *formWindow) visible(f im.Field) bool {
	return f.Shown(w.valueOf)
}

func (w *formWindow) field(id string) (im.Field, bool) {
	for _, tab := range w.form.Tabs {
		for _, f := range tab.Fields {
			if f.ID == id {
				return f, true
			}
		}
	}
	return im.Field{}, false
}

func (w *formWindow) valueOf(id string) string {
	f, ok := w.field(id)
	if !ok {
		return ""
	}
	if s, ok := w.slots[slotKey(0, 0, f)]; ok {
		return s.view.value()
	}
	return f.Value
}

// values are the values of all fields.
func (w *formWindow) values() map[string]string {
	out := map[string]string{}
	for _, s := range w.slots {
		switch s.field.Kind {
		case im.FieldText, im.FieldSecret, im.FieldChoice, im.FieldSwitch, im.FieldCode, im.FieldFile:
			if s.field.ID != "" {
				out[s.field.ID] = s.view.value()
			}
		}
	}
	return out
}

func (w *formWindow) answer(action string, rows []string) {
	if w.closed || w.busy {
		return
	}
	w.answered(plugin.Answers{Action: action, Values: w.values(), Rows: rows})
}

// press is a button at the end of the form.
func (w *formWindow) press(id string) {
	i := slices.IndexFunc(w.form.Buttons, func(b plugin.Button) bool { return b.ID == id })
	if i < 0 || w.form.Buttons[i].Off || w.guarded != nil && w.form.Buttons[i].Role != plugin.Cancel {
		return
	}
	w.pressed = true
	w.answer(id, nil)
}
