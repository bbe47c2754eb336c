package messenger

import (
	"time"

	"culver/im"
	"culver/lang"
)

// countOf is a number of lines in words.
func countOf(lines int, more bool) string {
	switch {
	case more:
		return lang.F("more than %s lines", im.Number(maxCounted))
	case lines == 1:
		return lang.T("one line")
	default:
		return lang.N(lines, "the %s line", "the %s lines", im.Number(lines))
	}
}

// partOf names a part of the history: "5 March 2026 with Bob".
func (m *Messenger) partOf(r im.Range) string {
	when := spanOf(r.From, r.Until)
	switch {
	case r.Conv.IsZero() && when == "":
		return lang.T("all conversations")
	case r.Conv.IsZero():
		return lang.F("%s in all conversations", when)
	case when == "":
		return lang.F("your conversation with %s", m.nameOf(r.Conv))
	default:
		return lang.F("%s with %s", when, m.nameOf(r.Conv))
	}
}

// ofPart is the same behind what is said of it, which many languages inflect: "of 5 March
// 2026 with Bob".
func (m *Messenger) ofPart(r im.Range) string {
	when := ofSpan(r.From, r.Until)
	switch {
	case r.Conv.IsZero() && when == "":
		return lang.T("of all conversations")
	case r.Conv.IsZero():
		return lang.F("%s in all conversations", when)
	case when == "":
		return lang.F("of your conversation with %s", m.nameOf(r.Conv))
	default:
		return lang.F("%s with %s", when, m.nameOf(r.Conv))
	}
}

// spanOf names the days between two times; empty: all of them.
func spanOf(from, until time.Time) string {
	first, last := daysOf(from, until)
	switch {
	case first == "" && last == "":
		return ""
	case last == "":
		return lang.F("the time since %s", first)
	case first == "":
		return lang.F("the time until %s", last)
	case first == last:
		return first
	default:
		return lang.F("%s to %s", first, last)
	}
}

// ofSpan is the same behind what is said of it.
func ofSpan(from, until time.Time) string {
	first, last := daysOf(from, until)
	switch {
	case first == "" && last == "":
		return ""
	case last == "":
		return lang.F("of the time since %s", first)
	case first == "":
		return lang.F("of the time until %s", last)
	case first == last:
		return lang.F("of %s", first)
	default:
		return lang.F("of %s to %s", first, last)
	}
}

// daysOf are the first day and the last one between two times; empty: there is no such.
func daysOf(from, until time.Time) (first, last string) {
	if !from.IsZero() {
		first = im.Date(from)
	}
	switch end := until.Add(-1); {
	case until.IsZero():
	case from.IsZero():
		last = im.Date(end)
	default:
		last = im.Date(end.In(from.Location()))
	}
	return first, last
}
