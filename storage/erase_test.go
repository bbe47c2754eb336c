package storage

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"culver/im"
)

// unique is a line of words that no other line has, and a few that all have.
func unique(r *rand.Rand, c im.ConvID, i int) (m im.Message, words []string) {
	for range 3 + r.IntN(20) {
		b := make([]byte, 6+r.IntN(3))
		for i := range b {
			b[i] = byte(r.UintN(256))
		}
		words = append(words, hex.EncodeToString(b))
	}
	m = at(c, fmt.Sprintf("%016x", r.Uint64()), noon.Add(time.Duration(r.IntN(1e6))*time.Second), "see "+strings.Join(words, " and "))
	m.Out = true
	m.Text = append(m.Text, im.Span{Text: "here", Link: words[0]})
	return m, append(words, m.ID)
}

// traces are where there is something of the words, of which the beginning is enough.
func traces(raw []byte, words []string) (at []int) {
	const enough = 10
	begins := map[string]bool{}
	for _, w := range words {
		begins[w[:enough]] = true
	}
	for i := range len(raw) - enough {
		if begins[string(raw[i:i+enough])] {
			at = append(at, i)
		}
	}
	return at
}

// What was erased is in no file any more, not even under the encryption, whether
// SQLite still uses that part of the file or not.
func TestErasedIsNowhere(t *testing.T) {
	p, v := lockedProfile(t)
	db := openDB(t, p, v)
	r := rand.New(rand.NewPCG(5, 5))
	dave := im.ConvID{Account: carol, Peer: "dave@example.org"}
	kept, erased := []string{}, []string{}
	var lines []im.Message
	owns := map[im.ConvID][]string{}
	for i := range 1000 {
		c := []im.ConvID{withEve, withEve, withEve, withBob, carolBob, dave}[r.IntN(6)]
		m, words := unique(r, c, i)
		lines = append(lines, m)
		owns[c] = append(owns[c], words...)
		if i%40 == 0 {
			check(t, db.Append(m))
		} else if len(lines)%30 == 0 {
			got(db.Import(lines))(t)
			lines = lines[:0]
		}
	}
	got(db.Import(lines))(t)
	// States make rows longer, so that they move.
	for _, m := range got(db.Older(withEve, "", 200))(t) {
		check(t, db.Update(failed(m, strings.Repeat("x", r.IntN(300)))))
	}
	nowhere := func(what string) {
		t.Helper()
		for got(db.Sweep())(t) {
		}
		agrees(t, db)
		raw := append(plainPages(t, p, v, databaseFile), plainPages(t, p, v, databaseFile+"-wal")...)
		for _, at := range traces(raw, erased) {
			t.Fatalf("%s: at %d of page %d is %q", what, at%pageSize, at/pageSize+1, raw[max(0, at-30):at+20])
		}
		for _, w := range kept {
			if !bytes.Contains(raw, []byte(w)) {
				t.Fatalf("%s: %s is not there", what, w)
			}
		}
	}
	kept = owns[withEve][len(owns[withEve])-50:]
	nowhere("nothing erased")
	for i, m := range got(db.Older(withBob, "", 40))(t) {
		check(t, db.Remove(m.Conv, m.ID))
		erased = append(erased, words(m.Text.String())[1], m.Text[1].Link, m.ID)
		if i%13 == 0 {
			nowhere("removed")
		}
	}
	nowhere("removed some")
	for got(db.Erase(im.Range{Conv: withBob}))(t) > 0 {
	}
	erased = append(erased, owns[withBob]...)
	nowhere("one conversation erased")
	check(t, db.DeleteAccount(carol))
	same(t, "after deleting the account", len(got(db.Older(carolBob, "", 9))(t))+len(got(db.Older(dave, "", 9))(t)), 0)
	same(t, "pasts", len(got(db.Pasts())(t)), 1)
	for _, w := range owns[dave][:50] {
		same(t, "found", len(got(found(db, im.Search{Words: w, Limit: 9}))(t)), 0)
	}
	erased = append(append(erased, owns[carolBob]...), owns[dave]...)
	nowhere("one account deleted")
	kept = nil
	erased = append(erased, owns[withEve]...)
	for got(db.Erase(im.Range{}))(t) > 0 {
	}
	nowhere("everything erased")
	check(t, db.SetDraft(withEve, im.Draft{Text: "a-draft-is-secret"}), db.Append(line(withEve, "last")))
	check(t, db.SetDraft(withEve, im.Draft{}), db.Remove(withEve, "last"))
	erased = append(erased, "a-draft-is-secret")
	nowhere("a draft sent")
}

