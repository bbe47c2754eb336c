package gui

import (
	"path/filepath"
	"slices"

	"fyne.io/fyne/v2"

	"culver/im"
	"culver/lang"
	"culver/messenger"
	"culver/plugin"
)

// transferChanged takes what became of a transfer, and draws its line.
func (g *GUI) transferChanged(t messenger.Transfer, d *dirt) {
	d.transfers = true
	i := slices.IndexFunc(g.transfers, func(o messenger.Transfer) bool { return o.ID == t.ID })
	if i < 0 {
		g.transfers = append(g.transfers, t)
	} else {
		g.transfers[i] = t
	}
	g.drawTransfer(t)
}

// transferRemoved forgets one: what its line says stays.
func (g *GUI) transferRemoved(id messenger.TransferID, d *dirt) {
	d.transfers = true
	i := slices.IndexFunc(g.transfers, func(t messenger.Transfer) bool { return t.ID == id })
	if i < 0 {
		return
	}
	t := g.transfers[i]
	g.transfers = slices.Delete(g.transfers, i, i+1)
	g.drawTransfer(t)
}

// drawTransfer draws the line of a transfer.
func (g *GUI) drawTransfer(t messenger.Transfer) {
	if p := g.chats.find(t.Conv); p != nil {
		if i := p.timeline.Index(t.Line); i >= 0 {
			p.lines.changed(i)
		}
	}
}

// transferOf finds the transfer that a line is of.
func (g *GUI) transferOf(line string) (messenger.Transfer, bool) {
	i := slices.IndexFunc(g.transfers, func(t messenger.Transfer) bool { return t.Line == line })
	if line == "" || i < 0 {
		return messenger.Transfer{}, false
	}
	return g.transfers[i], true
}

// canSendFiles reports whether there is a way to send a file to somebody.
func (g *GUI) canSendFiles(c im.ConvID) bool {
	if p := g.chats.find(c); p != nil {
		return p.files
	}
	return slices.Contains(g.deposits, c.Account)
}

// fileItems are the entries to send files, where that can be done.
func (g *GUI) fileItems(c im.ConvID) []*fyne.MenuItem {
	if !g.canSendFiles(c) {
		return nil
	}
	return []*fyne.MenuItem{fyne.NewMenuItem(lang.T("Send File…"), func() { g.chooseFiles(c) })}
}

// chooseFiles lets the user choose files and folders, and sends them.
func (g *GUI) chooseFiles(c im.ConvID) {
	var chooser *fileChooser
	chooser = newFileChooser(im.Field{}, "", func(work func() func()) { chooser.dialog.aside(work) }, nil)
	chooser.to = g.name(c)
	chooser.done = func(paths []string) {
		if !g.over() {
			g.front.SendFiles(c, paths)
		}
	}
	chooser.dialog = g.Ask(chooser.form(), chooser.answered).(*formWindow)
	chooser.focus()
	chooser.read()
}

// maxDropped is how many names a question lists.
const maxDropped = 8

// dropped asks whether to send files to somebody that were dropped onto the conversation
// or the buddy: it is easily done by accident.
func (g *GUI) dropped(c im.ConvID, uris []fyne.URI) {
	var paths []string
	for _, u := range uris {
		if u.Scheme() == "file" {
			paths = append(paths, filepath.FromSlash(u.Path()))
		}
	}
	if len(paths) == 0 {
		return
	}
	name := g.name(c)
	if !g.canSendFiles(c) {
		g.showTrouble(lang.F("Files cannot be sent to %s now.", name))
		return
	}
	question := lang.N(len(paths), "Send %s file or folder?", "Send %s files or folders?", im.Number(len(paths)))
	if len(paths) == 1 {
		question = lang.F("Send “%s”?", oneLine(drawable(filepath.Base(paths[0])), 80))
	}
	var fields []im.Field
	if len(paths) > 1 {
		list := ""
		for i, path := range paths {
			if i == maxDropped {
				list += "\n…"
				break
			}
			if i > 0 {
				list += "\n"
			}
			list += oneLine(drawable(filepath.Base(path)), 80)
		}
		fields = append(fields, im.Field{Kind: im.FieldNote, Label: list})
	}
	const send = "send"
	var d plugin.Dialog
	d = g.Ask(plugin.Page(question, lang.F("It is offered to %s.", name), fields,
		plugin.Button{ID: "cancel", Label: lang.T("Cancel"), Role: plugin.Cancel}, plugin.Button{ID: send, Label: lang.T("Send"), Role: plugin.Default}),
		func(a plugin.Answers) {
			d.Close()
			if a.Action == send && !g.over() {
				g.front.SendFiles(c, paths)
			}
		})
}
