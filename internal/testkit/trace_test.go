package testkit

import (
	"encoding/base64"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"
)

// failures counts the errors of a test within a test.
type failures struct {
	testing.TB
	n int
}

func (f *failures) Helper()               {}
func (f *failures) Errorf(string, ...any) { f.n++ }

// wide is a text of which each letter stands between two others.
func wide(s, before, after string) (all string) {
	for _, r := range s {
		all += before + string(r) + after
	}
	return all
}

func TestNoTraceFindsWhatItLooksFor(t *testing.T) {
	const secret = "Canary, my dear!"
	for name, content := range map[string]string{
		"text": "xxCANARY, MY DEAR!xx", "hex": "4361 no " + hex.EncodeToString([]byte(secret)), "UTF-16": wide(secret, "", "\x00"),
		"UTF-16, big end first": wide(secret, "\x00", ""),
		"base64":                base64.StdEncoding.EncodeToString([]byte(secret)),
		"base64 1":              base64.StdEncoding.EncodeToString([]byte("x" + secret + "yz")),
		"base64 2":              base64.RawURLEncoding.EncodeToString([]byte("xy" + secret)),
		"nothing":               "canary, my", "": "",
	} {
		dir := t.TempDir()
		if name != "" {
			if err := os.WriteFile(filepath.Join(dir, "f"), []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		f := &failures{TB: t}
		NoTrace(f, dir, secret)
		if want := name != "nothing"; (f.n > 0) != want {
			t.Errorf("%q: %d failures", name, f.n)
		}
	}
}
