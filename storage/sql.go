package storage

import (
	"errors"
	"fmt"

	"github.com/ncruces/go-sqlite3"
)

// row reads the columns of one row, from left to right.
type row struct {
	s    *sqlite3.Stmt
	next int
}

func (r *row) col() int { r.next++; return r.next - 1 }

func (r *row) string() string { return r.s.ColumnText(r.col()) }
func (r *row) int() int       { return r.s.ColumnInt(r.col()) }
func (r *row) int64() int64   { return r.s.ColumnInt64(r.col()) }
func (r *row) bool() bool     { return r.s.ColumnBool(r.col()) }

// bytes is a copy; it is not nil unless the column is NULL.
func (r *row) bytes() []byte {
	c := r.col()
	if r.s.ColumnType(c) == sqlite3.NULL {
		return nil
	}
	return r.s.ColumnBlob(c, []byte{})
}

// query runs a statement and calls each for its rows. Statements are compiled
// once and kept, so sql is always a constant. Values are bound, never part of
// it, and so never part of an error.
func (db *DB) query(sql string, each func(*row) error, values ...any) (err error) {
	if err := db.closed(); err != nil {
		return err
	}
	s := db.statements[sql]
	if s == nil {
		if s, _, err = db.conn.Prepare(sql); err != nil {
			return db.explain(err)
		}
		db.statements[sql] = s
	}
	defer func() {
		// Reset repeats the error of the last step.
		_ = s.Reset()
		err = db.explain(errors.Join(err, s.ClearBindings()))
	}()
	for i, v := range values {
		if err := bind(s, i+1, v); err != nil {
			return err
		}
	}
	for s.Step() {
		if err := each(&row{s: s}); err != nil {
			return err
		}
	}
	return s.Err()
}

// closed is ErrClosed after Close.
func (db *DB) closed() error {
	if db.conn == nil {
		return ErrClosed
	}
	return nil
}

// exec runs a statement that has no rows.
func (db *DB) exec(sql string, values ...any) error {
	return db.query(sql, func(*row) error { return nil }, values...)
}

func bind(s *sqlite3.Stmt, i int, value any) error {
	switch v := value.(type) {
	case nil:
		return s.BindNull(i)
	case string:
		return s.BindText(i, v)
	case []byte:
		return s.BindBlob(i, v)
	case int64:
		return s.BindInt64(i, v)
	case int:
		return s.BindInt(i, v)
	case bool:
		return s.BindBool(i, v)
	}
	return fmt.Errorf("cannot bind a %T", value)
}

// transact does what f does all or not at all.
func (db *DB) transact(f func() error) error {
	if err := db.closed(); err != nil {
		return err
	}
	return db.explain(transact(db.conn, f))
}

func transact(conn *sqlite3.Conn, f func() error) error {
	if err := conn.Exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	err := f()
	if err == nil {
		err = conn.Exec("COMMIT")
	}
	// SQLite rolls some failures back by itself, a full disk for instance.
	if err != nil && !conn.GetAutocommit() {
		err = errors.Join(err, conn.Exec("ROLLBACK"))
	}
	return err
}

// number is the one number that sql asks for.
func number(conn *sqlite3.Conn, sql string) (n int64, err error) {
	err = single(conn, sql, func(s *sqlite3.Stmt) { n = s.ColumnInt64(0) })
	return n, err
}

// text is the one string that sql asks for.
func text(conn *sqlite3.Conn, sql string) (v string, err error) {
	err = single(conn, sql, func(s *sqlite3.Stmt) { v = s.ColumnText(0) })
	return v, err
}

func single(conn *sqlite3.Conn, sql string, read func(*sqlite3.Stmt)) error {
	s, _, err := conn.Prepare(sql)
	if err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	defer s.Close()
	if !s.Step() {
		if err := s.Err(); err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
		return fmt.Errorf("%s: no answer", sql)
	}
	read(s)
	return nil
}
