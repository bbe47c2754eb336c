package gui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"

	"culver/im"
	"culver/messenger"
)

// lookingBack is a front end whose history window is open, for a conversation.
func lookingBack(t *testing.T, c im.ConvID) (*GUI, *fakeFront, *historyWindow) {
	t.Helper()
	g, f := start(t, friends())
	f.said()
	g.showHistory(c)
	return g, f, g.past
}

// pastDays are lines of Bob's, five a day, from a day on; the last of each day is ours.
func pastDays(from date, days int) []im.Message {
	var out []im.Message
	for d := range days {
		for i := range 5 {
			m := incoming(fmt.Sprintf("%d.%d", d, i), "bob", fmt.Sprintf("line %d of day %d", i, d))
			m.Time = from.add(d).start(time.Local).Add(time.Duration(9+i) * time.Hour)
			m.Out = i == 4
			out = append(out, m)
		}
	}
	return out
}

// gets answers what the window asked last for the lines of a conversation.
func (w *historyWindow) gets(lines []im.Message, older, newer bool) {
	w.gui.apply([]messenger.Event{messenger.LinesFound{Ask: w.linesAsk, Lines: lines, Older: older, Newer: newer}})
}

func (w *historyWindow) lists(pasts ...im.Past) {
	w.gui.apply([]messenger.Event{messenger.PastsListed{Ask: w.pastsAsk, Pasts: pasts, Names: map[im.ConvID]string{peer("gone"): "Gone Girl"}}})
}

func pastOf(name string, lines int, last date) im.Past {
	return im.Past{Conv: peer(name), Lines: lines, First: last.add(-30).start(time.Local), Last: last.start(time.Local)}
}

var aDay = date{2026, time.March, 9}

func headings(g *GUI) (out []string) {
	for _, e := range g.Describe() {
		if e.Kind == kindHeading {
			out = append(out, e.Name)
		}
	}
	return out
}

func TestHistoryOpensAtTheEndOfTheLastConversation(t *testing.T) {
	g, f, w := lookingBack(t, im.ConvID{})
	f.has(t, "pasts")
	w.lists(pastOf("bob", 1234, aDay), pastOf("gone", 1, aDay.add(-1)))
	f.has(t, "days bob@example.org", "lines bob@example.org ")
	g.apply([]messenger.Event{messenger.DaysListed{Ask: w.daysAsk, Days: []time.Time{aDay.start(time.Local), aDay.add(1).start(time.Local)}}})
	w.gets(pastDays(aDay, 2), false, false)
	if e := element(t, g, kindHead, "Bob"); e.Value != "1,234 lines since 7 February 2026" {
		t.Errorf("it is about %q", e.Value)
	}
	if e := element(t, g, kindPast, "Gone Girl"); e.Value != "1 line" {
		t.Errorf("%+v", e)
	}
	if got := headings(g); !slices.Equal(got, []string{"Beginning of the history", "Monday, 9 March 2026", "Tuesday, 10 March 2026"}) {
		t.Errorf("%q", got)
	}
	if !element(t, g, kindDay, "10 March 2026").Chosen {
		t.Error("the calendar does not show the last day")
	}
	if text := string(w.lines.runes(0)); text != "(09:00:00) Bob: line 0 of day 0" {
		t.Errorf("%q", text)
	}
	w.list.TypedKey(key(fyne.KeyDown))
	f.has(t, "days gone@example.org", "lines gone@example.org ")
	if w.head.name != "Gone Girl" || w.source.Len() != 0 {
		t.Errorf("%s, with %d lines", w.head.name, w.source.Len())
	}
}

func TestHistoryOfSomebodyWithoutOne(t *testing.T) {
	g, _, w := lookingBack(t, peer("carol"))
	w.gets(nil, false, false)
	if w.empty != "" {
		t.Error("it says that there is nothing before it knows")
	}
	w.lists(pastOf("bob", 3, aDay))
	if !strings.HasPrefix(w.empty, "Nothing is kept of conversations with Carol. Private conversations are not kept unless") || !w.export.Disabled() {
		t.Errorf("it says %q", w.empty)
	}
	if got := w.eraseMenu().Items; len(got) != 1 || got[0].Label != "All History…" {
		t.Errorf("it offers to delete %v", got)
	}
	w.lists()
	w.close()
	g.showHistory(im.ConvID{})
	g.past.lists()
	if !strings.HasPrefix(g.past.empty, "No history is kept yet.") || !g.past.erase.Disabled() {
		t.Errorf("with nothing at all it says %q", g.past.empty)
	}
}

