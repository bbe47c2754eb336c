package main

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"time"

	"culver/accounts"
	"culver/im"
	"culver/internal/testkit"
	"culver/messenger"
)

// hello begins the conversations. What is older than all that is on show stays above it,
// to be scrolled to: what is missed later stands between lines.
const hello = "hello"

const (
	calm      = 250 * time.Millisecond // the longest pause before a fault
	bad       = 500 * time.Millisecond // the longest that one lasts
	down      = time.Second            // how long the server is away at most
	patience  = 90 * time.Second       // with what has to happen
	sampling  = 50                     // cuts between two looks at memory
	reporting = 10 * time.Second
	quiet     = 500 * time.Millisecond // after which a server has nothing to do any more
	hesitate  = 700 * time.Millisecond // before somebody chooses Send again
)

// play is the whole run, until the last line is accounted for.
func (r *run) play(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	for _, c := range r.culvers {
		c.start()
	}
	// What was said before the other is there counts as late, and nobody answers that.
	if err := r.until(ctx, "all accounts are online, and see each other", patience, func() bool { return r.online() && r.seen() }); err != nil {
		return err
	}
	for _, t := range r.threads {
		if !t.private || t.from == r.culvers[0] { // it begins by itself
			t.from.m.Send(t.there, hello, im.Open)
		}
	}
	if err := r.until(ctx, "a private conversation, and a first line in the open", patience, func() bool { return r.private() && r.hellos == 3 }); err != nil {
		return err
	}
	go r.mind(ctx)
	go r.report(ctx)
	dice := rand.New(rand.NewPCG(r.seed, 1))
	weather, done := iter.Pull(testkit.Weather{Calm: calm, Bad: bad}.Faults(r.seed))
	defer done()
	restart := min(r.restart, max(5, r.cuts/5)) // a short run has as many
	for n := 1; n <= r.cuts; n++ {
		f, _ := weather()
		var err error
		switch {
		case n%restart == 0:
			err = r.restartServer(ctx, n, dice)
		case n%r.restart == r.restart/2 || n == r.cuts/2-1:
			err = r.silence(ctx, n, dice)
		default:
			err = r.disturb(ctx, n, f, dice)
		}
		r.count(func() { r.cut = n })
		if err == nil && (n%sampling == 0 || dice.IntN(4) > 0) {
			err = r.until(ctx, "all accounts are online again", patience, r.online)
		}
		if err == nil && n%sampling == 0 {
			if err = r.until(ctx, "the conversation is private again", patience, r.private); err == nil {
				r.read(n)
			}
		}
		if err != nil {
			return r.explain(err)
		}
	}
	if err := r.settle(ctx); err != nil {
		return r.explain(err)
	}
	r.read(r.cuts)
	if err := r.compare(); err != nil {
		return err
	}
	return flat(r.gauge)
}

// explain adds to what failed of a line what became of that.
func (r *run) explain(err error) error {
	if p, ok := err.(problem); ok {
		return r.tell([]problem{p})
	}
	return err
}

func (r *run) online() bool {
	for _, c := range r.culvers {
		if c.status[c.open] != accounts.Online || c.status[c.hidden] != accounts.Online {
			return false
		}
	}
	return true
}

// seen reports whether everybody has seen everybody.
func (r *run) seen() bool {
	for _, t := range r.threads {
		if !t.from.seen[t.there] {
			return false
		}
	}
	return true
}

func (r *run) private() bool {
	for _, t := range r.threads {
		if t.private && !t.from.seals[t.there].Encrypted() {
			return false
		}
	}
	return true
}

