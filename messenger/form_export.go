package messenger

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// ShowExport asks for the file that a part of the history is to be written into.
func (m *Messenger) ShowExport(r im.Range) { m.inbox.Put(func() { m.showExport(r) }) }

// exportWindow is that form.
type exportWindow struct {
	m      *Messenger
	dialog *dialog
	r      im.Range
	lines  int
	more   bool

	format  int    // in exportFormats
	path    string // what was chosen, or is suggested
	replace string // the file of this name is to be replaced: it was asked
	problem string

	stop    context.CancelFunc // while it is being written
	written int
	done    bool
	closed  bool
}

func (m *Messenger) showExport(r im.Range) {
	lines, err := m.cfg.Store.Count(r, maxCounted)
	if err != nil {
		m.trouble(lang.T("The history could not be read."), err)
		return
	}
	if lines == 0 {
		m.say(lang.T("Nothing to export"), lang.F("The history has nothing %s.", m.ofPart(r)))
		return
	}
	w := &exportWindow{m: m, r: r, lines: lines, more: lines == maxCounted}
	if home, err := os.UserHomeDir(); err == nil {
		w.path = filepath.Join(home, m.exportName(r)+exportFormats[0].suffix)
	}
	w.dialog = m.ask(im.ConvID{}, w.form(), w.answered)
}

// exportName is a name for the file that every system takes.
func (m *Messenger) exportName(r im.Range) string {
	name := lang.T("Conversations")
	if !r.Conv.IsZero() {
		name = lang.F("Conversation with %s", m.nameOf(r.Conv))
	}
	if !r.From.IsZero() {
		name += " " + r.From.Format("2006-01-02")
	}
	name = strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) || strings.ContainsRune(" -@", c) {
			return c
		}
		return '_'
	}, name)
	for len(name) > 120 { // a system may take no more than 255 bytes
		_, n := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-n]
	}
	return strings.TrimSpace(name)
}

// The fields and buttons of the form.
const (
	exportFormatField = "format"
	exportFileField   = "file"
	exportGo          = "export"
	exportReplace     = "replace"
)

func (w *exportWindow) form() plugin.Form {
	switch {
	case w.done:
		return plugin.Page(lang.T("The history was exported"), w.summary(), nil, closeButton())
	case w.stop != nil:
		percent := im.Unknown
		if !w.more {
			percent = min(99, w.written*100/w.lines)
		}
		return plugin.Page(lang.T("Exporting from the history"), "", []im.Field{{ID: "progress", Kind: im.FieldProgress,
			Label: lang.F("Writing %s", w.m.partOf(w.r)), Percent: percent}}, cancelButton())
	}
	format := im.Field{ID: exportFormatField, Kind: im.FieldChoice, Label: lang.T("Format"), Value: exportFormats[w.format].id, Live: true}
	for _, f := range exportFormats {
		format.Choices = append(format.Choices, im.Choice{Value: f.id, Label: lang.Of(f.label)})
	}
	button := plugin.Button{ID: exportGo, Label: lang.T("Export unencrypted"), Role: plugin.Danger}
	if w.replace != "" {
		button = plugin.Button{ID: exportReplace, Label: lang.T("Replace"), Role: plugin.Danger}
	}
	f := plugin.Page(lang.T("Export from the history"), lang.F("Write %s %s into a file.", countOf(w.lines, w.more), w.m.ofPart(w.r)), []im.Field{
		format, {ID: exportFileField, Kind: im.FieldFile, Label: lang.T("File"), Value: w.path, Save: true},
	}, cancelButton(), button)
	f.Warning = lang.T("The file is not encrypted. Everybody who gets it can read what was said, also in private.")
	f.Problem = w.problem
	if w.replace != "" && f.Problem == "" {
		f.Problem = lang.T("There is a file of this name already. What it holds is lost if you replace it.")
	}
	return f
}

func (w *exportWindow) summary() string {
	return lang.F("The file “%s” holds %s %s. It is not encrypted: delete it when you do not need it any more.",
		cleanName(w.path), countOf(w.written, false), w.m.ofPart(w.r))
}

func (w *exportWindow) answered(a plugin.Answers) {
	if ending(a.Action) {
		if w.closed = true; w.stop != nil {
			w.stop()
		} else {
			w.forget()
		}
		w.dialog.Close()
		return
	}
	if w.stop != nil || w.done {
		return
	}
	w.problem = ""
	w.path = strings.TrimSpace(a.Values[exportFileField])
	w.chooseFormat(a.Values[exportFormatField])
	if a.Action != exportGo && a.Action != exportReplace {
		w.replace = ""
		w.dialog.Update(w.form())
		return
	}
	path, there, err := newPath(w.path)
	if err == nil {
		w.path = path
	}
	switch {
	case err != nil:
		w.problem, w.replace = err.Error(), ""
	case there && (a.Action != exportReplace || w.replace != w.path):
		w.replace = w.path
	default:
		w.start()
	}
	w.dialog.Update(w.form())
}

// chooseFormat takes another format, and its ending for the file.
func (w *exportWindow) chooseFormat(id string) {
	for i, f := range exportFormats {
		if f.id != id || i == w.format {
			continue
		}
		if bare, ok := strings.CutSuffix(w.path, exportFormats[w.format].suffix); ok {
			w.path = bare + f.suffix
		}
		w.format = i
	}
}

// start writes the file.
func (w *exportWindow) start() {
	ctx, stop := context.WithCancel(w.m.ctx)
	w.stop, w.written = stop, 0
	e := &exporting{m: w.m, r: w.r, path: w.path, write: exportFormats[w.format].write, told: func(n int) {
		w.written += n
		w.dialog.Update(w.form())
	}}
	if !slices.Contains(w.m.exports, w) {
		w.m.exports = append(w.m.exports, w)
	}
	w.m.background(func(context.Context) error { return e.run(ctx) }, func(err error) {
		stop()
		w.stop, w.done, w.replace = nil, err == nil, ""
		if err != nil {
			w.problem = err.Error()
		}
		if w.closed {
			w.forget()
		}
		w.dialog.Update(w.form())
	})
}

func (w *exportWindow) forget() {
	w.m.exports = slices.DeleteFunc(w.m.exports, func(o *exportWindow) bool { return o == w })
}
