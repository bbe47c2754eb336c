package messenger

import (
	"context"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// Checker is a Store that finds what is damaged of it while it is in use. Suspects
// looks, on any goroutine, and may be wrong; Confirm, on the messenger's, is not: its
// error is one that Config.Damaged knows.
type Checker interface {
	Suspects(context.Context) ([]uint32, error)
	Confirm([]uint32) error
}

// checkStore has the store checked beside.
func (m *Messenger) checkStore() {
	c, ok := m.cfg.Store.(Checker)
	if !ok {
		return
	}
	var suspects []uint32
	m.background(func(ctx context.Context) (err error) {
		suspects, err = c.Suspects(ctx)
		return err
	}, func(err error) {
		if err == nil {
			err = c.Confirm(suspects)
		}
		if m.isDamage(err) { // else it is for somebody to say who needs it
			m.foundDamage("")
		}
	})
}

// isDamage reports that err says that the store is damaged.
func (m *Messenger) isDamage(err error) bool {
	return err != nil && m.cfg.Damaged != nil && m.cfg.Damaged(err)
}

// foundDamage tells the user that the store is damaged, and of what failed for it, if
// anything. It offers to rescue what can be read, once.
func (m *Messenger) foundDamage(what string) {
	if m.damage != nil {
		if what != "" {
			m.say("Culver", what+" "+lang.T("Part of the database is damaged. When Culver is started anew it offers again to rescue what can be read."))
		}
		return
	}
	form := plugin.Page(lang.T("Part of the database is damaged"),
		lang.T("Part of the database with your history and settings is damaged: the disk may be failing, or another program changed the file. "+
			"Culver can make a new database of what can be read, and go on with it. You are signed off meanwhile. The damaged one is kept beside it."),
		nil, plugin.Button{ID: "stay", Label: lang.T("Go on as it is"), Role: plugin.Cancel},
		plugin.Button{ID: "rescue", Label: lang.T("Rescue what can be read"), Role: plugin.Default})
	if what != "" {
		form.Tabs = []plugin.Tab{{Fields: []im.Field{{Kind: im.FieldNote, Label: what}}}}
	}
	m.damage = m.ask(im.ConvID{}, form, func(a plugin.Answers) {
		m.damage.Close()
		if a.Action == "rescue" {
			m.leaveToRescue()
		}
	})
}

// leaveToRescue ends Run as a lock does, see Rescue.
func (m *Messenger) leaveToRescue() {
	if m.quitting {
		return
	}
	m.locked, m.rescue = true, true
	m.publish(Locking{})
	m.quit()
}

// Rescue reports, once Run has returned, that the messenger was locked because the
// user wants what can be read of the damaged store to be rescued.
func (m *Messenger) Rescue() bool { return m.rescue }
