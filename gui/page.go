package gui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"culver/accounts"
	"culver/assets"
	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/messenger"
)

// page is one conversation: one tab of the conversation window.
type page struct {
	gui    *GUI
	window *chatWindow // where it is now
	keys   *keys
	conv   im.ConvID

	timeline  *conversation.Timeline
	seal      im.Seal
	kind      im.ConvKind
	room      *roomPane // of a room; nil: it is with one person
	aside     *sealNote // of a conversation within a room; nil: it is none
	asideNick string    // what the user is called there, as far as known
	unread    int
	named     int // of unread, those that name the user
	typing    im.Typing
	pending   map[string]bool // our lines that wait or failed
	menus     []messenger.Menu

	head    *pageHead
	lines   *transcript
	foot    *footText // what the peer does at the keyboard
	entry   *sendEntry
	buttons *fyne.Container
	levels  []*menuButton   // one for each of menus
	bars    *fyne.Container // between the lines and the entry
	tools   *fyne.Container // right above the entry
	format  *formatBar      // nil: not shown yet
	linking *formWindow     // asks for a link
	finder  *findBar        // nil: not open
	sought  string          // what was looked for last
	box     *fyne.Container

	fresh   newLines
	news    int  // how often the user was notified while they looked elsewhere
	counted bool // the title of the window says how much of it there is

	mending correcting // the line that is being corrected
	begun   bool       // something stands in the entry
	began   im.Level   // how well the conversation was protected when that began

	older   bool // the history has lines above the first
	loading bool // they are on their way
	slow    bool // for long
	begins  bool // the user went up to the beginning of the history
	logging bool // what is not private is kept
	files   bool // files can be sent
	telling messenger.Telling

	drafted string      // what the messenger has as unsent
	drafts  *time.Timer // until it is told of the rest

	remarks   int        // to the user alone: see here
	completed completion // of a command

	told  im.Typing // what the peer was told of the user's typing
	pause *time.Timer
}

func newPage(w *chatWindow, s messenger.ConversationState) *page {
	g := w.gui
	p := &page{gui: g, window: w, conv: s.Conv, timeline: conversation.NewTimeline(s.Messages), seal: s.Seal, kind: s.Kind, unread: s.Unread,
		pending: map[string]bool{}, older: s.Older, logging: s.Logging, telling: s.Telling, files: s.CanSendFiles}
	_, p.named = g.list.Unread(s.Conv)
	for _, m := range s.Messages {
		p.track(m)
	}
	source := &chatLines{
		timeline: p.timeline, icons: g.icons, above: p.above,
		stamp:  func(t time.Time) string { return stamp(t, g.now(), g.settings[settingTimes]) },
		styled: func() bool { return g.shows(settingFormatting) },
		name:   func() string { return g.name(p.conv) },
		self:   func() string { return g.self(p.conv.Account) },
		acts: lineActs{
			again:   func(id string) { g.front.Retry(p.conv, id) },
			discard: func(id string) { g.front.Discard(p.conv, id) },
			edit:    p.edit,
			guide:   func(id, page string) { g.front.ShowGuide(id, page) },
		},
	}
	p.keys = &keys{
		hushed: g.hushed, used: g.used, typed: func(e *fyne.KeyEvent) bool { return p.key(e) },
		shortcut: func(s fyne.Shortcut) bool { return p.window.shortcut(s) },
		lost:     func() { g.later(func() { p.window.refocus() }) },
		focused:  func() { p.window.focused() },
		tips:     func() *tips { return p.window.tips },
		panes:    p.panes,
	}
	p.lines = newTranscript(source, p.keys)
	p.lines.linked = func(link string) { g.follow(p.conv.Account, link) }
	source.transferOf, source.transferActs = g.transferOf, g.transferActs()
	source.mending = func() string { return p.mending.id }
	p.lines.extra = p.lineMenu
	p.lines.line = p.unsent
	p.lines.ended = p.seen
	p.lines.landmark, p.lines.met = p.landmark, p.metNew
	p.lines.edges = p.nearEdge
	p.lines.typed = p.write
	k := *p.keys
	k.relaid = func() { p.box.Refresh() }
	p.entry = newSendEntry(&k, p.send)
	p.entry.scroll = p.lines.TypedKey
	p.entry.menu = p.lines.menuByKey
	p.entry.up, p.entry.down, p.entry.escape = p.up, p.down, p.escape
	p.entry.complete, p.entry.offers = p.complete, p.canComplete
	p.entry.OnChanged = p.typed
	p.head = newPageHead()
	p.head.about, p.head.menu, p.head.keys = p.headTip, p.headItems, p.keys
	p.foot = newFootText()
	p.buttons = container.NewHBox()
	bar := fyne.CanvasObject(container.New(&footLayout{}, p.foot, p.buttons))
	var head, middle fyne.CanvasObject = p.head, p.lines
	switch s.Kind {
	case im.InRoom:
		p.room = newRoomPane(p, s.Room)
		source.room = p.room.drawnBy()
		head, middle, bar = p.room.head, p.room.middle, p.room.foot
	case im.InAside:
		p.foot.Hide()
		p.aside = newSealNote(g.icons, asideNotPrivate())
		source.self = p.asideSelf
		bar = container.NewVBox(p.foot, p.aside)
	}
	p.bars, p.tools = container.NewStack(), container.NewStack()
	below := container.New(layout.NewCustomPaddedVBoxLayout(0), p.bars, p.tools, container.NewPadded(container.NewBorder(nil, bar, nil, nil, p.entry)))
	p.box = container.NewBorder(head, below, nil, nil, middle)
	p.setMenus(s.Menus)
	p.newAtStart(s.Unread)
	p.draw()
	p.restore(s)
	return p
}

