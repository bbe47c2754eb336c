package storage

import (
	"fmt"

	"github.com/ncruces/go-sqlite3"
)

// applicationID marks a database of Culver's: "CULV".
const applicationID = 0x43554C56

// migrations bring a database from one version of the schema to the next: the
// first makes it from nothing. PRAGMA user_version says how many were done. One
// that was released is never changed; a change of the schema is a new one.
var migrations = []string{schema1, schema2, schema3, schema4, schema5, schema6, schema7, schema8}

// schema1 is the first schema. The order of accounts and messages is that of
// seq. The numbers for kinds, states and levels are those of package im.
const schema1 = `
CREATE TABLE account (
	seq     INTEGER PRIMARY KEY,
	id      TEXT NOT NULL UNIQUE,
	alias   TEXT NOT NULL,
	enabled INTEGER NOT NULL,
	options BLOB NOT NULL -- names and values in turn, see encodeStrings
) STRICT;

CREATE TABLE buddy (
	account      TEXT NOT NULL,
	position     INTEGER NOT NULL,
	bare         TEXT NOT NULL,
	name         TEXT NOT NULL,
	groups       BLOB NOT NULL, -- see encodeStrings
	subscription TEXT NOT NULL,
	asking       INTEGER NOT NULL,
	PRIMARY KEY (account, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE conversation (
	seq     INTEGER PRIMARY KEY,
	account TEXT NOT NULL,
	peer    TEXT NOT NULL,
	UNIQUE (account, peer)
) STRICT;

CREATE TABLE message (
	seq          INTEGER PRIMARY KEY,
	conversation INTEGER NOT NULL,
	id           TEXT NOT NULL,
	kind         INTEGER NOT NULL,
	out          INTEGER NOT NULL,
	bare         TEXT NOT NULL,
	resource     TEXT NOT NULL,
	text         TEXT NOT NULL, -- without its formatting
	format       BLOB,          -- see encodeFormat
	seconds      INTEGER NOT NULL, -- since 1970, UTC
	nanos        INTEGER NOT NULL,
	level        INTEGER NOT NULL,
	sealed_by    TEXT NOT NULL,
	state        INTEGER NOT NULL,
	reason       TEXT NOT NULL,
	late         INTEGER NOT NULL,
	UNIQUE (conversation, id)
) STRICT;
CREATE INDEX message_order ON message (conversation, seq);
CREATE INDEX message_unsent ON message (seq) WHERE out = 1 AND state IN (1, 2);

CREATE TABLE setting (
	key   TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE space (
	space TEXT NOT NULL,
	key   TEXT NOT NULL,
	value BLOB NOT NULL,
	PRIMARY KEY (space, key)
) STRICT, WITHOUT ROWID;
`

// schema2 marks the lines that were written to be private. Of those that were not
// sent before there was the mark, the seal that they were to leave with tells.
const schema2 = `
ALTER TABLE message ADD COLUMN private INTEGER NOT NULL DEFAULT 0;
UPDATE message SET private = 1 WHERE out = 1 AND state <> 0 AND level <> 0;
`

// schema3 finds the private lines that were not sent without reading all others.
const schema3 = `
CREATE INDEX message_stranded ON message (seq) WHERE out = 1 AND state = 3 AND private = 1;
`

