package libotr

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
)

// An S-expression, as Rivest's draft (draft-rivest-sexp) describes them and
// libgcrypt reads them, is an atom or a list in parentheses. An atom, which is
// a string of bytes, may be written as
//
//	token              letters, digits and -./_:*+= , not beginning with a digit
//	"quoted \x41"      with the escapes of C; raw bytes otherwise
//	#6869#             hexadecimal
//	|aGk=|             base64
//	2:hi               its length and itself: the canonical form
//
// A length may stand before the other forms, too; nothing comes of it.
type sexp struct {
	line   int
	isList bool
	atom   []byte
	list   []sexp
}

// Bounds of one expression. A key has depth 4 and 30 elements.
const (
	maxDepth    = 16
	maxElements = 1000
)

// What is wrong with an expression.
var (
	errEnds    = errors.New("it ends in the middle")
	errNoValue = errors.New("no S-expression")
	errDeep    = errors.New("nested too deeply")
	errLong    = errors.New("too many elements")
	errEscape  = errors.New("bad escape in a quoted string")
	errHex     = errors.New("bad hexadecimal string")
	errBase64  = errors.New("bad base64 string")
	errLength  = errors.New("bad length of a string")
)

// sexpReader reads expressions out of a text. Atoms are kept in a buffer that
// wipe overwrites.
type sexpReader struct {
	in    []byte
	at    int
	atoms []byte // never longer than in, so it never moves
	used  int    // bytes of atoms written since the last reset, if more than it has
	count int    // elements read since the last reset
	from  int    // where line was counted last
	line  int
}

func newSexpReader(in []byte) *sexpReader {
	return &sexpReader{in: in, atoms: make([]byte, 0, len(in)), line: 1}
}

// reset forgets and overwrites the atoms read so far, and no more than that: a
// file may have very many small expressions.
func (r *sexpReader) reset() {
	clear(r.atoms[:max(len(r.atoms), r.used)])
	r.atoms, r.used, r.count = r.atoms[:0], 0, 0
}

// here is the line of the next byte.
func (r *sexpReader) here() int {
	for ; r.from < r.at; r.from++ {
		if r.in[r.from] == '\n' {
			r.line++
		}
	}
	return r.line
}

// peek skips white space and tells the next byte; 0 at the end.
func (r *sexpReader) peek() byte {
	for ; r.at < len(r.in); r.at++ {
		if !isSpace(r.in[r.at]) {
			return r.in[r.at]
		}
	}
	return 0
}

// accept skips white space and one certain byte.
func (r *sexpReader) accept(c byte) bool {
	if r.peek() != c || r.at == len(r.in) {
		return false
	}
	r.at++
	return true
}

// next reads an expression.
func (r *sexpReader) next(depth int) (sexp, error) {
	r.peek()
	s := sexp{line: r.here()}
	if r.count++; r.count > maxElements {
		return s, errLong
	}
	if !r.accept('(') {
		var err error
		s.atom, err = r.atom()
		return s, err
	}
	if depth >= maxDepth {
		return s, errDeep
	}
	s.isList = true
	for !r.accept(')') {
		e, err := r.next(depth + 1)
		if err != nil {
			return s, err
		}
		s.list = append(s.list, e)
	}
	return s, nil
}

// atom reads an atom of any form.
func (r *sexpReader) atom() ([]byte, error) {
	c := r.peek()
	if r.at == len(r.in) {
		return nil, errEnds
	}
	length := -1
	if isDigit(c) {
		for length = 0; r.at < len(r.in) && isDigit(r.in[r.at]); r.at++ {
			if length = 10*length + int(r.in[r.at]-'0'); length > len(r.in) {
				return nil, errLength
			}
		}
		if r.at == len(r.in) {
			return nil, errEnds
		}
		c = r.in[r.at]
	}
	start := len(r.atoms)
	switch {
	case c == ':' && length >= 0:
		r.at++
		if length > len(r.in)-r.at {
			return nil, errEnds
		}
		r.atoms = append(r.atoms, r.in[r.at:r.at+length]...)
		r.at += length
	case c == '"':
		r.at++
		if err := r.quoted(); err != nil {
			return nil, err
		}
	case c == '#':
		if err := r.between('#', errHex, hex.Decode); err != nil {
			return nil, err
		}
	case c == '|':
		if err := r.between('|', errBase64, decodeBase64); err != nil {
			return nil, err
		}
	case length < 0 && isToken(c):
		for ; r.at < len(r.in) && (isToken(r.in[r.at]) || isDigit(r.in[r.at])); r.at++ {
			r.atoms = append(r.atoms, r.in[r.at])
		}
	default:
		return nil, errNoValue
	}
	return r.atoms[start:len(r.atoms):len(r.atoms)], nil
}

