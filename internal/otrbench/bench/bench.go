// Package bench is what the sides of otrbench that are written in Go share:
// the operations, the clocks, and the report of what was done. Everything
// happens on the goroutine that calls Main.
package bench

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// Key is a long-term key: p, q, g, y and x, big-endian.
type Key [5][]byte

// Conversation is both sides of a conversation of one implementation, 0 and
// 1, which talk to each other. Each method carries all messages until both are
// silent, and tells the Tally what passed.
type Conversation interface {
	// GenerateKey makes a long-term key, and throws it away.
	GenerateKey() error
	// Renew begins a new conversation; the old one is closed, or stays if keep.
	Renew(keep bool)
	// ExchangeKeys begins with a query of side 0.
	ExchangeKeys()
	// Say sends a text from a side to the other.
	Say(from int, text []byte)
	// Authenticate runs SMP with the same secret on both sides.
	Authenticate(secret []byte)
	// Prepare works out beforehand what can be, on both sides; an implementation
	// that has no such thing does nothing.
	Prepare()
	// SetMaxFragment bounds the messages, in bytes.
	SetMaxFragment(n int)
	// Fingerprints are those of both long-term keys, in hexadecimal.
	Fingerprints() [2]string
}

// Main is the main function of a side. It runs "OPERATION N KEYFILE", and
// prints lines of a name and a value.
func Main(newConversation func(keys [2]Key, t *Tally) (Conversation, error)) {
	if err := run(os.Stdout, os.Args[1:], newConversation); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", os.Args[0], err)
		os.Exit(1)
	}
}

func run(out io.Writer, args []string, newConversation func([2]Key, *Tally) (Conversation, error)) error {
	if len(args) != 3 {
		return errors.New("the arguments are OPERATION N KEYFILE")
	}
	op, ok := operations[args[0]]
	if !ok {
		return fmt.Errorf("there is no operation %q", args[0])
	}
	n, err := strconv.Atoi(args[1])
	if err != nil || n <= 0 {
		return fmt.Errorf("%q is no number of operations", args[1])
	}
	keys, err := readKeys(args[2])
	if err != nil {
		return fmt.Errorf("read the keys: %w", err)
	}
	var t Tally
	c, err := newConversation(keys, &t)
	if err != nil {
		return err
	}
	m, err := measure(op, &player{Conversation: c, Tally: &t}, n)
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	fmt.Fprintf(out, "cpu_ns %d\nmemory_bytes %d\n", m.cpu, m.memory)
	for _, s := range m.samples {
		fmt.Fprintf(out, "sample_ns %d\n", s)
	}
	fmt.Fprintf(out, "operations %d\n%v", n, &t)
	for _, f := range c.Fingerprints() {
		fmt.Fprintf(out, "fingerprint %s\n", f)
	}
	return nil
}

// readKeys reads lines of "key" and the numbers in hexadecimal.
func readKeys(file string) (keys [2]Key, err error) {
	f, err := os.Open(file)
	if err != nil {
		return keys, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for i := range keys {
		lines.Scan()
		words := strings.Fields(lines.Text())
		if len(words) != 1+len(keys[i]) || words[0] != "key" {
			return keys, fmt.Errorf("line %d is no key", i+1)
		}
		for j, word := range words[1:] {
			if keys[i][j], err = hex.DecodeString(word); err != nil {
				return keys, err
			}
		}
	}
	return keys, lines.Err()
}

// measurement is what a run cost.
type measurement struct {
	cpu     int64   // nanoseconds of the whole process, the garbage collector's threads included
	memory  int64   // bytes alive after it that were not before
	samples []int64 // nanoseconds of this thread, one for each operation of a single one
}

func measure(op operation, p *player, n int) (m measurement, err error) {
	if op.single { // by the time of its thread
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
	}
	clock := func(read func() (int64, error)) int64 {
		t, err := read()
		if err != nil {
			p.Fail("read the clock: %w", err)
		}
		return t
	}
	if op.encrypted {
		p.ExchangeKeys()
	}
	for range op.warm {
		op.run(p)
		op.rest(p)
	}
	p.Tally.reset()
	if op.single {
		m.samples = make([]int64, 0, n)
	}
	memory := alive()
	cpu := clock(processTime)
	for range n {
		if !op.single {
			op.run(p)
			continue
		}
		start := clock(threadTime)
		op.run(p)
		m.samples = append(m.samples, clock(threadTime)-start)
		op.rest(p)
	}
	m.cpu = clock(processTime) - cpu
	m.memory = alive() - memory
	runtime.KeepAlive(p)
	return m, p.Tally.err
}

// alive is how many bytes of the heap are in use.
func alive() int64 {
	var stats runtime.MemStats
	for range 3 { // what a pool holds is dropped by the second
		runtime.GC()
	}
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
