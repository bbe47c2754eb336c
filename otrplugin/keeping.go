package otrplugin

import (
	"fmt"

	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
	"culver/plugin"
)

// keeping says whether private conversations are kept in the history. Its zero
// value is the safest.
type keeping int

const (
	keepNever keeping = iota
	keepAlways
	keepAsk // the user is asked about each one; until they answer, nothing of it is kept
)

// keepings are their names, in stores and forms.
var keepings = [...]string{keepNever: "never", keepAlways: "always", keepAsk: "ask"}

// keepingChoices are they, for people.
func keepingChoices() []im.Choice {
	return []im.Choice{
		{Value: keepNever.String(), Label: lang.T("Do not keep private conversations")},
		{Value: keepAlways.String(), Label: lang.T("Keep them, encrypted")},
		{Value: keepAsk.String(), Label: lang.T("Ask each time")},
	}
}

// String is the name.
func (k keeping) String() string { return keepings[k] }

// MarshalText writes the name.
func (k keeping) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads it.
func (k *keeping) UnmarshalText(name []byte) error {
	for i, known := range keepings {
		if known == string(name) {
			*k = keeping(i)
			return nil
		}
	}
	return fmt.Errorf("unknown choice %q", name)
}

// keepingOf is what older versions called "Don't log".
func keepingOf(dontLog bool) keeping {
	if dontLog {
		return keepNever
	}
	return keepAlways
}

// Unlogged reports that what was sealed is not kept on disk.
func (p *Plugin) Unlogged(id im.ConvID) bool {
	switch p.settingsOf(id).Keep {
	case keepAlways:
		return false
	case keepAsk:
		c := p.chats[id]
		return c == nil || !c.keeps
	default:
		return true
	}
}

// keptSentence says of a private conversation that began whether it is kept.
func (p *Plugin) keptSentence(c *chat) string {
	switch {
	case !p.Unlogged(c.id):
		return lang.T("It is kept in the history of this computer.")
	case p.settingsOf(c.id).Keep == keepAsk:
		return lang.T("It is not kept in the history unless you say so.")
	default:
		return lang.T("It is not kept in the history.")
	}
}

// newRecord forgets what the user answered of the private conversation before.
func (c *chat) newRecord() {
	c.keeps, c.keepAnswered = false, false
	c.closeKeepQuestion()
}

func (c *chat) closeKeepQuestion() {
	if c.keepQuestion != nil {
		c.keepQuestion.Close()
		c.keepQuestion = nil
	}
}

// askToKeep asks, once for each private conversation, whether it is kept. The
// question may outlast it.
func (p *Plugin) askToKeep(c *chat) {
	if p.settingsOf(c.id).Keep != keepAsk || c.state() != otr.Encrypted || c.keepAnswered || c.keepQuestion != nil {
		return
	}
	form := plugin.Page(lang.T("Keep this private conversation?"),
		lang.F("Keep this private conversation with %s in the history of this computer, encrypted? That includes what was "+
			"said since it began. Until you answer, nothing of it is kept.", p.name(c)), nil,
		plugin.Button{ID: buttonDontKeep, Label: lang.T("Do not keep"), Role: plugin.Cancel},
		plugin.Button{ID: buttonKeep, Label: lang.T("Keep")})
	form.Quiet = true
	c.keepQuestion = p.host.Ask(c.id, form, func(a plugin.Answers) {
		c.closeKeepQuestion()
		c.keepAnswered, c.keeps = true, a.Action == buttonKeep
		if c.keeps {
			p.host.Keep(c.id)
			p.notice(c, lang.T("This private conversation is kept in the history of this computer."))
		} else {
			p.notice(c, lang.T("This private conversation is not kept in the history."))
		}
		p.changed()
	})
}

// resettleKeeping brings a conversation in line with another choice. What was said
// before stays as it is.
func (p *Plugin) resettleKeeping(c *chat, before, now keeping) {
	if before == now {
		return
	}
	kept := before == keepAlways || before == keepAsk && c.keeps
	c.newRecord()
	if c.state() != otr.Encrypted {
		return
	}
	switch {
	case now == keepAlways && !kept:
		p.notice(c, lang.T("From now on, this private conversation is kept in the history of this computer."))
	case now == keepNever && kept:
		p.notice(c, lang.T("From now on, this private conversation is not kept in the history. What came before stays there."))
	case now == keepAsk:
		p.askToKeep(c)
	}
}
