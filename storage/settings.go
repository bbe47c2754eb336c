package storage

// Setting returns the value of a setting, and whether it was ever set.
func (db *DB) Setting(key string) (value string, ok bool, err error) {
	err = db.query("SELECT value FROM setting WHERE key = ?", func(r *row) error {
		value, ok = r.string(), true
		return nil
	}, key)
	if err != nil {
		return "", false, doing("read a setting", err)
	}
	return value, ok, nil
}

// Settings are all settings that were ever set.
func (db *DB) Settings() (map[string]string, error) {
	all := map[string]string{}
	err := db.query("SELECT key, value FROM setting", func(r *row) error {
		key := r.string()
		all[key] = r.string()
		return nil
	})
	if err != nil {
		return nil, doing("read the settings", err)
	}
	return all, nil
}

// SetSetting keeps the value of a setting. What an empty one takes the place of is
// nowhere any more once Sweep has been called.
func (db *DB) SetSetting(key, value string) error {
	db.erased = db.erased || value == ""
	err := db.exec("INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", key, value)
	if err != nil {
		return doing("save a setting", err)
	}
	return nil
}

// DropSetting forgets a setting, as if it was never set: it is nowhere any more once Sweep
// has been called.
func (db *DB) DropSetting(key string) error {
	db.erased = true
	if err := db.exec("DELETE FROM setting WHERE key = ?", key); err != nil {
		return doing("forget a setting", err)
	}
	return nil
}

// Space is the store of one owner, usually a plugin; it is there without being
// made first.
func (db *DB) Space(name string) *Space { return &Space{name: name, rows: db} }

func (db *DB) spaceGet(space, key string) (value []byte, ok bool, err error) {
	err = db.query("SELECT value FROM space WHERE space = ? AND key = ?", func(r *row) error {
		value, ok = r.bytes(), true
		return nil
	}, space, key)
	if err != nil {
		return nil, false, doing("read from the store of "+space, err)
	}
	return value, ok, nil
}

func (db *DB) spacePut(space, key string, value []byte) error {
	err := db.exec("INSERT INTO space (space, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
		space, key, value)
	if err != nil {
		return doing("write to the store of "+space, err)
	}
	return nil
}

func (db *DB) spaceDelete(space, key string) error {
	db.erased = true // when Sweep is called next
	if err := db.exec("DELETE FROM space WHERE space = ? AND key = ?", space, key); err != nil {
		return doing("delete from the store of "+space, err)
	}
	return nil
}

func (db *DB) spaceList(space, prefix string) (map[string][]byte, error) {
	found := map[string][]byte{}
	read := func(r *row) error {
		key := r.string()
		found[key] = r.bytes()
		return nil
	}
	var err error
	if end := after(prefix); end != "" {
		err = db.query("SELECT key, value FROM space WHERE space = ? AND key >= ? AND key < ?", read, space, prefix, end)
	} else {
		err = db.query("SELECT key, value FROM space WHERE space = ? AND key >= ?", read, space, prefix)
	}
	if err != nil {
		return nil, doing("read the store of "+space, err)
	}
	return found, nil
}

// after is the first string behind all that begin with prefix, in the order of
// bytes, or "" if there is none.
func after(prefix string) string {
	b := []byte(prefix)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i]++; b[i] != 0 {
			return string(b[:i+1])
		}
	}
	return ""
}
