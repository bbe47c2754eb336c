// Otrsoak lets users talk through Culver's OTR engine, with each other and
// with users of libotr, over a wire that loses, repeats, swaps, cuts and
// forges messages, and checks after every step that what must not happen has
// not. Each conversation is made from a number, its seed, alone: a failure
// prints it, and all that happened, and can be played again. See rules.go for
// what is checked. Everything runs on the one goroutine of main.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"
)

func main() {
	length := flag.Duration("for", 10*time.Minute, "how long to go on")
	seed := flag.Uint64("seed", 0, "play this conversation alone, and print it")
	flag.Parse()
	var err error
	if *seed != 0 {
		err = replay(*seed)
	} else {
		err = soak(*length)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// replay plays one conversation and prints it whatever comes of it.
func replay(seed uint64) error {
	w, err := play(seed, castOf(seed))
	if w != nil {
		fmt.Print(w.transcript())
	}
	return err
}

// soak plays conversations until the time is up.
func soak(length time.Duration) error {
	first := uint64(time.Now().UnixNano())
	fmt.Printf("Conversations from seed %d on, for %v.\n", first, length)
	var total tally
	var heap []uint64
	const sample = 200 // conversations between two looks at the heap
	end := time.Now().Add(length)
	for n := uint64(0); time.Now().Before(end); n++ {
		w, err := play(first+n, castOf(first+n))
		if w == nil {
			return err
		}
		if err != nil {
			fmt.Print(w.transcript())
			return fmt.Errorf("%w\nmake soak-otr SEED=%d plays it again", err, first+n)
		}
		total.add(w.tally)
		if n%sample == sample-1 {
			heap = append(heap, heapInUse())
			fmt.Printf("%8d conversations, %v; heap %d KiB\n", n+1, total, heap[len(heap)-1]>>10)
		}
	}
	if err := flat(heap); err != nil {
		return err
	}
	fmt.Printf("Clean: %v.\n", total)
	return nil
}

// heapInUse is the heap after what is not used any more is gone.
func heapInUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// flat checks that the heap has not grown since everything was warm.
func flat(heap []uint64) error {
	const slack = 4 << 20
	if len(heap) < 2 {
		return nil
	}
	if first, last := heap[0], heap[len(heap)-1]; last > first+slack {
		return fmt.Errorf("the heap grew from %d to %d KiB", first>>10, last>>10)
	}
	return nil
}
