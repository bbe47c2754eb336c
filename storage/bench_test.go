package storage

import (
	"bufio"
	"context"
	"errors"
	"fmt"
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
	begin = time.Now()
	if err := b.sweep(nil); err != nil {
		return err
	}
	b.print("tidy", int64(time.Since(begin)))
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

// sweep does what was put off, as the messenger does; each is told how long the steps
// take.
func (b *bench) sweep(each func(step time.Duration)) error {
	for {
		begin := time.Now()
		more, err := b.db.Sweep()
		if each != nil {
			each(time.Since(begin))
		}
		if err != nil || !more {
			return err
		}
	}
}

// openings is how many times the database is opened and asked.
const openings = 5

// ask asks what a person asks, and then does what a person does.
func (b *bench) ask() error {
	for i := range openings {
		if err := b.open(); err != nil {
			return err
		}
		if err := b.read(); err != nil {
			return err
		}
		if i == openings-1 {
			break
		}
		if err := b.db.Close(); err != nil {
			return err
		}
	}
	if err := b.write(); err != nil {
		return err
	}
	b.memory()
	return b.db.Close()
}

// month is one that everybody talked in.
var month = time.Date(2024, 2, 1, 0, 0, 0, 0, time.UTC)

// read asks the first time and again.
func (b *bench) read() error {
	p := b.people
	big, small := p.conversations[0], p.conversations[len(p.conversations)*9/10]
	for _, q := range []struct {
		name string
		do   func() error
	}{
		{"newest page", func() error { _, err := b.db.Older(big, "", 100); return err }},
		{"newest page of another", func() error { _, err := b.db.Older(small, "", 100); return err }},
		{"a page in the middle", func() error { _, err := b.middle(); return err }},
		{"pasts", func() error { _, err := b.db.Pasts(); return err }},
		{"days of a month", func() error { _, err := b.db.Days(big, month, month.AddDate(0, 1, 0)); return err }},
		{"days of all", func() error {
			_, err := b.db.Days(im.ConvID{}, month.AddDate(-10, 0, 0), month.AddDate(10, 0, 0))
			return err
		}},
	} {
		if err := b.time(q.name, 9, func(int) error { return q.do() }); err != nil {
			return err
		}
	}
	for _, q := range []struct {
		name, words string
		here        im.ConvID
	}{
		{"rare", p.words[len(p.words)*9/10], im.ConvID{}},
		{"common", p.words[0] + " ", im.ConvID{}},
		{"prefix 3", p.long(0)[:3], im.ConvID{}},
		{"prefix 4", p.long(40)[:4], im.ConvID{}},
		{"common prefix", p.long(0)[:4], im.ConvID{}},
		{"two words", p.words[20] + " " + p.words[300], im.ConvID{}},
		{"two common words", p.words[0] + " " + p.words[1] + " ", im.ConvID{}},
		{"two rare words", p.words[3000] + " " + p.words[4000], im.ConvID{}},
		{"phrase", `"` + p.words[0] + " " + p.words[3] + `"`, im.ConvID{}},
		{"nothing", "nobody", im.ConvID{}},
		{"never together", apart[0] + " " + apart[1] + " ", im.ConvID{}},
		{"never a phrase", `"` + between[1] + " " + between[0] + `"`, im.ConvID{}},
		{"common here", p.words[0] + " ", small},
		{"rare here", p.words[len(p.words)/2], big},
		{"nothing here", p.words[5] + " " + p.words[5000], big},
	} {
		if err := b.search(q.name, im.Search{Words: q.words, Conv: q.here, Limit: 50}); err != nil {
			return err
		}
	}
	return nil
}

// search times a search as a whole, and its longest step.
func (b *bench) search(name string, q im.Search) error {
	var longest time.Duration
	err := b.time("search "+name, 5, func(int) error {
		q := q
		for below, end := int64(0), false; !end; end = below == 0 {
			begin := time.Now()
			hits, next, err := b.db.Search(q, below)
			if err != nil {
				return err
			}
			longest = max(longest, time.Since(begin))
			below, q.Limit = next, q.Limit-len(hits)
		}
		return nil
	})
	b.print("search-"+strings.ReplaceAll(name, " ", "-")+"/step", int64(longest))
	return err
}

// middle are lines of the longest conversation, years ago.
func (b *bench) middle() ([]im.Message, error) {
	big := b.people.conversations[0]
	all, err := b.db.Since(big, month, 1)
	if err != nil || len(all) == 0 {
		return nil, errors.Join(err, errors.New("there is nothing in the middle"))
	}
	return b.db.Older(big, all[0].ID, 100)
}

// write adds, removes and erases lines, and sweeps now and then, as the messenger does.
func (b *bench) write() error {
	p := b.people
	var steps []time.Duration
	err := b.time("append", 2000, func(i int) error {
		return b.db.Append(b.fresh(i, time.Now()))
	}, func(i int) error {
		if i%20 != 19 {
			return nil
		}
		return b.sweep(func(step time.Duration) { steps = append(steps, step) })
	})
	if err != nil {
		return err
	}
	slices.Sort(steps)
	b.print("sweep/median", int64(steps[len(steps)/2]))
	b.print("sweep/longest", int64(steps[len(steps)-1]))
	err = b.time("import", 30, func(i int) error {
		var lines []im.Message
		for j := range 100 {
			lines = append(lines, b.fresh(10_000+100*i+j, month.Add(time.Duration(100*i+j)*time.Minute)))
		}
		_, err := b.db.Import(lines)
		return err
	})
	if err != nil {
		return err
	}
	lines, err := b.middle()
	if err != nil {
		return err
	}
	big := p.conversations[0]
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
	return err
}

// fresh is a line that was not there when the database was filled.
func (b *bench) fresh(i int, when time.Time) im.Message {
	m := b.people.line(-1 - i)
	m.ID, m.Time = fmt.Sprint("new", i), when
	return m
}

// time prints how long the first time took, the median of the others, the hundredth
// that took longest, and the longest. What is done in between is not measured.
func (b *bench) time(name string, n int, do func(i int) error, between ...func(i int) error) error {
	var all []int64
	for i := range n {
		begin := time.Now()
		if err := do(i); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, int64(time.Since(begin)))
		for _, f := range between {
			if err := f(i); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
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
