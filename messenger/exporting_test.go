package messenger_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/storage"
)

const exportTitle = "Export from the history"

// exports is what a messenger alone with these lines writes into a file, outside of
// bubbles: files are real.
func exports(t *testing.T, lines []im.Message, r im.Range, format string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "out."+format)
	exporter(t, lines, func(a *scenetest.Actor) {
		a.M.ShowExport(r)
		a.Answer(exportTitle, "export", "format="+format, "file="+path)
		a.Form("The history was exported", "close")
	})
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %v", info.Mode())
	}
	onlyFile(t, path)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func exporter(t *testing.T, lines []im.Message, f func(a *scenetest.Actor)) {
	t.Helper()
	store := storage.NewMemory()
	if _, err := store.Import(lines); err != nil {
		t.Fatal(err)
	}
	s := scenetest.New(t)
	defer s.Close()
	f(s.Enter("alice", scenetest.Part{Network: newFakenet(), Answers: map[string]string{"address": "alice@x"}, Password: "pw",
		Plugins: noPlugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}))
}

// onlyFile fails if anything is beside the file.
func onlyFile(t *testing.T, path string) {
	t.Helper()
	entries, _ := os.ReadDir(filepath.Dir(path))
	for _, e := range entries {
		if e.Name() != filepath.Base(path) {
			t.Errorf("left behind: %s", e.Name())
		}
	}
}

var exportBob = im.ConvID{Account: "fake:alice@x", Peer: "bob@x"}

// saidThen is a line of the test's conversation.
func saidThen(n int, out bool, text string) im.Message {
	m := pastLine(exportBob, n)
	m.Out, m.Text = out, im.Plain(text)
	return m
}

func TestExportAsText(t *testing.T) {
	private, unverified, failed, late, notice := saidThen(2, true, "a secret"), saidThen(3, false, "another"), saidThen(4, true, "lost"),
		saidThen(5, false, "slow"), saidThen(6, false, "It began.")
	private.Seal, unverified.Seal = im.Seal{Level: im.Verified, By: "x"}, im.Seal{Level: im.Private, By: "x"}
	failed.State, late.Late, notice.Kind = im.Failed, true, im.Notice
	tomorrow := saidThen(7, false, "next day")
	tomorrow.Time = longAgo.AddDate(0, 0, 1)
	at := func(m im.Message) string { return m.Time.Local().Format("[2006-01-02 15:04:05] ") }
	got := exports(t, []im.Message{saidThen(1, true, "hello"), private, unverified, failed, late, notice, tomorrow,
		pastLine(im.ConvID{Account: exportBob.Account, Peer: "eve@x"}, 1)}, im.Range{Conv: exportBob}, "text")
	for _, want := range []string{
		"Conversation with bob@x\n", "--- Friday, 5 March 1999 (UTC", "--- Saturday, 6 March 1999 (UTC",
		at(saidThen(1, true, "")) + "alice@x: hello\n", at(private) + "(private) alice@x: a secret\n",
		at(unverified) + "(private, unverified) bob@x: another\n", at(failed) + "(not sent) alice@x: lost\n",
		at(late) + "(delayed) bob@x: slow\n", at(notice) + "* It began.\n", at(tomorrow) + "bob@x: next day\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "eve") {
		t.Error("somebody else's line is there")
	}
}

// What a peer wrote passes for nothing else: neither for a line of another, nor for
// markup, nor for a link that leads anywhere but to the web.
func TestExportOfHostileLines(t *testing.T) {
	forged := "x\n[1999-03-05 10:00:00] alice@x: I owe you\r[1999-03-05 10:00:00] a\u2028[1999-03-05 10:00:00] b\u0085[1999-03-05 10:00:00] c\v[1999-03-05 10:00:00] d"
	evil := `</p><script>alert(1)</script><img src=http://evil.example/x onerror=alert(1)>" & '` + "\u202edrow\u0000\x1b[31m"
	links := saidThen(3, false, "")
	links.Text = im.Text{
		{Text: "web", Link: `https://example.org/?a="><script>&b=1`}, {Text: "js", Link: "javascript:alert(1)"},
		{Text: "data", Link: "data:text/html,<script>"}, {Text: "file", Link: "file:///etc/passwd"}, {Text: "guide", Link: "guide:otr/x"},
		{Text: "chat", Link: "xmpp:bob@x"}, {Text: "bold", Style: im.Bold | im.Code},
	}
	lines := []im.Message{saidThen(1, false, forged), saidThen(2, false, evil), links}
	text := exports(t, lines, im.Range{Conv: exportBob}, "text")
	if n := len(regexp.MustCompile(`(?m)^\[`).FindAllString(text, -1)); n != 3 {
		t.Errorf("%d lines begin as lines do:\n%s", n, text)
	}
	for _, bad := range []string{"\u202e", "\x00", "\x1b", "\u2028", "\u0085", "\v", "\r"} {
		if strings.Contains(text, bad) {
			t.Errorf("there is a %q", bad)
		}
	}
	page := exports(t, lines, im.Range{Conv: exportBob}, "html")
	for _, bad := range []string{"<script", "<img", "javascript:", "data:", "file:", "guide:", "\u202e", "\x00", "\x1b", "\u2028", "\u0085"} {
		if strings.Contains(page, bad) {
			t.Errorf("there is a %q in\n%s", bad, page)
		}
	}
	for _, want := range []string{
		`<a rel="noreferrer noopener nofollow" href="https://example.org/?a=&#34;&gt;&lt;script&gt;&amp;b=1">web</a>`,
		`href="xmpp:bob@x">chat</a>`, "<strong><code>bold</code></strong>", "&lt;script&gt;alert(1)&lt;/script&gt;", `dir="auto"`, "default-src 'none'",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q in\n%s", want, page)
		}
	}
	if n := strings.Count(page, "<a "); n != 2 {
		t.Errorf("%d links", n)
	}
}