// What is above or below a line that is gone meanwhile is asked for anew, from what the
// user sees: there it neither begins nor ends.
func TestHistoryBesideALineThatIsGone(t *testing.T) {
	g, f, w := lookingBack(t, peer("bob"))
	w.lists(pastOf("bob", 500, aDay))
	lines := pastDays(aDay, 60)
	w.gets(lines[200:], true, false)
	w.day(aDay.add(10))
	w.gets(lines[50:150], true, true)
	f.said()
	if w.olderAsk == 0 {
		t.Fatal("what is above was not asked for")
	}
	g.apply([]messenger.Event{messenger.LinesFound{Ask: w.olderAsk, Gone: true}})
	f.has(t, "lines bob@example.org ")
	if got := headings(g); slices.Contains(got, "Beginning of the history") {
		t.Errorf("%q", got)
	}
	w.gets(lines[52:150], true, true)
	w.lines.TypedKey(key(fyne.KeyEnd))
	f.said()
	g.apply([]messenger.Event{messenger.LinesFound{Ask: w.newerAsk, Gone: true}})
	f.has(t, "lines bob@example.org ")
	w.gets(lines[52:140], true, false)
	if w.source.Len() != 88 || w.source.newer {
		t.Errorf("%d lines", w.source.Len())
	}
}

func TestHistoryByDays(t *testing.T) {
	g, f, w := lookingBack(t, peer("bob"))
	w.lists(pastOf("bob", 500, aDay))
	lines := pastDays(aDay, 60)
	w.gets(lines[200:], true, false)
	f.said()
	w.day(aDay.add(10))
	f.has(t, "lines bob@example.org ")
	w.gets(lines[50:150], true, true)
	if i, y := firstShown(w.lines); i != 0 || y != 0 || w.days.chosen != aDay.add(10) {
		t.Errorf("line %d at %v, %v is chosen", i, y, w.days.chosen)
	}
	if got := headings(g)[0]; got != aDay.add(10).long() {
		t.Errorf("it begins with %q", got)
	}
	// What is above comes without a jump, and without a second heading for the day.
	asked := w.olderAsk
	if asked == 0 {
		t.Fatal("what is above was not asked for")
	}
	f.has(t, "lines bob@example.org 10.0")
	before := lineShown(t, w.lines, "(10:00:00) Bob: line 1 of day 10")
	g.apply([]messenger.Event{messenger.LinesFound{Ask: asked, Lines: lines[:50]}})
	if after := lineShown(t, w.lines, "(10:00:00) Bob: line 1 of day 10"); after != before {
		t.Errorf("the lines above moved what is read from %v to %v", before, after)
	}
	if w.source.Len() != 150 || w.olderAsk != 0 {
		t.Errorf("%d lines", w.source.Len())
	}
	w.lines.TypedKey(key(fyne.KeyHome))
	if got := headings(g); got[0] != "Beginning of the history" || got[1] != aDay.long() || w.days.chosen != aDay {
		t.Errorf("above it: %q, %v", got, w.days.chosen)
	}
	f.has(t)
	// What is below comes when it is needed, and does not scroll up.
	w.lines.TypedKey(key(fyne.KeyEnd))
	f.has(t, "lines bob@example.org 29.4")
	before = lineShown(t, w.lines, "(12:00:00) Bob: line 3 of day 29")
	g.apply([]messenger.Event{messenger.LinesFound{Ask: w.newerAsk, Lines: lines[150:], Newer: false}})
	if after := lineShown(t, w.lines, "(12:00:00) Bob: line 3 of day 29"); after != before || w.lines.atEnd() {
		t.Errorf("the lines below moved what is read from %v to %v", before, after)
	}
	// A day that is gone shows what is left.
	f.said()
	w.day(aDay.add(90))
	w.gets(nil, true, false)
	f.has(t, "lines bob@example.org ", "lines bob@example.org ")
}

