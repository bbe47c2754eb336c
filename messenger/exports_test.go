package messenger_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/storage"
)

// notedExports is a store that keeps count of what is noted of exports, or refuses.
type notedExports struct {
	*storage.Memory
	err   error
	noted []string
}

func (s *notedExports) SetSetting(key, value string) error {
	if key != "history.exporting" {
		return s.Memory.SetSetting(key, value)
	}
	if s.err != nil {
		return s.err
	}
	s.noted = append(s.noted, value)
	return s.Memory.SetSetting(key, value)
}

// inFolder runs a messenger outside of bubbles: files are real.
func inFolder(t *testing.T, s *notedExports, f func(a *scenetest.Actor, dir string)) {
	t.Helper()
	scene := scenetest.New(t)
	defer scene.Close()
	f(scene.Enter("alice", scenetest.Part{Network: newFakenet(), Answers: map[string]string{"address": "alice@x"}, Password: "pw",
		Plugins: noPlugins, Store: scenetest.StoreOf(s, func(id string) plugin.Store { return s.Space(id) })}), t.TempDir())
}

// An export is noted before there is anything of it, by a name that says what it is.
func TestExportsAreNotedFirst(t *testing.T) {
	s := &notedExports{Memory: storage.NewMemory(), err: errors.New("the disk is broken")}
	if _, err := s.Import([]im.Message{saidThen(1, true, "hello")}); err != nil {
		t.Fatal(err)
	}
	inFolder(t, s, func(a *scenetest.Actor, dir string) {
		path := filepath.Join(dir, strings.Repeat("n", 240)+".txt")
		a.M.ShowExport(im.Range{Conv: exportBob})
		a.Answer(exportTitle, "export", "format=text", "file="+path)
		a.Reads(exportTitle, "the disk is broken")
		if all, _ := os.ReadDir(dir); len(all) > 0 {
			t.Errorf("something was written: %v", all)
		}
		s.err = nil
		a.Answer(exportTitle, "export", "format=text", "file="+path)
		a.Form("The history was exported", "close")
		a.Quit()
		onlyFile(t, path)
		if len(s.noted) != 2 || !strings.Contains(s.noted[0], filepath.Base(dir)) || !strings.Contains(s.noted[0], "n.unfinished-") || s.noted[1] != "" {
			t.Errorf("noted are %q", s.noted)
		}
	})
}

// What a run that died left of an export is gone after the next start, and nothing else.
func TestAnUnfinishedExportIsRemoved(t *testing.T) { synctest.Test(t, unfinishedExportIsRemoved) }

func unfinishedExportIsRemoved(t *testing.T) {
	s := &notedExports{Memory: storage.NewMemory()}
	inFolder(t, s, func(a *scenetest.Actor, dir string) {
		a.Quit()
		const mark = ".unfinished-0123456789abcdef01234567"
		left, mine, elsewhere := filepath.Join(dir, "Bob.html"+mark), filepath.Join(dir, "letter.txt"), filepath.Join(dir, "stick", "Bob.html"+mark)
		link := filepath.Join(dir, "link"+mark)
		for _, path := range []string{left, mine} {
			if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		noted := []string{left, mine, elsewhere, filepath.Join(dir, "gone"+mark)}
		if os.Symlink(mine, link) == nil {
			noted = append(noted, link)
		}
		b, err := json.Marshal(noted)
		if err != nil {
			t.Fatal(err)
		}
		s.Memory.SetSetting("history.exporting", string(b))
		a.Start()
		a.Until("a word about it", func() bool {
			return len(a.Trouble) == 1 && strings.Contains(a.Trouble[0], "export to Bob.html was complete")
		})
		synctest.Wait() // for the others
		a.Quit()
		if _, err := os.Lstat(left); err == nil {
			t.Error("it is still there")
		}
		if _, err := os.Stat(mine); err != nil {
			t.Errorf("another file: %v", err)
		}
		a.Start()
		synctest.Wait()
		a.Quit()
		var still []string
		v, _, _ := s.Memory.Setting("history.exporting")
		if err := json.Unmarshal([]byte(v), &still); err != nil || len(still) != 1 || still[0] != elsewhere {
			t.Errorf("still noted: %q (%v)", v, err)
		}
	})
}
