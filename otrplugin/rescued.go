package otrplugin

import (
	"fmt"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// After a rescue of a damaged database a key that the user refused may be forgotten, and
// so may be that he verified another one. Whose records these were nobody knows: the
// Buddy List and the history may have lost just as much. So no key is used because it is
// the first: the user is asked, once for each, for the answer is kept. That ends when
// he says so.

// loadRescued finds out whether the database was damaged.
func (p *Plugin) loadRescued() error {
	_, ok, err := p.host.Store().Get(im.Rescued)
	if err != nil {
		return fmt.Errorf(lang.T("read whether the profile was damaged: %w"), err)
	}
	p.rescued = ok
	return nil
}

// rescuedFields say so in the settings.
func (p *Plugin) rescuedFields() []im.Field {
	if !p.rescued {
		return nil
	}
	return []im.Field{
		note(lang.T("Your profile was damaged: known fingerprints and settings of buddies may be lost. So Culver asks before " +
			"it writes to a key that it " +
			"does not know, also if it is the first one of a buddy.")),
		press(fieldStopAsking, lang.T("Stop asking…"), false),
	}
}

// askToStopAsking makes sure that the user knows what he gives up.
func (p *Plugin) askToStopAsking(w *configWindow) {
	form := plugin.Page(lang.T("Stop asking about unknown keys?"),
		lang.T("A key that you once refused may be among those that are forgotten. If Culver stops asking, it uses the first "+
			"key that a buddy shows, "+
			"as it does in a new profile. Stop when the buddies that you had before the damage have been asked about, or "+
			"when you have restored a backup."),
		nil, cancelButton(), plugin.Button{ID: buttonGo, Label: lang.T("Stop asking"), Role: plugin.Danger})
	p.openTask(w, &keyTask{
		form: func() plugin.Form { return form },
		done: func(plugin.Answers) {
			p.closeTask(w)
			p.saved(w, p.stopAsking())
			p.changed()
		},
	})
}

// stopAsking goes on as in a profile that was never damaged. What is in force because
// the settings were lost stays in force.
func (p *Plugin) stopAsking() error {
	if err := p.changeSettings(p.settings); err != nil {
		return err
	}
	if err := p.host.Store().Delete(im.Rescued); err != nil {
		return fmt.Errorf(lang.T("end what the damage led to: %w"), err)
	}
	p.rescued = false
	return nil
}
