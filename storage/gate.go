package storage

import (
	"context"
	"sync"
)

// gate lets many in at once, or one alone. Unlike with a sync.RWMutex, who waits
// may give up.
type gate struct {
	mu      sync.Mutex
	inside  int           // -1: one alone
	wanted  int           // how many wait to be alone: nobody else enters before them
	changed chan struct{} // closed when somebody left; nil if nobody waits
}

func (g *gate) enter(ctx context.Context) error { return g.pass(ctx, false) }
func (g *gate) alone(ctx context.Context) error { return g.pass(ctx, true) }

func (g *gate) pass(ctx context.Context, alone bool) error {
	g.mu.Lock()
	if alone {
		g.wanted++
		defer func() {
			g.mu.Lock()
			g.wanted--
			g.tell()
			g.mu.Unlock()
		}()
	}
	for {
		switch {
		case alone && g.inside == 0:
			g.inside = -1
			g.mu.Unlock()
			return nil
		case !alone && g.inside >= 0 && g.wanted == 0:
			g.inside++
			g.mu.Unlock()
			return nil
		}
		if g.changed == nil {
			g.changed = make(chan struct{})
		}
		changed := g.changed
		g.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return doing("wait for the vault", ctx.Err())
		}
		g.mu.Lock()
	}
}

func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.inside < 0 {
		g.inside = 0
	} else {
		g.inside--
	}
	g.tell()
}

// tell wakes those who wait.
func (g *gate) tell() {
	if g.changed != nil {
		close(g.changed)
		g.changed = nil
	}
}
