package otrplugin

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
	"culver/plugin"
)

// Outgoing seals a typed line, holds it, offers OTR with it, or refuses it. It
// never gives out clear text for a conversation that is or must be private.
func (p *Plugin) Outgoing(id im.ConvID, text string) (plugin.Out, error) {
	c := p.chat(id)
	c.talked = true
	again := c.again
	c.again = false
	if p.off(c) {
		return plugin.Out{Wire: text, Agreed: c.agreed}, nil
	}
	if p.policyOf(id) == otr.Never && !c.live() {
		return c.hold(lang.T("Waiting, for private messaging is switched off: the OTR menu can send it unencrypted")), nil
	}
	if !p.needKey(id.Account) {
		a := p.account(id.Account)
		if a.outOfReach() {
			return plugin.Out{}, notSent(nil, "Not sent. %s", p.keyFailure(a))
		}
		c.wished = p.mustWait(c)
		return c.hold(lang.T("Waiting for your private key")), nil
	}
	s := p.session(c)
	s.SetPolicy(p.sessionPolicy(c))
	switch s.State() {
	case otr.Encrypted:
		if p.gated(c) {
			c.wished = true
			out := c.hold(p.waitingForKey(c))
			if f, ok := c.peerKey(); ok && !again && !p.refused(id, f) {
				p.askAboutKey(c, false)
			}
			return out, nil
		}
		if out, wait := p.makeSure(c); wait {
			return out, nil
		}
		return p.sendSealed(c, text)
	case otr.Finished:
		return plugin.Out{}, p.finished(c)
	}
	if p.mustWait(c) {
		c.wished = true
		out := c.hold(p.waitingToStart(c))
		if !again {
			p.askForLine(c)
		}
		return out, nil
	}
	return p.sendOpen(c, text)
}

// refusal is why a line was not sent, in a sentence for the user.
type refusal struct {
	text string
	err  error
}

// notSent is a refusal for that reason.
//
//culver:text 1
func notSent(err error, format string, args ...any) error {
	return &refusal{text: lang.F(format, args...), err: err}
}

func (r *refusal) Error() string { return r.text }
func (r *refusal) Unwrap() error { return r.err }

func (c *chat) hold(reason string) plugin.Out {
	c.held = true
	return plugin.Out{Hold: true, Reason: reason}
}

func (p *Plugin) waitingToStart(c *chat) string {
	if _, there := p.host.Online(c.id); !there {
		return lang.F("Waiting until %s is online", p.name(c))
	}
	return lang.T("Waiting for the private conversation to start")
}

// mustWait reports that a line must not leave in clear: encryption is required,
// the user wishes it here, or the buddy has spoken OTR before and would be asked
// anyway, which would come too late for the first line.
func (p *Plugin) mustWait(c *chat) bool {
	if p.requires(c.id) || c.wished {
		return true
	}
	return p.policyOf(c.id)&otr.SendWhitespaceTag != 0 && !c.keepOpen && p.seen(c.id)
}

func (p *Plugin) finished(c *chat) error {
	return notSent(otr.ErrFinished, "Not sent: %s has ended the private conversation. Choose Start private conversation "+
		"in the OTR menu to go on privately, or End private conversation to go on without protection.", p.name(c))
}

func tooLong(err error) error {
	return notSent(err, "Not sent: the message is too long. Send it in parts.")
}

// sendSealed encrypts. All fragments but the last leave at once, the core sends
// the last one: together they are one message.
func (p *Plugin) sendSealed(c *chat, text string) (plugin.Out, error) {
	s := c.session
	reader, _ := s.PeerFingerprint()
	written := payload(text, p.writingOf(c, reader))
	r, err := s.Send(written)
	unsent := func() { s.Unsend(r.Number) }
	wire := r.Wire
	r.Wire = nil
	p.apply(c, r, "")
	if errors.Is(err, otr.ErrFinished) {
		return plugin.Out{}, p.finished(c)
	}
	if errors.Is(err, otr.ErrTooLong) {
		return plugin.Out{}, tooLong(err)
	}
	if err != nil {
		return plugin.Out{}, notSent(err, "Not sent: the message could not be encrypted. Choose Refresh private conversation in the OTR menu.")
	}
	if !r.Sealed || len(wire) == 0 {
		s.DropHeld()
		return plugin.Out{}, notSent(nil, "Not sent: the message could not be encrypted. Choose Refresh private conversation in the OTR menu.")
	}
	last := len(wire) - 1
	if err := p.put(c, otr.Result{Wire: wire[:last]}, ""); err != nil {
		unsent()
		return plugin.Out{}, notSent(err, "Not sent: %s", inWords(err))
	}
	return plugin.Out{
		Wire:   string(wire[last]),
		Seal:   seal(p.levelNow(c)),
		Hints:  wireHints(wire[last], c.resource()),
		Number: c.line(r.Number),
		Unsent: unsent,
	}, nil
}

// sendOpen lets a line go in clear, with the invisible offer if that is wanted.
func (p *Plugin) sendOpen(c *chat, text string) (plugin.Out, error) {
	r, err := c.session.Send([]byte(text))
	wire := r.Wire
	r.Wire = nil
	p.apply(c, r, "")
	if errors.Is(err, otr.ErrTooLong) {
		return plugin.Out{}, tooLong(err)
	}
	if err != nil {
		return plugin.Out{}, notSent(err, "Not sent: %s", inWords(err))
	}
	if r.Held || len(wire) != 1 {
		c.session.DropHeld()
		return plugin.Out{}, notSent(nil, "Not sent: a private conversation is being started. Please try again.")
	}
	return plugin.Out{Wire: string(wire[0]), Agreed: c.agreed}, nil
}

