package messenger_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/storage"
)

// While something goes on that locking would end, front ends are told of it, so that
// they do not lock by themselves.
func TestBusy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "b.age")
	old, fresh := lived(t), newHome()
	synctest.Test(t, func(t *testing.T) {
		old.net, fresh.net = newFakenet(), newFakenet()
		a := old.enter(t)
		defer a.Quit()
		backUp(a, path)
		once := []bool{true, false}
		a.Until("the end of it", func() bool { return slices.Equal(a.Busy, once) })
		b := fresh.enter(t)
		defer b.Quit()
		restore(b, path) // and it is opened, and looked at
		b.Until("a choice", func() bool { return len(b.Busy) > 0 && !b.Busy[len(b.Busy)-1] })
		before := len(b.Busy)
		b.Answer("Restore", "take")
		b.Reads("Restore", "451 lines of your conversations")
		b.Until("the end of it", func() bool { return slices.Equal(b.Busy[before:], once) })
	})
}

// Whoever locks by hand is told afterwards what was given up by that, once.
func TestWhatLockingGivesUp(t *testing.T) {
	dir, yes := t.TempDir(), true
	store := storage.NewMemory()
	store.Import([]im.Message{saidThen(1, false, "x")})
	s := scenetest.New(t)
	defer s.Close()
	a := s.Enter("alice", scenetest.Part{Network: newFakenet(), Answers: map[string]string{"address": "alice@x"}, Password: "pw",
		Plugins: noPlugins, Store: scenetest.StoreOf(forever{store}, func(id string) plugin.Store { return store.Space(id) }), Safe: maybe{&yes}})
	a.M.ShowExport(im.Range{Conv: exportBob})
	a.Answer(exportTitle, "export", "file="+filepath.Join(dir, "out.txt"))
	begun, reading := make(chan struct{}), make(chan struct{})
	a.M.BringIn(messenger.Arriving{Pasts: []im.Past{{Conv: exportBob, Lines: 1}},
		Lines: func(ctx context.Context, emit func(im.Message) error) error {
			close(begun)
			defer close(reading)
			<-ctx.Done()
			return errors.New("cut off")
		}})
	a.Answer("Bring In", "take")
	<-begun
	carried := a.Lock()
	<-reading
	if entries, _ := os.ReadDir(dir); len(entries) > 0 {
		t.Errorf("left behind: %v", entries)
	}
	a.Unlock(carried)
	a.Until("a word about it", func() bool { return len(a.Trouble) == 2 })
	if !strings.HasPrefix(a.Trouble[0], "An export was stopped") || !strings.HasPrefix(a.Trouble[1], "“Bring In” was stopped when Culver was locked, and not everything") {
		t.Errorf("%q", a.Trouble)
	}
	a.Unlock(a.Lock())
	a.Until("the account", func() bool { return len(a.Accounts) == 1 })
	if len(a.Trouble) > 0 {
		t.Errorf("again: %q", a.Trouble)
	}
}
