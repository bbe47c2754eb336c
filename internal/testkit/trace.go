package testkit

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"unicode/utf16"
)

// NoTrace looks for secrets in every file below a folder, as they are and as they
// are usually written: in UTF-16, hex and base64, and without regard to case.
func NoTrace(t testing.TB, dir string, secrets ...string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a program that still runs took it away
		}
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		files++
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

// surely is how many letters of base64 do not turn up by chance.
const surely = 8

// writings are the ways in which a secret could lie in a file. What base64 makes of
// it depends on how many bytes stand before it; the letters that its neighbours have
// a part in are left out.
func writings(s string) map[string][]byte {
	var little, big []byte
	for _, u := range utf16.Encode([]rune(s)) {
		little = append(little, byte(u), byte(u>>8))
		big = append(big, byte(u>>8), byte(u))
	}
	forms := map[string][]byte{
		"text": []byte(s), "UTF-16": little, "UTF-16, big end first": big, "hex": []byte(hex.EncodeToString([]byte(s))),
	}
	for before := range 3 {
		whole := (before + len(s)) / 3 * 3
		first := (before + 2) / 3 * 4 // the group that the neighbour before shares
		data := append(make([]byte, before), s...)[:whole]
		if coded := base64.StdEncoding.EncodeToString(data); len(coded) >= first+surely {
			forms["base64, "+strconv.Itoa(before)+" bytes in"] = []byte(coded[first:])
		}
	}
	return forms
}
