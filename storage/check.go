package storage

import "fmt"

// Check reads the whole database and says whether it is sound: ErrDamaged if it is
// not. With a long history that takes seconds.
func (db *DB) Check() error {
	err := db.query("PRAGMA integrity_check(1)", func(r *row) error {
		if found := r.string(); found != "ok" {
			return fmt.Errorf("%s: %w", found, ErrDamaged)
		}
		return nil
	})
	if err == nil {
		err = db.exec("INSERT INTO word (word, rank) VALUES ('integrity-check', 0)")
	}
	if err != nil {
		return doing("check the database", err)
	}
	return nil
}