func TestHistoryDropsStaleAnswers(t *testing.T) {
	g, _, w := lookingBack(t, peer("bob"))
	first := w.linesAsk
	w.lists(pastOf("bob", 5, aDay), pastOf("carol", 5, aDay))
	w.open(peer("carol"))
	g.apply([]messenger.Event{messenger.LinesFound{Ask: first, Lines: pastDays(aDay, 1)}, messenger.LinesFound{},
		messenger.DaysListed{Ask: 9999, Days: []time.Time{aDay.start(time.Local)}}, messenger.PastsListed{Ask: 9999}, messenger.HitsFound{Hits: pastDays(aDay, 1)}})
	if w.source.Len() != 0 || len(w.days.days) != 0 || len(w.pasts) != 2 || len(w.find.hits) != 0 {
		t.Errorf("%d lines, %d days, %d conversations, %d hits", w.source.Len(), len(w.days.days), len(w.pasts), len(w.find.hits))
	}
	w.close()
	g.apply([]messenger.Event{messenger.LinesFound{Ask: w.linesAsk, Lines: pastDays(aDay, 1)}, messenger.Erased{}})
	if g.past != nil || w.source.Len() != 0 {
		t.Error("a window that is closed takes answers")
	}
	w.close()
}

func TestHistoryShowsLateLinesUnderTheDayOfTheirPlace(t *testing.T) {
	g, _, w := lookingBack(t, peer("bob"))
	lines := pastDays(aDay, 2)
	lines[6].Time, lines[6].Late = aDay.add(-3).start(time.Local).Add(time.Hour), true
	w.gets(lines, false, false)
	if got := headings(g); len(got) != 3 {
		t.Errorf("%q", got)
	}
	if got := string(w.lines.runes(6)); got != "(2026-03-06 01:00:00) (sent earlier) Bob: line 1 of day 1" {
		t.Errorf("%q", got)
	}
}

