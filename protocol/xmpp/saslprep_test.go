package xmpp

import (
	"testing"
	"unicode/utf8"
)

func TestSASLprep(t *testing.T) {
	for in, want := range map[string]string{
		"I\u00adX":                 "IX", // the examples of RFC 4013, section 3
		"user":                     "user",
		"USER":                     "USER",
		"\u00aa":                   "a",
		"\u2168":                   "IX",
		"pass word":                "pass word",
		"pass\u00a0word\u3000":     "pass word ",
		"e\u0301":                  "\u00e9",
		"\u212b":                   "\u00c5",
		"\ufb01sh":                 "fish",
		"\U0001f98a fuchs":         "\U0001f98a fuchs", // younger than the rules
		"\u05d0\u05d1 1 \u05d2":    "\u05d0\u05d1 1 \u05d2",
		"\u0627\u06f1\u0628":       "\u0627\u06f1\u0628",
		"a\u200bb":                 "a b",
		"pass=,word":               "pass=,word",
		"\u00df\u0130\u0131\u2126": "\u00df\u0130\u0131\u03a9",
	} {
		got, err := saslprep([]byte(in))
		if err != nil || string(got) != want {
			t.Errorf("%+q: %+q, %v; want %+q", in, got, err, want)
		}
	}
	for _, in := range []string{
		"\u0007", "\u0627\u0031", // the examples again
		"", "\u00ad", "a\x00b", "a\x7fb", "a\u0085", "\ue000", "\U000f0000", "\ufffd", "\ufdd0", "\U0001fffe", "\u200e",
		"a\u202eb", "\u2ff0", "\U000e0041", "\u05d0a\u05d0", "a\u05d0", "\u05d0 1", "\xff", "a\xc3",
	} {
		if got, err := saslprep([]byte(in)); err == nil {
			t.Errorf("%+q is prepared as %+q", in, got)
		}
	}
}

func FuzzSASLprep(f *testing.F) {
	for _, s := range []string{"pass word", "e\u0301", "\u05d0\u05d1", "\u0340", "\xff", "\u1806\u2168"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		out, err := saslprep([]byte(in))
		if err != nil {
			return
		}
		if !utf8.Valid(out) || len(out) == 0 {
			t.Errorf("%q: %q", in, out)
		}
		if again, err := saslprep(out); err != nil || string(again) != string(out) {
			t.Errorf("%q: %q, and that %q, %v", in, out, again, err)
		}
	})
}
