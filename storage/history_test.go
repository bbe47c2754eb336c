package storage

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"culver/im"
)

// at is a line with a time of its own.
func at(c im.ConvID, id string, when time.Time, text string) im.Message {
	m := line(c, id)
	m.Time, m.Text = when, im.Plain(text)
	return m
}

var noon = time.Date(2024, 2, 28, 12, 0, 0, 0, time.UTC)

// historyBehaviours are what every store does with what is long past.
var historyBehaviours = []behaviour{
	{"an empty history", func(t *testing.T, s store, _ func() store) {
		same(t, "older", len(got(s.Older(withBob, "", 9))(t)), 0)
		same(t, "older than nothing", len(got(s.Older(withBob, "x", 9))(t)), 0)
		same(t, "newer", len(got(s.Newer(withBob, "", 9))(t)), 0)
		same(t, "since", len(got(s.Since(withBob, time.Time{}, 9))(t)), 0)
		same(t, "pasts", len(got(s.Pasts())(t)), 0)
		same(t, "days", len(got(s.Days(im.ConvID{}, noon, noon.AddDate(1, 0, 0)))(t)), 0)
		same(t, "days since 1970", len(got(s.Days(withBob, time.Unix(0, 0), noon))(t)), 0)
		same(t, "search", len(got(found(s, im.Search{Words: "x", Limit: 9}))(t)), 0)
		same(t, "erase", got(s.Erase(im.Range{}))(t), 0)
		same(t, "import", got(s.Import(nil))(t), 0)
		same(t, "drafts", len(got(s.Drafts())(t)), 0)
		same(t, "logging", len(got(s.Logging())(t)), 0)
	}},
	{"older and newer lines", func(t *testing.T, s store, reopen func() store) {
		for i := range 10 {
			check(t, s.Append(line(withBob, fmt.Sprint(i))), s.Append(line(withEve, fmt.Sprint(i))))
		}
		s = reopen()
		for _, c := range []struct {
			id           string
			n            int
			older, newer string
		}{
			{"", 3, "7 8 9", "0 1 2"}, {"", 100, "0 1 2 3 4 5 6 7 8 9", "0 1 2 3 4 5 6 7 8 9"},
			{"5", 2, "3 4", "6 7"}, {"0", 9, "", "1 2 3 4 5 6 7 8 9"}, {"9", 9, "0 1 2 3 4 5 6 7 8", ""},
			{"5", 0, "", ""}, {"", -1, "", ""}, {"5", -1, "", ""}, {"nobody's", 9, "", ""},
		} {
			same(t, fmt.Sprintf("%d older than %q", c.n, c.id), ids(got(s.Older(withBob, c.id, c.n))(t)), c.older)
			same(t, fmt.Sprintf("%d newer than %q", c.n, c.id), ids(got(s.Newer(withBob, c.id, c.n))(t)), c.newer)
		}
		check(t, s.Append(line(carolBob, "10")))
		same(t, "an ID of another conversation", ids(got(s.Older(withBob, "10", 9))(t)), "")
	}},
	{"page by page", func(t *testing.T, s store, reopen func() store) {
		for i := range 10 {
			check(t, s.Append(at(withBob, fmt.Sprint(i), noon.Add(time.Duration(i)*time.Second), "x")),
				s.Append(at(withEve, fmt.Sprint(i), noon.Add(time.Duration(i)*time.Second), "x")))
		}
		s = reopen()
		page := func(r im.Range, from int64, n int, want string) int64 {
			t.Helper()
			lines, next, err := s.Page(r, from, n)
			check(t, err)
			same(t, fmt.Sprintf("%d from %d of %v", n, from, r), ids(lines), want)
			return next
		}
		part := im.Range{Conv: withBob, From: noon.Add(2 * time.Second), Until: noon.Add(8 * time.Second)}
		next := page(part, 0, 3, "2 3 4")
		check(t, s.Remove(withBob, "4"), s.Remove(withBob, "5")) // what was read last, and what comes next
		next = page(part, next, 2, "6 7")
		same(t, "and no further", page(part, next, 9, ""), next)
		page(im.Range{Conv: withBob}, 0, 99, "0 1 2 3 6 7 8 9")
		page(im.Range{Conv: withBob}, next, 99, "8 9")
		page(im.Range{Conv: withBob}, 0, 0, "")
		page(im.Range{Conv: withBob}, 0, -1, "")
		page(im.Range{Conv: carolBob}, 0, 9, "")
		page(im.Range{}, 0, 9, "")
	}},
	{"what comes late has no place that was erased", func(t *testing.T, s store, _ func() store) {
		check(t, s.Append(at(withBob, "b", noon.Add(time.Hour), "x")))
		all := im.Range{Until: got(s.Pasts())(t)[0].Last.Add(time.Millisecond)}
		same(t, "erased", got(s.Erase(all))(t), 1)
		check(t, s.Append(at(withBob, "late", noon, "x")))
		same(t, "erased of what came since", got(s.Erase(all))(t), 0)
		same(t, "left", ids(got(s.Older(withBob, "", 9))(t)), "late")
	}},
	{"which lines are gone", func(t *testing.T, s store, reopen func() store) {
		check(t, s.Append(line(withBob, "a")), s.Append(line(withBob, "b")), s.Append(line(withEve, "c")))
		s = reopen()
		check(t, s.Remove(withBob, "a"))
		same(t, "gone", got(s.Gone(withBob, []string{"a", "b", "c", ""}))(t), []string{"a", "c", ""})
		same(t, "of nobody", got(s.Gone(carolBob, []string{"b"}))(t), []string{"b"})
		same(t, "of none", len(got(s.Gone(withBob, nil))(t)), 0)
	}},
	{"lines of the past take their place among the others", func(t *testing.T, s store, reopen func() store) {
		check(t, s.Append(at(withBob, "b", noon, "b")), s.Append(at(withBob, "e", noon.Add(time.Hour), "e")))
		same(t, "added", got(s.Import([]im.Message{
			at(withBob, "d", noon.Add(time.Minute), "d"),
			at(withBob, "a", noon.Add(-time.Hour), "a"),
			at(withBob, "c", noon, "c"), // the same moment as b, which was there first
			at(withBob, "b", noon.Add(-9*time.Hour), "not so"),
			at(withBob, "d", noon.Add(2*time.Hour), "nor so"),
			at(withEve, "b", noon, "another b"),
		}))(t), 4)
		same(t, "again", got(s.Import([]im.Message{at(withBob, "a", noon, "a")}))(t), 0)
		check(t, s.Append(at(withBob, "f", noon.Add(-99*time.Hour), "late")))
		s = reopen()
		same(t, "order", ids(got(s.Older(withBob, "", 99))(t)), "a b c d e f")
		same(t, "as it was", got(s.Older(withBob, "c", 1))(t), []im.Message{at(withBob, "b", noon, "b")})
		same(t, "since", ids(got(s.Since(withBob, noon.Add(time.Millisecond), 3))(t)), "c d e")
		same(t, "since a moment", ids(got(s.Since(withBob, noon, 2))(t)), "b c")
		same(t, "since a moment later", ids(got(s.Since(withBob, noon.Add(1), 2))(t)), "c d")
		same(t, "since ever", ids(got(s.Since(withBob, time.Time{}, 1))(t)), "a")
		same(t, "none since ever", ids(got(s.Since(withBob, time.Time{}, -1))(t)), "")
		same(t, "since the end of time", ids(got(s.Since(withBob, time.Date(400_000_000, 1, 1, 0, 0, 0, 0, time.UTC), 9))(t)), "")
	}},
	{"lines whose time cannot be", func(t *testing.T, s store, reopen func() store) {
		begin := time.Now().Add(-time.Second)
		check(t, s.Append(at(withBob, "now", time.Now(), "x")),
			s.Append(at(withBob, "zero", time.Time{}, "x")),
			s.Append(at(withBob, "in a million years", time.Date(1_000_000, 1, 1, 0, 0, 0, 0, time.UTC), "x")))
		same(t, "added", got(s.Import([]im.Message{
			at(withEve, "before", time.Date(-5000, 1, 1, 0, 0, 0, 0, time.UTC), "x"),
			at(withEve, "after", time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), "x"),
			at(withEve, "before that", time.Date(-292e6, 1, 1, 0, 0, 0, 0, time.UTC), "x"),
		}))(t), 3)
		s = reopen()
		same(t, "order", ids(got(s.Older(withBob, "", 9))(t)), "now zero in a million years")
		same(t, "imported", ids(got(s.Older(withEve, "", 9))(t)), "before before that after")
		for _, p := range got(s.Pasts())(t) {
			if p.Last.Before(begin) || p.Last.After(time.Now().Add(time.Second)) {
				t.Errorf("the last line of %v is of %v", p.Conv, p.Last)
			}
		}
		same(t, "its own time", got(s.Older(withEve, "", 1))(t)[0].Time.Year(), 9999)
	}},
	{"many lines of one moment", func(t *testing.T, s store, _ func() store) {
		want := ""
		for i := range 10 {
			var lines []im.Message
			for j := range 100 {
				id := fmt.Sprint(i*100 + j)
				lines, want = append(lines, at(withBob, id, noon, "x")), want+" "+id
			}
			same(t, "added", got(s.Import(lines))(t), 100)
			check(t, s.Append(line(withEve, fmt.Sprint(i))))
			same(t, "added", got(s.Import([]im.Message{at(withEve, fmt.Sprint("early", i), noon.Add(-time.Hour), "x")}))(t), 1)
		}
		same(t, "order", " "+ids(got(s.Older(withBob, "", 2000))(t)), want)
	}},
	{"what the history holds", func(t *testing.T, s store, reopen func() store) {
		pasts := func() string {
			text := ""
			for _, p := range got(s.Pasts())(t) {
				text += fmt.Sprint(p.Conv.Account.Bare(), " ", p.Conv.Peer, " ", p.Lines, " ", p.First.Format(time.DateOnly), " ", p.Last.Format(time.DateOnly), "\n")
			}
			return text
		}
		got(s.Import([]im.Message{
			at(withBob, "1", noon, "x"), at(withBob, "2", noon.AddDate(0, 1, 0), "x"), at(withBob, "3", noon.AddDate(0, 0, -1), "x"),
			at(withEve, "1", noon.AddDate(1, 0, 0), "x"), at(carolBob, "1", noon.AddDate(0, 0, 2), "x"),
		}))(t)
		s = reopen()
		eve, bob, carols := "alice@example.net eve@example.org 1 2025-02-28 2025-02-28\n",
			"alice@example.net bob@example.org 3 2024-02-27 2024-03-28\n", "carol@example.net bob@example.org 1 2024-03-01 2024-03-01\n"
		same(t, "pasts", pasts(), eve+bob+carols)
		check(t, s.Remove(withBob, "2"))
		same(t, "after removing one", pasts(), eve+carols+"alice@example.net bob@example.org 2 2024-02-27 2024-02-28\n")
		check(t, s.Remove(withEve, "1"), s.Remove(withBob, "3"))
		same(t, "after removing another", pasts(), carols+"alice@example.net bob@example.org 1 2024-02-28 2024-02-28\n")
		check(t, s.Append(at(withEve, "2", noon.AddDate(0, 0, 1), "x")))
		same(t, "and adding one", pasts(), "alice@example.net eve@example.org 1 2024-03-01 2024-03-01\n"+carols+"alice@example.net bob@example.org 1 2024-02-28 2024-02-28\n")
	}},
	{"days", func(t *testing.T, s store, _ func() store) {
		berlin := got(time.LoadLocation("Europe/Berlin"))(t)
		havana := got(time.LoadLocation("America/Havana"))(t) // there, the clocks change at midnight
		days := func(c im.ConvID, from, until time.Time) string {
			text := ""
			for _, d := range got(s.Days(c, from, until))(t) {
				text += d.Format("01-02T15 ")
			}
			return text
		}
		var lines []im.Message
		for i, when := range []string{"2024-02-28T22:59:59Z", "2024-02-28T23:00:00Z", "2024-02-29T12:00:00Z", "2024-03-02T00:00:00Z",
			"2024-03-31T00:30:00Z", "2024-03-31T21:59:59Z", "2024-03-31T22:00:00Z"} {
			lines = append(lines, at(withBob, fmt.Sprint(i), got(time.Parse(time.RFC3339, when))(t), "x"))
		}
		lines = append(lines, at(withEve, "1", noon.AddDate(0, 0, 2), "x"))
		got(s.Import(lines))(t)
		year := func(where *time.Location) (from, until time.Time) {
			return time.Date(2024, 1, 1, 0, 0, 0, 0, where), time.Date(2025, 1, 1, 0, 0, 0, 0, where)
		}
		from, until := year(time.UTC)
		same(t, "in UTC", days(withBob, from, until), "02-28T00 02-29T00 03-02T00 03-31T00 ")
		same(t, "of all", days(im.ConvID{}, from, until), "02-28T00 02-29T00 03-01T00 03-02T00 03-31T00 ")
		from, until = year(berlin)
		same(t, "in Berlin", days(withBob, from, until), "02-28T00 02-29T00 03-02T00 03-31T00 04-01T00 ")
		same(t, "of a part", days(withBob, time.Date(2024, 2, 28, 23, 59, 59, 0, berlin), time.Date(2024, 3, 31, 0, 0, 0, 0, berlin)),
			"02-28T00 02-29T00 03-02T00 ")
		same(t, "of nothing", days(withBob, until, from), "")
		same(t, "of everything", days(withBob, time.Time{}.In(berlin), time.Time{}), "02-28T00 02-29T00 03-02T00 03-31T00 04-01T00 ")
		var hours []im.Message
		for i := range 24 * 40 {
			hours = append(hours, at(carolBob, fmt.Sprint(i), time.Date(2024, 2, 20, 0, 30, 0, 0, havana).Add(time.Duration(i)*time.Hour), "x"))
		}
		got(s.Import(hours))(t)
		from, until = year(havana)
		all := got(s.Days(carolBob, from, until))(t)
		same(t, "days around the change", len(slices.Compact(slices.Clone(all))), 41) // one of them has 23 hours
		same(t, "none twice", len(all), 41)
	}},
	{"erasing", func(t *testing.T, s store, reopen func() store) {
		fill := func() {
			for day := range 5 {
				for i := range 4 {
					when := noon.AddDate(0, 0, day).Add(time.Duration(i) * time.Hour)
					id := fmt.Sprint(day, ".", i)
					got(s.Import([]im.Message{at(withBob, id, when, "erased "+id), at(withEve, id, when, "erased "+id), at(carolBob, id, when, "x")}))(t)
				}
			}
		}
		count := func() string {
			n := func(c im.ConvID) int { return len(got(s.Older(c, "", 1000))(t)) }
			return fmt.Sprint(n(withBob), n(withEve), n(carolBob))
		}
		erase := func(r im.Range) (lines int) {
			for {
				n := got(s.Erase(r))(t)
				if lines += n; n == 0 {
					return lines
				}
			}
		}
		day := func(c im.ConvID, n int) im.Range {
			return im.Range{Conv: c, From: noon.AddDate(0, 0, n).Add(-12 * time.Hour), Until: noon.AddDate(0, 0, n).Add(12 * time.Hour)}
		}
		fill()
		same(t, "filled", count(), "20 20 20")
		same(t, "a day of Bob", erase(day(withBob, 1)), 4)
		same(t, "and again", erase(day(withBob, 1)), 0)
		same(t, "then", count(), "16 20 20")
		same(t, "a day of all", erase(day(im.ConvID{}, 2)), 12)
		s = reopen()
		same(t, "then", count(), "12 16 16")
		same(t, "of nobody", erase(day(im.ConvID{Account: alice, Peer: "nobody"}, 3)), 0)
		same(t, "exactly one line", erase(im.Range{Conv: withEve, From: noon, Until: noon.Add(2 * time.Millisecond)}), 1)
		same(t, "not found any more", ids(got(found(s, im.Search{Words: "erased", Conv: withEve, Limit: 99}))(t)),
			"4.3 4.2 4.1 4.0 3.3 3.2 3.1 3.0 1.3 1.2 1.1 1.0 0.3 0.2 0.1")
		same(t, "all of Bob", erase(im.Range{Conv: withBob}), 12)
		same(t, "then", count(), "0 15 16")
		same(t, "pasts", len(got(s.Pasts())(t)), 2)
		fill()
		same(t, "filled again", count(), "20 20 20")
		same(t, "from a day on", erase(im.Range{From: noon.AddDate(0, 0, 4)}), 12)
		same(t, "until then", erase(im.Range{Conv: carolBob, Until: noon.AddDate(0, 0, 4)}), 16)
		s = reopen()
		same(t, "then", count(), "16 16 0")
		same(t, "everything", erase(im.Range{}), 32)
		same(t, "pasts", len(got(s.Pasts())(t)), 0)
		same(t, "found", len(got(found(s, im.Search{Words: "erased", Limit: 9}))(t)), 0)
		fill()
		same(t, "filled once more", count(), "20 20 20")
	}},
	{"search", searchBehaviour},
	{"what is under way is not erased", func(t *testing.T, s store, reopen func() store) {
		for i, state := range []im.State{im.Waiting, im.Sending, im.Failed, im.Done} {
			l := at(withBob, fmt.Sprint(i), noon.Add(time.Duration(i)*time.Minute), "x")
			l.Out, l.State = true, state
			check(t, s.Append(l))
		}
		same(t, "counted", got(s.Count(im.Range{Conv: withBob}, 10))(t), 4)
		same(t, "counted up to", got(s.Count(im.Range{}, 3))(t), 3)
		same(t, "counted of a span", got(s.Count(im.Range{Conv: withBob, From: noon.Add(time.Minute), Until: noon.Add(3 * time.Minute)}, 9))(t), 2)
		same(t, "counted of another", got(s.Count(im.Range{Conv: withEve}, 10))(t), 0)
		same(t, "erased", got(s.Erase(im.Range{Conv: withBob}))(t), 2)
		same(t, "erased then", got(s.Erase(im.Range{}))(t), 0)
		s = reopen()
		same(t, "left", len(got(s.Older(withBob, "", 10))(t)), 2)
	}},
	{"drafts and choices", func(t *testing.T, s store, reopen func() store) {
		check(t, s.SetDraft(withBob, im.Draft{Text: "half a\nline \x00", Private: true}), s.SetDraft(withEve, im.Draft{Text: "x"}), s.SetDraft(withEve, im.Draft{Text: ""}), s.SetDraft(carolBob, im.Draft{Text: "y"}),
			s.SetLogging(withBob, false), s.SetLogging(withEve, false), s.SetLogging(withEve, true), s.SetLogging(carolBob, true),
			s.Append(line(withBob, "1")))
		s = reopen()
		same(t, "drafts", got(s.Drafts())(t), map[im.ConvID]im.Draft{withBob: {Text: "half a\nline \x00", Private: true}, carolBob: {Text: "y"}})
		same(t, "logging", got(s.Logging())(t), map[im.ConvID]bool{withBob: false, withEve: true, carolBob: true})
		same(t, "conversations", len(got(s.Pasts())(t)), 1)
		for range 2 {
			got(s.Erase(im.Range{}))(t)
		}
		same(t, "an erased history leaves choices", got(s.Logging())(t), map[im.ConvID]bool{withBob: false, withEve: true, carolBob: true})
		clear(got(s.Drafts())(t))
		clear(got(s.Logging())(t))
		check(t, s.DeleteAccount(alice))
		s = reopen()
		same(t, "drafts", got(s.Drafts())(t), map[im.ConvID]im.Draft{carolBob: {Text: "y"}})
		same(t, "logging", got(s.Logging())(t), map[im.ConvID]bool{carolBob: true})
	}},
	{"nothing of the past after Close", func(t *testing.T, s store, _ func() store) {
		check(t, s.Close())
		_, e1 := s.Older(withBob, "", 1)
		_, e2 := s.Newer(withBob, "x", 1)
		_, e3 := s.Since(withBob, noon, 1)
		_, e4 := s.Pasts()
		_, e5 := s.Days(withBob, noon, noon.Add(1e15))
		_, e6 := found(s, im.Search{Words: "long", Limit: 1})
		_, e7 := s.Erase(im.Range{})
		_, e8 := s.Import([]im.Message{line(withBob, "1")})
		_, e9 := s.Drafts()
		_, e10 := s.Logging()
		_, _, e11 := s.Page(im.Range{Conv: withBob}, 0, 1)
		_, e12 := s.Gone(withBob, []string{"x"})
		for i, err := range []error{e1, e2, e3, e4, e5, e6, e7, e8, e9, e10, e11, e12, s.SetDraft(withBob, im.Draft{Text: "x"}), s.SetLogging(withBob, true)} {
			if !errors.Is(err, ErrClosed) {
				t.Errorf("call %d after Close: %v, want ErrClosed", i, err)
			}
		}
	}},
}
