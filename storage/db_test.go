package storage

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"culver/im"
)

// fill puts n messages of some length into the store, and a bit of everything else.
func fill(t *testing.T, s store, n int) {
	t.Helper()
	check(t, s.SaveAccount(im.Account{ID: alice}), s.SaveRoster(alice, []im.Buddy{{Bare: withBob.Peer}}),
		s.SetSetting("a", "b"), s.Space("otr").Put("a", []byte("b")))
	for i := range n {
		m := line(withBob, fmt.Sprint(i))
		m.Text = im.Plain(strings.Repeat(m.ID+" ", 200))
		check(t, s.Append(m))
	}
}

// everything is all that a store holds of what fill put there.
func everything(s store) (all []any, err error) {
	accounts, e1 := s.Accounts()
	roster, e2 := s.Roster(alice)
	messages, e3 := s.Older(withBob, "", 1<<30)
	unsent, e4 := s.Unsent(alice)
	setting, _, e5 := s.Setting("a")
	space, e6 := s.Space("otr").List("")
	return []any{accounts, roster, messages, unsent, setting, space}, errors.Join(e1, e2, e3, e4, e5, e6)
}

// filesOf are the files of a profile and what is in them.
func filesOf(t *testing.T, p *Profile) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	check(t, filepath.WalkDir(p.Dir(), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files[d.Name()], err = os.ReadFile(path)
		return err
	}))
	return files
}

// profileWith is a profile with these files, and its vault.
func profileWith(t *testing.T, files map[string][]byte) (*Profile, *Vault) {
	t.Helper()
	p := newProfile(t)
	for name, data := range files {
		if name != lockFile {
			check(t, os.WriteFile(p.path(name), data, 0o600))
		}
	}
	return p, got(p.UnlockVault(pass))(t)
}

func TestNothingLiesOpenOnTheDisk(t *testing.T) {
	p, v := lockedProfile(t)
	db := openDB(t, p, v)
	const canary = "canary-in-a-coal-mine"
	check(t, v.Put(t.Context(), canary, []byte(canary)),
		db.SaveAccount(im.Account{ID: canary, Alias: canary, Options: map[string]string{canary: canary}}),
		db.SaveRoster(canary, []im.Buddy{{Bare: canary, Name: canary, Groups: []string{canary}}}),
		db.SetSetting(canary, canary), db.Space(canary).Put(canary, []byte(canary)))
	for i := range 50 { // some to be deleted, some to be moved about
		m := im.Message{ID: fmt.Sprint(canary, i), Conv: im.ConvID{Account: canary, Peer: canary}, Out: true,
			From: im.Addr{Bare: canary, Resource: canary}, Text: im.Text{{Text: canary}, {Text: strings.Repeat(canary, 300), Link: canary}},
			State: im.Waiting, Reason: canary, Seal: im.Seal{By: canary}}
		check(t, db.Append(m), db.Update(failed(m, canary+canary)))
		if i%2 == 0 {
			check(t, db.Remove(m.Conv, m.ID))
		}
	}
	key := got(v.Get(t.Context(), databaseKey))(t)
	sing := func(when string) {
		files := filesOf(t, p)
		if len(files[databaseFile]) == 0 {
			t.Fatal("there is no database")
		}
		for name, data := range files {
			for _, form := range slices.Concat(forms(canary), forms("SQLite format 3"), forms("CREATE TABLE"), forms(string(key)), forms(hex.EncodeToString(key))) {
				if bytes.Contains(data, form) {
					t.Errorf("%s: %s contains %q", when, name, form)
				}
			}
			if strings.Contains(name, canary) {
				t.Errorf("%s: a file is called %s", when, name)
			}
		}
	}
	sing("while it is open")
	same(t, "there is a log", len(filesOf(t, p)[databaseFile+"-wal"]) > 0, true)
	check(t, db.DeleteAccount(canary))
	sing("after deleting")
	check(t, db.Close())
	sing("after closing")
}

func TestDatabaseFilesArePrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		return // there, who may read is inherited from the user's folder
	}
	p, v := lockedProfile(t)
	fill(t, openDB(t, p, v), 3)
	for name := range filesOf(t, p) {
		same(t, name, got(os.Stat(p.path(name)))(t).Mode().Perm(), os.FileMode(0o600))
	}
	same(t, "the log is among them", len(filesOf(t, p)[databaseFile+"-wal"]) > 0, true)
}

