package testkit

import (
	"encoding/base64"
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

func TestNoTraceFindsWhatItLooksFor(t *testing.T) {
	const secret = "Canary!"
	for name, content := range map[string]string{
		"text": "xxCANARY!xx", "hex": "4361 no 43616e61727921", "UTF-16": "C\x00a\x00n\x00a\x00r\x00y\x00!\x00",
		"base64": base64.StdEncoding.EncodeToString([]byte(secret)), "nothing": "canary", "": "",
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
