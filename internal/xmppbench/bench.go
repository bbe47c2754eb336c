package main

import (
	"fmt"
	"os"
	"testing"
)

// bench stands in for a test where testkit asks for one: what it starts ends with it,
// and what cannot be done ends the run.
type bench struct {
	testing.TB // nil: of its methods only those below are called
	endings    []func()
	failed     bool
}

// failure is what a run ended with.
type failure struct{ text string }

// run runs work, then ends all that was started.
func (b *bench) run(work func()) (err error) {
	defer func() {
		if f, ok := recover().(failure); ok {
			err = fmt.Errorf("%s", f.text)
		}
	}()
	defer b.end()
	work()
	return nil
}

func (b *bench) end() {
	for len(b.endings) > 0 {
		last := len(b.endings) - 1
		f := b.endings[last]
		b.endings = b.endings[:last]
		f()
	}
}

func (b *bench) Helper()          {}
func (b *bench) Failed() bool     { return b.failed }
func (b *bench) Cleanup(f func()) { b.endings = append(b.endings, f) }

func (b *bench) Logf(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

func (b *bench) Errorf(format string, args ...any) { b.Fatalf(format, args...) }
func (b *bench) Fatal(args ...any)                 { b.Fatalf("%s", fmt.Sprint(args...)) }
func (b *bench) Fatalf(format string, args ...any) {
	b.failed = true
	panic(failure{fmt.Sprintf(format, args...)})
}

func (b *bench) TempDir() string {
	dir, err := os.MkdirTemp("", "xmppbench")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// must ends the run if there is an error.
func (b *bench) must(err error) {
	if err != nil {
		b.Fatal(err)
	}
}
