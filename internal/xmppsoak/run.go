package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"culver/accounts"
	"culver/buddylist"
	"culver/im"
	"culver/internal/testkit"
	"culver/messenger"
)

// run is two Culvers, a server, and what is known of both.
type run struct {
	plan
	dir     string
	began   time.Time
	server  *testkit.Server
	culvers [2]*culver
	threads []*thread
	journal *journal
	gauge   []reading

	mu       sync.Mutex
	changed  chan struct{} // closed when anything below, or of a thread, changes
	problem  error         // the first thing that must not be
	cut      int           // how many times
	restarts int
	anew     int            // sessions that began
	resumed  int            // and that went on
	alarms   map[string]int // what they were told, how often
	failures map[string]int // why lines failed, how often
	resent   int            // private lines that were sent once more by themselves
	hellos   int            // that arrived
	turned   map[*line]bool // lines that the server turned
	over     bool
}

// sentence is an error as people read it.
type sentence string

func (s sentence) Error() string { return string(s) }

func sentencef(format string, args ...any) error { return sentence(fmt.Sprintf(format, args...)) }

// begin starts everything.
func begin(ctx context.Context, name, dir string, p plan) (r *run, err error) {
	r = &run{plan: p, dir: dir, began: time.Now(), changed: make(chan struct{}), alarms: map[string]int{}, failures: map[string]int{}, turned: map[*line]bool{}}
	defer func() {
		if err != nil {
			_ = r.end() // what went wrong is known
		}
	}()
	if r.journal, err = newJournal(filepath.Join(dir, "journal")); err != nil {
		return r, err
	}
	place := filepath.Join(dir, "server")
	if err := os.Mkdir(place, 0o700); err != nil {
		return r, err
	}
	users := [2][]testkit.User{}
	o := testkit.ServerOptions{Users: map[string]string{}, Friends: [][2]string{{"alice-open", "bob-open"}, {"alice-hidden", "bob-hidden"}},
		KeepArchive: true} // what it has taken has to be there after a restart
	for i, who := range []string{"alice", "bob"} {
		for _, kind := range []string{"open", "hidden"} {
			u := testkit.User{Name: who + "-" + kind, Bare: who + "-" + kind + "@localhost", Password: rand.Text()}
			o.Users[u.Name] = u.Password
			users[i] = append(users[i], u)
		}
	}
	if r.server, err = testkit.NewServer(name, place, o); err != nil {
		return r, err
	}
	for i, who := range []string{"alice", "bob"} {
		c := &culver{name: who, run: r}
		r.culvers[i] = c
		if c.cutter, err = testkit.NewCutter(r.server.Address, r.server.DirectTLS); err != nil {
			return r, err
		}
		if err := c.enter(ctx, users[i]); err != nil {
			return r, err
		}
	}
	a, b := r.culvers[0], r.culvers[1]
	for _, private := range []bool{false, true} {
		for _, pair := range [][2]*culver{{a, b}, {b, a}} {
			r.threads = append(r.threads, newThread(pair[0], pair[1], private))
		}
	}
	for _, c := range r.culvers {
		if err := c.prefer(r.thread(c, false).there); err != nil {
			return r, err
		}
	}
	return r, nil
}

func newThread(from, to *culver, private bool) *thread {
	t := &thread{from: from, to: to, private: private, byID: map[string]int{}, word: word("open")}
	mine, theirs := from.open, to.open
	t.name = fmt.Sprintf("%s's open lines to %s", from.name, to.name)
	if private {
		mine, theirs, t.word = from.hidden, to.hidden, word("hidden")
		t.name = fmt.Sprintf("%s's private lines to %s", from.name, to.name)
	}
	t.there = im.ConvID{Account: mine, Peer: theirs.Bare()}
	t.here = im.ConvID{Account: theirs, Peer: mine.Bare()}
	return t
}

// word is one that nothing else holds.
func word(kind string) string {
	var b [6]byte
	rand.Read(b[:])
	return kind + "-canary-" + hex.EncodeToString(b[:])
}

// thread is what somebody says, in private or not.
func (r *run) thread(from *culver, private bool) *thread {
	for _, t := range r.threads {
		if t.from == from && t.private == private {
			return t
		}
	}
	return nil
}

// end ends everything.
func (r *run) end() error {
	r.count(func() { r.over = true })
	var err error
	for _, c := range r.culvers {
		if c == nil {
			continue
		}
		if e := c.quit(); err == nil && e != nil {
			err = fmt.Errorf("%s: %w", c.name, e)
		}
		if c.cutter != nil {
			c.cutter.Close()
		}
	}
	if r.server != nil {
		r.server.Close()
	}
	if r.journal != nil {
		if e := r.journal.flush(); err == nil {
			err = e
		}
	}
	return err
}

