package im

import (
	"time"

	"culver/lang"
)

// Date is a day in a sentence: 2 January 2006.
func Date(t time.Time) string {
	return lang.F("%d %s %d", t.Day(), monthInDate(t.Month()), t.Year())
}

// ShortDate is a day where there is not much room: 2 Jan 2006.
func ShortDate(t time.Time) string {
	return lang.F("%d %s %d", t.Day(), shortMonth(t.Month()), t.Year())
}

// DayOfMonth is a day of this year, where there is not much room: 2 Jan.
func DayOfMonth(t time.Time) string {
	return lang.F("%d %s", t.Day(), shortMonth(t.Month()))
}

// Weekday is a day of the week.
func Weekday(d time.Weekday) string {
	switch d {
	case time.Monday:
		return lang.T("Monday")
	case time.Tuesday:
		return lang.T("Tuesday")
	case time.Wednesday:
		return lang.T("Wednesday")
	case time.Thursday:
		return lang.T("Thursday")
	case time.Friday:
		return lang.T("Friday")
	case time.Saturday:
		return lang.T("Saturday")
	}
	return lang.T("Sunday")
}

// monthInDate is a month behind a day, which many languages inflect.
func monthInDate(m time.Month) string {
	switch m {
	case time.January:
		return lang.As("in a date", "January")
	case time.February:
		return lang.As("in a date", "February")
	case time.March:
		return lang.As("in a date", "March")
	case time.April:
		return lang.As("in a date", "April")
	case time.May:
		return lang.As("in a date", "May")
	case time.June:
		return lang.As("in a date", "June")
	case time.July:
		return lang.As("in a date", "July")
	case time.August:
		return lang.As("in a date", "August")
	case time.September:
		return lang.As("in a date", "September")
	case time.October:
		return lang.As("in a date", "October")
	case time.November:
		return lang.As("in a date", "November")
	}
	return lang.As("in a date", "December")
}

func shortMonth(m time.Month) string {
	switch m {
	case time.January:
		return lang.As("short", "Jan")
	case time.February:
		return lang.As("short", "Feb")
	case time.March:
		return lang.As("short", "Mar")
	case time.April:
		return lang.As("short", "Apr")
	case time.May:
		return lang.As("short", "May")
	case time.June:
		return lang.As("short", "Jun")
	case time.July:
		return lang.As("short", "Jul")
	case time.August:
		return lang.As("short", "Aug")
	case time.September:
		return lang.As("short", "Sep")
	case time.October:
		return lang.As("short", "Oct")
	case time.November:
		return lang.As("short", "Nov")
	}
	return lang.As("short", "Dec")
}
