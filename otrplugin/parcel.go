package otrplugin

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
	"culver/plugin"
)

// parcel is what came out of files, to be taken or left. What the user decided here
// wins over what they say, and so does what is in force here, unless he says otherwise:
// whoever made the files may want a stranger's key to pass for a buddy's.
type parcel struct {
	p     *Plugin
	moved *moved
}

// Contents is what there is to take.
func (x *parcel) Contents() []plugin.Content {
	var all []plugin.Content
	m := x.moved
	for _, k := range m.keys {
		all = append(all, x.p.keyContent(k))
	}
	type counts struct {
		known, verified, contested, buddies int
		weaker                              int
		lets                                lets
	}
	each := map[im.AccountID]*counts{}
	var order []im.AccountID
	of := func(id im.AccountID) *counts {
		if each[id] == nil {
			each[id] = new(counts)
			order = append(order, id)
		}
		return each[id]
	}
	clashes := map[im.AccountID][]string{} // the first few
	note := func(id im.ConvID, f otr.Fingerprint, raised, verified bool) {
		c := of(id.Account)
		c.known++
		if verified {
			c.verified++
		}
		if raised && x.p.contested(id, f) {
			if c.contested++; c.contested <= maxContests {
				clashes[id.Account] = append(clashes[id.Account], x.p.contest(id, f))
			}
		}
	}
	for _, k := range m.known {
		note(k.conv(), k.fingerprint, x.p.raises(k), k.trusted())
	}
	if m.plan != nil {
		for _, k := range m.plan.keys {
			note(k.conv, k.fingerprint, k.trust != trustNone, k.trust != trustNone)
		}
	}
	for _, b := range m.buddies {
		c := of(b.Account)
		if l := x.p.lets(b); l.any() {
			c.weaker++
			c.lets = c.lets.or(l)
		} else {
			c.buddies++
		}
	}
	for _, id := range order {
		if c := each[id]; c.known > 0 {
			label := fingerprintsLabel(c.known, c.verified, c.contested)
			all = append(all, plugin.Content{Account: id, Label: label, Clash: clashOf(clashes[id], c.contested)})
		}
		if c := each[id]; c.buddies > 0 {
			all = append(all, plugin.Content{Account: id, Label: settingsOfBuddies(c.buddies)})
		}
		if c := each[id]; c.weaker > 0 {
			all = append(all, plugin.Content{Account: id, Weakens: true,
				Label: c.lets.ofBuddies(settingsOfBuddies(c.weaker))})
		}
	}
	if m.settings != nil {
		l := letsMore(x.p.settings, m.settings.Settings)
		all = append(all, plugin.Content{Label: l.ofAll(), Weakens: l.any()})
	}
	return all
}

// fingerprintsLabel says how many come in, and what is to be known of them.
func fingerprintsLabel(known, verified, contested int) string {
	label := fingerprints(known)
	if verified > 0 {
		label = lang.F("%s, %s", label, count(known, lang.T("verified"), verifiedOfThem(verified)))
	}
	if contested > 0 {
		label = lang.F("%s, %s", label, count(known, lang.T("in question"), inQuestionOfThem(contested)))
	}
	return label
}

// LeftOut says what cannot be taken.
func (x *parcel) LeftOut() []string { return x.moved.leftOut() }

// keyContent says what a private key would do.
func (p *Plugin) keyContent(k movedKey) plugin.Content {
	c := plugin.Content{Account: k.id, Label: lang.T("a private key")}
	a := p.accounts[k.id]
	theirs := k.key.Fingerprint()
	switch {
	case a == nil:
	case a.has(theirs):
		c.Label = lang.T("a private key, which is here already")
	case a.state == keyReady:
		c.Clash = lang.F("%s has another private key here. The fingerprint of the one here is %s, that of the one that comes "+
			"in is %s. If it is replaced, the one here is gone for good.", k.id.Bare(), a.key.Fingerprint().String(), theirs.String())
	case a.state == keyFailed:
		c.Clash = lang.F("The private key of %s that is here cannot be read now. The fingerprint of the one that comes in is "+
			"%s. If it is replaced, the one here is gone for good.", k.id.Bare(), theirs.String())
	}
	return c
}

