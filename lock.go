package main

import (
	"context"

	"culver/messenger"
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

// close ends it in the order in which its parts depend on each other.
func (r running) close() (err error) {
	if r.core != nil {
		r.leave()
		err = <-r.ended
		<-r.taught
	}
	if r.opened != nil {
		r.opened.DB.Close()
		r.opened.Vault.Close()
	}
	return err
}

// canLock reports whether a passphrase opens the profile.
func (p *program) canLock() bool {
	kind, err := p.profile.VaultKind()
	return err == nil && kind == storage.Passphrase
}

// locked closes what the messenger that was locked was made from, and asks for the
// passphrase again. It is called when everything is off the screen.
func (p *program) locked() {
	r := p.running
	p.running = running{}
	if p.ctx.Err() != nil { // told to end meanwhile
		p.running = r
		p.quit()
		return
	}
	p.closing.Go(func() {
		r.close()
		p.do(func() { unlock.Again(p.ctx, p.profile, p.front.Ask, p.do, p.unlocked) })
	})
}
