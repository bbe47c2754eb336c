package main

import (
	"fmt"
	"io"
	"runtime"
)

// row is one line of the table: names are those that the test program prints.
type row struct {
	title, name string
	most        float64 // what it is to be at most; 0: for information
	unit        unit
}

type unit int

const (
	milliseconds unit = iota
	seconds
	megabytes
	number
)

// The targets in milliseconds.
const (
	openTarget   = 100
	pageTarget   = 10
	searchTarget = 20
	appendTarget = 1
	removeTarget = 20
	stepTarget   = 50
)

// rows are the table. What a person sees first, right after the start, and what they
// see from then on, stand below each other.
var rows = []row{
	{"open", "ask/open", openTarget, milliseconds},
	{"newest page (100 lines), first", "ask/newest-page/first", pageTarget, milliseconds},
	{"newest page", "ask/newest-page/median", pageTarget, milliseconds},
	{"newest page of a short conversation, first", "ask/newest-page-of-another/first", pageTarget, milliseconds},
	{"a page in the middle, first", "ask/a-page-in-the-middle/first", pageTarget, milliseconds},
	{"search, a rare word, first", "ask/search-rare/first", searchTarget, milliseconds},
	{"search, a rare word", "ask/search-rare/median", searchTarget, milliseconds},
	{"search, the most common word, first", "ask/search-common/first", searchTarget, milliseconds},
	{"search, the most common word", "ask/search-common/median", searchTarget, milliseconds},
	{"search, three letters, first", "ask/search-prefix-3/first", searchTarget, milliseconds},
	{"search, three letters", "ask/search-prefix-3/median", searchTarget, milliseconds},
	{"search, four letters, first", "ask/search-prefix-4/first", searchTarget, milliseconds},
	{"search, four letters", "ask/search-prefix-4/median", searchTarget, milliseconds},
	{"search, two words, first", "ask/search-two-words/first", searchTarget, milliseconds},
	{"search, two words", "ask/search-two-words/median", searchTarget, milliseconds},
	{"search, two common words", "ask/search-two-common-words/median", searchTarget, milliseconds},
	{"search, two rare words", "ask/search-two-rare-words/median", searchTarget, milliseconds},
	{"search, the beginning of the most common word, first", "ask/search-common-prefix/first", searchTarget, milliseconds},
	{"search, the beginning of the most common word", "ask/search-common-prefix/median", searchTarget, milliseconds},
	{"search, a phrase", "ask/search-phrase/median", searchTarget, milliseconds},
	{"search, a word that nobody said", "ask/search-nothing/median", searchTarget, milliseconds},
	{"search here, a common word, a short conversation, first", "ask/search-common-here/first", searchTarget, milliseconds},
	{"search here, a common word, a short conversation", "ask/search-common-here/median", searchTarget, milliseconds},
	{"search here, a rare word, the longest conversation", "ask/search-rare-here/median", searchTarget, milliseconds},
	{"search here, nothing found, the longest conversation", "ask/search-nothing-here/median", searchTarget, milliseconds},
	{"search, two common words that never meet", "ask/search-never-together/median", 0, milliseconds},
	{"search, two common words that never meet, the longest step", "ask/search-never-together/step", stepTarget, milliseconds},
	{"search, a phrase that nobody said", "ask/search-never-a-phrase/median", 0, milliseconds},
	{"search, a phrase that nobody said, the longest step", "ask/search-never-a-phrase/step", stepTarget, milliseconds},
	{"append", "ask/append/median", appendTarget, milliseconds},
	{"append, one in a hundred", "ask/append/p99", 0, milliseconds},
	{"append, the longest of 2000", "ask/append/longest", stepTarget, milliseconds},
	{"tidy up after 20 lines, one step", "ask/sweep/median", stepTarget, milliseconds},
	{"tidy up after 20 lines, the longest step", "ask/sweep/longest", 0, milliseconds},
	{"import 100 lines", "ask/import/median", stepTarget, milliseconds},
	{"list of all conversations, first", "ask/pasts/first", stepTarget, milliseconds},
	{"days of a month, first", "ask/days-of-a-month/first", stepTarget, milliseconds},
	{"days of ten years, all conversations, first", "ask/days-of-all/first", 0, milliseconds},
	{"remove a line", "ask/remove/median", removeTarget, milliseconds},
	{"erase, one step", "ask/erase,-a-step/median", stepTarget, milliseconds},
	{"lines erased a second", "ask/erased-lines-a-second", 0, number},
	{"load all", "fill/load", 0, seconds},
	{"tidy up after that", "fill/tidy", 0, seconds},
	{"size of the file", "fill/size", 0, megabytes},
	{"memory, loading", "fill/rss", 0, megabytes},
	{"memory, asking", "ask/rss", 0, megabytes},
}

// printTable prints the table in Markdown.
func printTable(out io.Writer, lines, rounds int, sides [2]side) {
	fmt.Fprintf(out, "%d lines, %d CPUs, %s/%s, %s. Medians of %d rounds, with the database opened 5 times in each; \"first\" is right after that.\n\n",
		lines, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(), rounds)
	fmt.Fprintln(out, "| | encrypted | plain | ratio | at most | |")
	fmt.Fprintln(out, "| --- | ---: | ---: | ---: | ---: | --- |")
	for _, r := range rows {
		ours, ok := sides[0].value(r.name)
		theirs, there := sides[1].value(r.name)
		if !ok || !there {
			continue
		}
		most, verdict := "", ""
		if r.most > 0 {
			most, verdict = r.show(r.most*1e6), "met"
			if ours > r.most*1e6 {
				verdict = "missed by " + r.show(ours-r.most*1e6)
			}
		}
		fmt.Fprintf(out, "| %s | %s | %s | %.2f | %s | %s |\n", r.title, r.show(ours), r.show(theirs), ours/theirs, most, verdict)
	}
}

// show is a value with its unit.
func (r row) show(v float64) string {
	switch r.unit {
	case seconds:
		return fmt.Sprintf("%.0f s", v/1e9)
	case megabytes:
		return fmt.Sprintf("%.0f MB", v/1e6)
	case number:
		return fmt.Sprintf("%.0f", v)
	}
	if v < 10e6 {
		return fmt.Sprintf("%.2f ms", v/1e6)
	}
	return fmt.Sprintf("%.0f ms", v/1e6)
}
