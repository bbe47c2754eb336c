package messenger

import (
	"culver/foreign"
	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// welcome is the guide for newcomers: what Culver is, where keys are kept, and the ways to
// begin. The practice buddy goes on from there with a tour of a private conversation.
//
//	what it is <--Next, Back--> keys <--Next, Back--> begin --> an account, or later
type welcome struct {
	m      *Messenger
	dialog *dialog
	page   int
	other  *foreign.Found // a program that was in use before; nil: none was found
}

const (
	actionGuideImport   = "import"
	actionGuideSecurity = "security"
)

// ShowFirstRun opens the guide for newcomers, or brings it to the front.
func (m *Messenger) ShowFirstRun() { m.inbox.Put(m.showFirstRun) }

func (m *Messenger) showFirstRun() {
	if m.welcoming != nil {
		m.welcoming.dialog.raise()
		return
	}
	w := &welcome{m: m}
	m.welcoming = w
	w.dialog = m.ask(im.ConvID{}, w.form(), w.answered)
	w.dialog.keepFresh(w.form)
	m.findForeign(func(found []foreign.Found) {
		if len(found) > 0 {
			w.other = &found[0]
		}
	})
}

func (w *welcome) answered(a plugin.Answers) {
	m := w.m
	switch {
	case a.Action == actionNext:
		w.page = min(w.page+1, len(w.pages())-1)
		return
	case a.Action == actionBack:
		w.page = max(w.page-1, 0)
		return
	case a.Action == actionGuideSecurity:
		m.ShowSecurity()
		return
	}
	m.welcoming, w.dialog.fresh = nil, nil
	if a.Action == actionGuideImport && w.other != nil {
		m.importFrom(*w.other, w.dialog)
		return
	}
	w.dialog.Close()
	switch n := m.network(a.Action); {
	case a.Action == actionRestore:
		m.ShowRestore()
	case a.Action == actionRegister:
		m.showRegister()
	case n == nil: // later: the Buddy List says how to go on
	case isTrial(n):
		m.startTrial(n.(protocol.Trial))
	default:
		m.showAccountForm(n, nil)
	}
}

func (w *welcome) pages() []func() []im.Field {
	return []func() []im.Field{whatItIs, w.keys, w.ways}
}

func (w *welcome) form() plugin.Form {
	pages := w.pages()
	f := plugin.Page(lang.T("Welcome to Culver"), "", pages[w.page]())
	f.Guide = true
	f.Doing = lang.F("Page %d of %d", w.page+1, len(pages))
	if w.page > 0 {
		f.Buttons = append(f.Buttons, plugin.Button{ID: actionBack, Label: lang.T("Back")})
	}
	f.Buttons = append(f.Buttons, plugin.Button{ID: buttonCancel, Label: lang.T("Later"), Role: plugin.Cancel})
	if w.page+1 < len(pages) {
		f.Buttons = append(f.Buttons, plugin.Button{ID: actionNext, Label: lang.T("Next"), Role: plugin.Default})
	}
	return f
}

func note(text string) im.Field { return im.Field{Kind: im.FieldNote, Label: text} }

func whatItIs() []im.Field {
	return []im.Field{
		note(lang.T("What Culver is")),
		note(lang.T("Culver is a messenger: you and your buddies write to each other, wherever their accounts are.")),
		note(lang.T("With one click a conversation becomes private: then nobody but the two of you can read it, not even the servers in between.")),
		note(lang.T("Once for each buddy you make sure that it is really them, and Culver warns you if that ever changes.")),
		note(lang.T("You find these pages again in the Help menu.")),
	}
}

// keys tells where passwords and keys are kept, and what that means.
func (w *welcome) keys() []im.Field {
	fields := []im.Field{note(lang.T("Where your keys are kept"))}
	safe := w.m.cfg.Safe
	if safe == nil {
		return append(fields, note(lang.T("Nothing is kept on this computer: your keys and passwords are forgotten when Culver ends.")))
	}
	fields = append(fields, note(lang.T("Your passwords, the keys of private conversations and your history are kept on this computer, encrypted.")))
	if safe.UsesPassphrase() {
		fields = append(fields,
			note(lang.T("Only your passphrase opens them: Culver asks for it when it starts. Nobody can tell you what it was if you forget it, so write it down and keep that in a safe place.")))
	} else {
		fields = append(fields,
			note(lang.T("What opens them is in the system's keyring, which your login unlocks: so Culver asks you for nothing when it starts. Whoever can log in as you can read them, too. If you share this computer, use a passphrase instead.")))
	}
	return append(fields,
		im.Field{ID: actionGuideSecurity, Kind: im.FieldButton, Label: lang.T("Change this…"), Hint: lang.T("Later it is in the Tools menu, as Security.")})
}

// ways are the ways to begin.
func (w *welcome) ways() []im.Field {
	fields := []im.Field{note(lang.T("How to begin"))}
	way := func(id, label, words string) {
		fields = append(fields, im.Field{ID: id, Kind: im.FieldButton, Label: label, Hint: words})
	}
	for _, n := range w.m.cfg.Networks {
		if t, ok := n.(protocol.Trial); ok {
			way(n.Scheme(), lang.T("Practise"), t.Trial().Words)
		}
	}
	for _, n := range w.m.cfg.Networks {
		if !isTrial(n) {
			way(n.Scheme(), lang.F("Sign in (%s)…", n.Name()), lang.F("You have an %s account, or got one from a friend or a server's web page.", n.Name()))
		}
	}
	if w.m.registrar() != nil {
		way(actionRegister, lang.T("Create account…"), lang.T("You have none yet: Culver makes one for you on a server of your choice."))
	}
	if w.other != nil {
		title := cleanName(w.other.Title)
		way(actionGuideImport, lang.F("Import from %s…", title), lang.F("You have used %s on this computer: Culver can take over what you have there.", title))
	}
	way(actionRestore, lang.T("Restore backup…"), lang.T("You have a backup of Culver, from another computer for instance."))
	return fields
}
