package storage

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/ncruces/go-sqlite3"
	"lukechampine.com/adiantum"
	"lukechampine.com/adiantum/hbsh"
)

// The database's key: where the vault has it, and its length in bytes.
const (
	databaseKey     = "database-key"
	databaseKeySize = 32
)

// DB is the encrypted database of a profile. It belongs to one goroutine, which
// waits for the disk: when a method that writes returns nil, what it wrote is
// on the disk and stays there, whether the program dies or the power fails.
//
// It is SQLite, its pages encrypted by Adiantum and each with a checksum inside
// the encryption, so that a bit that was flipped on the disk is found when the
// page is read. All methods can return ErrDamaged, ErrFull (nothing was
// changed) and ErrClosed.
type DB struct {
	conn       *sqlite3.Conn // nil: closed
	statements map[string]*sqlite3.Stmt
	path       string
	taken      taken // by Import
	erased     bool  // the log may have what is to be nowhere any more
	purging    bool  // the index is being written anew
	top        int64 // the last place that was erased in this run: none up to it is given to what comes late
	destroying bool  // there may be damaged databases to be destroyed
	untidy     bool  // the index may have parts that are to be merged
	loose      int   // how many lines were added since any were

	unchecked *hbsh.HBSH // what decrypts the pages, if they were not checked when it was opened
}

// OpenDB opens the profile's database with the key from the vault. In a profile
// without a database it makes both. The vault may ask the user for a password;
// ctx ends the waiting. Errors are ErrKeyMissing, ErrDatabaseMissing, ErrDamaged or
// ErrNewer with a sentence for people, or the vault's; the database is then left as it
// is, bit for bit.
func (p *Profile) OpenDB(ctx context.Context, v *Vault) (*DB, error) {
	if err := p.finishRescue(); err != nil {
		return nil, doing("put the rescued database in its place", err)
	}
	there, err := p.has(databaseFile)
	if err != nil {
		return nil, err
	}
	if !there {
		if err := p.wantNone(ctx, v); err != nil {
			return nil, err
		}
	}
	key, err := p.databaseKey(ctx, v, there)
	if err != nil {
		return nil, err
	}
	defer clear(key)
	path := p.path(databaseFile)
	if !there {
		if err := create(ctx, path, key); err != nil {
			_ = p.beginDatabase() // so that it can be tried again
			return nil, doing("make the database", explainDisk(path, err))
		}
	}
	checked, err := checkSmall(ctx, path, key)
	if err != nil {
		return nil, doing("check the database", explainDisk(path, err))
	}
	db, err := open(ctx, path, key)
	if err != nil {
		return nil, doing("open the database", explainDisk(path, err))
	}
	if !checked {
		db.unchecked = adiantum.New(key)
	}
	return db, nil
}

// databaseKey is the key from the vault, or a new one if there is no database.
// The caller wipes it.
func (p *Profile) databaseKey(ctx context.Context, v *Vault, there bool) ([]byte, error) {
	key, err := v.Get(ctx, databaseKey)
	switch {
	case err != nil:
		return nil, doing("read the database's key", err)
	case key == nil && there:
		return nil, sentence(ErrKeyMissing, nil,
			"The key to your accounts and history is no longer where it was kept, the system's keyring or the vault file. Without it nobody can read %s.",
			p.path(databaseFile))
	case key == nil:
		key = make([]byte, databaseKeySize)
		rand.Read(key)
		if err := v.Put(ctx, databaseKey, key); err != nil {
			clear(key)
			return nil, doing("keep the database's key", err)
		}
	case len(key) != databaseKeySize:
		clear(key)
		return nil, sentence(ErrDamaged, nil,
			"The key to your accounts and history, in the system's keyring or the vault file, was changed by another program and fits no more.")
	}
	return key, nil
}

// wantNone makes sure that it is no loss that there is no database: the vault has no key
// to one yet, or one was begun, which it notes before there is a key.
func (p *Profile) wantNone(ctx context.Context, v *Vault) error {
	begun, err := p.has(databaseFile + newSuffix)
	if err != nil || begun {
		return err
	}
	key, err := v.Get(ctx, databaseKey)
	if err != nil {
		return doing("read the database's key", err)
	}
	if key != nil {
		clear(key)
		return sentence(ErrDatabaseMissing, nil,
			"The database with your accounts and history is missing: there is no file %s. If it was moved or renamed, or if you have a copy of it, put it back and try again.", p.path(databaseFile))
	}
	return p.beginDatabase()
}

