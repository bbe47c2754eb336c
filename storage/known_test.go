package storage

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"culver/im"
)

// sent is a line that its sender sent under an ID of their own.
func sent(c im.ConvID, id, from, origin string) im.Message {
	m := line(c, id)
	m.From = im.Addr{Bare: from, Resource: "phone"}
	m.Origin = origin
	return m
}

var knownBehaviours = []behaviour{
	{"what a line is known by elsewhere", func(t *testing.T, s store, reopen func() store) {
		m := sent(withBob, "1", withBob.Peer, "o\x001")
		m.Archive, m.Edited, m.Nick, m.State = "archive 1", true, "Ñick", im.Delivered
		check(t, s.Append(m))
		n := got(s.Import([]im.Message{func() im.Message { m := m; m.ID = "2"; return m }()}))(t)
		same(t, "imported", n, 1)
		s = reopen()
		for _, back := range got(s.Older(withBob, "", 9))(t) {
			same(t, "known by", []any{back.Origin, back.Archive, back.Edited, back.Nick, back.State}, []any{"o\x001", "archive 1", true, "Ñick", im.Delivered})
		}
	}},
	{"whether the user wrote", func(t *testing.T, s store, reopen func() store) {
		same(t, "to nobody", got(s.Wrote(withBob))(t), false)
		mine := line(withBob, "mine")
		mine.Out = true
		check(t, s.Append(mine), s.Append(sent(withEve, "1", withEve.Peer, "")))
		for i := range 300 {
			check(t, s.Append(sent(withBob, fmt.Sprint(i), withBob.Peer, "")))
		}
		s = reopen()
		same(t, "to Bob, long ago", got(s.Wrote(withBob))(t), true)
		same(t, "to Eve", got(s.Wrote(withEve))(t), false)
		other := withBob
		other.Account = withBob.Account + "2"
		same(t, "by another account", got(s.Wrote(other))(t), false)
	}},
	{"lines by their origin", func(t *testing.T, s store, reopen func() store) {
		const ours = ""
		old, mine := sent(withBob, "from before", alice.Bare(), ""), sent(withBob, "2", "anything", "a")
		old.Out, mine.Out = true, true
		theirs := sent(withBob, "made up", withBob.Peer, "") // an ID that we gave it
		check(t, s.Append(old), s.Append(theirs),
			s.Append(sent(withBob, "1", withBob.Peer, "a")), s.Append(mine),
			s.Append(sent(withEve, "3", withEve.Peer, "a")), s.Append(sent(withBob, "4", withBob.Peer, "a")),
			s.Append(sent(withBob, "5", withBob.Peer, "")), s.Append(sent(withBob, "6", withBob.Peer, "b")))
		for i := range 30 {
			check(t, s.Append(sent(withEve, fmt.Sprint("many", i), withEve.Peer, "many")))
		}
		s = reopen()
		for _, c := range []struct {
			conv         im.ConvID
			from, origin string
			want         string
		}{
			{withBob, withBob.Peer, "a", "4 1"}, {withBob, ours, "a", "2"}, {withEve, withEve.Peer, "a", "3"},
			{withBob, withBob.Peer, "b", "6"}, {withBob, withBob.Peer, "", ""}, {withBob, ours, "", ""},
			{withBob, withEve.Peer, "a", ""}, {carolBob, withBob.Peer, "a", ""}, {withBob, withBob.Peer, "A", ""},
			{withBob, ours, "from before", "from before"}, {withBob, withBob.Peer, "made up", ""}, {withBob, withBob.Peer, "1", ""},
			{withBob, "anything", "a", ""}, {withBob, alice.Bare(), "from before", ""},
		} {
			same(t, fmt.Sprintf("%s of %s in %s", c.origin, c.from, c.conv.Peer), ids(got(s.ByOrigin(c.conv, c.from, c.origin))(t)), c.want)
		}
		many := got(s.ByOrigin(withEve, withEve.Peer, "many"))(t)
		same(t, "how many", len(many), maxNamesakes)
		same(t, "the newest", many[0].ID, "many29")
	}},
	{"lines by their place in the archive", func(t *testing.T, s store, reopen func() store) {
		put := func(c im.ConvID, id, archive string) {
			m := line(c, id)
			m.Archive = archive
			check(t, s.Append(m))
		}
		put(withBob, "1", "x")
		put(withBob, "2", "")
		put(withEve, "3", "x")
		// It becomes known later, and stays.
		check(t, s.Update(im.Message{Conv: withBob, ID: "2", Archive: "y"}), s.Update(im.Message{Conv: withBob, ID: "1"}),
			s.Update(im.Message{Conv: withBob, ID: "2", State: im.Delivered}))
		s = reopen()
		same(t, "x", ids(got(s.ByArchive(withBob, "x"))(t)), "1")
		same(t, "y", ids(got(s.ByArchive(withBob, "y"))(t)), "2")
		same(t, "of another conversation", ids(got(s.ByArchive(withEve, "y"))(t)), "")
		same(t, "no ID", ids(got(s.ByArchive(withBob, ""))(t)), "")
	}},
	{"what was chosen for a conversation", func(t *testing.T, s store, reopen func() store) {
		same(t, "nothing", len(got(s.Choices())(t)), 0)
		check(t, s.SetChoice(withBob, "a", "1"), s.SetChoice(withBob, "a", "2"), s.SetChoice(withBob, "b", ""), s.SetChoice(withEve, "a", "\x00"),
			s.SetChoice(carolBob, "a", "1"), s.SetChoice(withBob, "c", "1"), s.DropChoice(withBob, "c"), s.DropChoice(withBob, "d"))
		s = reopen()
		check(t, s.SaveAccount(im.Account{ID: carol}), s.DeleteAccount(carol), s.DropChoice(withEve, "a"))
		same(t, "choices", got(s.Choices())(t), map[im.ConvID]map[string]string{withBob: {"a": "2", "b": ""}})
	}},
	{"a correction keeps the place, and its words are found", func(t *testing.T, s store, reopen func() store) {
		for i := range 3 {
			check(t, s.Append(at(withBob, fmt.Sprint(i), noon, fmt.Sprint("common wrong", i))))
		}
		check(t, s.Append(at(withEve, "1", noon, "common wrong1")))
		m := got(s.Older(withBob, "2", 1))(t)[0]
		m.Text, m.Edited = im.Text{{Text: "common "}, {Text: "right", Style: im.Bold}}, true
		m.State, m.Reason, m.Seal, m.Private = im.Delivered, "why", im.Seal{Level: im.Verified, By: "otr"}, true
		check(t, s.Edit(m))
		m.Text[0].Text = "scribbled"
		m.Text = im.Text{{Text: "common "}, {Text: "right", Style: im.Bold}}
		s = reopen()
		same(t, "the line", got(s.Older(withBob, "2", 1))(t)[0], m)
		same(t, "the order", ids(got(s.Older(withBob, "", 9))(t)), "0 1 2")
		search := func(words, want string) {
			t.Helper()
			same(t, words, ids(got(found(s, im.Search{Words: words, Conv: withBob, Limit: 9}))(t)), want)
		}
		search("right", "1")
		search("wrong1", "")
		search("common", "2 1 0")
		m.Text = im.Plain("")
		m.Edited = false
		check(t, s.Edit(m), s.Edit(line(withBob, "nobody's")), s.Edit(line(carolBob, "1")))
		search("right", "")
		same(t, "another's", ids(got(found(s, im.Search{Words: "wrong1", Limit: 9}))(t)), "1")
		same(t, "not edited", got(s.Older(withBob, "2", 1))(t)[0].Edited, false)
		same(t, "pasts", got(s.Pasts())(t)[0].Lines+got(s.Pasts())(t)[1].Lines, 4)
	}},
}

