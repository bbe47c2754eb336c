package gui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"culver/buddylist"
	"culver/im"
	"culver/messenger"
)

// rested is a clock for the tips of a window, and what is to be done later.
type rested struct {
	now   time.Time
	after time.Duration
	do    func()
}

func (r *rested) use(t *tips) *rested {
	r.now = time.Unix(1_800_000_000, 0)
	t.now = func() time.Time { return r.now }
	t.later = func(d time.Duration, f func()) func() bool {
		r.after, r.do = d, f
		return func() bool { r.do = nil; return true }
	}
	return r
}

// pass lets the time pass until what is to be done next.
func (r *rested) pass() {
	if do := r.do; do != nil {
		r.now, r.do = r.now.Add(r.after), nil
		do()
	}
}

// point moves the pointer onto a row of the Buddy List.
func (w *buddyWindow) point(i int) *desktop.MouseEvent {
	at, size, _ := w.list.rowRect(i)
	e := &desktop.MouseEvent{}
	e.Position = at.AddXY(20, size.Height/2)
	e.AbsolutePosition = fyne.CurrentApp().Driver().AbsolutePositionForObject(w.list).Add(e.Position)
	w.list.MouseMoved(e)
	return e
}

func TestTipComesAndGoes(t *testing.T) {
	g, _ := start(t, friends())
	w := g.buddies
	clock := new(rested).use(w.tips)
	at := w.point(w.rowOf(t, "Bob"))
	if w.tips.box != nil || clock.after != tipAfter {
		t.Fatalf("it comes after %v", clock.after)
	}
	clock.pass()
	if w.tips.box == nil || w.tips.shown.title != "Bob" {
		t.Fatalf("the tip is %+v", w.tips.shown)
	}
	if e := element(t, g, kindTip, "Bob"); !strings.Contains(e.Value, "bob@example.org") {
		t.Errorf("it is described as %q", e.Value)
	}
	box := w.tips.box.root
	origin := fyne.CurrentApp().Driver().AbsolutePositionForObject(box)
	if p := at.AbsolutePosition; p.Y >= origin.Y && p.Y < origin.Y+box.Size().Height {
		t.Error("it covers the pointer")
	}
	if w.point(w.rowOf(t, "Bob")); w.tips.box == nil {
		t.Error("it went while the pointer was moved on its row")
	}
	if w.point(w.rowOf(t, "Dave")); w.tips.box != nil {
		t.Error("it stayed when the pointer went to another row")
	}
	clock.pass()
	if w.tips.shown.title != "Dave" || w.tips.box == nil {
		t.Errorf("there is %+v", w.tips.shown)
	}
	if clock.pass(); w.tips.box != nil || clock.after != tipFor {
		t.Error("it stays for ever")
	}
	for what, does := range map[string]func(){
		"a key":                 func() { w.list.TypedKey(key(fyne.KeyDown)) },
		"the wheel":             func() { w.list.Scrolled(&fyne.ScrollEvent{}) },
		"the pointer elsewhere": func() { w.list.MouseOut() },
		"another window":        func() { w.list.FocusLost() },
		"the end":               func() { w.tips.leave() },
	} {
		w.tips.leave()
		clock.now = clock.now.Add(time.Minute)
		w.point(w.rowOf(t, "Bob"))
		if clock.pass(); w.tips.box == nil {
			t.Fatalf("before %s: there is none", what)
		}
		if does(); w.tips.box != nil {
			t.Errorf("%s does not take it away", what)
		}
		if clock.do != nil {
			t.Errorf("after %s it comes again by itself", what)
		}
	}
}

func TestTipWaitsAfterKeys(t *testing.T) {
	g, _ := start(t, friends())
	clock := new(rested).use(g.buddies.tips)
	g.buddies.list.TypedKey(key(fyne.KeyDown))
	g.buddies.point(g.buddies.rowOf(t, "Dave"))
	if clock.after != tipAgain {
		t.Errorf("a tip comes %v after a key", clock.after)
	}
}

func TestTipFollowsTheList(t *testing.T) {
	g, _ := start(t, friends())
	w := g.buddies
	clock := new(rested).use(w.tips)
	w.point(w.rowOf(t, "Bob"))
	clock.pass()
	change := func(e buddylist.Event) { g.apply([]messenger.Event{messenger.BuddyListChanged{Change: e}}) }
	change(available("bob", "back soon"))
	if s := strings.Join(w.tips.shown.lines, "|"); !strings.Contains(s, "back soon") {
		t.Errorf("%s", s)
	}
	change(buddylist.Removed{Conv: peer("bob")})
	change(buddylist.Removed{Conv: peer("carol")})
	change(buddylist.Removed{Conv: peer("dave")})
	change(buddylist.Offline{Account: alice})
	if w.tips.box != nil {
		t.Errorf("the tip of a row that is gone stays: %+v", w.tips.shown)
	}
}

