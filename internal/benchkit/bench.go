package benchkit

import (
	"context"
	"fmt"
	"os"
	"testing"
)

// Bench stands in for a test where testkit asks for one: what it starts ends with it,
// and what cannot be done ends the run.
type Bench struct {
	testing.TB // nil: of its methods only those below are called
	endings    []func()
	failed     bool
}

// failure is what a run ended with.
type failure struct{ text string }

// Run runs work, then ends all that was started.
func (b *Bench) Run(work func()) (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case failure:
			err = fmt.Errorf("%s", p.text)
		default:
			panic(p)
		}
	}()
	defer b.end()
	work()
	return nil
}

func (b *Bench) end() {
	for len(b.endings) > 0 {
		last := len(b.endings) - 1
		f := b.endings[last]
		b.endings = b.endings[:last]
		f()
	}
}

func (b *Bench) Helper()                  {}
func (b *Bench) Failed() bool             { return b.failed }
func (b *Bench) Cleanup(f func())         { b.endings = append(b.endings, f) }
func (b *Bench) Context() context.Context { return context.Background() }

func (b *Bench) Logf(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

func (b *Bench) Errorf(format string, args ...any) { b.Fatalf(format, args...) }
func (b *Bench) Fatal(args ...any)                 { b.Fatalf("%s", fmt.Sprint(args...)) }
func (b *Bench) Fatalf(format string, args ...any) {
	b.failed = true
	panic(failure{fmt.Sprintf(format, args...)})
}

func (b *Bench) TempDir() string {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// Must ends the run if there is an error.
func (b *Bench) Must(err error) {
	if err != nil {
		b.Fatal(err)
	}
}
