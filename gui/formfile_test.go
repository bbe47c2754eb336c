package gui

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"culver/im"
	"culver/plugin"
)

// filed is a form with one field for a file, in a home of its own. What is done
// aside is finished by calling settle; no time passes meanwhile.
func filed(t *testing.T, f im.Field) (w *formWindow, home string, got *[]plugin.Answers, settle func()) {
	t.Helper()
	home = t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	for _, name := range []string{"b.txt", "A.txt", ".hidden", "sub/inner.txt", "empty/"} {
		path := filepath.Join(home, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if name == "empty/" {
			path = filepath.Join(home, "empty")
			if err := os.MkdirAll(path, 0o700); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	app := test.NewTempApp(t)
	later := make(chan func(), 100)
	g := New(app, func(f func()) { later <- f })
	got = &[]plugin.Answers{}
	f.ID, f.Kind = "file", im.FieldFile
	w = g.Ask(plugin.Page("T", "", []im.Field{f}, cancelButton, okButton), func(a plugin.Answers) { *got = append(*got, a) }).(*formWindow)
	return w, home, got, func() {
		for {
			synctest.Wait()
			select {
			case f := <-later:
				f()
			default:
				return
			}
		}
	}
}

func (c *formWindow) table(t *testing.T) *tableField { return view[*tableField](t, c, chooserFiles) }

func (t *tableField) row(id string) int {
	return slices.IndexFunc(t.rows, func(r im.Row) bool { return r.ID == id })
}

func TestFormFileIsTyped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, home, got, settle := filed(t, im.Field{Label: "File", Save: true, Value: "keys.txt"})
		settle() // the value it came with
		file := view[*fileField](t, w, "file")
		for typed, want := range map[string]string{
			"": "", "  ": "", "~": home, "~/x": filepath.Join(home, "x"), " name ": filepath.Join(home, "name"), "~other/x": filepath.Join(home, "~other/x"),
			filepath.Join(home, "sub", "y"): filepath.Join(home, "sub", "y"),
		} {
			file.quiet = true
			file.entry.SetText(typed)
			if v := file.value(); v != want {
				t.Errorf("%q is %q, not %q", typed, v, want)
			}
			if v := file.value(); v != "" {
				settle()
			}
		}
		file.quiet = false
		file.entry.SetText("~/b.txt")
		settle()
		w.window.Content().Resize(w.window.Canvas().Size())
		if !described(w.gui, kindNote, fileThere()) {
			t.Error("nobody says that it is there already")
		}
		file.entry.SetText("~/sub")
		settle()
		if file.there.Visible() {
			t.Error("a folder is told to be a file")
		}
		file.entry.SetText("~/b.txt")
		file.entry.SetText("~/c.txt") // the first answer is late
		settle()
		settle()
		if file.there.Visible() {
			t.Error("a late answer is shown for another file")
		}
		file.entry.TypedKey(key(fyne.KeyReturn))
		if len(*got) != 1 || (*got)[0].Values["file"] != filepath.Join(home, "c.txt") {
			t.Errorf("it told %+v", *got)
		}
	})
}

func TestFormFileIsChosen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, home, got, settle := filed(t, im.Field{Label: "File"})
		file := view[*fileField](t, w, "file")
		test.Tap(file.choose)
		settle()
		c := w.more
		table := c.table(t)
		if names := table.shownNow(); !slices.Equal(names, []string{"empty", "sub", "A.txt", "b.txt"}) {
			t.Errorf("shows %v", names)
		}
		if c.window.Canvas().Focused() != fyne.Focusable(table.list) {
			t.Errorf("the keyboard is at %T", c.window.Canvas().Focused())
		}
		c.press(chooserOpen)
		if c.form.Problem == "" {
			t.Error("nothing is chosen, and nobody says so")
		}
		view[*switchField](t, c, chooserHidden).check.SetChecked(true)
		if table.row(".hidden") < 0 {
			t.Error("hidden files stay hidden")
		}
		table.search.SetText("su")
		table.list.opened(table.row("sub"))
		settle()
		if names := table.shownNow(); !slices.Equal(names, []string{"inner.txt"}) || c.entry(t, chooserFolder).Text != filepath.Join(home, "sub") {
			t.Errorf("in the folder: %v", names)
		}
		c.press(chooserUp)
		settle()
		table.list.choose(table.row("empty"))
		c.window.Canvas().OnTypedKey()(key(fyne.KeyReturn)) // opens the folder
		settle()
		if !described(w.gui, kindNote, "This folder is empty.") {
			t.Error("the empty folder says nothing")
		}
		c.press(chooserHome)
		settle()
		table.list.choose(table.row("b.txt"))
		c.press(chooserOpen)
		if !c.closed || file.value() != filepath.Join(home, "b.txt") || len(*got) != 0 {
			t.Errorf("chose %q, told %+v", file.value(), *got)
		}

		// It starts where the file is; a folder that is not there says so.
		test.Tap(file.choose)
		settle()
		c = w.more
		c.entry(t, chooserFolder).SetText(filepath.Join(home, "nowhere"))
		c.press(chooserOpen)
		settle()
		if c.form.Problem != "This folder cannot be read." || c.table(t).row("b.txt") >= 0 {
			t.Errorf("problem %q", c.form.Problem)
		}
		c.cancel()
		if !c.closed || file.value() != filepath.Join(home, "b.txt") {
			t.Error("Cancel changed something")
		}
		test.Tap(file.choose)
		settle()
		w.Close()
		if len(w.gui.asked) != 0 {
			t.Error("the chooser stays without its form")
		}
	})
}

func TestFormFileIsSaved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, home, _, settle := filed(t, im.Field{Label: "File", Save: true, Value: "~/keys.txt"})
		settle()
		file := view[*fileField](t, w, "file")
		test.Tap(file.choose)
		settle()
		c := w.more
		name := c.entry(t, chooserName)
		if name.Text != "keys.txt" || c.window.Canvas().Focused() != fyne.Focusable(name) {
			t.Errorf("suggests %q, the keyboard is at %T", name.Text, c.window.Canvas().Focused())
		}
		name.SetText("")
		c.press(chooserOpen)
		if c.form.Problem == "" {
			t.Error("no name, and nobody says so")
		}
		c.table(t).list.choose(c.table(t).row("A.txt"))
		if name.Text != "A.txt" {
			t.Errorf("after a click on a file the name is %q", name.Text)
		}
		c.table(t).list.opened(c.table(t).row("sub"))
		settle()
		if name.Text != "A.txt" {
			t.Errorf("in another folder the name is %q", name.Text)
		}
		name.SetText("mine.txt")
		name.TypedKey(key(fyne.KeyReturn))
		want := filepath.Join(home, "sub", "mine.txt")
		if file.value() != want {
			t.Errorf("chose %q", file.value())
		}
		if _, err := os.Stat(want); err == nil {
			t.Error("choosing a name made a file")
		}
	})
}
