package otrplugin

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
	"culver/plugin"
)

// The fields of the details.
const (
	fieldSession  = "session"
	fieldSessions = "sessions"
)

// details is the open window that shows all there is to know of a private
// conversation.
type details struct {
	dialog plugin.Dialog
}

// openDetails shows the details, on top if they are shown already.
func (p *Plugin) openDetails(c *chat) {
	c.closeDetails()
	d := new(details)
	c.details = d
	d.dialog = p.host.Ask(c.id, p.detailsForm(c), func(a plugin.Answers) {
		if c.details != d {
			return
		}
		switch a.Action {
		case buttonHelp:
			p.host.ShowGuide(pageDetails)
		case buttonAuthenticate:
			p.authenticate(c)
		case fieldHistory:
			p.openKeyHistory(c)
		default:
			c.closeDetails()
		}
	})
}

func (c *chat) closeDetails() {
	if c.details != nil {
		c.details.dialog.Close()
		c.details = nil
	}
}

// updateDetails redraws the window where something has changed.
func (p *Plugin) updateDetails(c *chat) {
	if c.details != nil {
		c.details.dialog.Update(p.detailsForm(c))
	}
}

func (p *Plugin) detailsForm(c *chat) plugin.Form {
	name := p.name(c)
	title := lang.F("Session details of %s", name)
	i, ok := c.current()
	if !ok {
		return plugin.Page(title, lang.F("There is no private conversation with %s now.", name), nil, helpButton(), closeButton())
	}
	level := p.levelNow(c)
	fields := []im.Field{
		{ID: "who", Kind: im.FieldProse, Prose: withLevel(level, im.Text{{
			Text: p.whoText(c, i, level),
		}})},
		{ID: fieldSession, Kind: im.FieldProse, Prose: p.sessionText(c)},
	}
	if a := p.accounts[c.id.Account]; a != nil && a.state == keyReady {
		fields = append(fields, codeField(im.Field{ID: fieldOurs, Label: lang.F("Fingerprint for you, %s", c.id.Account.Bare())},
			c.id.Account.Scheme(), c.id.Account.Bare(), a.key.Fingerprint()))
	}
	fields = append(fields,
		codeField(im.Field{ID: fieldTheirs, Label: lang.F("Fingerprint shown by %s", name)}, c.id.Account.Scheme(), c.id.Peer, i.Fingerprint),
		note(p.keyText(c, i.Fingerprint)),
		im.Field{ID: fieldHistory, Kind: im.FieldButton, Label: lang.F("Keys of %s…", name)},
		note(together(p.keptText(c), lang.F("OTR version %d.", i.Version))),
	)
	if table := p.sessionsTable(c); len(table.Rows) > 1 {
		fields = append(fields, table)
	} else if i.Version == otr.V3 {
		fields = append(fields, note(lang.F("Instance tags: %08x for you, %08x for %s.", c.session.OurTag(), i.Tag, name)))
	}
	authenticate := plugin.Button{ID: buttonAuthenticate, Label: lang.T("Authenticate…"), Off: !level.Encrypted()}
	return plugin.Page(title, "", fields, helpButton(), authenticate, closeButton())
}

// current is the session that is written to, or was until the peer ended it.
func (c *chat) current() (i otr.Instance, ok bool) {
	if !c.live() {
		return i, false
	}
	return c.instance(c.session.TheirTag())
}

// whoText says who talks to whom, how well protected, and since when.
func (p *Plugin) whoText(c *chat, i otr.Instance, level im.Level) string {
	device, account := c.deviceName(i.Tag), c.id.Account.Bare()
	since, ok := c.where.since[i.Tag]
	if !ok || i.State != otr.Encrypted {
		return lang.F("%s: %s at %s, with %s.", level.String(), c.id.Peer, device, account)
	}
	return lang.F("%s: %s at %s, with %s, private since %s on %s.", level.String(), c.id.Peer, device, account, p.clock(since), p.day(since))
}