func TestExportOfManyLines(t *testing.T) {
	var lines []im.Message
	for n := range 1700 {
		lines = append(lines, saidThen(n, n%2 == 0, fmt.Sprint("line ", n, ".")))
	}
	r := im.Range{Conv: exportBob, From: lines[100].Time, Until: lines[1650].Time}
	got := exports(t, lines, r, "text")
	before := -1
	for n := 100; n < 1650; n++ {
		at := strings.Index(got, fmt.Sprint("line ", n, "."))
		if at <= before {
			t.Fatalf("line %d is not behind the one before", n)
		}
		before = at
	}
	for _, n := range []int{99, 1650} {
		if strings.Contains(got, fmt.Sprint("line ", n, ".")) {
			t.Errorf("line %d is there", n)
		}
	}
	all := exports(t, append(lines[:3:3], pastLine(im.ConvID{Account: "fake:gone@x", Peer: "dave@x"}, 1)), im.Range{}, "html")
	if !strings.Contains(all, ">bob@x, with alice@x") || !strings.Contains(all, ">dave@x, with gone@x") {
		t.Errorf("not all conversations: %s", all)
	}
}

func TestExportForm(t *testing.T) {
	dir := t.TempDir()
	exporter(t, []im.Message{saidThen(1, true, "hello")}, func(a *scenetest.Actor) {
		a.M.ShowExport(im.Range{Conv: im.ConvID{Account: exportBob.Account, Peer: "eve@x"}})
		a.Reads("Nothing to export", "eve@x")
		a.Answer("Nothing to export", "ok")
		a.M.ShowExport(im.Range{Conv: exportBob})
		d := a.Form(exportTitle, "export")
		if !strings.Contains(d.Form.Warning, "not encrypted") || !strings.Contains(d.Form.Intro, "one line of your conversation with bob@x") ||
			!strings.HasSuffix(d.Form.Tabs[0].Fields[1].Value, "Conversation with bob@x.txt") {
			t.Errorf("%+v", d.Form)
		}
		a.Answer(exportTitle, "format", "format=html")
		a.Until("the other name", func() bool {
			return strings.HasSuffix(a.Form(exportTitle, "export").Form.Tabs[0].Fields[1].Value, "Conversation with bob@x.html")
		})
		for _, row := range [][2]string{
			{"", "choose a folder for it"}, {"relative.txt", "whole path"}, {dir, "This is a folder"},
			{filepath.Join(dir, "missing", "x.txt"), "no such folder"},
		} {
			a.Answer(exportTitle, "export", "file="+row[0])
			a.Reads(exportTitle, row[1])
		}
		path := filepath.Join(dir, "there.html")
		if err := os.WriteFile(path, []byte("mine"), 0o644); err != nil {
			t.Fatal(err)
		}
		a.Answer(exportTitle, "export", "file="+path)
		a.Reads(exportTitle, "There is a file of this name already")
		other := filepath.Join(dir, "other.html")
		if err := os.WriteFile(other, []byte("mine, too"), 0o644); err != nil {
			t.Fatal(err)
		}
		a.Answer(exportTitle, "replace", "file="+other) // another one than was asked about
		a.Until("the question again", func() bool { return a.Form(exportTitle, "replace").Form.Tabs[0].Fields[1].Value == other })
		if b, _ := os.ReadFile(other); string(b) != "mine, too" {
			t.Errorf("replaced without a question: %s", b)
		}
		a.Answer(exportTitle, "replace", "file="+other)
		a.Answer("The history was exported", "close")
		if b, _ := os.ReadFile(other); !strings.Contains(string(b), "hello") {
			t.Errorf("not replaced: %s", b)
		}
		if b, _ := os.ReadFile(path); string(b) != "mine" {
			t.Errorf("the wrong one was: %s", b)
		}
	})
}