func TestOddFolders(t *testing.T) {
	for _, name := range []string{"with space", "per%41cent %2e", "question?vfs=x&key=y", "hash#tag", "quote'\"", "ünï", "semi;colon", "+plus"} {
		if runtime.GOOS == "windows" && strings.ContainsAny(name, `?"`) {
			continue // not allowed there
		}
		p := openProfile(t, filepath.Join(t.TempDir(), name))
		v := got(p.CreateVault(pass))(t)
		db := openDB(t, p, v)
		fill(t, db, 1)
		check(t, db.Close())
		same(t, "files in "+name, slices.Sorted(maps.Keys(filesOf(t, p))), []string{databaseFile, lockFile, vaultFile, vaultCopy})
		same(t, "messages", len(got(openDB(t, p, v).Older(withBob, "", 9))(t)), 1)
	}
}

func TestDatabaseOfANewerVersion(t *testing.T) {
	files, want := closedProfile(t)
	p, v := profileWith(t, files)
	key := got(v.Get(t.Context(), databaseKey))(t)
	alter := func(sql string) {
		conn, err := connect(t.Context(), p.path(databaseFile), key)
		check(t, err, conn.Exec(sql), conn.Close())
	}
	alter(fmt.Sprint("PRAGMA user_version = ", len(migrations)+1))
	refused(t, "newer", p, v, ErrNewer)
	alter("PRAGMA user_version = -1")
	refused(t, "nonsense", p, v, ErrNewer)
	alter(fmt.Sprint("PRAGMA user_version = ", len(migrations)))
	alter("PRAGMA application_id = 1")
	refused(t, "another program's", p, v, ErrDamaged)
	alter(fmt.Sprint("PRAGMA application_id = ", applicationID))
	same(t, "as it was", got(everything(openDB(t, p, v)))(t), want)
}

func TestMigrations(t *testing.T) {
	p, v := lockedProfile(t)
	db := openDB(t, p, v)
	fill(t, db, 3)
	version := func() int64 { return got(number(db.conn, "PRAGMA user_version"))(t) }
	same(t, "version", version(), int64(len(migrations)))
	two := append(slices.Clone(migrations), "ALTER TABLE setting ADD COLUMN note TEXT; UPDATE setting SET note = 'new'")
	bad := append(slices.Clone(two), "UPDATE setting SET note = 'lost'; CREATE TABLE setting (x)")
	if err := migrate(db.conn, bad); err == nil {
		t.Error("a migration that cannot be was done")
	}
	same(t, "version after one that works and one that does not", version(), int64(len(two)))
	same(t, "the one that does not", got(text(db.conn, "SELECT note FROM setting"))(t), "new")
	check(t, migrate(db.conn, two))
	if err := migrate(db.conn, migrations); !errors.Is(err, ErrNewer) {
		t.Errorf("going back: %v, want ErrNewer", err)
	}
	same(t, "messages", len(got(db.Older(withBob, "", 9))(t)), 3)
}

// A profile of the first version, with a line under way in it: what was to leave
// sealed is private, what was not is not.
func TestMigrationToPrivateLines(t *testing.T) {
	conn, err := sqlite3.Open("file:first?mode=memory")
	check(t, err)
	defer conn.Close()
	check(t, functions(conn), migrate(conn, migrations[:1]))
	insert := func(id string, out, state, level int) {
		check(t, conn.Exec(fmt.Sprintf(`INSERT INTO message (conversation, id, kind, out, bare, resource, text,
			seconds, nanos, level, sealed_by, state, reason, late)
			VALUES (1, '%s', 0, %d, 'b', '', 'text', 0, 0, %d, '', %d, '', 0)`, id, out, level, state)))
	}
	insert("open waiting", 1, int(im.Waiting), int(im.Open))
	insert("sealed sending", 1, int(im.Sending), int(im.Private))
	insert("sealed failed", 1, int(im.Failed), int(im.Verified))
	insert("sealed done", 1, int(im.Done), int(im.Private))
	insert("theirs", 0, int(im.Done), int(im.Private))
	check(t, migrate(conn, migrations))
	same(t, "version", got(number(conn, "PRAGMA user_version"))(t), int64(len(migrations)))
	same(t, "all are there", got(number(conn, "SELECT count(*) FROM message"))(t), int64(5))
	same(t, "private", got(text(conn, "SELECT group_concat(id) FROM (SELECT id FROM message WHERE private = 1 ORDER BY seq)"))(t),
		"sealed sending,sealed failed")
}