// What was taken off the disk but is no line is in no file either after the next sweep.
func TestDraftsAndValuesErased(t *testing.T) {
	p, v := lockedProfile(t)
	db := openDB(t, p, v)
	const secret = "canary-nobody-may-read"
	bob := []im.Buddy{{Bare: secret + "@example.net"}}
	for what, f := range map[string]func() error{
		"a draft": func() error {
			return errors.Join(db.SetDraft(withEve, im.Draft{Text: secret}), db.SetDraft(withEve, im.Draft{}))
		},
		"a plugin's value": func() error {
			return errors.Join(db.Space("otr").Put("key", []byte(secret)), db.Space("otr").Delete("key"))
		},
		"a setting": func() error { return errors.Join(db.SetSetting("a", secret), db.SetSetting("a", "")) },
		"a setting that was dropped": func() error {
			return errors.Join(db.SetSetting("b"+secret, secret), db.DropSetting("b"+secret))
		},
		"a buddy": func() error { return errors.Join(db.SaveRoster(alice, bob), db.SaveRoster(alice, nil)) },
	} {
		check(t, f())
		sweep(t, db)
		for _, name := range []string{databaseFile, databaseFile + logSuffix} {
			if bytes.Contains(plainPages(t, p, v, name), []byte(secret)) {
				t.Errorf("%s has %s that was taken off the disk", name, what)
			}
		}
	}
}

// A program that died before all was taken off the disk goes on with that.
func TestErasingGoesOnAfterACrash(t *testing.T) {
	p, v := lockedProfile(t)
	db := openDB(t, p, v)
	r := rand.New(rand.NewPCG(6, 6))
	var erased []string
	for range 10 {
		var lines []im.Message
		for i := range 35 {
			m, words := unique(r, withBob, i)
			lines, erased = append(lines, m), append(erased, words...)
		}
		got(db.Import(lines))(t)
	}
	check(t, db.Append(line(withEve, "kept")), db.DeleteAccount(alice))
	steps := 0
	for more := true; more; steps++ {
		files := filesOf(t, p)
		q, u := profileWith(t, files)
		after := openDB(t, q, u)
		sweep(t, after)
		agrees(t, after)
		same(t, "lines", got(number(after.conn, "SELECT count(*) FROM message"))(t), int64(0))
		same(t, "conversations", got(number(after.conn, "SELECT count(*) FROM conversation"))(t), int64(0))
		raw := append(plainPages(t, q, u, databaseFile), plainPages(t, q, u, databaseFile+"-wal")...)
		for _, at := range traces(raw, erased) {
			t.Fatalf("after a crash at step %d there is %q", steps, raw[at:at+20])
		}
		more = got(db.Sweep())(t)
	}
	if steps < 2 {
		t.Errorf("it took %d steps", steps)
	}
}

// scrub wipes what no row is in, and nothing of other pages.
func TestScrub(t *testing.T) {
	page := func(kind byte, rows, content int, first bool) []byte {
		p := bytes.Repeat([]byte{0xee}, pageSize)
		at := 0
		if first {
			at = 100
		}
		p[at], p[at+3], p[at+4], p[at+5], p[at+6] = kind, byte(rows>>8), byte(rows), byte(content>>8), byte(content)
		sum := pageSum(p[:pageSize-8])
		copy(p[pageSize-8:], sum[:])
		return p
	}
	for _, c := range []struct {
		kind        byte
		rows        int
		content     int
		first       bool
		from, until int
	}{
		{13, 3, 1000, false, 14, 1000}, {5, 3, 1000, false, 18, 1000}, {10, 0, 4088, false, 8, 4088}, {2, 1, 15, false, 14, 15},
		{13, 3, 1000, true, 114, 1000}, {13, 10, 28, false, 0, 0}, {13, 10, 27, false, 0, 0}, {13, 3, 4089, false, 0, 0}, {13, 3, 0, false, 0, 0},
		{0, 3, 1000, false, 0, 0}, {1, 3, 1000, false, 0, 0}, {13, 65535, 4000, false, 0, 0},
	} {
		p := page(c.kind, c.rows, c.content, c.first)
		want := bytes.Clone(p)
		clear(want[c.from:c.until])
		sum := pageSum(want[:pageSize-8])
		copy(want[pageSize-8:], sum[:])
		scrub(p, c.first)
		if !bytes.Equal(p, want) {
			t.Errorf("%+v: the page is different", c)
		}
		p = page(c.kind, c.rows, c.content, c.first)
		p[2000] ^= 1 // no page of ours
		want = bytes.Clone(p)
		scrub(p, c.first)
		if !bytes.Equal(p, want) {
			t.Errorf("%+v: a page with another checksum was changed", c)
		}
	}
}
