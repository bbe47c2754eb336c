package gui

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"culver/im"
	"culver/lang"
	"culver/messenger"
	"culver/plugin"
)

// fileChooser lets the user choose a file of a folder, or a name in it. It is a
// form like all others. The toolkit's own would open the file for writing before
// anybody was asked, and remembers folders in a plain file.
type fileChooser struct {
	dialog *formWindow
	aside  func(work func() (then func()))
	done   func(paths []string)

	save   bool
	to     string // whom several files and folders are chosen for; empty: one file is chosen
	folder string
	hidden bool        // show hidden files
	files  []fileEntry // of the folder
	reads  int         // how often it was begun to read a folder: what is late does not count
	picked string      // the name of the chosen row
	name   string      // to save as
	wrong  string
}

// fileEntry is a file or a folder.
type fileEntry struct {
	name    string
	folder  bool
	size    int64
	changed string // when
}

const (
	chooserOpen   = "open"
	chooserUp     = "up"
	chooserHome   = "home"
	chooserCancel = "cancel"
	chooserFolder = "folder"
	chooserFiles  = "files"
	chooserName   = "name"
	chooserHidden = "hidden"
	chooserEnter  = "enter"
	chooserMost   = 20000 // files of one folder
)

// newFileChooser starts where the path is, or else at home.
func newFileChooser(f im.Field, path string, aside func(func() func()), done func(string)) *fileChooser {
	c := &fileChooser{aside: aside, done: func(paths []string) { done(paths[0]) }, save: f.Save}
	c.folder, c.name = filepath.Split(path)
	if c.folder == "" || !filepath.IsAbs(c.folder) {
		c.folder = fromHome("~")
	}
	c.folder = filepath.Clean(c.folder)
	if !c.save {
		c.picked, c.name = c.name, ""
	}
	return c
}

func (c *fileChooser) form() plugin.Form {
	table := im.Field{
		ID: chooserFiles, Kind: im.FieldTable, Live: true, Open: chooserEnter, Hint: lang.T("This folder is empty."),
		Columns: []string{lang.T("Name"), lang.T("Size"), lang.T("Changed")},
		Actions: []im.RowAction{{ID: chooserEnter, One: true}}, Several: c.to != "",
	}
	for _, f := range c.files {
		if strings.HasPrefix(f.name, ".") && !c.hidden {
			continue
		}
		rank, name, size := "1", f.name, messenger.Bytes(f.size)
		if f.folder {
			rank, name, size = "0", f.name+string(filepath.Separator), ""
		}
		table.Rows = append(table.Rows, im.Row{
			ID: f.name, Cells: []string{name, size, f.changed}, Can: []string{chooserEnter},
			Keys: []string{rank + strings.ToLower(f.name), rank + fmt.Sprintf("%020d", f.size), f.changed},
		})
	}
	title, label := lang.T("Choose a file"), lang.T("Open")
	fields := []im.Field{
		{ID: chooserFolder, Kind: im.FieldText, Label: lang.T("Folder"), Value: c.folder},
		table,
		{ID: chooserHidden, Kind: im.FieldSwitch, Label: lang.T("Show hidden files"), Live: true, Value: on(c.hidden)},
	}
	if c.to != "" {
		title, label = lang.F("Send to %s", c.to), lang.T("Send")
		fields = append(fields, im.Field{Kind: im.FieldNote, Label: lang.T("Choose several with Ctrl or Shift. Folders are sent with all that is in them.")})
	}
	if c.save {
		title, label = lang.T("Save as"), lang.T("Save")
		fields = append(fields, im.Field{ID: chooserName, Kind: im.FieldText, Label: lang.T("Name"), Value: c.name})
	}
	f := plugin.Page(title, "", fields,
		plugin.Button{ID: chooserUp, Label: lang.T("Parent folder"), Off: filepath.Dir(c.folder) == c.folder},
		plugin.Button{ID: chooserHome, Label: lang.T("Home")},
		plugin.Button{ID: chooserCancel, Label: lang.T("Cancel"), Role: plugin.Cancel},
		plugin.Button{ID: chooserOpen, Label: label, Role: plugin.Default})
	f.Problem = c.wrong
	return f
}

// read reads the folder, and shows it when that is done.
func (c *fileChooser) read() {
	c.reads++
	folder, read := c.folder, c.reads
	c.aside(func() func() {
		files, err := readFolder(folder)
		return func() {
			if read != c.reads {
				return
			}
			c.files = files
			if err != nil {
				c.wrong = lang.T("This folder cannot be read.")
			}
			c.dialog.Update(c.form())
		}
	})
}

