package messenger_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/storage"
)

// long ago, and the line of that number then.
var longAgo = time.Date(1999, 3, 5, 10, 0, 0, 0, time.UTC)

func pastLine(c im.ConvID, n int) im.Message {
	return im.Message{ID: fmt.Sprintf("line%04d", n), Conv: c, From: im.Addr{Bare: c.Peer}, Text: im.Plain(fmt.Sprint("said ", n)),
		Time: longAgo.Add(time.Duration(n) * time.Minute)}
}

// remembering is a messenger alone, whose history has so many lines with bob, one a
// minute.
func remembering(t *testing.T, lines int, f func(net *fakenet, a *scenetest.Actor, bob im.ConvID, d *diary)) {
	d := &diary{Memory: storage.NewMemory()}
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(d, func(id string) plugin.Store { return d.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		var all []im.Message
		for n := range lines {
			all = append(all, pastLine(bob, n))
		}
		if _, err := d.Memory.Import(all); err != nil {
			t.Fatal(err)
		}
		f(net, a, bob, d)
	})
}

// texts are the lines of a conversation as they are shown.
func texts(a *scenetest.Actor, c im.ConvID) (all []string) {
	if chat, ok := a.Chats[c]; ok {
		for _, m := range chat.Lines.Lines(0) {
			all = append(all, m.Text.String())
		}
	}
	return all
}

func opens(a *scenetest.Actor, c im.ConvID) *scenetest.Chat {
	a.M.Open(c)
	a.Until("the conversation", func() bool { return a.Chats[c] != nil })
	return a.Chats[c]
}

// page waits for another page of older lines.
func page(a *scenetest.Actor, c im.ConvID) {
	n := a.Chats[c].Pages
	a.M.LoadOlder(c)
	a.Until("older lines", func() bool { return a.Chats[c].Pages > n })
}

func TestOlderLinesComePageByPage(t *testing.T) {
	remembering(t, 450, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, d *diary) {
		net.online()
		a.UntilOnline()
		a.M.LoadOlder(bob) // it is not open
		chat := opens(a, bob)
		if got := texts(a, bob); len(got) != 200 || got[0] != "said 250" || !chat.Older || !chat.Logging {
			t.Fatalf("%d lines from %q, older: %v", len(got), got[0], chat.Older)
		}
		a.M.SetLogging(bob, false)
		a.M.Send(bob, "said now", im.Open)
		a.ExpectState(bob, im.Done)
		page(a, bob)
		if got := texts(a, bob); got[0] != "said 50" || !chat.Older {
			t.Fatalf("from %q, older: %v", got[0], chat.Older)
		}
		page(a, bob)
		page(a, bob) // of nothing
		page(a, bob)
		var want []string
		for n := range 450 {
			want = append(want, fmt.Sprint("said ", n))
		}
		got := texts(a, bob)
		if len(got) < 451 || !slices.Equal(got[:450], want) || got[len(got)-1] != "said now" || chat.Older {
			t.Errorf("%d lines: %q … %q; older: %v", len(got), got[:3], got[len(got)-1], chat.Older)
		}
		other := scenetest.Watch(t, "a second window", a.M)
		other.Until("the same", func() bool { return slices.Equal(texts(other, bob), got) })
	})
}

// A line that is on show already, wherever it came from, is not shown twice, and a
// page of such lines is passed over.
func TestOlderLinesAreNotDoubled(t *testing.T) {
	d := &diary{Memory: storage.NewMemory()}
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(d, func(id string) plugin.Store { return d.Space(id) })}
	synctest.Test(t, func(t *testing.T) {
		sc := scenetest.New(t)
		defer sc.Close()
		net := newFakenet()
		part.Network, part.Answers, part.Password = net, map[string]string{"address": "alice@x"}, "pw"
		bob := im.ConvID{Account: "fake:alice@x", Peer: "bob@x"}
		var all []im.Message
		for n := range 700 {
			m := pastLine(bob, n)
			if n >= 100 && n < 350 { // these wait, and come at the end of what is shown
				m.Out, m.State = true, im.Waiting
			}
			all = append(all, m)
		}
		if _, err := d.Memory.Import(all); err != nil {
			t.Fatal(err)
		}
		a := sc.Enter("alice", part)
		if a.Self != bob.Account {
			t.Fatalf("the account is %s", a.Self)
		}
		chat := opens(a, bob)
		for chat.Older {
			page(a, bob)
		}
		got := texts(a, bob)
		seen := map[string]bool{}
		for _, text := range got {
			if seen[text] {
				t.Fatalf("%q is there twice", text)
			}
			seen[text] = true
		}
		if len(got) != 700 || got[0] != "said 0" || got[100] != "said 350" || got[699] != "said 349" {
			t.Errorf("%d lines, %q", len(got), got)
		}
	})
}