// write takes a character that was typed elsewhere: whoever types means to write.
func (p *page) write(r rune) {
	p.window.window.Canvas().Focus(p.entry)
	p.entry.TypedRune(r)
}

// send hands the text over. The messenger keeps it from here on, and shows the
// line, whatever comes of it.
func (p *page) send(text string) {
	if id := p.mending.id; id != "" {
		p.gui.front.Correct(p.conv, id, text, p.began)
		p.told = im.TypingActive
		p.corrected()
		return
	}
	say, done := p.obey(text)
	if done {
		return
	}
	p.stopDraft()
	p.drafted = "" // the messenger forgets it with that
	p.gui.front.Send(p.conv, say, p.began)
	p.told = im.TypingActive // the message says so
	p.entry.done(text)
	p.newFrom("")
	p.lines.toEnd()
}

// edit takes a line that was not sent back: its text comes as takenBack.
func (p *page) edit(id string) { p.gui.front.Edit(p.conv, id) }

// takenBack puts text into the entry, in front of what is typed there. A correction that
// has begun is given up.
func (p *page) takenBack(text string) {
	if p.mending.id != "" {
		p.corrected()
	}
	if p.entry.Text != "" {
		text += "\n" + p.entry.Text
	}
	p.entry.set(text)
	p.window.window.Canvas().Focus(p.entry)
}

// track notes whether a line is one that was not sent.
func (p *page) track(m im.Message) {
	if unsent(m) {
		p.pending[m.ID] = true
	} else {
		delete(p.pending, m.ID)
	}
}

// unsent is the line that the keyboard means by "the unsent line": the one that
// was clicked last, else the last one; -1 if there is none.
func (p *page) unsent() int {
	is := func(i int) bool { return p.pending[p.timeline.At(i).ID] }
	if len(p.pending) == 0 {
		return -1
	}
	if i := p.lines.sel.at.line; p.lines.sel.on && i < p.timeline.Len() && is(i) {
		return i
	}
	for i := p.timeline.Len() - 1; i >= 0; i-- {
		if is(i) {
			return i
		}
	}
	return -1
}