// failed is the message as one that was not sent.
func failed(m im.Message, reason string) im.Message {
	m.State, m.Reason = im.Failed, reason
	return m
}

// A program that died while it made the database left a key, a file that is not
// whole, or both.
func TestCrashWhileMakingTheDatabase(t *testing.T) {
	for name, prepare := range map[string]func(p *Profile, v *Vault){
		"a key": func(p *Profile, v *Vault) {
			check(t, p.beginDatabase(), v.Put(t.Context(), databaseKey, bytes.Repeat([]byte{7}, databaseKeySize)))
		},
		"a file": func(p *Profile, v *Vault) {
			for _, name := range []string{"", "-journal", "-wal"} {
				check(t, os.WriteFile(p.path(databaseFile+newSuffix+name), make([]byte, 5000), 0o600))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, v := lockedProfile(t)
			prepare(p, v)
			key := got(v.Get(t.Context(), databaseKey))(t)
			db := openDB(t, p, v)
			fill(t, db, 1)
			check(t, db.Close())
			if key != nil {
				same(t, "key", got(v.Get(t.Context(), databaseKey))(t), key)
			}
			same(t, "files", slices.Sorted(maps.Keys(filesOf(t, p))), []string{databaseFile, lockFile, vaultFile, vaultCopy})
		})
	}
}

func TestOpenDBIsCancelled(t *testing.T) {
	p, v := lockedProfile(t)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.OpenDB(gone, v); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	same(t, "files", slices.Sorted(maps.Keys(filesOf(t, p))), []string{lockFile, vaultFile, vaultCopy})
}

// What people read in long histories is found by an index.
func TestQueriesUseIndexes(t *testing.T) {
	p, v := lockedProfile(t)
	db := openDB(t, p, v)
	fill(t, db, 3)
	got(db.Older(withBob, "", 1))(t)
	got(db.Unsent(alice))(t)
	got(db.Space("otr").List("a"))(t)
	check(t, db.Update(line(withBob, "1")), db.Remove(withBob, "1"))
	for sql := range db.statements {
		if !strings.Contains(sql, "message") && !strings.Contains(sql, "space") || strings.Contains(sql, "INSERT") {
			continue
		}
		var plan []string
		s, _, err := db.conn.Prepare("EXPLAIN QUERY PLAN " + sql)
		check(t, err)
		for s.Step() {
			plan = append(plan, s.ColumnText(3))
		}
		check(t, s.Close())
		for _, step := range plan {
			if strings.Contains(step, "TEMP B-TREE") || strings.Contains(step, "SCAN") && !strings.Contains(step, "message_unsent") {
				t.Errorf("%s\n%s", sql, strings.Join(plan, "\n"))
			}
		}
	}
}

// The numbers are in the users' databases.
func TestNumbersOnTheDisk(t *testing.T) {
	for want, all := range [][]int{
		{int(im.Chat), int(im.Done), int(im.Open)},
		{int(im.Notice), int(im.Waiting), int(im.Private)},
		{int(im.Alarm), int(im.Sending), int(im.Verified)},
		{int(im.Failed), int(im.Ended)},
	} {
		for i, n := range all {
			if n != want {
				t.Errorf("constant %d of row %d is %d: add a migration", i, want, n)
			}
		}
	}
	same(t, "styles", []im.Style{im.Bold, im.Italic, im.Underline, im.Strike, im.Code}, []im.Style{1, 2, 4, 8, 16})
}

func BenchmarkAppend(b *testing.B) {
	dir := b.TempDir()
	p, err := OpenProfile(dir)
	if err != nil {
		b.Fatal(err)
	}
	p.cost, p.cheapest = cheap, cheap()
	v, err := p.CreateVault(pass)
	if err != nil {
		b.Fatal(err)
	}
	db, err := p.OpenDB(b.Context(), v)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	for i := 0; b.Loop(); i++ {
		if err := db.Append(line(withBob, fmt.Sprint(i))); err != nil {
			b.Fatal(err)
		}
	}
}
