package gui

import (
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"culver/conversation"
	"culver/im"
	"culver/messenger"
	"culver/plugin"
)

func TestNoticesHaveIconsAndLeadToGuides(t *testing.T) {
	g, f, p := talking(t, messenger.ConversationState{})
	text := im.Text{{Text: "It is now "}, {Text: "Unverified", Link: im.GuideLink("otr", "levels"), Icon: im.Private, HasIcon: true},
		{Text: ", see "}, {Text: "the site", Link: "https://example.org/"}, {Text: " or "}, {Text: "not", Link: "file:///etc/passwd"}}
	for i, kind := range []im.Kind{im.Notice, im.Alarm} {
		g.apply([]messenger.Event{messenger.MessageAdded{Message: im.Message{ID: kindName(i), Conv: peer("bob"), Kind: kind, Text: text, Time: time.Now()}}})
		spans := p.lines.at(i).line.spans
		icon := slices.IndexFunc(spans, func(s span) bool { return s.icon == g.icons.level(im.Private) })
		if icon < 0 || spans[icon+1].text != "Unverified" || spans[icon+1].act == nil || spans[icon+1].link != "" {
			t.Fatalf("%v: %+v", kind, spans)
		}
		spans[icon+1].act()
		f.has(t, "guide otr levels")
		if last := spans[len(spans)-1]; last.link != "" || last.act != nil || spans[icon+3].link != "https://example.org/" {
			t.Errorf("%v: %+v", kind, spans)
		}
		element(t, g, kindLink, "Unverified")
	}
}

func kindName(i int) string { return string(rune('a' + i)) }

// A peer must not be able to show what only Culver says.
func TestPeersCannotImitateNotices(t *testing.T) {
	guide := im.GuideLink("otr", "levels")
	for _, text := range []im.Text{conversation.Links(guide + " " + guide), conversation.Markup(`<a href="` + guide + `">help</a>`),
		conversation.Markup(`<a href='GUIDE:otr/levels'>help</a>`)} {
		for _, s := range text {
			if _, _, ok := im.ParseGuideLink(s.Link); ok || s.HasIcon {
				t.Errorf("%+v", s)
			}
		}
	}
	// And if one came through, from a damaged store for instance:
	l := drawnBy(im.Message{Text: im.Text{{Text: "help", Link: guide, HasIcon: true, Icon: im.Verified}}})
	for _, s := range l.spans {
		if s.link != "" || s.act != nil || s.icon != nil {
			t.Errorf("%+v", s)
		}
	}
	// Line breaks do not reach the gutter, where the marks are.
	tr := shownTranscript(t, &fakeLines{lines: []line{drawnBy(im.Message{Text: im.Plain("a\nb\nc")})}}, fyne.NewSize(400, 300))
	marks := 0
	for _, o := range tr.renderer.inner.Objects {
		if o.Position().X < textLeft() {
			marks++
		}
	}
	if marks != 1 {
		t.Errorf("%d objects in the gutter", marks)
	}
}

func TestEveryMessageIsMarked(t *testing.T) {
	for _, c := range []struct {
		m    im.Message
		want string
	}{
		{im.Message{}, "Not private"},
		{im.Message{Seal: im.Seal{Level: im.Private}}, "Unverified"},
		{im.Message{Seal: im.Seal{Level: im.Verified}}, "Private"},
		{im.Message{Seal: im.Seal{Level: im.Ended}}, "Not private"},
		{im.Message{Out: true, State: im.Sending, Seal: im.Seal{Level: im.Verified}}, "Private"},
		{im.Message{Out: true, State: im.Waiting, Seal: im.Seal{Level: im.Verified}}, "Waiting"},
		{im.Message{Out: true, State: im.Failed}, "Failed"},
		{im.Message{Kind: im.Alarm}, "Warning"},
		{im.Message{Kind: im.Notice, Seal: im.Seal{Level: im.Verified}}, ""},
	} {
		got := drawnBy(c.m).mark
		if got.name != c.want || (got.icon == nil) != (c.want == "") {
			t.Errorf("%+v is marked %q, not %q", c.m, got.name, c.want)
		}
	}
}

func TestMarksTellWhatTheyMean(t *testing.T) {
	source := &fakeLines{lines: []line{drawnBy(im.Message{Text: im.Plain("one"), Seal: im.Seal{Level: im.Verified}}), plainLine("no mark")}}
	tr := shownTranscript(t, source, fyne.NewSize(400, 300))
	at := position(t, tr, 0, 0)
	at.X = transcriptMargin + 2
	move := &desktop.MouseEvent{}
	move.Position = at
	if tr.MouseMoved(move); len(tr.renderer.tip()) != 2 {
		t.Error("no word")
	}
	tr.MouseOut()
	if len(tr.renderer.tip()) != 0 {
		t.Error("the word stays")
	}
	at.Y += float32(tr.rowHeight()) + lineGap
	none := func(at fyne.Position) bool { i, _ := tr.marked(at); return i < 0 }
	if !none(at) || !none(position(t, tr, 0, 3)) {
		t.Error("a word where there is no mark")
	}
}

