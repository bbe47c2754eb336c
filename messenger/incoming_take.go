package messenger

import (
	"context"
	"slices"

	"culver/buddylist"
	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// begin takes all that was chosen.
func (in *incoming) begin() {
	in.step = incomingTaking
	in.showLate()
	in.todo = nil
	in.progress = in.plan()
	for i := range in.what.accounts {
		if a := &in.what.accounts[i]; in.takes(partAccount, a.account.ID) {
			in.todo = append(in.todo, func() { in.takeAccount(a) })
		}
	}
	for i := range in.what.accounts {
		a := &in.what.accounts[i]
		if in.takes(partBuddies, a.account.ID) {
			in.takeBuddies(a)
		}
		if in.takes(partPassword, a.account.ID) {
			in.todo = append(in.todo, func() { in.takePassword(a) })
		}
	}
	for _, u := range in.took {
		in.todo = append(in.todo, func() { in.takeParcel(u) })
	}
	in.todo = append(in.todo, in.takeLines)
	in.then(func() {
		in.takeChoices()
		if in.takes(partSettings, "") {
			in.takeSettings()
			in.takeSpaces()
		}
		in.todo = append(in.todo, in.enable)
	})
	in.next()
}

// here reports that the account can be given something.
func (in *incoming) here(id im.AccountID) bool {
	a, ok := in.m.accounts[id]
	return ok && !a.removed
}

// takeAccount makes an account that is not here yet; it stays disabled until the end. One
// that is here keeps what it has.
func (in *incoming) takeAccount(a *arrivingAccount) {
	defer in.next()
	m, id := in.m, a.account.ID
	if old, ok := m.accounts[id]; ok {
		if old.removed {
			in.problem(lang.F("The account %s is just being deleted: it was left out.", id.Bare()))
		}
		return
	}
	set := a.account.Clone()
	set.Enabled = false
	if err := m.cfg.Store.SaveAccount(set); err != nil {
		in.problem(lang.F("The account %s could not be saved: %s", id.Bare(), asSentence(err)))
		return
	}
	in.brought.accounts++
	m.publish(AccountChanged{m.addAccount(set).link.State()})
	in.enabling(a.account)
}

// enabling notes that an account that is new here is to be enabled at the end.
func (in *incoming) enabling(a im.Account) {
	in.single[partKey{partAccount, a.ID}].enable = a.Enabled
}

// takeBuddies plans the steps that add the buddies who are not on the list. While an
// account is connected, its server says who is.
func (in *incoming) takeBuddies(a *arrivingAccount) {
	m, id := in.m, a.account.ID
	in.each(len(a.buddies), stepThings, func(i int) {
		b := a.buddies[i]
		if _, there := m.list.Buddy(b.Conv()); !there && in.here(id) && m.online(id) == nil {
			m.applyList(buddylist.Buddy{Buddy: b})
			m.noRoomsOfPeople(id)
			in.brought.buddies++
			in.unsaved = id
		}
	})
	in.then(in.saveBuddies)
}

// saveBuddies saves those that were added.
func (in *incoming) saveBuddies() {
	if id := in.unsaved; in.here(id) {
		in.m.saveRoster(id)
	}
	in.unsaved = ""
}

// takePassword keeps a password where there is none.
func (in *incoming) takePassword(a *arrivingAccount) {
	id := a.account.ID
	if !in.here(id) || a.password.IsEmpty() {
		in.next()
		return
	}
	answered, vault, name, password := in.awaits(nil), in.m.cfg.Vault, passwordName(id), slices.Clone(a.password.Bytes())
	kept := false
	ctx, stop := context.WithCancel(in.m.ctx)
	in.stop = stop
	in.m.background(func(context.Context) error {
		defer stop()
		defer clear(password) // a copy: what arrived may be wiped meanwhile
		there, err := vault.Get(ctx, name)
		if err != nil {
			return err
		}
		if there != nil {
			clear(there)
			return nil
		}
		kept = true
		return vault.Put(ctx, name, password)
	}, func(err error) {
		if !answered() {
			return
		}
		switch {
		case err != nil && !in.stopped:
			in.problem(lang.F("The password of %s could not be saved: %s", id.Bare(), asSentence(err)))
		case err == nil && kept:
			in.brought.passwords++
		}
		in.next()
	})
}

// takeParcel lets a plugin take what was chosen of its own.
func (in *incoming) takeParcel(u *unpacked) {
	want := plugin.Wanted{Replace: in.replace}
	for _, p := range in.parts {
		switch {
		case p.kind != partPlugin || p.parcel != u || !in.chosen(p) || p.account != "" && !in.here(p.account):
		case p.weakens:
			want.Weaker = append(want.Weaker, p.account)
		default:
			want.Accounts = append(want.Accounts, p.account)
		}
	}
	info := u.host.plugin.Info()
	switch {
	case len(want.Accounts)+len(want.Weaker) == 0:
		in.next()
		return
	case u.host.ended:
		in.problem(lang.F("%s was disabled meanwhile: what there is for it was left out.", info.Title))
		in.next()
		return
	}
	failed := func(err error) {
		in.problem(in.what.verb.either(lang.F("%s: not everything could be imported. %s", info.Title, asSentence(err)),
			lang.F("%s: not everything could be restored. %s", info.Title, asSentence(err))))
	}
	answered, called := in.awaits(u.host), false
	in.m.guard(func() {
		u.parcel.Take(want, func(results []string, err error) {
			if !answered() {
				return
			}
			in.brought.plugins = append(in.brought.plugins, results...)
			if err != nil {
				failed(err)
			}
			in.next()
		})
		called = true
	})
	if !called && answered() {
		failed(errPluginFailed)
		in.next()
	}
}

// enable is the last step: the accounts that are new may connect now.
func (in *incoming) enable() {
	in.step = incomingOver
	in.saveBuddies()
	in.restartPlugins()
	for _, p := range in.parts {
		if p.kind != partAccount || !p.enable || !in.here(p.account) {
			continue
		}
		if in.stopped {
			in.problem(lang.F("The account %s is there, and disabled. Enable it under Accounts, or do the same again.", p.account.Bare()))
			continue
		}
		a := in.m.accounts[p.account]
		if a.link.State().Account.Enabled {
			continue
		}
		set := a.link.State().Account.Clone()
		set.Enabled = true
		a.link.SetAccount(set)
		if err := in.m.cfg.Store.SaveAccount(set); err != nil {
			in.problem(lang.F("The account %s could not be saved: %s", p.account.Bare(), asSentence(err)))
		}
		in.m.wish(a)
	}
	in.wipe()
}
