package messenger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"culver/buddylist"
	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
)

// archived plays alice, at whose server there is an archive.
func archived(t *testing.T, part scenetest.Part, f func(net *fakenet, a *scenetest.Actor, bob im.ConvID)) {
	if part.Plugins == nil {
		part.Plugins = noPlugins
	}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.archive = &fakeArchive{}
		f(net, a, bob)
	})
}

// begin brings a new session up, with bob on the list, and lets it read.
func begin(net *fakenet, a *scenetest.Actor) *fakeSession {
	s := net.online()
	s.events <- protocol.Roster{Buddies: []im.Buddy{{Bare: "bob@x", Subscription: im.SubscriptionBoth}}}
	s.events <- protocol.ArchiveFound{}
	a.UntilOnline()
	settle()
	a.Until("what happened", func() bool { return true })
	return s
}

// settle lets everything happen that is under way, and pass what has to pass.
func settle() {
	<-time.After(time.Minute)
	synctest.Wait()
}

// again loses the connection, and brings another one up.
func again(net *fakenet, a *scenetest.Actor, s *fakeSession) *fakeSession {
	s.ended <- &protocol.Failure{Cause: protocol.Lost, Text: "The connection was lost."}
	synctest.Wait()
	a.M.Reconnect(a.Self)
	return begin(net, a)
}

// history is what the disk has of a conversation.
func onDisk(a *scenetest.Actor, c im.ConvID) (all []im.Message) {
	found := scenetest.Answered[messenger.LinesFound](a, a.M.PastLines(messenger.LinesQuery{Conv: c, Count: 1000}))
	return found.Lines
}

func textsOf(lines []im.Message) (all []string) {
	for _, m := range lines {
		all = append(all, m.Text.String())
	}
	return all
}

func onShow(a *scenetest.Actor, c im.ConvID) []string {
	a.Until("what happened", func() bool { return true })
	if a.Chats[c] == nil {
		return nil
	}
	return textsOf(a.Chats[c].Lines.Lines(0))
}

func unread(a *scenetest.Actor, c im.ConvID) int {
	a.Until("what happened", func() bool { return true })
	for _, e := range a.List.Events() {
		if u, ok := e.(buddylist.Unread); ok && u.Conv == c {
			return u.Count
		}
	}
	return 0
}

func TestANewDeviceGetsTheLastOfTheArchiveQuietly(t *testing.T) {
	archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		start := time.Now().Add(-40 * 24 * time.Hour)
		net.archive.add(theirs("forty days old", start))
		for i := range 400 {
			net.archive.add(theirs(fmt.Sprint("line ", i), start.Add(20*24*time.Hour+time.Duration(i)*time.Minute)))
		}
		s := begin(net, a)
		lines := onDisk(a, bob)
		if len(lines) != 300 || lines[0].Text.String() != "line 100" || lines[299].Text.String() != "line 399" {
			t.Fatalf("%d lines: %q", len(lines), textsOf(lines))
		}
		if l := lines[299]; l.Origin != "origin of arch400" || l.Archive != "arch400" || !l.Time.Equal(net.archive.lines[400].Time) || l.Out || l.State != im.Done {
			t.Errorf("%+v", l)
		}
		if unread(a, bob) != 0 || a.Chats[bob] != nil {
			t.Error("a window was opened for what was read long ago")
		}
		if got := s.bodies(); len(got) != 0 {
			t.Errorf("sent %q", got)
		}
		net.archive.queries()
		// From here on, only what is new; also for a program that was started anew.
		net.archive.add(theirs("new", time.Now()))
		s.ended <- &protocol.Failure{Cause: protocol.Lost, Text: "lost"}
		synctest.Wait()
		a.Quit()
		a.Start()
		begin(net, a)
		if q := net.archive.queries(); len(q) != 1 || q[0].After != "arch400" || q[0].Peer != "" || q[0].From.IsZero() {
			t.Errorf("asked %+v", q)
		}
		if unread(a, bob) != 1 || !slices.Contains(onShow(a, bob), "new") || len(onDisk(a, bob)) != 301 {
			t.Errorf("%d unread of %q", unread(a, bob), onShow(a, bob))
		}
	})
}

