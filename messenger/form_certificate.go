package messenger

import (
	"maps"
	"strings"

	"culver/accounts"
	"culver/im"
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
				m.trouble("The account could not be saved.", err)
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
		{Kind: im.FieldNote, Label: "It is for " + cleanName(c.Subject) + "."},
		{Kind: im.FieldNote, Label: issued(*c)},
		{ID: "sha256", Kind: im.FieldCode, Label: "Fingerprint (SHA-256)", Value: grouped(c.SHA256)},
	}
	if c.Old != nil {
		if c.Old.Expires != "" {
			fields = append(fields, im.Field{Kind: im.FieldNote, Label: "The one before: " + issued(*c.Old)})
		}
		fields = append(fields, im.Field{ID: "old", Kind: im.FieldCode, Label: "Fingerprint of the one before", Value: grouped(c.Old.SHA256)})
	}
	fields = append(fields, im.Field{Kind: im.FieldNote, Label: c.Advice})
	form := plugin.Form{
		Title: "Certificate of " + cleanName(c.Server), Intro: f.Text, Tabs: []plugin.Tab{{Title: "Certificate", Fields: fields}},
		Buttons: []plugin.Button{
			{ID: certificateAlways, Label: "Accept for this account", Role: plugin.Danger},
			{ID: certificateOnce, Label: "Accept once"},
			{ID: "cancel", Label: "Do not connect", Role: plugin.Cancel},
		},
	}
	if c.Server == "" {
		form.Title = "Certificate of " + id.Bare()
	}
	if len(c.Details) > 0 {
		lines := make([]string, len(c.Details))
		for i, line := range c.Details {
			lines[i] = cleanName(line)
		}
		form.Tabs = append(form.Tabs, plugin.Tab{Title: "Details", Fields: []im.Field{{Kind: im.FieldNote, Label: strings.Join(lines, "\n")}}})
	}
	return form
}

// issued says by whom, and for how long.
func issued(c protocol.Certificate) string {
	s := "Issued by " + cleanName(c.Issuer)
	if c.Valid != "" {
		s += ", valid from " + c.Valid + " until " + c.Expires
	} else if c.Expires != "" {
		s += ", valid until " + c.Expires
	}
	return s + "."
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
