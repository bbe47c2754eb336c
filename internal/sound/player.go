package sound

import (
	"context"
	"time"

	"culver/internal/queue"
)

// Player plays sounds, one at a time. Make it with [NewPlayer].
type Player struct {
	asked *queue.Queue[request]
	out   output
}

type request struct {
	name   string
	volume int
}

// output plays samples, and returns when they were heard, or cannot be.
type output interface {
	play(ctx context.Context, samples []int16)
}

// NewPlayer plays by what the system has. Programs of it get the environment env; dir is
// a folder for files that are gone at once, where a file is needed.
func NewPlayer(env []string, dir string) *Player {
	return &Player{asked: queue.New[request](), out: newOutput(env, dir)}
}

// Play plays the sound of that name, so loud in percent. Without a sound device there is
// none, and while one is being played, no other waits: the last one that was asked for
// meanwhile follows.
func (p *Player) Play(name string, volume int) { p.asked.Put(request{name, volume}) }

// atMost is how long a player may take for a sound of less than a second.
const atMost = 5 * time.Second

// Run plays until End was called, or the context ends.
func (p *Player) Run(ctx context.Context) {
	for {
		batch, ok := p.asked.Take(ctx)
		if !ok {
			return
		}
		r := batch[len(batch)-1]
		if notes := tune(r.name); notes != nil && r.volume > 0 {
			one, cancel := context.WithTimeout(ctx, atMost)
			p.out.play(one, render(notes, r.volume))
			cancel()
		}
	}
}

// End lets Run return.
func (p *Player) End() { p.asked.Close() }
