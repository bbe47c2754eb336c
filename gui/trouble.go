package gui

import (
	"slices"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// showTrouble shows a sentence that must reach the user; several go into one
// window.
func (g *GUI) showTrouble(text string) {
	ok := plugin.Button{ID: "ok", Label: lang.T("OK"), Role: plugin.Default}
	if g.trouble == nil {
		f := plugin.Page("Culver", "", []im.Field{{Kind: im.FieldNote, Label: text}}, ok)
		f.Quiet = true
		g.trouble, _ = g.Ask(f, func(a plugin.Answers) {
			if a.Action == ok.ID {
				g.trouble.Close()
			}
		}).(*formWindow)
		return
	}
	f := g.trouble.form
	fields := f.Tabs[0].Fields
	if slices.ContainsFunc(fields, func(f im.Field) bool { return f.Label == text }) {
		return
	}
	const most = 5
	fields = append(slices.Clone(fields), im.Field{Kind: im.FieldNote, Label: text})
	f.Tabs = []plugin.Tab{{Fields: fields[max(0, len(fields)-most):]}}
	g.trouble.Update(f)
}