// What was missed is shown in order, and counted up to where another device answered.
func TestCatchingUp(t *testing.T) {
	archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := begin(net, a)
		t0 := time.Now()
		for i := range 120 {
			net.archive.add(theirs(fmt.Sprint("missed ", i), t0.Add(time.Duration(i)*time.Second)))
		}
		net.archive.add(ours("answered on the phone", t0.Add(121*time.Second)), theirs("and then", t0.Add(122*time.Second)), theirs("at last", t0.Add(123*time.Second)))
		<-time.After(5 * time.Minute)
		s = again(net, a, s)
		want := append(slices.Repeat([]string{""}, 120), "answered on the phone", "and then", "at last")
		for i := range 120 {
			want[i] = fmt.Sprint("missed ", i)
		}
		if got := onShow(a, bob); !slices.Equal(got, want) {
			t.Errorf("shows %q", got)
		}
		if got := textsOf(onDisk(a, bob)); !slices.Equal(got, want) {
			t.Errorf("keeps %q", got)
		}
		if n := unread(a, bob); n != 2 {
			t.Errorf("%d unread", n)
		}
		own := a.Chats[bob].Lines.At(120)
		if !own.Out || own.State != im.Done || own.From.Resource != "phone" || own.Late {
			t.Errorf("%+v", own)
		}
		a.M.Retry(bob, own.ID)
		a.M.Edit(bob, own.ID)
		settle()
		if got := s.bodies(); len(got) != 0 {
			t.Errorf("sent %q", got)
		}
		again(net, a, s)
		if got := onShow(a, bob); !slices.Equal(got, want) {
			t.Errorf("shows %q the second time", got)
		}
	})
}

// What came by itself is not shown again, and moves the mark; what is dated wrongly in
// the local history does not matter.
func TestWhatCameByItselfIsNotShownTwice(t *testing.T) {
	archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := begin(net, a)
		say := func(id, archive, body string) {
			e := theirs(body, time.Now())
			e.ID, e.Archive = id, archive
			net.archive.add(e)
			s.events <- e
		}
		say("a", "arch0", "known by both")
		say("b", "", "known by its name")
		say("", "", "known by nothing")
		net.archive.lines[2].ID = ""
		settle()
		net.archive.queries()
		net.archive.add(theirs("new", time.Now()))
		s = again(net, a, s)
		want := []string{"known by both", "known by its name", "known by nothing", "new"}
		if got := onShow(a, bob); !slices.Equal(got, want) {
			t.Errorf("shows %q", got)
		}
		if q := net.archive.queries(); len(q) != 2 || q[0].After != "arch0" || q[1].Before != "arch0" {
			t.Errorf("asked %+v", q)
		}
		for _, m := range a.Chats[bob].Lines.Lines(0) {
			if m.Archive == "" && m.Text.String() == "new" {
				t.Errorf("%+v", m)
			}
		}
		for i, m := range onDisk(a, bob) {
			if m.Archive != fmt.Sprint("arch", i) {
				t.Errorf("line %d is in the archive as %q", i, m.Archive)
			}
		}
		_ = s
	})
}

// A sender whose program uses the same names again says two things.
func TestTheSameNameTwice(t *testing.T) {
	archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := begin(net, a)
		for i, body := range []string{"one", "two", "two"} {
			e := theirs(body, time.Now().Add(time.Duration(i)*time.Second))
			e.ID = "1"
			net.archive.add(e)
		}
		again(net, a, s)
		if got := onShow(a, bob); !slices.Equal(got, []string{"one", "two"}) {
			t.Errorf("shows %q", got)
		}
	})
}

