package messenger

import (
	"maps"
	"slices"

	"culver/backup"
	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// checkAccounts plans the steps that leave out the accounts and buddies that make no
// sense here.
func (in *incoming) checkAccounts() {
	a, good := in.what, map[im.AccountID]bool{}
	in.each(len(a.accounts), stepThings, func(i int) {
		one := &a.accounts[i]
		set, err := in.m.checkAccount(one.account)
		switch {
		case i >= maxArrivingAccounts:
			err = errTooManyAccounts
		case good[one.account.ID]:
			err = errTwiceThere
		}
		if err != nil {
			one.out = true
			one.password.Wipe()
			if i <= maxArrivingAccounts {
				a.leftOut = append(a.leftOut, lang.F("The account %s is left out: %s", cleanName(one.account.ID.Bare()), err.Error()))
			}
			return
		}
		if _, here := in.m.accounts[set.ID]; !here && one.account.Options[protocol.FieldPin] != "" {
			a.leftOut = append(a.leftOut, lang.F("Which certificate %s accepts is left out. You are asked about it when the account connects.", cleanName(set.ID.Bare())))
		}
		one.account = set
		good[set.ID] = true
	})
	for i := range a.accounts[:min(len(a.accounts), maxArrivingAccounts)] {
		in.checkBuddies(&a.accounts[i])
	}
	in.then(func() {
		a.accounts = slices.DeleteFunc(a.accounts, func(one arrivingAccount) bool { return one.out })
	})
}

// checkBuddies plans the steps that leave out the buddies whose addresses make no
// sense, who are there twice, and those who are too many.
func (in *incoming) checkBuddies(one *arrivingAccount) {
	var good []im.Buddy
	seen, more := map[string]bool{}, 0
	in.each(len(one.buddies), stepThings, func(i int) {
		switch {
		case one.out:
			return
		case len(good) == maxArrivingBuddies:
			more++
			return
		}
		b := one.buddies[i]
		bare, err := in.m.network(one.account.ID.Scheme()).NormalizePeer(b.Bare)
		if err != nil || seen[bare] {
			return
		}
		seen[bare] = true
		b.Bare = bare
		switch b.Subscription {
		case im.SubscriptionNone, im.SubscriptionTo, im.SubscriptionFrom, im.SubscriptionBoth:
		default:
			b.Subscription = im.SubscriptionNone
		}
		if len(b.Groups) > 100 {
			b.Groups = b.Groups[:100]
		}
		good = append(good, cleanBuddy(one.account.ID, b))
	})
	in.then(func() {
		if one.buddies = good; more > 0 {
			in.what.leftOut = append(in.what.leftOut, lang.N(more, "%s: %s buddy is left out: an account can have no more than %s.",
				"%s: %s buddies are left out: an account can have no more than %s.", cleanName(one.account.ID.Bare()), im.Number(more), im.Number(maxArrivingBuddies)))
		}
	})
}

const (
	errTooManyAccounts = formError("there are too many accounts. The others are left out, too.")
	errTwiceThere      = formError("it is there twice.")
	errNoNetwork       = formError("this Culver does not know its network.")
	errOddAccount      = formError("its address makes no sense.")
)

// checkAccount is the account as its network would make it of the user's answers, with
// nothing that the network does not ask for. Which certificate it accepts is left out:
// that takes the place of all other checks, so that only the user can say it, here.
func (m *Messenger) checkAccount(a im.Account) (im.Account, error) {
	n := m.network(a.ID.Scheme())
	if n == nil {
		return a, errNoNetwork
	}
	answers := map[string]string{protocol.FieldAddress: a.ID.Bare()}
	for _, f := range n.Settings() {
		switch f.ID {
		case protocol.FieldAddress, protocol.FieldPassword, protocol.FieldPin:
		default:
			if v := a.Options[f.ID]; v != "" && len(v) <= maxArrivingOption {
				answers[f.ID] = v
			}
		}
	}
	set, err := n.Account(answers)
	if err != nil {
		return a, err
	}
	if set.ID != a.ID {
		return a, errOddAccount
	}
	if set.Options == nil {
		set.Options = map[string]string{}
	}
	maps.DeleteFunc(set.Options, func(_, v string) bool { return v == "" })
	set.Alias, set.Enabled = cleanName(a.Alias), a.Enabled
	return set, nil
}

// checkChoices plans the steps that leave out the settings that do not move house, and
// what would have more conversations kept than the user chose to keep here.
func (in *incoming) checkChoices() {
	a, odd, more := in.what, 0, 0
	settings, keys := map[string]string{}, slices.Collect(maps.Keys(a.settings))
	in.each(len(keys), stepThings, func(i int) {
		key, value := keys[i], a.settings[keys[i]]
		if len(settings) < maxArrivingSettings && in.m.moves(key, value) {
			settings[key] = value
		} else {
			odd++
		}
	})
	logging, convs := map[im.ConvID]bool{}, slices.Collect(maps.Keys(a.logging))
	in.each(len(convs), stepThings, func(i int) {
		switch c := convs[i]; {
		case !a.logging[c] || in.first:
			logging[c] = a.logging[c]
		case !in.m.logging(c):
			more++
		}
	})
	in.then(func() {
		a.settings, a.logging = settings, logging
		if odd > 0 {
			a.leftOut = append(a.leftOut, lang.N(odd, "%s setting is left out: each has a meaning only where the backup was made, or none here.",
				"%s settings are left out: each has a meaning only where the backup was made, or none here.", im.Number(odd)))
		}
		if more > 0 {
			a.leftOut = append(a.leftOut, lang.N(more, "That a history is to be kept of %s conversation is left out: what you chose here stays.",
				"That a history is to be kept of %s conversations is left out: what you chose here stays.", im.Number(more)))
		}
	})
}

// checkCounts leaves out what is more than anybody has, and what this Culver does not know.
func (in *incoming) checkCounts() {
	a := in.what
	long := 0
	maps.DeleteFunc(a.drafts, func(_ im.ConvID, d im.Draft) bool {
		if len(d.Text) > backup.MaxDraft {
			long++
		}
		return len(d.Text) > backup.MaxDraft
	})
	if long > 0 {
		a.leftOut = append(a.leftOut, lang.N(long, "%s draft is left out: it is longer than any that Culver keeps.",
			"%s drafts are left out: they are longer than any that Culver keeps.", im.Number(long)))
	}
	if n := len(a.pasts) - maxArrivingPasts; n > 0 {
		a.leftOut = append(a.leftOut, lang.N(n, "%s conversation of the history is left out: there are too many.",
			"%s conversations of the history are left out: there are too many.", im.Number(n)))
		a.pasts = a.pasts[:maxArrivingPasts]
	}
	if n := atMost(a.drafts, maxArrivingPasts); n > 0 {
		a.leftOut = append(a.leftOut, lang.N(n, "%s draft is left out: there are too many.", "%s drafts are left out: there are too many.", im.Number(n)))
	}
	if n := atMost(a.logging, maxArrivingPasts); n > 0 {
		a.leftOut = append(a.leftOut, lang.N(n, "%s choice of a history is left out: there are too many.",
			"%s choices of a history are left out: there are too many.", im.Number(n)))
	}
	in.checkPlugins()
}

// atMost leaves out what is more than so many, and says how much that is.
func atMost[T any](all map[im.ConvID]T, most int) (out int) {
	for c := range all {
		if len(all) <= most {
			break
		}
		delete(all, c)
		out++
	}
	return out
}

// checkPlugins says which plugins that something arrives for are not here.
func (in *incoming) checkPlugins() {
	a, strange := in.what, map[string]bool{}
	for _, id := range slices.Concat(slices.Collect(maps.Keys(a.files)), slices.Collect(maps.Keys(a.spaces))) {
		if id != "" && !slices.ContainsFunc(in.m.offers, func(o *offer) bool { return o.info.ID == id }) {
			strange[cleanName(id)] = true
		}
	}
	if names := slices.Sorted(maps.Keys(strange)); len(names) > 0 {
		a.leftOut = append(a.leftOut, lang.F("Left out, because this Culver does not have these plugins: %s.", someOf(names)))
	}
}
