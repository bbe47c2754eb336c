package gui

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"culver/assets"
	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/messenger"
)

// roomPane is what a page has for a room, beside what it has for everybody: what the room
// is about, who is there, and who can read along.
type roomPane struct {
	page  *page
	known *conversation.Room
	nick  string // the user's own there, safe to show; stays when they are outside
	hid   string // the warnings that the user has put away

	bar    *pageHead // the name, and what the room is about
	more   *menuButton
	count  *pushButton // how many are there; shows and hides them
	strips *fyne.Container
	drawn  []roomStrip
	offers []*pushButton
	head   fyne.CanvasObject
	people *peoplePane
	split  *sideSplit
	middle fyne.CanvasObject
	seal   *sealNote
	foot   fyne.CanvasObject

	completed completion

	stirs    map[string]*stir
	stirred  int    // how many there were
	stirring string // the line that says who came and went last; empty: there is none
	renamed  string // who comes in next under this nick only changed it
	news     []coming
	fresh    bool      // the list of people is as drawn
	drawnAt  time.Time // when it was drawn
	waiting  bool      // it will be drawn again
}

// The settings of rooms on the screen.
const (
	settingPeople = messenger.SettingPeople
	settingStirs  = messenger.SettingComings
	settingWide   = messenger.SettingPeopleWide
)

// asideNotPrivate is what NotPrivate is for a conversation with one occupant alone.
func asideNotPrivate() string {
	return lang.T("Not private: the room's server can read. Whoever takes this name later may be somebody else.")
}

func newRoomPane(p *page, events []conversation.RoomEvent) *roomPane {
	r := &roomPane{page: p, known: conversation.NewRoom(), stirs: map[string]*stir{}}
	for _, e := range events {
		r.known.Apply(e)
	}
	r.noteNick()
	k := p.keys
	r.bar = p.head
	r.more = newMenuButton(k, func() *fyne.Menu { return fyne.NewMenu("", p.gui.roomItems(p.conv)...) })
	r.more.typed = p.write
	r.more.set(nil, lang.T("Room"), theme.ColorNameForeground)
	r.count = newPushButton(k, "", r.togglePeople)
	r.strips = container.NewVBox()
	r.bar.bare = true // the line goes on below the buttons
	buttons := container.NewHBox(container.NewCenter(r.count), container.NewCenter(r.more))
	r.head = container.New(layout.NewCustomPaddedVBoxLayout(0), container.NewBorder(nil, nil, nil, buttons, r.bar),
		newBackdrop(theme.ColorNameSeparator), r.strips)
	r.people = newPeoplePane(r)
	r.split = newSideSplit(p.lines, r.people.box, func(w float32) { p.gui.front.SetSetting(settingWide, fmt.Sprint(int(w))) })
	r.middle = r.split
	r.seal = newSealNote(p.gui.icons, conversation.NotPrivate())
	p.foot.Hide()
	r.foot = container.NewVBox(p.foot, r.seal)
	return r
}

// replace takes over the state of a room whose conversation is opened again.
func (r *roomPane) replace(events []conversation.RoomEvent) {
	for _, e := range events {
		r.known.Apply(e)
	}
	r.news, r.fresh = nil, false
	r.noteNick()
}

// change takes what is new of the room. It is drawn with the batch.
func (r *roomPane) change(e conversation.RoomEvent) {
	switch e := e.(type) {
	case conversation.OccupantHere:
		_, there := r.known.Occupant(e.Occupant.Nick)
		if !there && !e.Occupant.Own && !r.crowded() && e.Occupant.Nick != r.renamed {
			r.news = append(r.news, coming{name: e.Occupant.Name, came: true})
		}
		if e.Occupant.Nick == r.renamed {
			r.renamed = ""
		}
		r.fresh = false
	case conversation.OccupantGone:
		if o, there := r.known.Occupant(e.Nick); there && !o.Own && !e.Told && !r.crowded() {
			r.news = append(r.news, coming{name: o.Name})
		}
		if e.Renamed != "" {
			r.renamed = e.Renamed
		}
		r.fresh = false
	case conversation.OccupantIgnored:
		r.fresh = false
	case conversation.RoomEntered, conversation.RoomPlace:
		r.news, r.renamed, r.fresh = nil, "", false
	}
	r.known.Apply(e)
	r.noteNick()
}

func (r *roomPane) noteNick() {
	if r.known.Nick != "" {
		r.nick = conversation.Name(r.known.Nick)
	}
}

// own is what the user is called there.
func (r *roomPane) own() string {
	return cmp.Or(oneLine(r.nick, 60), r.page.gui.self(r.page.conv.Account))
}

func (r *roomPane) drawnBy() *roomLines {
	return &roomLines{nick: r.own, whole: r.unfold, stirs: func(id string) (stir, bool) {
		if s, ok := r.stirs[id]; ok {
			return *s, true
		}
		return stir{}, false
	}}
}

func (r *roomPane) showsPeople() bool { return r.page.gui.shows(settingPeople) }
func (r *roomPane) showsStirs() bool  { return r.page.gui.shows(settingStirs) }

// crowded reports that so many are in the room that nobody wants to read who comes and goes.
func (r *roomPane) crowded() bool { return r.known.Len() > stirredMost }

const stirredMost = 100

func (r *roomPane) toggle(setting string, shown bool) {
	r.page.gui.front.SetSetting(setting, im.Switch(!shown))
}

func (r *roomPane) togglePeople() { r.toggle(settingPeople, r.showsPeople()) }