// A mark that the archive does not know any more is found by its time: with servers
// that say so, and with those that begin at the beginning.
func TestAMarkThatIsGone(t *testing.T) {
	for _, lenient := range []bool{false, true} {
		archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
			net.archive.lenient = lenient
			old := time.Now().Add(-2 * 24 * time.Hour)
			for i := range 60 {
				net.archive.add(theirs(fmt.Sprint("old ", i), old.Add(time.Duration(i)*time.Second)))
			}
			net.archive.add(theirs("last", time.Now()))
			s := begin(net, a)
			net.archive.queries()
			for i := range net.archive.lines { // they have other IDs now
				net.archive.lines[i].Archive = fmt.Sprint("moved", i)
			}
			for i := range 70 {
				net.archive.add(theirs(fmt.Sprint("new ", i), time.Now().Add(time.Duration(i)*time.Millisecond)))
			}
			again(net, a, s)
			got := onShow(a, bob)
			if len(got) != 131 || got[61] != "new 0" || got[130] != "new 69" {
				t.Errorf("lenient: %v: shows %d lines, %q", lenient, len(got), got)
			}
			if n := unread(a, bob); n != 70 {
				t.Errorf("lenient: %v: %d unread", lenient, n)
			}
			for _, q := range net.archive.queries() {
				if q.From.IsZero() || q.Newest && q.Before == "" {
					t.Errorf("asked for everything: %+v", q)
				}
			}
		})
	}
}

// An archive without an end, one that repeats itself, one that fails, and one that says
// nothing: it is left at some point, and everything else goes on.
func TestHostileArchives(t *testing.T) {
	for name, spoil := range map[string]func(*fakeArchive){
		"endless": func(a *fakeArchive) { a.endless = true },
		"failing": func(a *fakeArchive) { a.failing = true },
		"silent":  func(a *fakeArchive) { a.silent = true },
	} {
		t.Run(name, func(t *testing.T) {
			archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
				s := begin(net, a)
				net.archive.queries()
				spoil(net.archive)
				s = again(net, a, s)
				<-time.After(time.Hour)
				synctest.Wait()
				if n := len(net.archive.queries()); n == 0 || n > 100 {
					t.Errorf("asked %d times", n)
				}
				s.events <- theirs("hello", time.Now())
				a.Expect(bob, "hello")
				a.M.LoadOlder(bob)
				settle()
				a.M.Send(bob, "hi", im.Open)
				a.ExpectState(bob, im.Done)
			})
		})
	}
}

// An archive that fails for a while is asked again in the same session, later each time.
func TestAnArchiveThatFailsForAWhile(t *testing.T) {
	archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := begin(net, a)
		net.archive.failing = true
		again(net, a, s)
		<-time.After(5 * time.Minute)
		synctest.Wait()
		if n := len(net.archive.queries()); n < 2 || n > 5 {
			t.Errorf("asked %d times", n)
		}
		net.archive.mu.Lock()
		net.archive.failing = false
		net.archive.mu.Unlock()
		net.archive.add(theirs("missed", time.Now()))
		<-time.After(10 * time.Minute)
		synctest.Wait()
		if got := onShow(a, bob); !slices.Equal(got, []string{"missed"}) {
			t.Errorf("shows %q", got)
		}
		net.archive.queries()
		<-time.After(24 * time.Hour)
		synctest.Wait()
		if n := len(net.archive.queries()); n != 0 {
			t.Errorf("asked %d times more", n)
		}
	})
}

// Pages that nobody asked for are nothing.
func TestPagesThatNobodyAskedFor(t *testing.T) {
	archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := begin(net, a)
		for _, id := range []string{"", "x"} {
			s.events <- protocol.ArchivePage{Query: id, Lines: []protocol.Received{theirs("forged", time.Now())}, First: "1", Last: "1", At: time.Now()}
		}
		settle()
		a.M.Open(bob)
		settle()
		if got := onShow(a, bob); len(got) != 0 {
			t.Errorf("shows %q", got)
		}
	})
}

