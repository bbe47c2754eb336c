package storage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"

	"lukechampine.com/adiantum"
)

// unchecked is the database of a profile that was not checked when it was opened, as
// if it were large.
func unchecked(t *testing.T, p *Profile, v *Vault) *DB {
	t.Helper()
	db := openDB(t, p, v)
	db.unchecked = adiantum.New(got(v.Get(t.Context(), databaseKey))(t))
	return db
}

// A page that was damaged is found, whatever is on it, while the database is in use.
func TestCheckBeside(t *testing.T) {
	p, v := lockedProfile(t)
	db := openDB(t, p, v)
	fill(t, db, 60)
	check(t, db.Close())
	db = unchecked(t, p, v)
	same(t, "suspects", len(got(db.Suspects(t.Context()))(t)), 0)
	check(t, db.Confirm(nil), db.Append(line(withBob, "in the log")))
	whole := got(os.ReadFile(p.path(databaseFile)))(t)
	for n := range uint32(len(whole) / pageSize) {
		bad := slices.Clone(whole)
		bad[int(n)*pageSize+int(n*977)%pageSize] ^= 1
		check(t, os.WriteFile(p.path(databaseFile), bad, 0o600))
		same(t, "suspects", got(db.Suspects(t.Context()))(t), []uint32{n + 1})
		if n == 0 { // what the log has is put in its place by Confirm: it is no damage
			continue
		}
		err := confirm(p.path(databaseFile), db.unchecked, []uint32{n + 1})
		if !errors.Is(err, ErrDatabaseDamaged) {
			t.Errorf("page %d: %v", n+1, err)
		}
	}
	check(t, os.WriteFile(p.path(databaseFile), whole, 0o600))
	same(t, "suspects", len(got(db.Suspects(t.Context()))(t)), 0)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for i := range 100 {
		check(t, db.Append(line(withBob, fmt.Sprint("more", i))))
	}
	check(t, db.Confirm([]uint32{1})) // no damage, and it is folded in
	if _, err := db.Suspects(gone); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// A page that looks bad, and of which the log has a newer one, is no damage.
func TestSuspectInTheLog(t *testing.T) {
	p, v := lockedProfile(t)
	check(t, openDB(t, p, v).Close())
	db := unchecked(t, p, v)
	check(t, db.SetSetting("a", "b"))
	f := got(os.OpenFile(p.path(databaseFile), os.O_RDWR, 0))(t)
	defer f.Close()
	before := filesOf(t, p)[databaseFile]
	check(t, db.Confirm([]uint32{1}), db.SetSetting("a", "c"))
	var changed []uint32
	for n, now := 0, filesOf(t, p)[databaseFile]; n < len(now)/pageSize; n++ {
		if at := n * pageSize; at >= len(before) || string(before[at:at+pageSize]) != string(now[at:at+pageSize]) {
			changed = append(changed, uint32(n+1))
			got(f.WriteAt(make([]byte, 100), int64(at)))(t)
		}
	}
	same(t, "suspects", got(db.Suspects(t.Context()))(t), changed)
	check(t, db.Confirm(changed))
	same(t, "suspects", len(got(db.Suspects(t.Context()))(t)), 0)
}

// No false alarm, however much is written meanwhile.
func TestCheckBesideABusyWriter(t *testing.T) {
	p, v := lockedProfile(t)
	db := unchecked(t, p, v)
	fill(t, db, 100)
	ctx, stop := context.WithCancel(t.Context())
	found, rounds := make(chan []uint32), make(chan int)
	go func() {
		n := 0
		defer func() { rounds <- n }()
		defer close(found)
		for ctx.Err() == nil {
			suspects, err := db.Suspects(ctx)
			if err != nil && ctx.Err() == nil {
				t.Error(err)
			}
			n++
			select {
			case found <- suspects:
			case <-ctx.Done():
			}
		}
	}()
	alarms := 0
	for i := range 600 {
		check(t, db.Append(line(withBob, fmt.Sprint("busy", i))), db.SetSetting(fmt.Sprint(i%7), fmt.Sprint(i)))
		if i%3 == 0 {
			check(t, db.Remove(withBob, fmt.Sprint("busy", i)))
		}
		select {
		case suspects := <-found:
			alarms += len(suspects)
			check(t, db.Confirm(suspects))
		default:
		}
	}
	stop()
	for range found {
	}
	t.Logf("%d rounds, %d suspects", <-rounds, alarms)
}
