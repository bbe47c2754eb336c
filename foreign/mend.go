package foreign

import (
	"bufio"
	"io"
	"strings"
	"unicode/utf8"
)

// windows1252 is what the bytes 0x80 to 0x9f mean in the encoding that old logs
// were written in; the rest of it is as in Unicode.
var windows1252 = [32]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8d, 'Ž', 0x8f,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9d, 'ž', 'Ÿ',
}

// western is what a byte that is no UTF-8 stands for.
func western(b byte) rune {
	if b >= 0x80 && b < 0xa0 {
		return windows1252[b-0x80]
	}
	return rune(b)
}

// mend makes text of a line: bytes that are no UTF-8 are taken for Windows-1252,
// and control characters, such as the zeros that a crash leaves, are dropped.
func mend(line []byte) string {
	clean := utf8.Valid(line)
	for _, b := range line {
		if !clean {
			break
		}
		clean = b >= ' ' && b != 0x7f || b == '\t' || b == '\n'
	}
	if clean {
		return string(line)
	}
	var out strings.Builder
	out.Grow(len(line))
	for len(line) > 0 {
		r, n := utf8.DecodeRune(line)
		if r == utf8.RuneError && n == 1 {
			r = western(line[0])
		}
		if allowed(r) {
			out.WriteRune(r)
		}
		line = line[n:]
	}
	return out.String()
}

// allowed reports whether a character may be in text, as in XML.
func allowed(r rune) bool {
	return r == '\t' || r == '\n' || r >= ' ' && r < 0x7f || r >= 0xa0 && r != 0xfffe && r != 0xffff
}

// mender is mend for a stream.
type mender struct {
	r   *bufio.Reader
	out []byte // mended, not taken yet
	buf [4096]byte
}

func newMender(r io.Reader) *mender { return &mender{r: bufio.NewReader(r)} }

func (m *mender) Read(p []byte) (int, error) {
	for len(m.out) == 0 {
		m.out = m.buf[:0]
		for len(m.out) < len(m.buf)-utf8.UTFMax {
			r, n, err := m.r.ReadRune()
			if err != nil {
				if len(m.out) == 0 {
					return 0, err
				}
				break
			}
			if r == utf8.RuneError && n == 1 {
				m.r.UnreadRune()
				b, _ := m.r.ReadByte()
				r = western(b)
			}
			if allowed(r) {
				m.out = utf8.AppendRune(m.out, r)
			}
		}
	}
	n := copy(p, m.out)
	clear(m.out[:n])
	m.out = m.out[n:]
	return n, nil
}