// count changes what is known.
func (r *run) count(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f()
	close(r.changed)
	r.changed = make(chan struct{})
}

// fail notes what must not be.
func (r *run) fail(format string, args ...any) {
	r.count(func() { r.failed(sentencef(format, args...)) })
}

func (r *run) failed(err error) {
	if r.problem == nil {
		r.problem = err
		r.journal.note("FAILED: %v", err)
	}
}

// until waits for something, as long as nothing failed.
func (r *run) until(ctx context.Context, what string, limit time.Duration, ok func() bool) error {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	for {
		r.mu.Lock()
		done, problem, changed := ok(), r.problem, r.changed
		r.mu.Unlock()
		switch {
		case problem != nil:
			return problem
		case done:
			return nil
		}
		select {
		case <-changed:
		case <-timer.C:
			return sentencef("For %v there was no sign of this: %s.", limit, what)
		case <-ctx.Done():
			return sentencef("It was stopped.")
		}
	}
}

// said is how many lines were.
func (r *run) said() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range r.threads {
		n += len(t.lines)
	}
	return n
}

// take is told what one of the two sees.
func (r *run) take(c *culver, e messenger.Event) {
	switch e := e.(type) {
	case messenger.AccountChanged:
		r.accountChanged(c, e.State)
	case messenger.ConversationOpened:
		r.count(func() {
			c.seals[e.State.Conv] = e.State.Seal.Level
			for _, m := range e.State.Messages {
				r.lineThere(c, m)
			}
		})
	case messenger.BuddyListChanged:
		if p, ok := e.Change.(buddylist.Presence); ok && p.Presence.Show != im.Offline {
			r.count(func() { c.seen[im.ConvID{Account: p.Account, Peer: p.From.Bare}] = true })
		}
	case messenger.SealChanged:
		r.journal.note("%s account: the conversation with %s is now %v", c.name, e.Conv.Peer, e.Seal.Level)
		r.count(func() { c.seals[e.Conv] = e.Seal.Level })
	case messenger.MessageAdded:
		r.count(func() { r.lineAdded(c, e.Message, false) })
	case messenger.MessagePlaced:
		r.count(func() { r.lineAdded(c, e.Message, true) })
	case messenger.MessageChanged:
		r.count(func() { r.lineChanged(c, e.Message) })
	case messenger.MessageRemoved:
		r.count(func() { r.lineRemoved(c, e.Conv, e.ID) })
	case messenger.Trouble:
		r.fail("%s is told of trouble: %s", c.name, e.Text)
	case messenger.DialogOpened:
		r.fail("%s is asked something: %s %s", c.name, e.Form.Title, e.Form.Intro)
	}
}

func (r *run) accountChanged(c *culver, s accounts.State) {
	id := s.Account.ID
	r.count(func() {
		before := c.status[id]
		if c.status[id] = s.Status; s.Status == before {
			return
		}
		r.journal.note("%s account: %s is %v", c.name, id.Bare(), s.Status)
		switch {
		case s.Status == accounts.Stopped:
			r.failed(sentencef("%s does not connect any more: %s", id.Bare(), s.Problem.Text))
		case s.Status == accounts.Waiting && !r.over:
			c.nudge(time.Duration(len(r.threads[0].lines)%7) * 60 * time.Millisecond)
		}
	})
}

// lineThere is a line that is in a conversation when it opens: it came without a word, as
// what a new device gets of the past does, or is there already.
func (r *run) lineThere(c *culver, m im.Message) {
	for _, t := range r.threads {
		if n, ok := t.number(m.Text.String()); ok && !m.Out && c == t.to && t.lines[n-1].shown == 0 {
			r.lineAdded(c, m, true)
		}
	}
}

