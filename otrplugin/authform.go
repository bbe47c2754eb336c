package otrplugin

import (
	"cmp"
	"fmt"

	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
	"culver/plugin"
)

// The fields and buttons of the authentication dialog.
const (
	fieldMethod   = "method"
	fieldQuestion = "question"
	fieldAnswer   = "answer"
	fieldSecret   = "secret"
	fieldVerified = "verified"
	fieldGiven    = "given"
	fieldProgress = "progress"

	methodQuestion    = "question"
	methodSecret      = "secret"
	methodFingerprint = "fingerprint"

	choiceHaveNot = "no"
	choiceHave    = "yes"

	buttonAskBack = "ask"
)

// authenticationForm draws the dialog as it stands.
func (p *Plugin) authenticationForm(c *chat, a *authentication) plugin.Form {
	var form plugin.Form
	switch a.step {
	case choosing:
		form = p.wizardForm(c, a)
	case answering:
		form = p.answerForm(c, a)
	default:
		form = p.progressForm(c, a)
	}
	form.Problem = a.problem
	return form
}

// when shows a field on one page of the wizard only.
func when(method string, f im.Field) im.Field {
	f.WhenField, f.WhenValue = fieldMethod, method
	return f
}

// secretField is a secret that is being typed; advice about it stands below.
func (a *authentication) secretField(id, label string) im.Field {
	return im.Field{ID: id, Kind: im.FieldSecret, Label: label, Hint: a.hint(id), Live: true}
}

// wizardForm lets the user choose one of three ways.
func (p *Plugin) wizardForm(c *chat, a *authentication) plugin.Form {
	name := p.name(c)
	fields := []im.Field{
		{
			ID: fieldMethod, Kind: im.FieldChoice, Label: lang.T("How would you like to authenticate your buddy?"),
			Value: cmp.Or(a.method, methodQuestion), Live: true,
			Choices: []im.Choice{
				{Value: methodQuestion, Label: lang.T("Question and answer")},
				{Value: methodSecret, Label: lang.T("Shared secret")},
				{Value: methodFingerprint, Label: lang.T("Manual fingerprint verification")},
			},
		},
		when(methodQuestion, note(lang.F("Ask something whose answer only the two of you know, and say how to write it: “… (one "+
			"word, small letters)”. %s sees the question and types the answer; the answers themselves are never sent.", name))),
		when(methodQuestion, im.Field{ID: fieldQuestion, Kind: im.FieldText, Label: lang.T("Question"), Value: a.question, Live: true}),
		when(methodQuestion, a.secretField(fieldAnswer, lang.T("Secret answer"))),

		when(methodSecret, note(lang.F("Choose a secret that only the two of you know, agreed on face to face or by telephone, not "+
			"in this conversation. %s is asked to type the same one. It is never sent.", name))),
		when(methodSecret, a.secretField(fieldSecret, lang.T("Secret"))),

		when(methodFingerprint, note(p.howToCompare(c))),
	}
	for _, f := range p.fingerprintFields(c, a.fingerprint, a.match) {
		fields = append(fields, when(methodFingerprint, f))
	}
	if a.next != nil {
		fields = append(fields, note(alsoAsked(a.next, c.session.TheirTag(), name)))
	}
	intro := lang.F("Make sure that it is %s you are talking to, and nobody else.", name)
	if p.trusted(c.id, a.fingerprint) {
		intro = together(intro, lang.F("You have already authenticated %s; you may do so again.", name))
	}
	button := authenticateButton()
	if a.method == methodFingerprint { // nobody is asked
		button.Label = lang.T("Save")
	}
	return plugin.Page(lang.F("Authenticate %s", p.peerAt(c, a)), intro, fields, helpButton(), cancelButton(), button)
}

// peerAt names the peer, and the device if there are several.
func (p *Plugin) peerAt(c *chat, a *authentication) string {
	tag := a.tag
	if a.step == choosing && !a.picked && c.session != nil {
		tag = c.session.TheirTag()
	}
	if len(c.privates()) < 2 || !c.isSession(tag) {
		return p.name(c)
	}
	return fmt.Sprintf(lang.As("a buddy and a device", "%s at %s"), p.name(c), c.deviceName(tag))
}

// alsoAsked says what becomes of the peer's request while the user is choosing whether
// to ask the device with the tag live.
func alsoAsked(next *authentication, live uint32, name string) string {
	text := lang.F("%s wants to make sure that it is you, too. To answer that first, choose Cancel.", name)
	if next.asksAnswer || next.tag != live {
		return together(text, lang.F("If you choose Authenticate, you ask first, and %s has to ask again.", name))
	}
	return together(text, lang.F("They ask for a shared secret: if you enter one here, it is the answer. If you ask a "+
		"question, %s has to ask again.", name))
}

// howToCompare says what to do with fingerprintFields.
func (p *Plugin) howToCompare(c *chat) string {
	return lang.F("Compare both with %s over another way that you trust, such as the telephone. Read the five groups aloud, "+
		"or the words if your buddy uses Culver, too.", p.name(c))
}

