package messenger

import (
	"maps"
	"strings"

	"culver/accounts"
	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// What the user says to a certificate.
const (
	certificateAlways = "trust"
	certificateOnce   = "once"
)

// showCertificate asks whether to trust a server's certificate.
func (m *Messenger) showCertificate(a *account, f *protocol.Failure) {
	c := f.Certificate
	if a.asking != nil {
		a.asking.Close()
	}
	var d *dialog
	d = m.ask(im.ConvID{}, certificateForm(a.id, f), func(ans plugin.Answers) {
		d.Close()
		a.asking = nil
		if ans.Action != certificateAlways && ans.Action != certificateOnce || m.accounts[a.id] != a || a.link.State().Status == accounts.Online {
			return
		}
		a.accepted = c.Accept // until Culver is closed
		if ans.Action == certificateAlways {
			a.accepted = nil
			set := a.link.State().Account.Clone()
			maps.Copy(set.Options, c.Accept)
			a.link.SetAccount(set)
			if err := m.cfg.Store.SaveAccount(set); err != nil {
				m.trouble(lang.T("The account could not be saved."), err)
			}
		}
		m.follow(a, a.link.Restart())
	})
	a.asking = d
}

// certificateForm shows a certificate, and what is wrong with it.
func certificateForm(id im.AccountID, f *protocol.Failure) plugin.Form {
	c := f.Certificate
	fields := []im.Field{
		{Kind: im.FieldNote, Label: lang.F("It is for %s.", cleanName(c.Subject))},
		{Kind: im.FieldNote, Label: issued(*c)},
		{ID: "sha256", Kind: im.FieldCode, Label: lang.T("Fingerprint (SHA-256)"), Value: grouped(c.SHA256)},
	}
	if c.Old != nil {
		if c.Old.Expires != "" {
			fields = append(fields, im.Field{Kind: im.FieldNote, Label: lang.F("The one before: %s", issued(*c.Old))})
		}
		fields = append(fields, im.Field{ID: "old", Kind: im.FieldCode, Label: lang.T("Fingerprint of the one before"), Value: grouped(c.Old.SHA256)})
	}
	fields = append(fields, im.Field{Kind: im.FieldNote, Label: c.Advice})
	form := plugin.Form{
		Title: lang.F("Certificate of %s", cleanName(c.Server)), Intro: f.Text, Tabs: []plugin.Tab{{Title: lang.T("Certificate"), Fields: fields}},
		Buttons: []plugin.Button{
			{ID: certificateAlways, Label: lang.T("Accept for this account"), Role: plugin.Danger},
			{ID: certificateOnce, Label: lang.T("Accept once")},
			{ID: "cancel", Label: lang.T("Do not connect"), Role: plugin.Cancel},
		},
	}
	if c.Server == "" {
		form.Title = lang.F("Certificate of %s", id.Bare())
	}
	if len(c.Details) > 0 {
		lines := make([]string, len(c.Details))
		for i, line := range c.Details {
			lines[i] = cleanName(line)
		}
		form.Tabs = append(form.Tabs, plugin.Tab{Title: lang.T("Details"), Fields: []im.Field{{Kind: im.FieldNote, Label: strings.Join(lines, "\n")}}})
	}
	return form
}

// issued says by whom, and for how long.
func issued(c protocol.Certificate) string {
	switch issuer := cleanName(c.Issuer); {
	case c.Valid != "":
		return lang.F("Issued by %s, valid from %s until %s.", issuer, c.Valid, c.Expires)
	case c.Expires != "":
		return lang.F("Issued by %s, valid until %s.", issuer, c.Expires)
	default:
		return lang.F("Issued by %s.", issuer)
	}
}

// grouped writes hex digits in groups of eight, four to a line, for comparing by eye.
func grouped(hex string) string {
	var out strings.Builder
	for i := 0; i < len(hex); i += 8 {
		switch {
		case i == 0:
		case i%32 == 0:
			out.WriteByte('\n')
		default:
			out.WriteByte(' ')
		}
		out.WriteString(hex[i:min(i+8, len(hex))])
	}
	return out.String()
}
