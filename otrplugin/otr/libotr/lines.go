package libotr

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"

	"culver/otrplugin/otr"
)

// maxLine is the longest line that libotr reads, with its end.
const maxLine = 999

// Trust in a fingerprint, as libotr's users write it. Any other word is trust,
// too; none is "".
const (
	TrustVerified = "verified" // compared by the user
	TrustSMP      = "smp"      // authenticated by SMP
)

// Known is a buddy's fingerprint and the trust put in it.
type Known struct {
	User        string // the buddy, of XMPP a bare JID
	Account     string // ours, see [Account]
	Protocol    string
	Fingerprint otr.Fingerprint
	Trust       string // "" for none
}

// Tag is an account's instance tag.
type Tag struct {
	Account, Protocol string
	Tag               uint32 // at least 0x100
}

// minTag is the smallest valid instance tag.
const minTag = 0x100

// Why a line is skipped, or can't be written.
var (
	errLongLine    = errors.New("the line is too long")
	errFields      = errors.New("not the fields that belong there")
	errFingerprint = errors.New("not a fingerprint of 40 hexadecimal digits")
	errTag         = errors.New("not an instance tag of 8 hexadecimal digits, at least 00000100")
	errControl     = errors.New("a name with a tab, an end of line or a zero byte in it")
)

// ReadFingerprints reads a file of known fingerprints (otr.fingerprints): a
// line each of user, account, protocol, 40 hexadecimal digits and trust,
// separated by tabs, the trust with its tab being optional. Lines that make no
// sense are skipped. A buddy may have several.
func ReadFingerprints(r io.Reader) (known []Known, skipped []Skipped, err error) {
	b, err := readAll(r, maxFingerprints)
	if err != nil {
		return nil, nil, err
	}
	return ParseFingerprints(b)
}

// ParseFingerprints is ReadFingerprints for a file in memory.
func ParseFingerprints(b []byte) (known []Known, skipped []Skipped, err error) {
	if len(b) > maxFingerprints {
		return nil, nil, ErrTooBig
	}
	skipped = eachLine(b, func(line string, fields []string) error {
		if len(fields) < 4 {
			return errFields
		}
		k := Known{User: fields[0], Account: fields[1], Protocol: fields[2]}
		rest := line[len(fields[0])+len(fields[1])+len(fields[2])+3:]
		if len(rest) < 40 {
			return errFingerprint
		}
		if k.Fingerprint, err = fingerprint(rest[:40]); err != nil {
			return err
		}
		if rest = rest[40:]; rest != "" {
			if rest[0] != '\t' {
				return errFingerprint
			}
			k.Trust = rest[1:]
		}
		known = append(known, k)
		return nil
	})
	return known, skipped, nil
}

// MarshalFingerprints is a file with these fingerprints, in this order, as
// libotr writes it. (libotr itself puts them in the order of users, accounts
// and protocols.)
func MarshalFingerprints(known []Known) ([]byte, error) {
	var b bytes.Buffer
	for n, k := range known {
		if hasControl(k.User, "\t") || hasControl(k.Account, "\t") || hasControl(k.Protocol, "\t") || hasControl(k.Trust, "") {
			return nil, fmt.Errorf("fingerprint %d: %w", n+1, errControl)
		}
		start := b.Len()
		fmt.Fprintf(&b, "%s\t%s\t%s\t%s\t%s\n", k.User, k.Account, k.Protocol, k.Fingerprint.Hex(), k.Trust)
		if b.Len()-start > maxLine {
			return nil, fmt.Errorf("fingerprint %d: %w", n+1, errLongLine)
		}
	}
	return b.Bytes(), nil
}

// ReadTags reads a file of instance tags (otr.instance_tags): a line each of
// account, protocol and 8 hexadecimal digits, separated by tabs. Lines that
// make no sense are skipped, comments passed over.
//
// An instance tag tells two programs apart that are logged in to one account
// at the same time (section "Instance Tags" of the protocol). So do not import
// tags while the program whose file it is stays in use, and do not carry them
// to another machine: two clients with one tag answer in each other's place.
// Take over a tag only when this program replaces the other for good.
func ReadTags(r io.Reader) (tags []Tag, skipped []Skipped, err error) {
	b, err := readAll(r, maxTags)
	if err != nil {
		return nil, nil, err
	}
	return ParseTags(b)
}

// ParseTags is ReadTags for a file in memory.
func ParseTags(b []byte) (tags []Tag, skipped []Skipped, err error) {
	if len(b) > maxTags {
		return nil, nil, ErrTooBig
	}
	skipped = eachLine(b, func(line string, fields []string) error {
		if line[0] == '#' && len(fields) == 1 {
			return nil
		}
		if len(fields) != 3 {
			return errFields
		}
		tag, err := strconv.ParseUint(fields[2], 16, 32)
		if err != nil || len(fields[2]) != 8 || tag < minTag {
			return errTag
		}
		tags = append(tags, Tag{fields[0], fields[1], uint32(tag)})
		return nil
	})
	return tags, skipped, nil
}

// tagsWarning is the first line of the file.
const tagsWarning = "# WARNING! You shouldn't copy this file to another computer. It is unnecessary and can cause problems.\n"

// MarshalTags is a file with these tags, in this order, as libotr writes it:
// the warning first that it belongs to this machine alone.
func MarshalTags(tags []Tag) ([]byte, error) {
	b := bytes.NewBufferString(tagsWarning)
	for n, t := range tags {
		if hasControl(t.Account, "\t") || hasControl(t.Protocol, "\t") {
			return nil, fmt.Errorf("instance tag %d: %w", n+1, errControl)
		}
		if t.Tag < minTag {
			return nil, fmt.Errorf("instance tag %d: %w", n+1, errTag)
		}
		start := b.Len()
		fmt.Fprintf(b, "%s\t%s\t%08x\n", t.Account, t.Protocol, t.Tag)
		if b.Len()-start > maxLine {
			return nil, fmt.Errorf("instance tag %d: %w", n+1, errLongLine)
		}
	}
	return b.Bytes(), nil
}

// eachLine calls read for each line that isn't empty, with its fields. The
// lines that read does not take are skipped. A line ends at a line feed or
// with the file; a carriage return and what follows it are not part of it.
func eachLine(b []byte, read func(line string, fields []string) error) (skipped []Skipped) {
	number := 0
	for raw := range bytes.Lines(b) {
		number++
		err := errLongLine
		if line := bytes.TrimSuffix(raw, []byte("\n")); len(line) < maxLine {
			line, _, _ = bytes.Cut(line, []byte("\r"))
			if len(line) == 0 {
				continue
			}
			if err = errControl; bytes.IndexByte(line, 0) < 0 {
				var fields []string
				for f := range bytes.SplitSeq(line, []byte("\t")) {
					fields = append(fields, string(f))
				}
				err = read(string(line), fields)
			}
		}
		if err != nil {
			skipped = skip(skipped, number, err)
		}
	}
	return skipped
}

// fingerprint reads 40 hexadecimal digits and nothing else.
func fingerprint(s string) (f otr.Fingerprint, err error) {
	if f, err = otr.ParseFingerprint(s); err != nil {
		return f, errFingerprint
	}
	return f, nil
}

// hasControl tells whether s has a byte in it that ends a line, or one of others.
func hasControl(s, others string) bool {
	return bytes.ContainsAny([]byte(s), "\x00\r\n"+others)
}
