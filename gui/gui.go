package gui

import (
	"context"
	"image"
	"maps"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"

	"culver/accounts"
	"culver/assets"
	"culver/buddylist"
	"culver/emoji"
	"culver/idle"
	"culver/im"
	"culver/internal/queue"
	"culver/messenger"
	"culver/plugin"
)

// GUI is the front end. Make one with [New].
type GUI struct {
	app    fyne.App
	do     func(func())
	now    func() time.Time
	icons  icons
	front  messenger.Front
	screen func() (width, height int)      // see SetScreen; nil: not known
	place  func(fyne.Window) (Place, bool) // see SetPlaces; nil: not known
	rooms  func() []image.Rectangle        // see SetPlaces

	// The replica of what the messenger knows.
	own          ownStatus
	accounts     []accounts.State // in the order in which the user has put them
	accountMenus map[im.AccountID][]plugin.Action
	list         *buddylist.List
	settings     map[string]string
	menus        []messenger.Menu     // what plugins offer for every buddy
	guides       []messenger.Guide    // what there is to read
	transfers    []messenger.Transfer // in the order in which they began
	deposits     []im.AccountID       // from which files can be sent to anybody

	invitations []messenger.Invitation

	buddies   *buddyWindow
	chats     *chats
	past      *historyWindow // nil: not open
	forms     map[messenger.DialogID]*formWindow
	asked     []*formWindow // all open forms, those of [GUI.Ask] included
	trouble   *formWindow
	ships     *formWindow // the list of transfers
	hush      hush        // after a form that closed by itself
	active    fyne.Window // the window with the keyboard, nil if none of ours
	system    System
	heeds     map[im.ConvID]messenger.Heed
	emojis    []emoji.Emoji // those used last
	tray      tray
	inspected chan struct{} // closed when the socket of ServeInspect is to go; nil without one
	canLock   bool
	busy      bool // something goes on that locking would end
	idle      idle.Watch
	inactive  bool          // what the messenger was told of the user
	resting   bool          // and whether they are idle
	began     time.Time     // from when on idle counts
	passed    time.Duration // what pass has added to both clocks of idle
	shownAt   time.Time     // when a window came up last
	inChats   bool          // the user was in the conversations when it was locked
	inPast    bool          // or in the history
	minimized bool          // the Buddy List is to begin behind the icon beside the clock
	waiting   bool          // it waits for a place for that
	detached  bool          // locked: there is no messenger to show anything of
	stopped   bool
}

// New makes the front end on app. do runs a function on the toolkit's goroutine:
// fyne.Do in production. New, Ask and the methods of the Dialog it returns belong
// to that goroutine; until app.Run was called, to the main one.
func New(app fyne.App, do func(func())) *GUI {
	g := &GUI{
		app: app, do: do, now: time.Now, icons: newIcons(),
		list: buddylist.New(), settings: map[string]string{}, forms: map[messenger.DialogID]*formWindow{},
		system: noSystem{},
	}
	app.SetIcon(g.icons[assets.App])
	app.Settings().SetTheme(newLook(wish{zoom: 100}))
	app.Lifecycle().SetOnExitedForeground(func() { g.active = nil })
	// The toolkit ends when its last window closes. This one is made at once and
	// shown later, so that the windows before it may come and go.
	g.buddies = newBuddyWindow(g)
	g.chats = newChats(g)
	return g
}

// Ask shows a form that is not the messenger's: before there is one, for
// instance. The form stays until the Dialog is closed, but for one without a
// Cancel button that the user closed.
func (g *GUI) Ask(f plugin.Form, answered func(plugin.Answers)) plugin.Dialog {
	w := newFormWindow(g, f, answered)
	g.showForm(w)
	return w
}

// Attach connects the front end to the messenger and opens the Buddy List with
// the first events. Any goroutine may call it: once, and once more each time that
// locked was called, with another messenger. Locked is called on the toolkit's
// goroutine when the messenger has stopped because it was locked. By then nothing of
// it is on the screen, and everything is forgotten.
func (g *GUI) Attach(front messenger.Front, locked func()) {
	go g.pump(front, front.Subscribe(), locked)
}

