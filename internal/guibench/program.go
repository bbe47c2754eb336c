package main

import (
	"os/exec"
	"syscall"
	"time"

	"culver/internal/benchkit"
	"culver/internal/pilot"
)

// program is one that is measured. What it cannot do ends the run.
type program interface {
	name() string
	// start starts it on a display, and stop ends it.
	start(d *pilot.Display)
	stop()
	// answers waits until it does what it is told, once something is on the screen.
	answers()
	pid() int
}

// starts is how long a program takes from its start until it can be used.
func (b *bench) starts(p program, d *pilot.Display, s *screen) time.Duration {
	began := time.Now()
	p.start(d)
	drawn, err := s.filled(benchkit.Patience)
	if err != nil {
		b.Fatalf("%s: %v", p.name(), err)
	}
	p.answers()
	took := max(drawn.Sub(began), time.Since(began))
	p.stop()
	b.Must(s.empty(benchkit.Patience))
	return took
}

// How long a program is left alone before it is measured, and is watched then.
const (
	rest = 15 * time.Second
	idle = 30 * time.Second
)

// use is what a program takes while nobody does anything.
type use struct {
	memory float64 // bytes
	cpu    float64 // of one processor
	shares []benchkit.Share
}

// watch measures a program that is at rest.
func (b *bench) watch(p program) (u use) {
	<-time.After(rest)
	var err error
	u.memory, err = benchkit.PSS(p.pid())
	b.Must(err)
	u.shares, err = benchkit.Shares(p.pid())
	b.Must(err)
	before, err := benchkit.CPU(p.pid())
	b.Must(err)
	<-time.After(idle)
	after, err := benchkit.CPU(p.pid())
	b.Must(err)
	u.cpu = (after - before).Seconds() / idle.Seconds()
	return u
}

// end ends a program as the system does at its own end.
func (b *bench) end(cmd *exec.Cmd) {
	b.Must(cmd.Process.Signal(syscall.SIGTERM))
	kill := time.AfterFunc(benchkit.Patience, func() { cmd.Process.Kill() })
	defer kill.Stop()
	_ = cmd.Wait() // how it ended is of no interest: it was told to
}
