package foreign

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// behind is how far a line may stand behind the one before it without being of the
// next day: Pidgin writes the time of a late line without its date up to 20 minutes.
const behind = 21 * time.Minute

// clock tells when the lines of a log were written, of which most have the time of
// the day only. The zero value is not used: it begins with the start of the log.
type clock struct {
	start time.Time
	last  time.Time // of the last line without a date
}

func newClock(start time.Time) *clock { return &clock{start: start, last: start} }

// at reads what stands in parentheses in front of a line: a time, or a date and a
// time, in the manner of some language.
func (c *clock) at(stamp string) (time.Time, bool) {
	hour, minute, sec, rest, ok := timeOfDay(stamp)
	if !ok {
		return time.Time{}, false
	}
	zone := c.start.Location()
	if day, ok := nearestDate(rest, c.start); ok {
		return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, sec, 0, zone), true
	}
	t := time.Date(c.last.Year(), c.last.Month(), c.last.Day(), hour, minute, sec, 0, zone)
	switch {
	case t.Before(c.last.Add(-behind)): // after midnight
		t = time.Date(c.last.Year(), c.last.Month(), c.last.Day()+1, hour, minute, sec, 0, zone)
	case t.Sub(c.last) > 24*time.Hour-behind: // a late line from before midnight
		return t.AddDate(0, 0, -1), true
	}
	c.last = t
	return t, true
}

var (
	colonTime = regexp.MustCompile(`(\d{1,2}):(\d{2})(?::(\d{2}))?`)
	dotTime   = regexp.MustCompile(`(\d{1,2})\.(\d{2})\.(\d{2})`)
	handTime  = regexp.MustCompile(`(\d{1,2})\s?(?:時|时|시|h)\s?(\d{1,2})(?:\s?(?:分|분|m|min)\s?(?:(\d{1,2})(?:秒|초|s)?)?)?`)
	morning   = regexp.MustCompile(`(?i)(?:^|[^\pL])a\.?\s?m\b|上午|午前|오전`)
	afternoon = regexp.MustCompile(`(?i)(?:^|[^\pL])p\.?\s?m\b|下午|午後|오후`)
)

// timeOfDay finds the time in a stamp. Rest is what else stands there.
func timeOfDay(stamp string) (hour, minute, sec int, rest string, ok bool) {
	if len(stamp) > 120 {
		return 0, 0, 0, "", false
	}
	for _, form := range []*regexp.Regexp{colonTime, handTime, dotTime} {
		all := form.FindAllStringSubmatchIndex(stamp, -1)
		if len(all) == 0 {
			continue
		}
		at := all[len(all)-1] // a date may look like one with points, and stands in front
		number := func(i int) int {
			if at[2*i] < 0 {
				return 0
			}
			n, _ := strconv.Atoi(stamp[at[2*i]:at[2*i+1]])
			return n
		}
		hour, minute, sec = number(1), number(2), number(3)
		rest = stamp[:at[0]] + " " + stamp[at[1]:]
		switch {
		case hour > 12:
		case afternoon.MatchString(rest):
			hour = hour%12 + 12
		case morning.MatchString(rest):
			hour %= 12
		}
		return hour, minute, min(sec, 59), rest, hour < 24 && minute < 60 && sec < 61
	}
	return 0, 0, 0, "", false
}

var (
	number = regexp.MustCompile(`\d+`)
	month  = regexp.MustCompile(`\pL{3,}`)
)

// months are how the names of months begin, in a few languages.
var months = [12][]string{
	{"jan", "ene", "gen", "янв"}, {"feb", "fév", "фев"}, {"mar", "mär", "maa", "мар"}, {"apr", "avr", "abr", "апр"},
	{"may", "mai", "mag", "мая"}, {"jun", "juin", "giu", "июн"}, {"jul", "juil", "lug", "июл"}, {"aug", "aoû", "ago", "авг"},
	{"sep", "set", "сен"}, {"oct", "okt", "ott", "out", "окт"}, {"nov", "ноя"}, {"dec", "dez", "déc", "dic", "дек"},
}

// nearestDate finds the date in a stamp. Where its numbers can be read in several
// ways, it is the one nearest to when the log begins.
func nearestDate(stamp string, near time.Time) (time.Time, bool) {
	var n []int
	for _, s := range number.FindAllString(stamp, 4) {
		if len(s) > 4 {
			continue // of a zone, perhaps
		}
		v, _ := strconv.Atoi(s)
		n = append(n, v)
	}
	var best time.Time
	try := func(y, m, d int) {
		switch {
		case y < 70:
			y += 2000
		case y < 100:
			y += 1900
		}
		t := time.Date(y, time.Month(m), d, 12, 0, 0, 0, near.Location())
		if y < 1990 || y > 2200 || t.Day() != d || int(t.Month()) != m {
			return
		}
		if best.IsZero() || t.Sub(near).Abs() < best.Sub(near).Abs() {
			best = t
		}
	}
	switch {
	case len(n) >= 3:
		if n[0] > 999 {
			try(n[0], n[1], n[2])
		} else {
			try(n[2], n[1], n[0])
			try(n[2], n[0], n[1])
			if n[2] < 32 {
				try(n[0], n[1], n[2])
			}
		}
	case len(n) == 2: // day, name of a month, year
		y, d := n[1], n[0]
		if n[0] > 31 {
			y, d = n[0], n[1]
		}
		named := monthNamed(stamp)
		for m := 1; m <= 12; m++ {
			if named == 0 || named == m {
				try(y, m, d)
			}
		}
	}
	return best, !best.IsZero()
}

// monthNamed is the month whose name is in a stamp, or 0. It is the last one: in French
// and Spanish, Tuesday, which stands in front, is short for the same as March.
func monthNamed(stamp string) (found int) {
	for _, word := range month.FindAllString(strings.ToLower(stamp), 8) {
		for i, names := range months {
			for _, name := range names {
				if strings.HasPrefix(word, name) {
					found = i + 1
				}
			}
		}
	}
	return found
}
