package messenger_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"culver/im"
	"culver/messenger/scenetest"
)

// A server hands a line over behind later ones, and the connection breaks before that: the
// archive has it, before the last line that came.
func TestWhatWasOvertakenComesOutOfTheArchive(t *testing.T) {
	archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := begin(net, a)
		comes := func(n int) {
			e := net.archive.lines[n]
			e.Late, e.Copy, e.Time = false, false, time.Now()
			s.events <- e
			a.Expect(bob, e.Body)
			<-time.After(20 * time.Second)
		}
		var want []string
		for i := range 8 {
			want = append(want, fmt.Sprint("line ", i))
			net.archive.add(theirs(want[i], time.Now()))
			if i != 5 {
				comes(i)
			}
		}
		s = again(net, a, s)
		if got := onShow(a, bob); !slices.Equal(got, want) {
			t.Errorf("shows %q", got)
		}
		if got := textsOf(onDisk(a, bob)); !slices.Equal(got, want) {
			t.Errorf("keeps %q", got)
		}
		again(net, a, s)
		if got := onShow(a, bob); !slices.Equal(got, want) {
			t.Errorf("shows %q after another session", got)
		}
	})
}

// What was read long ago is not read again.
func TestOnlyTheLastMinutesOfTheArchiveAreReadAgain(t *testing.T) {
	archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := begin(net, a)
		for i := range 100 {
			net.archive.add(theirs(fmt.Sprint("line ", i), time.Now()))
			e := net.archive.lines[i]
			e.Late, e.Copy = false, false
			s.events <- e
			a.Expect(bob, e.Body)
			<-time.After(30 * time.Second)
		}
		<-time.After(time.Hour) // nothing is said: five minutes before the last line are meant
		synctest.Wait()
		net.archive.queries()
		s = again(net, a, s)
		asked := net.archive.queries()
		if len(asked) != 2 || asked[0].After != "arch99" || asked[1].Before != "arch99" || asked[1].After != "" || asked[1].Max > 50 {
			t.Fatalf("asked %+v", asked)
		}
		again(net, a, s)
		if asked = net.archive.queries(); len(asked) != 2 || asked[0].After != "arch99" {
			t.Errorf("asked %+v after that", asked)
		}
	})
}

// What the user deleted does not come back.
func TestWhatWasDeletedStaysSo(t *testing.T) {
	archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := begin(net, a)
		for i := range 3 {
			net.archive.add(theirs(fmt.Sprint("line ", i), time.Now()))
			e := net.archive.lines[i]
			e.Late, e.Copy = false, false
			s.events <- e
			a.Expect(bob, e.Body)
		}
		a.M.EraseLine(bob, a.Chats[bob].Lines.At(1).ID)
		a.Answer("Delete this line?", "delete")
		a.Until("it is gone", func() bool { return a.Chats[bob].Lines.Len() == 2 })
		s = again(net, a, s)
		if got := onShow(a, bob); !slices.Equal(got, []string{"line 0", "line 2"}) {
			t.Fatalf("shows %q", got)
		}
		a.M.ShowErase(im.Range{Conv: bob})
		a.Answer(eraseTitle, "delete")
		a.Until("all is gone", func() bool { return a.Chats[bob].Lines.Len() == 0 })
		if got := onShow(a, bob); len(got) != 0 {
			t.Fatalf("shows %q", got)
		}
		again(net, a, s)
		if got := onShow(a, bob); len(got) != 0 {
			t.Errorf("shows %q again", got)
		}
	})
}
