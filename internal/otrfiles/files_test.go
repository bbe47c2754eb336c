package otrfiles

import (
	"bytes"
	_ "embed"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	build "culver/internal/libotr"
	"culver/otrplugin/otr"
	"culver/otrplugin/otr/libotr"
)

//go:embed libotrfiles/files.c
var source []byte

var built = sync.OnceValues(func() (string, error) {
	return build.Build("files", source, func(string) []string { return []string{"try"} })
})

// run runs files.c.
func run(t *testing.T, in string, args ...string) string {
	t.Helper()
	bin, err := built()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(bin, args...)
	cmd.Stdin = strings.NewReader(in)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("files %v: %v\n%s", args, err, complaints.String())
	}
	return string(out)
}

// line is one line for files.c.
func line(verb string, fields ...string) string {
	for _, f := range fields {
		if f == "" {
			verb += "\t-"
			continue
		}
		verb += "\t" + hex.EncodeToString([]byte(f))
	}
	return verb + "\n"
}

const pidgin = "prpl-jabber"

// names are account names that libotr might meet.
var names = []string{
	"alice@example.org/", "alice@example.org/Laptop 2", "carol", `quo"te's\`, "Jürgen@例え.jp/", "ÄÖÜ", "7seas", "a:b=c*+",
	"tab\tin it", "two\nlines", " ", "\x01",
}

func write(t *testing.T, dir, name string, b []byte) {
	t.Helper()
	if err := libotr.WriteFile(filepath.Join(dir, name), b); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, dir, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// understood is what libotr should tell of our files.
func understood(accounts []libotr.Account, known []libotr.Known, tags []libotr.Tag) (lines []string) {
	for _, a := range accounts {
		f := a.Key.Fingerprint()
		lines = append(lines, line("key", a.Name, a.Protocol, string(f[:])))
	}
	for _, k := range known {
		lines = append(lines, line("known", k.User, k.Account, k.Protocol, string(k.Fingerprint[:]), k.Trust))
	}
	for _, tag := range tags {
		l := strings.TrimSuffix(line("tag", tag.Account, tag.Protocol), "\n")
		lines = append(lines, fmt.Sprintf("%s\t%08x\n", l, tag.Tag))
	}
	return lines
}

// same compares regardless of the order, which libotr does not keep.
func same(t *testing.T, got string, want []string) {
	t.Helper()
	lines := slices.Collect(strings.Lines(got))
	slices.Sort(lines)
	want = slices.Sorted(slices.Values(want))
	if !slices.Equal(lines, want) {
		t.Errorf("libotr understood\n%q, want\n%q", lines, want)
	}
}

// F1: keys that libotr wrote are read, and written just so again.
func TestKeysOfLibotr(t *testing.T) {
	dir := t.TempDir()
	var script strings.Builder
	for _, n := range names {
		script.WriteString(line("key", n, pidgin))
	}
	script.WriteString(line("key", "alice", "prpl-irc"))
	run(t, script.String(), "generate", dir)
	theirs := read(t, dir, libotr.KeysFile)
	accounts, skipped, err := libotr.ParseKeys(theirs)
	if err != nil || len(skipped) > 0 || len(accounts) != len(names)+1 {
		t.Fatal(len(accounts), skipped, err)
	}
	same(t, run(t, "", "read", dir), understood(accounts, nil, nil))
	if ours, err := libotr.MarshalKeys(accounts); err != nil || !bytes.Equal(ours, theirs) {
		t.Fatalf("%v: we write\n%s\nlibotr writes\n%s", err, ours, theirs)
	}
}

// F1: keys of ours are read by libotr, which writes them just so again when it
// adds one.
func TestKeysForLibotr(t *testing.T) {
	dir := t.TempDir()
	var accounts []libotr.Account
	for i, n := range names {
		key, err := otr.GenerateKey(rand.NewChaCha8([32]byte{byte(i)}))
		if err != nil {
			t.Fatal(err)
		}
		accounts = append(accounts, libotr.Account{Name: n, Protocol: pidgin, Key: key})
	}
	ours, err := libotr.MarshalKeys(accounts)
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, libotr.KeysFile, ours)
	same(t, run(t, "", "read", dir), understood(accounts, nil, nil))

	run(t, line("key", "new", pidgin), "generate", dir)
	theirs := read(t, dir, libotr.KeysFile)
	both, _, err := libotr.ParseKeys(theirs)
	if err != nil || len(both) != len(accounts)+1 {
		t.Fatal(len(both), err)
	}
	if again, err := libotr.MarshalKeys(both); err != nil || !bytes.Equal(again, theirs) {
		t.Fatalf("%v: after libotr added a key, we write\n%s\nlibotr writes\n%s", err, again, theirs)
	}
	for _, a := range accounts {
		one, err := libotr.MarshalKeys([]libotr.Account{a})
		if err != nil {
			t.Fatal(err)
		}
		if entry := bytes.TrimSuffix(bytes.TrimPrefix(one, []byte("(privkeys\n")), []byte(")\n")); !bytes.Contains(theirs, entry) {
			t.Errorf("libotr does not write the key of %q as we do", a.Name)
		}
	}
}

// F2: libotr reads q, and everything else, in quoted strings too, and we write
// what we read of those as libotr does.
func TestQuotedNumbers(t *testing.T) {
	dir := t.TempDir()
	run(t, line("key", names[0], pidgin), "generate", dir)
	plain := read(t, dir, libotr.KeysFile)
	quoted := bytes.Clone(plain)
	for n := range 5 {
		start := bytes.IndexByte(quoted, '#')
		length := bytes.IndexByte(quoted[start+1:], '#')
		number, err := hex.DecodeString(string(quoted[start+1 : start+1+length]))
		if err != nil {
			t.Fatal(err)
		}
		var q strings.Builder
		q.WriteByte('"')
		for i, c := range number {
			switch {
			case c == '"' || c == '\\':
				q.WriteString(`\` + string(rune(c)))
			case i%3 == 0 || c == '#':
				fmt.Fprintf(&q, `\x%02x`, c)
			case i%3 == 1:
				fmt.Fprintf(&q, `\%03o`, c)
			default:
				q.WriteByte(c) // raw, whatever it is
			}
		}
		q.WriteByte('"')
		quoted = slices.Concat(quoted[:start], []byte(q.String()), quoted[start+length+2:])
		accounts, skipped, err := libotr.ParseKeys(quoted)
		if err != nil || len(skipped) > 0 || len(accounts) != 1 {
			t.Fatalf("%d quoted: %v %v", n+1, skipped, err)
		}
		if b, err := libotr.MarshalKeys(accounts); err != nil || !bytes.Equal(b, plain) {
			t.Fatalf("%d quoted: another key (%v)", n+1, err)
		}
		write(t, dir, libotr.KeysFile, quoted)
		same(t, run(t, "", "read", dir), understood(accounts, nil, nil))
	}
}

// F2: one bad key does not cost us the others, as it does libotr.
func TestBadKeyAmongGood(t *testing.T) {
	dir := t.TempDir()
	run(t, line("key", "c", pidgin)+line("key", "b", pidgin)+line("key", "a", pidgin), "generate", dir)
	good := read(t, dir, libotr.KeysFile)
	second := bytes.Index(good[20:], []byte("(y #")) + 20
	bad := slices.Concat(good[:second], []byte("(z #"), good[second+4:])
	accounts, skipped, err := libotr.ParseKeys(bad)
	if err != nil || len(accounts) != 2 || len(skipped) != 1 {
		t.Fatal(len(accounts), skipped, err)
	}
}

func knownFor(users ...string) (known []libotr.Known) {
	n := byte(0)
	for _, user := range users {
		for _, account := range []string{"a@example.org/", "b b@example.org/work"} {
			for _, trust := range []string{"", "verified", libotr.TrustSMP, "some words, and ü"} {
				n++
				known = append(known, libotr.Known{User: user, Account: account, Protocol: pidgin,
					Fingerprint: otr.Fingerprint{n, 0xff, 19: n}, Trust: trust})
			}
		}
	}
	return known
}

// F4: both ways, several buddies with several keys and all kinds of trust.
func TestFingerprints(t *testing.T) {
	known := knownFor("anna@example.org", "bodo mit leer@example.org", "jürgen@例え.jp", `z"#@example.org`)
	theirsDir, oursDir := t.TempDir(), t.TempDir()
	var script strings.Builder
	for _, k := range slices.Backward(known) { // libotr puts the latest first
		script.WriteString(line("known", k.User, k.Account, k.Protocol, string(k.Fingerprint[:]), k.Trust))
	}
	run(t, script.String(), "generate", theirsDir)
	theirs := read(t, theirsDir, libotr.FingerprintsFile)
	ours, err := libotr.MarshalFingerprints(known)
	if err != nil || !bytes.Equal(ours, theirs) {
		t.Fatalf("%v: we write\n%s\nlibotr writes\n%s", err, ours, theirs)
	}
	back, skipped, err := libotr.ParseFingerprints(theirs)
	if err != nil || len(skipped) > 0 || !slices.Equal(back, known) {
		t.Fatal(back, skipped, err)
	}
	write(t, oursDir, libotr.FingerprintsFile, ours)
	same(t, run(t, "", "read", oursDir), understood(nil, known, nil))
}