// pump hands batches of events to the toolkit's goroutine, until Stopped. It
// waits for each to be shown: what comes meanwhile is one batch, drawn once.
func (g *GUI) pump(front messenger.Front, events *queue.Queue[messenger.Event], locked func()) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	g.do(func() {
		g.front, g.detached = front, false
		g.idle, g.began, g.inactive, g.resting = idle.Watch{}, g.now(), false, false
		go g.watchIdle(ctx)
	})
	for {
		batch, ok := events.Take(ctx)
		if !ok {
			return
		}
		last := slices.ContainsFunc(batch, func(e messenger.Event) bool { _, ok := e.(messenger.Stopped); return ok })
		if last {
			front.Unsubscribe(events)
		}
		shown := make(chan struct{})
		g.do(func() {
			defer close(shown)
			g.apply(batch)
			if s, ok := batch[len(batch)-1].(messenger.Stopped); ok && s.Locked && locked != nil {
				locked()
			}
		})
		<-shown
		if last {
			return
		}
	}
}

// dirt says what is to be drawn again after a batch.
type dirt struct {
	list, strips, menu, status, transfers bool
	pages                                 map[im.ConvID]bool
}

// apply changes the replica, and draws once.
func (g *GUI) apply(batch []messenger.Event) {
	d := dirt{pages: map[im.ConvID]bool{}}
	for _, e := range batch {
		if g.over() {
			return
		}
		g.applyOne(e, &d)
	}
	if g.over() {
		return
	}
	if d.list || d.strips {
		g.buddies.drawRows()
	}
	if d.strips {
		g.buddies.drawStrips()
	}
	if d.menu {
		g.buddies.drawMenu()
	}
	if d.status {
		g.buddies.drawStatus()
	}
	if d.transfers {
		g.drawTransfers()
	}
	g.chats.draw(d)
	if d.menu || d.status || len(d.pages) > 0 {
		g.drawTray()
	}
}

