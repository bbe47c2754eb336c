package messenger

import (
	"maps"
	"slices"

	"culver/im"
	"culver/protocol"
)

// checkAccounts leaves out the accounts that make no sense here.
func (in *incoming) checkAccounts() {
	a := in.what
	var good []arrivingAccount
	for i, one := range a.accounts {
		set, err := in.m.checkAccount(one.account)
		switch {
		case i >= maxArrivingAccounts:
			err = errTooManyAccounts
		case slices.ContainsFunc(good, func(o arrivingAccount) bool { return o.account.ID == one.account.ID }):
			err = errTwiceThere
		}
		if err != nil {
			one.password.Wipe()
			if i <= maxArrivingAccounts {
				a.leftOut = append(a.leftOut, "The account "+cleanName(one.account.ID.Bare())+" is left out: "+err.Error())
			}
			continue
		}
		if _, here := in.m.accounts[set.ID]; !here && one.account.Options[protocol.FieldPin] != "" {
			a.leftOut = append(a.leftOut, "Which certificate "+cleanName(set.ID.Bare())+" accepts is left out. You are asked about it when the account connects.")
		}
		one.account = set
		var more int
		if one.buddies, more = in.m.checkBuddies(set.ID, one.buddies); more > 0 {
			a.leftOut = append(a.leftOut, cleanName(set.ID.Bare())+": "+im.Count(more, "buddy is", "buddies are")+
				" left out: an account can have no more than "+im.Number(maxArrivingBuddies)+".")
		}
		good = append(good, one)
	}
	a.accounts = good
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

// checkCounts leaves out what is more than anybody has.
func (in *incoming) checkCounts() {
	a := in.what
	tell := func(n int, one, more string) {
		if n > 0 {
			a.leftOut = append(a.leftOut, im.UpperFirst(im.Count(n, one, more))+" left out: there are too many.")
		}
	}
	if n := len(a.pasts) - maxArrivingPasts; n > 0 {
		tell(n, "conversation of the history is", "conversations of the history are")
		a.pasts = a.pasts[:maxArrivingPasts]
	}
	tell(len(a.drafts)-maxArrivingPasts, "draft is", "drafts are")
	tell(len(a.logging)-maxArrivingPasts, "choice of a history is", "choices of a history are")
}

// checkBuddies are those whose addresses make sense, each once, and how many are left
// out because they are too many.
func (m *Messenger) checkBuddies(id im.AccountID, all []im.Buddy) (good []im.Buddy, more int) {
	n := m.network(id.Scheme())
	seen := map[string]bool{}
	for i, b := range all {
		if len(good) == maxArrivingBuddies {
			return good, len(all) - i
		}
		bare, err := n.NormalizePeer(b.Bare)
		if err != nil || seen[bare] {
			continue
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
		good = append(good, cleanBuddy(id, b))
	}
	return good, 0
}

// checkChoices leaves out the settings that do not move house, and what would have more
// conversations kept than the user chose to keep here.
func (in *incoming) checkChoices() {
	a, odd, more := in.what, 0, 0
	settings := map[string]string{}
	for key, value := range a.settings {
		if len(settings) < maxArrivingSettings && in.m.moves(key, value) {
			settings[key] = value
		} else {
			odd++
		}
	}
	logging := map[im.ConvID]bool{}
	for c, on := range a.logging {
		switch {
		case !on || in.first:
			logging[c] = on
		case !in.m.logging(c):
			more++
		}
	}
	a.settings, a.logging = settings, logging
	if odd > 0 {
		a.leftOut = append(a.leftOut, im.UpperFirst(im.Count(odd, "setting is", "settings are"))+" left out: each has a meaning only where the backup was made, or none here.")
	}
	if more > 0 {
		a.leftOut = append(a.leftOut, "That a history is to be kept of "+im.Count(more, "conversation", "conversations")+" is left out: what you chose here stays.")
	}
}
