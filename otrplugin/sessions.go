package otrplugin

import (
	"cmp"
	"slices"
	"time"

	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
)

// A peer who is signed in at several devices has a session with each. What is
// typed goes to one of them, which is chosen in one of three ways.
type sending int

const (
	toBest   sending = iota // the best protected one that is alive
	toRecent                // the one that the peer used last
	toChosen                // the one that the user chose, as long as it lives
)

// devices is what is known of the sessions with one peer, besides the engine's
// part. The zero value is that of a peer who was never seen.
type devices struct {
	sending sending
	chosen  uint32               // the tag of the one that the user chose
	live    uint32               // the one that was written to when it was last looked at
	seen    []uint32             // their tags, in the order in which they turned up
	names   map[uint32]string    // their resources
	since   map[uint32]time.Time // when they became private
	several bool                 // it was said that there are several
	missed  bool                 // it was said that a message was for another device of ours
}

// aliveFor is how long a session that nothing is heard of is taken for alive,
// while the peer uses another one.
const aliveFor = 2 * time.Minute

// turnedUp notes an instance of the peer's.
func (d *devices) turnedUp(tag uint32) {
	if slices.Contains(d.seen, tag) {
		return
	}
	if len(d.seen) >= maxDevices {
		delete(d.names, d.seen[0])
		delete(d.since, d.seen[0])
		d.seen = d.seen[1:]
	}
	d.seen = append(d.seen, tag)
}

func (d *devices) noteName(tag uint32, resource string) {
	d.turnedUp(tag)
	if d.names == nil {
		d.names = make(map[uint32]string)
	}
	d.names[tag] = resource
}

func (d *devices) noteSince(tag uint32, now time.Time) {
	d.turnedUp(tag)
	if d.since == nil {
		d.since = make(map[uint32]time.Time)
	}
	d.since[tag] = now
}

// instances are the sessions with the peer, private or finished, in the order in
// which they turned up.
func (c *chat) instances() []otr.Instance {
	if c.session == nil {
		return nil
	}
	all := c.session.Instances()
	slices.SortStableFunc(all, func(a, b otr.Instance) int {
		return cmp.Compare(slices.Index(c.where.seen, a.Tag), slices.Index(c.where.seen, b.Tag))
	})
	return all
}

// privates are those of them that are private.
func (c *chat) privates() []otr.Instance {
	return slices.DeleteFunc(c.instances(), func(i otr.Instance) bool { return i.State != otr.Encrypted })
}

func (c *chat) instance(tag uint32) (i otr.Instance, ok bool) {
	all := c.instances()
	at := slices.IndexFunc(all, func(i otr.Instance) bool { return i.Tag == tag })
	if at < 0 {
		return i, false
	}
	return all[at], true
}

func (c *chat) isSession(tag uint32) bool {
	_, ok := c.instance(tag)
	return ok
}

// deviceLevel is how well the session with an instance is protected.
func (p *Plugin) deviceLevel(c *chat, i otr.Instance) im.Level {
	return p.levelOf(c, i.State, i.Fingerprint)
}

// signedOff reports that the device signed off while the peer is seen elsewhere.
func (p *Plugin) signedOff(c *chat, tag uint32) bool {
	resource := c.devices[tag]
	_, online := p.host.Online(c.id)
	return resource != "" && online && !p.host.HasDevice(c.id, resource)
}

// alive reports that the peer may still be at the device. A verified one counts as
// long as it is seen online: silence is no reason to write to a lesser one.
func (p *Plugin) alive(c *chat, i otr.Instance) bool {
	if p.signedOff(c, i.Tag) {
		return false
	}
	resource := c.devices[i.Tag]
	there := resource != "" && p.host.HasDevice(c.id, resource)
	return there && p.trusted(c.id, i.Fingerprint) || p.host.Now().Sub(i.Heard) <= aliveFor
}

// mayFollow decides, for the engine, whether what is typed goes to another
// instance from here on, because the peer wrote there or (fresh) it exchanged
// keys. A key that was never seen is followed, which stops what is typed until
// the user has decided, unless the user chose a session.
func (p *Plugin) mayFollow(c *chat, from, to otr.Instance, fresh bool) bool {
	switch {
	case fresh && c.sameDevice(from.Tag, to.Tag), p.signedOff(c, from.Tag):
		return true
	case c.where.sending == toRecent:
		return true
	case c.where.sending == toChosen && c.where.chosen == from.Tag:
		return false
	case fresh && p.knownKey(c.id, to.Fingerprint) == nil:
		return true
	default:
		return p.worth(c.id, to.Fingerprint) >= p.worth(c.id, from.Fingerprint) || !p.alive(c, from)
	}
}

// sameDevice reports that an instance took the place of another one at the same
// device, which had lost its keys.
func (c *chat) sameDevice(before, now uint32) bool {
	return c.where.names[before] != "" && c.where.names[before] == c.where.names[now]
}

