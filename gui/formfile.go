package gui

import (
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"

	"culver/im"
	"culver/lang"
)

// fileField is the path of a file: typed, or chosen in a window of its own. Of a
// file to be written it says when there is one of that name.
type fileField struct {
	acts   *fieldActs
	field  im.Field
	entry  *textEntry
	choose *pushButton
	there  *prose // the warning
	row    *fyne.Container
	box    *fyne.Container
	quiet  bool
}

func fileThere() string { return lang.T("There is a file of this name already.") }

func newFileField(f im.Field, acts *fieldActs) *fileField {
	p := &fileField{acts: acts, entry: newTextEntry(acts.keys, false), there: newProse("", theme.SizeNameCaptionText, colorAlarm)}
	id := f.ID
	p.entry.OnChanged = func(string) {
		p.look()
		if !p.quiet {
			acts.changed(id)
		}
	}
	p.choose = newPushButton(acts.keys, lang.T("Choose…"), func() {
		acts.file(p.field, p.value(), func(path string) {
			p.set(path)
			acts.changed(id)
		})
	})
	p.choose.Icon = theme.FolderOpenIcon()
	p.there.Hide()
	p.row = container.NewBorder(nil, nil, nil, p.choose, p.entry)
	p.box = container.New(&fileLayout{p}, p.row, p.there)
	p.field = f
	return p
}

// look finds out whether there is a file already. The disk may be slow, and the
// answer late.
func (p *fileField) look() {
	p.warn(false)
	path := p.value()
	if !p.field.Save || path == "" {
		return
	}
	p.acts.aside(func() func() {
		info, err := os.Stat(path)
		is := err == nil && !info.IsDir()
		return func() { p.warn(is && p.value() == path && p.field.Save) }
	})
}

func (p *fileField) warn(is bool) {
	if p.there.Visible() == is {
		return
	}
	p.there.setText(fileThere())
	p.there.Hidden = !is
	p.box.Refresh()
	p.acts.relaid(is)
}

func (p *fileField) object() fyne.CanvasObject { return p.box }
func (p *fileField) focus() fyne.Focusable     { return p.entry }

func (p *fileField) controls() []fyne.Focusable { return []fyne.Focusable{p.entry, p.choose} }

func (p *fileField) update(f im.Field) {
	p.field = f
	setDisabled(p.entry, f.Off)
	setDisabled(p.choose, f.Off)
}

// value is the whole path: where the program was started means nothing to people,
// so that a name alone is one in the home folder.
func (p *fileField) value() string {
	path := fromHome(strings.TrimSpace(p.entry.Text))
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return fromHome(filepath.Join("~", path))
}

func (p *fileField) set(v string) {
	p.quiet = true
	p.entry.SetText(v)
	p.entry.CursorColumn = len([]rune(v))
	p.entry.Refresh()
	p.quiet = false
}

// fromHome is a path with the user's home folder in place of "~".
func fromHome(path string) string {
	rest, ok := strings.CutPrefix(path, "~")
	if !ok || rest != "" && !os.IsPathSeparator(rest[0]) {
		return path
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return path
	}
	return filepath.Join(home, rest)
}

// heightAt is the height that it needs in a width.
func (p *fileField) heightAt(width float32) float32 {
	h := p.row.MinSize().Height
	if p.there.Visible() {
		h += p.there.heightAt(width)
	}
	return h
}

// fileLayout puts the warning below the line.
type fileLayout struct{ field *fileField }

// MinSize implements fyne.Layout.
func (l *fileLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	p := l.field
	least := p.row.MinSize().Max(fyne.NewSize(260, 0))
	return fyne.NewSize(least.Width, p.heightAt(fyne.Max(least.Width, p.box.Size().Width)))
}

// Layout implements fyne.Layout.
func (l *fileLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	p := l.field
	h := p.row.MinSize().Height
	p.row.Move(fyne.Position{})
	p.row.Resize(fyne.NewSize(size.Width, h))
	p.there.Move(fyne.NewPos(0, h))
	p.there.Resize(fyne.NewSize(size.Width, fyne.Max(0, size.Height-h)))
}
