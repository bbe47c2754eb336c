package storage

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// Whatever is changed in the files of a profile, by accident or by somebody who has no
// key: it is refused with a clear word, or does nothing. See also TestEveryByteOfAVault,
// TestFlippedBit and TestTruncatedDatabase.

// clearWord makes sure that an error has a word for people.
func clearWord(t *testing.T, what string, err error) {
	t.Helper()
	if text := err.Error(); !strings.HasSuffix(text, ".") || text[0] < 'A' || text[0] > 'Z' {
		t.Errorf("%s: no sentence for people: %v", what, err)
	}
}

// tampered are blocks of encrypted files in another place, or in that of another time.
func tampered(whole []byte, each func(what string, bad []byte)) {
	blocks := len(whole) / pageSize
	block := func(file []byte, n int) []byte { return file[n*pageSize : (n+1)*pageSize] }
	for n := range blocks {
		for i, at := range []int{0, n*977%pageSize + 1, pageSize - 1} {
			bad := slices.Clone(whole)
			bad[n*pageSize+at%pageSize] ^= 1 << ((n + i) % 8)
			each(fmt.Sprintf("block %d, byte %d", n, at%pageSize), bad)
		}
		other := (n + 1 + n%5) % blocks
		bad := slices.Clone(whole)
		copy(block(bad, n), block(whole, other))
		each(fmt.Sprintf("block %d is block %d", n, other), bad)
		bad = slices.Clone(whole)
		clear(block(bad, n))
		each(fmt.Sprintf("block %d is zero", n), bad)
	}
}

// Each block of the database, in whatever way it is changed, is found before it is
// opened. Where nobody looks before, as in a large one, nothing wrong is ever read.
func TestTamperedDatabase(t *testing.T) {
	files, want := closedProfile(t)
	p, v := profileWith(t, files)
	key := got(v.Get(t.Context(), databaseKey))(t)
	read := 0
	tampered(files[databaseFile], func(what string, bad []byte) {
		if bytes.Equal(bad, files[databaseFile]) {
			return
		}
		check(t, os.WriteFile(p.path(databaseFile), bad, 0o600), remove(p.path(databaseFile+logSuffix)))
		if _, err := p.OpenDB(t.Context(), v); !errors.Is(err, ErrDatabaseDamaged) {
			t.Fatalf("%s: %v, want ErrDatabaseDamaged", what, err)
		} else {
			clearWord(t, what, err)
		}
		db, err := open(t.Context(), p.path(databaseFile), key)
		if err != nil {
			return
		}
		all, err := everything(db)
		switch {
		case err == nil:
			read++ // what was changed is on a page that this does not need
			if !reflect.DeepEqual(all, want) {
				t.Errorf("%s: something else is read", what)
			}
		case !errors.Is(err, ErrDatabaseDamaged):
			t.Errorf("%s: %v", what, err)
		}
		_ = db.Close()
	})
	if read == 0 {
		t.Error("no change was without an effect: nothing was read")
	}
}

// What is changed in the log is found; or it is the last thing that was done which is
// lost, as if the power had failed just then, and all else is read as it was.
func TestTamperedLog(t *testing.T) {
	p, v := lockedProfile(t)
	db := openDB(t, p, v)
	fill(t, db, 3)
	before := got(everything(db))(t)
	check(t, db.Append(line(withBob, "the last one")))
	after := got(everything(db))(t)
	files := filesOf(t, p)
	check(t, db.Close())
	log := files[databaseFile+logSuffix]
	p, v = profileWith(t, files)
	found, lost, none := 0, 0, 0
	try := func(what string, bad []byte) {
		if bytes.Equal(bad, log) {
			return
		}
		check(t, os.WriteFile(p.path(databaseFile), files[databaseFile], 0o600), os.WriteFile(p.path(databaseFile+logSuffix), bad, 0o600))
		db, err := p.OpenDB(t.Context(), v)
		if err != nil {
			if found++; !errors.Is(err, ErrDatabaseDamaged) {
				t.Errorf("%s: %v, want ErrDatabaseDamaged", what, err)
			}
			clearWord(t, what, err)
			return
		}
		switch all := got(everything(db))(t); {
		case reflect.DeepEqual(all, after):
			none++
		case reflect.DeepEqual(all, before):
			lost++
		default:
			t.Errorf("%s: something else is read", what)
		}
		check(t, db.Check(), db.Close())
	}
	tampered(log, try)
	for at := 0; at < len(log); at += 977 {
		bad := slices.Clone(log)
		bad[at] ^= 0x10
		try(fmt.Sprint("byte ", at), bad)
	}
	t.Logf("%d found, %d lost what was last, %d of no effect", found, lost, none)
	if found == 0 || lost == 0 || found < lost+none {
		t.Error("that is too little")
	}
}

// The files of a profile with a keyring.
func TestTamperedKeyringFiles(t *testing.T) {
	p, ring, v := fullVault(t, Keyring)
	check(t, p.beginDatabase(), openDB(t, p, v).Close(), v.Close())
	files, entries := filesOf(t, p), maps.Clone(ring)
	each := func(name string, bits []byte, do func(what string)) {
		for i := range files[name] {
			for _, bit := range bits {
				bad := slices.Clone(files[name])
				bad[i] ^= bit
				check(t, os.WriteFile(p.path(name), bad, 0o600))
				do(fmt.Sprintf("%s, byte %d", name, i))
				same(t, name+": entries of the keyring", maps.Equal(ring, entries), true)
			}
		}
		check(t, os.WriteFile(p.path(name), files[name], 0o600))
	}
	each(keyringFile, []byte{0x01, 0x20, 0x80}, func(what string) {
		v, err := p.OpenKeyring(t.Context())
		if err == nil { // it names another keyring, in which there is nothing
			if _, err = p.OpenDB(t.Context(), v); !errors.Is(err, ErrKeyMissing) {
				t.Errorf("%s: %v, want ErrKeyMissing", what, err)
			}
			check(t, v.Close())
		} else if !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v, want ErrDamaged", what, err)
		}
		if err != nil {
			clearWord(t, what, err)
		}
	})
	each(namesFile, []byte{0x10}, func(what string) {
		v := got(p.OpenKeyring(t.Context()))(t)
		if err := v.UsePassphrase(t.Context(), pass); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v, want ErrDamaged", what, err)
		} else {
			clearWord(t, what, err)
		}
		wantAll(t, v)
		check(t, v.Close())
	})
	v = got(p.OpenKeyring(t.Context()))(t)
	wantAll(t, v)
	check(t, v.UsePassphrase(t.Context(), pass))
}

// A database that is gone is not the same as none: the user is told. What is left of its
// log is not taken for one of a new database.
func TestMissingDatabase(t *testing.T) {
	files, want := crashed(t)
	for _, gone := range [][]string{{databaseFile}, {databaseFile, databaseFile + logSuffix}} {
		p, v := profileWith(t, files)
		for _, name := range gone {
			check(t, os.Remove(p.path(name)))
		}
		refused(t, fmt.Sprint(gone), p, v, ErrDatabaseMissing)
		for _, name := range gone {
			check(t, os.WriteFile(p.path(name), files[name], 0o600))
		}
		db := openDB(t, p, v)
		same(t, "put back", got(everything(db))(t), want)
		check(t, db.Close(), os.Remove(p.path(databaseFile)), p.StartAfresh(noon, false))
		same(t, "accounts", len(got(openDB(t, p, v).Accounts())(t)), 0)
	}
}
