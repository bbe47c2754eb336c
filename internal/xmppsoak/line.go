package main

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"culver/im"
)

// thread is one direction of one conversation: numbered lines that one says to the
// other.
type thread struct {
	name     string // "alice's private lines to bob"
	word     string // with which each of them begins, and nothing else
	private  bool
	from, to *culver
	there    im.ConvID // where they are said
	here     im.ConvID // and heard

	lines  []*line
	byID   map[string]int // our lines of the sender's conversation, by the ID of the message
	heard  int            // how many of them arrived
	asked  int            // how often one was to be sent again
	last   int            // the highest number that arrived
	turned int            // how many arrived behind a later one, and were not put in their place
}

// line is one of them.
type line struct {
	text   string
	id     string // of the sender's message
	origin string // and of that when it was said: what it is called on the network
	state  im.State
	reason string
	failed bool      // it was shown as failed at least once
	since  time.Time // when its state changed last
	asked  bool      // Send again was chosen since then
	shown  int       // how many times it is there at the receiver's
}

// say makes the next line.
func (t *thread) say(dice *rand.Rand) (n int, text string) {
	n = len(t.lines) + 1
	text = fmt.Sprintf("%s %06d %s", t.word, n, filler(dice))
	t.lines = append(t.lines, &line{text: text, since: time.Now()})
	return n, text
}

// filler is something that people may type: of any length, with what programs stumble over.
func filler(dice *rand.Rand) string {
	words := []string{"word", "<b>not bold</b>", "&amp;", "äöü", "שלום", "“quoted”", "?", "a\nnew line", "\t", "😀", "'"}
	var b strings.Builder
	for range 1 + dice.IntN(30) {
		b.WriteString(words[dice.IntN(len(words))] + " ")
	}
	return b.String() + "end"
}

// again is before a private line that its sender's program sent once more, because the
// other could not read it: to be seen by both, as with one that failed.
const again = "[resent] "

// number is which line of the thread a text is.
func (t *thread) number(text string) (int, bool) {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(text, again), t.word+" ")
	if !ok || len(rest) < 6 {
		return 0, false
	}
	n, err := strconv.Atoi(rest[:6])
	return n, err == nil && n >= 1 && n <= len(t.lines)
}

// word is how a line is found in what was noted.
func (t *thread) find(n int) string { return fmt.Sprintf("%s %06d", t.word, n) }

// open reports how many lines are not accounted for yet, and the first of them.
func (t *thread) open() (n, first int) {
	for i, l := range t.lines {
		if l.shown != 1 || !l.state.Taken() {
			if n++; first == 0 {
				first = i + 1
			}
		}
	}
	return n, first
}

// check compares the lines of the thread in a conversation, in the order in which they
// are there, with what was said.
func (t *thread) check(where string, there []im.Message) (wrong []problem) {
	times := make([]int, len(t.lines)+1)
	last := 0
	for _, m := range there {
		n, ok := t.number(m.Text.String())
		if !ok {
			continue
		}
		l := t.lines[n-1]
		times[n]++
		l.failed = l.failed || strings.HasPrefix(m.Text.String(), again)
		if text := strings.TrimPrefix(m.Text.String(), again); text != l.text {
			wrong = append(wrong, problem{thread: t, n: n, what: fmt.Sprintf("reads %q in %s, and was %q", text, where, l.text)})
		}
		if t.private && !m.Seal.Level.Encrypted() {
			wrong = append(wrong, problem{thread: t, n: n, what: "is not private in " + where})
		}
		if l.failed {
			continue // it was shown as failed, and sent again: anywhere behind its place
		}
		if n < last {
			wrong = append(wrong, problem{thread: t, n: n, what: fmt.Sprintf("stands behind line %d in %s", last, where), behind: last})
		}
		last = max(last, n)
	}
	for n := 1; n <= len(t.lines); n++ {
		if times[n] != 1 {
			wrong = append(wrong, problem{thread: t, n: n, what: fmt.Sprintf("is there %d times in %s", times[n], where)})
		}
	}
	return wrong
}

// problem is a line that is not as it has to be.
type problem struct {
	thread *thread
	n      int
	what   string
	behind int // the line that should come after it; 0: it is about something else
}

func (p problem) Error() string { return fmt.Sprintf("Line %d of %s %s.", p.n, p.thread.name, p.what) }
