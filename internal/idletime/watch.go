package idletime

import (
	"context"
	"sync"
	"time"
)

const (
	every    = 10 * time.Second // that the system is asked
	patience = 2 * time.Second  // for its answer
)

// source tells for how long nobody has used the computer.
type source interface {
	unused() (time.Duration, error)
	close()
}

// Watch knows for how long nobody has used the computer. The zero value knows nothing until
// it is run.
type Watch struct {
	mu    sync.Mutex
	known bool
	last  time.Duration
	at    time.Time
}

// Unused is for how long, and whether the system says so.
func (w *Watch) Unused() (d time.Duration, known bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.known {
		return 0, false
	}
	return w.last + time.Since(w.at), true
}

// Run asks the system now and then, until ctx ends or there is nobody to ask. The
// environment says where.
func (w *Watch) Run(ctx context.Context, env []string) {
	s, err := open(env)
	if err != nil {
		return
	}
	defer s.close()
	defer w.note(0, false)
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		d, err := s.unused()
		if err != nil {
			return
		}
		w.note(d, true)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (w *Watch) note(d time.Duration, known bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last, w.known, w.at = d, known, time.Now()
}