// beginDatabase notes, by a file in which there is nothing yet, that a database is to be
// made.
func (p *Profile) beginDatabase() error {
	path := p.path(databaseFile)
	if err := begin(path + newSuffix); err != nil {
		return doing("make the database", explainDisk(path, err))
	}
	return syncDir(p.dir)
}

func begin(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// create makes an empty database. It gets its name when it is complete: a file
// of that name is never one that was only begun.
func create(ctx context.Context, path string, key []byte) error {
	fresh := path + newSuffix
	if err := errors.Join(begin(fresh), remove(fresh+logSuffix, fresh+journalSuffix)); err != nil {
		return err
	}
	conn, err := connect(ctx, fresh, key)
	if err != nil {
		return err
	}
	err = conn.EnableChecksums("main")
	if err == nil {
		err = conn.Exec(fmt.Sprintf("PRAGMA application_id = %d", applicationID))
	}
	if err == nil {
		err = migrate(conn, migrations)
	}
	if err := errors.Join(err, conn.Close()); err != nil {
		return errors.Join(err, os.Remove(fresh))
	}
	if err := os.Rename(fresh, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// connect opens an SQLite connection with all that each one needs. The key may
// still be wrong. When the connection is closed it leaves the log as it is:
// SQLite would delete it, also where the key is wrong and the log, with what
// the database lacks, therefore unreadable.
func connect(ctx context.Context, path string, key []byte) (*sqlite3.Conn, error) {
	registerVFS()
	conn, err := sqlite3.OpenFlags(uri(path), sqlite3.OPEN_READWRITE|sqlite3.OPEN_URI)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Config(sqlite3.DBCONFIG_NO_CKPT_ON_CLOSE, true); err != nil {
		return nil, errors.Join(doing("keep the log", err), conn.Close())
	}
	conn.SetInterrupt(ctx)
	defer conn.SetInterrupt(context.Background())
	// The key goes first. It is in no file name, and in no error either.
	if conn.Exec("PRAGMA hexkey = '"+hex.EncodeToString(key)+"'") != nil {
		return nil, errors.Join(errors.New("set the key"), conn.Close())
	}
	if err := errors.Join(configure(conn), functions(conn)); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// uri names the file to SQLite: encrypted, and with a log that may be read by
// those who may read the file.
func uri(path string) string {
	name := filepath.ToSlash(path)
	if strings.HasPrefix(name, "//") {
		name = "//" + name // else a network share would be taken for a host
	}
	return "file:" + escape(name) + "?vfs=" + encryptedVFS + "&modeof=" + escape(path)
}

// escape writes what could mean something in a URI as %XX. To SQLite, unlike
// to net/url, a plus sign is no space.
func escape(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("/:._-", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// configure sets what SQLite does not remember in the file.
//
// The profile's lock keeps other programs out already: with an exclusive lock
// SQLite needs no memory file beside the database. Temporary tables stay in
// memory; what is deleted is overwritten.
//
// Only synchronous=FULL is safe here, and not only slower: the log is encrypted
// in blocks that do not end where its records do, so to write one record is to
// write the block that holds the end of the one before again. With FULL, SQLite
// fills the log up to the end of a block after each commit, and what was
// committed is not written again.
func configure(conn *sqlite3.Conn) error {
	for _, pragma := range []string{
		"busy_timeout = 5000", // a virus scanner may hold the file for a moment
		"locking_mode = exclusive",
		"synchronous = full",
		"temp_store = memory",
		"secure_delete = on",
		"cache_size = -8000",
	} {
		if err := conn.Exec("PRAGMA " + pragma); err != nil {
			return fmt.Errorf("set %s: %w", pragma, err)
		}
	}
	for config, on := range map[sqlite3.DBConfig]bool{
		sqlite3.DBCONFIG_DEFENSIVE:      true,
		sqlite3.DBCONFIG_TRUSTED_SCHEMA: false,
	} {
		if _, err := conn.Config(config, on); err != nil {
			return doing("configure SQLite", err)
		}
	}
	return nil
}

// open opens a database that create made.
func open(ctx context.Context, path string, key []byte) (*DB, error) {
	conn, err := connect(ctx, path, key)
	if err == nil {
		if err = start(conn, path); err != nil {
			err = errors.Join(err, conn.Close())
		}
	}
	if err != nil {
		// SQLite made an empty log on the way.
		if info, e := os.Stat(path + logSuffix); e == nil && info.Size() == 0 {
			_ = os.Remove(path + logSuffix)
		}
		return nil, err
	}
	// The log is new, perhaps: bring its name to the disk.
	if err := syncDir(filepath.Dir(path)); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	db := &DB{conn: conn, path: path, statements: map[string]*sqlite3.Stmt{}, erased: true, destroying: true, untidy: true}
	if err := db.fold(); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return db, nil
}

// start checks that the file is ours and can be read, brings it up to date, and
// makes the log one that is folded in and deleted when the connection is closed.
func start(conn *sqlite3.Conn, path string) error {
	id, err := number(conn, "PRAGMA application_id")
	if err != nil {
		return err
	}
	if id != applicationID {
		return fmt.Errorf("this is no database of Culver's: %w", ErrDamaged)
	}
	if _, err := number(conn, "SELECT count(*) FROM sqlite_schema"); err != nil {
		return err
	}
	if err := checkLength(conn, path); err != nil {
		return err
	}
	if err := checkVersion(conn, migrations); err != nil {
		return err
	}
	mode, err := text(conn, "PRAGMA journal_mode = wal")
	if err != nil {
		return err
	}
	if mode != "wal" {
		return fmt.Errorf("SQLite wants the journal mode %q", mode)
	}
	if err := migrate(conn, migrations); err != nil {
		return err
	}
	if _, err := conn.Config(sqlite3.DBCONFIG_NO_CKPT_ON_CLOSE, false); err != nil {
		return doing("no longer keep the log", err)
	}
	return nil
}

// pageSize is that of every database, and of the blocks that are encrypted.
const pageSize = 4096

// checkLength makes sure that the file ends where a page ends: SQLite would read
// the rest of the last one as zeros. If the power failed while the log was being
// folded in, the log still has all that is missing.
func checkLength(conn *sqlite3.Conn, path string) error {
	for fold := true; ; fold = false {
		info, err := os.Stat(path)
		if err != nil {
			return err
		}
		if info.Size()%pageSize == 0 {
			return nil
		}
		if log, err := os.Stat(path + logSuffix); !fold || err != nil || log.Size() == 0 {
			return fmt.Errorf("the last page is cut short: %w", ErrDamaged)
		}
		if err := conn.Exec("PRAGMA wal_checkpoint(truncate)"); err != nil {
			return err
		}
	}
}

// Close ends it. Close the profile after it. It is no error to close twice.
func (db *DB) Close() error {
	if db.conn == nil {
		return nil
	}
	var errs []error
	for _, s := range db.statements {
		errs = append(errs, s.Close())
	}
	errs = append(errs, db.conn.Close())
	db.conn, db.statements, db.unchecked = nil, nil, nil
	if err := errors.Join(errs...); err != nil {
		return doing("close the database", db.explain(err))
	}
	return nil
}

// explain turns what SQLite says into an error of ours.
func (db *DB) explain(err error) error { return explainDisk(db.path, err) }

func explainDisk(path string, err error) error {
	if p, ok := errors.AsType[*problem](err); ok {
		return p // without what was joined to it on the way
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sqlite3.NOTADB), errors.Is(err, sqlite3.CORRUPT), errors.Is(err, ErrDamaged),
		errors.Is(err, sqlite3.IOERR_DATA), errors.Is(err, sqlite3.IOERR_SHORT_READ):
		return sentence(ErrDatabaseDamaged, err,
			"A part of the database %s is damaged: it is not what Culver wrote there.", path)
	case errors.Is(err, sqlite3.FULL):
		return diskFull(err)
	case errors.Is(err, sqlite3.IOERR), errors.Is(err, sqlite3.READONLY):
		// The system's reason is lost by the time SQLite has rolled back: ask the
		// disk. A full one looks like any other.
		full := errors.Is(err, sqlite3.IOERR_WRITE) || errors.Is(err, sqlite3.IOERR_TRUNCATE)
		return askDisk(path, full, err)
	}
	return diskError(path, err)
}