// talk says the lines that are due at this cut, over so much time.
func (r *run) talk(ctx context.Context, n int, dice *rand.Rand, over time.Duration) {
	due := r.lines*n/r.cuts - r.said()
	if n == r.cuts {
		due = r.lines - r.said()
	}
	for i := range max(0, due) {
		t := r.threads[dice.IntN(len(r.threads))]
		for k := range r.threads { // each gets as many
			if o := r.threads[(dice.IntN(len(r.threads))+k)%len(r.threads)]; len(o.lines) < len(t.lines) {
				t = o
			}
		}
		var text string
		r.count(func() { _, text = t.say(dice) })
		began := im.Open
		if t.private {
			began = im.Private
		}
		t.from.m.Send(t.there, text, began)
		if dice.IntN(3) > 0 {
			pause(ctx, time.Duration(dice.Int64N(int64(3*over/time.Duration(due)))))
		}
		_ = i
	}
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// disturb lets one fault happen to the connections of one of them, or of both, while
// they talk. At least one of those ends by it.
func (r *run) disturb(ctx context.Context, n int, f testkit.Fault, dice *rand.Rand) error {
	hit := r.hit(dice)
	r.journal.note("the weather: %d, for %s: %v", n, names(hit), f)
	done := make(chan error, len(hit))
	for _, c := range hit {
		go func() {
			before, _ := c.cutter.Connections()
			err := c.cutter.Play(ctx, f)
			if after, _ := c.cutter.Connections(); err == nil && after == before && !f.Cuts() {
				c.cutter.Reset()
				r.journal.note("the weather: %d, for %s: then reset", n, c.name)
			}
			done <- err
		}()
	}
	r.talk(ctx, n, dice, f.Calm+f.Bad)
	for range hit {
		if err := <-done; err != nil {
			return sentencef("It was stopped.")
		}
	}
	return nil
}

// hit is whose connections it is about.
func (r *run) hit(dice *rand.Rand) []*culver {
	switch dice.IntN(3) {
	case 0:
		return r.culvers[:1]
	case 1:
		return r.culvers[1:]
	}
	return r.culvers[:]
}

func names(of []*culver) string {
	var all []string
	for _, c := range of {
		all = append(all, c.name)
	}
	return strings.Join(all, " and ")
}

// silence lets nothing pass any more, and nobody is told: they have to find out.
func (r *run) silence(ctx context.Context, n int, dice *rand.Rand) error {
	c := r.culvers[dice.IntN(2)]
	r.journal.note("the weather: %d, for %s: silence until it is noticed", n, c.name)
	c.cutter.Stall()
	defer c.cutter.Pass()
	r.talk(ctx, n, dice, time.Second)
	return r.until(ctx, c.name+" notices that the connection is dead", patience, func() bool {
		return c.status[c.open] != accounts.Online || c.status[c.hidden] != accounts.Online
	})
}

// restartServer ends the server properly, and starts it again.
func (r *run) restartServer(ctx context.Context, n int, dice *rand.Rand) error {
	away := time.Duration(dice.Int64N(int64(down)))
	if r.server.Name == testkit.NameEjabberd {
		if err := r.drain(ctx); err != nil {
			return err
		}
	}
	r.journal.note("the weather: %d, the server ends, for %v", n, away)
	stopped := make(chan struct{})
	go func() { defer close(stopped); r.server.Stop() }()
	r.talk(ctx, n, dice, away)
	<-stopped
	pause(ctx, away)
	r.journal.note("the weather: %d, the server starts", n)
	err := r.server.Again()
	r.count(func() { r.restarts++ })
	return err
}

// drain lets the server do what it has begun, with everybody there. Ejabberd forgets
// when it ends what is on its way from one of its processes to another, and what it holds
// for sessions that have no connection just then, though it said that it has that.
func (r *run) drain(ctx context.Context) error {
	for before := int64(-1); ; {
		if err := r.until(ctx, "all accounts are online before the restart", patience, r.online); err != nil {
			return err
		}
		info, err := os.Stat(r.server.Recording())
		if err != nil || info.Size() == before {
			return err
		}
		before = info.Size()
		pause(ctx, quiet)
	}
}

// mind chooses Send again for what failed.
func (r *run) mind(ctx context.Context) {
	tick := time.NewTicker(hesitate / 4)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		type wish struct {
			t  *thread
			id string
		}
		var all []wish
		r.mu.Lock()
		for _, t := range r.threads {
			for n, l := range t.lines {
				if l.state == im.Failed && !l.asked && time.Since(l.since) > hesitate && t.from.status[t.there.Account] == accounts.Online {
					l.asked = true
					t.asked++
					r.journal.note("%s chooses Send again for %s", t.from.name, t.find(n+1))
					all = append(all, wish{t, l.id})
				}
			}
		}
		r.mu.Unlock()
		for _, w := range all {
			w.t.from.m.Retry(w.t.there, w.id)
		}
	}
}

