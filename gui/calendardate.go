package gui

import (
	"slices"
	"strings"
	"time"

	"culver/im"
	"culver/lang"
)

// date is a day, wherever the clocks are set to.
type date struct {
	year  int
	month time.Month
	day   int
}

// dateOf is the day of a moment, by the clock of its location.
func dateOf(t time.Time) date {
	y, m, d := t.Date()
	return date{y, m, d}
}

// isZero reports no day.
func (d date) isZero() bool { return d == date{} }

// start is when the day begins here. Where the clocks skip midnight, that is later.
func (d date) start(where *time.Location) time.Time {
	t := time.Date(d.year, d.month, d.day, 0, 0, 0, 0, where)
	if dateOf(t) != d { // before the gap, a day earlier
		t = t.Add(time.Hour)
	}
	return t
}

// add is the day so many days later.
func (d date) add(days int) date {
	return dateOf(time.Date(d.year, d.month, d.day+days, 12, 0, 0, 0, time.UTC))
}

// before reports an earlier day.
func (d date) before(o date) bool {
	return d.year < o.year || d.year == o.year && (d.month < o.month || d.month == o.month && d.day < o.day)
}

func (d date) compare(o date) int {
	switch {
	case d == o:
		return 0
	case d.before(o):
		return -1
	}
	return 1
}

// first is the first day of the same month.
func (d date) first() date { return date{d.year, d.month, 1} }

// same reports a day of the same month.
func (d date) same(o date) bool { return d.year == o.year && d.month == o.month }

// String is the day for people to read.
func (d date) String() string {
	return im.Date(d.start(time.UTC))
}

// long is the same, with the day of the week.
func (d date) long() string {
	return lang.F("%s, %s", im.Weekday(d.start(time.UTC).Weekday()), d)
}

// weeks are the days of a month, a week a row, as a calendar shows them; 0 is no
// day of that month.
func weeks(month date, first time.Weekday) [6][7]int {
	var out [6][7]int
	begin := time.Date(month.year, month.month, 1, 12, 0, 0, 0, time.UTC)
	at := (int(begin.Weekday()) - int(first) + 7) % 7
	for d := begin; d.Month() == begin.Month(); d = d.AddDate(0, 0, 1) {
		out[at/7][at%7] = d.Day()
		at++
	}
	return out
}

// The places where a week does not begin on Monday (Unicode CLDR, weekData).
const (
	sundayFirst = "AG AS BD BR BS BT BW BZ CA CO DM DO ET GT GU HK HN ID IL IN JM JP KE KH KR LA MH MM MO MT MX MZ " +
		"NI NP PA PE PH PK PR PT PY SA SG SV TH TT TW UM US VE VI WS YE ZA ZW"
	saturdayFirst = "AE AF BH DJ DZ EG IQ IR JO KW LY OM QA SD SY"
)

// firstWeekday is the day that a week begins with where a locale is from:
// "en-US", "de_DE.UTF-8".
func firstWeekday(locale string) time.Weekday {
	locale, _, _ = strings.Cut(locale, ".")
	parts := strings.FieldsFunc(locale, func(r rune) bool { return r == '-' || r == '_' || r == '@' })
	for _, p := range parts[min(1, len(parts)):] {
		switch {
		case len(p) != 2:
		case slices.Contains(strings.Fields(sundayFirst), strings.ToUpper(p)):
			return time.Sunday
		case slices.Contains(strings.Fields(saturdayFirst), strings.ToUpper(p)):
			return time.Saturday
		}
	}
	return time.Monday
}