// Wipe forgets the keys.
func (x *parcel) Wipe() { x.moved.wipe() }

// taking is a Take on its way. It goes in steps, for each row waits for the disk.
type taking struct {
	p        *Plugin
	m        *moved
	replace  bool
	mine     func(im.AccountID) bool
	weaker   func(im.AccountID) bool // what weakens is wanted, too
	weak     map[im.ConvID]bool      // buddies whose settings would protect less than those in force before
	unseen   map[im.ConvID]bool      // peers of whom no key was known before
	inDoubt  map[peersKey]bool       // keys that are contested, and not to be believed
	touched  map[im.ConvID]bool
	fresh    int // fingerprints
	verified int // that became so, or are new and so
	decided  int // that stay as the user decided
	refused  int // of those, refused ones
	asked    int // that came in for the user to decide about
	buddies  int
	strict   int // whose settings stay as strict as they are
	results  []string
	err      error
	done     func([]string, error)
}

// Take takes what is wanted. What would weaken is measured by what was in force before.
func (x *parcel) Take(want plugin.Wanted, done func([]string, error)) {
	t := &taking{p: x.p, m: x.moved, replace: want.Replace, done: done, unseen: map[im.ConvID]bool{}, touched: map[im.ConvID]bool{},
		weak: map[im.ConvID]bool{}, inDoubt: map[peersKey]bool{},
		mine:   func(id im.AccountID) bool { return slices.Contains(want.Accounts, id) },
		weaker: func(id im.AccountID) bool { return slices.Contains(want.Weaker, id) }}
	t.before(func() {
		wants := t.mine
		if t.m.settings != nil && letsMore(t.p.settings, t.m.settings.Settings).any() {
			wants = t.weaker
		}
		if t.m.settings != nil && wants("") {
			t.fail(t.p.changeSettings(t.m.settings.Settings))
			t.fail(t.p.changeLook(t.m.settings.Look))
			t.results = append(t.results, lang.T("The settings of OTR."))
		}
		t.keys(0)
	})
}

// before notes what is here before anything is taken.
func (t *taking) before(then func()) {
	known, buddies := t.m.known, t.m.buddies
	var others []importedKey
	if t.m.plan != nil {
		others = t.m.plan.keys
	}
	doubt := func(id im.ConvID, f otr.Fingerprint) {
		t.inDoubt[peersKey{id, f}] = !t.replace && t.p.contested(id, f)
	}
	t.each(len(known), lookStep, func(i int) error {
		k := known[i]
		t.unseen[k.conv()] = !t.p.seen(k.conv())
		doubt(k.conv(), k.fingerprint)
		return nil
	}, func() {
		t.each(len(others), lookStep, func(i int) error {
			doubt(others[i].conv, others[i].fingerprint)
			return nil
		}, func() {
			t.each(len(buddies), lookStep, func(i int) error {
				t.weak[buddies[i].conv()] = t.p.lets(buddies[i]).any()
				return nil
			}, then)
		})
	})
}

// each does something with each of n rows, some at a time, and then goes on. After an
// error it is over.
func (t *taking) each(n, some int, do func(i int) error, then func()) {
	t.p.inSteps(n, some, do, func(err error) {
		if err != nil {
			t.fail(err)
			t.over()
			return
		}
		then()
	})
}

func (t *taking) fail(err error) {
	if t.err == nil {
		t.err = err
	}
}

// keys takes the private keys, one after the other.
func (t *taking) keys(n int) {
	p := t.p
	if n >= len(t.m.keys) {
		t.rows()
		return
	}
	k := t.m.keys[n]
	if !t.mine(k.id) || k.key == nil {
		t.keys(n + 1)
		return
	}
	a := p.account(k.id)
	p.whenLoaded([]*account{a}, func() {
		who := k.id.Bare()
		switch {
		case t.m.keys == nil || p.gone(a) || a.work != nil || a.state == keyLoading || a.state == keyGenerating:
			t.results = append(t.results, lang.F("%s: the private key was left out, because the one here was being changed "+
				"just now. Try again.", who))
			t.keys(n + 1)
			return
		case a.has(k.key.Fingerprint()):
			t.keys(n + 1)
			return
		case a.state != keyAbsent && !t.replace:
			t.results = append(t.results, lang.F("%s: the private key here stays.", who))
			t.keys(n + 1)
			return
		}
		t.m.keys[n].key = nil // it is the account's now
		p.keepKey(a, k.key, func(err error) {
			if err != nil {
				t.results = append(t.results, together(lang.F("%s: the private key could not be saved, so nothing has changed.", who), inWords(err)))
				p.goOnWithout(a)
			} else {
				t.results = append(t.results, lang.F("%s: the private key was added.", who))
				p.replaceKey(a, k.key)
			}
			t.keys(n + 1)
		})
	})
}

