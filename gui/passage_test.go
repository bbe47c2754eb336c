package gui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"culver/im"
	"culver/messenger"
	"culver/plugin"
)

var somePage = im.Text{
	{Text: "Heading", Style: im.Bold}, {Text: "\n\nA "}, {Text: "bold", Style: im.Bold}, {Text: " word.\n• "},
	{Icon: im.Private, HasIcon: true}, {Text: " an item with "}, {Text: "a page", Link: im.GuideLink("otr", "levels")},
	{Text: "\n2. and "}, {Text: "the web", Link: "https://example.org/x"}, {Text: "\n"},
	{Text: "not a link", Link: "file:///etc/passwd"}, {Text: "\x07 1.5 is a number"},
}

// click presses and releases the left button in the middle of an element.
func click(w *formWindow, e Element) {
	pos := fyne.NewPos(float32(e.X+e.Width/2), float32(e.Y+e.Height/2))
	for _, s := range w.layouts[w.tab].slots {
		p, ok := s.view.(*proseField)
		if !ok {
			continue
		}
		origin := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.passage)
		at := &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: pos.Subtract(origin), AbsolutePosition: pos}, Button: desktop.MouseButtonPrimary}
		p.passage.press = pressState{}
		p.passage.MouseDown(at)
		p.passage.MouseUp(at)
	}
}

func prosed(t *testing.T, text im.Text) (*formWindow, *passage) {
	t.Helper()
	w, _ := asked(t, plugin.Page("Help", "", []im.Field{{ID: "p", Kind: im.FieldProse, Prose: text}}, cancelButton))
	w.window.Content().Resize(w.window.Canvas().Size())
	return w, view[*proseField](t, w, "p").passage
}

func TestProseIsLaidOut(t *testing.T) {
	w, p := prosed(t, somePage)
	if p.paragraphs[0].size == p.paragraphs[2].size || p.paragraphs[3].bullet != "•" || p.paragraphs[4].bullet != "2." || p.paragraphs[5].bullet != "" {
		t.Errorf("%+v", p.paragraphs)
	}
	all := p.at(p.Size().Width)
	if all[3].indent == 0 || all[4].indent == 0 || all[2].indent != 0 {
		t.Error("items of lists do not stand in")
	}
	if len(p.links) != 2 {
		t.Errorf("links at %v", p.links)
	}
	if !described(w.gui, kindProse, "not a link 1.5 is a number") || described(w.gui, kindLink, "not a link") {
		t.Error("what may not be opened is no text")
	}
	if size := w.window.Canvas().Size(); size.Width < formProseWidth {
		t.Errorf("a window of %v", size)
	}
}

func TestProseLinks(t *testing.T) {
	g, f := start(t, messenger.Snapshot{})
	g.apply([]messenger.Event{messenger.DialogOpened{ID: 3, Form: plugin.Page("Help", "", []im.Field{{ID: "p", Kind: im.FieldProse, Prose: somePage}}, cancelButton)}})
	w := g.forms[3]
	w.window.Content().Resize(w.window.Canvas().Size())
	p := view[*proseField](t, w, "p").passage
	click(w, element(t, g, kindLink, "a page"))
	f.has(t, "guide otr levels")
	click(w, element(t, g, kindLink, "the web"))
	if len(g.asked) != 2 || g.asked[1].form.Title != "Open Link" {
		t.Fatal("it did not ask before it opens the web")
	}
	g.asked[1].Close()

	// By the keyboard.
	w.window.Canvas().Focus(p)
	p.TypedKey(key(fyne.KeyRight))
	p.TypedKey(key(fyne.KeyRight))
	p.TypedKey(key(fyne.KeyRight))
	p.TypedKey(key(fyne.KeyReturn))
	if len(g.asked) != 2 {
		t.Fatal("Enter does not follow the link")
	}
	g.asked[1].Close()
	p.TypedKey(key(fyne.KeyLeft))
	p.TypedKey(key(fyne.KeyReturn))
	f.has(t, "guide otr levels")

	// Of a form before there is a messenger.
	g.front = nil
	g.linked(im.GuideLink("otr", "levels"))
	g.linked("javascript:alert(1)")
	if len(g.asked) != 1 {
		t.Error("a link without a front opened something")
	}
}