// fingerprintFields show both keys, and ask what the user says of the peer's.
func (p *Plugin) fingerprintFields(c *chat, theirs otr.Fingerprint, m match) []im.Field {
	name := p.name(c)
	ours := im.Field{ID: fieldOurs, Kind: im.FieldCode, Label: lang.F("Fingerprint for you, %s", c.id.Account.Bare()), Value: noKey()}
	if a := p.accounts[c.id.Account]; a != nil && a.state == keyReady {
		ours = codeField(ours, c.id.Account.Scheme(), c.id.Account.Bare(), a.key.Fingerprint())
	}
	verified := choiceHaveNot
	if p.trusted(c.id, theirs) {
		verified = choiceHave
	}
	given := im.Field{
		ID: fieldGiven, Kind: im.FieldText, Label: lang.T("Fingerprint you were given (optional)"), Live: true,
		Hint: lang.T("If you have it from a letter, a card or a QR code, paste it here: Culver compares it."),
	}
	switch {
	case m.entered && m.problem == "":
		verified, given.Hint = choiceHave, lang.T("It is the same.")
	case m.differs:
		given.Hint = lang.T("It is NOT the same.")
	case m.entered:
		given.Hint = m.problem
	}
	label := lang.F("Fingerprint shown by %s", name)
	if !c.inUse(theirs) {
		label = lang.F("Fingerprint known for %s", name)
	}
	return []im.Field{
		ours,
		codeField(im.Field{ID: fieldTheirs, Label: label}, c.id.Account.Scheme(), c.id.Peer, theirs),
		given,
		{
			ID: fieldVerified, Kind: im.FieldChoice, Value: verified,
			Label: lang.F("Have you verified the fingerprint of %s?", name),
			Choices: []im.Choice{
				{Value: choiceHaveNot, Label: lang.T("I have not verified it")},
				{Value: choiceHave, Label: lang.T("I have verified it")},
			},
		},
	}
}

// answerForm asks for what the peer wants to know.
func (p *Plugin) answerForm(c *chat, a *authentication) plugin.Form {
	name := p.name(c)
	fields := p.askerFields(c, a)
	label := lang.T("Secret")
	intro := lang.F("%s wants to make sure that it is you, and asks for a secret that only the two of you know.", name)
	if a.asksAnswer {
		label = lang.T("Answer")
		intro = lang.F("%s wants to make sure that it is you, and asks a question. Your answer itself is never sent.", name)
		fields = append(fields, note(lang.F("“%s”", a.question)))
	}
	fields = append(fields, a.secretField(a.answerID(), label))
	if a.withNote != "" {
		fields = append(fields, note(a.withNote))
	}
	form := plugin.Page(lang.F("Authentication from %s", p.peerAt(c, a)), intro, fields, helpButton(), cancelButton(), authenticateButton())
	form.Quiet = true
	return form
}

// askerFields say which of the peer's devices asks, where it may be another than
// the user thinks of.
func (p *Plugin) askerFields(c *chat, a *authentication) []im.Field {
	name := p.name(c)
	from := lang.F("%s asks at %s (%s).", name, c.deviceName(a.tag), p.sealedLevel(c, a.fingerprint).String())
	switch {
	case !p.acceptable(c.id, a.fingerprint):
		from = together(from, lang.F("You have never accepted the key that is used there: it may be a new device of %s's, or somebody else.", name))
		if !a.asksAnswer {
			from = together(from, lang.F("Whoever enters the same secret counts as %s from then on, and gets what you write.", name))
		}
	case len(c.privates()) < 2:
		return nil
	}
	key := im.Field{ID: fieldTheirs, Label: lang.T("Fingerprint of the key that asks")}
	return []im.Field{note(from), codeField(key, c.id.Account.Scheme(), c.id.Peer, a.fingerprint)}
}

// progressForm shows how far it is, and in the end what came out.
func (p *Plugin) progressForm(c *chat, a *authentication) plugin.Form {
	name := p.name(c)
	title := lang.F("Authenticating %s", p.peerAt(c, a))
	if !a.ours && a.asksAnswer {
		title = lang.F("Authenticating to %s", p.peerAt(c, a))
	}
	bar := im.Field{ID: fieldProgress, Kind: im.FieldProgress, Percent: a.percent}
	if a.step == running {
		bar.Label = lang.F("Waiting for %s…", name)
		return plugin.Page(title, "", []im.Field{bar, note(waitingText(a, name))}, cancelButton())
	}
	if a.stayed { // it was typed in: nothing is left to do but to read why
		title = lang.F("Authenticate %s", p.peerAt(c, a))
		if !a.ours {
			title = lang.F("Authentication from %s", p.peerAt(c, a))
		}
		return plugin.Page(title, "", nil, closeButton())
	}
	if a.problem != "" {
		if a.mayRepeat() {
			return plugin.Page(title, "", nil, helpButton(), closeButton(), tryAgainButton())
		}
		return plugin.Page(title, "", nil, helpButton(), closeButton())
	}
	fields := []im.Field{bar, note(a.result)}
	if a.askBack {
		return plugin.Page(title, "", fields, closeButton(),
			plugin.Button{ID: buttonAskBack, Label: lang.T("Ask your own question…"), Role: plugin.Default})
	}
	return plugin.Page(title, "", fields, closeButton())
}

// waitingText says what it is that takes time.
func waitingText(a *authentication, name string) string {
	person := a.ours && a.percent == startPercent
	switch {
	case person && a.slow:
		return lang.F("%s has not answered yet. Perhaps they have not seen that they are asked: you can write to them "+
			"meanwhile, go on waiting, or cancel.", name)
	case person:
		return lang.F("%s is asked to answer now. You can go on writing meanwhile.", name)
	case a.slow:
		return lang.F("The program of %s has not answered yet. You can go on waiting, or cancel and try again.", name)
	default:
		return lang.T("The answers are being compared.")
	}
}