func TestLinesOfThePast(t *testing.T) {
	remembering(t, 30, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, d *diary) {
		for _, row := range []struct {
			name         string
			q            messenger.LinesQuery
			first, last  string
			lines        int
			older, newer bool
		}{
			{"the newest", messenger.LinesQuery{Count: 10}, "said 20", "said 29", 10, true, false},
			{"all", messenger.LinesQuery{}, "said 0", "said 29", 30, false, false},
			{"before", messenger.LinesQuery{Before: "line0010", Count: 5}, "said 5", "said 9", 5, true, true},
			{"before, to the top", messenger.LinesQuery{Before: "line0005", Count: 5}, "said 0", "said 4", 5, false, true},
			{"after", messenger.LinesQuery{After: "line0010", Count: 5}, "said 11", "said 15", 5, true, true},
			{"after, to the end", messenger.LinesQuery{After: "line0024", Count: 5}, "said 25", "said 29", 5, true, false},
			{"around", messenger.LinesQuery{Around: "line0010", Count: 6}, "said 7", "said 12", 6, true, true},
			{"around the first", messenger.LinesQuery{Around: "line0000", Count: 6}, "said 0", "said 5", 6, false, true},
			{"around the last", messenger.LinesQuery{Around: "line0029", Count: 6}, "said 26", "said 29", 4, true, false},
			{"around one alone", messenger.LinesQuery{Around: "line0010", Count: 1}, "said 9", "said 10", 2, true, true},
			{"from", messenger.LinesQuery{From: longAgo.Add(10 * time.Minute), Count: 3}, "said 10", "said 12", 3, true, true},
			{"from the beginning", messenger.LinesQuery{From: longAgo, Count: 50}, "said 0", "said 29", 30, false, false},
			{"from later than all", messenger.LinesQuery{From: longAgo.Add(time.Hour)}, "", "", 0, false, false},
			{"far too many", messenger.LinesQuery{Count: 1 << 40}, "said 0", "said 29", 30, false, false},
			{"around what is not there", messenger.LinesQuery{Around: "nothing"}, "", "", 0, false, false},
		} {
			row.q.Conv = bob
			got := scenetest.Answered[messenger.LinesFound](a, a.M.PastLines(row.q))
			first, last := "", ""
			if n := len(got.Lines); n > 0 {
				first, last = got.Lines[0].Text.String(), got.Lines[n-1].Text.String()
			}
			if len(got.Lines) != row.lines || first != row.first || last != row.last || got.Older != row.older || got.Newer != row.newer || got.Gone != (row.q.Around == "nothing") {
				t.Errorf("%s: %d lines, %q to %q, older %v, newer %v", row.name, len(got.Lines), first, last, got.Older, got.Newer)
			}
		}
	})
}

func TestWhatThePastHolds(t *testing.T) {
	remembering(t, 3, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, d *diary) {
		eve := im.ConvID{Account: bob.Account, Peer: "eve@x"}
		d.Memory.Import([]im.Message{{ID: "e", Conv: eve, Text: im.Plain("Said aloud"), Time: longAgo.AddDate(0, 0, 1)}})
		pasts := scenetest.Answered[messenger.PastsListed](a, a.M.Pasts())
		if len(pasts.Pasts) != 2 || pasts.Pasts[0].Conv != eve || pasts.Pasts[1].Lines != 3 || pasts.Names[bob] != "bob@x" {
			t.Errorf("%+v", pasts)
		}
		month := time.Date(1999, 3, 1, 0, 0, 0, 0, time.UTC)
		days := scenetest.Answered[messenger.DaysListed](a, a.M.PastDays(im.ConvID{}, month, month.AddDate(0, 1, 0)))
		if len(days.Days) != 2 || days.Days[0].Day() != 5 || days.Days[1].Day() != 6 {
			t.Errorf("%v", days)
		}
		hits := scenetest.Answered[messenger.HitsFound](a, a.M.SearchPast(im.Search{Words: "said", Limit: 2}))
		if len(hits.Hits) != 2 || !hits.More || hits.Hits[0].ID != "e" {
			t.Errorf("%+v", hits)
		}
		hits = scenetest.Answered[messenger.HitsFound](a, a.M.SearchPast(im.Search{Words: "said", Conv: bob}))
		if len(hits.Hits) != 3 || hits.More {
			t.Errorf("%+v", hits)
		}
	})
}

// counting counts the pages that are read, and how many there were at a question. While it
// has a gate, no page is read before that is closed.
type counting struct {
	*storage.Memory
	pages, then int
	gate        chan struct{}
}

func (c *counting) Older(id im.ConvID, line string, n int) ([]im.Message, error) {
	if c.gate != nil {
		<-c.gate
	}
	c.pages++
	return c.Memory.Older(id, line, n)
}

