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
var migrations = []string{schema1, schema2, schema3}

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
