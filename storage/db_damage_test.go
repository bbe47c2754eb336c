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

// A flipped bit anywhere is found before the database is opened: also on pages that
// nobody reads for long, and that nothing is on.
func TestFlippedBit(t *testing.T) {
	p, v := lockedProfile(t)
	db := openDB(t, p, v)
	fill(t, db, 60)
	for i := range 30 {
		check(t, db.Remove(withBob, fmt.Sprint(i)))
	}
	free := got(number(db.conn, "PRAGMA freelist_count"))(t)
	check(t, db.Close())
	if free == 0 {
		t.Error("no page is free")
	}
	whole := filesOf(t, p)[databaseFile]
	for page := range len(whole) / pageSize {
		for _, in := range []int{0, (page * 977) % pageSize, pageSize - 1} {
			bad := slices.Clone(whole)
			at := page*pageSize + in
			bad[at] ^= 1 << (page % 8)
			check(t, os.WriteFile(p.path(databaseFile), bad, 0o600))
			if _, err := p.OpenDB(t.Context(), v); !errors.Is(err, ErrDatabaseDamaged) {
				t.Fatalf("byte %d: %v, want ErrDatabaseDamaged", at, err)
			}
			same(t, "file", bytes.Equal(got(os.ReadFile(p.path(databaseFile)))(t), bad), true)
		}
	}
}

// A flipped bit in the log is found, but at its end: that looks as if the power had
// failed during the last transaction, which is lost. Nothing is read wrong, and what is
// not on the damaged part is rescued.
func TestFlippedBitInTheLog(t *testing.T) {
	files, _ := crashed(t)
	log := files[databaseFile+logSuffix]
	for at := 5; at < len(log); at += len(log) / 40 {
		what := fmt.Sprintf("byte %d of %d", at, len(log))
		bad := maps.Clone(files)
		bad[databaseFile+logSuffix] = slices.Clone(log)
		bad[databaseFile+logSuffix][at] ^= 0x10
		p, v := profileWith(t, bad)
		db, err := p.OpenDB(t.Context(), v)
		switch {
		case errors.Is(err, ErrDatabaseDamaged):
			same(t, what+": the log", bytes.Equal(got(os.ReadFile(p.path(databaseFile+logSuffix)))(t), bad[databaseFile+logSuffix]), true)
			r := got(p.Rescue(t.Context(), v))(t)
			if r.Bad == 0 || r.Lines+r.LostLines < 15 {
				t.Errorf("%s: %+v", what, r)
			}
			db = openDB(t, p, v)
		case err != nil:
			t.Fatalf("%s: %v", what, err)
		case at < len(log)*9/10:
			t.Errorf("%s: not found", what)
		}
		lines := got(db.Older(withBob, "", 100))(t)
		if len(lines) < 8 {
			t.Errorf("%s: %d lines of 20", what, len(lines))
		}
		for _, m := range lines {
			same(t, "text", m.Text.String(), strings.Repeat(fmt.Sprint(m.ID, " "), 200))
		}
		check(t, db.Append(line(withBob, "after")), db.Close(), v.Close(), p.Close())
	}
}

// A log of which the end was never written is no damage, wherever it is cut.
func TestCutLog(t *testing.T) {
	files, _ := crashed(t)
	log := files[databaseFile+logSuffix]
	for n := 0; n < len(log); n += pageSize {
		cut := maps.Clone(files)
		cut[databaseFile+logSuffix] = log[:n]
		p, v := profileWith(t, cut)
		check(t, openDB(t, p, v).Close(), v.Close(), p.Close())
	}
}