func (c *counting) Pasts() ([]im.Past, error) {
	c.then = c.pages
	return c.Memory.Pasts()
}

// Many pages of lines that are on show already are passed over one by one: others do
// not wait for that.
func TestOlderLinesKeepNobodyWaiting(t *testing.T) {
	d := &counting{Memory: storage.NewMemory()}
	bob := im.ConvID{Account: "fake:alice@x", Peer: "bob@x"}
	var all []im.Message
	for n := range 3000 {
		m := pastLine(bob, n)
		if n >= 100 && n < 2600 {
			m.Out, m.State = true, im.Waiting
		}
		all = append(all, m)
	}
	if _, err := d.Memory.Import(all); err != nil {
		t.Fatal(err)
	}
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(d, func(id string) plugin.Store { return d.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		opens(a, bob)
		page(a, bob) // to line 2600
		before, pages := d.pages, a.Chats[bob].Pages
		d.gate = make(chan struct{})
		a.M.LoadOlder(bob)
		asked := a.M.Pasts()
		close(d.gate) // the question is there when the first page is read, however busy the computer is
		scenetest.Answered[messenger.PastsListed](a, asked)
		if n := d.then - before; n > 2 {
			t.Errorf("%d pages were read before the next question", n)
		}
		a.Until("older lines", func() bool { return a.Chats[bob].Pages > pages })
		if got := texts(a, bob); d.pages-before < 12 || got[0] != "said 0" || a.Chats[bob].Older {
			t.Errorf("%d pages, from %q", d.pages-before, got[0])
		}
	})
}

// The line above which others are asked for is deleted meanwhile.
func TestOlderLinesThanOneThatIsGone(t *testing.T) {
	remembering(t, 600, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, d *diary) {
		opens(a, bob) // from 400
		d.Memory.Erase(im.Range{Conv: bob, From: pastLine(bob, 350).Time, Until: pastLine(bob, 450).Time})
		page(a, bob)
		got := texts(a, bob)
		if len(got) != 350 || got[0] != "said 150" || got[199] != "said 349" || got[200] != "said 450" || !a.Chats[bob].Older {
			t.Errorf("%d lines from %q to %q, older: %v", len(got), got[0], got[len(got)-1], a.Chats[bob].Older)
		}
		d.Memory.Erase(im.Range{})
		page(a, bob)
		if got := texts(a, bob); len(got) > 0 && a.Chats[bob].Older {
			t.Errorf("%d lines", len(got))
		}
		for _, q := range []messenger.LinesQuery{{Before: "line0400"}, {After: "line0400"}, {Around: "line0400"}} {
			q.Conv = bob
			if got := scenetest.Answered[messenger.LinesFound](a, a.M.PastLines(q)); !got.Gone || len(got.Lines) > 0 {
				t.Errorf("%+v: %+v", q, got)
			}
		}
	})
}

// illegible is a store whose history is damaged.
type illegible struct {
	*storage.Memory
	bad bool
}

var errDamagedHere = errors.New("damaged here")

func (u *illegible) err() error {
	if u.bad {
		return errDamagedHere
	}
	return nil
}
func (u *illegible) Older(c im.ConvID, id string, n int) ([]im.Message, error) {
	if u.bad {
		return nil, errDamagedHere
	}
	return u.Memory.Older(c, id, n)
}
func (u *illegible) Newer(c im.ConvID, id string, n int) ([]im.Message, error) {
	if u.bad {
		return nil, errDamagedHere
	}
	return u.Memory.Newer(c, id, n)
}
func (u *illegible) Since(im.ConvID, time.Time, int) ([]im.Message, error) { return nil, u.err() }
func (u *illegible) Pasts() ([]im.Past, error) {
	if u.bad {
		return nil, errDamagedHere
	}
	return u.Memory.Pasts()
}
func (u *illegible) Gone(c im.ConvID, ids []string) ([]string, error) {
	if u.bad {
		return nil, errDamagedHere
	}
	return u.Memory.Gone(c, ids)
}
func (u *illegible) Search(im.Search, int64) ([]im.Message, int64, error) { return nil, 0, u.err() }
func (u *illegible) Days(im.ConvID, time.Time, time.Time) ([]time.Time, error) {
	return nil, u.err()
}
func (u *illegible) Count(r im.Range, most int) (int, error) {
	if u.bad {
		return 0, errDamagedHere
	}
	return u.Memory.Count(r, most)
}

// plodder finds at most one line a step, and none in every other step.
type plodder struct {
	*storage.Memory
	steps atomic.Int64
}

