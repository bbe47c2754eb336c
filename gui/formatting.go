package gui

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// The signs by which people format what they type: see [conversation.Styled].
const (
	signBold   = "*"
	signItalic = "_"
	signStrike = "~"
	signCode   = "`"
	signFence  = "```"
	signQuote  = "> "
)

// enclose puts a sign before and behind a text, or takes it away where it stands already.
// The spaces around the text stay outside, and each line has signs of its own; several lines
// of code are a block.
func enclose(text, sign string) string {
	body := strings.TrimFunc(text, unicode.IsSpace)
	if body == "" {
		return text
	}
	before, after, _ := strings.Cut(text, body)
	lines := strings.Split(body, "\n")
	switch {
	case sign == signCode && len(lines) > 1:
		if lines[0] == signFence && lines[len(lines)-1] == signFence {
			return before + strings.Join(lines[1:len(lines)-1], "\n") + after
		}
		return before + signFence + "\n" + body + "\n" + signFence + after
	case len(lines) > 1:
		for i, l := range lines {
			lines[i] = enclose(l, sign)
		}
		return before + strings.Join(lines, "\n") + after
	case len(body) > 2*len(sign) && strings.HasPrefix(body, sign) && strings.HasSuffix(body, sign):
		return before + body[len(sign):len(body)-len(sign)] + after
	}
	return before + sign + body + sign + after
}

// quoted puts the sign of a quote before each line, or takes it away if all have it.
func quoted(text string) string {
	lines := strings.Split(text, "\n")
	all := true
	for _, l := range lines {
		all = all && strings.HasPrefix(l, signQuote)
	}
	for i, l := range lines {
		if all {
			lines[i] = strings.TrimPrefix(l, signQuote)
		} else {
			lines[i] = signQuote + l
		}
	}
	return strings.Join(lines, "\n")
}

// pasted is a clipboard with a text of ours: the way to put it where the cursor is.
type pasted string

// Content implements fyne.Clipboard.
func (p pasted) Content() string { return string(p) }

// SetContent implements fyne.Clipboard.
func (pasted) SetContent(string) {}

// insert puts a text where the cursor is, in the place of what is selected.
func (e *sendEntry) insert(text string) {
	e.Entry.TypedShortcut(&fyne.ShortcutPaste{Clipboard: pasted(text)})
	e.fit()
}

// enclose formats what is selected; with nothing selected, the signs stand around the cursor.
func (e *sendEntry) enclose(sign string) {
	if s := e.SelectedText(); s != "" {
		e.insert(enclose(s, sign))
		return
	}
	e.insert(sign + sign)
	e.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyLeft})
}

// quote makes a quote of what is selected, or begins one.
func (e *sendEntry) quote() {
	if s := e.SelectedText(); s != "" {
		e.insert(quoted(s))
		return
	}
	begin := signQuote
	if e.CursorColumn > 0 {
		begin = "\n" + begin
	}
	e.insert(begin)
}

// insertMenu is the menu of what can be put into the entry.
func (p *page) insertMenu() *fyne.Menu {
	put := func(label string, key fyne.KeyName, do func()) *fyne.MenuItem {
		i := fyne.NewMenuItem(label, func() {
			p.window.window.Canvas().Focus(p.entry)
			do()
		})
		if key != "" {
			i.Shortcut = control(key)
		}
		return i
	}
	around := func(sign string) func() { return func() { p.entry.enclose(sign) } }
	return fyne.NewMenu(lang.T("Insert"),
		put(lang.T("Emoji…"), fyne.KeyPeriod, p.pickEmoji),
		put(lang.T("Link…"), "", p.askLink),
		fyne.NewMenuItemSeparator(),
		put(lang.T("Bold"), fyne.KeyB, around(signBold)),
		put(lang.T("Italic"), fyne.KeyI, around(signItalic)),
		put(lang.T("Struck Through"), "", around(signStrike)),
		put(lang.T("Code"), "", around(signCode)),
		put(lang.T("Quote"), "", p.entry.quote))
}

// askLink asks for an address to put into the entry.
func (p *page) askLink() {
	if p.linking != nil {
		p.linking.window.RequestFocus()
		return
	}
	const insert = "insert"
	address := ""
	if s := strings.TrimSpace(fyne.CurrentApp().Clipboard().Content()); opened(s) != "" {
		address = s
	}
	form := func(address, words, problem string) plugin.Form {
		f := plugin.Page(lang.T("Insert Link"), "", []im.Field{
			{ID: "address", Kind: im.FieldText, Label: lang.T("Address"), Value: address},
			{ID: "words", Kind: im.FieldText, Label: lang.T("Words"), Value: words, Hint: lang.T("They stand before the address.")},
		}, plugin.Button{ID: "cancel", Label: lang.T("Cancel"), Role: plugin.Cancel}, plugin.Button{ID: insert, Label: lang.T("Insert"), Role: plugin.Default})
		f.Problem = problem
		return f
	}
	words := oneLine(p.entry.SelectedText(), 200)
	p.linking, _ = p.gui.Ask(form(address, words, ""), func(a plugin.Answers) {
		f := p.linking
		if f == nil {
			return
		}
		if a.Action == insert {
			to, words := strings.TrimSpace(a.Values["address"]), strings.TrimSpace(a.Values["words"])
			if !strings.Contains(to, ":") {
				to = "https://" + to
			}
			if opened(to) == "" {
				f.Update(form(a.Values["address"], a.Values["words"], lang.T("This is no address of the web or of a chat.")))
				return
			}
			if words != "" {
				to = words + " " + to
			}
			p.entry.insert(to)
		}
		p.linking = nil
		f.Close()
	}).(*formWindow)
}
