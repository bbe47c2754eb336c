package otrplugin

import (
	"cmp"
	"slices"
	"time"

	"culver/im"
	"culver/otrplugin/otr"
	"culver/plugin"
)

// Bounds on what a peer can make us keep.
const (
	maxPending = 16      // messages that wait for our key
	maxWire    = 1 << 14 // bytes of each
	maxDevices = 16      // devices of one peer
)

// chat is one conversation as OTR sees it.
type chat struct {
	id      im.ConvID
	session *otr.Session // nil until first needed
	level   im.Level     // what was last told to the host
	// used is the key of the last private conversation, if any.
	used otr.Fingerprint
	// keys and devices are the peer's keys and resources by instance tag.
	keys    map[uint32]otr.Fingerprint
	devices map[uint32]string
	// writings are how the peer's clients write, by their keys.
	writings map[otr.Fingerprint]writing

	early early // what has overtaken other messages

	lines       uint64 // sealed lines are numbered; the highest number
	linesBefore uint64 // and that of the sessions before this one

	where devices // which of the peer's sessions is written to

	talked  bool // the user wrote here, or started
	knocked bool // a stranger asked for a private conversation, which was told
	// keepOpen: the user chose to talk in clear with who is there now: until the
	// next Start, or until either side has been away.
	keepOpen bool
	agreed   bool // the user said yes to sending what waits in clear
	// wished: a private conversation was asked for, or lines were typed that
	// wait for one. What is typed in that belief does not leave in clear
	// because something else has changed, such as that nobody answers. Only the
	// user takes it back: by End, by sending unencrypted, by switching OTR off.
	wished bool
	mute   bool // nobody answered, and nothing was typed since

	readingLate    bool      // what is being read waited while the user was away
	preparing      bool      // what the session needs next is being worked out
	pending        []arrival // came while our key was being made
	startWhenReady bool

	doubted  bool // the peer was away: it may have lost the private conversation
	held     bool // lines wait in the core
	again    bool // they are asked again now: it is not the user who types
	starts   bool // the user chose to send the query that is out
	askedAt  time.Time
	unbidden unbidden      // queries that the user did not cause
	stopWait func()        // a query is out, and unanswered; nil: none is
	question plugin.Dialog // asks about the waiting lines

	// keeps is what the user answered of the private conversation, if anything: it
	// is kept in the history.
	keeps, keepAnswered bool
	keepQuestion        plugin.Dialog

	newKey  *keyQuestion    // asks about a key
	history *keyHistory     // shows all of them
	about   otr.Fingerprint // the key that was last asked about
	strange otr.Fingerprint // the key that was not accepted of the last message that was warned of
	putOff  time.Time       // when the user last put that off

	strangeAt time.Time // when that was

	details  *details
	auth     *authentication
	requests requests
	// overtaken: what the engine carries out is a request that is still to be
	// shown, and no longer what the dialog shows.
	overtaken bool
	told      map[complaint]time.Time // when a complaint was last made
	// stopNewKey stops the telling of a new key that was put off; nil: none was.
	stopNewKey func()
}

// arrival is a message that waits for our key.
type arrival struct{ wire, resource string }

func newChat(id im.ConvID) *chat {
	return &chat{
		id:       id,
		keys:     make(map[uint32]otr.Fingerprint),
		devices:  make(map[uint32]string),
		writings: make(map[otr.Fingerprint]writing),
		told:     make(map[complaint]time.Time),
	}
}

func (c *chat) state() otr.State {
	if c.session == nil {
		return otr.Plaintext
	}
	return c.session.State()
}

// live reports that the conversation is private, or was until the peer ended it.
func (c *chat) live() bool { return c.state() != otr.Plaintext }

// forget wipes the session and takes away what stands on the screen.
func (c *chat) forget() {
	c.stopWaiting()
	c.unbidden.reset()
	c.stopTellingLater()
	c.closeQuestion()
	c.closeKeepQuestion()
	c.closeHistory()
	c.closeDetails()
	if c.newKey != nil {
		c.newKey.dialog.Close()
		c.newKey = nil
	}
	if c.auth != nil {
		c.auth.close()
		c.auth = nil
	}
	if c.session != nil {
		c.session.Close()
		c.session = nil
	}
	c.pending = nil
	c.early.forget()
}

func (c *chat) closeQuestion() {
	if c.question != nil {
		c.question.Close()
		c.question = nil
	}
}

// levelNow is how well the conversation is protected.
func (p *Plugin) levelNow(c *chat) im.Level {
	f, _ := c.peerKey()
	return p.levelOf(c, c.state(), f)
}

