package testkit

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// failures counts the errors of a test within a test.
type failures struct {
	testing.TB
	n int
}

func (f *failures) Helper()               {}
func (f *failures) Errorf(string, ...any) { f.n++ }

func TestNoTraceFindsWhatItLooksFor(t *testing.T) {
	const secret = `Canary, my "dear" <Über> & ÿÿÿ!`
	found := map[string]string{
		"text": "xx" + strings.ToUpper("canary") + secret[6:] + "xx", "hex": "4361 no " + hex.EncodeToString([]byte(secret)),
		"upper hex": strings.ToUpper(hex.EncodeToString([]byte(secret))),
		"HTML":      "<b>" + html.EscapeString(secret), "address": "/" + url.PathEscape(secret), "form": "x=" + url.QueryEscape(secret),
	}
	for _, r := range secret {
		found["UTF-16"] += string([]byte{byte(r), byte(r >> 8)})
		found["UTF-16, big end first"] += string([]byte{byte(r >> 8), byte(r)})
	}
	text, err := json.Marshal(map[string]string{"a": secret})
	if err != nil {
		t.Fatal(err)
	}
	found["JSON"] = string(text)
	for before := range 3 {
		for name, coding := range map[string]*base64.Encoding{"base64": base64.StdEncoding, "raw base64": base64.RawStdEncoding,
			"base64 for addresses": base64.URLEncoding, "raw base64 for addresses": base64.RawURLEncoding} {
			found[name+strings.Repeat("+", before)] = coding.EncodeToString([]byte(strings.Repeat("?", before) + secret + "yz"))
			found[name+" of UTF-16"+strings.Repeat("+", before)] = coding.EncodeToString([]byte(strings.Repeat("?", before) + found["UTF-16"]))
		}
	}
	search := func(content, secret string) int {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "f"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		f := &failures{TB: t}
		NoTrace(f, dir, secret)
		return f.n
	}
	for name, content := range found {
		if search(content, secret) == 0 {
			t.Errorf("it is not found as %s: %q", name, content)
		}
	}
	if search("Canary, my", secret) != 0 {
		t.Error("a part of it is taken for all")
	}

	// A key is no text, and its first bytes may look as if they belonged to those before.
	const key = "\xa9\xff\x80Kabc\xc3\x00\x90"
	if search("xyz\xc3"+key+"\xa0", key) == 0 {
		t.Error("a key is not found")
	}
	if search("\xa8\xfe\x81kabc\xc4\x00\x91", key) != 0 {
		t.Error("another key is taken for it")
	}

	f := &failures{TB: t}
	if NoTrace(f, t.TempDir(), secret); f.n == 0 {
		t.Error("nothing was searched, and all is well")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "Canary"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if NoTrace(f, dir, "canary"); f.n != 2 {
		t.Error("the name of a file is not searched")
	}
}