// Incoming takes what came off the wire: text to read, sealed or not, or a
// message of the protocol.
func (p *Plugin) Incoming(id im.ConvID, a plugin.Arrival) (plugin.In, error) {
	from, wire := a.From, a.Wire
	c := p.chat(id)
	if a.Ticket != 0 {
		return p.readEarly(c, a.Ticket), nil
	}
	plain, offer := cutOffer(wire)
	mark := strings.Contains(wire, otrMark)
	switch {
	case p.off(c):
		return plugin.In{Text: wire}, nil
	case p.stranger(c):
		return p.fromStranger(c, wire), nil
	case a.Late:
		return p.late(c, wire)
	case c.session == nil && !mark && !offer:
		return p.open(c, wire), nil
	case !p.needKey(id.Account):
		if len(c.pending) < maxPending && len(wire) <= maxWire {
			c.pending = append(c.pending, arrival{wire: wire, resource: from.Resource})
		}
		if isProtocol(wire) {
			return plugin.In{Drop: true}, nil
		}
		return p.open(c, plain), nil
	}
	return p.receive(c, from.Resource, wire)
}

// open is a text that came in clear, read without the engine.
func (p *Plugin) open(c *chat, text string) plugin.In {
	in := plugin.In{Text: text}
	if p.requires(c.id) || c.live() {
		in.Alarm = p.notEncrypted(c)
	}
	return in
}

func (p *Plugin) notEncrypted(c *chat) string {
	return lang.F("The following message from %s was NOT encrypted: others may have read or changed it.", p.name(c))
}

// fromStranger answers nothing, and does no work for it. The user decides by
// Start, of which one line tells.
func (p *Plugin) fromStranger(c *chat, wire string) plugin.In {
	if plain, _ := cutOffer(wire); plain == "" {
		return plugin.In{Drop: true}
	} else if !isProtocol(wire) {
		return p.open(c, plain)
	}
	if !c.knocked && !strings.HasPrefix(wire, "?OTR Error:") {
		c.knocked = true
		text := lang.F("%s asks for a private conversation. Nothing was answered, because they are not on your Buddy List. "+
			"To accept, choose Start private conversation in the OTR menu.", p.name(c))
		if p.host.Listed(c.id) {
			text = lang.F("%s asks for a private conversation. Nothing was answered, because they may not see whether you "+
				"are online. To accept, choose Start private conversation in the OTR menu.", p.name(c))
		}
		p.notice(c, text)
	}
	return plugin.In{Drop: true}
}

// receive gives a message to the engine.
func (p *Plugin) receive(c *chat, resource, wire string) (plugin.In, error) {
	s := p.session(c)
	s.SetPolicy(p.sessionPolicy(c))
	r, err := s.Receive([]byte(wire))
	if err == nil && encoded(wire) {
		from, _ := tags(wire)
		c.noteDevice(from, resource)
	}
	ticket := p.keepEarly(c, r, resource, false)
	in := p.digest(c, r, resource)
	in.Ticket = ticket
	if err != nil {
		return in, fmt.Errorf("read OTR message: %w", err)
	}
	return in, nil
}

// digest does what the engine made of a message, and returns what there is to show.
func (p *Plugin) digest(c *chat, r otr.Result, resource string) plugin.In {
	if r.Sealed && c.session != nil && r.FromTag == c.session.TheirTag() {
		c.proved()
	}
	in := p.read(c, r)
	p.apply(c, r, resource)
	if r.Show && r.Sealed && c.session != nil {
		c.where.missed = false
		p.tellOfElsewhere(c, r.FromTag)
	}
	return in
}

// read is what there is to show of what the engine made of a message.
func (p *Plugin) read(c *chat, r otr.Result) plugin.In {
	in := plugin.In{Drop: !r.Show}
	if r.Show {
		in.Text = strings.ToValidUTF8(string(r.Text), "\uFFFD")
	}
	for _, e := range r.Events {
		if e.Kind == otr.ReceivedUnencrypted {
			in.Alarm = p.notEncrypted(c)
		}
	}
	if r.Show && r.Sealed {
		in.Alarm = p.doubtfulSender(c, r.From)
		p.heed(c, r.From, in.Text)
		in.Markup = !p.writingOf(c, r.From).bare()
		in.Seal = seal(p.sealedLevel(c, r.From))
		if said, again := strings.CutPrefix(in.Text, otr.ResentPrefix); again {
			in.Said = said
		}
	}
	return in
}

// strangeKeyEvery is how often it is said of messages that nobody has accepted the
// key that they come with.
const strangeKeyEvery = 10 * time.Minute

// doubtfulSender warns of a message that is sealed with a key to which nothing is
// written: always if the user refused it, else for the first of several.
func (p *Plugin) doubtfulSender(c *chat, from otr.Fingerprint) string {
	now := p.host.Now()
	d := now.Sub(c.strangeAt)
	switch {
	case p.refused(c.id, from):
		return lang.F("The following message was written with a key that you refused. It may not come from %s.", p.name(c))
	case p.acceptable(c.id, from), c.strange == from && d >= 0 && d < strangeKeyEvery:
		return ""
	}
	c.strange, c.strangeAt = from, now
	return lang.F("The following message was written with a key that you have never accepted. It may come from a new device "+
		"of %s's, or from somebody else.", p.name(c))
}

// replay gives the engine what came while the key was being made. What was to
// be read of it was shown at once.
func (p *Plugin) replay(c *chat) {
	pending := c.pending
	c.pending = nil
	for _, a := range pending {
		p.receive(c, a.resource, a.wire)
	}
}