// lineMenu is what the right button offers for a line beside copying.
func (p *page) lineMenu(i int) []*fyne.MenuItem {
	m := p.timeline.At(i)
	if p.room != nil && m.Kind == im.Chat && !m.Out {
		return p.gui.occupantItems(p.conv, m.From.Resource)
	}
	if t, ok := p.gui.transferOf(m.ID); ok {
		return p.gui.transferItems(t)
	}
	edit := fyne.NewMenuItem(lang.T("Edit"), func() { p.edit(m.ID) })
	discard := fyne.NewMenuItem(lang.T("Discard"), func() { p.gui.front.Discard(p.conv, m.ID) })
	switch {
	case p.correctable(i):
		return []*fyne.MenuItem{p.correctItem(m)}
	case !m.Out:
		return nil
	case m.State == im.Failed:
		again := fyne.NewMenuItem(lang.T("Send Again"), func() { p.gui.front.Retry(p.conv, m.ID) })
		return []*fyne.MenuItem{again, edit, discard}
	case m.State == im.Waiting:
		return []*fyne.MenuItem{edit, discard}
	}
	return nil
}

// added shows one more line.
func (p *page) added(m im.Message) {
	if _, ok := p.timeline.Find(m.ID); ok {
		p.changed(m)
		return
	}
	p.timeline.Add(m)
	p.track(m)
	p.lines.appended()
	p.newLine(m)
	p.around(p.timeline.Len() - 1)
	if p.finder != nil {
		p.finder.added()
	}
}

// placed shows one more line where its time says.
func (p *page) placed(m im.Message) {
	if _, ok := p.timeline.Find(m.ID); ok {
		p.changed(m)
		return
	}
	i := p.timeline.Place(m)
	p.track(m)
	if i == p.timeline.Len()-1 {
		p.lines.appended()
	} else {
		p.lines.inserted(i)
	}
	p.around(i)
	p.refind()
}

func (p *page) changed(m im.Message) {
	if p.timeline.Change(m) {
		p.track(m)
		i := p.timeline.Index(m.ID)
		p.lines.changed(i)
		p.around(i)
		p.refind()
	}
}

func (p *page) removed(id string) {
	i := p.timeline.Index(id)
	if id == p.mending.id {
		p.mending = correcting{} // it is a line of its own then
		p.draw()
	}
	if i >= 0 && p.timeline.Remove(id) {
		delete(p.pending, id)
		p.lines.removed(i)
		p.around(i)
		p.refind()
	}
}

// around draws the line above place i anew if it may look different now: see
// [neighbours].
func (p *page) around(i int) {
	if i > 0 && i <= p.timeline.Len() && p.pending[p.timeline.At(i-1).ID] {
		p.lines.changed(i - 1)
	}
}

// replace takes over the state of a conversation that is opened again.
func (p *page) replace(s messenger.ConversationState) {
	p.seal = s.Seal
	p.older, p.logging, p.telling, p.files = s.Older, s.Logging, s.Telling, s.CanSendFiles
	p.setUnread(s.Unread)
	for _, m := range s.Messages {
		p.added(m)
	}
	p.setMenus(s.Menus)
	if p.room != nil {
		p.room.replace(s.Room)
	}
	p.draw()
}

// key is what keys do anywhere in the page that nothing else has a use for.
func (p *page) key(e *fyne.KeyEvent) bool {
	if e.Name == fyne.KeyF2 {
		p.rename()
		return true
	}
	return p.findKey(e) || p.gui.helpKey(e)
}

// inFront reports that the user looks at this page.
func (p *page) inFront() bool {
	return p.window.front() == p && p.gui.active == p.window.window
}

// setUnread takes how many lines the user did not see yet. Once there are none,
// whether to count the next ones is decided anew.
func (p *page) setUnread(n int) {
	p.unread = n
	if n == 0 {
		p.looked() // on another device, for instance
	}
	p.counted = p.counted && n > 0
}

// seen tells the messenger that the conversation was read to its end.
func (p *page) seen() {
	if !p.inFront() || !p.lines.atEnd() {
		return
	}
	p.looked()
	p.fresh.passed = true
	if p.unread > 0 {
		p.setUnread(0)
		p.gui.front.Read(p.conv)
		p.window.titles()
	}
}

