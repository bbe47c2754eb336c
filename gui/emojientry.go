package gui

import (
	"slices"

	"fyne.io/fyne/v2"

	"culver/emoji"
)

// recentEmojis is how many of those used last are offered: two rows.
const recentEmojis = 2 * emojiColumns

// pickEmoji lets the user choose an emoji, which then stands where the cursor was.
func (p *page) pickEmoji() {
	d := fyne.CurrentApp().Driver()
	over := d.AbsolutePositionForObject(p.entry)
	if p.format != nil && !p.tools.Hidden {
		over = d.AbsolutePositionForObject(p.format.emoji)
	}
	c := p.window.window.Canvas()
	newEmojiPicker(c, p.gui.emojis, func(e emoji.Emoji) {
		p.gui.usedEmoji(e)
		c.Focus(p.entry)
		p.entry.insert(e.Char)
	}).show(over)
}

// usedEmoji remembers one while Culver runs: it is part of what was written, and that may
// be private.
func (g *GUI) usedEmoji(e emoji.Emoji) {
	g.emojis = slices.DeleteFunc(slices.Clone(g.emojis), func(o emoji.Emoji) bool { return o.Char == e.Char })
	g.emojis = slices.Insert(g.emojis, 0, e)
	g.emojis = g.emojis[:min(len(g.emojis), recentEmojis)]
}

// codeBegun reports that Tab would put an emoji in the place of a code.
func (p *page) codeBegun() bool {
	_, chars := emojiNames(p.entry.Text)
	return len(chars) > 0
}

// emojiNames are what Tab puts in the place of the code at the end of a text, and where
// that begins.
func emojiNames(text string) (from int, chars []string) {
	from, fitting := emoji.Begun(text)
	for _, e := range fitting {
		chars = append(chars, e.Char)
	}
	return from, chars
}