// That the archive has a line says nothing of its correction; that it has the correction
// does, also after a restart.
func TestACorrectionIsNotTheLineThatItCorrects(t *testing.T) {
	archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := begin(net, a)
		id := a.M.Send(bob, "frist", im.Open)
		a.ExpectState(bob, im.Done)
		net.silent = true
		a.M.Correct(bob, id, "first", im.Open)
		a.ExpectState(bob, im.Sending)
		synctest.Wait()
		correction := s.last()
		e := ours("frist", time.Now())
		e.ID = id
		net.archive.add(e)
		s = again(net, a, s)
		if m := a.ExpectState(bob, im.Failed); m.Text.String() != "first" {
			t.Errorf("%+v", m)
		}
		if m := onDisk(a, bob)[0]; m.State != im.Failed || m.Archive != "arch0" {
			t.Errorf("the history has %+v", m)
		}
		e = ours("first", time.Now())
		e.ID, e.Replaces = correction.ID, id
		net.archive.add(e)
		s.ended <- &protocol.Failure{Cause: protocol.Lost, Text: "lost"}
		synctest.Wait()
		a.Quit()
		a.Start()
		a.M.Open(bob)
		begin(net, a)
		if m := a.ExpectState(bob, im.Done); m.Text.String() != "first" || m.Reason != "" {
			t.Errorf("%+v", m)
		}
		if m := onDisk(a, bob)[0]; m.State != im.Done {
			t.Errorf("the history has %+v", m)
		}
	})
}

// Lines of ours whose fate was unknown are in the archive: they have left.
func TestLinesThatTheArchiveHasHaveLeft(t *testing.T) {
	archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.silent = true
		s := begin(net, a)
		arrived := a.M.Send(bob, "arrived", im.Open)
		lost := a.M.Send(bob, "lost", im.Open)
		a.Until("both", func() bool { return len(s.bodies()) == 2 })
		e := ours("arrived", time.Now())
		e.ID = arrived
		net.archive.add(e)
		again(net, a, s)
		line := func(id string) im.Message {
			m, _ := a.Chats[bob].Lines.Find(id)
			return m
		}
		if m := line(arrived); m.State != im.Done || m.Reason != "" || m.Archive != "arch0" {
			t.Errorf("%+v", m)
		}
		if m := line(lost); m.State != im.Failed {
			t.Errorf("%+v", m)
		}
		if got := onShow(a, bob); !slices.Equal(got, []string{"arrived", "lost"}) {
			t.Errorf("shows %q", got)
		}
		for _, m := range onDisk(a, bob) {
			if m.ID == arrived && (m.State != im.Done || m.Archive != "arch0") {
				t.Errorf("the history has %+v", m)
			}
		}
	})
}

// A device of the peer's confirmed a line while nobody was there to hear it.
func TestConfirmationsInTheArchive(t *testing.T) {
	archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := begin(net, a)
		line := a.M.Send(bob, "hello", im.Open)
		a.ExpectState(bob, im.Done)
		net.archive.delivered = []protocol.Delivered{{From: im.Addr{Bare: "mallory@x"}, ID: line}}
		s = again(net, a, s)
		a.ExpectState(bob, im.Done)
		net.archive.delivered = []protocol.Delivered{{From: im.Addr{Bare: "bob@x", Resource: "desk"}, ID: line}}
		again(net, a, s)
		a.ExpectState(bob, im.Delivered)
	})
}

// What is not to be kept is shown, and not kept.
func TestTheArchiveDoesNotGetAroundLogging(t *testing.T) {
	archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		a.M.SetLogging(bob, false)
		settle()
		net.archive.add(theirs("canary of long ago", time.Now().Add(-50*24*time.Hour)))
		s := begin(net, a)
		net.archive.add(theirs("canary", time.Now()), ours("canary of ours", time.Now()))
		again(net, a, s)
		if got := onShow(a, bob); !slices.Equal(got, []string{"canary", "canary of ours"}) {
			t.Errorf("shows %q", got)
		}
		a.M.LoadOlder(bob)
		settle()
		a.Until("the older one", func() bool {
			return slices.Equal(onShow(a, bob), []string{"canary of long ago", "canary", "canary of ours"})
		})
		if got := onDisk(a, bob); len(got) != 0 {
			t.Errorf("keeps %q", textsOf(got))
		}
	})
}

