package messenger

import (
	"context"
	"crypto/rand"
	"maps"
	"slices"
	"strings"

	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// registering makes a new account on a server, and its window:
//
//	choosing --Next--> asking --> answering --Create account--> submitting --> saved
//	   ^------ failed ---|     |  ^---------- refused ---------|
//	   ^-------- Back ---------|
//
// The server waits on a connection of its own, which one goroutine at a time uses.
type registering struct {
	m         *Messenger
	network   protocol.Protocol
	dialog    *dialog
	step      registerStep
	server    map[string]string // the answers on how to reach it
	typed     map[string]string // those to its questions, but for the password
	password  string            // the one made up here, if any
	strength  im.Strength
	strong    bool // there is something typed to tell the strength of
	questions protocol.Questions
	open      protocol.Registration // nil unless it waits for answers
	problem   string
	stop      context.CancelFunc
	turn      int // counts what is waited for
}

type registerStep int

const (
	registerChoosing registerStep = iota
	registerAsking
	registerAnswering
	registerSubmitting
	registerAskingAnew // after a refusal: what was answered stays on show
)

// The IDs in the window.
const (
	actionRegister  = "register" // in the windows that lead here
	actionNext      = "next"
	actionBack      = "back"
	actionCreate    = "create"
	actionMakeUp    = "makeup"
	actionSignIn    = "signin"
	fieldHost       = "host"
	fieldOtherHost  = "otherhost"
	fieldRepeat     = "repeat"
	otherHost       = ""        // the choice to type the name of a server
	questionsPrefix = "server." // what the server asks has IDs of its own
)

func registerTitle() string { return lang.T("Create an Account") }

// registrar is the first network on which accounts can be made, or nil.
func (m *Messenger) registrar() protocol.Protocol {
	for _, n := range m.cfg.Networks {
		if _, ok := n.(protocol.Registrar); ok {
			return n
		}
	}
	return nil
}

// showRegister opens the window that makes an account on a server, or brings it to the
// front.
func (m *Messenger) showRegister() {
	if m.registering != nil {
		m.registering.dialog.raise()
		return
	}
	n := m.registrar()
	if n == nil {
		return
	}
	r := &registering{m: m, network: n, server: map[string]string{}, stop: func() {}}
	m.registering = r
	r.dialog = m.ask(im.ConvID{}, r.form(), r.answered)
}

// showRegisterAt is showRegister with a server filled in, and the first part of the address
// if a name is wanted. What the user does there already stays as it is.
func (m *Messenger) showRegisterAt(server, name string) {
	begun := m.registering != nil
	m.showRegister()
	r := m.registering
	if r == nil || begun {
		return
	}
	r.server[fieldHost], r.server[fieldOtherHost] = otherHost, server
	if slices.Contains(r.network.(protocol.Registrar).Servers(), server) {
		r.server[fieldHost] = server
	}
	if name != "" {
		r.typed = map[string]string{protocol.FieldName: name}
	}
	r.show()
}

// dropRegistering ends it, as at the end of the program.
func (m *Messenger) dropRegistering() {
	if r := m.registering; r != nil {
		m.registering = nil
		r.halt()
		r.dialog.Close()
	}
}

// halt ends what goes on with the server.
func (r *registering) halt() {
	r.turn++
	r.stop()
	if open := r.open; open != nil {
		r.open = nil
		r.m.background(func(context.Context) error { open.Close(); return nil }, func(error) {})
	}
}

func (r *registering) show() { r.dialog.Update(r.form()) }

func (r *registering) answered(a plugin.Answers) {
	switch {
	case ending(a.Action):
		r.m.dropRegistering()
	case a.Action == actionNext && r.step == registerChoosing:
		r.server, r.problem = a.Values, ""
		r.ask(registerAsking)
	case a.Action == actionBack && r.step == registerAnswering:
		r.halt()
		r.step, r.problem, r.typed, r.password = registerChoosing, "", nil, ""
		r.show()
	case a.Action == actionSignIn && r.step == registerAnswering:
		n := r.network
		r.m.dropRegistering()
		r.m.showAccountForm(n, nil)
	case r.step != registerAnswering:
	case a.Action == actionMakeUp:
		r.password = madeUp()
		r.measure(r.password, a.Values)
		r.show()
	case a.Action == questionsPrefix+protocol.FieldPassword:
		r.measure(a.Values[a.Action], a.Values)
		r.show()
	case a.Action == actionCreate:
		r.submit(a.Values)
	}
}

// measure tells how good a password is.
func (r *registering) measure(password string, values map[string]string) {
	r.strength, _ = im.PasswordStrength(password, values[questionsPrefix+protocol.FieldName], r.host())
	r.strong = password != ""
}

// madeUp is a password by chance, of 100 bits, in groups that can be copied by hand.
func madeUp() string {
	s := strings.ToLower(rand.Text()[:20])
	return s[:5] + "-" + s[5:10] + "-" + s[10:15] + "-" + s[15:]
}

// host is the server that the user chose.
func (r *registering) host() string {
	if host := r.server[fieldHost]; host != otherHost {
		return host
	}
	return strings.TrimSpace(r.server[fieldOtherHost])
}

// ask gets the questions of the server.
func (r *registering) ask(step registerStep) {
	host := r.host()
	if host == "" {
		r.problem = lang.T("Type the name of the server, for instance example.net.")
		r.show()
		return
	}
	r.halt()
	r.step = step
	ctx, stop := context.WithCancel(r.m.ctx)
	r.stop = stop
	turn, settings := r.turn, r.m.answersThrough(r.server)
	proxied := r.server[protocol.FieldProxy] == protocol.NoProxy && settings[protocol.FieldProxyUser] != ""
	var open protocol.Registration
	r.m.background(func(context.Context) (err error) {
		if proxied {
			password, err := r.m.proxyPassword(ctx, im.Account{Options: settings}, proxyForAllName)
			if err != nil {
				return err
			}
			defer password.Wipe()
			settings[protocol.FieldProxyPassword] = string(password.Bytes())
		}
		open, err = r.network.(protocol.Registrar).Register(ctx, host, settings)
		return err
	}, func(err error) {
		if r.turn != turn { // nobody waits for it any more
			if open != nil {
				r.m.background(func(context.Context) error { open.Close(); return nil }, func(error) {})
			}
			return
		}
		if err != nil {
			r.step, r.problem = registerChoosing, strings.TrimSpace(r.problem+" "+asSentence(err))
			r.show()
			return
		}
		r.step, r.open, r.questions = registerAnswering, open, open.Questions()
		r.show()
	})
	r.show()
}

// submit gives the answers to the server.
func (r *registering) submit(values map[string]string) {
	answers := map[string]string{}
	for id, v := range values {
		if id, ok := strings.CutPrefix(id, questionsPrefix); ok {
			answers[id] = v
		}
	}
	r.typed = maps.Clone(answers)
	delete(r.typed, protocol.FieldPassword)
	password := answers[protocol.FieldPassword]
	r.measure(password, values)
	switch {
	case strings.TrimSpace(answers[protocol.FieldName]) == "":
		r.problem = lang.T("Choose a name: the first part of your address.")
	case len([]rune(password)) < im.MinPassphrase || r.strength == im.Weak:
		r.problem = lang.T("This password is easy to guess. Choose a longer one, or have one made up.")
	case password != values[fieldRepeat]:
		r.problem = lang.T("The two passwords are not the same. Type it twice.")
	default:
		r.problem = ""
	}
	if r.problem != "" {
		r.show()
		return
	}
	r.step = registerSubmitting
	ctx, stop := context.WithCancel(r.m.ctx)
	r.stop = stop
	turn, open := r.turn, r.open
	var set im.Account
	r.m.background(func(context.Context) (err error) {
		set, err = open.Submit(ctx, answers)
		return err
	}, func(err error) {
		switch {
		case r.turn != turn && err != nil: // the user closed the window meanwhile
			r.m.trouble(lang.F("The window was closed before %s had answered. The account “%s” may be there all the same.", cleanName(r.host()), cleanName(r.typed[protocol.FieldName])), nil)
			return
		case err != nil:
			r.refused(err)
			return
		}
		r.save(set, im.NewSecret([]byte(password)), values[fieldRemember] == im.On)
	})
	r.show()
}

// refused asks anew what the server asks, if that may help: a picture with letters
// in it is good for one answer.
func (r *registering) refused(err error) {
	r.problem = asSentence(err)
	r.ask(registerAskingAnew)
}

// save takes the account up. It is there now, so it is not lost if a password cannot be
// kept, or if the window was closed meanwhile.
func (r *registering) save(set im.Account, password im.Secret, keep bool) {
	m := r.m
	set = m.follower(set, r.server[protocol.FieldProxy])
	set.Enabled = true
	m.savePassword(set.ID, password, keep, func(password im.Secret, err error) {
		if err != nil {
			m.trouble(lang.F("The account %s was created, but its password could not be kept. Note it down.", set.ID.Bare()), err)
			keep = false
		}
		m.saveProxyPassword(proxyPasswordName(set.ID), set.Option(protocol.FieldProxyUser) != "", im.NewSecret([]byte(r.server[protocol.FieldProxyPassword])), func(err error) {
			if err != nil {
				m.trouble(lang.F("The password of %s for its proxy could not be kept. Enter it under Accounts, Modify, Proxy.", set.ID.Bare()), err)
			}
			if err := m.cfg.Store.SaveAccount(set); err != nil {
				m.trouble(lang.F("The account %s was created, but could not be saved here. Note the password down, and add the account later.", set.ID.Bare()), err)
			}
			if m.registering == r {
				m.dropRegistering()
			}
			m.accountSaved(set, password, keep)
		})
	})
}

func (r *registering) form() plugin.Form {
	switch r.step {
	case registerChoosing, registerAsking:
		return r.choosing()
	default:
		if r.questions.Page != "" {
			return r.elsewhere()
		}
		return r.questionnaire()
	}
}

// choosing asks for the server.
func (r *registering) choosing() plugin.Form {
	busy := r.step == registerAsking
	field := im.Field{ID: fieldHost, Kind: im.FieldChoice, Label: lang.T("Server"), Value: r.server[fieldHost], Off: busy}
	for _, s := range r.network.(protocol.Registrar).Servers() {
		field.Choices = append(field.Choices, im.Choice{Value: s, Label: s})
	}
	field.Choices = append(field.Choices, im.Choice{Value: otherHost, Label: lang.T("Another server")})
	if _, chosen := r.server[fieldHost]; !chosen {
		field.Value = field.Choices[0].Value
	}
	basic := plugin.Tab{Title: lang.T("Basic"), Fields: []im.Field{field,
		{ID: fieldOtherHost, Kind: im.FieldText, Label: lang.T("Name of the server"), Value: r.server[fieldOtherHost], Hint: "example.net", Off: busy, WhenField: fieldHost, WhenValue: otherHost},
		{Kind: im.FieldNote, Label: lang.T("The server passes on your messages and keeps your buddy list. Who runs it can see whom you talk to, and when, but never what you say in a private conversation. Its web site says who that is, and what they promise.")},
	}}
	f := plugin.Form{Title: registerTitle(), Intro: lang.T("Your account lives on a server, as with e-mail. From each one you can talk to people on all others."), Problem: r.problem,
		Tabs:    append([]plugin.Tab{basic}, r.reaching(busy)...),
		Buttons: []plugin.Button{cancelButton(), {ID: actionNext, Label: lang.T("Next"), Role: plugin.Default, Off: busy}}}
	if busy {
		f.Doing = lang.F("Asking %s…", cleanName(r.host()))
	}
	return f
}

// reaching are the settings that say how to reach a server.
func (r *registering) reaching(off bool) []plugin.Tab {
	tabs := slices.Clone(r.m.accountForm(r.network, nil).Tabs[1:])
	for i := range tabs {
		tabs[i].Fields = slices.Clone(tabs[i].Fields)
		for j := range tabs[i].Fields {
			f := &tabs[i].Fields[j]
			if v, ok := r.server[f.ID]; ok {
				f.Value = v
			}
			f.Live, f.Off = false, f.Off || off
		}
	}
	return tabs
}

// elsewhere leads to a web page.
func (r *registering) elsewhere() plugin.Form {
	prose := im.Text{{Text: lang.F("%s makes accounts on its web page:\n", cleanName(r.host()))}, {Text: r.questions.Page, Link: r.questions.Page}}
	f := plugin.Page(registerTitle(), "", []im.Field{
		{Kind: im.FieldProse, Prose: prose},
		{Kind: im.FieldNote, Label: lang.T("When you have made one there, come back and sign in with it.")},
	}, plugin.Button{ID: actionBack, Label: lang.T("Back")}, cancelButton(), plugin.Button{ID: actionSignIn, Label: lang.T("Sign in…"), Role: plugin.Default})
	return f
}

// questionnaire is what the server wants to know.
func (r *registering) questionnaire() plugin.Form {
	busy := r.step != registerAnswering
	var fields []im.Field
	for _, q := range r.questions.Fields {
		q.Off = busy
		if q.ID != "" {
			q.ID = questionsPrefix + q.ID
		}
		q.Label, q.Hint = cleanName(q.Label), cleanName(q.Hint)
		for i := range q.Choices {
			q.Choices[i].Label = cleanName(q.Choices[i].Label)
		}
		if v, ok := r.typed[strings.TrimPrefix(q.ID, questionsPrefix)]; ok && q.Kind != im.FieldImage {
			q.Value = v
		}
		if q.ID != questionsPrefix+protocol.FieldPassword {
			fields = append(fields, q)
			continue
		}
		q.Live, q.Value = true, r.password
		repeat := im.Field{ID: fieldRepeat, Kind: im.FieldSecret, Label: lang.T("The same again"), Value: r.password, Off: busy}
		fields = append(fields, q, repeat)
		if r.strong {
			fields = append(fields, im.Field{ID: "strength", Kind: im.FieldProgress, Label: r.strength.String(), Percent: 10 + 30*int(r.strength), Rough: true})
		}
		if r.password != "" {
			fields = append(fields, im.Field{ID: "madeup", Kind: im.FieldCode, Label: lang.T("Made up for you"), Value: r.password})
		} else {
			fields = append(fields, im.Field{ID: actionMakeUp, Kind: im.FieldButton, Label: lang.T("Make one up"), Off: busy})
		}
		fields = append(fields, im.Field{ID: fieldRemember, Kind: im.FieldSwitch, Label: lang.T("Remember password (in the system's keyring or your locked vault)"), Value: im.On, Off: busy})
	}
	f := plugin.Page(registerTitle(), lang.F("Your account on %s.", cleanName(r.host())), fields,
		plugin.Button{ID: actionBack, Label: lang.T("Back"), Off: busy}, cancelButton(),
		plugin.Button{ID: actionCreate, Label: lang.T("Create account"), Role: plugin.Default, Off: busy})
	if words := cleanName(r.questions.Words); words != "" {
		f.Tabs[0].Fields = append([]im.Field{{Kind: im.FieldNote, Label: lang.F("The server says: %s", words)}}, fields...)
	}
	f.Problem = r.problem
	switch r.step {
	case registerSubmitting:
		f.Doing, f.Problem = lang.T("Creating the account…"), ""
	case registerAskingAnew:
		f.Doing = lang.T("Asking the server anew…")
	}
	return f
}
