package xmpp

import (
	"slices"
	"strings"

	"culver/lang"
	"culver/protocol"
)

// What we tell of ourselves: our own vCard (XEP-0054), and the nickname for those who see
// our presence (XEP-0172). Nothing of it is told unless the user asks for it.

const nsNick = "http://jabber.org/protocol/nick" // XEP-0172

// maxOwnProfile is how large our vCard may be, in bytes, with the picture in it.
const maxOwnProfile = 160 << 10

// ownFields are the parts of our vCard that can be changed here; all others stay as they
// are. Beside are the empty elements that say of what kind a new one is.
var ownFields = []struct {
	path, label string
	beside      []string
}{
	{"FN", lang.Mark("Full name"), nil}, {"NICKNAME", lang.Mark("Nickname"), nil}, {"EMAIL/USERID", lang.Mark("E-mail"), []string{"INTERNET"}}, {"TEL/NUMBER", lang.Mark("Telephone"), []string{"VOICE"}},
	{"URL", lang.Mark("Web page"), nil}, {"BDAY", lang.Mark("Birthday"), nil}, {"ORG/ORGNAME", lang.Mark("Organisation"), nil}, {"TITLE", lang.Mark("Job title"), nil}, {"DESC", lang.Mark("About"), nil},
}

var _ protocol.SelfDescriber = (*Session)(nil)

// AskOwnProfile asks the server what we tell.
func (s *Session) AskOwnProfile() error {
	l, err := s.online()
	if err != nil {
		return err
	}
	return l.do(func() {
		l.ownCard(func(card *element) {
			e := protocol.OwnProfile{Failed: card == nil}
			for _, f := range ownFields {
				if card != nil {
					e.Fields = append(e.Fields, protocol.ProfileField{ID: f.path, Label: lang.Of(f.label), Value: cardText(card, f.path)})
				}
			}
			l.emit(e)
		})
	})
}

// ownCard gets our vCard; nil if that is not known, and an empty one if there is none.
func (l *link) ownCard(done func(card *element)) {
	l.askInTime("", "get", newElement(nsVCard, "vCard"), func(answer *element) {
		switch {
		case answer == nil:
			done(nil)
		case answer.attr("type") != "result":
			if stanzaCondition(answer) != "item-not-found" {
				done(nil)
				return
			}
			done(newElement(nsVCard, "vCard"))
		default:
			card := answer.child(nsVCard, "vCard")
			if card == nil {
				card = newElement(nsVCard, "vCard")
			}
			done(cleanCard(card))
		}
	})
}

// cleanCard is what can be given back to the server: elements of vCards, and their text.
func cleanCard(e *element) *element {
	out := newElement(nsVCard, e.name)
	out.text = e.text
	for _, c := range e.children {
		if c.space == nsVCard && c.name != "" && strings.Trim(c.name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == "" && c.name[0] >= 'A' {
			out.add(cleanCard(c))
		}
	}
	return out
}

// cardText is the first text at a path.
func cardText(card *element, path string) string {
	outer, inner, nested := strings.Cut(path, "/")
	for _, e := range card.children {
		if e.name != outer {
			continue
		}
		text := e.text
		if nested {
			text = e.childText(nsVCard, inner)
		}
		if text = strings.TrimSpace(text); text != "" {
			if len(text) > maxProfileValue {
				text = strings.ToValidUTF8(text[:maxProfileValue], "")
			}
			return text
		}
	}
	return ""
}

// setCardText puts a text in the place of that which cardText finds, or takes it away.
func setCardText(card *element, path, text string, beside []string) {
	outer, inner, nested := strings.Cut(path, "/")
	made := newText(nsVCard, outer, text)
	if nested {
		made = newElement(nsVCard, outer)
		for _, name := range beside {
			made.add(newElement(nsVCard, name))
		}
		made.add(newText(nsVCard, inner, text))
	}
	blank := -1 // the first without text: servers read that one
	for i, e := range card.children {
		if e.name != outer {
			continue
		}
		part := e
		if nested {
			part = e.child(nsVCard, inner)
		}
		switch {
		case part == nil || strings.TrimSpace(part.text) == "":
			if blank < 0 {
				blank = i
			}
			continue
		case text == "":
			card.children = slices.Delete(card.children, i, i+1)
		default:
			part.text = text
		}
		return
	}
	switch {
	case text == "":
	case blank >= 0:
		card.children[blank] = made
	default:
		card.add(made)
	}
}

// SetOwnProfile changes what we tell, and leaves what it does not know as it is.
func (s *Session) SetOwnProfile(fields []protocol.ProfileField) error {
	l, err := s.online()
	if err != nil {
		return err
	}
	values := map[string]string{}
	for _, f := range fields {
		if len(f.Value) > maxProfileValue {
			return sentencef("%s is too long.", f.Label)
		}
		values[f.ID] = strings.TrimSpace(sanitize(f.Value))
	}
	over := func(problem string) { l.emit(protocol.OwnProfileSet{Problem: problem}) }
	return l.do(func() {
		l.ownCard(func(card *element) {
			if card == nil {
				over(lang.F("%s does not say what it has of you, so nothing was changed. Try again later.", l.domain))
				return
			}
			before := cardText(card, "NICKNAME")
			for _, f := range ownFields {
				if value, given := values[f.path]; given && value != cardText(card, f.path) {
					setCardText(card, f.path, value, f.beside)
				}
			}
			if len(card.marshal()) > maxOwnProfile {
				over(lang.T("This is too much for the server. Shorten it, or choose a smaller picture."))
				return
			}
			l.askInTime("", "set", card, func(answer *element) {
				if answer == nil || answer.attr("type") != "result" {
					over(lang.F("%s did not take it. It may keep no profiles.", l.domain))
					return
				}
				l.publishNick(before, cardText(card, "NICKNAME"), over)
			})
		})
	})
}

// publishNick tells the nickname to those who see our presence, where the server can.
func (l *link) publishNick(before, nick string, done func(problem string)) {
	if nick == before {
		done("")
		return
	}
	l.whenHomeKnown(func(_, account *info) {
		if !account.is("pubsub", "pep") {
			done("")
			return
		}
		item := newElement(nsPubSub, "item", newText(nsNick, "nick", nick)).with("id", "current")
		l.askInTime("", "set", newElement(nsPubSub, "pubsub", newElement(nsPubSub, "publish", item).with("node", nsNick)), func(answer *element) {
			if answer == nil || answer.attr("type") != "result" {
				done(lang.F("Your profile was changed, but %s did not tell your buddies the nickname.", l.domain))
				return
			}
			done("")
		})
	})
}
