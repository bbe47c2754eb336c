// Culverbench is one operation of Culver's OTR engine, repeated and measured,
// both sides of the conversation in this process. It is what
// internal/otrbench sets beside the same of libotr, and does its work through
// the engine's public API alone, on the one goroutine of main.
package main

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"

	"culver/otrplugin/otr"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "culverbench:", err)
		os.Exit(1)
	}
}

// run runs "OPERATION N KEYFILE" and prints lines of a name and a value.
func run(args []string) error {
	if len(args) != 3 {
		return errors.New("usage: culverbench OPERATION N KEYFILE")
	}
	n, err := strconv.Atoi(args[1])
	if err != nil || n <= 0 {
		return fmt.Errorf("%q is no number of operations", args[1])
	}
	op, ok := operations[args[0]]
	if !ok {
		return fmt.Errorf("there is no operation %q", args[0])
	}
	keys, err := readKeys(args[2])
	if err != nil {
		return err
	}
	p := newPair(keys)
	m, err := measure(op, p, n)
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	fmt.Printf("cpu_ns %d\nmemory_bytes %d\n", m.cpu, m.memory)
	for _, s := range m.samples {
		fmt.Printf("sample_ns %d\n", s)
	}
	d := p.done
	fmt.Printf("operations %d\nsecured %d\nmessages %d\nfragments %d\nrotations %d\nplaintext %d\nsmp %d\nwire %d\n",
		n, d.secured, d.messages, d.fragments, d.rotations, d.plaintext, d.smp, d.wire)
	for _, k := range keys {
		fmt.Printf("fingerprint %s\n", k.Fingerprint().Hex())
	}
	return nil
}

// readKeys reads the two long-term keys: two lines of "key" and its numbers
// p, q, g, y and x in hexadecimal.
func readKeys(file string) (keys [2]*otr.PrivateKey, err error) {
	f, err := os.Open(file)
	if err != nil {
		return keys, fmt.Errorf("read the keys: %w", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for i := range keys {
		lines.Scan()
		words := strings.Fields(lines.Text())
		if len(words) != 6 || words[0] != "key" {
			return keys, fmt.Errorf("read the keys: line %d is no key", i+1)
		}
		var numbers [5][]byte
		for j := range numbers {
			if numbers[j], err = hex.DecodeString(words[j+1]); err != nil {
				return keys, fmt.Errorf("read the keys: %w", err)
			}
		}
		if keys[i], err = otr.KeyFromNumbers(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]); err != nil {
			return keys, fmt.Errorf("read the keys: %w", err)
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

func measure(op operation, p *pair, n int) (m measurement, err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if op.encrypted {
		p.exchangeKeys()
	}
	for range op.warm {
		op.run(p)
		if op.between != nil {
			op.between(p)
		}
	}
	p.done = tally{}
	if op.single {
		m.samples = make([]int64, 0, n)
	}
	memory := alive()
	cpu := p.clock(processTime)
	for range n {
		if !op.single {
			op.run(p)
			continue
		}
		start := p.clock(threadTime)
		op.run(p)
		m.samples = append(m.samples, p.clock(threadTime)-start)
		if op.between != nil {
			op.between(p)
		}
	}
	m.cpu = p.clock(processTime) - cpu
	m.memory = alive() - memory
	runtime.KeepAlive(p)
	return m, p.err
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
