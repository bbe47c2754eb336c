package gui

import (
	"fmt"
	"path/filepath"
	"testing"
	"testing/synctest"

	"culver/im"
)

func TestSeveralFilesAreChosenToBeSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, home, _, settle := filed(t, im.Field{Label: "File"}) // for its files
		g, f := w.gui, &fakeFront{}
		g.front = f
		g.chooseFiles(peer("bob"))
		settle()
		c := g.asked[len(g.asked)-1]
		table := c.table(t)
		c.press(chooserOpen)
		if c.form.Problem != "Choose what to send." {
			t.Errorf("the problem is %q", c.form.Problem)
		}
		table.pick(table.row("b.txt"), pickOnly)
		table.pick(table.row("sub"), pickToggle)
		c.press(chooserOpen)
		f.has(t, fmt.Sprintf("send files bob@example.org %q", []string{filepath.Join(home, "sub"), filepath.Join(home, "b.txt")}))
		if !c.closed {
			t.Error("it is still open")
		}

		// What is found no more is not sent, and a folder is entered by opening it.
		g.chooseFiles(peer("bob"))
		settle()
		c = g.asked[len(g.asked)-1]
		table = c.table(t)
		table.pick(table.row("b.txt"), pickOnly)
		table.search.SetText("sub")
		c.press(chooserOpen)
		f.has(t)
		table.list.opened(table.row("sub"))
		settle()
		table.list.opened(table.row("inner.txt"))
		f.has(t, fmt.Sprintf("send files bob@example.org %q", []string{filepath.Join(home, "sub", "inner.txt")}))
	})
}