// rows takes all that is in the store, some rows at a time.
func (t *taking) rows() {
	m, plan := t.m, t.m.plan
	if plan == nil {
		plan = new(importPlan)
	}
	t.each(len(m.known), takeStep, func(i int) error { return t.known(m.known[i]) }, func() {
		t.each(len(plan.keys), takeStep, func(i int) error { return t.foreign(plan, plan.keys[i]) }, func() {
			t.each(len(m.buddies), takeStep, func(i int) error { return t.buddy(m.buddies[i]) }, func() {
				t.each(len(m.writings), takeStep, func(i int) error { return t.writing(m.writings[i]) }, t.over)
			})
		})
	})
}

// over brings conversations in line, and reports.
func (t *taking) over() {
	p := t.p
	for _, c := range p.sortedChats("") {
		if t.touched[c.id] {
			p.reseal(c)
			p.openGate(c)
			p.settle(c)
		}
	}
	p.changed()
	say := func(n int, one, more string) {
		if n > 0 {
			t.results = append(t.results, count(n, one, more))
		}
	}
	here := t.decided - t.refused
	say(t.fresh, lang.T("One fingerprint was added."),
		lang.N(t.fresh, "%d fingerprint was added.", "%d fingerprints were added.", t.fresh))
	say(t.verified, lang.T("One fingerprint is verified now."),
		lang.N(t.verified, "%d fingerprint is verified now.", "%d fingerprints are verified now.", t.verified))
	say(here, lang.T("One fingerprint stays as you decided here."),
		lang.N(here, "%d fingerprint stays as you decided here.", "%d fingerprints stay as you decided here.", here))
	say(t.refused, lang.T("One fingerprint stays refused here."),
		lang.N(t.refused, "%d fingerprint stays refused here.", "%d fingerprints stay refused here.", t.refused))
	say(t.asked, lang.T("One fingerprint is for you to decide about, because you keep another one of the same buddy."),
		lang.N(t.asked, "%d fingerprint is for you to decide about, because you keep another one of the same buddy.", "%d fingerprints are for you to decide about, "+
			"because you keep another one of the same buddy.", t.asked))
	say(t.strict, lang.T("One buddy keeps the stricter settings of OTR that are in force here."),
		lang.N(t.strict, "%d buddy keeps the stricter settings of OTR that are in force here.", "%d buddies keep the stricter settings "+
			"of OTR that are in force here.", t.strict))
	say(t.buddies, lang.T("One buddy has settings of OTR of their own now."),
		lang.N(t.buddies, "%d buddy has settings of OTR of their own now.", "%d buddies have settings of OTR of their own now.", t.buddies))
	t.done(t.results, t.err)
}

// decided reports that the user said something about the key here.
func (k *knownKey) decided() bool {
	return k.trusted() || k.Refused || k.Accepted || !k.VerifiedAt.IsZero()
}

