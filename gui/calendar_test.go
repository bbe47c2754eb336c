package gui

import (
	"testing"
	"time"
	_ "time/tzdata"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

func TestWeeks(t *testing.T) {
	for _, c := range []struct {
		month    date
		first    time.Weekday
		at       [2]int // of the first day
		last     int
		lastWeek int
	}{
		{date{2026, time.February, 1}, time.Monday, [2]int{0, 6}, 28, 4},
		{date{2026, time.February, 1}, time.Sunday, [2]int{0, 0}, 28, 3},
		{date{2024, time.February, 1}, time.Monday, [2]int{0, 3}, 29, 4},
		{date{2026, time.August, 1}, time.Monday, [2]int{0, 5}, 31, 5},
		{date{2026, time.August, 1}, time.Saturday, [2]int{0, 0}, 31, 4},
	} {
		grid := weeks(c.month, c.first)
		if grid[c.at[0]][c.at[1]] != 1 {
			t.Errorf("%v from %v: %v", c.month, c.first, grid)
		}
		last, week := 0, 0
		for w, days := range grid {
			for _, d := range days {
				if d > last {
					last, week = d, w
				}
			}
		}
		if last != c.last || week != c.lastWeek {
			t.Errorf("%v from %v ends with %d in week %d", c.month, c.first, last, week)
		}
	}
}

func TestFirstWeekday(t *testing.T) {
	for locale, want := range map[string]time.Weekday{
		"en-US": time.Sunday, "en_US.UTF-8": time.Sunday, "en-GB": time.Monday, "de_DE.UTF-8@euro": time.Monday, "pt-BR": time.Sunday,
		"ar-Arab-EG": time.Saturday, "": time.Monday, "C": time.Monday, "POSIX": time.Monday, "en": time.Monday, "zh-Hant-TW": time.Sunday,
		"id": time.Monday, // a language, not Indonesia
	} {
		if got := firstWeekday(locale); got != want {
			t.Errorf("in %q a week begins on %v", locale, got)
		}
	}
}

// A day may have 23 hours, and may begin at one o'clock.
func TestDatesWhereClocksChange(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "America/Sao_Paulo", "Africa/Cairo", "Pacific/Apia", "UTC"} {
		where, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		d := date{2010, time.January, 1}
		for range 20 * 366 {
			if got := dateOf(d.start(where)); got != d && name != "Pacific/Apia" { // where one day never was
				t.Fatalf("in %s the %v begins on the %v", name, d, got)
			}
			next := d.add(1)
			if !d.before(next) || next.before(d) || next.add(-1) != d {
				t.Fatalf("after %v comes %v", d, next)
			}
			d = next
		}
	}
}

// aCalendar is one in a window, on a day of its own.
func aCalendar(t *testing.T, days ...date) (*calendar, *[]date) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(newLook(wish{mode: themeLight}))
	var picked []date
	now := func() time.Time { return time.Date(2026, 3, 18, 15, 0, 0, 0, time.Local) }
	c := newCalendar(nil, now, time.Monday, func(d date) { picked = append(picked, d) })
	w := fyne.CurrentApp().NewWindow("")
	w.SetPadded(false)
	w.SetContent(c)
	w.Resize(c.MinSize())
	c.setDays(days)
	return c, &picked
}

func pressDay(t *testing.T, c *calendar, day int) {
	t.Helper()
	for week, days := range weeks(c.month, c.begins) {
		for i, d := range days {
			if d == day {
				pos, size := c.cell(week, i)
				press(c, pos.AddXY(size.Width/2, size.Height/2))
				return
			}
		}
	}
	t.Fatalf("there is no day %d", day)
}

