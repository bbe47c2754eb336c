package gui

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"culver/accounts"
	"culver/assets"
	"culver/im"
	"culver/lang"
	"culver/messenger"
)

// strip is what the Buddy List says above its rows about an account that is not
// as it should be, or about invitations.
type strip struct {
	account im.AccountID
	text    string
	trouble bool // with buttons to do something about it
	waiting bool
	// elsewhere: the account was signed on at another place, which took this one's.
	elsewhere bool

	invitation messenger.InvitationID // not 0: it is about that
}

// strips are those for the accounts as they are now.
func strips(all []accounts.State) []strip {
	var out []strip
	for _, s := range all {
		title := oneLine(s.Account.Title(), 60)
		switch s.Status {
		case accounts.Connecting:
			out = append(out, strip{account: s.Account.ID, text: lang.F("Connecting %s…", title)})
		case accounts.Leaving:
			out = append(out, strip{account: s.Account.ID, text: lang.F("Signing off %s…", title)})
		case accounts.Waiting, accounts.Stopped:
			text := lang.F("%s is not connected.", title)
			if s.Problem != nil && s.Problem.Text != "" {
				text = lang.F("%s: %s", title, s.Problem.Text)
			}
			if s.Status == accounts.Waiting && !s.Next.IsZero() {
				text += " " + lang.F("Trying again at %s.", s.Next.Local().Format("15:04:05"))
			}
			out = append(out, strip{account: s.Account.ID, text: text, trouble: true, waiting: s.Status == accounts.Waiting,
				elsewhere: s.Elsewhere()})
		}
	}
	return out
}

// drawStrips shows them.
func (w *buddyWindow) drawStrips() {
	want := append(strips(w.gui.accounts), w.gui.invitationStrip()...)
	if slices.Equal(want, w.drawn) {
		for _, b := range w.backs { // the theme may be another
			b.FillColor = theme.Color(colorStrip)
			b.Refresh()
		}
		return
	}
	w.drawn = want
	w.strips.Objects, w.offers, w.backs, w.inviting = nil, nil, nil, nil
	for _, s := range want {
		w.strips.Objects = append(w.strips.Objects, w.newStrip(s))
	}
	w.strips.Refresh()
}

func (w *buddyWindow) newStrip(s strip) fyne.CanvasObject {
	words := caption(s.text)
	if !s.trouble && s.invitation == 0 {
		return words
	}
	words.colour = theme.ColorNameForeground
	back := canvas.NewRectangle(theme.Color(colorStrip))
	res := w.gui.icons[assets.Failed]
	if s.waiting {
		res = w.gui.icons[assets.Waiting]
	}
	if s.invitation != 0 {
		res = w.gui.icons[assets.Room]
	}
	icon := canvas.NewImageFromResource(res)
	icon.FillMode = canvas.ImageFillContain
	icon.SetMinSize(fyne.NewSquareSize(theme.IconInlineSize()))
	framed := func(below ...fyne.CanvasObject) fyne.CanvasObject {
		return container.NewStack(back, container.NewPadded(container.NewBorder(nil, nil,
			container.NewVBox(container.NewPadded(icon)), nil, container.NewVBox(words, container.NewHBox(below...)))))
	}
	w.backs = append(w.backs, back)
	if s.invitation != 0 {
		w.inviting = newPushButton(w.keys, lang.T("Answer…"), func() { w.gui.front.ShowInvitation(s.invitation) })
		w.inviting.Importance = widget.MediumImportance
		return framed(w.inviting)
	}
	label := lang.T("Reconnect")
	if s.elsewhere {
		label = lang.T("Re-enable")
	}
	again := newPushButton(w.keys, label, func() { w.gui.front.Reconnect(s.account) })
	modify := newPushButton(w.keys, lang.T("Modify…"), func() { w.gui.front.ShowEditAccount(s.account) })
	again.Importance, modify.Importance = widget.MediumImportance, widget.MediumImportance
	w.offers = append(w.offers, stripOffer{s.account, again, modify})
	return framed(again, modify)
}

// stripOffer is the buttons of a strip.
type stripOffer struct {
	account       im.AccountID
	again, modify *pushButton
}
