package gui

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"culver/accounts"
	"culver/im"
	"culver/internal/queue"
	"culver/messenger"
	"culver/plugin"
)

// fakeFront is a messenger that notes what it is asked.
type fakeFront struct {
	active  []bool // what SetActive said
	mu      sync.Mutex
	calls   []string
	answers []plugin.Answers
	events  *queue.Queue[messenger.Event]
	sent    int
	asked   messenger.AskID
	began   im.Level // of the line sent last
	past    im.ConvID
}

var _ messenger.Front = (*fakeFront)(nil)

func (f *fakeFront) note(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, fmt.Sprintf(format, args...))
}

// said returns the calls since the last time.
func (f *fakeFront) said() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := f.calls
	f.calls = nil
	return out
}

func (f *fakeFront) Subscribe() *queue.Queue[messenger.Event]    { return f.events }
func (f *fakeFront) Unsubscribe(q *queue.Queue[messenger.Event]) { q.Close() }
func (f *fakeFront) SetPresence(p im.Presence)                   { f.note("presence %v %q", p.Show, p.Status) }
func (f *fakeFront) SetAccountEnabled(a im.AccountID, on bool)   { f.note("enable %s %v", a, on) }
func (f *fakeFront) Reconnect(a im.AccountID)                    { f.note("reconnect %s", a) }
func (f *fakeFront) SetActive(on bool)                           { f.active = append(f.active, on) }
func (f *fakeFront) Open(c im.ConvID)                            { f.note("open %s", c.Peer) }
func (f *fakeFront) Close(c im.ConvID)                           { f.note("close %s", c.Peer) }
func (f *fakeFront) FollowLink(via im.AccountID, link string)    { f.note("follow %s %s", via, link) }
func (f *fakeFront) Retry(c im.ConvID, id string)                { f.note("retry %s", id) }
func (f *fakeFront) Discard(c im.ConvID, id string)              { f.note("discard %s", id) }
func (f *fakeFront) Typing(c im.ConvID, t im.Typing)             { f.note("typing %d", t) }
func (f *fakeFront) GetAttention(c im.ConvID)                    { f.note("attention %s", c.Peer) }
func (f *fakeFront) Read(c im.ConvID)                            { f.note("read %s", c.Peer) }
func (f *fakeFront) Invoke(p string, c im.ConvID, a string) {
	f.note("invoke %s %s %s", p, c.Peer, a)
}
func (f *fakeFront) ShowFirstRun()                               { f.note("first run") }
func (f *fakeFront) ShowAccounts()                               { f.note("accounts") }
func (f *fakeFront) ShowAddAccount(scheme string)                { f.note("add account %s", scheme) }
func (f *fakeFront) InvokeAccount(a im.AccountID, action string) { f.note("account %s %s", a, action) }
func (f *fakeFront) ShowEditAccount(a im.AccountID)              { f.note("edit account %s", a) }
func (f *fakeFront) ShowAddBuddy()                               { f.note("add buddy") }
func (f *fakeFront) ShowRenameBuddy(c im.ConvID)                 { f.note("rename %s", c.Peer) }
func (f *fakeFront) ShowRemoveBuddy(c im.ConvID)                 { f.note("remove %s", c.Peer) }
func (f *fakeFront) ShowNewMessage()                             { f.note("new message") }
func (f *fakeFront) ShowRequest(c im.ConvID)                     { f.note("request %s", c.Peer) }
func (f *fakeFront) ShowKnocks()                                 { f.note("knocks") }
func (f *fakeFront) ShowInfo(c im.ConvID)                        { f.note("info %s", c.Peer) }
func (f *fakeFront) ShowBlocked()                                { f.note("blocked") }
func (f *fakeFront) ShowBlock(c im.ConvID)                       { f.note("block %s", c.Peer) }
func (f *fakeFront) ShowPlugins()                                { f.note("plugins") }
func (f *fakeFront) ShowBackup()                                 { f.note("backup") }
func (f *fakeFront) ShowRestore()                                { f.note("restore") }
func (f *fakeFront) ShowSecurity()                               { f.note("security") }
func (f *fakeFront) ShowImport()                                 { f.note("import") }
func (f *fakeFront) ShowAbout()                                  { f.note("about") }
func (f *fakeFront) ShowGuide(p, page string)                    { f.note("guide %s %s", p, page) }
func (f *fakeFront) Edit(c im.ConvID, id string)                 { f.note("edit %s", id) }
func (f *fakeFront) Correct(c im.ConvID, id, text string, began im.Level) {
	f.note("correct %s: %s", id, text)
}
func (f *fakeFront) SetSetting(key, value string)          { f.note("set %s %q", key, value) }
func (f *fakeFront) Quit()                                 { f.note("quit") }
func (f *fakeFront) Lock()                                 { f.note("lock") }
func (f *fakeFront) ShowPreferences(page string)           { f.note("preferences %s", page) }
func (f *fakeFront) ShowShortcuts()                        { f.note("shortcuts") }
func (f *fakeFront) ShowSounds()                           { f.note("sounds") }
func (f *fakeFront) SetHeed(c im.ConvID, h messenger.Heed) { f.note("heed %s %q", c.Peer, h) }
func (f *fakeFront) LookBack(c im.ConvID)                  { f.past = c }

