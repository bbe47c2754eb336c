package gui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"culver/im"
	"culver/plugin"
)

// role finds the button that has a role.
func (w *formWindow) role(r plugin.Role) (plugin.Button, bool) {
	i := slices.IndexFunc(w.form.Buttons, func(b plugin.Button) bool { return b.Role == r })
	if i < 0 {
		return plugin.Button{}, false
	}
	return w.form.Buttons[i], true
}

// only is the one button of a form, which has Enter and Escape whatever its role.
func (w *formWindow) only() (plugin.Button, bool) {
	if len(w.form.Buttons) != 1 || w.form.Buttons[0].Off || w.form.Buttons[0].Role == plugin.Danger {
		return plugin.Button{}, false
	}
	return w.form.Buttons[0], true
}

// working reports that something goes on, which only its button stops.
func (w *formWindow) working() bool {
	for _, s := range w.slots {
		if s.field.Kind == im.FieldProgress && s.field.Percent < 100 {
			return true
		}
	}
	return false
}

// cancel is Escape, or the window's close button. A form that offers no way to
// cancel is told that it was closed, and goes.
func (w *formWindow) cancel() {
	w.touched = true
	if b, ok := w.role(plugin.Cancel); ok {
		w.press(b.ID)
		return
	}
	if b, ok := w.only(); ok && w.guarded == nil {
		w.press(b.ID)
		return
	}
	w.pressed = true
	w.answer(plugin.Closed, nil)
	w.Close()
}

// typed is a key that no control had a use for.
func (w *formWindow) typed(e *fyne.KeyEvent) bool {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if w.guarded != nil || w.gone.swallows(w.gui.now()) {
			return true
		}
		// A form that opened by itself, while the user was typing elsewhere,
		// takes Enter only after they turned to it.
		if w.form.Quiet && !w.touched && w.window.Canvas().Focused() == nil {
			return true
		}
		w.touched = true
		if b, ok := w.role(plugin.Default); ok {
			w.press(b.ID)
		} else if b, ok := w.only(); ok && !w.working() {
			w.press(b.ID)
		}
		return true
	case fyne.KeyEscape:
		if w.guarded == nil && !w.gone.swallows(w.gui.now()) {
			w.cancel()
		}
		return true
	case fyne.KeyBackspace:
		w.passOn(func(f fyne.Focusable) { f.TypedKey(e) })
		return true
	case fyne.KeyUp, fyne.KeyDown, fyne.KeyPageUp, fyne.KeyPageDown, fyne.KeyHome, fyne.KeyEnd:
		w.scrolled(e)
		return true
	}
	return false
}

// scrolled moves the fields by a key.
func (w *formWindow) scrolled(e *fyne.KeyEvent) {
	line, page := float32(3*theme.TextSize()), w.scroll.Size().Height*0.9
	to := w.scroll.Offset
	switch e.Name {
	case fyne.KeyUp:
		to.Y -= line
	case fyne.KeyDown:
		to.Y += line
	case fyne.KeyPageUp:
		to.Y -= page
	case fyne.KeyPageDown:
		to.Y += page
	case fyne.KeyHome:
		to.Y = 0
	case fyne.KeyEnd:
		to.Y = w.scroll.Content.MinSize().Height
	}
	w.scroll.ScrollToOffset(fyne.NewPos(0, fyne.Max(0, to.Y)))
}

// passOn hands text that was typed at a form that just came up to where the user
// was typing. Enter is not handed on.
func (w *formWindow) passOn(typing func(fyne.Focusable)) {
	if w.before == nil || w.touched || w.window.Canvas().Focused() != nil {
		return
	}
	if f := w.before.Canvas().Focused(); f != nil {
		typing(f)
	}
}

// firstField is what the keyboard goes to: the first field that can be edited, or
// the line that belongs to what is chosen there. Where there is something to read and
// nothing to edit, it is the button that ends the form, not one that leads on.
func (w *formWindow) firstField() fyne.Focusable {
	if w.tab >= len(w.layouts) {
		return nil
	}
	if next := w.guideNext(); next != nil {
		return next
	}
	var button fyne.Focusable
	for _, s := range w.layouts[w.tab].slots {
		f := s.view.focus()
		if f == nil || s.field.Off {
			continue
		}
		if s.field.Kind == im.FieldButton {
			if button == nil {
				button = f
			}
			continue
		}
		if s.field.Kind == im.FieldFile && s.field.Save && s.field.Value != "" { // a name that will do
			if line := w.emptyLine(); line != nil {
				return line
			}
		}
		if s.isRadio() {
			if line := w.dependent(s.field.ID); line != nil {
				return line
			}
		}
		return f
	}
	if button == nil || !w.tells() {
		return button
	}
	for _, r := range []plugin.Role{plugin.Default, plugin.Cancel} {
		if b, ok := w.role(r); ok && !b.Off {
			return w.buttons[b.ID]
		}
	}
	return button
}

// emptyLine is the first line in sight that nothing was typed in.
func (w *formWindow) emptyLine() fyne.Focusable {
	if w.tab >= len(w.layouts) {
		return nil
	}
	for _, s := range w.layouts[w.tab].slots {
		if s.isLine() && !s.field.Off && s.view.value() == "" {
			return s.view.focus()
		}
	}
	return nil
}

// dependent is the first line to type in among the fields that are in sight
// because of what was chosen in another: where the user goes on. One that is empty
// comes before those that are filled in.
func (w *formWindow) dependent(id string) (first fyne.Focusable) {
	if w.tab >= len(w.layouts) {
		return nil
	}
	for _, s := range w.layouts[w.tab].slots {
		switch {
		case !s.isLine() || id == "" || s.field.WhenField != id || s.field.Off:
		case s.view.value() == "":
			return s.view.focus()
		case first == nil:
			first = s.view.focus()
		}
	}
	return first
}

// shows reports that o is one of the controls in sight.
func (w *formWindow) shows(o fyne.Focusable) bool {
	if b, ok := o.(*pushButton); ok {
		return slices.Contains(w.bar.Objects, fyne.CanvasObject(b)) || w.onPage(o)
	}
	return w.onPage(o)
}

func (w *formWindow) onPage(o fyne.Focusable) bool {
	if w.tab >= len(w.layouts) {
		return false
	}
	for _, s := range w.layouts[w.tab].slots {
		if s.view.focus() == o {
			return true
		}
		if c, ok := s.view.(controlled); ok && slices.Contains(c.controls(), o) {
			return true
		}
	}
	return false
}
