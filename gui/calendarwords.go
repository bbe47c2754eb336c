package gui

import (
	"time"

	"culver/lang"
)

// monthAlone is the name of a month with no day before it, which some languages inflect.
func monthAlone(m time.Month) string {
	switch m {
	case time.January:
		return lang.T("January")
	case time.February:
		return lang.T("February")
	case time.March:
		return lang.T("March")
	case time.April:
		return lang.T("April")
	case time.May:
		return lang.T("May")
	case time.June:
		return lang.T("June")
	case time.July:
		return lang.T("July")
	case time.August:
		return lang.T("August")
	case time.September:
		return lang.T("September")
	case time.October:
		return lang.T("October")
	case time.November:
		return lang.T("November")
	}
	return lang.T("December")
}

// weekdayInColumn is a day of the week above a column of a calendar.
func weekdayInColumn(d time.Weekday) string {
	switch d {
	case time.Monday:
		return lang.As("in a calendar", "Mo")
	case time.Tuesday:
		return lang.As("in a calendar", "Tu")
	case time.Wednesday:
		return lang.As("in a calendar", "We")
	case time.Thursday:
		return lang.As("in a calendar", "Th")
	case time.Friday:
		return lang.As("in a calendar", "Fr")
	case time.Saturday:
		return lang.As("in a calendar", "Sa")
	}
	return lang.As("in a calendar", "Su")
}
