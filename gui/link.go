package gui

import (
	"net/url"
	"strings"
	"unicode"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// openable parses a link that may be given to the system: to the web, or to
// another address on the network. Everything else stays text.
func openable(link string) (*url.URL, bool) {
	if link == "" || len(link) > 4096 || strings.ContainsFunc(link, func(r rune) bool {
		return unicode.IsControl(r) || unicode.IsSpace(r) || turnsDirection(r)
	}) {
		return nil, false
	}
	u, err := url.Parse(link)
	if err != nil {
		return nil, false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		return u, u.Host != "" && u.Hostname() != ""
	case "xmpp":
		return u, u.Opaque != "" || u.Path != "" || u.Host != ""
	}
	return nil, false
}

// linkTarget is where a link leads, in the form that cannot mislead: the host of
// a web address alone.
func linkTarget(u *url.URL) string {
	if strings.EqualFold(u.Scheme, "xmpp") {
		return oneLine(strings.TrimPrefix(u.String(), "xmpp:"), 300)
	}
	return u.Hostname()
}

// linked follows a link of the program's own: to a page of a guide, or out.
func (g *GUI) linked(link string) {
	if id, page, ok := im.ParseGuideLink(link); ok {
		if g.front != nil {
			g.front.ShowGuide(id, page)
		}
		return
	}
	g.follow("", link)
}

// follow goes where a link leads: to people and rooms here, where the messenger asks what
// is to be asked; elsewhere only after a question that shows where that really is. Via is
// the account in whose conversation the link was, empty: in none.
func (g *GUI) follow(via im.AccountID, link string) {
	u, ok := openable(link)
	if !ok {
		return
	}
	if strings.EqualFold(u.Scheme, "xmpp") && g.front != nil {
		g.front.FollowLink(via, link)
		return
	}
	fields := []im.Field{
		{ID: "host", Kind: im.FieldCode, Label: lang.T("This link leads to"), Value: linkTarget(u)},
		{Kind: im.FieldNote, Label: oneLine(u.String(), 400)},
	}
	if u.User != nil {
		fields = append(fields, im.Field{Kind: im.FieldNote, Label: lang.T("What stands before the @ is a user name, not the site.")})
	}
	for _, r := range u.Hostname() {
		if r > unicode.MaxASCII {
			fields = append(fields, im.Field{Kind: im.FieldNote,
				Label: lang.T("The name has letters that can be mistaken for others. Look twice.")})
			break
		}
	}
	const open = "open"
	var d plugin.Dialog
	d = g.Ask(plugin.Page(lang.T("Open Link"), "", fields,
		plugin.Button{ID: "cancel", Label: lang.T("Cancel"), Role: plugin.Cancel},
		plugin.Button{ID: open, Label: lang.T("Open"), Role: plugin.Default}), func(a plugin.Answers) {
		switch a.Action {
		case open:
			d.Close()
			// The error is the system's: it has no program for this.
			if err := g.app.OpenURL(u); err != nil {
				g.showTrouble(lang.T("The link could not be opened: no program for it was found."))
			}
		case "cancel":
			d.Close()
		}
	})
}