// Going up beyond the history of this device.
func TestOlderLinesComeFromTheArchive(t *testing.T) {
	archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		start := time.Now().Add(-100 * 24 * time.Hour)
		for i := range 130 {
			e := theirs(fmt.Sprint("line ", i), start.Add(time.Duration(i)*time.Hour))
			if i%10 == 0 {
				e = ours(e.Body, e.Time)
			}
			net.archive.add(e)
			net.archive.add(protocol.Received{From: im.Addr{Bare: "carol@x"}, To: im.Addr{Bare: "alice@x"}, Body: "of somebody else", Time: e.Time})
		}
		s := begin(net, a)
		s.events <- theirs("now", time.Now())
		a.Expect(bob, "now")
		for page := 1; a.Chats[bob].Older; page++ {
			a.M.LoadOlder(bob)
			a.Until("a page", func() bool { return a.Chats[bob].Pages >= page })
			if page > 10 {
				t.Fatalf("no end: %q", onShow(a, bob))
			}
		}
		got := onShow(a, bob)
		if len(got) != 131 || got[0] != "line 0" || got[129] != "line 129" {
			t.Errorf("%d lines: %q", len(got), got)
		}
		if kept := textsOf(onDisk(a, bob)); !slices.Equal(kept, got) {
			t.Errorf("keeps %q", kept)
		}
		first := a.Chats[bob].Lines.At(0)
		if !first.Out || !first.Time.Equal(start) || first.Late {
			t.Errorf("%+v", first)
		}
		if n := unread(a, bob); n != 1 {
			t.Errorf("%d unread", n)
		}
		asked := len(net.archive.queries())
		a.M.LoadOlder(bob)
		settle()
		if n := len(net.archive.queries()); n != 0 {
			t.Errorf("after %d questions and the end, %d more", asked, n)
		}
		// After the program was started anew all of it is there, and the end is found again.
		a.Quit()
		a.Start()
		begin(net, a)
		a.M.Open(bob)
		a.Until("the end", func() bool {
			if c := a.Chats[bob]; c == nil || c.Older {
				a.M.LoadOlder(bob)
				settle()
				return false
			}
			return true
		})
		if again := onShow(a, bob); !slices.Equal(again, got) {
			t.Errorf("after a restart: %q", again)
		}
	})
}

// The connection is lost, or the server says nothing, while older lines are waited for.
func TestOlderLinesThatDoNotCome(t *testing.T) {
	archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.archive.add(theirs("old", time.Now().Add(-50*24*time.Hour)))
		s := begin(net, a)
		a.M.Open(bob)
		settle()
		net.archive.silent = true
		pages := func() int { a.Until("it", func() bool { return true }); return a.Chats[bob].Pages }
		before := pages()
		a.M.LoadOlder(bob)
		settle()
		if pages() != before+1 || !a.Chats[bob].Older {
			t.Error("nobody was told that nothing came")
		}
		a.M.LoadOlder(bob)
		synctest.Wait()
		s.ended <- &protocol.Failure{Cause: protocol.Lost, Text: "lost"}
		synctest.Wait()
		if pages() < before+2 {
			t.Error("nobody was told that nothing comes")
		}
		net.archive.silent = false
		a.M.Reconnect(a.Self)
		begin(net, a)
		a.M.LoadOlder(bob)
		a.Until("the line", func() bool { return slices.Equal(onShow(a, bob), []string{"old"}) })
	})
}

