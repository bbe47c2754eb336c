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
	a.M.ShowAbout()
	a.Until("what comes after it", func() bool { return len(a.Dialogs) > 0 })
	if len(a.Trouble) > 0 {
		t.Errorf("again: %q", a.Trouble)
	}
}

// What would be given up is asked about before quitting, and stays if the user does.
func TestQuittingAsksWhatGoesOn(t *testing.T) {
	dir := t.TempDir()
	store := storage.NewMemory()
	store.Import([]im.Message{saidThen(1, false, "x")})
	s := scenetest.New(t)
	defer s.Close()
	a := s.Enter("alice", scenetest.Part{Network: newFakenet(), Answers: map[string]string{"address": "alice@x"}, Password: "pw",
		Plugins: noPlugins, Store: scenetest.StoreOf(forever{store}, func(id string) plugin.Store { return store.Space(id) })})
	a.M.ShowExport(im.Range{Conv: exportBob})
	a.Answer(exportTitle, "export", "file="+filepath.Join(dir, "out.txt"))
	a.Form("Exporting from the history", "cancel")
	a.M.Quit()
	a.Reads("Quit Culver?", "An export is being written. If you quit now, nothing is left of it.")
	a.Answer("Quit Culver?", "cancel")
	a.Form("Exporting from the history", "cancel")
	a.M.Quit()
	a.Form("Quit Culver?", "quit")
	a.Answer("Exporting from the history", "cancel")
	a.Reads("Quit Culver?", "What went on is finished.")
	a.Answer("Quit Culver?", "cancel")
	a.M.ShowExport(im.Range{Conv: exportBob})
	a.Answer(exportTitle, "export", "file="+filepath.Join(dir, "out.txt"))
	a.Form("Exporting from the history", "cancel")
	a.M.Quit()
	a.Answer("Quit Culver?", "quit")
	a.Until("the end", a.Stopped)
	if entries, _ := os.ReadDir(dir); len(entries) > 0 {
		t.Errorf("left behind: %v", entries)
	}
}

// What locking closes before the user has read it is told afterwards; a preview that
// waits for the user keeps nobody from locking.
func TestWhatLockingClosesIsTold(t *testing.T) {
	yes := true
	for name, c := range map[string]struct {
		begin func(a *scenetest.Actor, path string)
		want  string
	}{
		"a preview": {func(a *scenetest.Actor, _ string) {
			a.M.BringIn(house())
			a.Form("Bring In", "take")
		}, "“Bring In” was closed when Culver was locked. Nothing was imported: do it again."},
		"a question for a backup": {func(a *scenetest.Actor, _ string) {
			a.M.ShowRestore()
			a.Form("Restore", "open")
		}, ""}, // there is nothing in it yet
		"what was imported": {func(a *scenetest.Actor, _ string) {
			a.M.BringIn(house())
			a.Answer("Bring In", "take")
			a.Form("Bring In", "close")
		}, "“Bring In” was finished before Culver was locked. Imported: 1 account. 1 password. 1 buddy. 500 lines of your conversations."},
		"a backup": {func(a *scenetest.Actor, path string) {
			a.M.ShowBackup()
			a.Answer("Back Up", "backup", "file="+path, "new="+passphrase, "again="+passphrase)
			a.Reads("Back Up", "The backup is in")
		}, "The backup is in the file"},
		"a backup that failed": {func(a *scenetest.Actor, path string) {
			a.M.ShowBackup()
			a.Answer("Back Up", "backup", "file="+filepath.Join(path, "gone", "b.age"), "new="+passphrase, "again="+passphrase)
			a.Reads("Back Up", "There is no such folder")
		}, "A backup failed before Culver was locked. Nothing was written. There is no such folder."},
		"a backup that was not begun": {func(a *scenetest.Actor, path string) {
			a.M.ShowBackup()
			a.Answer("Back Up", "backup", "file="+path, "new=short", "again=short")
			a.Reads("Back Up", "longer")
		}, ""},
		"an export": {func(a *scenetest.Actor, path string) {
			a.M.ShowExport(im.Range{})
			a.Answer(exportTitle, "export", "file="+path)
			a.Form("The history was exported", "close")
		}, "holds one line of all conversations"},
		"an export that was closed": {func(a *scenetest.Actor, path string) {
			a.M.ShowExport(im.Range{})
			a.Answer(exportTitle, "export", "file="+path)
			a.Answer("The history was exported", "close")
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			store := storage.NewMemory()
			store.Import([]im.Message{saidThen(1, false, "x")})
			s := scenetest.New(t)
			defer s.Close()
			a := s.Enter("carol", scenetest.Part{Network: newFakenet(), Answers: map[string]string{"address": "carol@x"}, Password: "pw",
				Plugins: noPlugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) }), Safe: maybe{&yes}})
			a.M.EasyBackups()
			c.begin(a, filepath.Join(t.TempDir(), "out"))
			a.Until("that nothing goes on", func() bool { return len(a.Busy) == 0 || !a.Busy[len(a.Busy)-1] })
			a.Unlock(a.Lock())
			a.M.ShowAbout()
			a.Until("what comes after it", func() bool { return len(a.Dialogs) > 0 })
			if c.want == "" && len(a.Trouble) > 0 || c.want != "" && (len(a.Trouble) != 1 || !strings.Contains(a.Trouble[0], c.want)) {
				t.Errorf("%q", a.Trouble)
			}
		})
	}
}
