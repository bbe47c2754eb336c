package libotr

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"culver/otrplugin/otr"
)

var (
	hexFP  = strings.Repeat("0123456789abcdefABCD", 2)
	testFP = func() otr.Fingerprint { f, _ := otr.ParseFingerprint(hexFP); return f }()
)

func TestFingerprintLines(t *testing.T) {
	for line, want := range map[string]Known{
		"u@x\ta@x/\tprpl-jabber\t" + hexFP + "\tverified": {"u@x", "a@x/", "prpl-jabber", testFP, TrustVerified},
		"u@x\ta@x/\tprpl-jabber\t" + hexFP + "\tsmp":      {"u@x", "a@x/", "prpl-jabber", testFP, TrustSMP},
		"u@x\ta@x/\tprpl-jabber\t" + hexFP + "\t":         {"u@x", "a@x/", "prpl-jabber", testFP, ""},
		"u@x\ta@x/\tprpl-jabber\t" + hexFP:                {"u@x", "a@x/", "prpl-jabber", testFP, ""},
		"u\ta\tp\t" + hexFP + "\tmet her in ü":            {"u", "a", "p", testFP, "met her in ü"},
		"u\ta\tp\t" + hexFP + "\tone\ttwo":                {"u", "a", "p", testFP, "one\ttwo"},
		"a b\tc d\te f\t" + hexFP:                         {"a b", "c d", "e f", testFP, ""},
	} {
		for _, end := range []string{"", "\n", "\r\n", "\r\r\n"} {
			known, skipped, err := ParseFingerprints([]byte("\n" + line + end))
			if err != nil || len(skipped) > 0 || !reflect.DeepEqual(known, []Known{want}) {
				t.Errorf("%q: %v %v %v", line+end, known, skipped, err)
			}
		}
	}
}

func TestBadFingerprintLines(t *testing.T) {
	good := "u\ta\tp\t" + hexFP + "\n"
	for name, line := range map[string]string{
		"comment": "# a comment", "three fields": "u\ta\tp", "short": "u\ta\tp\t" + hexFP[1:], "long": "u\ta\tp\t" + hexFP + "0",
		"short and trust": "u\ta\tp\t" + hexFP[1:] + "\tsmp", "no digits": "u\ta\tp\t" + strings.Repeat("xy", 20),
		"spaced": "u\ta\tp\t" + hexFP[:20] + " " + hexFP[:19], "space before": "u\ta\tp\t " + hexFP, "zero byte": "u\x00\ta\tp\t" + hexFP,
		"long line": strings.Repeat("u", 960) + "\ta\tp\t" + hexFP,
	} {
		known, skipped, err := ParseFingerprints([]byte(good + line + "\n" + good))
		if err != nil || len(known) != 2 || len(skipped) != 1 || skipped[0].Line != 2 {
			t.Errorf("%s: %v %v %v", name, known, skipped, err)
		}
	}
	if _, _, err := ParseFingerprints(make([]byte, maxFingerprints+1)); !errors.Is(err, ErrTooBig) {
		t.Errorf("too big: %v", err)
	}
}

func TestMarshalFingerprints(t *testing.T) {
	b, err := MarshalFingerprints([]Known{{"u", "a/", "p", testFP, ""}, {"u", "a/", "p", testFP, TrustSMP}})
	line := "u\ta/\tp\t" + strings.ToLower(hexFP) + "\t"
	if err != nil || string(b) != line+"\n"+line+"smp\n" {
		t.Errorf("%q %v", b, err)
	}
	for name, k := range map[string]Known{
		"tab": {"u\t", "a", "p", testFP, ""}, "end of line": {"u", "a\n", "p", testFP, ""}, "return": {"u", "a", "p\r", testFP, ""},
		"zero byte": {"u", "a", "p", testFP, "\x00"}, "end of line in trust": {"u", "a", "p", testFP, "x\ny"},
		"too long": {strings.Repeat("u", 953), "a", "p", testFP, ""},
	} {
		if b, err := MarshalFingerprints([]Known{k}); err == nil || b != nil {
			t.Errorf("%s: %q", name, b)
		}
	}
	longest := Known{strings.Repeat("u", 952), "a", "p", testFP, ""}
	if b, err = MarshalFingerprints([]Known{longest}); err != nil || len(b) != maxLine {
		t.Errorf("%d bytes, %v", len(b), err)
	}
	if known, _, _ := ParseFingerprints(b); !reflect.DeepEqual(known, []Known{longest}) {
		t.Error("the longest line is not read")
	}
}

