package sound

import (
	"context"
	"testing"

	"culver/internal/queue"
)

// slow notes what it is to play, and takes until it is told to go on.
type slow struct {
	played chan int
	on     chan struct{}
}

func (s slow) play(_ context.Context, samples []int16) {
	s.played <- len(samples)
	<-s.on
}

// Of many sounds at once, one follows the one that is being played.
func TestSoundsDoNotPileUp(t *testing.T) {
	out := slow{make(chan int), make(chan struct{})}
	p := &Player{asked: queue.New[request](), out: out}
	ended := make(chan struct{})
	go func() { defer close(ended); p.Run(context.Background()) }()
	p.Play("room", 50)
	<-out.played
	for range 10 {
		p.Play("began", 50)
		p.Play("sent", 50)
	}
	out.on <- struct{}{}
	if n := <-out.played; n != len(render(tune("sent"), 50)) {
		t.Errorf("%d samples", n)
	}
	out.on <- struct{}{}
	p.Play("nothing", 50)
	p.Play("sent", 0)
	p.End()
	<-ended
}
