package tutor

import (
	"slices"

	"culver/buddylist"
	"culver/im"
	"culver/messenger"
	"culver/plugin"
)

// look notices that the newcomer has come online.
func (t *Tutor) look(e messenger.BuddyListChanged) {
	p, ok := e.Change.(buddylist.Presence)
	if !ok || p.From.Bare != Student {
		return
	}
	t.here = p.Presence.Show != im.Offline
	if !t.here {
		t.greeted = false
	}
	t.greet()
}

// greet says hello, or starts with the new key, once the newcomer is here, the menu is
// known, and nothing is encrypted by itself: which of them comes first is left to chance.
func (t *Tutor) greet() {
	if !t.here || !t.ready || t.greeted || len(t.menus) == 0 {
		return
	}
	t.greeted = true
	switch {
	case t.newKey:
		t.invoke("start")
	case t.known == Authenticated:
		t.say(helloAgain())
	default:
		t.say(greeting(), howToStart())
	}
}

// page is what a form is for, as far as the tutor has to do with it.
type page int

const (
	otherPage    page = iota
	pluginsPage       // the list of plugins
	settingsPage      // of encryption
	askPage           // we authenticate the newcomer
	answerPage        // the newcomer authenticates us
	resultPage        // it is over
	quitPage          // lines were not sent, and we leave
)

func pageOf(f plugin.Form) page {
	switch {
	case has(f, "plugins"):
		return pluginsPage
	case has(f, "automatic"):
		return settingsPage
	case has(f, "method"):
		return askPage
	case has(f, "answer"), has(f, "secret"):
		return answerPage
	case (has(f, "progress") || f.Problem != "") && pressable(f, "close"):
		return resultPage
	case pressable(f, "quit"):
		return quitPage
	default:
		return otherPage
	}
}

// form does what a person would with a form that has turned to a new page.
func (t *Tutor) form(id messenger.DialogID, f plugin.Form) {
	now := pageOf(f)
	if before, open := t.dialogs[id]; open && before == now {
		return
	}
	t.dialogs[id] = now
	press := func(action string, values map[string]string) {
		t.m.Answer(id, plugin.Answers{Action: action, Values: values})
	}
	switch now {
	case pluginsPage:
		t.m.Answer(id, plugin.Answers{Action: "configure", Rows: rows(f, "plugins")})
		press("close", nil)
	case settingsPage:
		press("automatic", map[string]string{"automatic": ""})
		press("close", nil)
	case askPage:
		t.asked = true
		press("authenticate", map[string]string{"method": "question", "question": question(), "answer": colour()})
	case answerPage:
		t.asked = false
		press("authenticate", map[string]string{"answer": secret(), "secret": secret()})
	case resultPage:
		t.succeeded = f.Problem == ""
		press("close", nil)
	case quitPage:
		press("quit", nil)
	}
}

// closed speaks of a result when its form is gone: by then, all that came with it
// is known.
func (t *Tutor) closed(id messenger.DialogID) {
	switch t.dialogs[id] {
	case resultPage:
		t.outcome()
	case settingsPage:
		t.ready = true
		t.greet()
	}
	delete(t.dialogs, id)
}

// outcome says what came of an authentication.
func (t *Tutor) outcome() {
	switch {
	case t.succeeded && t.asked:
		t.say(knowsYou())
	case t.succeeded:
		t.learnt(Authenticated)
		t.say(verified(), colours(), more())
	case t.asked:
		t.say(wrongAnswer())
	case !t.failed:
		t.failed = true
		t.say(failedOnce())
	default:
		t.say(failedAgain())
	}
}

func has(f plugin.Form, field string) bool {
	return slices.ContainsFunc(f.Tabs, func(t plugin.Tab) bool {
		return slices.ContainsFunc(t.Fields, func(f im.Field) bool { return f.ID == field })
	})
}

func rows(f plugin.Form, field string) []string {
	var out []string
	for _, tab := range f.Tabs {
		for _, fl := range tab.Fields {
			if fl.ID == field {
				for _, r := range fl.Rows {
					out = append(out, r.ID)
				}
			}
		}
	}
	return out
}

func pressable(f plugin.Form, button string) bool {
	return slices.ContainsFunc(f.Buttons, func(b plugin.Button) bool { return b.ID == button && !b.Off })
}
