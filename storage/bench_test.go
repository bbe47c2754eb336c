package storage

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ncruces/go-sqlite3"

	"culver/im"
)

// benchChild is the work that `make bench-storage` measures (internal/storagebench):
// it fills a database, or asks one that was filled, encrypted or not, and prints a
// name and a number a line. Times are in nanoseconds. Its arguments are what to do,
// "encrypted" or "plain", a folder, and how many lines the history has.
func benchChild(args []string) error {
	lines, err := strconv.Atoi(args[3])
	if err != nil {
		return err
	}
	b := &bench{dir: args[2], plain: args[1] == "plain", people: newPeople(lines)}
	switch args[0] {
	case "fill":
		return b.fill(lines)
	case "ask":
		return b.ask()
	}
	return fmt.Errorf("cannot %s", args[0])
}

type bench struct {
	dir    string
	plain  bool
	people *people
	db     *DB
}

func (b *bench) print(name string, value int64) { fmt.Println(name, value) }

// open opens the database, and makes it if need be: as Profile.OpenDB does, or the
// same without the layer that encrypts.
func (b *bench) open() error {
	ctx := context.Background()
	if !b.plain {
		p, err := OpenProfile(b.dir)
		if err != nil {
			return err
		}
		p.cost, p.cheapest = cheap, cheap()
		kind, err := p.VaultKind()
		if err != nil {
			return err
		}
		var v *Vault
		if kind == Fresh {
			v, err = p.CreateVault(pass)
		} else {
			v, err = p.UnlockVault(pass)
		}
		if err != nil {
			return err
		}
		begin := time.Now()
		b.db, err = p.OpenDB(ctx, v)
		b.print("open", int64(time.Since(begin)))
		return err
	}
	begin := time.Now()
	path := filepath.Join(b.dir, databaseFile)
	_, err := os.Stat(path)
	fresh := errors.Is(err, os.ErrNotExist)
	conn, err := sqlite3.OpenFlags("file:"+path, sqlite3.OPEN_READWRITE|sqlite3.OPEN_CREATE|sqlite3.OPEN_URI)
	if err != nil {
		return err
	}
	if err := errors.Join(configure(conn), functions(conn)); err != nil {
		return err
	}
	if fresh {
		err = errors.Join(conn.EnableChecksums("main"), conn.Exec(fmt.Sprint("PRAGMA application_id = ", applicationID)))
	}
	if err = errors.Join(err, start(conn, path)); err != nil {
		return err
	}
	b.db = &DB{conn: conn, path: path, statements: map[string]*sqlite3.Stmt{}, erased: true, untidy: true}
	err = b.db.fold()
	b.print("open", int64(time.Since(begin)))
	return err
}

