package foreign

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"time"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/util/ioutil"
	"github.com/ncruces/go-sqlite3/vfs/readervfs"

	"culver/lang"
)

// database is another program's database, which is only read: as it stands in its
// file, without what the program has not written there yet.
type database struct {
	ctx   context.Context // of whoever reads it
	conn  *sqlite3.Conn
	name  string
	file  *os.File
	limit time.Duration // for each query, besides what is done with its rows
}

const errDatabase = lang.Error("the database is damaged, or of a version that is not known here")

// maxDatabaseMemory is how much one may take while it is read.
const maxDatabaseMemory = 256 << 20

// maxQueryTime is how long one query may work, besides what is done with its rows: a
// file can be made so that it never ends.
const maxQueryTime = time.Minute

// openDatabase opens a database, to be read until ctx is done. Nothing in its schema
// is run: no views, no triggers, no functions, no columns that are worked out ([database.has]).
func openDatabase(ctx context.Context, f *folder, path string) (*database, error) {
	file, _, err := f.open(path)
	if err != nil {
		return nil, reason(err)
	}
	db := &database{ctx: ctx, limit: maxQueryTime, name: "foreign-" + rand.Text(), file: file}
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

// has reports whether there is an ordinary table with this column, all the columns of
// which are kept in the file: none of them is worked out by an expression.
func (db *database) has(table, column string) bool {
	found := false
	db.query("SELECT count(*) FROM sqlite_schema s, pragma_table_xinfo(s.name) c WHERE s.type = 'table' AND s.name = ?1 AND c.name = ?2 AND s.sql NOT LIKE 'CREATE VIRTUAL%' AND NOT EXISTS (SELECT 1 FROM pragma_table_xinfo(s.name) WHERE hidden <> 0)",
		func(s *sqlite3.Stmt) error {
			found = s.ColumnInt(0) > 0
			return nil
		}, table, column)
	return found
}

// query calls each for the rows. Its errors are those of each and of ctx, and
// errDatabase.
func (db *database) query(sql string, each func(*sqlite3.Stmt) error, values ...any) (err error) {
	limited, stop := context.WithCancel(db.ctx)
	defer stop()
	db.conn.SetInterrupt(limited)
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
	for left := db.limit; ; {
		begun, end := time.Now(), time.AfterFunc(left, stop)
		more := s.Step()
		end.Stop()
		if left -= time.Since(begun); !more {
			break
		}
		if err := each(s); err != nil {
			return err
		}
	}
	switch {
	case db.ctx.Err() != nil:
		return db.ctx.Err()
	case s.Err() != nil:
		return errDatabase
	}
	return nil
}
