package storage

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// crashed are the files of a profile whose program died with the database open:
// a part of the messages is in the log only.
func crashed(t *testing.T) (files map[string][]byte, want []any) {
	t.Helper()
	p, v := lockedProfile(t)
	db := openDB(t, p, v)
	fill(t, db, 20)
	return filesOf(t, p), got(everything(db))(t)
}

func TestCrash(t *testing.T) {
	files, want := crashed(t)
	p, v := profileWith(t, files)
	db := openDB(t, p, v)
	same(t, "after the crash", got(everything(db))(t), want)
	check(t, db.Close())
	same(t, "files", slices.Sorted(maps.Keys(filesOf(t, p))), []string{databaseFile, lockFile, vaultFile, vaultCopy})
	same(t, "once more", got(everything(openDB(t, p, v)))(t), want)
}

// refused makes sure that a profile's database is refused for that reason, and
// that all is left as it is.
func refused(t *testing.T, what string, p *Profile, v *Vault, want error) {
	t.Helper()
	before := filesOf(t, p)
	for range 2 {
		db, err := p.OpenDB(t.Context(), v)
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", what, err, want)
		}
		if err == nil {
			check(t, db.Close())
			return
		}
		if text := err.Error(); !strings.HasSuffix(text, ".") || text[0] < 'A' || text[0] > 'Z' {
			t.Errorf("%s: no sentence for people: %v", what, err)
		}
	}
	after := filesOf(t, p)
	for name := range before {
		if !bytes.Equal(before[name], after[name]) {
			t.Errorf("%s: %s was changed", what, name)
		}
	}
	same(t, what+": files", slices.Sorted(maps.Keys(after)), slices.Sorted(maps.Keys(before)))
}

func TestWrongKey(t *testing.T) {
	files, want := crashed(t)
	p, v := profileWith(t, files)
	key := got(v.Get(t.Context(), databaseKey))(t)
	for name, c := range map[string]struct {
		key  []byte
		want error
	}{
		"another key": {bytes.Repeat([]byte{7}, databaseKeySize), ErrDamaged},
		"too short":   {key[1:], ErrDamaged},
		"too long":    {append(slices.Clone(key), 0), ErrDamaged},
		"missing":     {nil, ErrKeyMissing},
	} {
		check(t, v.Put(t.Context(), databaseKey, c.key))
		// The log too has to survive that: it holds what the database lacks.
		refused(t, name, p, v, c.want)
		same(t, name+" in the vault", got(v.Get(t.Context(), databaseKey))(t), c.key)
	}
	check(t, v.Put(t.Context(), databaseKey, key))
	same(t, "with the right key", got(everything(openDB(t, p, v)))(t), want)
	var unlocked *Vault
	check(t, v.Close())
	unlocked = v
	if _, err := p.OpenDB(t.Context(), unlocked); !errors.Is(err, ErrClosed) {
		t.Errorf("with a closed vault: %v, want ErrClosed", err)
	}
}

// closedProfile are the files of a profile that was closed properly.
func closedProfile(t *testing.T) (files map[string][]byte, want []any) {
	t.Helper()
	p, v := lockedProfile(t)
	db := openDB(t, p, v)
	fill(t, db, 60)
	want = got(everything(db))(t)
	check(t, db.Close())
	return filesOf(t, p), want
}

func TestTruncatedDatabase(t *testing.T) {
	files, _ := closedProfile(t)
	whole := files[databaseFile]
	p, v := profileWith(t, files)
	for _, n := range []int{0, 1, 15, 16, 99, 100, 512, 4095, 4096, 4097, len(whole) / 2, len(whole) - 4096, len(whole) - 1} {
		check(t, os.WriteFile(p.path(databaseFile), whole[:n], 0o600))
		refused(t, fmt.Sprintf("cut to %d of %d bytes", n, len(whole)), p, v, ErrDamaged)
	}
	check(t, os.WriteFile(p.path(databaseFile), append(slices.Clone(whole), make([]byte, 100)...), 0o600))
	refused(t, "100 bytes longer", p, v, ErrDamaged)
	check(t, os.WriteFile(p.path(databaseFile), bytes.Repeat([]byte("not a database "), 1000), 0o600))
	refused(t, "another file", p, v, ErrDamaged)
}

// The power failed while the log was being folded in: its pages are in the
// database in part, but the log still has them all.
func TestTornFold(t *testing.T) {
	files, want := crashed(t)
	files[databaseFile] = append(slices.Clone(files[databaseFile]), make([]byte, 1000)...)
	p, v := profileWith(t, files)
	db := openDB(t, p, v)
	same(t, "everything", got(everything(db))(t), want)
	same(t, "integrity", got(text(db.conn, "PRAGMA integrity_check"))(t), "ok")
}

// A flipped bit anywhere is found when it is read, if not earlier; nothing is
// ever read wrong.
func TestFlippedBit(t *testing.T) {
	files, want := closedProfile(t)
	whole := files[databaseFile]
	p, v := profileWith(t, files)
	pages, found := len(whole)/4096, 0
	for page := range pages {
		bad := slices.Clone(whole)
		at := page*4096 + (page*977)%4096
		bad[at] ^= 1 << (page % 8)
		check(t, os.WriteFile(p.path(databaseFile), bad, 0o600))
		db, err := p.OpenDB(t.Context(), v)
		if err != nil {
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("byte %d: %v, want ErrDamaged", at, err)
			}
			same(t, "file", bytes.Equal(got(os.ReadFile(p.path(databaseFile)))(t), bad), true)
			found++
			continue
		}
		all, err := everything(db)
		switch {
		case errors.Is(err, ErrDamaged):
			found++
		case err != nil:
			t.Errorf("byte %d: %v, want ErrDamaged", at, err)
		default: // it was a page of the index, or one that nothing is on
			same(t, fmt.Sprintf("with byte %d flipped", at), all, want)
			if ok, err := text(db.conn, "PRAGMA integrity_check"); err != nil || ok != "ok" {
				found++
			}
		}
		check(t, db.Close())
	}
	if found < pages*2/3 {
		t.Errorf("found %d of %d flipped bits", found, pages)
	}
}

// What was damaged in the log is lost, but not what is before it, and nothing
// is read wrong.
func TestFlippedBitInTheLog(t *testing.T) {
	files, _ := crashed(t)
	log := files[databaseFile+"-wal"]
	for at := 0; at < len(log); at += len(log) / 10 {
		bad := maps.Clone(files)
		bad[databaseFile+"-wal"] = slices.Clone(log)
		bad[databaseFile+"-wal"][at] ^= 0x10
		p, v := profileWith(t, bad)
		db := openDB(t, p, v)
		for i, m := range got(db.Recent(withBob, 100))(t) {
			same(t, "text", m.Text.String(), strings.Repeat(fmt.Sprint(i, " "), 200))
		}
		check(t, db.Append(line(withBob, "after")), db.Close())
	}
}