// preferred is the private session that is written to by the rules, if there is
// any.
func (p *Plugin) preferred(c *chat) (best otr.Instance, ok bool) {
	all := c.privates()
	if len(all) == 0 {
		return best, false
	}
	return slices.MaxFunc(all, p.betterOf(c)), true
}

// betterOf compares two sessions by the rules.
func (p *Plugin) betterOf(c *chat) func(a, b otr.Instance) int {
	return func(a, b otr.Instance) int {
		if c.where.sending == toRecent {
			return a.Heard.Compare(b.Heard)
		}
		return cmp.Or(rank(p.alive(c, a))-rank(p.alive(c, b)), p.worth(c.id, a.Fingerprint)-p.worth(c.id, b.Fingerprint),
			a.Heard.Compare(b.Heard))
	}
}

func rank(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// recent is the session that was heard of last.
func (c *chat) recent() (i otr.Instance, ok bool) {
	all := c.privates()
	if len(all) == 0 {
		return i, false
	}
	return slices.MaxFunc(all, func(a, b otr.Instance) int { return a.Heard.Compare(b.Heard) }), true
}

// turn makes what is typed go to a session, and reports whether it did not before.
func (p *Plugin) turn(c *chat, to otr.Instance) bool {
	if c.session.TheirTag() == to.Tag && c.state() == otr.Encrypted || !c.session.Select(to.Tag) {
		return false
	}
	p.turnTo(c, otr.Event{Tag: to.Tag, Fingerprint: to.Fingerprint})
	return true
}

// chooseSession is the user's choice of a session.
func (p *Plugin) chooseSession(c *chat, tag uint32) {
	i, ok := c.instance(tag)
	if !ok || i.State != otr.Encrypted {
		return
	}
	c.where.sending, c.where.chosen = toChosen, tag
	p.turn(c, i)
	text := lang.F("What you write goes to %s now, until you choose another one or it ends.", p.nameAndLevel(c, i))
	if last, ok := c.recent(); ok && last.Tag != tag && last.Heard.After(i.Heard) {
		text = together(text, lang.F("Mind that %s was heard of last at %s, and may not see it here.", p.name(c), c.deviceName(last.Tag)))
	}
	p.notice(c, text)
	p.settle(c)
	p.changed()
}

// chooseSending is the user's choice of a rule.
func (p *Plugin) chooseSending(c *chat, s sending) {
	c.where.sending, c.where.chosen = s, 0
	if i, ok := p.preferred(c); ok && p.turn(c, i) {
		p.notice(c, lang.F("What you write goes to %s now.", p.nameAndLevel(c, i)))
	}
	p.settle(c)
	p.changed()
}

func (p *Plugin) nameAndLevel(c *chat, i otr.Instance) string {
	return lang.F("%s (%s)", c.deviceName(i.Tag), p.deviceLevel(c, i).String())
}

// tellOfSwitch tells that another session is written to. One that the user had
// chosen is not chosen any more, unless it is at the same device.
func (p *Plugin) tellOfSwitch(c *chat, to otr.Instance) {
	if !p.reviewChoice(c, to) {
		p.notice(c, lang.F("%s uses another device now: what you write goes to %s.", p.name(c), p.nameAndLevel(c, to)))
	}
}

// reviewChoice gives up the user's choice of a session if another one took over,
// and tells so.
func (p *Plugin) reviewChoice(c *chat, to otr.Instance) (told bool) {
	chosen := c.where.chosen
	switch {
	case c.where.sending != toChosen || chosen == to.Tag:
		return false
	case c.sameDevice(chosen, to.Tag):
		c.where.chosen = to.Tag
		return false
	}
	c.where.sending, c.where.chosen = toBest, 0
	p.notice(c, lang.F("The device that you chose, %s, has ended the private conversation or is gone. What you write goes to "+
		"%s now.", c.deviceName(chosen), p.nameAndLevel(c, to)))
	return true
}

func (p *Plugin) reviewChoiceOf(c *chat, tag uint32) {
	if i, ok := c.instance(tag); ok {
		p.reviewChoice(c, i)
	}
}

// reviewSessions notes which session is written to, after anything happened.
func (p *Plugin) reviewSessions(c *chat) {
	if c.session != nil {
		c.where.live = c.session.TheirTag()
	}
	p.tellOfSeveral(c)
}

// tellOfSeveral tells once that the peer has several sessions.
func (p *Plugin) tellOfSeveral(c *chat) {
	all := c.privates()
	if len(all) < 2 || c.where.several {
		return
	}
	c.where.several = true
	names := make([]string, len(all))
	for n, i := range all {
		names[n] = c.deviceName(i.Tag)
	}
	p.say(c, plain(lang.F("%s is signed in more than once: there are private conversations with %s. What you write goes to "+
		"%s; the OTR menu lists them all.", p.name(c), listed(names, 8), c.deviceName(c.session.TheirTag()))+" "),
		seeGuide(lang.T("What does that mean?"), pageSessions))
}

// tellOfElsewhere tells that what was just read came from another session than the
// one that is written to.
func (p *Plugin) tellOfElsewhere(c *chat, tag uint32) {
	from, ok := c.instance(tag)
	live, there := c.instance(c.session.TheirTag())
	if !ok || !there || from.State != otr.Encrypted || from.Tag == live.Tag || !p.mayTell(c, aboutElsewhere) {
		return
	}
	p.say(c, plain(lang.F("%s writes from %s. What you write still goes to %s; you can choose in the OTR "+
		"menu.", p.name(c), p.nameAndLevel(c, from), p.nameAndLevel(c, live))+" "), seeGuide(lang.T("What does that mean?"), pageSessions))
}

// tellOfMissed tells that a message was for another device of ours: once, until one
// can be read here again.
func (p *Plugin) tellOfMissed(c *chat) {
	if c.where.missed || !p.mayTell(c, aboutMissed) {
		return
	}
	c.where.missed = true
	p.say(c, plain(lang.F("%s sent an encrypted message to another device of yours; it cannot be read here. To go on here, "+
		"choose Start or Refresh private conversation in the OTR menu.", p.name(c))+" "), seeGuide(lang.T("What does that mean?"), pageSessions))
}

// elsewhere reports that an event is about a session that is not written to.
func (c *chat) elsewhere(e otr.Event) bool {
	return c.state() == otr.Encrypted && c.session.TheirTag() != e.Tag
}

// goneSecureElsewhere: another device of the peer's has a private conversation
// now, and what is typed still goes where it went.
func (p *Plugin) goneSecureElsewhere(c *chat, e otr.Event) {
	how := p.meet(c, e.Fingerprint)
	c.noteKey(e.Tag, e.Fingerprint)
	if !c.doubts() { // lines wait for a sign of the one that is written to, or for its time to be up
		c.stopWaiting()
	}
	live, ok := c.instance(c.session.TheirTag())
	i, there := c.instance(e.Tag)
	if !ok || !there {
		return
	}
	still := lang.F("What you write still goes to %s.", p.nameAndLevel(c, live))
	switch {
	case p.refused(c.id, e.Fingerprint):
		p.tellRefused(c, e.Fingerprint, true)
	case how == metOther && p.mayTell(c, aboutKeyElsewhere):
		p.alarm(c, together(
			lang.F("%s shows a key that you have never accepted, at %s. It may be a new device, or somebody else. Nothing "+
				"you write goes there.", p.name(c), c.deviceName(e.Tag)),
			still, lang.F("The fingerprint is %s.", e.Fingerprint.String())))
	case how != metOther && p.mayTell(c, aboutElsewhere):
		p.notice(c, together(lang.F("%s has a private conversation with you at %s, too.", p.name(c), p.nameAndLevel(c, i)), still))
	}
}

// deviceOffline goes on at another device of the peer's if the one that is written
// to has signed off.
func (p *Plugin) deviceOffline(id im.ConvID, resource string) {
	c := p.chats[id]
	if c == nil || c.state() != otr.Encrypted || resource == "" {
		return
	}
	tag := c.session.TheirTag()
	if c.auth != nil && c.auth.waitsFor() != 0 && c.devices[c.auth.waitsFor()] == resource {
		p.loseAuthentication(c)
	}
	if c.devices[tag] != resource {
		return
	}
	before := c.level
	to, ok := p.preferred(c)
	if !ok || to.Tag == tag || p.signedOff(c, to.Tag) || p.worth(c.id, to.Fingerprint) < worthAccepted {
		return // a key that was never accepted would only stop what is typed
	}
	if p.turn(c, to) {
		p.tellOfSwitch(c, to)
		p.warnOfLess(c, before)
	}
	p.settle(c)
	p.changed()
}

// refreshAt asks one device of the peer's for new keys, or for a session again.
func (p *Plugin) refreshAt(c *chat, tag uint32) {
	if c.devices[tag] == "" || !p.needKey(c.id.Account) {
		p.start(c)
		return
	}
	c.talked, c.keepOpen = true, false
	p.notice(c, lang.F("Attempting to refresh the private conversation with %s at %s…", p.name(c), c.deviceName(tag)))
	c.stopWaiting()
	p.askAt(c, c.devices[tag])
}

// endAt ends the session with one device of the peer's.
func (p *Plugin) endAt(c *chat, tag uint32) {
	i, ok := c.instance(tag)
	if !ok {
		return
	}
	if others := slices.DeleteFunc(c.privates(), func(o otr.Instance) bool { return o.Tag == tag }); len(others) == 0 {
		p.end(c)
		return
	}
	name := p.nameAndLevel(c, i)
	p.notice(c, lang.F("The private conversation with %s at %s has ended; the others go on.", p.name(c), name))
	if err := p.endSessionAt(c, tag); err != nil {
		p.notice(c, lang.F("%s could not be told of it: %s", name, inWords(err)))
	}
	p.changed()
}
