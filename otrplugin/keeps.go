package otrplugin

import (
	"fmt"
	"strings"

	"culver/otrplugin/otr"
)

// namedAtMost is how many names stand in one sentence.
const namedAtMost = 4

// Keeps says which private conversations end if the plugin is switched off.
func (p *Plugin) Keeps() string {
	var names []string
	for _, c := range p.sortedChats("") {
		if c.state() == otr.Encrypted {
			names = append(names, words(p.name(c)))
		}
	}
	switch n := len(names); {
	case n == 0:
		return ""
	case n == 1:
		return "Your private conversation with " + names[0] + " ends if you switch it off."
	case n <= namedAtMost:
		return fmt.Sprintf("%d private conversations end if you switch it off: with %s and %s.", n, strings.Join(names[:n-1], ", "), names[n-1])
	default:
		return fmt.Sprintf("%d private conversations end if you switch it off: with %s and %d others.", n, strings.Join(names[:namedAtMost], ", "), n-namedAtMost)
	}
}