func TestSubmenusOfPlugins(t *testing.T) {
	actions := []plugin.Action{{ID: "start", Label: "Start"}, {Label: "Sessions", Sub: []plugin.Action{
		{ID: "one", Label: "laptop", Checked: true, HasIcon: true, Icon: im.Verified}, {ID: "two", Label: "phone", Off: true}, {}, {Label: "to read"}}},
		{Label: "impossible", Off: true, Sub: []plugin.Action{{ID: "x", Label: "x"}}}}
	g, f, p := talking(t, messenger.ConversationState{Menus: otrMenu(actions...)})
	bar := g.chats.last.window.MainMenu()
	sub := item(t, bar, "OTR", "Sessions", "laptop")
	if !sub.Checked || sub.Icon == nil {
		t.Errorf("%+v", sub)
	}
	sub.Action()
	f.has(t, "invoke otr bob@example.org one")
	if i := item(t, bar, "OTR", "Sessions", "phone"); !i.Disabled || i.Action != nil {
		t.Errorf("what is not possible can be chosen by the keyboard: %+v", i)
	}
	if i := item(t, bar, "OTR", "impossible"); !i.Disabled || i.ChildMenu != nil {
		t.Errorf("%+v", i)
	}
	p.levels[0].open()
	m := popped(t, g)
	m.TypedKey(key("Down"))
	m.TypedKey(key("Down"))
	m.TypedKey(key("Right"))
	if e := element(t, g, kindMenuItem, "laptop"); e.Value != im.On || !e.Enabled {
		t.Errorf("%+v", e)
	}
	if element(t, g, kindMenuItem, "phone").Enabled || element(t, g, kindMenuItem, "to read").Enabled {
		t.Error("what is not possible looks possible")
	}
	m.TypedKey(key("Return"))
	f.has(t, "invoke otr bob@example.org one")
}

func TestButtonCanBeTakenAway(t *testing.T) {
	menus := otrMenu(plugin.Action{ID: "start", Label: "Start"})
	menus[0].NoButton = true
	g, _, _ := talking(t, messenger.ConversationState{Menus: menus})
	if described(g, kindMenuButton, "Not private") {
		t.Error("the button is there")
	}
	item(t, g.chats.last.window.MainMenu(), "OTR", "Start")
	g.apply([]messenger.Event{messenger.MenusChanged{Conv: peer("bob"), Menus: otrMenu(plugin.Action{ID: "start", Label: "Start"})}})
	element(t, g, kindMenuButton, "Not private")
}

func TestBuddyMenusOfPlugins(t *testing.T) {
	s := friends()
	s.BuddyMenus = []messenger.Menu{{Plugin: "otr", Title: "OTR", Actions: []plugin.Action{{ID: "settings", Label: "OTR settings"}}}}
	g, f := start(t, s)
	g.buddies.popUp(g.buddies.rowOf(t, "Bob"), fyne.NewPos(10, 10))
	element(t, g, kindMenuItem, "OTR settings")
	closePopUps(g.buddies.window.Canvas())
	g.buddies.list.choose(g.buddies.rowOf(t, "Bob"))
	g.buddies.list.TypedKey(key(desktop.KeyMenu))
	element(t, g, kindMenuItem, "OTR settings")
	items := g.buddyItems(peer("bob"))
	if len(items) != 2 || !items[0].IsSeparator {
		t.Fatalf("%+v", items)
	}
	items[1].Action()
	f.has(t, "invoke otr bob@example.org settings")
	g.apply([]messenger.Event{messenger.BuddyMenusChanged{}})
	if len(g.buddyItems(peer("bob"))) != 0 {
		t.Error("the entries stay")
	}
}