// What a line said before it was corrected is in no file any more.
func TestCorrectedIsNowhere(t *testing.T) {
	p, v := lockedProfile(t)
	db := openDB(t, p, v)
	r := rand.New(rand.NewPCG(7, 7))
	var all []im.Message
	for i := range 300 {
		m, _ := unique(r, withBob, i)
		all = append(all, m)
	}
	got(db.Import(all))(t)
	sweep(t, db)
	var gone []string
	for i, m := range all {
		if i%3 != 0 {
			continue
		}
		fresh, _ := unique(r, withBob, i)
		gone = append(append(gone, words(m.Text.String())[1]), m.Text[1].Link)
		m.Text, m.Edited = fresh.Text, true
		check(t, db.Edit(m))
		if i%30 == 0 {
			check(t, db.Append(line(withEve, fmt.Sprint(i))))
		}
	}
	sweep(t, db)
	agrees(t, db)
	same(t, "integrity", got(text(db.conn, "PRAGMA integrity_check"))(t), "ok")
	raw := append(plainPages(t, p, v, databaseFile), plainPages(t, p, v, databaseFile+logSuffix)...)
	for _, at := range traces(raw, gone) {
		t.Fatalf("at %d of page %d is %q", at%pageSize, at/pageSize+1, raw[max(0, at-30):at+20])
	}
	for _, w := range gone {
		same(t, "found", ids(got(found(db, im.Search{Words: w, Limit: 9}))(t)), "")
	}
}

// Lines that are corrected again and again, deleted and written leave an index that says
// of each which words it has.
func TestManyCorrections(t *testing.T) {
	db := memoryDB(t)
	r := rand.New(rand.NewPCG(7, 7))
	word := func() string { return strings.Repeat(string(rune('a'+r.IntN(6))), 1+r.IntN(5)) }
	here := map[string]bool{}
	for i := range 2000 {
		id := fmt.Sprint(r.IntN(60))
		m := line(withBob, id)
		m.Text = im.Plain(word() + " " + word() + " " + word())
		switch {
		case !here[id]:
			check(t, db.Append(m))
			here[id] = true
		case r.IntN(6) == 0:
			check(t, db.Remove(withBob, id))
			delete(here, id)
		default:
			m.Edited = true
			check(t, db.Edit(m))
		}
		if i%100 == 0 {
			sweep(t, db)
		}
		if i%50 == 0 {
			agrees(t, db)
		}
	}
	agrees(t, db)
}