func (p *plodder) Search(s im.Search, below int64) ([]im.Message, int64, error) {
	if p.steps.Add(1)%2 == 1 {
		if below == 0 {
			below = math.MaxInt64
		}
		return nil, below, nil
	}
	left := s.Limit
	s.Limit = 1
	hits, _, err := p.Memory.Search(s, below)
	if err != nil || len(hits) == 0 || left == 1 {
		return hits, 0, err
	}
	return hits, hits[0].Time.UnixMilli(), nil
}

// A search that takes many steps has one answer, and everything else goes on meanwhile.
// It ends when there is another one.
func TestALongSearch(t *testing.T) {
	p := &plodder{Memory: storage.NewMemory()}
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(p, func(id string) plugin.Store { return p.Space(id) })}
	alone(t, part, func(_ *fakenet, a *scenetest.Actor, bob im.ConvID) {
		for i := range 5 {
			if _, err := p.Import([]im.Message{{ID: fmt.Sprint(i), Conv: bob, Text: im.Plain("tea"), Time: longAgo.AddDate(0, 0, i)}}); err != nil {
				t.Fatal(err)
			}
		}
		ids := func(h messenger.HitsFound) (ids string) {
			for _, m := range h.Hits {
				ids += m.ID
			}
			return ids
		}
		all := scenetest.Answered[messenger.HitsFound](a, a.M.SearchPast(im.Search{Words: "tea"}))
		if ids(all) != "43210" || all.More {
			t.Errorf("%+v", all)
		}
		some := scenetest.Answered[messenger.HitsFound](a, a.M.SearchPast(im.Search{Words: "tea", Limit: 3}))
		if ids(some) != "432" || !some.More {
			t.Errorf("%+v", some)
		}

		events := a.M.Subscribe()
		defer a.M.Unsubscribe(events)
		old := a.M.SearchPast(im.Search{Words: "tea"})
		a.M.SetDraft(bob, "", im.Open)
		fresh := a.M.SearchPast(im.Search{})
		synctest.Wait()
		var answered []messenger.AskID
		for _, e := range events.TryTake() {
			if e, ok := e.(messenger.HitsFound); ok {
				answered = append(answered, e.Ask)
			}
		}
		if !slices.Equal(answered, []messenger.AskID{fresh}) {
			t.Errorf("%v were answered, want %d and not %d", answered, fresh, old)
		}
	})
}

// Every question gets an answer, even of a disk that gives none.
func TestAHistoryThatCannotBeRead(t *testing.T) {
	u := &illegible{Memory: storage.NewMemory(), bad: true}
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(u, func(id string) plugin.Store { return u.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		opens(a, bob)
		page(a, bob)
		scenetest.Answered[messenger.PastsListed](a, a.M.Pasts())
		scenetest.Answered[messenger.DaysListed](a, a.M.PastDays(bob, longAgo, longAgo.AddDate(1, 0, 0)))
		for _, q := range []messenger.LinesQuery{{}, {Before: "x"}, {After: "x"}, {Around: "x"}, {From: longAgo}} {
			if got := scenetest.Answered[messenger.LinesFound](a, a.M.PastLines(q)); len(got.Lines) > 0 {
				t.Errorf("%+v", got)
			}
		}
		scenetest.Answered[messenger.HitsFound](a, a.M.SearchPast(im.Search{Words: "x"}))
		a.M.ShowErase(im.Range{Conv: bob})
		a.M.ShowExport(im.Range{Conv: bob})
		a.M.EraseLine(bob, "x")
		synctest.Wait()
		a.Until("the troubles", func() bool { return len(a.Trouble) >= 10 })
		for _, text := range a.Trouble {
			if !strings.Contains(text, "history") || !strings.Contains(text, "could not be read") {
				t.Errorf("%q", text)
			}
		}
		if len(a.Dialogs) > 0 {
			t.Errorf("%+v", a.Dialogs)
		}
	})
}

// Lines that come from elsewhere can be scrolled to at once.
func TestLinesThatAreBroughtInAreAbove(t *testing.T) {
	remembering(t, 3, func(net *fakenet, a *scenetest.Actor, bob im.ConvID, d *diary) {
		chat := opens(a, bob)
		if chat.Older {
			t.Fatal("there are older lines already")
		}
		a.M.BringIn(messenger.Arriving{Pasts: []im.Past{{Conv: bob, Lines: 1}},
			Lines: func(_ context.Context, emit func(im.Message) error) error {
				m := pastLine(bob, -5)
				m.ID = "older"
				return emit(m)
			}})
		a.Answer("Bring In", "take")
		a.Until("that there is more", func() bool { return a.Chats[bob].Older })
		page(a, bob)
		if got := texts(a, bob); len(got) != 4 || got[0] != "said -5" || a.Chats[bob].Older {
			t.Errorf("shown: %q", got)
		}
	})
}