// options are the entries of the Options menu for rooms.
func (r *roomPane) options() []*fyne.MenuItem {
	people := fyne.NewMenuItem(lang.T("Show Who Is in the Room"), r.togglePeople)
	people.Checked = r.showsPeople()
	people.Shortcut = control(fyne.KeyP)
	stirs := fyne.NewMenuItem(lang.T("Show Who Comes and Goes"), func() { r.toggle(settingStirs, r.showsStirs()) })
	stirs.Checked = r.showsStirs()
	if r.crowded() {
		stirs.Label = lang.T("Show Who Comes and Goes (not in large rooms)")
		stirs.Disabled, stirs.Action = true, nil
	}
	return []*fyne.MenuItem{people, stirs}
}

// title is what the tab of the room shows.
func (r *roomPane) title(t tabTitle) tabTitle {
	p := r.page
	t.icon = p.gui.icons.room(r.known.Place == conversation.Inside)
	if p.unread > 0 {
		t.text += " (" + roomUnread(p.unread, p.named) + ")"
	}
	if p.named > 0 {
		t.strong, t.colour = true, theme.ColorNamePrimary
	}
	return t
}

// draw shows all that is not in the transcript.
func (r *roomPane) draw() {
	p := r.page
	g := p.gui
	r.tellStirs()
	inside := r.known.Place == conversation.Inside
	topic := oneLine(r.known.Topic, 1000)
	r.bar.tapped = func() { g.front.RoomAction(p.conv, conversation.RoomAbout) } // it says all of a long topic
	if inside && r.known.Own().Role >= im.Participant {
		r.bar.tapped = func() { g.front.RoomAction(p.conv, conversation.RoomTopic) }
		if topic == "" {
			topic = lang.T("Click to say what this room is about")
		}
	}
	r.bar.set(g.icons.room(inside), g.name(p.conv), topic, g.via(p.conv.Account))
	count := ""
	if inside {
		count = roomCount(r.known.Len())
	}
	if r.count.Text != count {
		r.count.SetText(count)
	}
	r.count.Hidden = !inside
	r.drawStrips()
	r.split.show(inside && r.showsPeople(), g.settings[settingWide])
	r.peopleChanged()
	p.drawFoot("")
}

func roomCount(n int) string {
	return lang.N(n, "%d person", "%d people", n)
}

// roomStrip is what a room says above its lines.
type roomStrip struct {
	text   string
	button string // what can be done about it; empty: nothing
	icon   assets.Icon
	does   string
}

// wanted are the strips for the room as it is now.
func (r *roomPane) wanted() []roomStrip {
	var out []roomStrip
	switch {
	case r.known.Place == conversation.GoingIn:
		out = append(out, roomStrip{text: lang.T("Going into the room…"), icon: assets.Waiting})
	case r.known.Place == conversation.Outside:
		out = append(out, roomStrip{text: cmp.Or(oneLine(r.known.Why, 240), lang.T("You are not in this room.")), button: lang.T("Join Room"), icon: assets.RoomOutside, does: conversation.RoomJoin})
	case r.known.Own().Role == im.Visitor:
		out = append(out, roomStrip{text: lang.T("You may only read here. A moderator can let you speak."), icon: assets.RoleVisitor})
	}
	if text := strings.Join(conversation.RoomWarnings(r.known.Traits), " "); text != "" && text != r.hid && r.known.Place == conversation.Inside {
		out = append(out, roomStrip{text: text, button: lang.T("Hide"), icon: assets.LevelOpen})
	}
	return out
}

func (r *roomPane) drawStrips() {
	want := r.wanted()
	if len(want) == len(r.drawn) && fmt.Sprint(want) == fmt.Sprint(r.drawn) {
		return
	}
	r.drawn, r.strips.Objects, r.offers = want, nil, nil
	for _, s := range want {
		r.strips.Objects = append(r.strips.Objects, r.newStrip(s))
	}
	r.strips.Refresh()
	r.page.box.Refresh()
}

func (r *roomPane) newStrip(s roomStrip) fyne.CanvasObject {
	words := caption(s.text)
	words.colour = theme.ColorNameForeground
	icon := canvas.NewImageFromResource(r.page.gui.icons[s.icon])
	icon.FillMode = canvas.ImageFillContain
	icon.SetMinSize(fyne.NewSquareSize(theme.IconInlineSize()))
	var right fyne.CanvasObject
	if s.button != "" {
		b := newPushButton(r.page.keys, s.button, func() {
			if s.does != "" {
				r.page.gui.front.RoomAction(r.page.conv, s.does)
				return
			}
			r.hid = s.text
			r.drawStrips()
		})
		b.Importance = widget.MediumImportance
		r.offers = append(r.offers, b)
		right = container.NewCenter(b)
	}
	return container.NewStack(newBackdrop(colorStrip), container.NewPadded(container.NewBorder(nil, nil,
		container.NewCenter(container.NewPadded(icon)), right, words)))
}

func (r *roomPane) describe(d *description) {
	d.add(kindMenuButton, r.more.text, r.more)
	if !r.count.Hidden {
		d.add(kindButton, r.count.Text, r.count).ID = "people"
	}
	for i, s := range r.drawn {
		d.add(kindStrip, s.text, r.strips.Objects[i])
	}
	for _, b := range r.offers {
		d.add(kindButton, b.Text, b)
	}
	d.add(kindSeal, r.seal.text, r.seal)
	if r.split.shown {
		r.people.describe(d)
	}
}
