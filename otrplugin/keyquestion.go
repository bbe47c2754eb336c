package otrplugin

import (
	"cmp"
	"slices"
	"strings"

	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
	"culver/plugin"
	"culver/plugin/pages"
)

// keyQuestion is the dialog about a key that the user has not accepted. There is
// one for each conversation. It opens by itself when lines stop because of such a
// key, stays when the private conversation ends or goes on with another device,
// and shows another key if the peer comes with one. A decision is about the key
// that was on the screen.
//
//	asking --Accept, if it takes more than a click--> sure? --Accept without verifying--> accepted
//	   ^  \--Accept for now------------------------------------------------------------------^
//	   |   \--Refuse--> refused
//	   +--- another key is shown, from everywhere
//
// Closing the window decides nothing: lines go on waiting.
type keyQuestion struct {
	dialog  plugin.Dialog
	key     otr.Fingerprint // the one on the screen
	byUser  bool            // the user opened it
	sure    bool            // accepting has to be confirmed, and is being
	changed bool            // another key was on the screen before
	problem string
}

// askAboutKey asks about the key that sealed lines would go to. Asked for by the
// user, it comes to the front; by itself, it takes no focus.
func (p *Plugin) askAboutKey(c *chat, byUser bool) {
	f, ok := c.peerKey()
	if !ok || p.acceptable(c.id, f) {
		return
	}
	if c.newKey != nil {
		if !byUser {
			return
		}
		p.closeKeyQuestion(c)
	}
	q := &keyQuestion{key: f, byUser: byUser}
	c.newKey, c.about = q, f
	q.dialog = p.host.Ask(c.id, p.keyForm(c, q), func(a plugin.Answers) {
		if c.newKey == q {
			p.keyAnswered(c, q, a)
		}
	})
}

func (p *Plugin) closeKeyQuestion(c *chat) {
	if q := c.newKey; q != nil {
		c.newKey = nil
		q.dialog.Close()
	}
}

// reviewKey brings the question in line with the session and with what is known.
func (p *Plugin) reviewKey(c *chat) {
	f, on := c.peerKey()
	gated := on && !p.acceptable(c.id, f)
	q := c.newKey
	switch {
	case q == nil:
		if gated && c.about != f && p.mayAskAgain(c) && !p.refused(c.id, f) {
			p.askAboutKey(c, false)
		}
	case gated && f != q.key && !p.refused(c.id, f):
		q.key, q.sure, q.changed, q.problem = f, false, true, ""
		c.about = f
		p.redrawKey(c)
	case p.keyDecided(c, q), on && !c.inUse(q.key):
		p.closeKeyQuestion(c)
	default:
		p.redrawKey(c)
	}
}

// keyDecided reports that there is nothing to ask any more. That a key is refused
// is no reason to take away what the user opened to change that.
func (p *Plugin) keyDecided(c *chat, q *keyQuestion) bool {
	k := p.knownKey(c.id, q.key)
	return k == nil || p.acceptable(c.id, q.key) || k.Refused && !q.byUser
}

// mayAskAgain reports that the user did not put off such a question just now: a
// peer can come with another key every moment.
func (p *Plugin) mayAskAgain(c *chat) bool { return p.host.Now().Sub(c.putOff) >= complaintEvery }

// redrawKey shows what has changed.
func (p *Plugin) redrawKey(c *chat) {
	c.newKey.dialog.Update(p.keyForm(c, c.newKey))
}

// keyAnswered does what the user decided.
func (p *Plugin) keyAnswered(c *chat, q *keyQuestion, a plugin.Answers) {
	q.problem = ""
	switch a.Action {
	case buttonAuthenticate:
		p.verifyNow(c, q) // the question stays until that has come to an end
	case fieldHistory:
		p.openKeyHistory(c)
	case buttonAccept, buttonSure, buttonRefuse:
		k := p.knownKey(c.id, q.key)
		switch {
		case k == nil:
			p.closeKeyQuestion(c)
		case a.Values[fieldTheirs] != q.key.String():
			q.sure, q.changed = false, true
			p.redrawKey(c)
		case a.Action == buttonRefuse:
			p.refuse(c, k)
		case a.Action == buttonSure && !q.sure: // it is not what is on the screen any more
		case a.Action == buttonAccept && (q.sure || q.changed || p.trustsOther(c.id, q.key)):
			q.sure = true
			p.redrawKey(c)
		default:
			p.accept(c, q.key)
		}
	default:
		p.closeKeyQuestion(c)
		c.putOff, c.again = p.host.Now(), false
	}
	p.changed()
}

