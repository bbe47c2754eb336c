package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"culver/assets"
	"culver/lang"
	"culver/messenger"
)

const settingFormatBar = messenger.SettingFormatBar

// formatBar is the buttons above an entry.
type formatBar struct {
	buttons []*toolButton
	emoji   *toolButton
	box     *fyne.Container
}

func newFormatBar(p *page) *formatBar {
	b := &formatBar{}
	add := func(name string, do func()) *toolButton {
		t := newToolButton(p.keys, name, func() {
			p.window.window.Canvas().Focus(p.entry)
			do()
		})
		b.buttons = append(b.buttons, t)
		return t
	}
	letter := func(text string, style fyne.TextStyle, name string, do func()) *toolButton {
		t := add(name, do)
		t.text, t.style = text, style
		return t
	}
	around := func(sign string) func() { return func() { p.entry.enclose(sign) } }
	letter("B", fyne.TextStyle{Bold: true}, lang.T("Bold (Ctrl+B)"), around(signBold))
	letter("I", fyne.TextStyle{Italic: true}, lang.T("Italic (Ctrl+I)"), around(signItalic))
	letter("S", fyne.TextStyle{}, lang.T("Struck through"), around(signStrike)).struck = true
	letter("<>", fyne.TextStyle{}, lang.T("Code"), around(signCode))
	letter("“", fyne.TextStyle{}, lang.T("Quote"), p.entry.quote)
	b.emoji = add(lang.T("Emoji (Ctrl+.)"), p.pickEmoji)
	b.emoji.icon = p.gui.icons[assets.ToolEmoji]
	add(lang.T("Insert a link"), p.askLink).icon = p.gui.icons[assets.ToolLink]
	row := container.New(layout.NewCustomPaddedHBoxLayout(1))
	for _, t := range b.buttons {
		row.Objects = append(row.Objects, t)
	}
	b.box = container.New(layout.NewCustomPaddedLayout(2, 0, 3, 3), row)
	return b
}

// drawFormatBar shows the buttons above the entry, or hides them.
func (p *page) drawFormatBar() {
	hidden := !p.gui.shows(settingFormatBar)
	if p.format == nil && !hidden {
		p.format = newFormatBar(p)
		p.tools.Objects = []fyne.CanvasObject{p.format.box}
	}
	if p.tools.Hidden != hidden {
		p.tools.Hidden = hidden
		p.box.Refresh()
	}
}

func (b *formatBar) describe(d *description) {
	for _, t := range b.buttons {
		d.add(kindButton, t.name, t)
	}
}
