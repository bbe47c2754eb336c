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
	changed chan struct{} // closed when somebody left; nil if nobody waits
}

func (g *gate) enter(ctx context.Context) error { return g.pass(ctx, false) }
func (g *gate) alone(ctx context.Context) error { return g.pass(ctx, true) }

func (g *gate) pass(ctx context.Context, alone bool) error {
	for {
		g.mu.Lock()
		if g.inside == 0 || g.inside > 0 && !alone {
			if alone {
				g.inside = -1
			} else {
				g.inside++
			}
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
	if g.changed != nil {
		close(g.changed)
		g.changed = nil
	}
}