func TestLinesComeBackIntoTheEntry(t *testing.T) {
	g, f, p := talking(t, messenger.ConversationState{})
	waiting := im.Message{ID: "y", Conv: peer("bob"), Out: true, Text: im.Plain("dear Bob"), Time: time.Now(), State: im.Waiting}
	edit := func() *fyne.MenuItem {
		return item(t, g.chats.last.window.MainMenu(), "Conversation", "Your Lines", "Edit Unsent Line")
	}
	if i := edit(); !i.Disabled || i.Action != nil {
		t.Error("there is nothing to edit")
	}
	g.apply([]messenger.Event{messenger.MessageAdded{Message: waiting}})
	if edit().Disabled {
		t.Error("it cannot be edited by the keyboard")
	}
	edit().Action()
	f.has(t, "edit y")
	p.entry.SetText("and this")
	g.chats.last.window.Canvas().Unfocus()
	g.apply([]messenger.Event{messenger.MessageRemoved{Conv: peer("bob"), ID: "y"}, messenger.TakenBack{Conv: peer("bob"), Text: "dear Bob"}})
	if p.entry.Text != "dear Bob\nand this" || g.chats.last.window.Canvas().Focused() != p.entry {
		t.Errorf("the entry reads %q", p.entry.Text)
	}
	if !edit().Disabled {
		t.Error("there is nothing left to edit")
	}
	f.said()
	// One that comes when its conversation was closed is not lost.
	g.apply([]messenger.Event{messenger.TakenBack{Conv: peer("carol"), Text: "dear Carol"}})
	f.has(t, "open carol@example.org")
	g.apply([]messenger.Event{messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("carol")}, Focus: true}})
	if got := g.chats.front().entry.Text; got != "dear Carol" {
		t.Errorf("the entry reads %q", got)
	}
}

func TestUnsentLinesByKeyboard(t *testing.T) {
	unsent := func(id string, s im.State) im.Message {
		return im.Message{ID: id, Conv: peer("bob"), Out: true, Text: im.Plain(id), Time: time.Now(), State: s}
	}
	g, f, p := talking(t, messenger.ConversationState{Messages: []im.Message{
		unsent("first", im.Failed), unsent("second", im.Waiting), incoming("in", "bob", "hello")}})
	p.entry.TypedKey(key("Menu"))
	for _, label := range []string{"Edit", "Discard"} {
		element(t, g, kindMenuItem, label)
	}
	if described(g, kindMenuItem, "Send Again") || described(g, kindMenuItem, "Copy") {
		t.Error("the menu is that of another line")
	}
	m := popped(t, g)
	m.TypedKey(key("Down"))
	m.TypedKey(key("Return"))
	f.has(t, "edit second")
	p.lines.sel = selection{true, place{0, 1}, place{0, 1}} // a click on the first
	p.lines.TypedKey(key("Menu"))
	element(t, g, kindMenuItem, "Send Again")
	popped(t, g).close()
	item(t, g.chats.last.window.MainMenu(), "Conversation", "Your Lines", "Discard Unsent Line").Action()
	f.has(t, "discard first")
	second := unsent("second", im.Done)
	g.apply([]messenger.Event{messenger.MessageRemoved{Conv: peer("bob"), ID: "first"}, messenger.MessageChanged{Message: second}})
	p.entry.TypedKey(key("Menu"))
	if len(g.chats.last.window.Canvas().Overlays().List()) != 0 {
		t.Error("a menu of nothing")
	}
}

func TestHelp(t *testing.T) {
	s := friends()
	s.Guides = []messenger.Guide{{Plugin: "otr", Title: "Off-the-Record Messaging"}, {Plugin: "two", Title: "Two"}}
	g, f := start(t, s)
	item(t, g.buddies.window.MainMenu(), "Help", "Contents").Action()
	f.has(t, "guide otr ")
	g.buddies.list.TypedKey(key("F1"))
	f.has(t, "guide otr ")
	g.apply([]messenger.Event{messenger.GuidesChanged{Guides: s.Guides[:1]}})
	item(t, g.buddies.window.MainMenu(), "Help", "Contents").Action()
	f.has(t, "guide otr ")
	g.apply([]messenger.Event{messenger.ConversationOpened{State: messenger.ConversationState{Conv: peer("bob")}, Focus: true}})
	f.said()
	g.chats.front().entry.TypedKey(key("F1"))
	g.chats.front().lines.TypedKey(key("F1"))
	f.has(t, "guide otr ", "guide otr ")
	g.apply([]messenger.Event{messenger.GuidesChanged{}})
	g.buddies.list.TypedKey(key("F1"))
	f.has(t)
	if m := g.buddies.window.MainMenu().Items[3]; len(m.Items) != 3 { // the tour, shortcuts, and what Culver is
		t.Errorf("%+v", m.Items)
	}
}

func TestTheReasonOfWaitingIsToldOnce(t *testing.T) {
	waiting := func(id, reason string) im.Message {
		return im.Message{ID: id, Conv: peer("bob"), Out: true, Text: im.Plain(id), Time: time.Now(), State: im.Waiting, Reason: reason}
	}
	const all = "  Edit  Discard"
	g, _, _ := talking(t, messenger.ConversationState{Messages: []im.Message{waiting("a", "Waiting"), waiting("b", "Waiting")}})
	says := func(want ...string) {
		t.Helper()
		for i := range want {
			want[i] = "alice@example.net: " + want[i] + all
		}
		if got := shownLines(g); !slices.Equal(got, want) {
			t.Errorf("%q\nnot\n%q", got, want)
		}
	}
	says("a", "b\nWaiting")
	g.apply([]messenger.Event{messenger.MessageAdded{Message: waiting("c", "Waiting")}})
	says("a", "b", "c\nWaiting")
	g.apply([]messenger.Event{messenger.MessageChanged{Message: waiting("b", "Waiting until noon")}})
	says("a\nWaiting", "b\nWaiting until noon", "c\nWaiting")
	g.apply([]messenger.Event{messenger.MessageRemoved{Conv: peer("bob"), ID: "b"}})
	says("a", "c\nWaiting")
	g.apply([]messenger.Event{messenger.MessageRemoved{Conv: peer("bob"), ID: "c"}})
	says("a\nWaiting")
}