// The fields and buttons of the question.
const (
	fieldFormer = "former"

	buttonAccept = "accept"
	buttonSure   = "sure" // has an ID of its own: a second click on Accept is none on it
	buttonRefuse = "refuse"
)

func (p *Plugin) keyForm(c *chat, q *keyQuestion) plugin.Form {
	var form plugin.Form
	if q.sure {
		form = p.keySureForm(c, q)
	} else {
		form = p.keyAskForm(c, q)
	}
	form.Quiet = !q.byUser
	return form
}

func decideLater() plugin.Button {
	return plugin.Button{ID: buttonKeep, Label: lang.T("Decide later"), Role: plugin.Cancel}
}

// verifyNow authenticates the peer with the key in question, be it at another device
// than that which is written to.
func (p *Plugin) verifyNow(c *chat, q *keyQuestion) {
	if f, on := c.peerKey(); !on || f != q.key {
		at := slices.IndexFunc(c.privates(), func(i otr.Instance) bool { return i.Fingerprint == q.key })
		if at < 0 {
			return
		}
		p.authenticateAt(c, c.privates()[at].Tag)
		return
	}
	p.authenticate(c)
}

// verifyButton is possible while there is a private conversation with the key.
func (p *Plugin) verifyButton(c *chat, q *keyQuestion) plugin.Button {
	online, _ := p.host.Online(c.id)
	return plugin.Button{
		ID: buttonAuthenticate, Label: lang.T("Verify now…"), Role: plugin.Default, Off: !online || !c.inUse(q.key),
	}
}

// keyAskForm is the question itself. Its buttons always stand in the same order.
func (p *Plugin) keyAskForm(c *chat, q *keyQuestion) plugin.Form {
	name := p.name(c)
	strong := p.trustsOther(c.id, q.key)
	refuse := plugin.Button{ID: buttonRefuse, Label: lang.T("Refuse"), Off: p.refused(c.id, q.key)}
	accept := plugin.Button{ID: buttonAccept, Label: lang.T("Accept for now")}
	intro := lang.F("%s shows a key that you have never accepted, and another one was known before. Nothing you write is "+
		"sent to it until you decide.", name)
	problem, warning := "", ""
	if p.formerKey(c.id, q.key) == nil {
		intro = lang.F("%s shows a key that you have never accepted, and Culver cannot tell whether another one was known "+
			"before. Nothing you write is sent to it until you decide.", name)
	}
	if strong {
		accept.Label, accept.Role = lang.T("Accept for now…"), plugin.Danger
		intro = lang.F("%s shows a key that you have not verified, although you verified another one. Nothing you write is "+
			"sent to it until you decide.", name)
		warning = lang.F("WARNING: somebody may be pretending to be %s. Verify the key, or ask %s about it over another way, "+
			"such as the telephone.", name, name)
	}
	if q.changed {
		problem = lang.T("The key has changed while this window was open. Look at the fingerprint again.")
	}
	if q.problem != "" {
		problem = q.problem
	}
	fields := []im.Field{{ID: fieldTheirs, Kind: im.FieldCode, Label: lang.T("Fingerprint shown now"), Value: q.key.String()}}
	if k := p.knownKey(c.id, q.key); k != nil && k.Refused {
		text := lang.T("You refused this key.")
		if day := p.day(k.RefusedAt); day != "" {
			text = lang.F("You refused this key on %s.", day)
		}
		fields = append(fields, note(text))
	}
	fields = append(fields, p.formerFields(c, q.key)...)
	fields = append(fields, p.whatKeyMayMean(c, q)...)
	fields = append(fields, im.Field{ID: fieldHistory, Kind: im.FieldButton, Label: lang.F("Keys of %s…", name)})
	form := plugin.Page(lang.F("New key of %s", name), intro, fields, decideLater(), refuse, accept, p.verifyButton(c, q))
	form.Problem, form.Warning = problem, warning
	return form
}

// formerFields show the key known before, and what is known about it.
func (p *Plugin) formerFields(c *chat, f otr.Fingerprint) []im.Field {
	k := p.formerKey(c.id, f)
	switch {
	case k == nil && p.rescued:
		return []im.Field{note(lang.T("Keys that were known may be forgotten, because your profile was damaged. Once the " +
			"buddies that you had before have " +
			"been asked about, Culver need not ask any more: choose Stop asking in the settings of OTR."))}
	case k == nil:
		return []im.Field{note(lang.T("If there was one, it cannot be read any more."))}
	}
	text := lang.F("The key known before was %s.", p.firstSeen(k))
	if last := p.day(k.Last); last != "" && last != p.day(k.First) {
		text = lang.F("The key known before was %s and last seen on %s.", p.firstSeen(k), last)
	}
	return []im.Field{
		{ID: fieldFormer, Kind: im.FieldCode, Label: lang.T("Fingerprint known before"), Value: k.fingerprint.String()},
		note(together(text, p.onceSaidOf(k))),
	}
}