// sessionText shows the secure session id: the half that is ours to read is bold.
func (p *Plugin) sessionText(c *chat) im.Text {
	if c.state() != otr.Encrypted {
		return plain(lang.F("%s has ended the private conversation.", p.name(c)))
	}
	id, oursFirst := c.session.SessionID()
	first := im.Span{Text: strings.ToUpper(hex.EncodeToString(id[:4]))}
	second := im.Span{Text: strings.ToUpper(hex.EncodeToString(id[4:]))}
	ours := &second
	if oursFirst {
		ours = &first
	}
	ours.Style = im.Bold
	both := first.Text + " " + second.Text
	before, after, _ := strings.Cut(lang.F("Secure session: %s. To check this one conversation by telephone, read %s aloud "+
		"(the bold half); %s reads the other half. Both of you must see the same.", both, ours.Text, p.name(c)), both)
	return im.Text{{Text: before}, first, {Text: " "}, second, {Text: after}}
}

// keyText says what is known of the peer's key.
func (p *Plugin) keyText(c *chat, f otr.Fingerprint) string {
	k := p.knownKey(c.id, f)
	if k == nil {
		return lang.T("This key was not kept.")
	}
	return together(lang.F("This key was %s.", p.firstSeen(k)), p.saidOf(k))
}

// saidOf is what the user said of a key.
func (p *Plugin) saidOf(k *knownKey) string {
	switch {
	case k.trusted():
		return p.verifiedText(k)
	case k.Refused && k.RefusedAt.IsZero():
		return lang.T("You refused it.")
	case k.Refused:
		return lang.F("You refused it on %s.", p.day(k.RefusedAt))
	case k.Accepted && k.AcceptedAt.IsZero():
		return lang.T("You accepted it without verifying it.")
	case k.Accepted:
		return lang.F("You accepted it on %s without verifying it.", p.day(k.AcceptedAt))
	default:
		return lang.T("It has not been verified.")
	}
}

// verifiedText says when and how a key was verified.
func (p *Plugin) verifiedText(k *knownKey) string {
	if k.VerifiedAt.IsZero() {
		return lang.F("You verified it %s.", k.howVerified().sentence)
	}
	return lang.F("You verified it on %s %s.", p.day(k.VerifiedAt), k.howVerified().sentence)
}

func (p *Plugin) keptText(c *chat) string {
	if p.Unlogged(c.id) && c.keepQuestion != nil {
		return lang.T("What is said privately is not kept in the history until you say so.")
	}
	if p.Unlogged(c.id) {
		return lang.T("What is said privately is not kept in the history.")
	}
	return lang.T("What is said privately is kept in the history of this computer.")
}

// sessionsTable lists the sessions with the peer.
func (p *Plugin) sessionsTable(c *chat) im.Field {
	table := im.Field{
		ID: fieldSessions, Kind: im.FieldTable, Label: lang.F("Devices of %s", p.name(c)),
		Columns: []string{lang.T("Device"), lang.T("Status"), lang.T("Written to"), lang.T("Last heard of"), lang.T("Fingerprint"), lang.T("Instance tag")}, Mono: []int{4, 5},
	}
	for _, i := range c.instances() {
		used := ""
		if i.Tag == c.session.TheirTag() {
			used = lang.T("Yes")
		}
		table.Rows = append(table.Rows, im.Row{
			ID: tagID(i.Tag),
			Cells: []string{c.deviceName(i.Tag), p.deviceLevel(c, i).String(), used, p.clock(i.Heard), i.Fingerprint.String(),
				tagID(i.Tag)},
			Keys: []string{"", "", "", sortTime(i.Heard)},
		})
	}
	return table
}

func (p *Plugin) clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(p.host.Now().Location()).Format("15:04")
}

func tagID(tag uint32) string { return fmt.Sprintf("%08x", tag) }
