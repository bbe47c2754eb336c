package otrplugin

import (
	"context"
	"fmt"
	"io"

	"culver/lang"
	"culver/otrplugin/otr"
)

// keyWork is what is being done to an account's key, one thing at a time.
type keyWork struct {
	label string
	stop  chan struct{} // closed to stop it; nil: it cannot be stopped any more
}

// errMakingStopped: the user stopped the making of a key that was needed.
const errMakingStopped = lang.Error("the making of the key was stopped")

// stoppable is randomness that ends when it is not wanted any more, and the
// making of a key with it.
type stoppable struct {
	random io.Reader
	stop   <-chan struct{}
	ctx    context.Context
}

func (s stoppable) Read(b []byte) (int, error) {
	select {
	case <-s.stop:
		return 0, errMakingStopped
	case <-s.ctx.Done():
		return 0, s.ctx.Err()
	default:
		return s.random.Read(b)
	}
}

// generateKey makes the key that the account does not have. It is used only once
// it is kept.
func (p *Plugin) generateKey(a *account) {
	a.state = keyGenerating
	p.makeKey(a, func(key *otr.PrivateKey, err error) {
		if err != nil {
			p.keyHasFailed(a, err)
			return
		}
		p.keepKey(a, key, func(err error) {
			if err != nil {
				p.keyHasFailed(a, err)
				return
			}
			p.keyIsReady(a, key)
		})
	})
}

// makeKey makes a key, which takes from a tenth of a second to several. Nothing
// is changed by it. If it is stopped, or the account has gone, then is not called.
func (p *Plugin) makeKey(a *account, then func(key *otr.PrivateKey, err error)) {
	w := &keyWork{label: lang.F("Please wait: making a private key for %s…", a.id.Bare()), stop: make(chan struct{})}
	a.work = w
	p.updateConfig()
	random, stop := p.rand, w.stop
	var key *otr.PrivateKey
	p.host.Go(func(ctx context.Context) error {
		made, err := otr.GenerateKey(stoppable{random, stop, ctx})
		if err != nil {
			return fmt.Errorf(lang.T("make a private key: %w"), err)
		}
		if ctx.Err() != nil { // nobody is there to take it
			made.Wipe()
			return ctx.Err()
		}
		key = made
		return nil
	}, func(err error) {
		if p.gone(a) || a.work != w {
			wipeKey(key)
			return
		}
		a.work = nil
		then(key, err)
	})
}

// keepKey puts a key into the vault, in place of the one there. With an error,
// which is told, key is wiped; if the account has gone, then is not called.
func (p *Plugin) keepKey(a *account, key *otr.PrivateKey, then func(error)) {
	w := &keyWork{label: lang.F("Saving the private key of %s…", a.id.Bare())}
	a.work = w
	p.updateConfig()
	vault, name, b := p.host.Vault(), vaultName(a.id), key.Marshal()
	p.host.Go(func(ctx context.Context) error {
		defer clear(b)
		return vault.Put(ctx, name, b)
	}, func(err error) {
		if p.gone(a) {
			key.Wipe()
			if a.removed {
				p.deleteKey(a.id)
			}
			return
		}
		a.work = nil
		if err != nil {
			key.Wipe()
		} else {
			p.forgetGrave(a.id) // the old one is replaced
		}
		then(err)
	})
}

// stopMaking stops the making of a key. Of a half-made one nothing is kept.
func (p *Plugin) stopMaking(a *account) {
	if a.work == nil || a.work.stop == nil {
		return
	}
	close(a.work.stop)
	a.work = nil
	if a.state != keyGenerating {
		return // there is another one, which stays
	}
	a.wanted = false
	if p.keyAwaited(a) {
		p.keyHasFailed(a, errMakingStopped)
	} else {
		a.state = keyAbsent
	}
}

// keyAwaited reports that a conversation waits for the account's key.
func (p *Plugin) keyAwaited(a *account) bool {
	for _, c := range p.sortedChats(a.id) {
		if c.held || c.startWhenReady || len(c.pending) > 0 {
			return true
		}
	}
	return false
}
