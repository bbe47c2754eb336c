package xmpp

import (
	"strings"

	"culver/lang"
	"culver/protocol"
)

const nsVCard = "vcard-temp" // XEP-0054

// The limits of what is read of a profile.
const (
	maxProfile      = 24
	maxProfileValue = 2000 // bytes
)

// profileFields are the parts of a vCard that are shown, in that order: where the text
// is, and what it is.
var profileFields = []struct{ path, label string }{
	{"FN", lang.Mark("Full name")}, {"NICKNAME", lang.Mark("Nickname")}, {"EMAIL/USERID", lang.Mark("E-mail")}, {"TEL/NUMBER", lang.Mark("Telephone")}, {"URL", lang.Mark("Web page")},
	{"BDAY", lang.Mark("Birthday")}, {"ORG/ORGNAME", lang.Mark("Organisation")}, {"ORG/ORGUNIT", lang.Mark("Department")}, {"TITLE", lang.Mark("Job title")}, {"ROLE", lang.Mark("Role")},
	{"ADR/STREET", lang.Mark("Street")}, {"ADR/LOCALITY", lang.Mark("Town")}, {"ADR/CTRY", lang.Mark("Country")}, {"DESC", lang.Mark("About")},
}

// readProfile reads a vCard, as far as it is text.
func readProfile(card *element) []protocol.ProfileField {
	var out []protocol.ProfileField
	for _, f := range profileFields {
		outer, inner, nested := strings.Cut(f.path, "/")
		for _, e := range card.children {
			if !e.is(nsVCard, outer) {
				continue
			}
			text := e.text
			if nested {
				text = e.childText(nsVCard, inner)
			}
			if text = strings.TrimSpace(text); text == "" || len(out) == maxProfile {
				continue
			}
			if len(text) > maxProfileValue {
				text = strings.ToValidUTF8(text[:maxProfileValue], "") + "…"
			}
			out = append(out, protocol.ProfileField{Label: lang.Of(f.label), Value: text})
		}
	}
	return out
}

// FetchProfile asks what somebody tells of themselves.
func (s *Session) FetchProfile(bare string) error {
	l, address, err := s.about(bare)
	if err != nil {
		return err
	}
	return l.do(func() {
		l.askInTime(address.String(), "get", newElement(nsVCard, "vCard"), func(answer *element) {
			e := protocol.ProfileFetched{Bare: address.String(), Failed: answer == nil || answer.attr("type") != "result"}
			if !e.Failed {
				if card := answer.child(nsVCard, "vCard"); card != nil {
					e.Fields = readProfile(card)
				}
			}
			l.emit(e)
		})
	})
}
