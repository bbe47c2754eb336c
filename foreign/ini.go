package foreign

import (
	"bytes"
	"strings"
)

// section is one part of a file of settings: a name in brackets, then "key=value".
type section struct {
	name   string
	values map[string]string
}

// parseINI reads a file of settings in the manner of GLib. What makes no sense is
// passed over.
func parseINI(b []byte) (sections []section) {
	for line := range bytes.SplitSeq(b, []byte("\n")) {
		text := strings.TrimSpace(mend(line))
		switch {
		case text == "" || text[0] == '#' || text[0] == ';':
		case text[0] == '[' && strings.HasSuffix(text, "]"):
			if len(sections) == maxAccounts {
				return sections
			}
			sections = append(sections, section{unescapedINI(text[1 : len(text)-1]), map[string]string{}})
		case len(sections) > 0:
			values := sections[len(sections)-1].values
			if key, value, ok := strings.Cut(text, "="); ok && len(values) < maxName {
				values[strings.TrimSpace(key)] = unescapedINI(strings.TrimSpace(value))
			}
		}
	}
	return sections
}

// unescapedINI is a value without its escapes.
func unescapedINI(s string) string {
	return strings.NewReplacer(`\s`, " ", `\n`, "\n", `\t`, "\t", `\r`, "", `\\`, `\`).Replace(s)
}
