package gui

import (
	"time"

	"fyne.io/fyne/v2"

	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/messenger"
)

// The settings of how lines look.
const (
	settingTimes      = messenger.SettingTimes
	settingFormatting = messenger.SettingFormatting
)

// said adds what somebody wrote. Links that may not be opened are plain text, and
// so is everything that only Culver itself may say.
func (c *chatLines) said(l *line, t im.Text, colour fyne.ThemeColorName) {
	if c.styled != nil && !c.styled() {
		for _, s := range t {
			l.spans = append(l.spans, span{text: drawable(s.Text), colour: colour, link: opened(s.Link), words: true})
		}
		return
	}
	for _, p := range conversation.Styled(t) {
		s := span{text: drawable(p.Text), style: p.Style, colour: colour, link: opened(p.Link), words: true}
		switch {
		case colour != "":
		case p.Mark:
			s.colour, s.style = colorSubtle, p.Style&^im.Strike&^im.Underline
		case p.Quoted:
			s.colour = colorQuoted
		}
		l.spans = append(l.spans, s)
	}
}

// opened is a link, if it may be opened.
func opened(link string) string {
	if _, ok := openable(link); !ok {
		return ""
	}
	return link
}

// stamp is the time of a line, with the date if that is not today.
func stamp(t, now time.Time, look string) string {
	if t.IsZero() || look == messenger.TimesNone {
		return ""
	}
	clock := "15:04:05"
	if look == messenger.TimesMinutes {
		clock = "15:04"
	}
	t, now = t.Local(), now.Local()
	if y, m, d := now.Date(); t.Before(time.Date(y, m, d, 0, 0, 0, 0, now.Location())) || t.After(now.Add(24*time.Hour)) {
		clock = "2006-01-02 " + clock
	}
	return t.Format("(" + clock + ") ")
}

// lookItems are the entries of the Options menu for how lines look.
func (p *page) lookItems() []*fyne.MenuItem {
	g := p.gui
	times := func(label, value string) *fyne.MenuItem {
		return ticked(g.settings[settingTimes] == value, label, func() { g.front.SetSetting(settingTimes, value) })
	}
	return []*fyne.MenuItem{
		submenu(lang.T("Times"), times(lang.T("Hours, Minutes and Seconds"), messenger.TimesWhole),
			times(lang.T("Hours and Minutes"), messenger.TimesMinutes), times(lang.T("None"), messenger.TimesNone)),
		g.switchItem(settingFormatting, lang.T("Show Formatting")),
		g.switchItem(settingFormatBar, lang.T("Show Formatting Bar")),
	}
}

// shows reports that something is on that is on until the user chooses.
func (g *GUI) shows(setting string) bool {
	v, known := g.settings[setting]
	return !known || v == im.On
}

// switchItem is the entry of a menu for such a setting.
func (g *GUI) switchItem(setting, label string) *fyne.MenuItem {
	return ticked(g.shows(setting), label, func() { g.front.SetSetting(setting, im.Switch(!g.shows(setting))) })
}

// looksChanged draws all lines anew: how they look was changed.
func (s *chats) looksChanged() {
	s.each(func(p *page) { p.lines.renew() })
	for _, w := range s.windows {
		w.menu = ""
	}
	s.drawMenus()
}
