package gui

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// codeField is a fingerprint: monospaced, to be compared, copied, read aloud as words or
// shown to a camera.
type codeField struct {
	acts   *fieldActs
	field  im.Field
	code   *passage
	words  *passage // to read aloud
	copy   *pushButton
	aloud  *pushButton
	qr     *pushButton
	spoken bool // the words are in sight
	shown  string
	layout *codeLayout
	box    *fyne.Container
}

func aloudShow() string { return lang.T("Show words") }

func aloudHide() string { return lang.T("Hide words") }

func newCodeField(acts *fieldActs) *codeField {
	c := &codeField{acts: acts, code: newPassage(nil, acts.keys), words: newPassage(nil, acts.keys)}
	c.code.scroll, c.words.scroll = acts.scroll, acts.scroll
	c.copy = newPushButton(acts.keys, lang.T("Copy"), func() { acts.copied(c.shown) })
	c.copy.Icon = theme.ContentCopyIcon()
	c.aloud = newPushButton(acts.keys, aloudShow(), func() {
		c.spoken = !c.spoken
		c.draw()
		c.acts.relaid(c.spoken)
	})
	c.qr = newPushButton(acts.keys, lang.T("QR code…"), func() { acts.ask(qrForm(c.field, c.shown)) })
	c.layout = &codeLayout{c}
	c.box = container.New(c.layout, c.code, c.copy, c.aloud, c.qr, c.words)
	return c
}

// qrForm shows the QR code of a field, large.
func qrForm(f im.Field, value string) plugin.Form {
	return plugin.Page(lang.T("QR Code"), f.Label, []im.Field{
		{ID: "qr", Kind: im.FieldCode, QR: f.QR},
		{ID: "code", Kind: im.FieldCode, Value: value},
	}, plugin.Button{ID: "close", Label: lang.T("Close"), Role: plugin.Cancel})
}

func (c *codeField) object() fyne.CanvasObject { return c.box }
func (c *codeField) value() string             { return c.shown }
func (c *codeField) focus() fyne.Focusable     { return nil }

func (c *codeField) controls() []fyne.Focusable {
	return []fyne.Focusable{c.code, c.copy, c.aloud, c.qr, c.words}
}

// heightAt is the height that it needs in a width.
func (c *codeField) heightAt(width float32) float32 { return c.layout.place(width, false) }

// want is how wide it would like to be.
func (c *codeField) want() float32 { return c.layout.want() }

func (c *codeField) update(f im.Field) {
	c.field = f
	c.draw()
}

func (c *codeField) set(v string) {
	c.shown = v
	c.draw()
}

func (c *codeField) draw() {
	c.code.setText(im.Text{{Text: c.shown, Style: im.Bold | im.Code}})
	c.words.setText(spokenText(c.shown, c.field.Spoken))
	is := strings.ContainsAny(c.shown, "0123456789") // else it is a word, not a fingerprint
	c.copy.Hidden = !is
	c.aloud.Hidden = !is || c.field.Spoken == ""
	_, err := encodeQR(c.field.QR)
	c.qr.Hidden = !is || c.field.QR == "" || err != nil
	c.words.Hidden = c.aloud.Hidden || !c.spoken
	if c.spoken {
		c.aloud.SetText(aloudHide())
	} else {
		c.aloud.SetText(aloudShow())
	}
	c.box.Refresh()
}

// spokenText puts the words beside the groups of the code that they stand for, a
// line each, if they can be told apart.
func spokenText(code, spoken string) im.Text {
	groups, words := strings.Fields(code), strings.Fields(spoken)
	if len(groups) < 2 || len(words)%len(groups) != 0 {
		return im.Plain(spoken)
	}
	each := len(words) / len(groups)
	var text im.Text
	for i, g := range groups {
		line := "   " + strings.Join(words[i*each:(i+1)*each], " ")
		if i < len(groups)-1 {
			line += "\n"
		}
		text = append(text, im.Span{Text: g, Style: im.Code}, im.Span{Text: line})
	}
	return text
}

// codeLayout puts the buttons right of the code if there is room, else below it,
// and the words below both. Its height depends on its width.
type codeLayout struct{ field *codeField }

// want is the width at which the code stands in one row with its buttons, if
// there is but one of them.
func (l *codeLayout) want() float32 {
	w, buttons := l.field.code.natural(), l.buttons(nil)
	if !l.field.words.Hidden {
		w = fyne.Max(w, l.field.words.natural())
	}
	if l.field.aloud.Hidden && l.field.qr.Hidden {
		return w + buttons.Width
	}
	return fyne.Max(w, buttons.Width)
}

// buttons places them in a line, if told where, and returns their size.
func (l *codeLayout) buttons(at *fyne.Position) fyne.Size {
	var size fyne.Size
	for _, b := range []*pushButton{l.field.copy, l.field.aloud, l.field.qr} {
		if b.Hidden {
			continue
		}
		least := b.MinSize()
		if at != nil {
			b.Move(at.AddXY(size.Width, 0))
			b.Resize(least)
		}
		size = fyne.NewSize(size.Width+least.Width+theme.Padding(), fyne.Max(size.Height, least.Height))
	}
	return size
}

func (l *codeLayout) place(width float32, move bool) float32 {
	c := l.field
	buttons := l.buttons(nil)
	pad := theme.InnerPadding()
	natural := c.code.natural()
	w := fyne.Min(natural, width)
	beside := natural+buttons.Width <= width
	h := c.code.heightAt(w)
	at := fyne.NewPos(w, fyne.Max(0, (h-buttons.Height)/2))
	y := fyne.Max(h, buttons.Height)
	if !beside {
		at = fyne.NewPos(pad, h)
		y = h + buttons.Height + theme.Padding()
	}
	if move {
		if beside {
			c.code.Move(fyne.NewPos(0, (y-h)/2))
		} else {
			c.code.Move(fyne.Position{})
		}
		c.code.Resize(fyne.NewSize(w, h))
		l.buttons(&at)
	}
	if !c.words.Hidden {
		y += theme.Padding()
		wh := c.words.heightAt(width)
		if move {
			c.words.Move(fyne.NewPos(0, y))
			c.words.Resize(fyne.NewSize(width, wh))
		}
		y += wh
	}
	return y
}

// MinSize implements fyne.Layout.
func (l *codeLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	width := l.field.box.Size().Width
	if width <= 0 {
		width = l.want()
	}
	least := fyne.Max(l.buttons(nil).Width, 200)
	return fyne.NewSize(least, l.place(fyne.Max(width, least), false))
}

// Layout implements fyne.Layout.
func (l *codeLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) { l.place(size.Width, true) }
