package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"culver/im"
)

// lived is a profile that was used: a bit of everything, and some of it erased.
func lived(t *testing.T) (p *Profile, v *Vault, db *DB) {
	t.Helper()
	p, v = lockedProfile(t)
	db = openDB(t, p, v)
	for _, id := range []im.AccountID{alice, carol} {
		check(t, db.SaveAccount(im.Account{ID: id, Alias: "alias", Enabled: true, Options: map[string]string{"server": "example.net", "resource": ""}}),
			db.SaveRoster(id, []im.Buddy{{Bare: "bob@example.org", Groups: []string{"Friends"}, Subscription: im.SubscriptionBoth}, {Bare: "eve@example.org", Asking: true}}))
	}
	for i := range 60 {
		check(t, db.SetSetting(fmt.Sprint("setting", i), strings.Repeat("v", i*3)), db.Space("otr").Put(fmt.Sprint("trust/", i), make([]byte, i*5)))
	}
	check(t, db.SetChoice(withBob, "tell", ""), db.SetDraft(withBob, im.Draft{Text: "draft", Private: true}), db.SetLogging(withEve, false))
	var lines []im.Message
	for i := range 120 {
		c := []im.ConvID{withBob, withBob, withEve, carolBob}[i%4]
		m := at(c, fmt.Sprint("id", i), noon.AddDate(0, 0, i*7%300), fmt.Sprint("the text of line ", i, " ", strings.Repeat("x", i)))
		if i%40 == 3 {
			m.Text = im.Text{{Text: strings.Repeat("long ", 3000)}, {Text: fmt.Sprint(i), Style: im.Bold, Link: "https://example.org"}}
		}
		m.Out, m.Reason = i%2 == 0, "reason"
		if i%3 == 0 {
			m.Origin, m.Archive, m.Edited, m.Nick, m.State = fmt.Sprint("origin", i), fmt.Sprint("archive", i), i%2 == 0, "Nick", im.Delivered
		}
		lines = append(lines, m)
	}
	got(db.Import(lines))(t)
	for i := range 20 {
		check(t, db.Append(line(withBob, fmt.Sprint("new", i))))
	}
	check(t, db.Remove(withBob, "new7"), db.SetSetting("setting60", "in the log"), db.Append(line(withEve, "newest")))
	return p, v, db
}

// contents is all of a profile, by what it is.
func contents(t *testing.T, db *DB) map[string]any {
	t.Helper()
	all := map[string]any{"choices": got(db.Choices())(t), "drafts": got(db.Drafts())(t), "logging": got(db.Logging())(t)}
	for _, a := range got(db.Accounts())(t) {
		all["account "+string(a.ID)] = a
	}
	for _, id := range []im.AccountID{alice, carol} {
		for _, b := range got(db.Roster(id))(t) {
			all["buddy "+string(id)+b.Bare] = b
		}
	}
	for _, c := range []im.ConvID{withBob, withEve, carolBob} {
		for _, m := range got(db.Older(c, "", 10_000))(t) {
			all["line "+string(c.Account)+c.Peer+m.ID] = m
		}
	}
	for i := range 61 {
		key := fmt.Sprint("setting", i)
		if value, ok, err := db.Setting(key); ok {
			check(t, err)
			all["setting "+key] = value
		}
	}
	for key, value := range got(db.Space("otr").List(""))(t) {
		all["space "+key] = value
	}
	return all
}

// lost are the kinds of what is missing, and how much of each. What is there has to be
// what it was; an account of which only the name is left counts as missing.
func lost(t *testing.T, what string, before, after map[string]any) map[string]int {
	t.Helper()
	missing := map[string]int{}
	for name, value := range before {
		kind, _, _ := strings.Cut(name, " ")
		now, there := after[name]
		if a, is := now.(im.Account); is && !a.Enabled && a.Alias == "" && len(a.Options) == 0 {
			there = false
		}
		switch {
		case kind == "choices" || kind == "drafts" || kind == "logging":
			if fmt.Sprint(now) != fmt.Sprint(value) {
				missing[kind]++
			}
		case !there:
			missing[kind]++
		default:
			if !reflect.DeepEqual(now, value) {
				t.Fatalf("%s: %s is %.300v, was %.300v", what, name, now, value)
			}
		}
	}
	for name := range after {
		if _, there := before[name]; !there {
			t.Errorf("%s: %s was never there", what, name)
		}
	}
	return missing
}