// schema4 makes seq the place of a line: the milliseconds since 1970 when it took
// its place in the history, or one more than the line before it has. So all that
// is asked by place or by day is in the order of seq. Old lines keep their order.
//
// A conversation says what it holds, so that a list of all needs no look at the
// lines, and whether its lines are to be kept (NULL: as the program's setting says).
const schema4 = `
ALTER TABLE message RENAME TO old;
DROP INDEX message_order;
DROP INDEX message_unsent;
DROP INDEX message_stranded;
CREATE TABLE message (
	seq          INTEGER PRIMARY KEY, -- its place
	conversation INTEGER NOT NULL,
	id           TEXT NOT NULL,
	kind         INTEGER NOT NULL,
	out          INTEGER NOT NULL,
	bare         TEXT NOT NULL,
	resource     TEXT NOT NULL,
	text         TEXT NOT NULL, -- without its formatting
	format       BLOB,          -- see encodeFormat
	seconds      INTEGER NOT NULL, -- since 1970, UTC
	nanos        INTEGER NOT NULL,
	level        INTEGER NOT NULL,
	sealed_by    TEXT NOT NULL,
	state        INTEGER NOT NULL,
	reason       TEXT NOT NULL,
	late         INTEGER NOT NULL,
	private      INTEGER NOT NULL,
	UNIQUE (conversation, id)
) STRICT;
INSERT INTO message
SELECT row + max(time - row) OVER (ORDER BY seq), conversation, id, kind, out, bare, resource, text, format,
	seconds, nanos, level, sealed_by, state, reason, late, private
FROM (SELECT *, row_number() OVER (ORDER BY seq) AS row, CASE
		WHEN seconds < 0 THEN 0
		WHEN seconds > unixepoch() THEN unixepoch() * 1000
		ELSE seconds * 1000 + nanos / 1000000 END AS time
	FROM old);
DROP TABLE old;
CREATE INDEX message_order ON message (conversation, seq);
CREATE INDEX message_unsent ON message (seq) WHERE out = 1 AND state IN (1, 2);
CREATE INDEX message_stranded ON message (seq) WHERE out = 1 AND state = 3 AND private = 1;

ALTER TABLE conversation ADD COLUMN lines INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN first INTEGER NOT NULL DEFAULT 0; -- the places of the oldest and
ALTER TABLE conversation ADD COLUMN last  INTEGER NOT NULL DEFAULT 0; -- the newest line, 0 if there is none
ALTER TABLE conversation ADD COLUMN keep  INTEGER;
UPDATE conversation SET lines = n, first = a, last = z
FROM (SELECT conversation AS c, count(*) AS n, min(seq) AS a, max(seq) AS z FROM message GROUP BY conversation)
WHERE seq = c;

CREATE TABLE draft (
	account TEXT NOT NULL,
	peer    TEXT NOT NULL,
	text    TEXT NOT NULL,
	private INTEGER NOT NULL,
	PRIMARY KEY (account, peer)
) STRICT, WITHOUT ROWID;
`

// schema5 is the index of words, by place. It has no copy of the text: what it was
// made of is made again when a line is taken out. So it says which words a line has
// as long as [words] does, and a change of that is a migration that makes it anew.
const schema5 = `
CREATE VIRTUAL TABLE word USING fts5 (text, conversation,
	content = '', columnsize = 0, tokenize = 'ascii', prefix = '3');
INSERT INTO word (word, rank) VALUES ('secure-delete', 1);
INSERT INTO word (rowid, text, conversation) SELECT seq, words(text), 'c' || conversation FROM message ORDER BY seq;
`

// schema6 leaves the merging of the index's parts to [DB.added] and [DB.tidy].
const schema6 = `
INSERT INTO word (word, rank) VALUES ('automerge', 0);
INSERT INTO word (word, rank) VALUES ('crisismerge', 1000);
`

// schema7 is what a line is known by elsewhere, and whether it was corrected. Of our own
// lines from before, the origin is the ID: see [DB.ByOrigin].
const schema7 = `
ALTER TABLE message ADD COLUMN origin  TEXT NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN archive TEXT NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN edited  INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN nick    TEXT NOT NULL DEFAULT '';
CREATE INDEX message_origin  ON message (conversation, origin) WHERE origin <> '';
CREATE INDEX message_archive ON message (conversation, archive) WHERE archive <> '';
`

// schema8 is what the user chose for single conversations.
const schema8 = `
CREATE TABLE choice (
	account TEXT NOT NULL,
	peer    TEXT NOT NULL,
	key     TEXT NOT NULL,
	value   TEXT NOT NULL,
	PRIMARY KEY (account, peer, key)
) STRICT, WITHOUT ROWID;
`

// functions are those of ours that migrations and statements call.
func functions(conn *sqlite3.Conn) error {
	return conn.CreateFunction("words", 1, sqlite3.DETERMINISTIC|sqlite3.DIRECTONLY, func(ctx sqlite3.Context, arg ...sqlite3.Value) {
		ctx.ResultText(indexed(arg[0].Text()))
	})
}

// checkVersion makes sure that the database is not one of a newer Culver.
func checkVersion(conn *sqlite3.Conn, migrations []string) error {
	version, err := number(conn, "PRAGMA user_version")
	if err != nil {
		return err
	}
	if version < 0 || version > int64(len(migrations)) {
		return sentence(ErrNewer, nil,
			"This profile was used with a newer version of Culver, which this one cannot read. Install the newer version again.")
	}
	return nil
}

// migrate does what is missing, each step all or not at all.
func migrate(conn *sqlite3.Conn, migrations []string) error {
	if err := checkVersion(conn, migrations); err != nil {
		return err
	}
	version, err := number(conn, "PRAGMA user_version")
	if err != nil {
		return err
	}
	for ; version < int64(len(migrations)); version++ {
		err := transact(conn, func() error {
			if err := conn.Exec(migrations[version]); err != nil {
				return err
			}
			return conn.Exec(fmt.Sprintf("PRAGMA user_version = %d", version+1))
		})
		if err != nil {
			return fmt.Errorf("bring the database to version %d: %w", version+1, err)
		}
	}
	return nil
}