// F5, both ways.
func TestTags(t *testing.T) {
	dir, oursDir := t.TempDir(), t.TempDir()
	run(t, line("tag", "c c", "prpl-irc")+line("tag", "jürgen@例え.jp/", pidgin)+line("tag", "alice@example.org/", pidgin), "generate", dir)
	theirs := read(t, dir, libotr.TagsFile)
	tags, skipped, err := libotr.ParseTags(theirs)
	if err != nil || len(skipped) > 0 || len(tags) != 3 {
		t.Fatal(tags, skipped, err)
	}
	ours, err := libotr.MarshalTags(tags)
	if err != nil || !bytes.Equal(ours, theirs) {
		t.Fatalf("%v: we write\n%s\nlibotr writes\n%s", err, ours, theirs)
	}
	write(t, oursDir, libotr.TagsFile, ours)
	same(t, run(t, "", "read", oursDir), understood(nil, nil, tags))
}

// What libotr reads of damaged files, we read, too.
func TestDamagedLines(t *testing.T) {
	fp := strings.Repeat("0123456789abcdefABCD", 2)
	long := strings.Repeat("l", 998-len("\tb\tc\t"+fp))
	known := "# a comment\n\nu\ta\tp\t" + fp + "\nu2\ta\tp\t" + fp + "\r\nu3\ta\tp\t" + fp + "\t\nu4\ta\tp\t" + fp + "\tsmp\r\n" +
		"u5\ta\tp\nu6\ta\tp\t" + fp[1:] + "\nu7\ta\tp\t" + fp + "0\nu8\ta\tp\t" + fp + "\tone\ttwo\nu9\ta\tp\t" + fp + "\t\r\r\n" +
		"w\ta\tp\t" + fp + "\tveri\rfied\n" + long + "\tb\tc\t" + fp + "\n" + long + "x\tb\tc\t" + fp + "\n" + "v\ta\tp\t" + fp + "\tverified\n"
	tags := "# a\ttab\n#\na\tp\t00000100\nb\tp\t000000ff\nc\tp\t100\nd\tp\t0000001000\ne\tp\n\nf\tp\tfFfFfFfF\r\ng\tp\t00000101\n"
	dir := t.TempDir()
	write(t, dir, libotr.FingerprintsFile, []byte(known))
	write(t, dir, libotr.TagsFile, []byte(tags))
	ourKnown, badKnown, err := libotr.ParseFingerprints([]byte(known))
	if err != nil || len(badKnown) != 5 {
		t.Error(badKnown, err)
	}
	ourTags, badTags, err := libotr.ParseTags([]byte(tags))
	if err != nil || len(badTags) != 5 {
		t.Error(badTags, err)
	}
	same(t, run(t, "", "read", dir), understood(nil, ourKnown, ourTags))
}