// Whatever single page of a database is damaged, however: what is on the others is
// kept, and nothing is made up.
func TestRescueFromDamageAtEachPage(t *testing.T) {
	p, v, db := lived(t)
	before := contents(t, db)
	check(t, db.Close())
	files := filesOf(t, p)
	whole := files[databaseFile]
	for page := range len(whole) / pageSize {
		bad := slices.Clone(whole)
		at := bad[page*pageSize : (page+1)*pageSize]
		switch page % 4 {
		case 0:
			at[page%pageSize] ^= 1
		case 1:
			clear(at)
		case 2:
			copy(at, bytes.Repeat([]byte("garbage "), pageSize/8))
		case 3:
			other := (page + 5) % (len(whole) / pageSize)
			copy(at, whole[other*pageSize:(other+1)*pageSize])
		}
		if bytes.Equal(bad, whole) {
			continue
		}
		what := fmt.Sprint("page ", page+1)
		q, u := profileWith(t, map[string][]byte{vaultFile: files[vaultFile], vaultCopy: files[vaultCopy], databaseFile: bad})
		r, err := q.Rescue(t.Context(), u)
		check(t, err)
		rescued := openDB(t, q, u)
		missing := lost(t, what, before, contents(t, rescued))
		if r.Bad != 1 || r.Pages != len(whole)/pageSize || r.Lines == 0 || r.LostLines != missing["line"] || r.Named != missing["account"] {
			t.Errorf("%s: %+v, and missing are %v", what, r, missing)
		}
		if len(missing) > 1 || missing["line"] > 40 || missing["account"] > 2 {
			t.Errorf("%s: missing %v", what, missing)
		}
		same(t, what+": the damaged one", bytes.Equal(got(os.ReadFile(r.Kept))(t), bad), true)
		check(t, rescued.Check())
		if page%10 == 0 {
			agrees(t, rescued)
		}
		check(t, rescued.Append(line(withBob, "goes on")), rescued.Close())
		check(t, u.Close(), q.Close())
	}
	_ = v
}

func TestRescueOfFiles(t *testing.T) {
	p, _, db := lived(t)
	before := contents(t, db)
	crashed := filesOf(t, p)
	check(t, db.Close())
	closed := filesOf(t, p)
	const log = databaseFile + logSuffix
	if len(crashed[log]) == 0 {
		t.Fatal("there is no log")
	}
	with := func(files map[string][]byte, name string, change func(data []byte) []byte) map[string][]byte {
		files = maps.Clone(files)
		if files[name] = change(slices.Clone(files[name])); files[name] == nil {
			delete(files, name)
		}
		delete(files, lockFile)
		return files
	}
	for _, c := range []struct {
		name  string
		files map[string][]byte
		most  int // how many things are lost at most
	}{
		{"nothing damaged", with(closed, databaseFile, bytes.Clone), 0},
		{"nothing damaged, with a log", with(crashed, databaseFile, bytes.Clone), 0},
		{"no log", with(crashed, log, func([]byte) []byte { return nil }), 1000},
		{"an empty log", with(crashed, log, func([]byte) []byte { return []byte{} }), 1000},
		{"a log of something else", with(crashed, log, func(b []byte) []byte { return make([]byte, len(b)) }), 1000},
		{"a log cut off", with(crashed, log, func(b []byte) []byte { return b[:len(b)/2] }), 1000},
		{"a log with a flipped bit", with(crashed, log, func(b []byte) []byte { b[len(b)-5000] ^= 1; return b }), 1000},
		{"half of the file", with(closed, databaseFile, func(b []byte) []byte { return b[:len(b)/2+17] }), 1000},
		{"the second half of the file", with(closed, databaseFile, func(b []byte) []byte { clear(b[:len(b)/2]); return b }), 1000},
		{"a longer file", with(closed, databaseFile, func(b []byte) []byte { return append(b, make([]byte, 10_001)...) }), 0},
	} {
		q, u := profileWith(t, c.files)
		r, err := q.Rescue(t.Context(), u)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		rescued := openDB(t, q, u)
		n := 0
		for _, k := range lost(t, c.name, before, contents(t, rescued)) {
			n += k
		}
		if n > c.most || c.most == 0 && r.LostLines+r.Named+r.Broken != 0 || r.Lines == 0 && c.most == 0 {
			t.Errorf("%s: %+v, %d missing", c.name, r, n)
		}
		same(t, c.name+": kept", bytes.Equal(got(os.ReadFile(r.Kept))(t), c.files[databaseFile]), true)
		if data, there := c.files[log]; there {
			same(t, c.name+": kept log", bytes.Equal(got(os.ReadFile(r.Kept+logSuffix))(t), data), true)
		}
		agrees(t, rescued)
	}
}

