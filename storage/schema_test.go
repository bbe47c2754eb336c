package storage

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"culver/im"
)

// olderProfile has a database of an older version of the schema, with rows as that
// version wrote them, and says what is to be read of it.
func olderProfile(t *testing.T, version int) (p *Profile, v *Vault, want []im.Message) {
	t.Helper()
	p, v = lockedProfile(t)
	key := got(p.databaseKey(t.Context(), v, false))(t)
	check(t, os.WriteFile(p.path(databaseFile), nil, 0o600))
	conn, err := connect(t.Context(), p.path(databaseFile), key)
	check(t, err, conn.EnableChecksums("main"), conn.Exec(fmt.Sprint("PRAGMA application_id = ", applicationID)),
		migrate(conn, migrations[:version]), conn.Exec("PRAGMA journal_mode = wal"))
	old := &DB{conn: conn, path: p.path(databaseFile), statements: map[string]*sqlite3.Stmt{}}
	check(t, old.SaveAccount(im.Account{ID: alice, Alias: "Älice"}), old.SetSetting("a", "b"), old.Space("otr").Put("a", []byte{0, 1}),
		old.SaveRoster(alice, []im.Buddy{{Bare: withBob.Peer, Groups: []string{"Friends"}}}),
		old.exec("INSERT INTO conversation (seq, account, peer) VALUES (1, ?, ?), (7, ?, ?), (8, ?, 'nobody')",
			string(alice), withBob.Peer, string(alice), withEve.Peer, string(alice)))
	write := func(seq, c int, m im.Message) {
		private, value := "", ""
		if version >= 2 {
			private, value = ", private", fmt.Sprint(", ", map[bool]int{true: 1}[m.Private])
		} else {
			m.Private = m.Out && m.State != im.Done && m.Seal.Level != im.Open // as the second version takes it
		}
		check(t, old.exec(`INSERT INTO message (seq, conversation, id, kind, out, bare, resource, text, format, seconds, nanos,
				level, sealed_by, state, reason, late`+private+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?`+value+`)`,
			seq, c, m.ID, int(m.Kind), m.Out, m.From.Bare, m.From.Resource, m.Text.String(), format(m.Text), m.Time.Unix(), m.Time.Nanosecond(),
			int(m.Seal.Level), m.Seal.By, int(m.State), m.Reason, m.Late))
		want = append(want, m)
	}
	write(1, 1, at(withBob, "first", noon.AddDate(1, 0, 0), "hello there"))
	write(2, 7, at(withEve, "eve", noon.AddDate(0, 0, 1), "hello Eve"))
	write(4, 1, at(withBob, "earlier than the first", noon, "")) // a late one, and one was removed before it
	m := at(withBob, "bold", noon.AddDate(0, 0, 1), "")
	m.Text = im.Text{{Text: "Ünder "}, {Text: "way\x00", Style: im.Bold, Link: "https://example.org"}}
	m.Out, m.State, m.Seal, m.Reason = true, im.Waiting, im.Seal{Level: im.Verified, By: "otr"}, "Not connected."
	write(5, 1, m)
	write(6, 1, at(withBob, "of the future", noon.AddDate(5000, 0, 0), "hello future"))
	write(7, 1, at(withBob, "of the past", noon.AddDate(-5000, 0, 0), "hello past"))
	m = failed(at(withBob, "failed", noon, "private and failed"), "Nobody is there.")
	m.Out, m.Private, m.Late, m.Kind, m.Seal = true, version >= 2, true, im.Alarm, im.Seal{Level: im.Private, By: "otr"}
	write(99, 1, m)
	for i := range 300 {
		write(100+i, 7, at(withEve, fmt.Sprint(i), noon.AddDate(0, 0, i), fmt.Sprint("line ", i, " of many")))
	}
	check(t, old.Close())
	return p, v, want
}

// is makes sure that the profile has what olderProfile put there.
func isMigrated(t *testing.T, db *DB, want []im.Message) {
	t.Helper()
	var all []im.Message
	for _, c := range []im.ConvID{withBob, withEve} {
		mine := got(db.Older(c, "", 10_000))(t)
		i := 0
		for _, m := range want {
			if m.Conv == c {
				if i >= len(mine) {
					t.Fatalf("there are %d lines", i)
				}
				same(t, m.ID, mine[i], m)
				i++
			}
		}
		same(t, "lines", len(mine), i)
		all = append(all, mine...)
	}
	same(t, "lines", len(all), len(want))
	same(t, "unsent", ids(got(db.Unsent(alice))(t)), "bold")
	same(t, "stranded", ids(got(db.Stranded(alice))(t)), "failed")
	same(t, "found", ids(got(found(db, im.Search{Words: "HELLO", Limit: 9}))(t)), "of the past of the future eve first")
	same(t, "found with an accent", ids(got(found(db, im.Search{Words: "under way", Limit: 9}))(t)), "bold")
	pasts := got(db.Pasts())(t)
	same(t, "pasts", []any{len(pasts), pasts[0].Conv, pasts[0].Lines, pasts[1].Conv, pasts[1].Lines}, []any{2, withEve, 301, withBob, 6})
	if days := got(db.Days(withBob, noon.AddDate(-100, 0, 0), noon.AddDate(100, 0, 0)))(t); len(days) == 0 || days[0].Year() != 2025 {
		t.Errorf("days: %v", days)
	}
	same(t, "account", got(db.Accounts())(t)[0].Alias, "Älice")
	same(t, "roster", got(db.Roster(alice))(t)[0].Groups, []string{"Friends"})
	agrees(t, db)
	same(t, "integrity", got(text(db.conn, "PRAGMA integrity_check"))(t), "ok")
	check(t, db.Append(line(withBob, "new")))
	same(t, "the newest", ids(got(db.Older(withBob, "", 2))(t)), "failed new")
}

// released are the digests of the migrations. The older databases of these tests are
// made by the migrations themselves, so a change of one would break no other test, but
// the profile of everybody who has done it already, in its old text. So a digest is
// added here with each new migration, and never changed.
var released = []string{
	"e889002c40e2f3f9eec985adb94af4093664e9298dcf5df20cdc59cf5b3f2a47",
	"aa4483113628d345209fd19aa3426136ceb105b09d46e775da241c7261b854df",
	"a3675bd95505a450a757a9e1bae4975a536ca2cb8992060cc83a5784fa72e4ca",
	"3c19cbd948b9bd96bb7a665c08c2d71a68e083e2f6fe64f94b547bd9ba976b68",
	"1b612f686f3376374bfef0183b148f7c051c373da7cfd17d0d4fac3f159c5036",
	"ad33a452197152039cb0d7449fac6bf454b53f8a9040a0bc74ab5a17f44a98b8",
	"0f7ff38f51b32a5f0280d92cb1a86f87ba3f300e9a98e5b7a0e2205006964796",
	"dafa2318cb6f2ce062513c8d6014568a9fd276e61f3dad2bea93a9d960fcaa35",
}

// Lines from before it was kept how they are known elsewhere are as they were.
func TestMigrationOfLinesWithoutOrigin(t *testing.T) {
	p, v, want := olderProfile(t, 6)
	db := openDB(t, p, v)
	check(t, db.exec("INSERT INTO word (rowid, text, conversation) SELECT seq, words(text), 'c' || conversation FROM message ORDER BY seq"))
	first := want[0]
	same(t, "the first", got(db.Older(withBob, "earlier than the first", 9))(t), []im.Message{first})
	for _, m := range want {
		if m.ID == "bold" { // of ours
			same(t, "by its ID", ids(got(db.ByOrigin(withBob, "", m.ID))(t)), m.ID)
			m.Text, m.Edited = im.Plain("edited"), true
			check(t, db.Edit(m))
			same(t, "edited", got(db.ByOrigin(withBob, "", m.ID))(t), []im.Message{m})
		}
	}
	agrees(t, db)
	same(t, "integrity", got(text(db.conn, "PRAGMA integrity_check"))(t), "ok")
}

func TestMigrationsStayAsTheyAre(t *testing.T) {
	var now []string
	for _, sql := range migrations {
		now = append(now, fmt.Sprintf("%x", sha256.Sum256([]byte(sql))))
	}
	same(t, "digests", now, released)
}

func TestMigrationsOfReleasedVersions(t *testing.T) {
	for version := 1; version <= 3; version++ {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			p, v, want := olderProfile(t, version)
			db := openDB(t, p, v)
			isMigrated(t, db, want)
			check(t, db.Close())
			db = openDB(t, p, v)
			same(t, "opened again", len(got(db.Older(withEve, "", 1000))(t)), 301)
		})
	}
}

// The program dies in the middle of a migration, again and again, and each time at
// another point of it: the old version is there whole.
func TestKilledWhileMigrating(t *testing.T) {
	for version := 1; version < len(migrations); version++ {
		if version > 3 {
			continue // was never released
		}
		p, v, want := olderProfile(t, version)
		key := got(v.Get(t.Context(), databaseKey))(t)
		conn, err := connect(t.Context(), p.path(databaseFile), key)
		check(t, err, conn.Exec("PRAGMA cache_size = 1")) // pages are written before they are final
		got(text(conn, "PRAGMA journal_mode = wal"))(t)
		check(t, conn.Exec("BEGIN IMMEDIATE"))
		for _, sql := range migrations[version:] {
			check(t, conn.Exec(sql))
			q, u := profileWith(t, filesOf(t, p))
			isMigrated(t, openDB(t, q, u), want)
		}
		check(t, conn.Exec("ROLLBACK"), conn.Close())
	}
}

func TestMigrationOfADamagedDatabase(t *testing.T) {
	p, v, _ := olderProfile(t, 3)
	files := filesOf(t, p)
	data := files[databaseFile]
	for page := 1; page < len(data)/pageSize; page += 3 {
		bad := append([]byte(nil), data...)
		bad[page*pageSize+1000] ^= 1
		q, u := profileWith(t, map[string][]byte{databaseFile: bad, vaultFile: files[vaultFile], vaultCopy: files[vaultCopy]})
		db, err := q.OpenDB(t.Context(), u)
		if err == nil {
			check(t, db.Close())
		} else if !errors.Is(err, ErrDamaged) {
			t.Errorf("page %d: %v, want ErrDamaged", page, err)
		}
	}
	_ = v
}
