// Package libotr reads and writes the files of libotr, the library behind
// Pidgin's plugin and many others, so that people can bring their keys and
// the trust they have given, and take them along again:
//
//	otr.private_key     long-term keys       ReadKeys          MarshalKeys
//	otr.fingerprints    keys of buddies      ReadFingerprints  MarshalFingerprints
//	otr.instance_tags   instance tags        ReadTags          MarshalTags
//
// and otr.max_message_size, which only Pidgin's plugin has, by ReadMaxSizes and
// MarshalMaxSizes.
//
// Reading is as tolerant as libotr, and more: what makes no sense is reported
// and skipped, and the rest is read. What is written is, byte for byte, what
// libotr writes. [WriteFile] replaces a file as a whole or not at all.
//
// Names are strings of bytes, as libotr has them; see [Bare] and
// [WithResource] for how Pidgin names accounts of XMPP.
//
// The package keeps nothing: its functions may be called from any goroutine.
// Buffers of its own that held a secret number are overwritten.
package libotr

import (
	"errors"
	"fmt"
	"io"
)

// The names of the files, in the user's folder of the program (of Pidgin:
// ~/.purple).
const (
	KeysFile         = "otr.private_key"
	FingerprintsFile = "otr.fingerprints"
	TagsFile         = "otr.instance_tags"
	MaxSizesFile     = "otr.max_message_size"
)

// The most that is read of a file, in bytes. A key takes 1,100, and some
// milliseconds to check; a fingerprint about 120.
const (
	maxKeys         = 1 << 18
	maxFingerprints = 16 << 20
	maxTags         = 1 << 20
)

// maxSkipped is how many skipped entries of one file are told one by one.
const maxSkipped = 4096

// ErrTooBig tells that a file is bigger than any that libotr writes.
var ErrTooBig = errors.New("the file is too big")

// ErrMore tells that more entries make no sense than are told one by one.
var ErrMore = errors.New("and more that make no sense")

// Skipped is an entry that was left out because it makes no sense. Of one file,
// 4,096 are told one by one; one more, whose Err is [ErrMore], stands for the
// others.
type Skipped struct {
	Line int // where it begins, from 1; of the others, the first
	More int // how many others there are, if it stands for them
	Err  error
}

// skip adds an entry to those that were left out.
func skip(skipped []Skipped, line int, err error) []Skipped {
	switch n := len(skipped); {
	case n < maxSkipped:
		return append(skipped, Skipped{Line: line, Err: err})
	case n == maxSkipped:
		return append(skipped, Skipped{Line: line, More: 1, Err: ErrMore})
	default:
		skipped[n-1].More++
		return skipped
	}
}

// Error says which line was skipped and why. It quotes nothing of the file.
func (s Skipped) Error() string {
	if s.More > 0 {
		return fmt.Sprintf("line %d: %v: %d in all", s.Line, s.Err, s.More)
	}
	return fmt.Sprintf("line %d: %v", s.Line, s.Err)
}

// Unwrap is the reason.
func (s Skipped) Unwrap() error { return s.Err }

// readAll reads everything up to a limit. The buffers that it outgrows are
// overwritten.
func readAll(r io.Reader, limit int) ([]byte, error) {
	buf := make([]byte, 0, 16<<10)
	for {
		if len(buf) > limit {
			clear(buf)
			return nil, ErrTooBig
		}
		if len(buf) == cap(buf) {
			more := append(make([]byte, 0, 2*cap(buf)), buf...)
			clear(buf)
			buf = more
		}
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if errors.Is(err, io.EOF) && len(buf) <= limit {
			return buf, nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			clear(buf)
			return nil, fmt.Errorf("read: %w", err)
		}
	}
}