func (g *GUI) applyOne(e messenger.Event, d *dirt) {
	switch e := e.(type) {
	case messenger.Snapshot:
		g.start(e)
		*d = dirt{true, true, true, true, true, d.pages}
	case messenger.AccountChanged:
		i := slices.IndexFunc(g.accounts, func(s accounts.State) bool { return s.Account.ID == e.State.Account.ID })
		if i < 0 {
			g.accounts = append(g.accounts, e.State)
		} else {
			g.accounts[i] = e.State
		}
		d.strips, d.menu, d.status = true, true, true
		g.chats.accountChanged(e.State.Account.ID, d)
	case messenger.AccountRemoved:
		g.accounts = slices.DeleteFunc(g.accounts, func(s accounts.State) bool { return s.Account.ID == e.Account })
		d.strips, d.menu, d.status = true, true, true
	case messenger.AccountMenusChanged:
		g.arrangeAccounts(e)
		d.menu, d.strips = true, true
	case messenger.PresenceWished, messenger.StatusesChanged, messenger.IdleChanged, messenger.OwnPictureChanged:
		g.own.apply(e)
		d.status = true
	case messenger.BuddyListChanged:
		g.list.Apply(e.Change)
		d.list = true
		g.chats.listChanged(e.Change, d)
	case messenger.ConversationOpened:
		g.chats.open(e.State, e.Focus)
		d.pages[e.State.Conv] = true
		if g.past != nil {
			g.past.happened() // it may have opened because of a line
		}
	case messenger.ConversationClosed:
		g.chats.close(e.Conv)
	case messenger.MessageAdded:
		g.chats.added(e.Message)
		if g.past != nil {
			g.past.happened()
		}
		d.pages[e.Message.Conv] = true
	case messenger.MessagePlaced:
		if p := g.chats.find(e.Message.Conv); p != nil {
			p.placed(e.Message)
		}
		if g.past != nil {
			g.past.happened()
		}
		d.pages[e.Message.Conv] = true
	case messenger.MessageChanged:
		if p := g.chats.find(e.Message.Conv); p != nil {
			p.changed(e.Message)
		}
		if g.past != nil {
			g.past.changed(e.Message)
		}
		d.pages[e.Message.Conv] = true
	case messenger.MessageRemoved:
		if p := g.chats.find(e.Conv); p != nil {
			p.removed(e.ID)
		}
		if g.past != nil {
			g.past.removed(e.Conv, e.ID)
		}
		d.pages[e.Conv] = true
	case messenger.OlderLines:
		if p := g.chats.find(e.Conv); p != nil {
			p.olderLines(e)
		}
	case messenger.LoggingChanged:
		if p := g.chats.find(e.Conv); p != nil {
			p.logging = e.On
			d.pages[e.Conv] = true
		}
	case messenger.TellingChanged:
		if p := g.chats.find(e.Conv); p != nil {
			p.telling = e.Telling
			d.pages[e.Conv] = true
		}
	case messenger.PastsListed, messenger.DaysListed, messenger.LinesFound, messenger.HitsFound, messenger.Erased:
		if g.past != nil {
			g.past.answered(e)
		}
	case messenger.SealChanged:
		g.chats.sealed(e.Conv, e.Seal)
	case messenger.MenusChanged:
		g.chats.menus(e.Conv, e.Menus)
	case messenger.BuddyMenusChanged:
		g.menus = e.Menus
	case messenger.GuidesChanged:
		g.guides = e.Guides
		d.menu = true
	case messenger.Suggested:
		if p := g.chats.find(e.Conv); p != nil {
			p.suggested(e.Text)
		}
	case messenger.TakenBack:
		if e.Corrects == "" || !g.chats.correctAgain(e.Conv, e.Corrects, e.Text) {
			g.chats.takenBack(e.Conv, e.Text)
		}
	case messenger.DialogOpened:
		g.dialogOpened(e)
	case messenger.DialogUpdated:
		if w, ok := g.forms[e.ID]; ok {
			w.Update(e.Form)
		}
	case messenger.DialogClosed:
		if w, ok := g.forms[e.ID]; ok {
			w.Close()
		}
	case messenger.SettingChanged:
		g.settings[e.Key] = e.Value
		g.settingChanged(e.Key)
		g.chats.settingChanged(e.Key, d)
		d.list, d.menu = true, true
	case messenger.RoomChanged:
		g.chats.roomChanged(e, d)
	case messenger.InvitationsChanged:
		g.invitations = e.Invitations
		d.strips = true
	case messenger.Attention:
		g.attention(e)
		d.pages[e.Conv] = true
	case messenger.HeedChanged:
		g.heeds[e.Conv] = e.Heed
		d.pages[e.Conv] = true
	case messenger.SoundPlayed:
		g.played(e)
	case messenger.Trouble:
		g.showTrouble(e.Text)
	case messenger.CanLockChanged:
		g.canLock = e.On
		d.menu = true
		g.chats.drawMenus()
	case messenger.SendingChanged:
		if p := g.chats.find(e.Conv); p != nil {
			p.files = e.On
			d.pages[e.Conv] = true
		}
	case messenger.DepositsChanged:
		g.deposits = e.Accounts
	case messenger.TransferChanged:
		g.transferChanged(e.Transfer, d)
	case messenger.TransferRemoved:
		g.transferRemoved(e.ID, d)
	case messenger.BusyChanged:
		g.busy = e.On
	case messenger.Locking:
		g.detach()
	case messenger.Stopped:
		if e.Locked {
			g.detach()
		} else {
			g.stop()
		}
	}
}

// start takes over all there is.
func (g *GUI) start(s messenger.Snapshot) {
	g.own = newOwnStatus(s)
	g.accounts = slices.Clone(s.Accounts)
	g.arrangeAccounts(s.AccountMenus)
	g.list = buddylist.New()
	for _, e := range s.Buddies {
		g.list.Apply(e)
	}
	g.menus, g.guides, g.canLock, g.busy = s.BuddyMenus, s.Guides, s.CanLock, s.Busy
	g.transfers, g.deposits = slices.Clone(s.Transfers), s.Deposits
	g.invitations, g.heeds = s.Invitations, maps.Clone(s.Heeds)
	if g.heeds == nil {
		g.heeds = map[im.ConvID]messenger.Heed{}
	}
	g.settings = map[string]string{}
	for k, v := range s.Settings {
		g.settings[k] = v
	}
	g.dress()
	g.settingChanged(settingCollapsed)
	if !guided(s.Dialogs) {
		g.showList()
	}
	g.startWindows(s)
	for _, d := range s.Dialogs {
		g.dialogOpened(d)
	}
}

