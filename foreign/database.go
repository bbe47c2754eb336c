package foreign

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/util/ioutil"
	"github.com/ncruces/go-sqlite3/vfs/readervfs"
)

// database is another program's database, which is only read: as it stands in its
// file, without what the program has not written there yet.
type database struct {
	conn *sqlite3.Conn
	name string
	file *os.File
}

var errDatabase = errors.New("the database is damaged, or of a version that is not known here")

// maxDatabaseMemory is how much one may take while it is read.
const maxDatabaseMemory = 256 << 20

// openDatabase opens a database. Nothing in its schema is run: no views, no
// triggers, no functions.
func openDatabase(ctx context.Context, f *folder, path string) (*database, error) {
	file, _, err := f.open(path)
	if err != nil {
		return nil, reason(err)
	}
	db := &database{name: "foreign-" + rand.Text(), file: file}
	readervfs.Create(db.name, ioutil.NewSizeReaderAt(file))
	db.conn, err = sqlite3.OpenContext(ctx, "file:"+db.name+"?vfs=reader&immutable=1&mode=ro")
	if err != nil {
		db.close()
		return nil, errDatabase
	}
	c := db.conn
	c.HardHeapLimit(maxDatabaseMemory)
	c.Limit(sqlite3.LIMIT_LENGTH, 16<<20)
	c.Limit(sqlite3.LIMIT_ATTACHED, 0)
	for _, set := range []struct {
		what sqlite3.DBConfig
		on   bool
	}{
		{sqlite3.DBCONFIG_DEFENSIVE, true}, {sqlite3.DBCONFIG_TRUSTED_SCHEMA, false},
		{sqlite3.DBCONFIG_ENABLE_VIEW, false}, {sqlite3.DBCONFIG_ENABLE_TRIGGER, false},
	} {
		if _, err = c.Config(set.what, set.on); err != nil {
			break
		}
	}
	if err == nil {
		err = c.Exec("PRAGMA query_only = 1; PRAGMA cell_size_check = 1; PRAGMA temp_store = memory; PRAGMA mmap_size = 0")
	}
	if err != nil {
		db.close()
		return nil, errDatabase
	}
	return db, nil
}

func (db *database) close() {
	if db.conn != nil {
		db.conn.Close()
	}
	readervfs.Delete(db.name)
	db.file.Close()
}

// has reports whether there is an ordinary table with this column.
func (db *database) has(table, column string) bool {
	found := false
	db.query("SELECT count(*) FROM sqlite_schema s, pragma_table_info(s.name) c WHERE s.type = 'table' AND s.name = ? AND c.name = ? AND s.sql NOT LIKE 'CREATE VIRTUAL%'",
		func(s *sqlite3.Stmt) error {
			found = s.ColumnInt(0) > 0
			return nil
		}, table, column)
	return found
}

// query calls each for the rows. Its errors are those of each, and errDatabase.
func (db *database) query(sql string, each func(*sqlite3.Stmt) error, values ...any) (err error) {
	s, _, err := db.conn.Prepare(sql)
	if err != nil {
		return errDatabase
	}
	defer s.Close()
	for i, v := range values {
		switch v := v.(type) {
		case string:
			err = s.BindText(i+1, v)
		case int64:
			err = s.BindInt64(i+1, v)
		default:
			err = fmt.Errorf("bind a %T", v)
		}
		if err != nil {
			return err
		}
	}
	for s.Step() {
		if err := each(s); err != nil {
			return err
		}
	}
	if s.Err() != nil {
		if ctx := db.conn.GetInterrupt(); ctx.Err() != nil {
			return ctx.Err()
		}
		return errDatabase
	}
	return nil
}
