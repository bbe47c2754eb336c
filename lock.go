package main

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"culver/im"
	"culver/lang"
	"culver/messenger"
	"culver/plugin"
	"culver/storage"
	"culver/unlock"
)

// running is what there is while the profile is open.
type running struct {
	opened *unlock.Opened
	core   *messenger.Messenger
	ended  chan error // what the messenger's Run returned
	leave  context.CancelFunc
	taught chan struct{}
}

// stop ends the messenger.
func (r running) stop() (err error) {
	if r.core != nil {
		r.leave()
		err = <-r.ended
		<-r.taught
	}
	return err
}

// close ends everything in the order in which its parts depend on each other.
func (r running) close() error {
	err := r.stop()
	r.shut()
	return err
}

// shut closes what the messenger was made from.
func (r running) shut() {
	if r.opened != nil {
		r.opened.DB.Close()
		r.opened.Vault.Close()
	}
}

// vaultPatience is how long a vault of our own may take for a secret.
const vaultPatience = 10 * time.Second

// locked closes what the messenger that was locked was made from, and asks for the
// passphrase again. It is called when everything is off the screen.
func (p *program) locked() {
	if p.ctx.Err() != nil { // told to end meanwhile
		p.quit()
		return
	}
	r := p.running
	p.running = running{}
	p.closing.Go(func() {
		r.stop()
		ctx, cancel := context.WithTimeout(p.ctx, vaultPatience)
		defer cancel()
		unsent := r.core.Unsent()
		aside, err := r.opened.Vault.PutAside(ctx, r.core.Carry())
		if r.core.Rescue() {
			r.opened.DB.Close()
			p.vault = r.opened.Vault
		} else {
			r.shut()
		}
		r = running{}
		debug.FreeOSMemory() // what was wiped by nobody is at least given back
		p.do(func() {
			p.aside = aside
			p.tell(lang.T("What was not sent could not be kept while Culver is locked."), err)
			if p.vault != nil {
				p.rescue(nil)
				return
			}
			p.sweep()
			p.opening = unlock.Again(p.ctx, p.profile, unsent && aside != nil, p.front.Ask, p.do, p.unlocked)
		})
	})
}

// rescue leads to the rescue of the database, which is closed: p.vault is not.
func (p *program) rescue(why error) {
	v := p.vault
	p.vault = nil
	p.opening = unlock.Damaged(p.ctx, p.profile, v, why, p.front.Ask, p.do, p.unlocked)
}

// unloaded goes on where the messenger could not be loaded, to which something was to
// be carried over.
func (p *program) unloaded(why error, carried []byte) {
	if !errors.Is(why, storage.ErrDatabaseDamaged) {
		clear(carried)
		p.refuse(why)
		return
	}
	r := p.running
	p.running = running{}
	if carried != nil {
		ctx, cancel := context.WithTimeout(p.ctx, vaultPatience)
		defer cancel()
		var err error
		p.aside, err = r.opened.Vault.PutAside(ctx, carried)
		p.tell(lang.T("What was not sent when Culver was locked could not be kept."), err)
	}
	r.opened.DB.Close()
	p.vault = r.opened.Vault
	p.rescue(why)
}

// sweeps are when the memory is gone through again after a lock: the toolkit takes a
// moment to destroy windows, and keeps what it has drawn for up to two minutes.
var sweeps = [...]time.Duration{time.Second, 10 * time.Second, 150 * time.Second}

// sweep has what nobody refers to any more taken away, until the program is unlocked.
func (p *program) sweep() {
	for _, after := range sweeps {
		p.sweeps = append(p.sweeps, time.AfterFunc(after, debug.FreeOSMemory))
	}
}

func (p *program) stopSweeps() {
	for _, t := range p.sweeps {
		t.Stop()
	}
	p.sweeps = nil
}

// takeUp is what the messenger before carried, nil for nothing.
func (p *program) takeUp() []byte {
	aside := p.aside
	p.aside = nil
	if aside == nil && !p.opened.Vault.UsesPassphrase() {
		return nil // nothing is ever locked there, so no key was left either
	}
	ctx, cancel := context.WithTimeout(p.ctx, vaultPatience)
	defer cancel()
	b, err := p.opened.Vault.TakeAside(ctx, aside)
	if aside != nil {
		p.tell(lang.T("What was not sent when Culver was locked could not be taken up again."), err)
	}
	return b
}

// tell shows what went wrong, if anything.
func (p *program) tell(what string, err error) {
	if err == nil {
		return
	}
	var d plugin.Dialog
	d = p.front.Ask(plugin.Page("Culver", "", []im.Field{{Kind: im.FieldNote, Label: what + " (" + err.Error() + ")"}},
		plugin.Button{ID: "ok", Label: lang.T("OK"), Role: plugin.Default}),
		func(plugin.Answers) { d.Close() })
}
