package gui

import (
	"fmt"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"culver/accounts"
	"culver/buddylist"
	"culver/im"
	"culver/messenger"
)

// drags is a hand that drags rows of the Buddy List.
type drags struct {
	t *testing.T
	w *buddyWindow
}

// at is a place in the row of that title, at that part of its height.
func (d drags) at(title string, part float32) fyne.Position {
	d.t.Helper()
	at, size, _ := d.w.list.rowRect(d.w.rowOf(d.t, title))
	return at.AddXY(40, part*size.Height)
}

func (d drags) press(title string) fyne.Position {
	e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	e.Position = d.at(title, 0.5)
	d.w.list.MouseDown(e)
	return e.Position
}

func (d drags) to(at fyne.Position) {
	e := &fyne.DragEvent{}
	e.Position = at
	d.w.list.Dragged(e)
}

// release lets go, in the order in which the toolkit tells it.
func (d drags) release(at fyne.Position) {
	e := &desktop.MouseEvent{Button: desktop.MouseButtonPrimary}
	e.Position = at
	d.w.list.MouseUp(e)
	d.w.list.DragEnd()
}

func (d drags) drag(title, over string, part float32) {
	d.t.Helper()
	d.press(title)
	at := d.at(over, part)
	d.to(at)
	d.release(at)
}

func byHand(t *testing.T) (drags, *GUI, *fakeFront) {
	s := friends()
	s.Settings = map[string]string{settingSort: sortHand, settingOffline: im.On}
	g, f := start(t, s)
	return drags{t, g.buddies}, g, f
}

func TestDragging(t *testing.T) {
	d, g, f := byHand(t)
	for _, c := range []struct {
		row, over string
		part      float32
		says      []string
	}{
		{"Carol", "Bob", 0.1, []string{"place carol@example.org in Friends before bob@example.org"}},
		{"Bob", "Carol", 0.5, []string{"merge bob@example.org into carol@example.org"}},
		{"Bob", "Work", 0.5, []string{"move bob@example.org from Friends to Work"}},
		{"Bob", "Dave", 0.1, []string{"move bob@example.org from Friends to Work", "place bob@example.org in Work before dave@example.org"}},
		{"Dave", "Carol", 0.9, []string{"move dave@example.org from Work to Friends", "place dave@example.org in Friends before "}},
		{"Friends", "Dave", 0.5, []string{"place Friends before "}},
		{"Work", "Bob", 0.5, []string{"place Work before Friends"}},
		{"Bob", "Bob", 0.5, nil},
	} {
		d.drag(c.row, c.over, c.part)
		if got := f.said(); fmt.Sprint(got) != fmt.Sprint(c.says) {
			t.Errorf("%s over %s at %v: %q, not %q", c.row, c.over, c.part, got, c.says)
		}
	}
	if got := shownRows(g); got != "Friends (1/2)|Bob|Carol|Work (1/1)|Dave" {
		t.Errorf("a group that was dragged is folded: %s", got)
	}
}

func TestDraggingShowsWhereItFalls(t *testing.T) {
	d, g, f := byHand(t)
	d.press("Bob")
	if d.to(d.at("Bob", 0.6)); d.w.list.drag.on {
		t.Error("a hand that shakes drags")
	}
	d.to(d.at("Work", 0.5))
	if got := d.w.list.drop; got != (dropMark{on: true, row: d.w.rowOf(t, "Work")}) || d.w.tips.shown.title != "Move Bob to Work" {
		t.Errorf("%+v, %q", got, d.w.tips.shown.title)
	}
	d.to(d.at("Dave", 0.1))
	if got := d.w.list.drop; got != (dropMark{on: true, row: d.w.rowOf(t, "Dave"), line: true}) {
		t.Errorf("%+v", got)
	}
	d.to(d.at("Dave", 0.5))
	if d.w.tips.shown.title != "Merge Bob with Dave" {
		t.Errorf("%q", d.w.tips.shown.title)
	}
	d.w.list.TypedKey(key(fyne.KeyEscape))
	if d.w.list.drop.on || d.w.tips.box != nil {
		t.Error("Escape does not end it")
	}
	d.to(d.at("Work", 0.5))
	d.release(d.at("Work", 0.5))
	f.has(t)
	d.press("Bob")
	d.to(d.at("Work", 0.5))
	g.apply([]messenger.Event{messenger.BuddyListChanged{Change: buddylist.Removed{Conv: peer("bob")}}, messenger.BuddyListChanged{Change: buddylist.Offline{Account: alice}}})
	d.release(d.at("Work", 0.5))
	f.has(t)
}

func TestDraggingWhileTheListMoves(t *testing.T) {
	d, g, f := byHand(t)
	now := time.Unix(1_800_000_000, 0)
	g.now = func() time.Time { return now }
	d.press("Bob")
	at := d.at("Dave", 0.5)
	d.to(at)
	g.apply([]messenger.Event{messenger.BuddyListChanged{Change: buddy("Adam", "Work")}})
	d.release(at)
	f.has(t) // for the user it was Dave, who is elsewhere by now
	d.press("Bob")
	now = now.Add(dragHold)
	d.to(at)
	d.release(at)
	f.has(t, "merge bob@example.org into adam@example.org")
}

func TestDraggingRolls(t *testing.T) {
	s := messenger.Snapshot{Presence: im.Presence{Show: im.Available}, Settings: map[string]string{settingSort: sortHand, settingOffline: im.On}}
	s.Accounts = []accounts.State{online()}
	for i := range 200 {
		s.Buddies = append(s.Buddies, buddy(fmt.Sprintf("Buddy%03d", i), "Friends"))
	}
	g, f := start(t, s)
	d := drags{t, g.buddies}
	var later func()
	d.w.list.drag.later = func(_ time.Duration, do func()) { later = do }
	d.press("Buddy000")
	bottom := fyne.NewPos(40, d.w.list.Size().Height-4)
	d.to(bottom)
	for range 20 {
		do := later
		later = nil
		do()
	}
	if d.w.list.offset != 20*dragStep {
		t.Errorf("the list is at %v", d.w.list.offset)
	}
	d.to(fyne.NewPos(40, d.w.list.Size().Height/2))
	do := later
	later = nil
	if do(); later != nil {
		t.Error("it goes on in the middle")
	}
	d.w.list.TypedKey(key(fyne.KeyEscape))
	d.release(bottom)
	f.has(t)
}

func TestStepsByMenu(t *testing.T) {
	d, _, f := byHand(t)
	pickItem(t, d.w.itemsOf(t, "Bob"), "Move Down")
	pickItem(t, d.w.itemsOf(t, "Friends"), "Move Down")
	f.has(t, "place bob@example.org in Friends before ", "place Friends before ")
}
