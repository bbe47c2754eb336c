package otrplugin

import (
	"culver/im"
	"culver/otrplugin/otr"
	"culver/plugin"
)

// The fields and buttons of the authentication dialog.
const (
	fieldMethod   = "method"
	fieldQuestion = "question"
	fieldAnswer   = "answer"
	fieldSecret   = "secret"
	fieldOurs     = "ours"
	fieldTheirs   = "theirs"
	fieldVerified = "verified"
	fieldProgress = "progress"

	methodQuestion    = "question"
	methodSecret      = "secret"
	methodFingerprint = "fingerprint"

	choiceHaveNot = "no"
	choiceHave    = "yes"

	buttonCancel       = "cancel"
	buttonClose        = "close"
	buttonAuthenticate = "authenticate"
	buttonAskBack      = "ask"
)

var (
	cancelButton       = plugin.Button{ID: buttonCancel, Label: "Cancel", Role: plugin.Cancel}
	authenticateButton = plugin.Button{ID: buttonAuthenticate, Label: "Authenticate", Role: plugin.Default}
	closeButton        = plugin.Button{ID: buttonClose, Label: "Close", Role: plugin.Cancel}
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

func note(text string) im.Field { return im.Field{Kind: im.FieldNote, Label: text} }

// when shows a field on one page of the wizard only.
func when(method string, f im.Field) im.Field {
	f.WhenField, f.WhenValue = fieldMethod, method
	return f
}

// wizardForm lets the user choose one of three ways.
func (p *Plugin) wizardForm(c *chat, a *authentication) plugin.Form {
	name := p.name(c)
	fields := []im.Field{
		{
			ID: fieldMethod, Kind: im.FieldChoice, Label: "How would you like to authenticate your buddy?",
			Value: methodQuestion,
			Choices: []im.Choice{
				{Value: methodQuestion, Label: "Question and answer"},
				{Value: methodSecret, Label: "Shared secret"},
				{Value: methodFingerprint, Label: "Manual fingerprint verification"},
			},
		},
		when(methodQuestion, note("Ask something whose answer only the two of you know. "+name+
			" sees the question and types the answer; the answer itself is never sent.")),
		when(methodQuestion, im.Field{ID: fieldQuestion, Kind: im.FieldText, Label: "Question"}),
		when(methodQuestion, im.Field{ID: fieldAnswer, Kind: im.FieldSecret, Label: "Secret answer", Hint: secretHint}),

		when(methodSecret, note("Choose a secret that only the two of you know; "+name+
			" is asked to type the same one. It is never sent.")),
		when(methodSecret, im.Field{ID: fieldSecret, Kind: im.FieldSecret, Label: "Secret", Hint: secretHint}),

		when(methodFingerprint, note("Compare both fingerprints with "+name+
			" over another way that you trust, such as the telephone.")),
	}
	for _, f := range p.fingerprintFields(c, a.fingerprint) {
		fields = append(fields, when(methodFingerprint, f))
	}
	if a.withNote != "" {
		fields = append(fields, note(a.withNote))
	}
	intro := "Make sure that it is " + name + " you are talking to, and nobody else."
	if word := trustWord(p.levelNow(c), name); word != "" {
		intro += " " + word
	}
	return plugin.Page("Authenticate "+name, intro, fields, cancelButton, authenticateButton)
}

const secretHint = "Capital letters, spaces and accents count"

// fingerprintFields show both keys, and ask what the user says of the peer's.
func (p *Plugin) fingerprintFields(c *chat, theirs otr.Fingerprint) []im.Field {
	name := p.name(c)
	ours := im.Field{ID: fieldOurs, Kind: im.FieldCode, Label: "Fingerprint for you, " + c.id.Account.Bare(), Value: noKey}
	if a := p.accounts[c.id.Account]; a != nil && a.state == keyReady {
		ours.Value = a.key.Fingerprint().String()
	}
	verified := choiceHaveNot
	if p.trusted(c.id, theirs) {
		verified = choiceHave
	}
	return []im.Field{
		ours,
		{ID: fieldTheirs, Kind: im.FieldCode, Label: "Fingerprint shown by " + name, Value: theirs.String()},
		{
			ID: fieldVerified, Kind: im.FieldChoice, Value: verified,
			Label: "Have you verified that this is in fact the correct fingerprint for " + name + "?",
			Choices: []im.Choice{
				{Value: choiceHaveNot, Label: "I have not verified it"},
				{Value: choiceHave, Label: "I have verified it"},
			},
		},
	}
}

// answerForm asks for what the peer wants to know.
func (p *Plugin) answerForm(c *chat, a *authentication) plugin.Form {
	name := p.name(c)
	var fields []im.Field
	intro := name + " wants to make sure that it is you, and asks for a secret that only the two of you know."
	if a.asksAnswer {
		intro = name + " wants to make sure that it is you, and asks a question. Your answer itself is never sent."
		fields = append(fields,
			note("“"+a.question+"”"),
			im.Field{ID: fieldAnswer, Kind: im.FieldSecret, Label: "Answer", Hint: secretHint})
	} else {
		fields = append(fields, im.Field{ID: fieldSecret, Kind: im.FieldSecret, Label: "Secret", Hint: secretHint})
	}
	if a.withNote != "" {
		fields = append(fields, note(a.withNote))
	}
	form := plugin.Page("Authentication from "+name, intro, fields, cancelButton, authenticateButton)
	form.Quiet = true
	return form
}

// progressForm shows how far it is, and in the end what came out.
func (p *Plugin) progressForm(c *chat, a *authentication) plugin.Form {
	name := p.name(c)
	title := "Authenticating " + name
	if !a.ours && a.asksAnswer {
		title = "Authenticating to " + name
	}
	bar := im.Field{ID: fieldProgress, Kind: im.FieldProgress, Percent: a.percent}
	if a.step == running {
		bar.Label = "Waiting for " + name + "…"
		return plugin.Page(title, "", []im.Field{bar}, cancelButton)
	}
	if a.problem != "" {
		return plugin.Page(title, "The authentication did not succeed.", nil, closeButton)
	}
	fields := []im.Field{bar, note(a.result)}
	if a.askBack {
		return plugin.Page(title, "", fields, closeButton,
			plugin.Button{ID: buttonAskBack, Label: "Ask a question…", Role: plugin.Default})
	}
	return plugin.Page(title, "", fields, closeButton)
}
