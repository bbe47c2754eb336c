// Package line is how commands and results of pipe peers are written, as
// docs/otrpipe.md says. It owns no state; any goroutine may use it.
package line

import (
	"encoding/hex"
	"strings"
)

// Escape makes a field of a string; result lines escape everything that
// could end a field.
func Escape(s string) string {
	if s == "" {
		return `\e`
	}
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; c {
		case '\\':
			b.WriteString(`\\`)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		case ' ':
			b.WriteString(`\s`)
		default:
			if c < ' ' || c == 0x7f {
				b.WriteString(`\x` + hex.EncodeToString([]byte{c}))
			} else {
				b.WriteByte(c)
			}
		}
	}
	return b.String()
}

// Unescape undoes Escape.
func Unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case 'n':
			b.WriteByte('\n')
		case 'r':
			b.WriteByte('\r')
		case 't':
			b.WriteByte('\t')
		case 's':
			b.WriteByte(' ')
		case 'e':
		case 'x':
			if i+2 < len(s) {
				if v, err := hex.DecodeString(s[i+1 : i+3]); err == nil {
					b.Write(v)
					i += 2
				}
			}
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// Fields cuts n fields off the front of a line; the last one runs to its end.
func Fields(line string, n int) []string {
	out := make([]string, n)
	for i, f := range strings.SplitN(line, " ", n) {
		out[i] = Unescape(f)
	}
	return out
}
