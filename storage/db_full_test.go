package storage

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"culver/im"
)

// When there is no room nothing is changed, and with room all goes on.
func TestDatabaseFull(t *testing.T) {
	p, v := lockedProfile(t)
	db := openDB(t, p, v)
	fill(t, db, 5)
	pages := got(number(db.conn, "PRAGMA page_count"))(t)
	got(number(db.conn, fmt.Sprint("PRAGMA max_page_count = ", pages+2)))(t)
	n, err := 0, error(nil)
	for ; err == nil && n < 100; n++ {
		m := line(withEve, fmt.Sprint(n))
		m.Text = im.Plain(strings.Repeat("x", 1000))
		err = db.Append(m)
	}
	if !errors.Is(err, ErrFull) {
		t.Fatalf("after %d messages: %v, want ErrFull", n, err)
	}
	big := make([]im.Buddy, 1000)
	for _, err := range []error{
		db.SaveRoster(alice, big), db.Space("otr").Put("big", make([]byte, 50_000)), db.SetSetting("a", strings.Repeat("x", 50_000)),
	} {
		if !errors.Is(err, ErrFull) || !strings.HasPrefix(err.Error(), "The disk is full") {
			t.Errorf("got %v, want ErrFull", err)
		}
	}
	same(t, "messages", len(got(db.Older(withEve, "", 1000))(t)), n-1)
	same(t, "roster", got(db.Roster(alice))(t), []im.Buddy{{Account: alice, Bare: withBob.Peer}})
	if err := db.Update(failed(line(withBob, "1"), ""), failed(line(withBob, "2"), strings.Repeat("x", 50_000))); !errors.Is(err, ErrFull) {
		t.Errorf("got %v, want ErrFull", err)
	}
	same(t, "state of one of two", got(db.Older(withBob, "2", 1))(t)[0].State, im.Done)
	check(t, db.Update(failed(line(withBob, "1"), "")))
	got(number(db.conn, "PRAGMA max_page_count = 1000000"))(t)
	check(t, db.Append(line(withEve, "room again")), db.SaveRoster(alice, big))
	same(t, "integrity", got(text(db.conn, "PRAGMA integrity_check"))(t), "ok")
}