func TestBuddyTip(t *testing.T) {
	s := friends()
	now := time.Date(2026, 3, 4, 15, 30, 0, 0, time.Local)
	s.Buddies = append(s.Buddies, buddylist.Presence{Account: alice, From: im.Addr{Bare: peer("erin").Peer, Resource: "phone"},
		Presence: im.Presence{Show: im.Away, Status: "out\u202e\nfor\x07 lunch", Idle: now.Add(-25 * time.Minute)}, At: now.Add(-2 * time.Hour)},
		buddy("Erin"), buddylist.Noted{Conv: peer("carol"), Note: buddylist.Note{Seen: now.Add(-48 * time.Hour)}})
	g, _ := start(t, s)
	g.now = func() time.Time { return now }
	if got := strings.Join(g.buddyTip(peer("erin")).lines, "|"); got != "Address: erin@example.org|Online: away – out for lunch, on the device phone|Idle 25 min|Seen online since: 13:30|"+
		"Buddy List: neither of you sees the other online" {
		t.Errorf("%s", got)
	}
	if got := strings.Join(g.buddyTip(peer("carol")).lines, "|"); !strings.Contains(got, "|Last seen: 2 March 2026 at 15:30|") {
		t.Errorf("%s", got)
	}
	g.apply([]messenger.Event{messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("carol"), Seal: im.Seal{Level: im.Private, By: "otr"}}}})
	if got := strings.Join(g.buddyTip(peer("carol")).lines, "|"); !strings.HasSuffix(got, "|Conversation: Unverified") {
		t.Errorf("%s", got)
	}
	group := g.buddies.rowTip(g.buddies.rowOf(t, "Friends"))
	if group.title != "Friends" || strings.Join(group.lines, "|") != "Online: 1 of 2" {
		t.Errorf("%+v", group)
	}
}

func TestContactTip(t *testing.T) {
	s := friends()
	s.Buddies = append(s.Buddies, buddylist.Arranged{Arrangement: buddylist.Arrangement{Contacts: []buddylist.Contact{{Name: "Robert", Members: []im.ConvID{peer("carol"), peer("bob")}}}}})
	g, _ := start(t, s)
	got := g.buddies.rowTip(g.buddies.rowOf(t, "Robert"))
	if all := strings.Join(got.lines, "|"); got.title != "Robert" || !strings.HasPrefix(all, "Address: carol@example.org|Name: Carol|Offline|") ||
		!strings.Contains(all, "||Address: bob@example.org|Name: Bob|Online: available – hello, on the device x|") {
		t.Errorf("%q: %s", got.title, all)
	}
}

func TestTipFits(t *testing.T) {
	g, _ := start(t, friends())
	layer := g.buddies.tips.layer
	within := layer.Size()
	long := tip{title: strings.Repeat("w", 400), lines: strings.Split(strings.Repeat("line and line and line and line and line and line\n", 40), "\n")}
	for _, y := range []float32{0, within.Height / 2, within.Height - 20} {
		b := newTipBox(long)
		b.place(within, fyne.NewPos(0, y), fyne.NewSize(within.Width, 20), within.Width-5)
		at, size := b.root.Position(), b.root.Size()
		if at.X < 0 || at.X+size.Width > within.Width || at.Y < 0 || at.Y+size.Height > within.Height+1 {
			t.Errorf("at %v: %v %v in %v", y, at, size, within)
		}
		if at.Y < y+20 && at.Y+size.Height > y {
			t.Errorf("at %v it covers what it is about: %v %v", y, at, size)
		}
	}
}

func TestTipsOfAConversation(t *testing.T) {
	g, _ := start(t, friends())
	g.apply([]messenger.Event{messenger.ConversationOpened{Focus: true, State: messenger.ConversationState{Conv: peer("bob"), Menus: []messenger.Menu{{Plugin: "otr", Title: "OTR"}}}}})
	w := g.chats.last
	clock := new(rested).use(w.tips)
	p := w.front()
	e := &desktop.MouseEvent{}
	p.head.MouseIn(e)
	if clock.pass(); w.tips.shown.title != "Bob" {
		t.Errorf("the head: %+v", w.tips.shown)
	}
	p.head.MouseOut()
	p.levels[0].MouseIn(e)
	if clock.pass(); w.tips.shown.title != "Not private" {
		t.Errorf("the button: %+v", w.tips.shown)
	}
	if p.levels[0].open(); w.tips.box != nil {
		t.Error("the menu is below the tip")
	}
	p.levels[0].MouseOut()
	w.strip.MouseIn(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(10, 10)}})
	if clock.pass(); w.tips.shown.title != "Bob" || w.tips.box == nil {
		t.Errorf("the tab: %+v", w.tips.shown)
	}
}
