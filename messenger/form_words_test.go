package messenger

import (
	"testing"
	"time"
)

// TestOneMoreThingIsNotInABackup had a plural before.
func TestOneMoreThingIsNotInABackup(t *testing.T) {
	for more, want := range map[int]string{1: "And 1 more thing is not in it.", 2: "And 2 more things are not in it."} {
		b := &backingUp{step: backupOver, notes: make([]string, maxSentences+more)}
		fields := b.form().Tabs[0].Fields
		if got := fields[len(fields)-1].Label; got != want {
			t.Errorf("%q instead of %q", got, want)
		}
	}
}

func TestWordsForSpans(t *testing.T) {
	from := time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)
	day := 24 * time.Hour
	for _, c := range []struct {
		from, until time.Time
		want        string
	}{
		{time.Time{}, time.Time{}, ""},
		{from, time.Time{}, "the time since 5 March 2026"},
		{time.Time{}, from.Add(day), "the time until 5 March 2026"},
		{from, from.Add(day), "5 March 2026"},
		{from, from.Add(2 * day), "5 March 2026 to 6 March 2026"},
	} {
		of := ""
		if c.want != "" {
			of = "of " + c.want
		}
		if got, gotOf := spanOf(c.from, c.until), ofSpan(c.from, c.until); got != c.want || gotOf != of {
			t.Errorf("%q, %q instead of %q", got, gotOf, c.want)
		}
	}
}

func TestWordsForLocking(t *testing.T) {
	for minutes, want := range map[string]string{"": "Never", "1": "After 1 minute without use", "15": "After 15 minutes without use", "60": "After 1 hour without use"} {
		if got := lockAfterWords(minutes); got != want {
			t.Errorf("%q instead of %q", got, want)
		}
	}
}