// onceSaidOf is what the user said of a key that is not shown any more.
func (p *Plugin) onceSaidOf(k *knownKey) string {
	switch {
	case k.trusted():
		return p.verifiedText(k)
	case k.Accepted && k.AcceptedAt.IsZero():
		return lang.T("You accepted it, but never verified it.")
	case k.Accepted:
		return lang.F("You accepted it on %s, but never verified it.", p.day(k.AcceptedAt))
	default:
		return lang.T("It was never verified.")
	}
}

// formerKey is the key of the peer's that f is to be compared with: that which is
// trusted best, and of several the one used last.
func (p *Plugin) formerKey(id im.ConvID, f otr.Fingerprint) *knownKey {
	others := slices.DeleteFunc(slices.Clone(p.known[id]), func(k *knownKey) bool { return k.fingerprint == f })
	if len(others) == 0 {
		return nil
	}
	return slices.MaxFunc(others, func(a, b *knownKey) int {
		return cmp.Or(cmp.Compare(p.worth(id, a.fingerprint), p.worth(id, b.fingerprint)), a.Last.Compare(b.Last))
	})
}

func (p *Plugin) whatKeyMayMean(c *chat, q *keyQuestion) []im.Field {
	name := p.name(c)
	choices := pages.Text(pluginID, strings.Join([]string{
		lang.T("**Verify now** finds out who it is."),
		lang.T("**Accept for now** sends what waits; the conversation stays Unverified."),
		lang.T("**Refuse** ends it, and nothing is sent to this key."),
	}, "\n"))
	fields := []im.Field{
		note(lang.F("Either %s has a new device or has installed the program anew, or somebody has put themselves between you.", name)),
		{Kind: im.FieldProse, Prose: choices},
	}
	if other, ok := p.otherThan(c, q.key); ok {
		what := lang.F("Your conversation with %s at %s is still there: Refuse goes on with it.", name, c.deviceName(other.Tag))
		if p.trusted(c.id, other.Fingerprint) {
			what = lang.F("Your verified conversation with %s at %s is still there: Refuse goes on with it.", name, c.deviceName(other.Tag))
		}
		fields = append(fields, note(what))
	}
	f, on := c.peerKey()
	switch {
	case !on:
		fields = append(fields, note(lang.T("The private conversation has ended meanwhile. What you decide counts when this key "+
			"comes back.")))
	case f != q.key:
		fields = append(fields, note(lang.F("What you write goes to another device of %s now. What you decide is about the "+
			"key above only.", name)))
	}
	return fields
}

// otherThan is the private conversation to go on with if the key f is refused: the
// best one whose key is accepted.
func (p *Plugin) otherThan(c *chat, f otr.Fingerprint) (best otr.Instance, ok bool) {
	all := slices.DeleteFunc(c.privates(), func(i otr.Instance) bool {
		return i.Fingerprint == f || !p.acceptable(c.id, i.Fingerprint) || p.signedOff(c, i.Tag)
	})
	if len(all) == 0 {
		return best, false
	}
	return slices.MaxFunc(all, p.betterOf(c)), true
}

// keySureForm makes sure that a key is accepted that may well be an impostor's.
func (p *Plugin) keySureForm(c *chat, q *keyQuestion) plugin.Form {
	name := p.name(c)
	intro := lang.F("Accept this key of %s without verifying it?", name)
	if k := p.formerKey(c.id, q.key); k != nil && k.trusted() {
		verified := lang.F("You verified another key of %s %s.", name, k.howVerified().sentence)
		if day := p.day(k.VerifiedAt); day != "" {
			verified = lang.F("You verified another key of %s on %s %s.", name, day, k.howVerified().sentence)
		}
		intro = together(verified, lang.T("Accept this one without verifying it?"))
	}
	form := plugin.Page(lang.F("New key of %s", name), intro, []im.Field{
		{ID: fieldTheirs, Kind: im.FieldCode, Label: lang.T("Fingerprint shown now"), Value: q.key.String()},
		note(lang.F("If it is not %s's, somebody else reads what you write from now on. Accept it only if %s "+
			"told you of it over another way than this conversation.", name, name)),
	}, decideLater(), plugin.Button{ID: buttonSure, Label: lang.T("Accept without verifying"), Role: plugin.Danger}, p.verifyButton(c, q))
	form.Problem = q.problem
	return form
}
