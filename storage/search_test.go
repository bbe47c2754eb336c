package storage

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"

	"culver/im"
)

// searchBehaviour finds lines as people type it.
func searchBehaviour(t *testing.T, s store, reopen func() store) {
	texts := []string{
		0: "The quick brown fox", 1: "A QUICK fox, brown!", 2: "quicksand", 3: "Être où? À côté… naïve façade",
		4: "ÊTRE", 5: "E\u0302tre", 6: "don't", 7: "don’t do it", 8: "see https://example.org/a_b?c=d#e now", 9: "mail bob.smith@example.org/phone",
		10: "我喜欢你的猫", 11: "猫喜欢我", 12: "こんにちは世界", 13: "한국어 텍스트", 14: "สวัสดีชาวโลก", 15: "thumbs 👍🏽 up 🎉🎉",
		16: "straße STRASSE", 17: "Ἀθῆναι ΑΘΗΝΑΙ ὅς", 18: "Ёлка ёлка", 19: "שָׁלוֹם", 20: "مَرْحَبًا", 21: "हिन्दी भाषा", 22: "ﬁle ２０２４",
		23: "NEAR AND OR NOT", 24: "text : word* ^x", 25: "\x00nul\xffbroken", 26: "C++ & C# 3.14", 27: "", 28: "i İ ı I",
		29: "one two", 30: "two one", 31: "co\u00adoperate zero\u200bwidth",
	}
	for i, text := range texts {
		m := line(withBob, fmt.Sprint(i))
		m.Text = im.Text{{Text: text[:len(text)/2], Style: im.Bold}, {Text: text[len(text)/2:]}}
		check(t, s.Append(m))
	}
	other := line(withEve, "eve's")
	other.Text = im.Plain("the other fox")
	check(t, s.Append(other))
	s = reopen()
	for words, want := range map[string]string{
		"fox": "eve's 1 0", "FOX": "eve's 1 0", "fo": "", "fox qui": "1 0", "quick": "2 1 0", "quick ": "1 0", "quick fox": "1 0", "fox quick": "1 0",
		`"quick brown"`: "0", `"brown quick"`: "", `"quick fox`: "1", `"quick fo`: "", `"brown fo`: "", `"the qui`: "0", `"quick fo"`: "", "quick the": "0", "the": "eve's 0", "ick": "",
		"être": "5 4 3", "etre": "5 4 3", "ETRE": "5 4 3", "ou cote": "3", "facade": "3", "naive": "3",
		"don't": "7 6", "don’t": "7 6", "don": "7 6", "dont": "",
		"https://example.org/a_b?c=d#e": "8", "example.org": "9 8", "a_b": "8", "bob.smith@example.org": "9", "bob.smith@example.org/phone": "9", "smith.bob": "",
		"猫": "11 10", "喜欢": "11 10", "喜欢你": "10", "我 猫": "11 10", "你喜欢": "", "世界": "12", "にち": "12", "한국": "13", "국어": "13", "ชาว": "14",
		"👍": "15", "👍🏽": "15", "🎉": "15", "🎉🎉": "15", "🎉🎉🎉": "", "😀": "",
		"strasse": "16", "STRAẞE": "16", "αθηναι": "17", "οσ": "17", "елка": "18", "ёлка": "18", "שלום": "19", "مرحبا": "20", "हिन्दी": "21", "हिन": "21", "file": "22", "2024": "22",
		"NEAR": "23", "NEAR(": "23", "and or not": "23", "AND": "23", "word*": "24", "text:word": "24", "text : word": "24", "^x": "24", "-x": "24", "nul": "25", "broken": "25", "nul\x00": "25", "\xff": "",
		"c#": "26 8", "3.14": "26", "ı": "28", "cooperate": "31", "zerowidth": "31",
		"": "", "  ": "", `"`: "", `""`: "", `"""`: "", "*": "", "()": "", "...": "", "^": "", "a OR": "", "conversation:c1": "", "c1": "",
		`one two`: "30 29", `"one two"`: "29", `«one two»`: "29", `„one two“`: "29", `"one two" one`: "29", `one"two"`: "30 29",
		strings.Repeat("fox ", 10_000): "eve's 1 0", strings.Repeat("x", 100_000): "", strings.Repeat(`"`, 5000): "",
	} {
		hits, err := found(s, im.Search{Words: words, Limit: 100})
		check(t, err)
		if ids(hits) != want {
			t.Errorf("%.40q: %s, want %s", words, ids(hits), want)
		}
	}
	same(t, "the newest one", ids(got(found(s, im.Search{Words: "fox", Limit: 1}))(t)), "eve's")
	same(t, "none", ids(got(found(s, im.Search{Words: "fox"}))(t)), "")
	same(t, "fewer than none", ids(got(found(s, im.Search{Words: "fox", Limit: -1}))(t)), "")
	same(t, "in one conversation", ids(got(found(s, im.Search{Words: "fox", Conv: withBob, Limit: 9}))(t)), "1 0")
	same(t, "in another", ids(got(found(s, im.Search{Words: "fox", Conv: withEve, Limit: 9}))(t)), "eve's")
	same(t, "in one that is not there", ids(got(found(s, im.Search{Words: "fox", Conv: carolBob, Limit: 9}))(t)), "")
	same(t, "with its formatting", got(found(s, im.Search{Words: "brown the", Limit: 1}))(t)[0].Text,
		im.Text{{Text: texts[0][:9], Style: im.Bold}, {Text: texts[0][9:]}})
	check(t, s.Remove(withBob, "1"), s.Update(failed(line(withBob, "0"), "fox")))
	same(t, "after removing one", ids(got(found(s, im.Search{Words: "fox", Limit: 9}))(t)), "eve's 0")
}

