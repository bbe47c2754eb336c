package gui

import (
	"slices"
	"strings"
	"unicode"
)

// completion is the name in an entry that Tab has completed.
type completion struct {
	from  int    // where it begins, in bytes
	text  string // all that stands in the entry with it
	names []string
	at    int
}

// begun is the word before the cursor that a name may begin with, and where that begins.
// Names may have spaces in them: the longest stretch is tried first.
func begun(before string, names []string) (from int, fitting []string) {
	line := strings.LastIndexByte(before, '\n') + 1
	for i := range before[line:] {
		i += line
		if i > line && !unicode.IsSpace(rune(before[i-1])) {
			continue
		}
		typed := strings.ToLower(before[i:])
		if strings.TrimSpace(typed) == "" || typed[0] == ' ' {
			continue
		}
		for _, name := range names {
			if strings.HasPrefix(strings.ToLower(name), typed) {
				fitting = append(fitting, name)
			}
		}
		if len(fitting) > 0 {
			return i, fitting
		}
	}
	return 0, nil
}

// addressed is a name as it stands at a place of the text: before a line it is addressed
// to them.
func addressed(name string, from int) string {
	if from == 0 {
		return name + ": "
	}
	return name + " "
}

// names are those of others in the room, who spoke last first.
func (r *roomPane) names() []string {
	var out []string
	seen := map[string]bool{}
	put := func(nick string) {
		if o, ok := r.known.Occupant(nick); ok && !o.Own && !seen[o.Name] {
			seen[o.Name] = true
			out = append(out, o.Name)
		}
	}
	lines := r.page.timeline
	for i := lines.Len() - 1; i >= max(0, lines.Len()-200); i-- {
		put(lines.At(i).From.Resource)
	}
	for _, o := range r.known.Occupants() {
		put(o.Nick)
	}
	return out
}

// canComplete reports that Tab would complete a name.
func (r *roomPane) canComplete() bool {
	if r.going(r.page.entry.Text) {
		return true
	}
	_, fitting := begun(r.page.entry.Text, r.names())
	return len(fitting) > 0
}

// going reports that Tab has completed a name, and nothing was typed since.
func (r *roomPane) going(text string) bool { return r.completed.text != "" && r.completed.text == text }

// complete completes the name that is begun at the end of the entry; again, it goes on to
// the next one that fits.
func (r *roomPane) complete(back bool) bool {
	e := r.page.entry
	c := &r.completed
	if r.going(e.Text) {
		step := 1
		if back {
			step = len(c.names) - 1
		}
		c.at = (c.at + step) % len(c.names)
	} else {
		from, fitting := begun(e.Text, r.names())
		if len(fitting) == 0 {
			return false
		}
		*c = completion{from: from, names: slices.Clip(fitting)}
	}
	c.text = e.Text[:c.from] + addressed(c.names[c.at], c.from)
	e.set(c.text)
	return true
}
