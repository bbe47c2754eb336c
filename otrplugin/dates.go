package otrplugin

import (
	"time"

	"culver/lang"
)

// day is a date as people write it, where the user is; "" for none.
func (p *Plugin) day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(p.host.Now().Location()).Format("2 January 2006")
}

// on is the date with a word before it, " on 3 March 2026"; "" for none.
func (p *Plugin) on(t time.Time) string { return before(lang.T(" on "), p.day(t)) }

// firstSeen says since when a key is known.
func (p *Plugin) firstSeen(k *knownKey) string {
	if !k.ImportedAt.IsZero() {
		return lang.F("imported from another program%s", p.on(k.ImportedAt))
	}
	return lang.F("first seen%s", p.on(k.First))
}

// cell is the date as it stands in a table, where room is scarce; "" for none.
func (p *Plugin) cell(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(p.host.Now().Location()).Format("2 Jan 2006")
}

func before(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

// sortTime is what a table sorts a date by.
func sortTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05") }