// readFolder lists a folder: folders first, then files, by name.
func readFolder(folder string) ([]fileEntry, error) {
	d, err := os.Open(folder)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	entries, err := d.ReadDir(chooserMost)
	if err != nil && len(entries) == 0 {
		if info, e := os.Stat(folder); e != nil || !info.IsDir() {
			return nil, err
		}
		return nil, nil // empty
	}
	var out []fileEntry
	for _, e := range entries {
		f := fileEntry{name: e.Name(), folder: e.IsDir()}
		info, err := e.Info()
		if err == nil && e.Type()&fs.ModeSymlink != 0 {
			info, err = os.Stat(filepath.Join(folder, e.Name()))
		}
		if err == nil {
			f.folder, f.size = info.IsDir(), info.Size()
			f.changed = info.ModTime().Local().Format("2006-01-02 15:04")
		}
		out = append(out, f)
	}
	slices.SortFunc(out, func(a, b fileEntry) int {
		if a.folder != b.folder {
			if a.folder {
				return -1
			}
			return 1
		}
		return cmp.Or(strings.Compare(strings.ToLower(a.name), strings.ToLower(b.name)), strings.Compare(a.name, b.name))
	})
	return out, nil
}

func (c *fileChooser) entry(name string) (fileEntry, bool) {
	i := slices.IndexFunc(c.files, func(f fileEntry) bool { return f.name == name })
	if i < 0 {
		return fileEntry{}, false
	}
	return c.files[i], true
}

// answered is what the user did.
func (c *fileChooser) answered(a plugin.Answers) {
	c.wrong = ""
	c.name = a.Values[chooserName]
	switch a.Action {
	case chooserCancel, plugin.Closed:
		c.dialog.Close()
	case chooserUp:
		c.enter(filepath.Dir(c.folder))
	case chooserHome:
		c.enter(fromHome("~"))
	case chooserHidden:
		c.hidden = a.Values[chooserHidden] == im.On
		c.dialog.Update(c.form())
	case chooserFiles:
		c.pick(a.Rows)
	case chooserEnter:
		c.pick(a.Rows)
		c.take()
	case chooserOpen:
		c.pressed(a)
	}
}

// pick is a row that was chosen: its name is that to save as.
func (c *fileChooser) pick(rows []string) {
	c.picked = ""
	if len(rows) != 1 {
		return
	}
	c.picked = rows[0]
	if f, ok := c.entry(c.picked); ok && !f.folder && c.save && c.name != f.name {
		c.name = f.name
		c.dialog.Update(c.form())
	}
}

// enter goes to a folder.
func (c *fileChooser) enter(folder string) {
	c.folder, c.picked, c.files = filepath.Clean(folder), "", nil
	c.dialog.Update(c.form())
	for _, s := range c.dialog.slots {
		if t, ok := s.view.(*tableField); ok {
			t.search.SetText("") // what was found there is not looked for here
			t.list.choose(-1)
			t.list.scrollTo(0)
		}
	}
	c.read()
}

// focus gives the keyboard to what is most likely to be used.
func (c *fileChooser) focus() {
	for _, s := range c.dialog.slots {
		if s.field.ID == chooserName || s.field.ID == chooserFiles && !c.save {
			c.dialog.window.Canvas().Focus(s.view.focus())
		}
	}
}

// take opens the chosen folder, or takes the chosen file.
func (c *fileChooser) take() {
	f, ok := c.entry(c.picked)
	if ok && f.folder {
		c.enter(filepath.Join(c.folder, f.name))
	} else if ok {
		c.end(filepath.Join(c.folder, f.name))
	}
}

// takeAll takes all that is chosen, folders as a whole.
func (c *fileChooser) takeAll() {
	var paths []string
	for _, s := range c.dialog.slots {
		if t, ok := s.view.(*tableField); ok {
			for _, name := range t.ids() {
				paths = append(paths, filepath.Join(c.folder, name))
			}
		}
	}
	if len(paths) == 0 {
		c.fail(lang.T("Choose what to send."))
		return
	}
	c.end(paths...)
}

// pressed is Open or Save, or Enter: in another folder if one was typed, else of
// what is chosen.
func (c *fileChooser) pressed(a plugin.Answers) {
	if to := fromHome(strings.TrimSpace(a.Values[chooserFolder])); to != c.folder && filepath.IsAbs(to) {
		c.enter(to)
		return
	}
	if c.to != "" {
		c.takeAll()
		return
	}
	if !c.save {
		if _, ok := c.entry(c.picked); !ok {
			c.fail(lang.T("Choose a file."))
			return
		}
		c.take()
		return
	}
	name := fromHome(strings.TrimSpace(c.name))
	switch {
	case name == "":
		c.fail(lang.T("Type a name for the file."))
	case filepath.IsAbs(name):
		c.end(filepath.Clean(name))
	default:
		path := filepath.Join(c.folder, name)
		if f, ok := c.entry(name); ok && f.folder {
			c.enter(path)
			return
		}
		c.end(path)
	}
}

func (c *fileChooser) fail(text string) {
	c.wrong = text
	c.dialog.Update(c.form())
}

func (c *fileChooser) end(paths ...string) {
	c.dialog.Close()
	c.done(paths)
}