// What cannot be rescued stays as it is.
func TestNoRescue(t *testing.T) {
	p, _, db := lived(t)
	check(t, db.Close())
	files := filesOf(t, p)
	try := func(what string, ctx context.Context, change func(q *Profile, u *Vault), want error) {
		q, u := profileWith(t, files)
		change(q, u)
		before := filesOf(t, q)
		_, err := q.Rescue(ctx, u)
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", what, err, want)
		}
		after := filesOf(t, q)
		same(t, what+": files", slices.Sorted(maps.Keys(after)), slices.Sorted(maps.Keys(before)))
		for name := range before {
			same(t, what+": "+name, bytes.Equal(before[name], after[name]), true)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	try("another key", t.Context(), func(_ *Profile, u *Vault) {
		check(t, u.Put(t.Context(), databaseKey, bytes.Repeat([]byte{7}, databaseKeySize)))
	}, ErrDamaged)
	try("no key", t.Context(), func(_ *Profile, u *Vault) { check(t, u.Put(t.Context(), databaseKey, nil)) }, ErrKeyMissing)
	try("an empty file", t.Context(), func(q *Profile, _ *Vault) { check(t, os.Truncate(q.path(databaseFile), 0)) }, ErrDamaged)
	try("no file", t.Context(), func(q *Profile, _ *Vault) { check(t, os.Remove(q.path(databaseFile))) }, os.ErrNotExist)
	try("cancelled", gone, func(*Profile, *Vault) {}, context.Canceled)
}

// The program dies while the rescued database takes its place.
func TestRescueGoesOnAfterACrash(t *testing.T) {
	p, v, db := lived(t)
	before := contents(t, db)
	files := filesOf(t, p)
	check(t, db.Close())
	r := got(p.Rescue(t.Context(), v))(t)
	rescued := got(os.ReadFile(p.path(databaseFile)))(t)
	same(t, "lines", r.Lines, 140)
	for _, log := range []bool{true, false} { // whether it is there still
		files := maps.Clone(files)
		files[databaseFile+rescuedSuffix] = rescued
		if !log {
			delete(files, databaseFile+logSuffix)
		}
		files[databaseFile][10_000] ^= 1
		q, u := profileWith(t, files)
		after := openDB(t, q, u)
		same(t, "missing", lost(t, "after the crash", before, contents(t, after)), map[string]int{})
		same(t, "it has its name", len(filesOf(t, q)[databaseFile+rescuedSuffix]), 0)
	}
}

// A database of an earlier version is rescued, too.
func TestRescueOfOlderVersions(t *testing.T) {
	for version := 1; version <= 3; version++ {
		p, v, want := olderProfile(t, version)
		r := got(p.Rescue(t.Context(), v))(t)
		same(t, "lines", r.Lines, len(want))
		isMigrated(t, openDB(t, p, v), want)
	}
}

// FuzzRecords: pages that somebody made are data.
func FuzzRecords(f *testing.F) {
	f.Add([]byte{13, 0, 0, 0, 2, 15, 0, 0, 0, 12, 15, 200})
	f.Add([]byte{10, 0, 0, 0, 1, 15, 0, 0, 0, 20, 8, 3, 13, 13, 65, 66})
	f.Fuzz(func(t *testing.T, start []byte) {
		page := make([]byte, pageSize)
		copy(page, start)
		copy(page[max(0, pageSize-len(start)):], start)
		p := &pages{logged: map[uint32]int64{}, at: -1}
		s := newSalvaged()
		for n := range uint32(2) {
			rows, _ := p.records(n+1, page)
			for _, r := range rows {
				s.take(r)
			}
		}
	})
}

// It is known which tables lost rows, whatever page was damaged, and nothing is said
// to be lost that is not.
func TestRescueTellsWhatIsLost(t *testing.T) {
	p, v := lockedProfile(t)
	db := openDB(t, p, v)
	check(t, db.Append(line(withEve, "1")), db.SetLogging(withEve, false), db.SetSetting("theme", "dark"),
		db.Space("otr").Put("settings", []byte(`{"require":true}`)), db.SaveAccount(im.Account{ID: withEve.Account}))
	for i := range 400 { // more than one page
		check(t, db.Space("otr").Put(fmt.Sprint("trust/", i), make([]byte, 50)))
	}
	roots := map[string]int64{"": 1}
	check(t, db.query("SELECT name, rootpage FROM sqlite_schema WHERE type = 'table'", func(r *row) error {
		roots[r.string()] = r.int64()
		return nil
	}))
	check(t, db.Close())
	files := filesOf(t, p)
	for table, want := range map[string]string{"setting": "settings", "conversation": "choices", "space": "plugins", "account": "", "message": "",
		"choice": "told", "": "settings choices plugins told"} {
		bad := slices.Clone(files[databaseFile])
		bad[(roots[table]-1)*pageSize+50] ^= 1
		check(t, os.WriteFile(p.path(databaseFile), bad, 0o600), remove(p.path(databaseFile+logSuffix)))
		r := got(p.rescue(t.Context(), v, noon))(t)
		same(t, "lost with "+table, r.Lost, want)
		db := openDB(t, p, v)
		value, _, err := db.Setting(im.Rescued)
		check(t, err)
		same(t, "noted with "+table, value, want)
		if table == "conversation" {
			on, chosen := got(db.Logging())(t)[withEve]
			same(t, "whether it is kept", fmt.Sprint(on, chosen), "false true")
		}
		check(t, db.Close())
	}
}