// known takes one fingerprint out of a backup. Nothing becomes less than it was here.
func (t *taking) known(from *knownKey) error {
	if !t.mine(from.Account) {
		return nil
	}
	p, id := t.p, from.conv()
	k := p.knownKey(id, from.fingerprint)
	if t.inDoubt[peersKey{id, from.fingerprint}] && p.raises(from) {
		doubted := *from
		doubted.Trust, doubted.Proof, doubted.VerifiedAt = trustNone, proofNone, time.Time{}
		doubted.Accepted, doubted.AcceptedAt, doubted.Unaccepted = false, time.Time{}, true
		if doubted.ImportedAt.IsZero() {
			doubted.ImportedAt = p.host.Now().UTC()
		}
		from = &doubted
		t.asked++
	}
	if k == nil {
		return t.newKnown(from)
	}
	before := *k
	k.First, k.Last = earlier(k.First, from.First), later(k.Last, from.Last)
	switch {
	case k.decided():
		if from.Trust != k.Trust || from.Refused != k.Refused || from.Accepted != k.Accepted {
			t.decided++
			if k.Refused {
				t.refused++
			}
		}
	case from.trusted():
		t.verified++
		t.touched[id] = true
		if err := p.setTrustWord(k, from.Trust, from.Proof); err != nil {
			*k = before
			return err
		}
		k.VerifiedAt = from.VerifiedAt
	case from.Refused:
		t.touched[id] = true
		if c := p.chats[id]; c != nil && c.inUse(k.fingerprint) {
			p.refuse(c, k)
		} else if err := p.setRefused(k); err != nil {
			*k = before
			return err
		}
		if k.Refused {
			k.RefusedAt = from.RefusedAt
		}
	case from.Accepted && !p.trustsOther(id, k.fingerprint):
		t.touched[id] = true
		k.Unaccepted, k.Accepted, k.AcceptedAt = false, true, from.AcceptedAt
	}
	if *k == before {
		return nil
	}
	return p.saveOr(k, before)
}

// newKnown takes a fingerprint that was not known here. Of a peer who was not known
// either, all is as it was; else another key is known here, so that this one is for
// the user to decide about, unless they did.
func (t *taking) newKnown(from *knownKey) error {
	p, id := t.p, from.conv()
	k := new(knownKey)
	*k = *from
	if !t.unseen[id] {
		switch {
		case k.Refused:
		case k.trusted():
			if err := p.unacceptOthers(k, func(o *knownKey) bool { return !o.trusted() }); err != nil {
				return err
			}
		case k.Accepted && !p.trustsOther(id, k.fingerprint):
		default:
			k.Unaccepted, k.Accepted = true, false
		}
	}
	if err := p.saveKnown(k); err != nil {
		return err
	}
	p.known[id] = append(p.known[id], k)
	slices.SortStableFunc(p.known[id], func(a, b *knownKey) int {
		return cmp.Or(a.First.Compare(b.First), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	t.fresh++
	if k.trusted() {
		t.verified++
	}
	t.touched[id] = true
	return nil
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// foreign takes one fingerprint of another program's.
func (t *taking) foreign(plan *importPlan, k importedKey) error {
	if !t.mine(k.conv.Account) {
		return nil
	}
	if t.inDoubt[peersKey{k.conv, k.fingerprint}] && k.trust != trustNone {
		k.trust = trustNone
		t.asked++
	}
	fate := t.p.fateOf(k)
	changed, err := t.p.importKey(plan, k)
	if err != nil {
		return err
	}
	switch {
	case fate == fateRefused:
		t.decided++
		t.refused++
	case changed:
		t.touched[k.conv] = true
		if fate == fateNew {
			t.fresh++
		}
		if k.trust != trustNone {
			t.verified++
		}
	}
	return nil
}

// buddy takes the settings of a buddy who has none of their own here.
func (t *taking) buddy(b buddyRow) error {
	id := b.conv()
	if own := t.p.own[id]; own != nil && !own.damaged || !t.mine(id.Account) && !t.weaker(id.Account) {
		return nil
	}
	switch weak := t.weak[id]; {
	case weak && !t.weaker(id.Account):
		t.strict++
		return nil
	case !weak && !t.mine(id.Account):
		return nil
	}
	t.buddies++
	return t.p.changeBuddySettings(id, &b.Settings)
}

// writing takes how a buddy's program writes.
func (t *taking) writing(w writingRow) error {
	f, err := otr.ParseFingerprint(w.Fingerprint)
	if err != nil || !t.mine(w.Account) {
		return nil // the fingerprint was checked before
	}
	store, name := t.p.host.Store(), writingKey(im.ConvID{Account: w.Account, Peer: w.Peer}, f)
	if _, there, err := store.Get(name); there || err != nil {
		return err
	}
	return store.Put(name, []byte(strconv.Itoa(int(w.Writing))))
}