func TestTagLines(t *testing.T) {
	file := "# do not copy\na@x/\tprpl-jabber\t00000100\n\n#a\tb\t0000FfFf\r\nlast\tp\tffffffff"
	want := []Tag{{"a@x/", "prpl-jabber", 0x100}, {"#a", "b", 0xffff}, {"last", "p", 0xffffffff}}
	tags, skipped, err := ParseTags([]byte(file))
	if err != nil || len(skipped) > 0 || !reflect.DeepEqual(tags, want) {
		t.Fatal(tags, skipped, err)
	}
	b, err := MarshalTags(want)
	if err != nil || string(b) != tagsWarning+"a@x/\tprpl-jabber\t00000100\n#a\tb\t0000ffff\nlast\tp\tffffffff\n" {
		t.Errorf("%q %v", b, err)
	}
	for _, bad := range []string{
		"a\tp\t000000ff", "a\tp\t00000000", "a\tp\t100", "a\tp\t000000100", "a\tp\t0x001000", "a\tp\t-0001000", "a\tp\t+0001000", "a\tp\t0000_100", "a\tp\t",
		"a\tp", "a", "a\tp\t00000100\t", "a\x00\tp\t00000100", strings.Repeat("a", 1000) + "\tp\t00000100",
	} {
		if tags, skipped, err := ParseTags([]byte(bad + "\n")); err != nil || len(tags) > 0 || len(skipped) != 1 {
			t.Errorf("%q: %v %v %v", bad, tags, skipped, err)
		}
	}
	for _, bad := range []Tag{{"a\t", "p", 256}, {"a", "p\n", 256}, {"a", "p", 255}, {strings.Repeat("a", 1000), "p", 256}} {
		if b, err := MarshalTags([]Tag{bad}); err == nil || b != nil {
			t.Errorf("%v was written: %q", bad, b)
		}
	}
	if _, _, err := ParseTags(make([]byte, maxTags+1)); !errors.Is(err, ErrTooBig) {
		t.Errorf("too big: %v", err)
	}
}

func TestMaxSizes(t *testing.T) {
	want := []MaxSize{{"prpl-irc", 417}, {"prpl jabber", 0}, {"x", 1<<31 - 1}}
	file := "prpl-irc\t417\nprpl jabber\t0\nx\t2147483647\n"
	if b, err := MarshalMaxSizes(want); err != nil || string(b) != file {
		t.Errorf("%q %v", b, err)
	}
	if sizes, skipped, err := ReadMaxSizes(strings.NewReader("\r\n" + file)); err != nil || len(skipped) > 0 || !reflect.DeepEqual(sizes, want) {
		t.Error(sizes, skipped, err)
	}
	for _, bad := range []string{"a", "a\t", "\t5", "a\t-1", "a\t1x", "a\t2147483648", "a\t1\t2"} {
		if sizes, skipped, err := ParseMaxSizes([]byte(bad)); err != nil || len(sizes) > 0 || len(skipped) != 1 {
			t.Errorf("%q: %v %v %v", bad, sizes, skipped, err)
		}
	}
	for _, bad := range []MaxSize{{"", 1}, {"a\tb", 1}, {"a", -1}, {strings.Repeat("a", 1000), 1}} {
		if b, err := MarshalMaxSizes([]MaxSize{bad}); err == nil {
			t.Errorf("%v was written: %q", bad, b)
		}
	}
	if _, _, err := ParseMaxSizes(make([]byte, maxTags+1)); !errors.Is(err, ErrTooBig) {
		t.Errorf("too big: %v", err)
	}
	if _, _, err := ReadMaxSizes(strings.NewReader(strings.Repeat("x", maxTags+1))); !errors.Is(err, ErrTooBig) {
		t.Errorf("too big: %v", err)
	}
}

func TestAccountNames(t *testing.T) {
	for _, e := range []struct {
		a, b string
		same bool
	}{
		{"a@x", "a@x/", true}, {"a@x/Laptop", "a@x/", true}, {"a@x/one/two", "A@X", true}, {"a@x", "b@x", false}, {"a@x", "a@xy", false}, {"", "", true},
	} {
		if SameAccount(e.a, e.b) != e.same || SameAccount(e.b, e.a) != e.same {
			t.Errorf("%q and %q: not %v", e.a, e.b, e.same)
		}
	}
	if WithResource("a@x", "") != "a@x/" || WithResource("a@x/old", "new") != "a@x/new" || Bare("a@x/y/z") != "a@x" {
		t.Error("wrong names")
	}
}

// Take what a Pidgin user has along, and give it back.
func Example() {
	file := "anna@example.org\tme@example.org/\tprpl-jabber\t" + hexFP + "\tsmp\nnonsense\n"
	known, skipped, err := ReadFingerprints(strings.NewReader(file))
	if err != nil {
		panic(err)
	}
	for _, k := range known {
		if SameAccount(k.Account, "me@example.org") {
			fmt.Println(k.User, k.Fingerprint, k.Trust)
		}
	}
	fmt.Println("skipped", skipped)
	// Output:
	// anna@example.org 01234567 89ABCDEF ABCD0123 456789AB CDEFABCD smp
	// skipped [line 2: not the fields that belong there]
}
