package otrplugin

import (
	"context"

	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
	"culver/plugin"
)

// replaceKey makes a key that is kept already the one in use.
func (p *Plugin) replaceKey(a *account, key *otr.PrivateKey) {
	p.leaveKey(a, lang.F("The private conversation was ended because %s has another private key now. What you write next "+
		"waits until it has been started again.", a.id.Bare()))
	p.keyIsReady(a, key)
}

// leaveKey stops the use of an account's key, and forgets it. Its private
// conversations end, which the peers are told. What was private stays wished for:
// the next line waits until it is so again.
func (p *Plugin) leaveKey(a *account, why string) {
	for _, c := range p.sortedChats(a.id) {
		awaited := c.asked() && c.wished
		if c.live() {
			c.wished = true
			p.tellUntold(c, p.endSession(c))
			p.notice(c, why)
		}
		c.stopWaiting()
		c.closeQuestion()
		c.about = otr.Fingerprint{}
		c.startWhenReady = c.startWhenReady || awaited
		if c.session != nil {
			c.session.Close()
			c.session = nil
			clear(c.early.waiting)
		}
	}
	wipeKey(a.key)
	a.key = nil
}

// regenerateKey makes another key for an account that has one.
func (p *Plugin) regenerateKey(w *configWindow, a *account) {
	if a.state != keyReady || a.work != nil {
		return
	}
	p.makeKey(a, func(key *otr.PrivateKey, err error) {
		if err != nil {
			p.changeFailed(w, lang.F("No key was made: %s", inWords(err)))
			return
		}
		p.keepKey(a, key, func(err error) {
			if err != nil {
				p.changeFailed(w, lang.F("The new key could not be saved, so the old one stays: %s", inWords(err)))
				return
			}
			p.replaceKey(a, key)
		})
	})
}

// removeKey deletes an account's key, or what is there in its place. Another one
// is made when it is needed.
func (p *Plugin) removeKey(w *configWindow, a *account) {
	if a.state != keyReady && a.state != keyFailed || a.work != nil {
		return
	}
	a.work = &keyWork{label: lang.F("Deleting the private key of %s…", a.id.Bare())}
	vault, name := p.host.Vault(), vaultName(a.id)
	p.host.Go(func(ctx context.Context) error { return vault.Delete(ctx, name) }, func(err error) {
		if p.gone(a) {
			return
		}
		a.work = nil
		if err != nil {
			p.changeFailed(w, lang.F("The key was not deleted: %s", inWords(err)))
			p.goOnWithout(a)
			return
		}
		p.leaveKey(a, lang.F("The private conversation was ended because %s has no private key any more. What you write next "+
			"waits until it has been started again.", a.id.Bare()))
		a.state, a.err, a.wanted = keyAbsent, nil, false
		for _, c := range p.sortedChats(a.id) {
			if c.startWhenReady {
				c.startWhenReady = false
				p.start(c)
			}
			if c.held {
				p.release(c) // they need a key
			}
		}
		p.changed()
	})
	p.updateConfig()
}

// goOnWithout sees to the conversations that waited for a change of the key, which
// came to nothing.
func (p *Plugin) goOnWithout(a *account) {
	switch {
	case a.state == keyReady || !p.keyAwaited(a):
	case a.state == keyAbsent:
		p.generateKey(a)
	default:
		p.keyHasFailed(a, a.err)
	}
}

// changeFailed tells in the settings, if they are still open, why a key stayed as
// it was.
func (p *Plugin) changeFailed(w *configWindow, why string) {
	w.trouble = why
	p.changed()
}

// keyTask is a window besides the settings that has to do with keys.
type keyTask struct {
	dialog   plugin.Dialog
	form     func() plugin.Form
	done     func(plugin.Answers)
	finished func()       // called when the window goes
	account  im.AccountID // whose key it is; empty: of several
}

// openTask shows a task in place of one that may be there.
func (p *Plugin) openTask(w *configWindow, t *keyTask) {
	p.closeTask(w)
	w.task = t
	t.dialog = p.host.Ask(im.ConvID{}, t.form(), func(a plugin.Answers) {
		if w.task != t {
			return
		}
		if a.Action == buttonCancel || a.Action == buttonClose || a.Action == plugin.Closed {
			p.closeTask(w)
			return
		}
		t.done(a)
	})
}

func (p *Plugin) closeTask(w *configWindow) {
	t := w.task
	if t == nil {
		return
	}
	w.task = nil
	t.dialog.Close()
	if t.finished != nil {
		t.finished()
	}
}

// updateTask redraws it, or takes it away with its account.
func (p *Plugin) updateTask(w *configWindow) {
	t := w.task
	switch {
	case t == nil:
	case t.account != "" && !p.hasAccount(t.account):
		p.closeTask(w)
	default:
		t.dialog.Update(t.form())
	}
}

func (p *Plugin) hasAccount(id im.AccountID) bool {
	for _, a := range p.host.Accounts() {
		if a.ID == id {
			return true
		}
	}
	return false
}

// askBeforeChange asks whether the user means it.
func (p *Plugin) askBeforeChange(w *configWindow, a *account, title, text, label string, change func()) {
	var fields []im.Field
	if a.state == keyReady {
		fields = append(fields, im.Field{ID: fieldOurs, Kind: im.FieldCode, Label: lang.T("The key there is now"), Value: a.key.Fingerprint().String()})
	}
	form := plugin.Page(title, text, fields, cancelButton(), plugin.Button{ID: buttonGo, Label: label, Role: plugin.Danger})
	p.openTask(w, &keyTask{
		account: a.id,
		form:    func() plugin.Form { return form },
		done: func(plugin.Answers) {
			p.closeTask(w)
			if !p.gone(a) {
				change()
			}
		},
	})
}

func (p *Plugin) askToRegenerate(w *configWindow, a *account) {
	p.askBeforeChange(w, a, lang.T("Make another private key?"),
		lang.T("All your buddies will see a new key and have to verify you again. Private conversations of this account end, and "+
			"your buddies are told. The present key is lost unless you export it first."),
		lang.T("Regenerate"), func() { p.regenerateKey(w, a) })
}

func (p *Plugin) askToDelete(w *configWindow, a *account) {
	p.askBeforeChange(w, a, lang.T("Delete the private key?"),
		lang.F("The private conversations of %s end, which the buddies are told, and the key is gone for good, unless you "+
			"export it before. A new one is made when it is needed; your buddies have to verify you again then.", a.id.Bare()),
		lang.T("Delete"), func() { p.removeKey(w, a) })
}
