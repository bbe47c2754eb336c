package messenger

import (
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
		one.account = set
		one.buddies = in.m.checkBuddies(set.ID, one.buddies)
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

// checkAccount is the account as its network would make it of the user's answers.
func (m *Messenger) checkAccount(a im.Account) (im.Account, error) {
	n := m.network(a.ID.Scheme())
	if n == nil {
		return a, errNoNetwork
	}
	answers := map[string]string{protocol.FieldAddress: a.ID.Bare()}
	asked := map[string]bool{protocol.FieldPassword: true}
	for _, f := range n.Settings() {
		asked[f.ID] = true
		if v := a.Options[f.ID]; v != "" && f.ID != protocol.FieldAddress && f.ID != protocol.FieldPassword {
			answers[f.ID] = v
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
	for k, v := range set.Options {
		if _, there := a.Options[k]; v == "" && !there {
			delete(set.Options, k)
		}
	}
	for k, v := range a.Options {
		if !asked[k] && len(set.Options) < maxArrivingOptions && len(k) < 100 && len(v) < 5000 {
			set.Options[k] = v
		}
	}
	set.Alias, set.Enabled = cleanName(a.Alias), a.Enabled
	return set, nil
}

// checkBuddies are those whose addresses make sense, each once.
func (m *Messenger) checkBuddies(id im.AccountID, all []im.Buddy) []im.Buddy {
	n := m.network(id.Scheme())
	seen := map[string]bool{}
	var good []im.Buddy
	for _, b := range all {
		bare, err := n.NormalizePeer(b.Bare)
		if err != nil || seen[bare] {
			continue
		}
		if len(good) == maxArrivingBuddies {
			break
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
	return good
}
