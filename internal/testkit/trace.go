package testkit

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf16"
)

// NoTrace looks for secrets in every file below a folder, as they are and as they
// are usually written: in UTF-16, hex and base64, and without regard to case.
func NoTrace(t testing.TB, dir string, secrets ...string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		data = bytes.ToLower(data)
		for _, secret := range secrets {
			for form, written := range writings(secret) {
				if bytes.Contains(data, bytes.ToLower(written)) {
					t.Errorf("%s holds a secret, as %s", filepath.Base(path), form)
				}
			}
		}
		return nil
	})
	if err != nil || files == 0 {
		t.Errorf("searched %d files: %v", files, err)
	}
}

// writings are the ways in which a secret could lie in a file. Base64 is that of
// its whole groups of three bytes.
func writings(s string) map[string][]byte {
	var wide []byte
	for _, u := range utf16.Encode([]rune(s)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	return map[string][]byte{
		"text": []byte(s), "UTF-16": wide, "hex": []byte(hex.EncodeToString([]byte(s))),
		"base64": []byte(base64.StdEncoding.EncodeToString([]byte(s)[:len(s)/3*3])),
	}
}
