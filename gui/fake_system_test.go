package gui

import (
	"fmt"
	"time"

	"culver/im"
)

// fakeSystem notes what it is to do.
type fakeSystem struct {
	notes, played []string
	told          []Notification
	tray          *Tray
	badge         int
	unused        time.Duration // of the computer, if it tells
	tells         bool
}

func (s *fakeSystem) Notify(n Notification) {
	s.told = append(s.told, n)
	s.notes = append(s.notes, n.Title+": "+n.Text)
}
func (s *fakeSystem) Withdraw(c im.ConvID) { s.notes = append(s.notes, "not "+c.Peer) }
func (s *fakeSystem) Play(sound string, volume int) {
	s.played = append(s.played, fmt.Sprint(sound, " ", volume))
}
func (s *fakeSystem) ShowTray(t *Tray) { s.tray = t }
func (s *fakeSystem) Badge(n int)      { s.badge = n }

func (s *fakeSystem) Unused() (time.Duration, bool) { return s.unused, s.tells }

// said are the notifications since the last time, and those withdrawn.
func (s *fakeSystem) said() []string {
	out := s.notes
	s.notes = nil
	return out
}

// outside gives a front end a system that is none.
func outside(g *GUI) *fakeSystem {
	s := &fakeSystem{}
	g.SetSystem(s)
	return s
}
