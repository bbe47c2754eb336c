package storage

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"culver/im"
)

// The signposts that are found by looking them up are all that there are, and to look
// one up is not to go through the list.
func TestSignposts(t *testing.T) {
	db := memoryDB(t)
	r := rand.New(rand.NewPCG(8, 8))
	word := func() string {
		b := make([]byte, 3+r.IntN(7))
		for i := range b {
			b[i] = "abcd"[r.IntN(4)]
		}
		return string(b) + []string{"", "", "", "ж", "猫"}[r.IntN(5)]
	}
	said := map[string]bool{}
	for range 12 {
		var lines []im.Message
		for i := range 100 {
			var text []string
			for range 20 {
				text = append(text, word())
			}
			lines = append(lines, at(withBob, fmt.Sprint(r.Uint64()), noon.AddDate(0, 0, -i), strings.Join(text, " ")))
			if i%10 == 0 {
				for _, w := range words(strings.Join(text, " ")) {
					said[w] = true
				}
			}
		}
		got(db.Import(lines))(t)
	}
	var want []string
	check(t, db.query("SELECT DISTINCT substr(term, 2) FROM word_idx", func(r *row) error {
		post := r.string()
		for w := range maps.Keys(said) {
			if len(post) >= minGone && strings.HasPrefix(w, post) {
				want = append(want, post)
				break
			}
		}
		return nil
	}))
	posts := got(db.posts(said))(t)
	slices.Sort(posts)
	slices.Sort(want)
	same(t, "signposts", posts, want)
	if len(want) < 20 {
		t.Errorf("there are %d signposts", len(want))
	}
	check(t, db.query("EXPLAIN QUERY PLAN "+selectPosts, func(r *row) error {
		r.int()
		r.int()
		r.int()
		if step := r.string(); strings.Contains(step, "SCAN word_idx") {
			t.Errorf("all signposts are looked at: %s", step)
		}
		return nil
	}))
}