// A line that was typed before others that come late stands after them.
func TestLateLinesTakeTheirPlace(t *testing.T) {
	archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := begin(net, a)
		s.events <- theirs("first", time.Now())
		a.Expect(bob, "first")
		a.M.SetPresence(im.Presence{Show: im.Offline})
		settle()
		net.archive.add(theirs("missed", time.Now()))
		settle()
		a.M.Send(bob, "typed offline", im.Open)
		settle()
		a.M.SetPresence(im.Presence{Show: im.Available})
		begin(net, a)
		want := []string{"first", "missed", "typed offline"}
		if got := onShow(a, bob); !slices.Equal(got, want) {
			t.Errorf("shows %q", got)
		}
		if got := textsOf(onDisk(a, bob)); !slices.Equal(got, want) {
			t.Errorf("keeps %q", got)
		}
	})
}

// Strangers fill no Buddy List by way of the archive, and a new device takes nothing of
// them but what the user answered.
func TestStrangersInTheArchive(t *testing.T) {
	archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		spam := func(i int) protocol.Received {
			return protocol.Received{From: im.Addr{Bare: fmt.Sprintf("s%d@evil", i)}, To: im.Addr{Bare: "alice@x"}, Body: "spam", Time: time.Now()}
		}
		for i := range 40 {
			net.archive.add(spam(i))
		}
		net.archive.add(protocol.Received{From: im.Addr{Bare: "alice@x"}, To: im.Addr{Bare: "s7@evil"}, Own: true, Body: "who are you?", Time: time.Now()})
		s := begin(net, a)
		stranger := func(i int) im.ConvID { return im.ConvID{Account: a.Self, Peer: fmt.Sprintf("s%d@evil", i)} }
		if got := textsOf(onDisk(a, stranger(7))); !slices.Equal(got, []string{"spam", "who are you?"}) {
			t.Errorf("keeps %q", got)
		}
		if got := onDisk(a, stranger(8)); len(got) != 0 {
			t.Errorf("keeps %q", textsOf(got))
		}
		for i := range 300 {
			net.archive.add(spam(1000 + i))
		}
		again(net, a, s)
		if n := len(a.Chats); n > 101 {
			t.Errorf("%d conversations", n)
		}
	})
}

// tattle is a plugin with transformers, which must not see copies.
type tattle struct {
	seen []string
	host plugin.Host
}

func (*tattle) Info() plugin.Info          { return plugin.Info{ID: "tattle", Name: "Tattle", Title: "Tattle"} }
func (p *tattle) Init(h plugin.Host) error { p.host = h; return nil }
func (*tattle) Close() error               { return nil }
func (p *tattle) Outgoing(_ im.ConvID, text string) (plugin.Out, error) {
	return plugin.Out{Wire: text}, nil
}
func (p *tattle) Incoming(_ im.ConvID, a plugin.Arrival) (plugin.In, error) {
	p.seen = append(p.seen, a.Wire)
	return plugin.In{Text: a.Wire}, nil
}
func (p *tattle) Overheard(wire string) (string, bool) {
	if wire == "panic" {
		panic("overheard")
	}
	text, cut := strings.CutSuffix(wire, "~offer")
	return text, !cut && strings.HasPrefix(wire, "sealed")
}