// levelOf is how well a session is protected, with that key if it is private.
func (p *Plugin) levelOf(c *chat, s otr.State, f otr.Fingerprint) im.Level {
	switch s {
	case otr.Encrypted:
		return p.sealedLevel(c, f)
	case otr.Finished:
		return im.Ended
	default:
		return im.Open
	}
}

// sealedLevel is how well a message was protected that came with that key. The
// peer may have several devices, each with a key of its own.
func (p *Plugin) sealedLevel(c *chat, from otr.Fingerprint) im.Level {
	if p.trusted(c.id, from) {
		return im.Verified
	}
	return im.Private
}

func seal(l im.Level) im.Seal {
	if l == im.Open {
		return im.Seal{}
	}
	return im.Seal{Level: l, By: pluginID}
}

// reseal tells the host of a changed level.
func (p *Plugin) reseal(c *chat) {
	if l := p.levelNow(c); l != c.level {
		c.level = l
		p.host.Seal(c.id, seal(l))
	}
}

// resource is the device that sealed messages go to.
func (c *chat) resource() string {
	if c.session == nil {
		return ""
	}
	return c.devices[c.session.TheirTag()]
}

// noteDevice remembers where an instance of the peer's lives.
func (c *chat) noteDevice(tag uint32, resource string) {
	if resource == "" {
		return
	}
	if _, ok := c.devices[tag]; ok || len(c.devices) < maxDevices {
		c.devices[tag] = resource
		c.where.noteName(tag, resource)
	}
}

// apply does what a call to the session asks for: wire, then events, in order.
// The wire goes to the resource, or if that is empty, to where the session
// lives. It returns the first error of the wire.
func (p *Plugin) apply(c *chat, r otr.Result, resource string) error {
	err := p.put(c, r, resource)
	for i, e := range r.Events {
		if e.Kind == otr.SMPAborted && slices.ContainsFunc(r.Events[i:], replacesKeys) {
			continue // it is what follows that stops it, which says so itself
		}
		c.overtaken = slices.ContainsFunc(r.Events[i:], asks)
		p.event(c, e)
	}
	c.overtaken = false
	p.settle(c)
	if len(r.Events) > 0 {
		p.changed()
	}
	p.prepare(c)
	p.ripen(c, r.Then)
	return err
}

// do is apply after a call that may have failed. It returns the first error of both.
func (p *Plugin) do(c *chat, resource string, r otr.Result, err error) error {
	return cmp.Or(err, p.apply(c, r, resource))
}

// replacesKeys reports that the session's keys were left, and SMP with them.
func replacesKeys(e otr.Event) bool {
	return e.Kind == otr.GoneSecure || e.Kind == otr.Refreshed || e.Kind == otr.PeerEnded
}

// asks reports that the peer began SMP.
func asks(e otr.Event) bool { return e.Kind == otr.AskSecret || e.Kind == otr.AskAnswer }

// put sends a result's messages of the protocol: to that resource, or if it is empty
// each to where the instance lives that it is for.
func (p *Plugin) put(c *chat, r otr.Result, resource string) error {
	for n, w := range r.Wire {
		where := resource
		if _, to := tags(string(w)); where == "" {
			where = c.devices[to]
		}
		if where == "" {
			where = c.resource()
		}
		hints := wireHints(w, where)
		if text, again := r.Again[n]; again {
			hints.Again = c.line(text)
		}
		if err := p.host.Wire(c.id, string(w), hints); err != nil {
			return err
		}
	}
	return nil
}

// settle brings everything in line with the session after anything happened.
func (p *Plugin) settle(c *chat) {
	p.reseal(c)
	p.checkAuthentication(c)
	p.reviewSessions(c)
	p.updateDetails(c)
	p.reviewKey(c)
	if _, ok := c.peerKey(); !ok {
		return
	}
	gated := p.gated(c)
	c.wished = c.wished && gated
	if c.held && !gated && !c.doubts() {
		p.release(c)
	}
}

// peerKey is the key that sealed lines go to.
func (c *chat) peerKey() (f otr.Fingerprint, ok bool) {
	if c.state() != otr.Encrypted {
		return f, false
	}
	return c.session.PeerFingerprint()
}

// gated reports that lines wait although the conversation is private: the user
// has not accepted the key that they would go to.
func (p *Plugin) gated(c *chat) bool {
	f, ok := c.peerKey()
	return ok && !p.acceptable(c.id, f)
}
