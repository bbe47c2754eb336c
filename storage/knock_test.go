package storage

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// attend lets the profile be attended to until the test ends.
func attend(t *testing.T, p *Profile, knocked func([]string)) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := p.Attend(ctx, knocked); !errors.Is(err, context.Canceled) {
			t.Errorf("Attend: %v", err)
		}
	}()
	stop = sync.OnceFunc(func() { cancel(); <-ended })
	t.Cleanup(stop)
	return stop
}

func TestKnock(t *testing.T) {
	// A folder whose name is longer than that of a socket may be.
	dir := filepath.Join(t.TempDir(), strings.Repeat("long ", 25)+"end", "é")
	p := openProfile(t, dir)
	place := Place{Dir: dir}
	if _, err := place.Open(); !errors.Is(err, ErrInUse) {
		t.Fatalf("opened twice: %v", err)
	}
	var heard atomic.Int32
	attend(t, p, func([]string) { heard.Add(1) })
	check(t, place.Knock(t.Context(), ""))
	same(t, "heard", int(heard.Load()), 1)
	check(t, place.Knock(t.Context(), ""))
	same(t, "heard", int(heard.Load()), 2)

	// Many at once: nobody waits in vain.
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if err := place.Knock(t.Context(), ""); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	same(t, "what is left", len(got(os.ReadDir(p.path(knockDir)))(t)), 0)
}

// Who comes while the other program is still starting is heard when it has.
func TestKnockBeforeAnybodyIsThere(t *testing.T) {
	p := newProfile(t)
	knocking := make(chan error, 1)
	go func() { knocking <- Place{Dir: p.Dir()}.Knock(t.Context(), "") }()
	for {
		if entries, err := os.ReadDir(p.path(knockDir)); err == nil && len(entries) == 1 {
			break
		}
	}
	heard := make(chan struct{}, 10)
	attend(t, p, func([]string) { heard <- struct{}{} })
	<-heard
	check(t, <-knocking)
}

func TestKnockWithoutAnAnswer(t *testing.T) {
	p := newProfile(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := (Place{Dir: p.Dir()}).Knock(ctx, ""); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody answered, and Knock says %v", err)
	}
	same(t, "what is left", len(got(os.ReadDir(p.path(knockDir)))(t)), 0)

	// A program that hangs does not answer either.
	hangs, heard := make(chan struct{}), make(chan struct{})
	ctx, cancel = context.WithCancel(t.Context())
	attend(t, p, func([]string) { close(heard); <-hangs })
	knocking := make(chan error, 1)
	go func() { knocking <- Place{Dir: p.Dir()}.Knock(ctx, "") }()
	<-heard
	cancel()
	if err := <-knocking; !errors.Is(err, context.Canceled) {
		t.Errorf("it hangs, and Knock says %v", err)
	}
	close(hangs)
}

// A file that was left behind by a crash shows the window once, and is gone.
func TestKnockLeftBehind(t *testing.T) {
	p := newProfile(t)
	check(t, os.Mkdir(p.path(knockDir), 0o700))
	check(t, os.WriteFile(filepath.Join(p.path(knockDir), "0123456789abcdef"), nil, 0o600))
	heard := make(chan struct{}, 10)
	stop := attend(t, p, func([]string) { heard <- struct{}{} })
	<-heard
	check(t, Place{Dir: p.Dir()}.Knock(t.Context(), ""))
	stop()
	same(t, "heard again", len(heard), 1)
	same(t, "what is left", len(got(os.ReadDir(p.path(knockDir)))(t)), 0)
}

// What is no knock stays, and what a link of the folder's name leads to.
func TestKnocksOnly(t *testing.T) {
	p := newProfile(t)
	door := got(openDoor(p.Dir()))(t)
	defer door.Close()
	others := []string{"0123456789ABCDEF", "0123456789abcde", "0123456789abcdef0", "0123456789abcdef.txt", "thesis.odt"}
	for _, name := range others {
		check(t, os.WriteFile(filepath.Join(p.path(knockDir), name), []byte("x"), 0o600))
	}
	check(t, os.Mkdir(filepath.Join(p.path(knockDir), "aaaaaaaaaaaaaaaa"), 0o700))
	answer(door, func([]string) { t.Error("nobody knocked") })
	same(t, "files", len(got(os.ReadDir(p.path(knockDir)))(t)), len(others)+1)
}

func TestKnockWhereALinkIs(t *testing.T) {
	p, victim := newProfile(t), t.TempDir()
	file := filepath.Join(victim, "0123456789abcdef")
	check(t, os.WriteFile(file, []byte("x"), 0o600))
	_ = os.Symlink(victim, p.path(knockDir))
	if _, err := os.Readlink(p.path(knockDir)); err != nil {
		t.Log("no links here:", err) // Windows lets few users make them, and Wine makes none
		return
	}
	if err := p.Attend(t.Context(), func([]string) { t.Error("nobody knocked") }); err == nil || errors.Is(err, context.Canceled) {
		t.Errorf("attended: %v", err)
	}
	if err := (Place{Dir: p.Dir()}).Knock(t.Context(), ""); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("knocked: %v", err)
	}
	same(t, "files behind the link", len(got(os.ReadDir(victim))(t)), 1)
}
