package messenger_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/protocol"
)

// Lines that were missed come out of the archive, among others that came by themselves
// before and after them: all stand as the archive has them, whatever its clock shows.
func TestWhatWasMissedStandsInItsPlace(t *testing.T) {
	for name, stamp := range map[string]func(time.Time) time.Time{
		"exact":        func(at time.Time) time.Time { return at },
		"seconds only": func(at time.Time) time.Time { return at.Truncate(time.Second) },
		"fast clock":   func(at time.Time) time.Time { return at.Add(40 * time.Second) },
		"slow clock":   func(at time.Time) time.Time { return at.Add(-40 * time.Second) },
	} {
		t.Run(name, func(t *testing.T) {
			archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
				s := begin(net, a)
				n := 0
				kept := func() {
					<-time.After(130 * time.Millisecond)
					e := theirs(fmt.Sprint("line ", n), stamp(time.Now()))
					net.archive.add(e)
					n++
				}
				comes := func() {
					kept()
					e := net.archive.lines[n-1]
					e.Late, e.Copy, e.Time = false, false, time.Now()
					<-time.After(20 * time.Millisecond) // on its way
					synctest.Wait()
					s.events <- e
					a.Expect(bob, e.Body)
				}
				for range 3 {
					comes()
				}
				for range 12 {
					kept()
				}
				net.archive.silent = true
				s = again(net, a, s)
				for range 4 {
					comes()
				}
				net.archive.silent = false
				kept()
				s = again(net, a, s)
				comes()
				var want []string
				for i := range n {
					want = append(want, fmt.Sprint("line ", i))
				}
				if got := onShow(a, bob); !slices.Equal(got, want) {
					t.Errorf("shows %q", got)
				}
				if got := textsOf(onDisk(a, bob)); !slices.Equal(got, want) {
					t.Errorf("keeps %q", got)
				}
			})
		})
	}
}

// A line that was sent again says nothing of where its neighbours stand.
func TestALineThatCameAgainMovesNoOther(t *testing.T) {
	archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := begin(net, a)
		s.events <- theirs("first", time.Now())
		a.Expect(bob, "first")
		for _, text := range []string{"again", "missed"} {
			net.archive.add(theirs(text, time.Now()))
		}
		net.archive.silent = true
		s = again(net, a, s)
		for i, text := range []string{"new", "again"} {
			net.archive.add(theirs(text, time.Now()))
			e := net.archive.lines[2+i]
			if text == "again" {
				e.ID = net.archive.lines[0].ID
				net.archive.lines[3].ID = e.ID
			}
			e.Late, e.Copy = false, false
			s.events <- e
			a.Expect(bob, text)
			<-time.After(time.Minute)
		}
		net.archive.silent = false
		again(net, a, s)
		if got := onShow(a, bob); !slices.Equal(got, []string{"first", "missed", "new", "again"}) {
			t.Errorf("shows %q", got)
		}
	})
}

// What the server kept elsewhere comes late, stamped in whole seconds, and stands where it
// came; what was missed before it comes out of the archive, and stands before it.
func TestWhatWasMissedStandsBeforeWhatCameLate(t *testing.T) {
	archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := begin(net, a)
		second := time.Now().Truncate(time.Second).Add(2 * time.Second)
		<-time.After(time.Until(second) - 100*time.Millisecond)
		n := 0
		kept := func() protocol.Received {
			at := time.Now().Truncate(time.Second)
			if at.After(second) {
				at = second // it all happens within it
			}
			e := theirs(fmt.Sprint("line ", n), at)
			e.Archive = fmt.Sprint("arch", n)
			net.archive.add(e)
			n++
			<-time.After(60 * time.Millisecond)
			return net.archive.lines[n-1]
		}
		comes := func(late bool) {
			e := kept()
			e.Late, e.Copy = late, false
			s.events <- e
			a.Expect(bob, e.Body)
		}
		for range 4 {
			comes(false)
		}
		for range 10 {
			kept()
		}
		net.archive.silent = true
		s = again(net, a, s)
		for range 4 {
			comes(true)
		}
		net.archive.silent = false
		s = again(net, a, s)
		comes(false)
		var want []string
		for i := range n {
			want = append(want, fmt.Sprint("line ", i))
		}
		if got := onShow(a, bob); !slices.Equal(got, want) {
			t.Errorf("shows %q", got)
		}
		if got := textsOf(onDisk(a, bob)); !slices.Equal(got, want) {
			t.Errorf("keeps %q", got)
		}
	})
}