func TestCalendarByMouse(t *testing.T) {
	c, picked := aCalendar(t, date{2025, 11, 3}, date{2026, 3, 2}, date{2026, 3, 17}, date{2026, 6, 30})
	if c.title() != "March 2026" {
		t.Errorf("it shows %s", c.title())
	}
	pressDay(t, c, 3)
	if len(*picked) != 0 || !c.chosen.isZero() {
		t.Error("a day with nothing was chosen")
	}
	pressDay(t, c, 17)
	if len(*picked) != 1 || (*picked)[0] != (date{2026, 3, 17}) || c.chosen != (date{2026, 3, 17}) {
		t.Errorf("picked %v", *picked)
	}
	arrow := func(direction int) {
		pos, size := c.arrow(direction)
		press(c, pos.AddXY(size.Width/2, size.Height/2))
	}
	arrow(-1)
	if c.title() != "November 2025" {
		t.Errorf("back is %s", c.title())
	}
	arrow(-1)
	if c.title() != "November 2025" {
		t.Errorf("before the first is %s", c.title())
	}
	arrow(1)
	arrow(1)
	arrow(1)
	if c.title() != "June 2026" || len(*picked) != 1 {
		t.Errorf("ahead is %s, picked %v", c.title(), *picked)
	}
}

func TestCalendarByKeyboard(t *testing.T) {
	c, picked := aCalendar(t, date{2025, 11, 3}, date{2025, 11, 9}, date{2026, 3, 2}, date{2026, 3, 17})
	c.choose(date{2026, 3, 17})
	for _, k := range []struct {
		key  fyne.KeyName
		want date
	}{
		{fyne.KeyRight, date{2026, 3, 18}}, {fyne.KeyLeft, date{2026, 3, 17}}, {fyne.KeyUp, date{2026, 3, 10}}, {fyne.KeyDown, date{2026, 3, 17}},
		{fyne.KeyPageUp, date{2025, 11, 9}}, {fyne.KeyPageUp, date{2025, 11, 9}}, {fyne.KeyPageDown, date{2026, 3, 2}}, {fyne.KeyPageDown, date{2026, 3, 2}},
		{fyne.KeyLeft, date{2026, 3, 1}}, {fyne.KeyLeft, date{2026, 2, 28}}, {fyne.KeyHome, date{2025, 11, 3}}, {fyne.KeyEnd, date{2026, 3, 17}},
	} {
		c.TypedKey(key(k.key))
		if c.at != k.want || c.month != k.want.first() {
			t.Fatalf("%s leads to %v in %s, not to %v", k.key, c.at, c.title(), k.want)
		}
	}
	held := func(k fyne.KeyName) {
		c.TypedShortcut(&desktop.CustomShortcut{KeyName: k, Modifier: fyne.KeyModifierShortcutDefault})
	}
	held(fyne.KeyLeft)
	held(fyne.KeyLeft)
	if c.at != (date{2025, 11, 9}) {
		t.Errorf("two days back is %v", c.at)
	}
	c.TypedKey(key(fyne.KeyRight))
	held(fyne.KeyRight)
	if c.at != (date{2026, 3, 2}) || len(*picked) != 0 {
		t.Errorf("the next day is %v, picked %v", c.at, *picked)
	}
	c.TypedKey(key(fyne.KeyReturn))
	if len(*picked) != 1 || (*picked)[0] != c.at {
		t.Errorf("picked %v", *picked)
	}
	typed := 0
	c.keys = &keys{typed: func(*fyne.KeyEvent) bool { typed++; return true }}
	c.TypedKey(key(fyne.KeyEscape))
	c.TypedKey(key(fyne.KeyRight))
	c.TypedKey(key(fyne.KeyReturn)) // a day with nothing
	if typed != 2 || len(*picked) != 1 {
		t.Errorf("%d keys reached the window, picked %v", typed, *picked)
	}
}

func TestCalendarFollowsWhatThereIs(t *testing.T) {
	c, _ := aCalendar(t, date{2026, 3, 2}, date{2026, 3, 2}, date{2026, 3, 1})
	if len(c.days) != 2 {
		t.Errorf("%v", c.days)
	}
	c.choose(date{2026, 3, 2})
	c.setDays([]date{{2026, 3, 1}})
	if !c.chosen.isZero() {
		t.Error("a day that is gone stays chosen")
	}
	c.setDays(nil)
	c.TypedKey(key(fyne.KeyHome))
	c.TypedKey(key(fyne.KeyPageUp))
	c.TypedKey(key(fyne.KeyReturn))
	c.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 5)})
	if c.title() != "March 2026" {
		t.Errorf("with nothing it shows %s", c.title())
	}
}