// Sealed copies are not read, whichever way they come: no transformer gets them, and
// nothing is sent. Of a live one, a conversation on show says so, once.
func TestSealedCopiesAreNotRead(t *testing.T) {
	p := &tattle{}
	archived(t, scenetest.Part{Plugins: func() []plugin.Plugin { return []plugin.Plugin{p} }}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.archive.add(theirs("sealed and old", time.Now().Add(-time.Hour)))
		s := begin(net, a)
		live := func(e protocol.Received) {
			e.Copy, e.ID = true, fmt.Sprint("live ", time.Now().UnixNano())
			s.events <- e
			synctest.Wait()
		}
		live(theirs("sealed", time.Now()))
		if unread(a, bob) != 0 || a.Chats[bob] != nil {
			t.Error("a window was opened for what cannot be read")
		}
		a.M.Open(bob)
		settle()
		for range 3 {
			live(theirs("sealed", time.Now()))
			live(ours("sealed", time.Now()))
			live(theirs("panic", time.Now()))
		}
		live(theirs("readable~offer", time.Now()))
		live(theirs("sealed", time.Now()))
		unread(a, bob)
		got := onShow(a, bob)
		if len(got) != 3 || !strings.Contains(got[0], "Another device of yours") || got[1] != "readable" || got[2] != got[0] {
			t.Errorf("shows %q", got)
		}
		net.archive.add(theirs("sealed", time.Now()), ours("sealed", time.Now()), theirs("readable in the archive", time.Now()))
		s = again(net, a, s)
		if got := onShow(a, bob); len(got) != 4 || got[3] != "readable in the archive" {
			t.Errorf("shows %q", got)
		}
		a.M.LoadOlder(bob)
		settle()
		if len(p.seen) != 0 {
			t.Errorf("a transformer got %q", p.seen)
		}
		if got := s.bodies(); len(got) != 0 {
			t.Errorf("sent %q", got)
		}
		if got := textsOf(onDisk(a, bob)); slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "sealed") }) {
			t.Errorf("keeps %q", got)
		}
	})
}

// The same with OTR: a query, an offer, a key exchange and data in copies begin nothing.
func TestCopiesOfOTRBeginNothing(t *testing.T) {
	alone(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.archive = &fakeArchive{}
		s := begin(net, a)
		a.M.Open(bob)
		for _, body := range []string{"?OTRv3?", "?OTR:AAMCAAAAAQ.", "?OTR:AAMDcanary.", "?OTR Error: canary", "hi \t  \t\t\t\t \t \t \t    \t\t  \t\t"} {
			for _, e := range []protocol.Received{theirs(body, time.Now()), ours(body, time.Now())} {
				e.Copy = true
				s.events <- e
				net.archive.add(e)
			}
		}
		s = again(net, a, s)
		if got := s.bodies(); len(got) != 0 {
			t.Errorf("sent %q", got)
		}
		for _, text := range onShow(a, bob) {
			if strings.Contains(text, "?OTR") || strings.Contains(text, "\t") {
				t.Errorf("shows %q", text)
			}
		}
	})
}

// What other devices got and sent, as it happens.
func TestLiveCopies(t *testing.T) {
	archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := begin(net, a)
		live := func(e protocol.Received) {
			e.Copy, e.ID = true, e.Body
			s.events <- e
		}
		live(theirs("to the phone", time.Now()))
		a.Expect(bob, "to the phone")
		a.Until("that it is counted", func() bool { return unread(a, bob) == 1 })
		live(ours("from the phone", time.Now()))
		a.Until("our line", func() bool { return slices.Contains(onShow(a, bob), "from the phone") })
		a.Until("that it is answered", func() bool { return unread(a, bob) == 0 })
		live(ours("from the phone", time.Now())) // once more
		settle()
		if got := onShow(a, bob); !slices.Equal(got, []string{"to the phone", "from the phone"}) {
			t.Errorf("shows %q", got)
		}
		a.M.Send(bob, "from here", im.Open)
		settle()
		if got := s.bodies(); !slices.Equal(got, []string{"from here"}) || s.wire[0].To.Resource != "" {
			t.Errorf("sent %+v", s.wire)
		}
		// A new conversation begins with what was said.
		carol := im.ConvID{Account: a.Self, Peer: "carol@x"}
		s.events <- protocol.Received{From: im.Addr{Bare: "alice@x", Resource: "phone"}, To: im.Addr{Bare: "carol@x"}, Own: true, Copy: true, Body: "hello carol", Time: time.Now()}
		settle()
		if unread(a, carol) != 0 || a.Chats[carol] != nil {
			t.Error("a window was opened for what the user wrote elsewhere")
		}
		a.M.Open(carol)
		a.Until("the line", func() bool { return slices.Equal(onShow(a, carol), []string{"hello carol"}) })
	})
}

