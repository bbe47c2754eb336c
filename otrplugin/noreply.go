package otrplugin

import (
	"culver/otrplugin/otr"
	"culver/plugin"

	"culver/lang"
)

// buttonAgain asks once more for a private conversation.
const buttonAgain = "again"

// unanswered tells the user that nothing came back, and what can be done. Whoever
// can drop a query must not open the conversation by it: what is typed from here on
// waits, and the first line that does so brings the choices. A key exchange under
// way is an answer, for a while.
func (p *Plugin) unanswered(c *chat) {
	if c.session.Exchanging() && p.host.Now().Sub(c.askedAt) < exchangeWithin {
		p.awaitAnswer(c)
		return
	}
	c.stopWaiting()
	name := p.name(c)
	if c.state() == otr.Encrypted {
		p.notice(c, lang.F("%s did not answer, so nothing was refreshed. The private conversation goes on with the keys it has.", name))
		p.believe(c)
		return
	}
	c.mute = !c.held
	_, there := p.host.Online(c.id)
	switch {
	case !c.held:
		text := lang.F("%s did not answer. Either they are not online, or their program does not know OTR. What you write "+
			"now waits here for a private conversation.", name)
		if p.mayGiveUp(c) {
			text = lang.F("%s did not answer. Either they are not online, or their program does not know OTR. What you write "+
				"now waits here for a private conversation; to write without protection, choose End private conversation in the OTR menu.", name)
		}
		p.say(c, plain(text+" "),
			seeGuide(lang.T("What can I do?"), pageNoReply))
	case !there:
		p.say(c, plain(lang.F("%s did not answer, and is not seen online. Your lines stay waiting: when %s comes online, "+
			"Culver asks again and then sends them by itself.", name, name)+" "), seeGuide(lang.T("What can I do?"), pageNoReply))
	default:
		p.say(c, plain(lang.F("%s did not answer. Perhaps their program does not know OTR. Your lines stay waiting.", name)+" "),
			seeGuide(lang.T("What can I do?"), pageNoReply))
		p.askWhatNow(c)
	}
}

// askForLine asks for a private conversation on behalf of a line that was just
// typed. If nobody answered before it was, the user decides first.
func (p *Plugin) askForLine(c *chat) {
	_, there := p.host.Online(c.id)
	if c.mute && there {
		c.mute = false
		p.askWhatNow(c)
		return
	}
	p.ask(c)
}

// askWhatNow offers what can be done with lines that nobody lets us send privately.
func (p *Plugin) askWhatNow(c *chat) {
	name := p.name(c)
	buttons := []plugin.Button{{ID: buttonKeep, Label: lang.T("Keep waiting"), Role: plugin.Cancel}}
	text := lang.F("%s is online but did not answer the request for a private conversation. Perhaps their program does not "+
		"know OTR, or another of their devices got the request. Your lines are kept here.", name)
	if p.mayReleaseOpen(c) {
		text = together(text, lang.T("Sent unencrypted, others may be able to read them, and what you write after them, "+
			"until you choose Start private conversation, or one of you goes offline."))
		buttons = append(buttons, plugin.Button{ID: buttonSend, Label: lang.T("Send unencrypted"), Role: plugin.Danger})
	}
	form := plugin.Page(lang.F("No answer from %s", name), text, nil,
		append(buttons, plugin.Button{ID: buttonAgain, Label: lang.T("Ask again"), Role: plugin.Default})...)
	form.Quiet = true
	p.askWaiting(c, form, func() { p.sendOpenAfterAll(c) })
}