func (f *fakeFront) SetDraft(c im.ConvID, text string, began im.Level) {
	f.note("draft %s %q", c.Peer, text)
}
func (f *fakeFront) SetLogging(c im.ConvID, on bool)  { f.note("logging %s %v", c.Peer, on) }
func (f *fakeFront) LoadOlder(c im.ConvID)            { f.note("older %s", c.Peer) }
func (f *fakeFront) ShowErase(r im.Range)             { f.note("erase %s", r.Conv.Peer) }
func (f *fakeFront) ShowExport(r im.Range)            { f.note("export %s", r.Conv.Peer) }
func (f *fakeFront) EraseLine(c im.ConvID, id string) { f.note("erase line %s %s", c.Peer, id) }
func (f *fakeFront) ShowPrivacy()                     { f.note("privacy") }
func (f *fakeFront) SetTelling(c im.ConvID, what string, on bool) {
	f.note("tell %s %s %v", c.Peer, what, on)
}
func (f *fakeFront) ShowHistorySettings()   { f.note("history settings") }
func (f *fakeFront) Pasts() messenger.AskID { f.note("pasts"); return f.ask() }
func (f *fakeFront) PastLines(q messenger.LinesQuery) messenger.AskID {
	f.note("lines %s %s%s%s", q.Conv.Peer, q.Before, q.After, q.Around)
	return f.ask()
}
func (f *fakeFront) PastDays(c im.ConvID, from, until time.Time) messenger.AskID {
	f.note("days %s", c.Peer)
	return f.ask()
}
func (f *fakeFront) SearchPast(s im.Search) messenger.AskID {
	f.note("search %q %s", s.Words, s.Conv.Peer)
	return f.ask()
}

// ask is the ID of the next question to the history.
func (f *fakeFront) ask() messenger.AskID {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	return f.asked
}

func (f *fakeFront) Send(c im.ConvID, text string, began im.Level) string {
	f.note("send %s %q", c.Peer, text)
	f.began = began
	f.sent++
	return fmt.Sprint("own", f.sent)
}

func (f *fakeFront) Answer(d messenger.DialogID, a plugin.Answers) {
	f.note("answer %d %s", d, a.Action)
	f.answers = append(f.answers, a)
}

const alice = im.AccountID("xmpp:alice@example.net")

func peer(name string) im.ConvID { return im.ConvID{Account: alice, Peer: name + "@example.org"} }

// online is an account that is connected.
func online() accounts.State {
	return accounts.State{Account: im.Account{ID: alice, Enabled: true}, Network: "XMPP", Status: accounts.Online}
}

// start makes a front end that has begun with a snapshot. Events are applied
// directly, as batches.
func start(t *testing.T, s messenger.Snapshot) (*GUI, *fakeFront) {
	t.Helper()
	app := test.NewTempApp(t)
	g := New(app, func(func()) {}) // what is to be done later is not done
	f := &fakeFront{events: queue.New[messenger.Event]()}
	g.front = f
	g.apply([]messenger.Event{s})
	return g, f
}

// has fails unless the calls since the last time are these.
func (f *fakeFront) has(t *testing.T, want ...string) {
	t.Helper()
	got := f.said()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the messenger was told %q, not %q", got, want)
	}
}

// element finds what is described as being on the screen.
func element(t *testing.T, g *GUI, kind, name string) Element {
	t.Helper()
	for _, e := range g.Describe() {
		if e.Kind == kind && e.Name == name {
			return e
		}
	}
	t.Fatalf("there is no %s %q in %+v", kind, name, g.Describe())
	return Element{}
}

// popped is the menu that is open in the conversation window.
func popped(t *testing.T, g *GUI) *popMenu {
	t.Helper()
	p, ok := g.chats.last.window.Canvas().Overlays().Top().(*popMenu)
	if !ok {
		t.Fatal("no menu is open")
	}
	return p
}

func described(g *GUI, kind, name string) bool {
	for _, e := range g.Describe() {
		if e.Kind == kind && e.Name == name {
			return true
		}
	}
	return false
}

func key(name fyne.KeyName) *fyne.KeyEvent { return &fyne.KeyEvent{Name: name} }

func (f *fakeFront) SendFiles(c im.ConvID, paths []string) { f.note("send files %s %q", c.Peer, paths) }
func (f *fakeFront) ShowTransfer(id messenger.TransferID)  { f.note("transfer %s", id) }
func (f *fakeFront) AcceptTransfer(id messenger.TransferID, path string) {
	f.note("accept %s %s", id, path)
}
func (f *fakeFront) DeclineTransfer(id messenger.TransferID) { f.note("decline %s", id) }
func (f *fakeFront) PauseTransfer(id messenger.TransferID)   { f.note("pause %s", id) }
func (f *fakeFront) ResumeTransfer(id messenger.TransferID)  { f.note("resume %s", id) }
func (f *fakeFront) CancelTransfer(id messenger.TransferID)  { f.note("cancel %s", id) }
func (f *fakeFront) ForgetTransfer(id messenger.TransferID)  { f.note("forget %s", id) }
