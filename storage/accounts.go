package storage

import (
	"fmt"
	"maps"
	"slices"

	"culver/im"
)

// Accounts are all accounts, in the order in which they were first saved.
func (db *DB) Accounts() ([]im.Account, error) {
	var all []im.Account
	err := db.query("SELECT id, alias, enabled, options FROM account ORDER BY seq", func(r *row) error {
		a := im.Account{ID: im.AccountID(r.string()), Alias: r.string(), Enabled: r.bool(), Options: map[string]string{}}
		options, err := decodeStrings(r.bytes())
		if err != nil {
			return err
		}
		for pair := range slices.Chunk(options, 2) {
			if len(pair) < 2 {
				return fmt.Errorf("an option without a value: %w", ErrDamaged)
			}
			a.Options[pair[0]] = pair[1]
		}
		all = append(all, a)
		return nil
	})
	if err != nil {
		return nil, doing("read the accounts", err)
	}
	return all, nil
}

// SaveAccount keeps a new account, or what changed about one.
func (db *DB) SaveAccount(a im.Account) error {
	var options []string
	for _, name := range slices.Sorted(maps.Keys(a.Options)) {
		options = append(options, name, a.Options[name])
	}
	err := db.exec(`INSERT INTO account (id, alias, enabled, options) VALUES (?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET alias = excluded.alias, enabled = excluded.enabled, options = excluded.options`,
		string(a.ID), a.Alias, a.Enabled, encodeStrings(options...))
	if err != nil {
		return doing("save the account", err)
	}
	return nil
}

// DeleteAccount forgets an account, its roster, its drafts and its history. It is no
// error if there is none. What plugins know of the account is theirs to forget. The
// lines are gone at once for everybody; to take a million of them off the disk takes
// its time, which is left to Sweep. Damaged databases, which have them still, go as well.
func (db *DB) DeleteAccount(id im.AccountID) error {
	err := db.transact(func() error {
		for _, sql := range []string{
			"DELETE FROM conversation WHERE account = ? AND lines = 0",
			"UPDATE conversation SET account = '', peer = seq, keep = NULL WHERE account = ?", // nobody's
			"DELETE FROM draft WHERE account = ?",
			"DELETE FROM choice WHERE account = ?",
			"DELETE FROM buddy WHERE account = ?",
			"DELETE FROM account WHERE id = ?",
		} {
			if err := db.exec(sql, string(id)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return doing("delete the account", err)
	}
	db.erased = true
	return db.DropDamaged()
}

// Roster is the account's buddy list as it was last saved, in the same order.
func (db *DB) Roster(id im.AccountID) ([]im.Buddy, error) {
	var all []im.Buddy
	err := db.query("SELECT bare, name, groups, subscription, asking FROM buddy WHERE account = ? ORDER BY position",
		func(r *row) error {
			b := im.Buddy{Account: id, Bare: r.string(), Name: r.string()}
			groups, err := decodeStrings(r.bytes())
			if err != nil {
				return err
			}
			b.Groups, b.Subscription, b.Asking = groups, im.Subscription(r.string()), r.bool()
			all = append(all, b)
			return nil
		}, string(id))
	if err != nil {
		return nil, doing("read the buddy list", err)
	}
	return all, nil
}

// SaveRoster keeps the account's buddy list in place of the one before.
func (db *DB) SaveRoster(id im.AccountID, buddies []im.Buddy) error {
	err := db.transact(func() error {
		db.erased = true
		if err := db.exec("DELETE FROM buddy WHERE account = ?", string(id)); err != nil {
			return err
		}
		for i, b := range buddies {
			if err := db.saveBuddy(id, i, b); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return doing("save the buddy list", err)
	}
	return nil
}

func (db *DB) saveBuddy(id im.AccountID, position int, b im.Buddy) error {
	return db.exec(`INSERT INTO buddy (account, position, bare, name, groups, subscription, asking) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		string(id), position, b.Bare, b.Name, encodeStrings(b.Groups...), string(b.Subscription), b.Asking)
}