func TestSearchInHistory(t *testing.T) {
	g, f, w := lookingBack(t, peer("bob"))
	w.lists(pastOf("bob", 500, aDay), pastOf("carol", 5, aDay))
	w.gets(pastDays(aDay, 10), false, false)
	f.said()
	test.Type(w.find.entry, "tea")
	f.has(t) // the user still types
	w.find.start()
	f.has(t, `search "tea" `)
	stale := w.find.ask
	w.find.entry.SetText("teapot")
	w.find.start()
	f.has(t, `search "teapot" `)
	hit := incoming("c1", "carol", "the   blue\nTEAPOT")
	hit.Time = aDay.start(time.Local)
	g.apply([]messenger.Event{messenger.HitsFound{Ask: stale, Hits: []im.Message{incoming("x", "bob", "tea")}}})
	if len(w.find.hits) != 0 {
		t.Error("hits of other words are shown")
	}
	g.apply([]messenger.Event{messenger.HitsFound{Ask: w.find.ask, Hits: []im.Message{hit, incoming("b1", "bob", "teapot")}, More: true}})
	if e := element(t, g, kindHit, "the blue TEAPOT"); e.Value != "Carol, 2026-03-09 00:00:00" {
		t.Errorf("%+v", e)
	}
	element(t, g, kindNote, "The newest 2 lines in all conversations with these words:")

	// Enter goes to the newest, in its conversation.
	w.focus(w.find.entry)
	w.find.entry.TypedKey(key(fyne.KeyReturn))
	f.has(t, "days carol@example.org", "lines carol@example.org c1")
	carol := []im.Message{incoming("c0", "carol", "before"), hit, incoming("c2", "carol", "after")}
	w.gets(carol, false, false)
	if l := w.lines.at(1).line; l.back != colorFound || l.bar == "" || w.lines.at(0).line.back != "" {
		t.Errorf("the line is not marked: %+v", l)
	}
	if w.conv != peer("carol") || !w.list.Visible() {
		t.Errorf("%v is on show", w.conv)
	}
	// The keyboard stays where the words are, so that others are typed over them.
	if w.window.Canvas().Focused() != fyne.Focusable(w.find.entry) {
		t.Error("the keyboard has left the entry")
	}
	w.find.entry.TypedShortcut(&fyne.ShortcutSelectAll{})
	if got := w.find.entry.SelectedText(); got != "teapot" {
		t.Errorf("%q is selected", got)
	}
	w.find.entry.TypedKey(key(fyne.KeyReturn)) // again: the next one
	f.has(t, "days bob@example.org", "lines bob@example.org b1")
	w.find.list.choose(0)
	w.find.entry.TypedKey(key(fyne.KeyDown))
	if !w.find.list.focused || w.find.list.selected != 1 {
		t.Errorf("the keyboard is at hit %d", w.find.list.selected)
	}
	w.find.list.TypedKey(key(fyne.KeyDown))
	w.find.list.TypedKey(key(fyne.KeyReturn)) // More…
	f.has(t, `search "teapot" `)
	if w.find.limit != 4*searchLimit {
		t.Errorf("up to %d are asked for", w.find.limit)
	}
	g.apply([]messenger.Event{messenger.HitsFound{Ask: w.find.ask, Hits: []im.Message{hit, incoming("b1", "bob", "teapot"), incoming("b0", "bob", "teapot")}}})
	element(t, g, kindNote, "3 lines in all conversations, the newest first:")
	if w.find.list.selected != 2 {
		t.Errorf("among more hits the keyboard is at %d", w.find.list.selected)
	}
	if h := w.find.list.Size().Height; h < 3*hitRowHeight() {
		t.Errorf("three hits have %v to stand in", h)
	}

	// Only in this conversation; another one is another search.
	w.find.here.SetChecked(true)
	f.has(t, `search "teapot" bob@example.org`)
	w.open(peer("carol"))
	f.has(t, "days carol@example.org", `search "teapot" carol@example.org`, "lines carol@example.org ")
	g.apply([]messenger.Event{messenger.HitsFound{Ask: w.find.ask}})
	element(t, g, kindNote, "No line in conversations with Carol has these words.")
	if h := w.find.results.Size().Height; h > hitRowHeight() {
		t.Errorf("no hits take %v", h)
	}

	// Escape ends the search, and then closes.
	w.find.entry.TypedKey(key(fyne.KeyEscape))
	if w.find.on() || w.find.results.Visible() || w.closed {
		t.Error("the search goes on")
	}
	w.lines.TypedKey(key(fyne.KeyEscape))
	if !w.closed || g.past != nil {
		t.Error("the window stays")
	}
}

// Nobody waits for what is found when it is no longer looked for.
func TestSearchUnderWayIsGivenUp(t *testing.T) {
	g, f, w := lookingBack(t, peer("bob"))
	w.gets(nil, false, false)
	f.said()
	search := func() {
		t.Helper()
		w.find.entry.SetText("tea")
		w.find.start()
		f.has(t, `search "tea" `)
	}
	search()
	stale := w.find.ask
	w.find.clear()
	f.has(t, `search "" `)
	g.apply([]messenger.Event{messenger.HitsFound{Ask: stale, Hits: []im.Message{incoming("x", "bob", "tea")}}, messenger.HitsFound{Ask: stale + 1}})
	if len(w.find.hits) != 0 || w.find.results.Visible() {
		t.Error("hits are shown of what nobody looks for")
	}
	search()
	w.close()
	f.has(t, `search "" `)
}

func TestEnterBeforeTheAnswerGoesToTheHit(t *testing.T) {
	g, f, w := lookingBack(t, peer("bob"))
	w.gets(nil, false, false)
	f.said()
	test.Type(w.find.entry, "tea")
	w.find.entry.TypedKey(key(fyne.KeyReturn))
	f.has(t, `search "tea" `)
	g.apply([]messenger.Event{messenger.HitsFound{Ask: w.find.ask, Hits: []im.Message{incoming("b1", "bob", "tea")}}})
	f.has(t, "lines bob@example.org b1")
	w.find.entry.SetText("   ")
	w.find.start()
	f.has(t)
}