// A link to nowhere, and a pipe, are no files to write into.
func TestExportIntoWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(dir, "link.txt")
	if err := os.Symlink(filepath.Join(dir, "nowhere"), link); err != nil {
		t.Fatal(err)
	}
	exporter(t, []im.Message{saidThen(1, true, "hello")}, func(a *scenetest.Actor) {
		a.M.ShowExport(im.Range{Conv: exportBob})
		a.Answer(exportTitle, "export", "file="+link)
		a.Reads(exportTitle, "something else of this name")
		a.Answer(exportTitle, "export", "file="+os.DevNull)
		a.Reads(exportTitle, "something else of this name")
	})
}

func TestExportIsCancelled(t *testing.T) {
	for _, how := range []string{"cancel", "quit"} {
		dir := t.TempDir()
		path := filepath.Join(dir, "out.txt")
		store := storage.NewMemory()
		var lines []im.Message
		for n := range 500 {
			lines = append(lines, saidThen(n, false, "x"))
		}
		store.Import(lines)
		s := scenetest.New(t)
		a := s.Enter("alice", scenetest.Part{Network: newFakenet(), Answers: map[string]string{"address": "alice@x"}, Password: "pw",
			Plugins: noPlugins, Store: scenetest.StoreOf(forever{store}, func(id string) plugin.Store { return store.Space(id) })})
		a.M.ShowExport(im.Range{Conv: exportBob})
		a.Answer(exportTitle, "export", "file="+path)
		a.Form("Exporting from the history", "cancel")
		if _, err := os.Stat(path); err == nil {
			t.Error("half a file has the name already")
		}
		if how == "cancel" {
			a.Answer("Exporting from the history", "cancel")
			a.Until("no form", func() bool { return len(a.Dialogs) == 0 })
		}
		s.Close() // waits for all work
		if entries, _ := os.ReadDir(dir); len(entries) > 0 {
			t.Errorf("%s: left behind: %v", how, entries)
		}
	}
}

// There is no file of an export that was cancelled, though nothing was left to write.
func TestExportIsCancelledAtTheVeryEnd(t *testing.T) {
	dir := t.TempDir()
	exporter(t, []im.Message{saidThen(1, true, "hello")}, func(a *scenetest.Actor) {
		if err := a.M.ExportCut(filepath.Join(dir, "out.txt")); err == nil {
			t.Error("it says that it is done")
		}
	})
	if entries, _ := os.ReadDir(dir); len(entries) > 0 {
		t.Errorf("left behind: %v", entries)
	}
}

// forever is a history that goes on and on.
type forever struct{ *storage.Memory }

func (forever) Page(r im.Range, from int64, n int) (all []im.Message, next int64, err error) {
	for i := range n {
		all = append(all, saidThen(i, false, "canary"))
	}
	return all, from + 1, nil
}

// crumbling is a history of which lines are deleted while it is read: those of the
// page that was read last, and the first of the next.
type crumbling struct {
	*storage.Memory
	last []im.Message
}

func (c *crumbling) Page(r im.Range, from int64, n int) ([]im.Message, int64, error) {
	if len(c.last) > 0 {
		next, _, _ := c.Memory.Page(r, from, 1)
		for _, l := range append(c.last, next...) {
			c.Remove(l.Conv, l.ID)
		}
	}
	lines, next, err := c.Memory.Page(r, from, n)
	c.last = lines
	return lines, next, err
}

// What is deleted meanwhile ends no export.
func TestExportWhileLinesAreDeleted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.txt")
	store := &crumbling{Memory: storage.NewMemory()}
	var lines []im.Message
	for n := range 1700 {
		lines = append(lines, saidThen(n, false, "said"))
	}
	store.Import(lines)
	s := scenetest.New(t)
	defer s.Close()
	a := s.Enter("alice", scenetest.Part{Network: newFakenet(), Answers: map[string]string{"address": "alice@x"}, Password: "pw",
		Plugins: noPlugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })})
	a.M.ShowExport(im.Range{Conv: exportBob})
	a.Answer(exportTitle, "export", "file="+path)
	a.Form("The history was exported", "close")
	b, _ := os.ReadFile(path)
	if n := strings.Count(string(b), "said"); n != 1697 { // three pages ended before a line that was deleted
		t.Errorf("%d lines are in the file", n)
	}
}
