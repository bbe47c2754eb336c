package otrplugin

import (
	"fmt"
	"slices"
	"strings"

	"culver/lang"
	"culver/otrplugin/otr"
	"culver/plugin"
)

// late takes what waited while the user was away. What is sealed is read with the
// keys at hand. Nothing goes back, and no key exchange starts or goes on: an
// answer would tell the sender when the user came back, and is of no use to a
// program that gave up waiting long ago. The user decides by Start.
func (p *Plugin) late(c *chat, wire string) (plugin.In, error) {
	plain, _ := cutOffer(wire)
	report, isError := strings.CutPrefix(wire, "?OTR Error:")
	switch {
	case c.live() && maySeal(wire):
		return p.receiveLate(c, wire)
	case plain == "":
	case !isProtocol(wire):
		return p.open(c, plain), nil
	case isError:
		p.trouble(c, otr.Event{Kind: otr.PeerError, Text: report})
	case !encoded(wire):
		p.askedWhileAway(c)
	case strings.Contains(wire, sealedV2) || strings.Contains(wire, sealedV3):
		p.trouble(c, otr.Event{Kind: otr.NotInPrivate})
	}
	return plugin.In{Drop: true}, nil
}

// How data messages begin: version (two bytes) and type, in base 64.
const (
	sealedV2 = "?OTR:AAID"
	sealedV3 = "?OTR:AAMD"
)

// maySeal reports that the wire text is a data message, or a piece that may
// belong to one.
func maySeal(wire string) bool {
	at := strings.Index(wire, otrMark)
	if at < 0 {
		return false
	}
	return slices.ContainsFunc([]string{sealedV2, sealedV3, "?OTR|", "?OTR,"}, func(head string) bool {
		return strings.HasPrefix(wire[at:], head)
	})
}

// askedWhileAway tells of a query that nobody answered, unless what it asks for is
// being started already.
func (p *Plugin) askedWhileAway(c *chat) {
	if c.starting() || c.asked() || c.held || c.session != nil && c.session.Exchanging() || !p.mayTell(c, aboutLateQuery) {
		return
	}
	text := lang.F("%s asked for a private conversation while you were away; choose Start private conversation in the OTR "+
		"menu if you want it, too.", p.name(c))
	if c.state() == otr.Encrypted {
		text = lang.F("%s asked for a private conversation while you were away; choose Refresh private conversation in the "+
			"OTR menu if you want it, too.", p.name(c))
	}
	p.notice(c, text)
}

// receiveLate gives the engine a message that may be sealed, under the policy
// that lets it do nothing else: pieces may turn out to be anything.
func (p *Plugin) receiveLate(c *chat, wire string) (plugin.In, error) {
	s := c.session
	s.SetPolicy(otr.Never)
	r, err := s.Receive([]byte(wire))
	s.SetPolicy(p.sessionPolicy(c))
	ticket := p.keepEarly(c, r, "", true)
	in := p.digestLate(c, r)
	in.Ticket = ticket
	if err != nil {
		return in, fmt.Errorf("read late OTR message: %w", err)
	}
	return in, nil
}

// digestLate does what the engine made of a late message, but for an answer, and
// returns what there is to show.
func (p *Plugin) digestLate(c *chat, r otr.Result) plugin.In {
	in := p.read(c, r)
	if len(r.Wire) > 0 && c.session != nil && c.auth != nil && c.auth.step == running && slices.ContainsFunc(r.Events, goesOn) {
		c.session.Abort() // the peer waits for an answer that does not leave; nothing to undo if it fails
	}
	r.Wire = nil
	r.Events = slices.DeleteFunc(r.Events, func(e otr.Event) bool {
		if e.Kind == otr.NoCommonVersion { // a query in pieces; no version is allowed now
			p.askedWhileAway(c)
			return true
		}
		return false
	})
	c.readingLate = true
	p.apply(c, r, "")
	c.readingLate = false
	return in
}

func goesOn(e otr.Event) bool { return e.Kind == otr.SMPProgress }
