package storage

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"culver/im"
)

// writerChild appends messages to the profile given, and prints the number of
// each after Append returned, until it is killed.
func writerChild(args []string) error {
	p, err := OpenProfile(args[0])
	if err != nil {
		return err
	}
	p.cheapest = cheap()
	v, err := p.UnlockVault(pass)
	if err != nil {
		return err
	}
	db, err := p.OpenDB(context.Background(), v)
	if err != nil {
		return err
	}
	last, err := db.Older(withBob, "", 1<<30)
	if err != nil {
		return err
	}
	for i := len(last); ; i++ {
		m := line(withBob, fmt.Sprint(i))
		m.Out, m.State, m.Time = true, im.Sending, time.Now()
		m.Text = im.Plain(strings.Repeat("x", 10_000)) // so that the log is folded in now and then
		if err := db.Append(m); err != nil {
			return err
		}
		fmt.Println(i)
	}
}

func TestKilledWhileWriting(t *testing.T) {
	p, v := lockedProfile(t)
	check(t, v.Close(), p.Close())
	kept := 0
	for round, lines := range []int{1, 3, 60, 500, 2} {
		cmd := child(t, os.Environ(), "writer", p.Dir())
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		check(t, err, cmd.Start())
		said := 0
		var n int
		for ; said < lines; said++ {
			if _, err := fmt.Fscanln(out, &n); err != nil {
				t.Fatalf("round %d: the writer ended: %v", round, err)
			}
		}
		check(t, cmd.Process.Kill())
		for { // what it said before it died
			if _, err := fmt.Fscanln(out, &n); err != nil {
				break
			}
			said++
		}
		_ = cmd.Wait()
		q := openProfile(t, p.Dir())
		u := got(q.UnlockVault(pass))(t)
		db := openDB(t, q, u)
		all := got(db.Older(withBob, "", 1<<30))(t)
		// It may have died between Append and saying so.
		if len(all) < kept+said || len(all) > kept+said+1 {
			t.Errorf("round %d: %d messages, %d were said to be kept", round, len(all), kept+said)
		}
		for i, m := range all {
			if m.ID != fmt.Sprint(i) {
				t.Fatalf("round %d: message %d is %s", round, i, m.ID)
			}
		}
		same(t, "unsent", len(got(db.Unsent(alice))(t)), len(all))
		same(t, "integrity", got(text(db.conn, "PRAGMA integrity_check"))(t), "ok")
		kept = len(all)
		check(t, db.Close(), u.Close(), q.Close())
	}
}