// lineAdded is a line that one of the two sees for the first time.
func (r *run) lineAdded(c *culver, m im.Message, placed bool) {
	if m.Text.String() == hello && !m.Out {
		r.hellos++
	}
	if m.Kind != im.Chat {
		r.journal.note("%s account: with %s they are told: %s", c.name, m.Conv.Peer, m.Text.String())
		if !r.over {
			r.alarms[m.Text.String()]++
		}
		return
	}
	for _, t := range r.threads {
		n, ok := t.number(m.Text.String())
		if !ok {
			continue
		}
		if m.Out {
			if c != t.from || m.Conv != t.there {
				r.failed(sentencef("Line %d of %s is in the wrong conversation.", n, t.name))
			}
			t.byID[m.ID] = n
			t.lines[n-1].id = m.ID
			t.lines[n-1].origin = m.Origin
			r.lineState(t, n, m)
			return
		}
		if c != t.to || m.Conv != t.here {
			r.failed(sentencef("Line %d of %s arrived in the wrong conversation.", n, t.name))
		}
		l := t.lines[n-1]
		l.shown++
		t.heard++
		if strings.HasPrefix(m.Text.String(), again) {
			l.failed = true
			r.resent++
		}
		r.journal.note("%s reads %s, placed: %v, late: %v", c.name, t.find(n), placed, m.Late)
		if l.shown > 1 {
			r.failed(problem{thread: t, n: n, what: "arrived twice"})
		}
		if t.private && !m.Seal.Level.Encrypted() {
			r.failed(problem{thread: t, n: n, what: "arrived, and is not private"})
		}
		if n < t.last && !l.failed && !placed {
			t.turned++
			r.journal.note("OUT OF ORDER: %s came behind %d", t.find(n), t.last)
		}
		t.last = max(t.last, n)
		return
	}
}

func (r *run) lineChanged(c *culver, m im.Message) {
	for _, t := range r.threads {
		if n, ok := t.byID[m.ID]; ok && c == t.from {
			r.lineState(t, n, m)
		}
	}
}

// lineState is how far one of our lines has come.
func (r *run) lineState(t *thread, n int, m im.Message) {
	l := t.lines[n-1]
	if l.state != m.State || l.reason != m.Reason {
		r.journal.note("%s sees %s: %s %s", t.from.name, t.find(n), stateName(m.State), m.Reason)
	}
	if m.State == im.Failed && l.state != im.Failed {
		l.failed = true
		r.failures[m.Reason]++
	}
	l.state, l.reason, l.since, l.asked = m.State, m.Reason, time.Now(), false
	if t.private && (m.State == im.Sending || m.State.Taken()) && !m.Seal.Level.Encrypted() {
		r.failed(problem{thread: t, n: n, what: "left, and was not private"})
	}
}

func (r *run) lineRemoved(c *culver, in im.ConvID, id string) {
	for _, t := range r.threads {
		if t.from == c && t.there == in {
			delete(t.byID, id)
		}
	}
}

func stateName(s im.State) string {
	return [...]string{im.Done: "sent", im.Waiting: "waiting", im.Sending: "under way", im.Failed: "failed", im.Delivered: "received"}[s]
}

// audit reads the histories from the disk, and what the server saw.
func (r *run) audit(ctx context.Context) (err error) {
	for _, c := range r.culvers {
		if err := c.unlock(ctx); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, c.lock()) }()
	}
	var wrong []problem
	for _, t := range r.threads {
		for _, side := range []struct {
			c    *culver
			conv im.ConvID
			out  bool
		}{{t.from, t.there, true}, {t.to, t.here, false}} {
			all, err := side.c.history(side.conv, side.out)
			if err != nil {
				return err
			}
			wrong = append(wrong, t.check(side.c.name+"'s history", all)...)
		}
	}
	if wrong = r.ours(wrong); len(wrong) > 0 {
		return r.tell(wrong)
	}
	return r.overheard()
}

// overheard looks for private lines in all that the server saw.
func (r *run) overheard() error {
	f, err := os.Open(r.server.Recording())
	if err != nil {
		return err
	}
	defer f.Close()
	open := false
	buf := make([]byte, 1<<20)
	for kept := 0; ; {
		n, err := f.Read(buf[kept:])
		seen := buf[:kept+n]
		for _, t := range r.threads {
			if bytes.Contains(seen, []byte(t.word)) {
				if t.private {
					return sentencef("The server saw a line of %s.", t.name)
				}
				open = true
			}
		}
		if err != nil {
			break
		}
		kept = copy(buf, seen[max(0, len(seen)-100):])
	}
	if !open {
		return sentencef("The record of the server holds no open line, either: it cannot be trusted.")
	}
	return nil
}

// tell says what is wrong, and what became of the first of those lines.
func (r *run) tell(wrong []problem) error {
	var b strings.Builder
	for i, p := range wrong {
		if i == 10 {
			fmt.Fprintf(&b, "And %d more.\n", len(wrong)-i)
			break
		}
		fmt.Fprintln(&b, p.Error())
	}
	for i, p := range wrong {
		if i == 2 {
			break
		}
		l := p.thread.lines[p.n-1]
		fmt.Fprintf(&b, "What became of line %d of %s:\n%s", p.n, p.thread.name, r.journal.around([]string{p.thread.there.Account.Bare(), p.thread.here.Account.Bare()}, p.thread.find(p.n), l.id))
	}
	return sentence(strings.TrimSuffix(b.String(), "\n"))
}
