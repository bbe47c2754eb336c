package gui

import (
	"time"

	"fyne.io/fyne/v2"

	"culver/lang"
	"culver/messenger"
)

// loadingAfter is how long older lines may take before the user is told.
const loadingAfter = 400 * time.Millisecond

// nearEdge asks for older lines before the first ones come into sight.
func (p *page) nearEdge(begin, _ bool) {
	if !begin || !p.older || p.loading {
		return
	}
	p.loading = true
	p.gui.front.LoadOlder(p.conv)
	time.AfterFunc(loadingAfter, func() {
		p.gui.do(func() {
			if p.loading && !p.gui.over() {
				p.slow = true
				p.lines.headed()
			}
		})
	})
}

// olderLines puts lines above the first.
func (p *page) olderLines(e messenger.OlderLines) {
	asked := p.loading
	p.older, p.loading, p.slow = e.More, false, false
	p.begins = p.begins || asked && !e.More
	fresh := p.timeline.Prepend(e.Messages)
	for _, m := range fresh {
		p.track(m)
	}
	if len(fresh) > 0 {
		p.lines.prepended(len(fresh))
		p.refind()
		p.draw()
	} else {
		p.lines.headed()
	}
}

// above is what stands above the first line.
func (p *page) above(i int) []heading {
	switch {
	case i > 0:
		return p.newHeading(i)
	case p.slow:
		return []heading{{text: lang.T("Loading…"), quiet: true}}
	case p.begins && !p.older:
		return []heading{{text: lang.T("Beginning of the history"), quiet: true}}
	}
	return nil
}

// options are the entries of the menu for how the conversation is treated.
func (p *page) options() []*fyne.MenuItem {
	keep := fyne.NewMenuItem(lang.T("Keep a History"), func() { p.gui.front.SetLogging(p.conv, !p.logging) })
	keep.Checked = p.logging
	out := []*fyne.MenuItem{keep}
	if p.seal.Level.Encrypted() {
		note := fyne.NewMenuItem(lang.T("(What is private is kept only if you choose so)"), nil)
		note.Disabled = true
		out = append(out, note)
	}
	out = append(append(out, fyne.NewMenuItemSeparator()), p.lookItems()...)
	out = append(out, fyne.NewMenuItemSeparator(), p.gui.muteItem(p.conv, p.room != nil))
	if p.room != nil {
		out = append(append(out, fyne.NewMenuItemSeparator()), p.room.options()...)
	}
	if b, known := p.gui.list.Buddy(p.conv); known && b.Subscription.SeesUs() { // nobody else is told
		tell := func(label, what string, on bool) *fyne.MenuItem {
			i := fyne.NewMenuItem(label, func() { p.gui.front.SetTelling(p.conv, what, !on) })
			i.Checked = on
			return i
		}
		out = append(out, fyne.NewMenuItemSeparator(), tell(lang.T("Tell Them When I Type"), messenger.TellTyping, p.telling.Typing),
			tell(lang.T("Confirm That Messages Arrive"), messenger.TellReceipts, p.telling.Receipts))
	}
	return out
}
