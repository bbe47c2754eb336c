package messenger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
)

// sorter is a plugin that shows texts in the order of their numbers, and what is left
// when a second has passed.
type sorter struct {
	host    plugin.Host
	conv    im.ConvID
	next    int
	waiting map[string]uint64
	tickets uint64
}

var _ plugin.Transformer = (*sorter)(nil)

func (*sorter) Info() plugin.Info          { return plugin.Info{ID: "sort", Name: "Sort", Title: "Sort"} }
func (s *sorter) Init(h plugin.Host) error { s.host = h; return nil }
func (*sorter) Close() error               { return nil }
func (s *sorter) Outgoing(_ im.ConvID, text string) (plugin.Out, error) {
	return plugin.Out{Wire: text}, nil
}
func (s *sorter) Incoming(c im.ConvID, a plugin.Arrival) (plugin.In, error) {
	s.conv = c
	switch n := fmt.Sprint(s.next); {
	case a.Ticket == 0 && a.Wire > n && a.Wire < "a":
		s.tickets++
		s.waiting[a.Wire] = s.tickets
		s.host.After(time.Second, func() { s.ready(c, a.Wire) })
		return plugin.In{Drop: true, Ticket: s.tickets}, nil
	case a.Ticket == 0 && a.Wire == n:
		for s.next++; s.ready(c, fmt.Sprint(s.next)); s.next++ {
		}
	}
	return plugin.In{Text: "line " + a.Wire}, nil
}

func (s *sorter) SigningOff(im.AccountID) {
	for n := range 10 {
		s.ready(s.conv, fmt.Sprint(n))
	}
}

func (s *sorter) ready(c im.ConvID, wire string) bool {
	ticket, ok := s.waiting[wire]
	if ok {
		delete(s.waiting, wire)
		s.host.Ready(c, ticket)
	}
	return ok
}

// What waits for others is shown after them, with all that is known of it, before what
// comes next, and when its plugin says so; a copy of it is not shown.
func TestWhatWaitsForOthersIsShownInItsOrder(t *testing.T) {
	from := im.Addr{Bare: "bob@x", Resource: "desk"}
	alone(t, part(&sorter{next: 1, waiting: map[string]uint64{}}), func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		for _, text := range []string{"3", "2", "3", "1", "4", "7"} {
			s.events <- protocol.Received{From: from, ID: strings.Repeat(text, 24), Body: text}
		}
		synctest.Wait()
		a.M.Open(bob)
		want := []string{"line 1", "line 2", "line 3", "line 4"}
		check := func() {
			t.Helper()
			synctest.Wait()
			a.Until("the conversation", func() bool { return a.Chats[bob] != nil })
			var got []string
			for _, l := range said(a, bob) {
				text, _, _ := strings.Cut(l, " (")
				got = append(got, text)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q, want %q", got, want)
			}
		}
		check()
		<-time.After(2 * time.Second)
		want = append(want, "line 7")
		a.Expect(bob, "line 7")
		check()
	})
}

// Who signs off, or quits, has read what waits.
func TestWhatWaitsForOthersIsShownBeforeTheEnd(t *testing.T) {
	from := im.Addr{Bare: "bob@x", Resource: "desk"}
	for name, leave := range map[string]func(a *scenetest.Actor){
		"signs off": func(a *scenetest.Actor) { a.M.SetPresence(im.Presence{Show: im.Offline}) },
		"quits":     func(a *scenetest.Actor) { a.Quit(); a.Start() },
	} {
		t.Run(name, func(t *testing.T) {
			alone(t, part(&sorter{next: 1, waiting: map[string]uint64{}}), func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
				s := net.online()
				a.UntilOnline()
				for _, text := range []string{"3", "2"} {
					s.events <- protocol.Received{From: from, ID: strings.Repeat(text, 24), Body: text}
				}
				synctest.Wait()
				leave(a)
				a.M.Open(bob)
				a.Expect(bob, "line 2")
				a.Expect(bob, "line 3")
			})
		})
	}
}
