package main

import (
	"bufio"
	"io"
	"os"
	"regexp"
	"strings"
)

// Ejabberd sends what comes just when somebody resumes a session before what waited for
// that. A line stands in the order in which it came, since nothing tells a better one:
// that counts as the server's doing if its own record shows it.

// named is the ID of something in the record.
var named = regexp.MustCompile(` id='([^' ]+)'`)

// handed is when the server handed each message to somebody for the last time, by its ID:
// the number of the line in its record. Before that it may have handed it to what it held
// of a session that goes on elsewhere by then, where nobody gets it.
func handed(record io.Reader, bare string) map[string]int {
	last := map[string]int{}
	in := bufio.NewReader(record)
	for n := 1; ; n++ {
		line, err := in.ReadString('\n')
		if strings.HasPrefix(line, "< "+bare+"/") && !strings.Contains(line, "<forwarded ") { // no archive
			for _, id := range named.FindAllStringSubmatch(line, -1) {
				last[id[1]] = n
			}
		}
		if err != nil {
			return last
		}
	}
}

// handed is that of the server's record.
func (r *run) handed(bare string) (map[string]int, error) {
	f, err := os.Open(r.server.Recording())
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return handed(f, bare), nil
}

// ours are those problems that are not the server's.
func (r *run) ours(wrong []problem) (left []problem) {
	order := map[*thread]map[string]int{}
	for _, p := range wrong {
		if p.behind > 0 && order[p.thread] == nil {
			known, err := r.handed(p.thread.here.Account.Bare())
			if err != nil {
				r.journal.note("the record cannot be read: %v", err)
			}
			order[p.thread] = known
		}
		if p.behind > 0 {
			line, later := p.thread.lines[p.n-1], p.thread.lines[p.behind-1]
			when := order[p.thread]
			if when[later.origin] > 0 && when[line.origin] > when[later.origin] {
				r.turned[line] = true
				continue
			}
		}
		left = append(left, p)
	}
	return left
}