// startWindows opens the history and the conversations that were open when the program
// was locked, or that lines wait in: behind the Buddy List, unless the user left it for
// them. No form comes back: nobody is to find one that somebody else began to fill in.
func (g *GUI) startWindows(s messenger.Snapshot) {
	if !s.Past.IsZero() {
		g.showHistory(s.Past)
	}
	for _, c := range s.Conversations {
		g.chats.open(c, false)
	}
	if p := g.chats.find(s.Front); p != nil {
		p.window.pick(slices.Index(p.window.pages, p))
	}
	switch {
	case g.inPast && g.past != nil:
		g.past.window.RequestFocus()
	case g.inChats && len(s.Conversations) > 0:
		g.chats.last.show(true)
	case g.past != nil || len(s.Conversations) > 0:
		g.buddies.window.RequestFocus()
	}
}

func (g *GUI) dialogOpened(e messenger.DialogOpened) {
	if w, ok := g.forms[e.ID]; ok {
		w.Update(e.Form)
		if e.Form.Front >= 0 && e.Form.Aside {
			w.selectTab(e.Form.Front)
		}
		w.window.RequestFocus()
		return
	}
	owner := g.ownerOf(e.Conv, e.Form.Quiet)
	w := newFormWindow(g, e.Form, func(a plugin.Answers) { g.front.Answer(e.ID, a) })
	g.forms[e.ID] = w
	w.placeBeside(owner)
	g.showForm(w)
}

// showForm brings a form on the screen. A quiet one gives the keyboard back to
// where it was.
func (g *GUI) showForm(w *formWindow) {
	g.asked = append(g.asked, w)
	before := g.active
	g.cameUp()
	w.window.Show()
	if w.form.Quiet {
		w.guard(before)
	}
	if !w.form.Quiet || before == nil {
		return
	}
	// The window manager gives the keyboard to a new window some time later.
	time.AfterFunc(refocusAfter, func() {
		g.do(func() {
			if !w.closed && !w.touched && g.active != w.window {
				before.RequestFocus()
			}
		})
	})
}

const refocusAfter = 250 * time.Millisecond

// formClosed forgets a form.
func (g *GUI) formClosed(w *formWindow) {
	for id, other := range g.forms {
		if other == w {
			delete(g.forms, id)
		}
	}
	g.asked = slices.DeleteFunc(g.asked, func(other *formWindow) bool { return other == w })
	if g.active == w.window {
		g.active = nil
	}
	if g.trouble == w {
		g.trouble = nil
	}
	if g.ships == w {
		g.ships = nil
	}
	g.guideClosed(w)
}

func (g *GUI) settingChanged(key string) {
	switch key {
	case settingTheme, messenger.SettingContrast, messenger.SettingZoom:
		g.dress()
	case settingCollapsed:
		g.buddies.view.Collapsed = map[string]bool{}
		for name := range strings.SplitSeq(g.settings[settingCollapsed], "\n") {
			if name != "" {
				g.buddies.view.Collapsed[name] = true
			}
		}
	}
}

// later runs f on the toolkit's goroutine after what runs there now.
func (g *GUI) later(f func()) { go g.do(f) }

// quit asks the messenger to sign off: it may ask back. The program ends at Stopped.
func (g *GUI) quit() {
	g.chats.keepDrafts()
	g.keepSizes()
	g.front.Quit()
}

// stop takes all windows away and ends the toolkit.
func (g *GUI) stop() {
	g.stopped = true
	if g.inspected != nil {
		close(g.inspected)
	}
	for _, w := range slices.Clone(g.asked) {
		w.Close()
	}
	if g.past != nil {
		g.past.close()
	}
	g.chats.shut()
	g.noTray()
	g.buddies.shut()
	g.app.Quit()
}