func TestHistoryIsDeletedByDayPersonOrAll(t *testing.T) {
	g, f, w := lookingBack(t, peer("bob"))
	w.lists(pastOf("bob", 500, aDay))
	w.gets(pastDays(aDay, 3), false, false)
	g.apply([]messenger.Event{messenger.DaysListed{Ask: w.daysAsk, Days: []time.Time{aDay.start(time.Local), aDay.add(2).start(time.Local)}}})
	var labels []string
	for _, i := range w.eraseMenu().Items {
		labels = append(labels, i.Label)
	}
	if !slices.Equal(labels, []string{"This Day: 11 March 2026…", "Everything with Bob…", "All History…"}) {
		t.Errorf("%q", labels)
	}
	w.days.show(aDay.add(-40)) // a day of another month is not this one
	if day := w.eraseMenu().Items[0]; day.Label != "A Day: Choose It in the Calendar" || !day.Disabled || day.Action != nil {
		t.Errorf("with another month on show: %+v", day)
	}
	w.days.show(aDay)
	f.said()
	for _, i := range w.eraseMenu().Items {
		i.Action()
	}
	w.lineMenu(1)[0].Action()
	test.Tap(w.export)
	f.has(t, "erase bob@example.org", "erase bob@example.org", "erase ", "erase line bob@example.org 0.1", "export bob@example.org")

	g.apply([]messenger.Event{messenger.MessageRemoved{Conv: peer("bob"), ID: "0.0"}})
	if w.source.Len() != 14 || len(headings(g)) != 4 {
		t.Errorf("%d lines, %q", w.source.Len(), headings(g))
	}
	g.apply([]messenger.Event{messenger.MessageRemoved{Conv: peer("carol"), ID: "0.1"}})
	w.find.words = "line"
	w.freshen()
	f.has(t, "pasts", `search "line" `, "days bob@example.org", "lines bob@example.org 2.4")
	w.find.words = ""
	g.apply([]messenger.Event{messenger.Erased{Range: im.Range{Conv: peer("bob"), Until: aDay.add(1).start(time.Local)}}})
	f.has(t, "pasts", "days bob@example.org", "lines bob@example.org ")
	w.gets(pastDays(aDay, 3)[5:], false, false)
	if w.source.Len() != 10 {
		t.Errorf("%d lines", w.source.Len())
	}
}

func TestHistoryFollowsWhatIsSaid(t *testing.T) {
	g, f, w := lookingBack(t, peer("bob"))
	w.lists(pastOf("bob", 500, aDay))
	lines := pastDays(aDay, 30)
	w.gets(lines[:140], false, false)
	f.said()
	more := lines[140]
	g.apply([]messenger.Event{messenger.MessageAdded{Message: more}})
	if w.freshAt == nil || w.source.Len() != 140 {
		t.Error("a line that may not be kept is shown")
	}
	w.freshen()
	f.has(t, "pasts", "days bob@example.org", "lines bob@example.org 27.4")
	g.apply([]messenger.Event{messenger.LinesFound{Ask: w.newerAsk, Lines: []im.Message{more}, Older: true}})
	if i, _ := lastShown(w.lines); i != 140 {
		t.Errorf("line %d is the last in sight", i)
	}
	if w.source.older {
		t.Error("what is above was forgotten")
	}
	more.State, more.Reason = im.Failed, "It ended."
	more.Out = true
	g.apply([]messenger.Event{messenger.MessageChanged{Message: more}})
	if text := string(w.lines.runes(140)); !strings.HasSuffix(text, "It ended.") {
		t.Errorf("%q", text)
	}
	// A line may also come with the conversation that it opens.
	w.freshen()
	g.apply([]messenger.Event{messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("bob")}}})
	if w.freshAt == nil {
		t.Error("what opened a conversation is not asked for")
	}
	g.apply([]messenger.Event{messenger.LinesFound{Ask: w.newerAsk}})
	// Who reads further up is left alone.
	w.lines.TypedKey(key(fyne.KeyHome))
	first, y := firstShown(w.lines)
	w.freshen()
	g.apply([]messenger.Event{messenger.LinesFound{Ask: w.newerAsk, Lines: lines[141:], Older: true}})
	if i, at := firstShown(w.lines); i != first || at != y || w.source.Len() != 150 {
		t.Errorf("line %d at %v, not %d at %v", i, at, first, y)
	}
}

