package otrplugin

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// The private key of a removed account goes out of the vault, which may be locked
// just then. The store notes that it has to go, until it has: it is tried again
// whenever the plugin starts, and before the account's key is read if the account
// is made anew.

const gravePrefix = "removedkey/"

// grave is a key that has to go.
type grave struct {
	running int   // tries under way
	err     error // of one of them
	tell    bool  // the user, if it fails
	told    plugin.Dialog
}

func graveName(id im.AccountID) string { return gravePrefix + string(id) }

func (p *Plugin) loadGraves() error {
	rows, err := p.host.Store().List(gravePrefix)
	if err != nil {
		return fmt.Errorf(lang.T("read the removed keys: %w"), err)
	}
	for name := range rows {
		id := im.AccountID(strings.TrimPrefix(name, gravePrefix))
		p.graves[id] = &grave{}
		p.bury(id)
	}
	return nil
}

// deleteKey takes the key of a removed account out of the vault. If it can't be
// noted that it has to go, it is tried in this run only.
func (p *Plugin) deleteKey(id im.AccountID) {
	p.host.Store().Put(graveName(id), []byte("1"))
	if p.graves[id] == nil {
		p.graves[id] = &grave{}
	}
	p.graves[id].tell = true
	p.bury(id)
}

// bury tries it. An account that waits for it goes on after the last try.
func (p *Plugin) bury(id im.AccountID) {
	g := p.graves[id]
	g.running++
	vault, name := p.host.Vault(), vaultName(id)
	p.host.Go(func(ctx context.Context) error { return vault.Delete(ctx, name) }, func(err error) {
		g.running--
		g.err = errors.Join(g.err, err)
		if p.closed || g.running > 0 || p.graves[id] != g {
			return
		}
		err, g.err = g.err, nil
		if err == nil {
			p.forgetGrave(id)
		} else if g.tell && !errors.Is(err, context.Canceled) {
			g.tell = false
			p.tellKeyStays(id, g, err)
		}
		a := p.accounts[id]
		switch {
		case a == nil || a.state != keyLoading:
		case err != nil:
			p.keyHasFailed(a, fmt.Errorf(lang.T("the key of the account that you removed is still there: %w"), err))
		default:
			p.loadKey(a)
		}
	})
}

func (p *Plugin) forgetGrave(id im.AccountID) {
	g := p.graves[id]
	if g == nil {
		return
	}
	g.close()
	delete(p.graves, id)
	p.host.Store().Delete(graveName(id)) // else it is tried once more, which does no harm before a key is read
}

func (p *Plugin) tellKeyStays(id im.AccountID, g *grave, err error) {
	text := together(lang.F("The private key of %s could not be deleted: %s", id.Bare(), inWords(err)),
		lang.T("It is still in the keyring. Culver tries again when it starts the next time; unlock the keyring before."))
	form := plugin.Page(lang.T("A private key is still there"), "", []im.Field{note(text)}, closeButton())
	form.Quiet = true
	g.close()
	g.told = p.host.Ask(im.ConvID{}, form, func(plugin.Answers) { g.close() })
}

// close takes away what the user was told.
func (g *grave) close() {
	if g.told != nil {
		g.told.Close()
		g.told = nil
	}
}