// settle waits until all that was said is accounted for. It is patient: programs tell
// each other of private lines that they could not read a few times a minute only.
func (r *run) settle(ctx context.Context) error {
	for _, c := range r.culvers {
		c.cutter.Pass()
	}
	open := func() (n int) {
		for _, t := range r.threads {
			k, _ := t.open()
			n += k
		}
		return n
	}
	for before := -1; ; {
		var now int
		r.count(func() { now = open() })
		if now == before {
			break
		}
		before = now
		if r.until(ctx, "anything more", patience, func() bool { return open() < now/2 || open() == 0 }) == nil && r.openNow(open) == 0 {
			return nil
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.problem != nil {
		return r.problem
	}
	var wrong []problem
	for _, t := range r.threads {
		for i, l := range t.lines {
			if l.shown != 1 || !l.state.Taken() {
				wrong = append(wrong, problem{thread: t, n: i + 1, what: fmt.Sprintf("is %s, and arrived %d times", stateName(l.state), l.shown)})
			}
		}
	}
	return r.tell(wrong)
}

func (r *run) openNow(open func() int) (n int) {
	r.count(func() { n = open() })
	return n
}

// compare looks at the conversations as they are shown now.
func (r *run) compare() error {
	var wrong []problem
	for _, c := range r.culvers {
		snapshot := c.look()
		r.mu.Lock()
		for _, t := range r.threads {
			for _, s := range snapshot.Conversations {
				if t.from == c && s.Conv == t.there {
					wrong = append(wrong, t.check(c.name+"'s conversation", only(s, true))...)
				}
				if t.to == c && s.Conv == t.here {
					wrong = append(wrong, t.check(c.name+"'s conversation", only(s, false))...)
				}
			}
		}
		r.mu.Unlock()
	}
	if wrong = r.ours(wrong); len(wrong) > 0 {
		return r.tell(wrong)
	}
	return nil
}

// only are the lines of one side.
func only(s messenger.ConversationState, out bool) (lines []im.Message) {
	for _, m := range s.Messages {
		if m.Kind == im.Chat && m.Out == out {
			lines = append(lines, m)
		}
	}
	return lines
}

// history is what the disk has of one side of a conversation, in its order.
func (c *culver) history(conv im.ConvID, out bool) (all []im.Message, err error) {
	for last := ""; ; {
		some, err := c.db.Newer(conv, last, 500)
		if err != nil || len(some) == 0 {
			return all, err
		}
		for _, m := range some {
			if m.Kind == im.Chat && m.Out == out {
				all = append(all, m)
			}
		}
		last = some[len(some)-1].ID
	}
}

// report tells how it goes.
func (r *run) report(ctx context.Context) {
	tick := time.NewTicker(reporting)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			fmt.Println("  " + r.progress())
		}
	}
}

func (r *run) progress() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	said, heard, failed, asked, turned := 0, 0, 0, 0, 0
	for _, t := range r.threads {
		said += len(t.lines)
		heard += t.heard
		asked += t.asked
		turned += t.turned
		for _, l := range t.lines {
			if l.failed {
				failed++
			}
		}
	}
	return fmt.Sprintf("%5s  %d cuts, %d restarts: %d sessions resumed, %d begun; %d lines said, %d arrived; %d were shown as failed, Send again chosen %d times; %d came behind later ones",
		time.Since(r.began).Round(time.Second), r.cut, r.restarts, r.resumed, r.anew, said, heard, failed, asked, turned)
}

// summary is what is to be said at the end of a run in which nothing was found.
func (r *run) summary() string {
	var b strings.Builder
	fmt.Fprintln(&b, "  "+r.progress())
	for _, why := range slices.Sorted(maps.Keys(r.failures)) {
		fmt.Fprintf(&b, "  %d times a line was shown as failed, as it has to be: %s\n", r.failures[why], why)
	}
	for _, what := range slices.Sorted(maps.Keys(r.alarms)) {
		fmt.Fprintf(&b, "  %d times they were told: %s\n", r.alarms[what], what)
	}
	if r.resent > 0 {
		fmt.Fprintf(&b, "  %d private lines could not be read, and were sent again by themselves, marked as that.\n", r.resent)
	}
	if len(r.turned) > 0 {
		fmt.Fprintf(&b, "  %d lines stand behind later ones, because the server sent them in this order: its own record shows that.\n", len(r.turned))
	}
	b.WriteString(table(r.gauge))
	fmt.Fprintf(&b, "PASS %s: every line arrived once, in order, but for those that were shown as failed and sent again. The server saw no private line.\n", r.server.Name)
	return b.String()
}