// draw shows all that is not in the transcript.
func (p *page) draw() {
	g := p.gui
	p.drawFormatBar()
	if p.finder != nil {
		p.finder.recount()
	}
	if p.room != nil {
		p.room.draw()
		return
	}
	presence, _ := g.list.Presence(p.conv)
	status, icon := presence.Show.String(), g.icons.presence(presence.Show)
	if room, nick, ok := im.SplitAside(p.conv); ok {
		o, there := g.roomOf(room).Occupant(nick)
		icon, status = g.icons.role(o.Role), lang.T("For the two of you alone")
		if !there {
			icon, status = g.icons.presence(im.Offline), lang.T("Not in the room now")
		}
	} else if text := oneLine(presence.Status, 300); text != "" {
		status += " - " + text
	}
	via := p.gui.via(p.conv.Account)
	p.head.set(icon, g.name(p.conv), status, via)
	p.head.show(g.list.Picture(p.conv))
	text := ""
	switch p.typing {
	case im.TypingComposing:
		text = lang.F("%s is typing…", g.name(p.conv))
	case im.TypingPaused:
		text = lang.F("%s has stopped typing", g.name(p.conv))
	}
	p.drawFoot(text)
	p.drawButtons()
}

// drawFoot says below the entry what the peer does, unless the user corrects a line. Where
// a seal note stands, there is a line for that only while it is needed.
func (p *page) drawFoot(text string) {
	if p.mending.id != "" {
		text = lang.T("You correct what you sent. Escape leaves it as it was.")
	}
	p.foot.set(text)
	if hidden := text == ""; p.kind != im.WithPerson && hidden != p.foot.Hidden {
		p.foot.Hidden = hidden
		p.box.Refresh()
	}
}

// setMenus takes the plugins' menus, each of which gets a button.
func (p *page) setMenus(menus []messenger.Menu) {
	p.menus = menus
	for len(p.levels) < len(menus) {
		i := len(p.levels)
		p.levels = append(p.levels, newMenuButton(p.keys, func() *fyne.Menu {
			if i >= len(p.menus) {
				return nil
			}
			return p.gui.pluginMenu(p.conv, p.menus[i])
		}))
		p.levels[i].typed = p.write
		p.levels[i].about = func() tip { return p.levelTip(i) }
	}
	p.buttons.Objects = []fyne.CanvasObject{layout.NewSpacer()}
	for i, m := range menus {
		if !m.NoButton {
			p.buttons.Objects = append(p.buttons.Objects, p.levels[i])
		}
	}
	p.drawButtons()
	p.buttons.Refresh()
}

// drawButtons shows how well the conversation is protected on the button of the
// plugin that vouches for it; others show their names.
func (p *page) drawButtons() {
	a, known := p.gui.account(p.conv.Account)
	vouching := 0
	for i, m := range p.menus {
		if p.seal.By != "" && p.seal.By == m.Plugin {
			vouching = i
		}
	}
	for i, m := range p.menus {
		b := p.levels[i]
		if i == vouching {
			l := p.seal.Level
			b.set(p.gui.icons.level(l), l.String(), levelColor(l))
		} else {
			b.set(nil, oneLine(m.Title, 30), theme.ColorNameForeground)
		}
		setDisabled(b, known && a.Status != accounts.Online)
	}
}

// name is who it is with, and over which account if another page would be called the same.
func (p *page) name() string {
	name := p.gui.name(p.conv)
	twins := false
	p.gui.chats.each(func(other *page) {
		twins = twins || other.conv.Account != p.conv.Account && p.gui.name(other.conv) == name
	})
	if twins {
		name += " " + p.gui.via(p.conv.Account)
	}
	return name
}

// title is what the page's tab shows.
func (p *page) title() tabTitle {
	presence, _ := p.gui.list.Presence(p.conv)
	t := tabTitle{text: p.name(), icon: p.gui.icons.presence(presence.Show)}
	switch {
	case p.room != nil:
		return p.room.title(t)
	case p.kind == im.InAside:
		t.icon = p.gui.icons[assets.RoleParticipant]
	}
	if p.seal.Level != im.Open {
		t.level = p.gui.icons.level(p.seal.Level)
	}
	switch p.typing {
	case im.TypingComposing:
		t.colour = colorLevelVerified
	case im.TypingPaused:
		t.colour = colorLevelPrivate
	}
	if p.unread > 0 {
		t.text = unreadTitle(t.text, p.unread)
		t.strong = true
		t.colour = theme.ColorNamePrimary
	}
	return t
}
