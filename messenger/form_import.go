package messenger

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"culver/foreign"
	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// ShowImport asks from which other program to import.
func (m *Messenger) ShowImport() { m.inbox.Put(m.showImport) }

// importing is the window that asks what to import from where, and reads it. What was
// read goes on in an [incoming].
//
//	looking --> choosing --Next--> reading --> incoming
//	               ^-------problem----+
type importing struct {
	m      *Messenger
	dialog *dialog
	found  []foreign.Found
	looked bool
	chosen string // the row, or importElsewhere
	folder string // that was typed

	stop    context.CancelFunc // while it reads
	slow    bool               // that takes long enough to be shown
	read    int                // lines so far
	problem string
}

// The fields and buttons of the window.
const (
	importProgram   = "program"
	importFolder    = "folder"
	importElsewhere = "elsewhere"
	importNext      = "next"
)

func importTitle() string { return lang.T("Import From Another Program") }

// importIsOpen brings what imports already to the front.
func (m *Messenger) importIsOpen() bool {
	switch {
	case m.incoming != nil:
		m.incoming.dialog.raise()
	case m.importing != nil:
		m.importing.dialog.raise()
	default:
		return false
	}
	return true
}

// importFrom reads what was found before, in the window d.
func (m *Messenger) importFrom(found foreign.Found, d *dialog) {
	if m.importIsOpen() {
		d.Close()
		return
	}
	i := &importing{m: m, dialog: d, found: []foreign.Found{found}, looked: true, chosen: found.Folder}
	m.importing = i
	d.done = i.answered
	i.begin(func() ([]foreign.Found, error) { return i.found, nil })
}

// showImport opens the window.
func (m *Messenger) showImport() {
	if m.importIsOpen() {
		return
	}
	i := &importing{m: m, chosen: importElsewhere}
	m.importing = i
	i.dialog = m.ask(im.ConvID{}, i.form(), i.answered)
	m.findForeign(func(found []foreign.Found) {
		if m.importing != i {
			return
		}
		i.found, i.looked = found, true
		if len(found) > 0 && i.folder == "" {
			i.chosen = i.row(0)
		}
		i.show()
	})
}

// progressPatience is how long something may take before its progress is shown: what
// comes and goes at once only flickers.
const progressPatience = 400 * time.Millisecond

// findForeign looks for other programs on this computer.
func (m *Messenger) findForeign(done func([]foreign.Found)) {
	var found []foreign.Found
	m.background(func(context.Context) error {
		found = m.cfg.Foreign.Find()
		return nil
	}, func(error) { done(found) })
}

func (i *importing) row(n int) string { return i.found[n].Folder }

func (i *importing) show() {
	if i.m.importing == i {
		i.dialog.Update(i.form())
	}
}

func (i *importing) form() plugin.Form {
	switch {
	case i.stop != nil && i.slow:
		label := lang.T("Reading…")
		if i.read > 0 {
			label = lang.N(i.read, "Reading… %s line of conversations so far", "Reading… %s lines of conversations so far", im.Number(i.read))
		}
		return plugin.Page(importTitle(), lang.T("Nothing is changed there."), []im.Field{{ID: fieldProgress, Kind: im.FieldProgress, Percent: im.Unknown, Label: label}}, cancelButton())
	case !i.looked:
		return plugin.Page(importTitle(), "", []im.Field{{ID: fieldProgress, Kind: im.FieldProgress, Percent: im.Unknown, Label: lang.T("Looking for other programs…")}}, cancelButton())
	}
	file := im.Field{ID: importFolder, Kind: im.FieldFile, Label: lang.T("Folder"), Value: i.folder,
		Hint: lang.T("The folder of a program, or any file in it. A portable program's own folder will do, too.")}
	intro := lang.F("No other program was found in its usual place. Say where there is one: Culver can read what %s keep.", listed(foreign.Titles()))
	var fields []im.Field
	if len(i.found) > 0 {
		intro = lang.T("Culver can take over accounts, buddies, keys and logs. You see what there is before anything is imported.")
		choice := im.Field{ID: importProgram, Kind: im.FieldChoice, Label: lang.T("Import from"), Value: i.chosen}
		for n, f := range i.found {
			choice.Choices = append(choice.Choices, im.Choice{Value: i.row(n), Label: cleanName(f.Title) + " (" + shortPath(f.Folder) + ")"})
		}
		choice.Choices = append(choice.Choices, im.Choice{Value: importElsewhere, Label: lang.T("Another folder…")})
		file.WhenField, file.WhenValue = importProgram, importElsewhere
		fields = append(fields, choice)
	}
	f := plugin.Page(importTitle(), intro, append(fields, file), cancelButton(), plugin.Button{ID: importNext, Label: lang.T("Next"), Role: plugin.Default})
	f.Problem = i.problem
	return f
}