// wordByWord is what is found in as many steps as can be, below a place or of all.
func wordByWord(t testing.TB, db *DB, q im.Search, below int64) (all []im.Message, steps int) {
	for below != 0 {
		hits, next, err := db.search(q, below, -1)
		if err != nil {
			t.Fatalf("%q: %v", q.Words, err)
		}
		if next >= below || len(hits) > 1 {
			t.Fatalf("%q: a step finds %d and goes from %d on to %d", q.Words, len(hits), below, next)
		}
		all, below, steps = append(all, hits...), next, steps+1
		q.Limit -= len(hits)
	}
	return all, steps
}

// However often a search has to stop, it finds what it would have found at once.
func TestSearchInSteps(t *testing.T) {
	db := memoryDB(t)
	r := rand.New(rand.NewPCG(7, 7))
	said := []string{"a", "tea", "teapot", "teapots", "milk", "sugar", "über", "Überall", "猫", "one-two", "never"}
	var lines []im.Message
	for i := range 300 {
		var text []string
		for range 1 + r.IntN(4) {
			text = append(text, said[min(r.IntN(len(said)), r.IntN(len(said)))])
		}
		lines = append(lines, at([]im.ConvID{withBob, withEve}[r.IntN(2)], fmt.Sprint(i), noon.Add(time.Duration(r.IntN(1e6))*time.Second), strings.Join(text, " ")))
	}
	got(db.Import(lines))(t)
	memory := NewMemory()
	got(memory.Import(lines))(t)
	for _, words := range []string{"tea", "tea ", "teapo", "teapot ", "teapots milk ", "milk tea", "sug milk never", "ü", "über", "übera", "猫", `"tea milk"`, `"milk teap`, `"tea tea tea"`,
		"a tea teapot", "one", "one-tw", "never", "nobody", "tea nobody", "never never", `"never tea" "tea never"`} {
		for _, c := range []im.ConvID{{}, withBob} {
			for _, limit := range []int{1, 7, 9999} {
				q := im.Search{Words: words, Conv: c, Limit: limit}
				want := ids(got(found(memory, q))(t))
				if at, _ := wordByWord(t, db, q, math.MaxInt64); ids(at) != want {
					t.Errorf("%q in %v, word by word: %.200s, want %.200s", words, c, ids(at), want)
				}
				if hits, next, err := db.search(q, 0, time.Hour); err != nil || next != 0 || ids(hits) != want {
					t.Errorf("%q in %v, at once: %.200s and %d (%v), want %.200s", words, c, ids(hits), next, err, want)
				}
				hits, next, err := db.search(q, 0, 0)
				check(t, err)
				q.Limit -= len(hits)
				more, _ := wordByWord(t, db, q, next)
				if all := append(hits, more...); ids(all) != want {
					t.Errorf("%q in %v, stopped after %d: %.200s, want %.200s", words, c, len(hits), ids(all), want)
				}
			}
		}
	}

	// It does stop.
	if hits, next, err := db.search(im.Search{Words: "tea ", Limit: 9999}, 0, 0); err != nil || next == 0 {
		t.Errorf("without time %d lines are found, and that is all (%v)", len(hits), err)
	}
	if _, steps := wordByWord(t, db, im.Search{Words: `"milk milk milk milk milk"`, Limit: 9}, math.MaxInt64); steps < 10 {
		t.Errorf("what takes long is done in %d steps", steps)
	}
}