// fill makes a history.
func (b *bench) fill(lines int) error {
	if err := b.open(); err != nil {
		return err
	}
	begin := time.Now()
	batch := make([]im.Message, 0, 500)
	for i := range lines {
		if batch = append(batch, b.people.line(i)); len(batch) == cap(batch) || i == lines-1 {
			if _, err := b.db.Import(batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	b.print("load", int64(time.Since(begin)))
	b.memory()
	if err := b.db.Close(); err != nil {
		return err
	}
	info, err := os.Stat(filepath.Join(b.dir, databaseFile))
	if err != nil {
		return err
	}
	b.print("size", info.Size())
	return nil
}

// ask asks what a person asks, the first time and again.
func (b *bench) ask() error {
	if err := b.open(); err != nil {
		return err
	}
	p := b.people
	big, small := p.conversations[0], p.conversations[len(p.conversations)*9/10]
	search := func(words string, c im.ConvID) func() error {
		return func() error {
			_, err := found(b.db, im.Search{Words: words, Conv: c, Limit: 50})
			return err
		}
	}
	month := time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC)
	var middle string
	for _, q := range []struct {
		name string
		do   func() error
	}{
		{"newest page", func() error { _, err := b.db.Older(big, "", 100); return err }},
		{"newest page of another", func() error { _, err := b.db.Older(small, "", 100); return err }},
		{"a page in the middle", func() error {
			all, err := b.db.Since(big, month, 1)
			if err == nil && len(all) == 1 {
				middle = all[0].ID
				_, err = b.db.Older(big, middle, 100)
			}
			return err
		}},
		{"search rare", search(p.words[len(p.words)*9/10], im.ConvID{})},
		{"search common", search(p.words[0]+" ", im.ConvID{})},
		{"search prefix 3", search(p.long(0)[:3], im.ConvID{})},
		{"search prefix 4", search(p.long(40)[:4], im.ConvID{})},
		{"search two words", search(p.words[20]+" "+p.words[300], im.ConvID{})},
		{"search two common words", search(p.words[0]+" "+p.words[1]+" ", im.ConvID{})},
		{"search two rare words", search(p.words[3000]+" "+p.words[4000], im.ConvID{})},
		{"search phrase", search(`"`+p.words[0]+" "+p.words[3]+`"`, im.ConvID{})},
		{"search common here", search(p.words[0]+" ", small)},
		{"search rare here", search(p.words[len(p.words)/2], big)},
		{"search nothing here", search(p.words[5]+" "+p.words[5000], big)},
		{"pasts", func() error { _, err := b.db.Pasts(); return err }},
		{"days of a month", func() error { _, err := b.db.Days(big, month, month.AddDate(0, 1, 0)); return err }},
		{"days of all", func() error {
			_, err := b.db.Days(im.ConvID{}, month.AddDate(-10, 0, 0), month.AddDate(10, 0, 0))
			return err
		}},
	} {
		if err := b.time(q.name, 20, func(int) error { return q.do() }); err != nil {
			return err
		}
	}
	err := b.time("append", 2000, func(i int) error {
		m := p.line(-1 - i)
		m.ID, m.Time = fmt.Sprint("new", time.Now().UnixNano()), time.Now()
		return b.db.Append(m)
	})
	if err != nil {
		return err
	}
	b.memory()
	var lines []im.Message
	if lines, err = b.db.Older(big, middle, 100); err != nil {
		return err
	}
	err = b.time("remove", len(lines), func(i int) error { return b.db.Remove(big, lines[i].ID) })
	if err != nil {
		return err
	}
	begin, n := time.Now(), 0
	err = b.time("erase, a step", 50, func(int) error {
		erased, err := b.db.Erase(im.Range{Conv: big})
		n += erased
		return err
	})
	b.print("erased-lines-a-second", int64(float64(n)/time.Since(begin).Seconds()))
	if err != nil {
		return err
	}
	return b.db.Close()
}

// time prints how long the first time took, the median of the others, the hundredth
// that took longest, and the longest.
func (b *bench) time(name string, n int, do func(i int) error) error {
	var all []int64
	for i := range n {
		begin := time.Now()
		if err := do(i); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, int64(time.Since(begin)))
	}
	if n == 0 {
		return fmt.Errorf("%s: nothing to do", name)
	}
	name = strings.ReplaceAll(name, " ", "-")
	b.print(name+"/first", all[0])
	slices.Sort(all)
	b.print(name+"/median", all[n/2])
	b.print(name+"/p99", all[n*99/100])
	b.print(name+"/longest", all[n-1])
	return nil
}

// memory prints how much memory the process has in use, where the system says it.
func (b *bench) memory() {
	runtime.GC()
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if fields := strings.Fields(s.Text()); fields[0] == "VmHWM:" && len(fields) > 1 {
			if kib, err := strconv.ParseInt(fields[1], 10, 64); err == nil {
				b.print("rss", kib*1024)
			}
		}
	}
}

// people talk for ten years, always the same: a thousand of them, some much more
// than others, in words of which a few are said again and again.
type people struct {
	conversations []im.ConvID
	words         []string
	who, what     []float64 // sums of the shares
	step          time.Duration
}

func newPeople(lines int) *people {
	r := rand.New(rand.NewPCG(1, 2))
	p := &people{step: 10 * 365 * 24 * time.Hour / time.Duration(lines+1)}
	for i := range 1000 {
		p.conversations = append(p.conversations, im.ConvID{Account: alice, Peer: fmt.Sprintf("somebody%d@example.org", i)})
	}
	seen := map[string]bool{}
	for len(p.words) < 50_000 {
		var w strings.Builder
		for range 1 + r.IntN(4) {
			w.WriteByte("bcdfghjklmnprstvwz"[r.IntN(18)])
			w.WriteByte("aeiou"[r.IntN(5)])
			if r.IntN(3) == 0 {
				w.WriteByte("lmnrst"[r.IntN(6)])
			}
		}
		if !seen[w.String()] {
			seen[w.String()] = true
			p.words = append(p.words, w.String())
		}
	}
	p.who, p.what = shares(len(p.conversations), 0.8), shares(len(p.words), 1)
	return p
}

// long is the word of that rank, or the next that has five letters at least.
func (p *people) long(rank int) string {
	for len(p.words[rank]) < 5 {
		rank++
	}
	return p.words[rank]
}

// shares are the sums of 1/i^s (Zipf's law).
func shares(n int, s float64) []float64 {
	sums, sum := make([]float64, n), 0.0
	for i := range n {
		sum += 1 / math.Pow(float64(i+1), s)
		sums[i] = sum
	}
	return sums
}

func choose(r *rand.Rand, sums []float64) int {
	i, _ := slices.BinarySearch(sums, r.Float64()*sums[len(sums)-1])
	return min(i, len(sums)-1)
}

// line is one line of the talk, of about 80 bytes.
func (p *people) line(i int) im.Message {
	r := rand.New(rand.NewPCG(uint64(i), 3))
	var text strings.Builder
	for n := 20 + r.IntN(120); text.Len() < n; {
		if text.Len() > 0 {
			text.WriteByte(' ')
		}
		text.WriteString(p.words[choose(r, p.what)])
	}
	c := p.conversations[choose(r, p.who)]
	return im.Message{ID: fmt.Sprintf("%016x", r.Uint64()), Conv: c, Out: r.IntN(2) == 0, From: im.Addr{Bare: c.Peer, Resource: "phone"},
		Text: im.Plain(text.String()), Time: time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * p.step)}
}