// between reads what is encoded between two marks, with white space anywhere.
func (r *sexpReader) between(mark byte, bad error, decode func(dst, digits []byte) (int, error)) error {
	r.at++
	start := r.at
	for r.at < len(r.in) && r.in[r.at] != mark {
		r.at++
	}
	if r.at == len(r.in) {
		return errEnds
	}
	digits := make([]byte, 0, r.at-start)
	defer func() { clear(digits) }()
	for _, c := range r.in[start:r.at] {
		if !isSpace(c) {
			digits = append(digits, c)
		}
	}
	r.at++
	end := len(r.atoms)
	r.used = max(r.used, end+len(digits)) // a decoder may write more than it says
	n, err := decode(r.atoms[end:end+len(digits)], digits)
	r.atoms = r.atoms[:end+n]
	if err != nil {
		return bad
	}
	return nil
}

// decodeBase64 takes base64 with or without its padding.
func decodeBase64(dst, digits []byte) (int, error) {
	for n := 0; n < 2 && bytes.HasSuffix(digits, []byte("=")); n++ {
		digits = digits[:len(digits)-1]
	}
	return base64.RawStdEncoding.Decode(dst, digits)
}

// quoted reads the rest of a quoted string.
func (r *sexpReader) quoted() error {
	for r.at < len(r.in) {
		c := r.in[r.at]
		r.at++
		switch c {
		case '"':
			return nil
		case '\\':
			if err := r.escape(); err != nil {
				return err
			}
		default:
			r.atoms = append(r.atoms, c)
		}
	}
	return errEnds
}

// escape reads what follows a backslash.
func (r *sexpReader) escape() error {
	rest := r.in[r.at:]
	if len(rest) == 0 {
		return errEnds
	}
	used, value := 1, rest[0]
	switch c := rest[0]; {
	case c == 'b':
		value = '\b'
	case c == 't':
		value = '\t'
	case c == 'v':
		value = '\v'
	case c == 'n':
		value = '\n'
	case c == 'f':
		value = '\f'
	case c == 'r':
		value = '\r'
	case c == '"', c == '\'', c == '\\':
	case c == 'x':
		var b [1]byte
		if len(rest) < 3 {
			return errEnds
		}
		if _, err := hex.Decode(b[:], rest[1:3]); err != nil {
			return errEscape
		}
		used, value = 3, b[0]
	case isOctal(c):
		if len(rest) < 3 {
			return errEnds
		}
		if !isOctal(rest[1]) || !isOctal(rest[2]) {
			return errEscape
		}
		used, value = 3, (c-'0')<<6|(rest[1]-'0')<<3|(rest[2]-'0')
	case c == '\n', c == '\r': // the string goes on in the next line
		if len(rest) > 1 && (rest[1] == '\n' || rest[1] == '\r') && rest[1] != c {
			used = 2
		}
		r.at += used
		return nil
	default:
		return errEscape
	}
	r.at += used
	r.atoms = append(r.atoms, value)
	return nil
}

// find returns the value of the first list in s whose first element is name.
func (s sexp) find(name string) (sexp, bool) {
	for _, e := range s.list {
		if e.isList && len(e.list) > 0 && !e.list[0].isList && string(e.list[0].atom) == name {
			return e, true
		}
	}
	return sexp{}, false
}

// value is the atom in the first list (name atom) in s; nil if there is none.
func (s sexp) value(name string) []byte {
	e, ok := s.find(name)
	if !ok || len(e.list) < 2 || e.list[1].isList {
		return nil
	}
	return e.list[1].atom
}

// appendAtom writes an atom in the form that libgcrypt prints it in: a token
// if it can be one, else a quoted string if it is readable, else hexadecimal.
func appendAtom(b, atom []byte) []byte {
	token, readable := len(atom) > 0 && !isDigit(atom[0]), len(atom) == 0 || atom[0] != 0 && atom[0] < 0x80
	for _, c := range atom {
		readable = readable && isReadable(c)
		token = token && (isToken(c) || isDigit(c))
	}
	switch {
	case token:
		return append(b, atom...)
	case readable:
		b = append(b, '"')
		for _, c := range atom {
			b = appendQuoted(b, c)
		}
		return append(b, '"')
	default:
		const digits = "0123456789ABCDEF"
		b = append(b, '#')
		for _, c := range atom {
			b = append(b, digits[c>>4], digits[c&15])
		}
		return append(b, '#')
	}
}

// appendQuoted writes one byte of a quoted string.
func appendQuoted(b []byte, c byte) []byte {
	switch c {
	case 0:
		return append(b, `\x00`...)
	case '\b':
		return append(b, `\b`...)
	case '\t':
		return append(b, `\t`...)
	case '\v':
		return append(b, `\v`...)
	case '\n':
		return append(b, `\n`...)
	case '\f':
		return append(b, `\f`...)
	case '\r':
		return append(b, `\r`...)
	case '"', '\'', '\\':
		return append(b, '\\', c)
	}
	return append(b, c)
}

// isReadable tells what may be in a quoted string as libgcrypt prints it.
func isReadable(c byte) bool {
	return c == 0 || c >= '\b' && c <= '\r' || c >= ' ' && c < 0x7f || c > 0xa0
}

// isToken tells what may be in a token, besides digits.
func isToken(c byte) bool {
	switch c {
	case '-', '.', '/', '_', ':', '*', '+', '=':
		return true
	}
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isOctal(c byte) bool { return c >= '0' && c <= '7' }

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }
