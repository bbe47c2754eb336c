package transcript

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
)

// Difference tells the first line in which two transcripts differ, and both
// versions of it; "" if they are the same.
func Difference(was, is string) string {
	a, b := strings.Split(was, "\n"), strings.Split(is, "\n")
	for n := range max(len(a), len(b)) {
		line := func(all []string) string {
			if n < len(all) {
				return all[n]
			}
			return "the end"
		}
		if line(a) != line(b) {
			return fmt.Sprintf("line %d\nwas %.300s\nis  %.300s", n+1, line(a), line(b))
		}
	}
	return ""
}

var (
	message = regexp.MustCompile(`\?OTR:([A-Za-z0-9+/]{4})[A-Za-z0-9+/=]*\.?`)
	piece   = regexp.MustCompile(`\?OTR[|,][^"]*`)
	digits  = regexp.MustCompile(`\b[0-9a-f]{16,}\b`)
)

// Course is a transcript without what differs each time that it is recorded,
// because the peer's keys and random numbers do: messages are only named.
func Course(transcript string) string {
	var b strings.Builder
	last := ""
	for line := range strings.Lines(transcript) {
		line = piece.ReplaceAllString(line, "(piece)")
		line = message.ReplaceAllStringFunc(line, func(m string) string {
			head, err := base64.StdEncoding.DecodeString(message.FindStringSubmatch(m)[1])
			if err != nil {
				return m
			}
			name := map[byte]string{2: "D-H Commit", 0x0a: "D-H Key", 0x11: "Reveal Signature", 0x12: "Signature", 3: "Data"}[head[2]]
			return fmt.Sprintf("(%s, version %d)", name, head[1])
		})
		line = digits.ReplaceAllString(line, "(digits)")
		if line != last || !strings.Contains(line, "(piece)") { // how many pieces depends on the numbers in them
			b.WriteString(line)
		}
		last = line
	}
	return b.String()
}
