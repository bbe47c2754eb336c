package otrplugin

import (
	"culver/lang"
	"culver/otrplugin/otr"
)

// Loses says which private conversations end if the plugin is disabled.
func (p *Plugin) Loses() string {
	var names []string
	for _, c := range p.sortedChats("") {
		if c.state() == otr.Encrypted {
			names = append(names, words(p.name(c)))
		}
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return lang.F("Your private conversation with %s ends if you disable it.", names[0])
	default:
		return lang.N(len(names), "%d private conversation ends if you disable it: with %s.",
			"%d private conversations end if you disable it: with %s.", len(names), listed(names, 4))
	}
}