// A line in the open that breaks into a private conversation is part of the alarm.
func TestWhatTheAlarmIsAboutStandsOut(t *testing.T) {
	ok := im.Seal{Level: im.Verified, By: "otr"}
	alarm := func(s im.Seal) im.Message {
		return im.Message{ID: "alarm", Conv: peer("bob"), Kind: im.Alarm, Text: im.Plain("NOT encrypted"), Time: time.Now(), Seal: s}
	}
	open := incoming("open", "bob", "the code, please")
	sealed := incoming("sealed", "bob", "hello")
	sealed.Seal = ok
	own := open
	own.ID, own.Out = "own", true
	for _, c := range []struct {
		name  string
		lines []im.Message
		want  bool
	}{
		{"in the open", []im.Message{alarm(ok), open}, true},
		{"sealed", []im.Message{alarm(ok), sealed}, false},
		{"the user's own", []im.Message{alarm(ok), own}, false},
		{"where nothing is sealed", []im.Message{alarm(im.Seal{}), open}, false},
		{"without an alarm", []im.Message{sealed, open}, false},
	} {
		_, _, p := talking(t, messenger.ConversationState{Messages: c.lines})
		if got := p.lines.at(1).line; (got.back == colorAlarmBack) != c.want {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

func TestTabsShowWhatIsPrivate(t *testing.T) {
	g, _, p := talking(t, messenger.ConversationState{})
	if p.title().level != nil {
		t.Error("a mark for an ordinary conversation")
	}
	before := g.chats.last.strip.width(0)
	g.apply([]messenger.Event{messenger.SealChanged{Conv: peer("bob"), Seal: im.Seal{Level: im.Private, By: "otr"}}})
	if g.chats.last.strip.tabs[0].level != g.icons.level(im.Private) || g.chats.last.strip.width(0) <= before {
		t.Errorf("%+v", g.chats.last.strip.tabs[0])
	}
}

func TestWhatALineOffersIsNotBroken(t *testing.T) {
	l := line{spans: []span{{text: "a long reason why it was not sent"}, {text: "  ", quiet: true}, {text: "Send again", act: func() {}, quiet: true}}}
	for width := float32(60); width < 400; width += 7 {
		n := 0
		laid := wrapLine(l, width, 16, func(s string, _ im.Style) float32 { return float32(len(s)) * 6 })
		for _, p := range laid.pieces {
			if p.span == 2 {
				n++
			}
		}
		if n != 1 {
			t.Fatalf("%d pieces at %v", n, width)
		}
	}
}

// Text typed while the button has the focus must not reach its menu, where the
// next space and letter would choose something.
func TestTextOnTheButtonIsWritten(t *testing.T) {
	g, _, p := talking(t, messenger.ConversationState{Menus: otrMenu(plugin.Action{ID: "end", Label: "End private conversation"})})
	c := g.chats.last.window.Canvas()
	c.Focus(p.levels[0])
	p.levels[0].TypedRune('t')
	if c.Focused() != p.entry || p.entry.Text != "t" {
		t.Errorf("the entry reads %q", p.entry.Text)
	}
	c.Focus(p.levels[0])
	p.levels[0].TypedKey(key(fyne.KeySpace))
	p.levels[0].TypedRune(' ')
	popped(t, g)
	if p.entry.Text != "t" {
		t.Errorf("the entry reads %q", p.entry.Text)
	}
}

// Shift+F10 opens a menu, and Shift is released there: the entry must not go on
// selecting.
func TestTheMenuKeyLeavesNoSelection(t *testing.T) {
	g, _, p := talking(t, messenger.ConversationState{Messages: []im.Message{
		{ID: "x", Conv: peer("bob"), Out: true, Text: im.Plain("x"), Time: time.Now(), State: im.Failed}}})
	p.entry.KeyDown(&fyne.KeyEvent{Name: desktop.KeyShiftLeft})
	p.entry.TypedKey(key(desktop.KeyMenu))
	popped(t, g).close()
	p.takenBack("dear Bob")
	if s := p.entry.SelectedText(); s != "" {
		t.Errorf("%q is selected", s)
	}
}