// A line that is erased between two steps is not found by the second, and what is found
// by it is as if nothing had been there.
func TestErasedWhileSearching(t *testing.T) {
	db := memoryDB(t)
	for i := range 20 {
		check(t, db.Append(at(withBob, fmt.Sprint(i), noon, "tea "+fmt.Sprint(i%2))))
	}
	q := im.Search{Words: "tea 1", Limit: 99}
	hits, next, err := db.search(q, math.MaxInt64, -1)
	for err == nil && len(hits) == 0 {
		hits, next, err = db.search(q, next, -1)
	}
	check(t, err, db.Remove(withBob, "17"), db.Append(at(withBob, "20", noon, "tea 1")))
	same(t, "found first", ids(hits), "19")
	more, _ := wordByWord(t, db, q, next)
	same(t, "found then", ids(more), "15 13 11 9 7 5 3 1")
}

// agrees makes sure that the index says of every line what the line says, and
// nothing else.
func agrees(t *testing.T, db *DB) {
	t.Helper()
	check(t, db.exec("INSERT INTO word (word, rank) VALUES ('integrity-check', 0)"),
		db.exec("CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab (main, word, instance)"))
	type instance struct {
		place  int64
		column string
		at     int
	}
	found := map[instance]string{}
	check(t, db.query("SELECT doc, col, offset, term FROM vocabulary", func(r *row) error {
		found[instance{r.int64(), r.string(), r.int()}] = r.string()
		return nil
	}))
	check(t, db.query("SELECT seq, conversation, text FROM message", func(r *row) error {
		place, c := r.int64(), r.int64()
		expect := func(column string, at int, word string) {
			i := instance{place, column, at}
			if found[i] != word {
				t.Errorf("line %d, word %d of %s: %q, want %q", place, at, column, found[i], word)
			}
			delete(found, i)
		}
		for at, word := range words(r.string()) {
			expect("text", at, word)
		}
		expect("conversation", 0, fmt.Sprint("c", c))
		return nil
	}))
	for i, word := range found {
		t.Fatalf("%d words of lines that are not there: %q at %v", len(found), word, i)
	}
}

func TestIndexAgrees(t *testing.T) {
	p, v := lockedProfile(t)
	db := openDB(t, p, v)
	agrees(t, db)
	for i := range 300 {
		check(t, db.Append(at(withBob, fmt.Sprint(i), noon, fmt.Sprint("common words, rare", i, " ", i%7))))
	}
	var lines []im.Message
	for i := range 300 {
		lines = append(lines, at(withEve, fmt.Sprint(i), noon.AddDate(0, 0, -i), fmt.Sprint("common words, old", i)))
	}
	got(db.Import(lines))(t)
	agrees(t, db)
	check(t, db.Remove(withBob, "7"))
	got(db.Erase(im.Range{Conv: withEve, Until: noon.AddDate(0, 0, -100)}))(t)
	agrees(t, db)
	check(t, db.DeleteAccount(alice))
	agrees(t, db)
	sweep(t, db)
	agrees(t, db)
}

// sweep does all that was put off.
func sweep(t *testing.T, s store) {
	t.Helper()
	for got(s.Sweep())(t) {
	}
}

// When a line is not kept its words are not either.
func TestWordsOfALineThatIsNotKept(t *testing.T) {
	p, v := lockedProfile(t)
	db := openDB(t, p, v)
	check(t, db.Append(line(withBob, "1")))
	m := line(withBob, "1")
	m.Text = im.Plain("forged")
	if err := db.Append(m); !errors.Is(err, ErrExists) {
		t.Errorf("got %v, want ErrExists", err)
	}
	same(t, "found", len(got(found(db, im.Search{Words: "forged", Limit: 9}))(t)), 0)
	agrees(t, db)
}