func TestConversationsAreFiltered(t *testing.T) {
	g, _, w := lookingBack(t, im.ConvID{})
	w.lists(pastOf("bob", 3, aDay), pastOf("gone", 1, aDay), pastOf("carol", 2, aDay))
	test.Type(w.filter, "gi go")
	if len(w.shown) != 1 || w.shown[0].Conv != peer("gone") {
		t.Errorf("%v", w.shown)
	}
	w.filter.TypedKey(key(fyne.KeyReturn))
	if w.conv != peer("gone") {
		t.Errorf("%v is on show", w.conv)
	}
	w.filter.TypedKey(key(fyne.KeyEscape))
	if len(w.shown) != 3 || w.closed || w.list.selected != 1 {
		t.Errorf("%v, %d is chosen", w.shown, w.list.selected)
	}
	w.list.TypedRune('b')
	if len(w.shown) != 1 || g.past == nil {
		t.Errorf("%v", w.shown)
	}
}

func TestHistoryFromTheMenus(t *testing.T) {
	g, f, p := talking(t, messenger.ConversationState{Logging: true})
	item(t, g.chats.last.window.MainMenu(), "Conversation", "View History").Action()
	if g.past == nil || g.past.conv != peer("bob") {
		t.Fatal("it does not open")
	}
	g.past.close()
	item(t, g.chats.last.window.MainMenu(), "Conversation", "Search History…").Action()
	if w := g.past; !w.find.here.Checked || w.window.Canvas().Focused() != fyne.Focusable(w.find.entry) {
		t.Error("it is not ready to search")
	}
	w := g.past
	w.lines.TypedShortcut(control(fyne.KeyF))
	w.find.entry.TypedShortcut(control(fyne.KeyW))
	if g.past != nil {
		t.Error("Ctrl+W does not close it")
	}
	g.buddies.list.choose(g.buddies.rowOf(t, "Dave"))
	item(t, g.buddies.window.MainMenu(), "Buddies", "View History").Action()
	if g.past.conv != peer("dave") {
		t.Errorf("the history of %v opens", g.past.conv)
	}
	item(t, g.buddies.window.MainMenu(), "Tools", "History Settings…").Action()
	f.said()
	keep := item(t, g.chats.last.window.MainMenu(), "Options", "Keep a History")
	if !keep.Checked {
		t.Error("it is not checked")
	}
	keep.Action()
	f.has(t, "logging bob@example.org false")
	g.apply([]messenger.Event{messenger.LoggingChanged{Conv: peer("bob")}})
	if item(t, g.chats.last.window.MainMenu(), "Options", "Keep a History").Checked {
		t.Error("it stays checked")
	}
	if o := p.options(); !o[1].IsSeparator {
		t.Error("the menu explains what does not matter")
	}
	g.apply([]messenger.Event{messenger.SealChanged{Conv: peer("bob"), Seal: im.Seal{Level: im.Private}}})
	g.apply([]messenger.Event{messenger.LoggingChanged{Conv: peer("bob")}})
	if o := g.chats.last.window.MainMenu().Items[1].Items; o[1].IsSeparator || usable(o[1]) {
		t.Errorf("%v", o)
	}
	g.apply([]messenger.Event{messenger.CanLockChanged{On: true}})
	g.past.keys.onShortcut(lockShortcut())
	f.has(t, "open bob@example.org", "lock")
	g.apply([]messenger.Event{messenger.Locking{}})
	if g.past != nil {
		t.Error("the history stays on the screen of a locked program")
	}
}

func TestHistoryByKeyboard(t *testing.T) {
	_, _, w := lookingBack(t, peer("bob"))
	w.lists(pastOf("bob", 3, aDay))
	w.gets(pastDays(aDay, 3), false, false)
	if w.meant() != 14 {
		t.Errorf("the keyboard means line %d", w.meant())
	}
	w.lines.TypedRune('x')
	if w.find.entry.Text != "x" || w.window.Canvas().Focused() != fyne.Focusable(w.find.entry) {
		t.Errorf("typed into %q", w.find.entry.Text)
	}
	w.lines.TypedKey(key(desktop.KeyMenu))
	m, ok := w.window.Canvas().Overlays().Top().(*popMenu)
	if !ok || m.levels[0].menu.Items[0].Label != "Delete This Line…" {
		t.Error("no menu for the line")
	}
}