func TestProseIsSelected(t *testing.T) {
	w, p := prosed(t, somePage)
	w.window.Canvas().Focus(p)
	p.TypedShortcut(&fyne.ShortcutCopy{})
	want := "Heading\n\nA bold word.\n•  an item with a page\n2. and the web\nnot a link 1.5 is a number"
	if s := w.gui.app.Clipboard().Content(); s != want {
		t.Errorf("copied %q", s)
	}
	l := p.at(p.Size().Width)[2]
	at := func(n int) fyne.Position {
		x := l.prefix(l.pieces[0], n)
		return fyne.NewPos(x+l.indent+6, l.y+l.rowHeight/2)
	}
	p.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at(0)}, Button: desktop.MouseButtonPrimary})
	p.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(2000, l.y+1)}})
	if s := p.selected(); s != "A bold word." {
		t.Errorf("dragged over %q", s)
	}
	p.setText(im.Plain("other"))
	if p.selected() != "" {
		t.Error("a selection of what is gone")
	}
	p.press = pressState{}
	p.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(8, 10)}, Button: desktop.MouseButtonPrimary})
	p.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(8, 10)}, Button: desktop.MouseButtonPrimary})
	if s := p.selected(); s != "other" {
		t.Errorf("a double click chose %q", s)
	}
}

// Hostile and odd texts are laid out like all others.
func TestProseOfAnything(t *testing.T) {
	for _, text := range []im.Text{
		nil, {{}}, {{Text: "\n\n\n"}}, {{HasIcon: true, Icon: im.Level(99)}}, {{Text: "• "}}, {{Text: "•"}}, {{Text: "1. "}},
		{{Text: strings.Repeat("x", 5000)}}, {{Text: "\u202eabc\x00", Link: "https://\u202e"}}, {{Text: "x", Link: "guide:"}},
		{{Text: strings.Repeat("a b\n", 2000), Style: im.Bold}},
	} {
		w, p := prosed(t, text)
		for _, width := range []float32{0, 1, 30, 3000} {
			p.Resize(fyne.NewSize(width, 100))
			p.hit(fyne.NewPos(-5, -5))
			p.hit(fyne.NewPos(5000, 50000))
		}
		p.selectAll()
		p.selected()
		w.Close()
	}
}

// A long text does not lie under the scroll bar, keys move it, and another page
// begins at its top.
func TestProseScrolls(t *testing.T) {
	w, p := prosed(t, im.Plain(strings.Repeat("A long text to be read. ", 500)))
	size := w.window.Canvas().Size()
	if size.Height > formProseHeight+30 || p.Size().Width > w.scroll.Size().Width-10 {
		t.Errorf("%v wide in %v, window %v", p.Size(), w.scroll.Size(), size)
	}
	w.window.Canvas().Focus(p)
	p.TypedKey(key(fyne.KeyPageDown))
	down := w.scroll.Offset.Y
	p.TypedKey(key(fyne.KeyUp))
	if down < 100 || w.scroll.Offset.Y >= down {
		t.Errorf("a page is %v, less a line %v", down, w.scroll.Offset.Y)
	}
	w.window.Canvas().Unfocus()
	w.window.Canvas().OnTypedKey()(key(fyne.KeyEnd))
	if most := w.scroll.Content.Size().Height - w.scroll.Size().Height; w.scroll.Offset.Y < most-1 {
		t.Errorf("End is at %v of %v", w.scroll.Offset.Y, most)
	}
	f := w.form
	f.Tabs = []plugin.Tab{{Fields: []im.Field{{ID: "p", Kind: im.FieldProse, Prose: im.Plain(strings.Repeat("Other. ", 3000))}}}}
	w.Update(f)
	if w.scroll.Offset.Y != 0 {
		t.Errorf("the next page begins at %v", w.scroll.Offset.Y)
	}
	test.Tap(w.buttons["cancel"])
}