// jealous is a plugin that wants everything to be private.
type jealous struct{ tattle }

func (*jealous) Required(im.ConvID) bool { return true }
func (*jealous) Unlogged(im.ConvID) bool { return false }

// A server that can send copies cannot pass plain words off where all is private.
// What the user is said to have written on another device, too, may be anybody's words.
func TestPlainCopiesOfOursAreToldWhereAllIsPrivate(t *testing.T) {
	p := &jealous{}
	archived(t, scenetest.Part{Plugins: func() []plugin.Plugin { return []plugin.Plugin{p} }}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := begin(net, a)
		line := theirs("not my words", time.Now())
		line.From, line.To, line.Own, line.Copy = im.Addr{Bare: "alice@x", Resource: "other"}, im.Addr{Bare: "bob@x"}, true, true
		a.M.Open(bob)
		a.Until("the conversation", func() bool { return a.Chats[bob] != nil })
		s.events <- line
		a.Until("it", func() bool { return a.Chats[bob] != nil && a.Chats[bob].Lines.Len() > 1 })
		lines := a.Chats[bob].Lines.Lines(0)
		if lines[0].Kind != im.Alarm || !strings.Contains(lines[0].Text.String(), "NOT encrypted") || !lines[1].Out {
			t.Errorf("shows %q", textsOf(lines))
		}
	})
}

func TestPlainCopiesAreToldWhereAllIsPrivate(t *testing.T) {
	p := &jealous{}
	archived(t, scenetest.Part{Plugins: func() []plugin.Plugin { return []plugin.Plugin{p} }}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := begin(net, a)
		net.archive.add(theirs("one", time.Now()), theirs("two", time.Now()))
		again(net, a, s)
		lines := a.Chats[bob].Lines.Lines(0)
		if len(lines) != 3 || lines[0].Kind != im.Alarm || !strings.Contains(lines[0].Text.String(), "NOT encrypted") || lines[1].Text.String() != "one" {
			t.Errorf("shows %q", textsOf(lines))
		}
	})
}

// Corrections in copies and in the archive are corrections: bound to who said it.
func TestCorrectionsInCopies(t *testing.T) {
	archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		name := func(e protocol.Received, id, replaces string) protocol.Received {
			e.ID, e.Replaces, e.Copy = id, replaces, true
			return e
		}
		s := begin(net, a)
		s.events <- name(theirs("helo", time.Now()), "t1", "")
		s.events <- name(ours("god day", time.Now()), "o1", "")
		s.events <- name(theirs("hello", time.Now()), "t2", "t1")
		s.events <- name(ours("good day", time.Now()), "o2", "o1")
		s.events <- name(theirs("forged", time.Now()), "t3", "o1")
		settle()
		want := []string{"hello", "good day", "forged"}
		if got := onShow(a, bob); !slices.Equal(got, want) {
			t.Errorf("shows %q", got)
		}
		net.archive.add(name(theirs("helo", time.Now()), "t1", ""), name(theirs("hello", time.Now()), "t2", "t1"), // again
			name(theirs("hello, you", time.Now()), "t4", "t1"), name(theirs("nwe", time.Now()), "t5", ""), name(theirs("new", time.Now()), "t6", "t5"))
		again(net, a, s)
		want = []string{"hello, you", "good day", "forged", "new"}
		if got := onShow(a, bob); !slices.Equal(got, want) {
			t.Errorf("shows %q", got)
		}
		if got := textsOf(onDisk(a, bob)); !slices.Equal(got, want) {
			t.Errorf("keeps %q", got)
		}
	})
}

func TestErasingTellsOfTheServersCopies(t *testing.T) {
	archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		net.archive.add(theirs("hello", time.Now().Add(-time.Hour)))
		begin(net, a)
		a.M.ShowErase(im.Range{Conv: bob})
		a.Reads("Delete from the history?", "copies of its own")
	})
}
