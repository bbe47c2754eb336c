package foreign

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// Columns that are worked out can be made to take hours, and views are no tables.
func TestTablesThatWork(t *testing.T) {
	const addresses = `CREATE TABLE jids (jid_id INTEGER PRIMARY KEY, jid TEXT UNIQUE, type INTEGER);
		INSERT INTO jids VALUES (1, 'alice@example.org', 0), (2, 'bob@example.com', 0);`
	for name, schema := range map[string]string{
		"virtual column": `CREATE TABLE logs (id INTEGER PRIMARY KEY, account_id, jid_id, time, kind, message TEXT AS (hex(zeroblob(9))));
			INSERT INTO logs (account_id, jid_id, time, kind) VALUES (1, 2, 1e9, 4);`,
		"stored column": `CREATE TABLE logs (id INTEGER PRIMARY KEY, account_id, jid_id, time, kind INTEGER AS (4) STORED, message);
			INSERT INTO logs (account_id, jid_id, time, message) VALUES (1, 2, 1e9, 'hi');`,
		"another column": `CREATE TABLE logs (id INTEGER PRIMARY KEY, account_id, jid_id, time, kind, message, x AS (hex(zeroblob(9))));
			INSERT INTO logs (account_id, jid_id, time, kind, message) VALUES (1, 2, 1e9, 4, 'hi');`,
		"view": `CREATE VIEW logs AS SELECT 1 AS account_id, 2 AS jid_id, 1e9 AS time, 4 AS kind, 'hi' AS message;`,
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			makeDatabase(t, filepath.Join(dir, gajimDatabase), addresses+schema)
			p := read(t, dir, "Gajim")
			if len(p.Logs) > 0 {
				t.Errorf("read all the same: %+v", p.Logs)
			}
			hasNote(t, p, "could not be read")
		})
	}
}

// unending is a query that goes on for hours without a row.
const unending = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n WHERE i < 0"

func TestQueriesEnd(t *testing.T) {
	dir := t.TempDir()
	makeDatabase(t, filepath.Join(dir, gajimDatabase), "CREATE TABLE x (y)")
	f, err := openFolder(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.close()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	db, err := openDatabase(ctx, f, gajimDatabase)
	if err != nil {
		t.Fatal(err)
	}
	defer db.close()
	none := func(*sqlite3.Stmt) error { return errors.New("a row") }
	db.limit = time.Millisecond
	if err := db.query(unending, none); err != errDatabase {
		t.Errorf("after its time: %v", err)
	}
	db.limit = time.Hour
	if !db.has("x", "y") {
		t.Error("no query after one that took too long")
	}
	time.AfterFunc(time.Millisecond, stop)
	if err := db.query(unending, none); err != context.Canceled {
		t.Errorf("given up: %v", err)
	}
}

// Who gives up has no profile, whichever program it is of.
func TestReadingIsGivenUp(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	for _, p := range programs() {
		dir := t.TempDir()
		found := Found{Title: p.title, Folder: dir, read: p.read}
		got, err := found.Read(ctx, Places{})
		if got != nil || !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), dir) {
			t.Errorf("%s: %v, %v", p.title, got, err)
		}
	}
}
