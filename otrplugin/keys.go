package otrplugin

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
)

// retryKey is how long a failure of the vault stands before the next need of
// the key tries again: long enough for all waiting lines to be told.
const retryKey = 5 * time.Second

// keyState is how far an account's private key has come:
//
//	unknown --load--> loading --> ready, absent or failed
//	absent --need--> generating --> ready or failed; absent, if stopped while nothing waits
//	failed --need, Try again--> loading
//	absent, failed --Import--> ready
//	ready --Regenerate, Import--> ready, with another key
//	ready, failed --Delete--> absent
type keyState int

const (
	keyUnknown keyState = iota
	keyLoading
	keyAbsent
	keyGenerating
	keyReady
	keyFailed
)

// account is what belongs to all conversations of one account.
type account struct {
	id       im.AccountID
	state    keyState
	key      *otr.PrivateKey
	wanted   bool // make a key if there is none
	err      error
	failedAt time.Time
	work     *keyWork // what is being made or changed now; nil: nothing
	tag      uint32
	removed  bool // the user deleted the account
}

func (a *account) wipe() {
	if a.key != nil {
		a.key.Wipe()
		a.key = nil
	}
	a.state = keyUnknown
}

func vaultName(id im.AccountID) string { return "key/" + string(id) }

func tagName(id im.AccountID) string { return "tag/" + string(id) }

func (p *Plugin) account(id im.AccountID) *account {
	a := p.accounts[id]
	if a == nil {
		a = &account{id: id}
		p.accounts[id] = a
	}
	return a
}

// needKey reports whether the account's key is ready. If it isn't, it sees to
// it that it will be; what waits for it goes on in keyIsReady or keyHasFailed.
func (p *Plugin) needKey(id im.AccountID) bool {
	a := p.account(id)
	a.wanted = true
	switch a.state {
	case keyReady:
		return true
	case keyAbsent, keyFailed:
		if a.work != nil {
			return false // the user brings one, or takes away what is there
		}
	}
	switch a.state {
	case keyUnknown:
		p.loadKey(a)
	case keyFailed:
		if p.host.Now().Sub(a.failedAt) >= retryKey {
			p.loadKey(a)
		}
	case keyAbsent:
		p.generateKey(a)
	}
	return a.state == keyReady // a host may do work at once
}

// loadKey reads the account's key from the vault.
func (p *Plugin) loadKey(a *account) {
	a.state = keyLoading
	if p.graves[a.id] != nil { // what is there is the key of an account that was removed
		p.bury(a.id)
		return
	}
	vault, name := p.host.Vault(), vaultName(a.id)
	var key *otr.PrivateKey
	p.host.Go(func(ctx context.Context) error {
		b, err := vault.Get(ctx, name)
		if err != nil || b == nil {
			return err
		}
		defer clear(b)
		if key, err = otr.ParsePrivateKey(b); err != nil {
			return fmt.Errorf(lang.T("the key that is kept there is damaged: %w"), err)
		}
		if ctx.Err() != nil { // nobody is there to take it
			wipeKey(key)
		}
		return ctx.Err()
	}, func(err error) {
		switch {
		case p.gone(a):
			wipeKey(key)
		case err != nil:
			p.keyHasFailed(a, err)
		case key != nil:
			p.keyIsReady(a, key)
		case a.wanted:
			p.generateKey(a)
		default:
			a.state = keyAbsent
			p.changed()
		}
	})
}

// gone reports that the account was removed, or the plugin closed.
func (p *Plugin) gone(a *account) bool { return p.closed || p.accounts[a.id] != a }

func wipeKey(k *otr.PrivateKey) {
	if k != nil {
		k.Wipe()
	}
}

// keyIsReady goes on with all that waited for the key.
func (p *Plugin) keyIsReady(a *account, key *otr.PrivateKey) {
	a.state, a.key, a.err = keyReady, key, nil
	p.changed()
	for _, c := range p.sortedChats(a.id) {
		p.replay(c)
		if c.startWhenReady {
			c.startWhenReady = false
			p.start(c)
		}
		if c.held {
			p.release(c)
		}
	}
}

// keyHasFailed tells everybody who waited, in a sentence. Nothing is sent in
// clear instead: the lines that waited are refused with the same sentence.
func (p *Plugin) keyHasFailed(a *account, err error) {
	a.state, a.err, a.failedAt = keyFailed, err, p.host.Now()
	p.changed()
	if errors.Is(err, context.Canceled) {
		return
	}
	for _, c := range p.sortedChats(a.id) {
		if c.held || c.startWhenReady || len(c.pending) > 0 {
			p.alarm(c, p.keyFailure(a))
		}
		c.startWhenReady, c.pending = false, nil
		if c.held {
			p.release(c)
		}
	}
}

// outOfReach reports that there is no key to be had, nor on its way.
func (a *account) outOfReach() bool { return a.state == keyFailed && a.work == nil }

func (p *Plugin) keyFailure(a *account) string {
	if errors.Is(a.err, errMakingStopped) {
		return lang.F("The making of a private key for %s was stopped. Send the line again to have one made, or do so in the "+
			"settings of OTR.", a.id.Bare())
	}
	return together(lang.F("The private key of %s is out of reach: %s", a.id.Bare(), inWords(a.err)),
		lang.T("Unlock the keyring and try again, or switch private messaging off in the settings of OTR."))
}

// instanceTag is the number of this copy of Culver for the account. A tag that
// cannot be kept still serves until Culver quits.
func (p *Plugin) instanceTag(id im.AccountID, a *account) uint32 {
	if a.tag != 0 {
		return a.tag
	}
	store, name := p.host.Store(), tagName(id)
	if b, ok, err := store.Get(name); err == nil && ok {
		if n, err := strconv.ParseUint(string(b), 16, 32); err == nil && n >= 0x100 {
			a.tag = uint32(n)
			return a.tag
		}
	}
	a.tag = otr.NewInstanceTag(p.rand)
	store.Put(name, fmt.Appendf(nil, "%08x", a.tag))
	return a.tag
}
