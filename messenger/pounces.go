package messenger

import (
	"encoding/json"
	"slices"
	"time"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// settingPounces is what pounces are kept in.
const settingPounces = "pounces"

// mostPounces is how many there can be.
const mostPounces = 200

// pounces is what the messenger keeps of them.
type pounces struct {
	all    []Pounce
	last   map[string]time.Time    // when each happened, in this run
	typing map[im.ConvID]im.Typing // of whom there are any for
	window *dialog                 // the list of them, if it is open
}

// loadPounces takes up what is kept; what cannot be read is as if it was not there.
func (m *Messenger) loadPounces() {
	m.pounces.last, m.pounces.typing = map[string]time.Time{}, map[im.ConvID]im.Typing{}
	if v, ok, err := m.cfg.Store.Setting(settingPounces); err == nil && ok {
		_ = json.Unmarshal([]byte(v), &m.pounces.all)
	}
}

// setPounces keeps them as they are now.
func (m *Messenger) setPounces(all []Pounce) {
	m.pounces.all = all
	if b, err := json.Marshal(all); err == nil {
		m.keep(settingPounces, string(b))
	}
}

// savePounce keeps one, in the place of that before with its ID.
func (m *Messenger) savePounce(p Pounce) error {
	all := slices.Clone(m.pounces.all)
	i := slices.IndexFunc(all, func(o Pounce) bool { return o.ID == p.ID })
	switch {
	case len(p.When) == 0:
		return formError(lang.T("Choose what to wait for."))
	case !p.Open && !p.Tell && !p.Sound && p.Say == "":
		return formError(lang.T("Choose what is to happen then."))
	case i >= 0:
		all[i] = p
	case len(all) >= mostPounces:
		return formError(lang.T("There are too many pounces. Delete some first."))
	default:
		all = append(all, p)
	}
	delete(m.pounces.last, p.ID)
	m.setPounces(all)
	return nil
}

func (m *Messenger) deletePounces(gone func(Pounce) bool) {
	if slices.ContainsFunc(m.pounces.all, gone) {
		m.setPounces(slices.DeleteFunc(slices.Clone(m.pounces.all), gone))
	}
}

// forgetPounces leaves none of an account.
func (m *Messenger) forgetPounces(id im.AccountID) {
	m.deletePounces(func(p Pounce) bool { return p.Conv.Account == id })
}

// pounceOnPresence looks for pounces on somebody who is seen as something else now. While an
// account comes online, all of its buddies do: that is news for who waited for somebody once.
func (m *Messenger) pounceOnPresence(a *account, id im.ConvID, before, after im.Presence) {
	settling := time.Since(a.upAt) < settlingIn
	for _, e := range pouncesOfPresence(before, after) {
		m.pounce(id, e, settling)
	}
}

// pounceOnTyping does so for who types.
func (m *Messenger) pounceOnTyping(id im.ConvID, after im.Typing) {
	if !slices.ContainsFunc(m.pounces.all, func(p Pounce) bool { return p.Conv == id }) {
		return
	}
	before := m.pounces.typing[id]
	m.pounces.typing[id] = after
	for _, e := range pouncesOfTyping(before, after) {
		m.pounce(id, e, false)
	}
}

// pounce lets happen what waited for this. Settling: only what does not wait again.
func (m *Messenger) pounce(id im.ConvID, e PounceEvent, settling bool) {
	for _, p := range slices.Clone(m.pounces.all) {
		switch last, did := m.pounces.last[p.ID]; {
		case p.Conv != id || !slices.Contains(p.When, e) || settling && p.Again:
		case p.Away && present(m.asIdle(m.presence).Show):
		case did && time.Since(last) < p.pause():
		default:
			m.pounces.last[p.ID] = time.Now()
			if !p.Again {
				m.deletePounces(func(o Pounce) bool { return o.ID == p.ID })
			}
			m.happen(p, e)
		}
	}
}

// happen does what a pounce says.
func (m *Messenger) happen(p Pounce, e PounceEvent) {
	if p.Open {
		m.open(p.Conv, false)
	}
	if p.Sound && m.settings[SettingSounds] == im.On && m.presence.Show != im.DoNotDisturb {
		m.publish(SoundPlayed{Conv: p.Conv, Sound: SoundNamed, Volume: m.volume(), Always: true})
	}
	if p.Say != "" {
		m.sendLine(p.Conv, newID(), p.Say, im.Open)
	}
	if p.Tell {
		m.tellPounce(p.Conv, e.told(m.list.Title(p.Conv)))
	}
}

// tellPounce shows what a buddy has done, in a window that does not take the keyboard.
func (m *Messenger) tellPounce(id im.ConvID, words string) {
	f := plugin.Page(lang.F("Buddy pounce on %s", m.list.Title(id)), "", []im.Field{
		{Kind: im.FieldNote, Label: words},
		{Kind: im.FieldNote, Label: lang.F("It was %s.", time.Now().Format("15:04"))},
	}, closeButton(), plugin.Button{ID: "open", Label: lang.T("Open Conversation"), Role: plugin.Default})
	f.Quiet = true
	var d *dialog
	d = m.ask(im.ConvID{}, f, func(a plugin.Answers) {
		d.Close()
		if a.Action == "open" {
			m.open(id, true)
		}
	})
}
