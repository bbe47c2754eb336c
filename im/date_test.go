package im_test

import (
	"testing"
	"time"

	"culver/im"
)

func TestDates(t *testing.T) {
	for day := time.Date(2023, 12, 31, 0, 0, 0, 0, time.UTC); day.Year() < 2025; day = day.AddDate(0, 0, 1) {
		if got, want := im.Date(day), day.Format("2 January 2006"); got != want {
			t.Errorf("%s instead of %s", got, want)
		}
		if got, want := im.ShortDate(day), day.Format("2 Jan 2006"); got != want {
			t.Errorf("%s instead of %s", got, want)
		}
		if got, want := im.Weekday(day.Weekday()), day.Weekday().String(); got != want {
			t.Errorf("%s instead of %s", got, want)
		}
		if got, want := im.DayOfMonth(day), day.Format("2 Jan"); got != want {
			t.Errorf("%s instead of %s", got, want)
		}
	}
}
