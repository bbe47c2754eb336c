package gui

import (
	"fyne.io/fyne/v2"

	"culver/im"
)

// proseField is formatted text to read.
type proseField struct{ passage *passage }

func newProseField(acts *fieldActs) *proseField {
	p := &proseField{passage: newPassage(acts.icons, acts.keys)}
	p.passage.linked, p.passage.scroll = acts.linked, acts.scroll
	return p
}

func (p *proseField) object() fyne.CanvasObject  { return p.passage }
func (p *proseField) update(f im.Field)          { p.passage.setText(f.Prose) }
func (p *proseField) value() string              { return "" }
func (p *proseField) set(string)                 {}
func (p *proseField) focus() fyne.Focusable      { return nil }
func (p *proseField) controls() []fyne.Focusable { return []fyne.Focusable{p.passage} }
