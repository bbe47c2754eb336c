package otrplugin

import (
	"time"

	"culver/im"
	"culver/lang"
)

// day is a date as people write it, where the user is; "" for none.
func (p *Plugin) day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return im.Date(t.In(p.host.Now().Location()))
}

// firstSeen says since when a key is known: it goes on after "this key was".
func (p *Plugin) firstSeen(k *knownKey) string {
	switch {
	case !k.ImportedAt.IsZero():
		return lang.F("imported from another program on %s", p.day(k.ImportedAt))
	case k.First.IsZero():
		return lang.T("first seen")
	default:
		return lang.F("first seen on %s", p.day(k.First))
	}
}

// cell is the date as it stands in a table, where room is scarce; "" for none.
func (p *Plugin) cell(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return im.ShortDate(t.In(p.host.Now().Location()))
}

// sortTime is what a table sorts a date by.
func sortTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05") }
