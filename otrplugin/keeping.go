package otrplugin

import (
	"fmt"

	"culver/im"
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
var keepings = [...]im.Choice{
	keepNever:  {Value: "never", Label: "Do not keep private conversations"},
	keepAlways: {Value: "always", Label: "Keep them, encrypted"},
	keepAsk:    {Value: "ask", Label: "Ask each time"},
}

// String is the name.
func (k keeping) String() string { return keepings[k].Value }

// MarshalText writes the name.
func (k keeping) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads it.
func (k *keeping) UnmarshalText(name []byte) error {
	for i, choice := range keepings {
		if choice.Value == string(name) {
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
		return "It is kept in the history of this computer."
	case p.settingsOf(c.id).Keep == keepAsk:
		return "It is not kept in the history unless you say so."
	default:
		return "It is not kept in the history."
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
	form := plugin.Page("Keep this private conversation?",
		"Keep this private conversation with "+p.name(c)+" in the history of this computer, encrypted? That includes what was "+
			"said since it began. Until you answer, nothing of it is kept.", nil,
		plugin.Button{ID: buttonDontKeep, Label: "Do not keep", Role: plugin.Cancel},
		plugin.Button{ID: buttonKeep, Label: "Keep"})
	form.Quiet = true
	c.keepQuestion = p.host.Ask(c.id, form, func(a plugin.Answers) {
		c.closeKeepQuestion()
		c.keepAnswered, c.keeps = true, a.Action == buttonKeep
		if c.keeps {
			p.host.Keep(c.id)
			p.notice(c, "This private conversation is kept in the history of this computer.")
		} else {
			p.notice(c, "This private conversation is not kept in the history.")
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
		p.notice(c, "From now on, this private conversation is kept in the history of this computer.")
	case now == keepNever && kept:
		p.notice(c, "From now on, this private conversation is not kept in the history. What came before stays there.")
	case now == keepAsk:
		p.askToKeep(c)
	}
}
