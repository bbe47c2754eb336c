package gui

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"culver/im"
	"culver/lang"
	"culver/messenger"
)

// transferActs is what the line of a transfer offers to do about it.
type transferActs struct {
	accept, decline, pause, resume, cancel func(messenger.TransferID)
}

// transferActs are those of the messenger.
func (g *GUI) transferActs() transferActs {
	return transferActs{
		accept:  func(id messenger.TransferID) { g.front.ShowTransfer(id) },
		decline: func(id messenger.TransferID) { g.front.DeclineTransfer(id) },
		pause:   func(id messenger.TransferID) { g.front.PauseTransfer(id) },
		resume:  func(id messenger.TransferID) { g.front.ResumeTransfer(id) },
		cancel:  func(id messenger.TransferID) { g.front.CancelTransfer(id) },
	}
}

// transferAct is one of the things that can be done about a transfer now.
type transferAct struct {
	label string
	do    func(messenger.TransferID)
}

// of are those that are possible for a transfer.
func (a transferActs) of(t messenger.Transfer) (all []transferAct) {
	if t.State == messenger.TransferOffered {
		return []transferAct{{lang.T("Accept…"), a.accept}, {lang.T("Decline"), a.decline}}
	}
	if t.CanPause {
		all = append(all, transferAct{lang.T("Pause"), a.pause})
	}
	switch {
	case !t.CanResume:
	case t.State == messenger.TransferFailed:
		all = append(all, transferAct{lang.T("Try again"), a.resume})
	default:
		all = append(all, transferAct{lang.T("Resume"), a.resume})
	}
	if !t.State.Over() {
		all = append(all, transferAct{lang.T("Cancel"), a.cancel})
	}
	return all
}

// transferItems are the same as the entries of a menu.
func (g *GUI) transferItems(t messenger.Transfer) (all []*fyne.MenuItem) {
	for _, a := range g.transferActs().of(t) {
		all = append(all, fyne.NewMenuItem(a.label, func() { a.do(t.ID) }))
	}
	return all
}

// transfer draws the line of a transfer: what Culver says of it, how far it is, and
// what can be done.
func (c *chatLines) transfer(l *line, m im.Message, t messenger.Transfer) {
	colour := colorNotice
	if t.State == messenger.TransferFailed {
		colour, l.bar = colorAlarm, colorAlarm
	}
	l.mark = c.mark(im.Message{Seal: t.Seal})
	l.mark.word = protectionOf(t)
	c.notice(l, m.Text, im.Italic, colour)
	add := func(text string) {
		l.spans = append(l.spans, span{text: text, colour: colorSubtle, quiet: true})
	}
	if far := progressOf(t); far != "" {
		add("\n" + far)
	} else if len(c.transferActs.of(t)) > 0 {
		add("\n")
	}
	for i, a := range c.transferActs.of(t) {
		if i > 0 || progressOf(t) != "" {
			add("  ")
		}
		l.spans = append(l.spans, span{text: a.label, act: func() { a.do(t.ID) }, quiet: true})
	}
	l.below.name = drawable(oneLine(t.Name, 80))
	switch t.State {
	case messenger.TransferPreparing, messenger.TransferRunning:
		l.below.bar, l.below.percent = true, t.Percent()
	case messenger.TransferPaused:
		l.below.bar, l.below.percent = true, t.Percent()
		l.bar = theme.ColorNamePrimary
	case messenger.TransferOffered:
		l.bar = theme.ColorNamePrimary // it waits for the user
	case messenger.TransferFinished:
		l.below.picture = previewOf(t)
		if t.Path != "" && !t.Out {
			add("\n" + lang.F("It is in %s", drawable(oneLine(t.Path, 300))))
		}
	}
}

// previewOf is the small picture of a transfer, nil if there is none. It is made by the
// messenger, of what the user has accepted.
func previewOf(t messenger.Transfer) image.Image {
	if len(t.Preview) == 0 {
		return nil
	}
	small, err := png.Decode(bytes.NewReader(t.Preview))
	if err != nil {
		return nil
	}
	return small
}

// protectionOf is how well the contents of a transfer are protected, in a sentence.
func protectionOf(t messenger.Transfer) string {
	switch {
	case t.Seal.Level == im.Verified:
		return lang.T("Private: encrypted, and you made sure who is at the other end")
	case t.Seal.Level.Encrypted():
		return lang.T("Unverified: encrypted, but nobody made sure who is at the other end")
	default:
		return lang.T("Not private: the server and everyone on the way can read it")
	}
}

// progressOf is how far a transfer is, while it is under way.
func progressOf(t messenger.Transfer) string {
	var parts []string
	switch t.State {
	case messenger.TransferRunning, messenger.TransferPaused, messenger.TransferPreparing:
		parts = append(parts, fmt.Sprintf("%d %%", t.Percent()), lang.F("%s of %s", messenger.Bytes(t.Done), messenger.Bytes(t.Size)))
	default:
		return ""
	}
	if t.State == messenger.TransferRunning && t.Rate > 0 {
		parts = append(parts, lang.F("%s/s", messenger.Bytes(t.Rate)))
		if left := timeLeft(t); left != "" {
			parts = append(parts, left)
		}
	}
	return strings.Join(parts, " · ")
}

// timeLeft is about how long a transfer still takes, in steps that do not make it
// flicker; "" if nobody can tell.
func timeLeft(t messenger.Transfer) string {
	if t.Rate <= 0 || t.Done >= t.Size {
		return ""
	}
	left := float64(t.Size-t.Done) / float64(t.Rate) // seconds
	const minute, hour = 60, 3600
	switch {
	case left > 48*hour:
		return lang.T("more than two days left")
	case left >= 100*minute:
		hours := int(left/hour + 0.5)
		return lang.N(hours, "about %d hour left", "about %d hours left", hours)
	case left >= 90:
		minutes := int(left/minute + 0.5)
		return lang.N(minutes, "about %d minute left", "about %d minutes left", minutes)
	case left >= 20:
		seconds := (int(left) + 9) / 10 * 10
		return lang.N(seconds, "about %d second left", "about %d seconds left", seconds)
	default:
		return lang.T("a few seconds left")
	}
}
