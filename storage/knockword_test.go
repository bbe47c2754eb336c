package storage

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestKnockWithAWord(t *testing.T) {
	p := newProfile(t)
	place := Place{Dir: p.Dir()}
	var mu sync.Mutex
	var heard []string
	attend(t, p, func(words []string) {
		mu.Lock()
		heard = append(heard, words...)
		mu.Unlock()
	})
	var all sync.WaitGroup
	var want []string
	for _, c := range "abcdefghij" {
		word := "xmpp:" + strings.Repeat(string(c), 4000)
		want = append(want, word)
		all.Go(func() {
			if err := place.Knock(t.Context(), word); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	check(t, place.Knock(t.Context(), ""))
	mu.Lock()
	defer mu.Unlock()
	slices.Sort(heard)
	if !slices.Equal(heard, want) {
		t.Errorf("%d words were heard: %.200q", len(heard), heard)
	}
	same(t, "what is left", len(got(os.ReadDir(p.path(knockDir)))(t)), 0)

	for _, bad := range []string{"two\nlines", "bell\a", "bad\xff", strings.Repeat("x", MaxWord+1)} {
		if err := place.Knock(t.Context(), bad); err == nil {
			t.Errorf("%.20q was left", bad)
		}
	}
	same(t, "what is left", len(got(os.ReadDir(p.path(knockDir)))(t)), 0)
}

// What somebody else put there is shown to nobody, and a knock all the same.
func TestWhatIsNoWord(t *testing.T) {
	p := newProfile(t)
	door := got(openDoor(p.Dir()))(t)
	defer door.Close()
	for name, word := range map[string]string{
		"0000000000000001": "two\nlines", "0000000000000002": "\x1b[31m", "0000000000000003": "bad\xff",
		"0000000000000004": strings.Repeat("x", MaxWord+1), "0000000000000005": "", "0000000000000006": "good",
		"0000000000000007.part": "not written to its en",
	} {
		check(t, os.WriteFile(filepath.Join(p.path(knockDir), name), []byte(word), 0o600))
	}
	var heard [][]string
	answer(door, func(words []string) { heard = append(heard, words) })
	if len(heard) != 1 || !slices.Equal(heard[0], []string{"good"}) {
		t.Errorf("heard %q", heard)
	}
	same(t, "what is left", len(got(os.ReadDir(p.path(knockDir)))(t)), 1)
}

// A word that is being written stays; one that nobody writes any more goes.
func TestWordsLeftBehind(t *testing.T) {
	p := newProfile(t)
	door := got(openDoor(p.Dir()))(t)
	defer door.Close()
	old := time.Now().Add(-2 * partAge)
	for name, left := range map[string]bool{"0000000000000001.part": true, "0000000000000002.part": false, "thesis.part": true} {
		path := filepath.Join(p.path(knockDir), name)
		check(t, os.WriteFile(path, []byte("xmpp:bob@example.net"), 0o600))
		if left {
			check(t, os.Chtimes(path, old, old))
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_ = p.Attend(ctx, func([]string) { t.Error("nobody knocked") })
	entries := got(os.ReadDir(p.path(knockDir)))(t)
	if len(entries) != 2 || entries[0].Name() != "0000000000000002.part" || entries[1].Name() != "thesis.part" {
		t.Errorf("%v is left", entries)
	}
}

func FuzzReadWord(f *testing.F) {
	f.Add([]byte("xmpp:bob@example.net"))
	f.Add([]byte("a\nb"))
	f.Fuzz(func(t *testing.T, b []byte) {
		dir := t.TempDir()
		check(t, os.WriteFile(filepath.Join(dir, "0000000000000001"), b, 0o600))
		door := got(os.OpenRoot(dir))(t)
		defer door.Close()
		word, ok := readWord(door, "0000000000000001")
		if ok && (word != string(b) || len(b) > MaxWord || strings.ContainsAny(word, "\n\r\x00\x1b")) {
			t.Errorf("%q is taken for %q", b, word)
		}
	})
}
