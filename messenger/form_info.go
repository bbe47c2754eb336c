package messenger

import (
	"strings"

	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// profile is the window that tells of somebody.
type profile struct {
	dialog *dialog
	state  profileState
	fields []protocol.ProfileField
}

// profileState is how far it is known what somebody tells of themselves.
type profileState int

const (
	profileKnown profileState = iota // also: their network has no such thing
	profileAsked
	profileUnread
	profileEmpty
)

// words are what to say in place of fields; empty: they are known.
func (s profileState) words() string {
	switch s {
	case profileAsked:
		return lang.T("Asking what they tell of themselves…")
	case profileUnread:
		return lang.T("What they tell of themselves could not be read.")
	case profileEmpty:
		return lang.T("They tell nothing of themselves.")
	}
	return ""
}

// ShowInfo tells what is known of somebody.
func (m *Messenger) ShowInfo(c im.ConvID) {
	m.inbox.Put(func() {
		switch {
		case c.IsZero():
			m.askPeer(c, lang.T("Get User Info"), "", lang.T("Address"), lang.T("Show"), nil, func(c im.ConvID, _ map[string]string) error {
				m.showInfo(c)
				return nil
			})
		case m.accounts[c.Account] != nil && c.Peer != "":
			m.showInfo(c)
		}
	})
}

func (m *Messenger) showInfo(c im.ConvID) {
	if p, ok := m.profiles[c]; ok {
		p.dialog.raise()
		return
	}
	p := &profile{}
	if m.profiles == nil {
		m.profiles = map[im.ConvID]*profile{}
	}
	m.profiles[c] = p
	if s, ok := m.online(c.Account).(protocol.Profiler); ok && s.FetchProfile(c.Peer) == nil {
		p.state = profileAsked
	}
	p.dialog = m.ask(im.ConvID{}, m.infoForm(c, p), func(a plugin.Answers) {
		if ending(a.Action) {
			delete(m.profiles, c)
			p.dialog.Close()
		}
	})
	p.dialog.keepFresh(func() plugin.Form { return m.infoForm(c, p) })
}

// profileFetched takes what somebody tells of themselves.
func (m *Messenger) profileFetched(a *account, e protocol.ProfileFetched) {
	p, ok := m.profiles[im.ConvID{Account: a.id, Peer: e.Bare}]
	if !ok {
		return
	}
	p.state, p.fields = profileKnown, e.Fields
	switch {
	case e.Failed:
		p.state = profileUnread
	case len(e.Fields) == 0:
		p.state = profileEmpty
	}
}

// profilesLost says so where the connection ended before there was an answer.
func (m *Messenger) profilesLost(id im.AccountID) {
	for c, p := range m.profiles {
		if c.Account == id && p.state == profileAsked {
			p.state = profileUnread
		}
	}
}

func (m *Messenger) infoForm(c im.ConvID, p *profile) plugin.Form {
	who := m.nameOf(c)
	var fields []im.Field
	if img := m.list.Picture(c); img != nil {
		fields = append(fields, im.Field{Kind: im.FieldImage, Label: lang.T("Picture"), Image: img})
	}
	var lines []string
	note := func(line string) { lines = append(lines, line) }
	paragraph := func() {
		if len(lines) > 0 {
			fields = append(fields, im.Field{Kind: im.FieldNote, Label: strings.Join(lines, "\n")})
		}
		lines = nil
	}
	note(lang.F("Address: %s", cleanName(c.Peer)))
	if len(m.accounts) > 1 {
		note(lang.F("Your account: %s", cleanName(c.Account.Bare())))
	}
	note(m.list.Standing(c))
	if m.list.BlockedAs(c) != "" {
		note(lang.T("Blocked: nothing that they send reaches you"))
	}
	for _, line := range m.list.OnlineWith(c, cleanName) {
		note(line)
	}
	if line := m.list.LastSeen(c); line != "" {
		note(line)
	}
	paragraph()
	for _, h := range m.plugins {
		if d, ok := h.plugin.(plugin.Describer); ok {
			m.guard(func() { fields = append(fields, d.Describe(c)...) })
		}
	}
	for _, f := range p.fields {
		if value := cleanName(f.Value); value != "" {
			note(lang.F("%s: %s", f.Label, value))
		}
	}
	paragraph()
	if words := p.state.words(); words != "" {
		fields = append(fields, im.Field{Kind: im.FieldNote, Label: words})
	} else if len(p.fields) > 0 {
		fields = append(fields, im.Field{Kind: im.FieldNote, Label: lang.T("This is what they tell of themselves. It may not be true.")})
	}
	return plugin.Page(lang.F("Info on %s", who), "", fields, closeButton())
}