// memoryDB is a database that is neither on a disk nor encrypted.
func memoryDB(t testing.TB) *DB {
	conn, err := sqlite3.Open("file:test?mode=memory")
	if err == nil {
		err = errors.Join(functions(conn), migrate(conn, migrations))
	}
	if err != nil {
		t.Fatal(err)
	}
	db := &DB{conn: conn, statements: map[string]*sqlite3.Stmt{}}
	t.Cleanup(func() { db.Close() })
	return db
}

// FuzzSearch: whatever is looked for, in whatever text, is no error, and what the
// index finds is what is found without one.
func FuzzSearch(f *testing.F) {
	for _, seed := range [][2]string{
		{"quick", "the quick brown fox"}, {`"a b" c`, "a b c"}, {`a" OR "b`, "b"}, {"NEAR(a b)", "a b"}, {"text:a*", "a"}, {"{text}: ^a", "a"},
		{"-a", "a"}, {"a\x00b", "b"}, {"猫が", "私の猫が好き"}, {"ÀÉ", "a\u0300e\u0301"}, {"\xff", "\xff"}, {"😀", "😀😀"}, {`"""`, `"`}, {"a+b", "a+b"},
	} {
		f.Add(seed[0], seed[1])
	}
	db := memoryDB(f)
	f.Fuzz(func(t *testing.T, typed, text string) {
		if len(text) > 10_000 {
			return
		}
		m := line(withBob, "1")
		m.Text = im.Plain(text)
		if err := db.Append(m); err != nil {
			t.Fatal(err)
		}
		q := parseQuery(typed)
		for _, c := range []im.ConvID{{}, withBob} {
			hits, err := found(db, im.Search{Words: typed, Conv: c, Limit: 9})
			if err != nil {
				t.Fatalf("%q: %v", typed, err)
			}
			steps, _ := wordByWord(t, db, im.Search{Words: typed, Conv: c, Limit: 9}, math.MaxInt64)
			if found := q.matches(text); found != (len(hits) == 1) || found != (len(steps) == 1) {
				t.Errorf("%q in %q: found by the index %t, word by word %t, without it %t (%s)", typed, text, len(hits) == 1, len(steps) == 1, found, q.match())
			}
		}
		if err := db.Remove(withBob, "1"); err != nil {
			t.Fatal(err)
		}
		if n, err := number(db.conn, "SELECT count(*) FROM word_idx"); err != nil || n > 1000 {
			t.Fatalf("%d parts of the index are left: %v", n, err)
		}
	})
}

// The index is tidied up after lines that were added, whether anybody sweeps or not, and
// is the same afterwards.
func TestIndexIsTidiedUp(t *testing.T) {
	parts := func(db *DB) int64 { return got(number(db.conn, "SELECT count(DISTINCT segid) FROM word_idx"))(t) }
	for _, swept := range []bool{false, true} {
		db := memoryDB(t)
		for i := range 30 {
			check(t, db.Append(at(withEve, fmt.Sprint(i), noon, "tea")))
		}
		if n := parts(db); n < 30 {
			t.Errorf("30 lines have %d parts of the index: somebody waited until it was tidied up", n)
		}
		for i := range 400 {
			check(t, db.Append(at(withBob, fmt.Sprint(i), noon, fmt.Sprint("tea ", i))))
			if swept && i%20 == 19 {
				sweep(t, db)
				if n := parts(db); n > 20 {
					t.Fatalf("after %d lines the index has %d parts", i, n)
				}
			}
		}
		if n := parts(db); n > 2*maxLoose {
			t.Errorf("after 400 lines the index has %d parts", n)
		}
		sweep(t, db)
		if n := parts(db); n > 20 {
			t.Errorf("a tidy index has %d parts", n)
		}
		changes := db.conn.TotalChanges()
		sweep(t, db)
		same(t, "changes when all is tidy", db.conn.TotalChanges(), changes)
		agrees(t, db)
	}
}
