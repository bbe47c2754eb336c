package gui

import (
	"cmp"
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"culver/assets"
	"culver/buddylist"
	"culver/im"
	"culver/lang"
)

// rowIndent is how far what is within something stands in.
const rowIndent = 12

// rowLook is what a row of the Buddy List looks like.
type rowLook struct {
	indent float32
	arrow  fyne.Resource // nil: it does not unfold
	icon   fyne.Resource
	name   string
	status string
	brief  string // for status, where that does not fit
	count  string // of unread lines
	typing bool
	style  fyne.TextStyle
	colour fyne.ThemeColorName
}

// tallRowHeight is that of rows with two lines.
func tallRowHeight() float32 {
	line := func(size float32) float32 { return fyne.MeasureText("Mg", size, fyne.TextStyle{}).Height }
	return line(theme.TextSize()) + line(theme.CaptionTextSize()) + 4
}

// rowTop is where row i begins.
func (w *buddyWindow) rowTop(i int) float32 {
	brief := w.rows().Brief(i)
	return float32(brief)*w.briefHeight + float32(i-brief)*w.tallHeight
}

// measureRows finds how tall rows are, by the setting and the theme.
func (w *buddyWindow) measureRows() {
	w.briefHeight = buddyRowHeight()
	if w.tallHeight = w.briefHeight; w.gui.settings[settingDetails] == im.On {
		w.tallHeight = tallRowHeight()
	}
}

// look is what a row looks like.
func (w *buddyWindow) look(row buddylist.Row) rowLook {
	icons := w.gui.icons
	l := rowLook{name: oneLine(row.Title, 60), colour: theme.ColorNameForeground}
	fold := func() fyne.Resource {
		if row.Collapsed {
			return theme.MenuExpandIcon()
		}
		return theme.MenuDropDownIcon()
	}
	switch row.Kind {
	case buddylist.GroupRow:
		l.name, l.style.Bold, l.icon = groupText(row), true, fold()
		return l
	case buddylist.RequestRow:
		l.name, l.style.Bold, l.icon = requestText(l.name), true, icons[assets.Request]
		return l
	case buddylist.KnockRow:
		l.name, l.icon = knockText(row), icons[assets.Request]
		return l
	case buddylist.RoomRow:
		l.indent, l.icon, l.status = rowIndent, icons.room(row.Room.Inside), roomStatus(row.Room)
		if !row.Room.Inside {
			l.colour = colorSubtle
		}
		if row.Unread > 0 {
			l.count, l.style.Bold, l.colour = roomUnread(row.Unread, row.Named), row.Named > 0, theme.ColorNameForeground
		}
		return l
	}
	l.indent, l.icon = rowIndent, icons.presence(row.Presence.Show)
	if row.Inside {
		l.indent += 2 * rowIndent
	}
	if row.Kind == buddylist.ContactRow {
		l.arrow = fold()
	}
	l.status = w.statusOf(row.Presence)
	if row.Presence.Show == im.Offline {
		l.colour = colorSubtle
		switch s := row.Buddy.Subscription; {
		case row.Buddy.Asking:
			l.status, l.brief = lang.T("waiting for their permission"), lang.T("not accepted yet")
		case s == im.SubscriptionNone || s == im.SubscriptionFrom:
			l.status, l.brief = lang.T("you may not see when they are online"), lang.T("not authorised")
		}
	}
	if row.Blocked {
		l.status, l.brief, l.colour = lang.T("blocked"), "", colorSubtle
	}
	if row.Twin || row.Inside {
		if via := w.gui.via(row.Conv.Account); l.status == "" {
			l.status = via
		} else if via != "" {
			l.status, l.brief = lang.F("%s - %s", via, l.status), cmp.Or(l.brief, via)
		}
	}
	if row.Unread > 0 {
		l.style.Bold = true
		l.colour = theme.ColorNameForeground
		l.count = fmt.Sprint(min(row.Unread, 999))
	}
	l.typing = row.Typing == im.TypingComposing
	return l
}

// statusOf is what a row says of somebody's availability: their words, and how long they
// have done nothing.
func (w *buddyWindow) statusOf(p im.Presence) string {
	if p.Show == im.Offline {
		return ""
	}
	status := oneLine(p.Status, 120)
	idle := ""
	if !p.Idle.IsZero() && w.gui.settings[settingIdleTimes] == im.On {
		idle = idleText(w.gui.now().Sub(p.Idle))
		w.idleShown()
	}
	switch {
	case status == "" && idle == "" && p.Show < im.Available && w.gui.settings[settingDetails] == im.On:
		return p.Show.String()
	case status == "":
		return idle
	case idle == "":
		return status
	}
	return lang.F("%s - %s", idle, status)
}

// idleText is how long somebody has done nothing.
func idleText(d time.Duration) string {
	minutes := max(0, int(d.Minutes()))
	switch hours := minutes / 60; {
	case hours >= 48:
		return lang.N(hours/24, "idle %d day", "idle %d days", hours/24)
	case hours > 0:
		return lang.F("idle %d h %d min", hours, minutes%60)
	}
	return lang.F("idle %d min", minutes)
}

// idleShown draws the rows once more in a minute, for as long as one of them says how long
// somebody has done nothing.
func (w *buddyWindow) idleShown() {
	if w.idleLater {
		return
	}
	w.idleLater = true
	time.AfterFunc(time.Minute, func() {
		w.gui.do(func() {
			if w.idleLater = false; !w.gone && !w.gui.over() {
				w.list.Refresh()
			}
		})
	})
}