// shortPath is a path as people know it.
func shortPath(path string) string {
	if home, err := os.UserHomeDir(); err == nil && home != "" {
		if rest, ok := strings.CutPrefix(path, home+string(filepath.Separator)); ok {
			path = "~" + string(filepath.Separator) + rest
		}
	}
	return cleanName(path)
}

func (i *importing) answered(a plugin.Answers) {
	if ending(a.Action) {
		i.end()
		i.dialog.Close()
		return
	}
	if a.Action != importNext || i.stop != nil || !i.looked {
		return
	}
	i.problem = ""
	if len(i.found) > 0 {
		i.chosen = a.Values[importProgram]
	}
	i.folder = strings.TrimSpace(a.Values[importFolder])
	for n, f := range i.found {
		if i.chosen == i.row(n) {
			i.begin(func() ([]foreign.Found, error) { return []foreign.Found{f}, nil })
			return
		}
	}
	folder := i.folder
	if !filepath.IsAbs(folder) {
		i.problem = lang.T("Type the whole path of the folder, from the root of the disk on, or choose a file in it.")
		i.show()
		return
	}
	i.begin(func() ([]foreign.Found, error) { return foreign.Look(filepath.Clean(folder)) })
}

// end stops what is being read.
func (i *importing) end() {
	if i.m.importing == i {
		i.m.importing = nil
	}
	if i.stop != nil {
		i.stop()
		i.stop = nil
	}
}

// dropImporting ends it all, as at the end of the program.
func (m *Messenger) dropImporting() {
	if m.importing != nil {
		m.importing.end()
	}
}

// begin reads what look finds, if that is one program.
func (i *importing) begin(look func() ([]foreign.Found, error)) {
	m := i.m
	ctx, stop := context.WithCancel(m.ctx)
	i.stop, i.slow, i.read = stop, false, 0
	m.after(progressPatience, func() {
		if m.importing == i && i.stop != nil {
			i.slow = true
			i.show()
		}
	})
	var found []foreign.Found
	var a *arriving
	here := map[im.AccountID]bool{}
	for id := range m.accounts {
		here[id] = true
	}
	m.background(func(context.Context) error {
		var err error
		if found, err = look(); err != nil || len(found) != 1 {
			return err
		}
		p, err := readForeign(ctx, found[0], m.cfg.Foreign, func(lines int) {
			m.inbox.Put(func() {
				if i.read = lines; i.stop != nil && i.slow {
					i.show()
				}
			})
		})
		if err != nil {
			return err
		}
		if a = m.arrivingOf(p, here); ctx.Err() != nil { // nobody is there to take it
			a.wipe()
		}
		return ctx.Err()
	}, func(err error) {
		stop()
		if m.importing != i || i.stop == nil {
			if a != nil {
				a.wipe()
			}
			return
		}
		i.stop = nil
		switch {
		case err != nil:
			i.problem = asSentence(err)
			i.show()
		case a == nil: // several programs in one folder
			i.found = found
			i.chosen = i.row(0)
			i.show()
		default:
			m.importing = nil
			m.bringIn(a, i.dialog)
		}
	})
}
