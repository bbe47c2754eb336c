package testkit

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"html"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

// NoTrace looks for secrets in every file below a folder, as they are and as they are
// usually written: in UTF-16, escaped, in hex and base64, and without regard to the case
// of Latin letters.
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
		name, err := filepath.Rel(dir, path)
		NoTraceIn(t, name, append(data, name...), secrets...)
		return err
	})
	if err != nil || files == 0 {
		t.Errorf("searched %d files: %v", files, err)
	}
}

// NoTraceIn looks for secrets in data that has a name.
func NoTraceIn(t testing.TB, name string, data []byte, secrets ...string) {
	t.Helper()
	data = lower(data)
	for _, secret := range secrets {
		for form, written := range writings(secret) {
			if bytes.Contains(data, lower(written)) {
				t.Errorf("%s holds a secret, as %s", name, form)
			}
		}
	}
}

// lower is data with small Latin letters. [bytes.ToLower] makes one and the same of
// bytes that are not UTF-8, such as those of a key.
func lower(data []byte) []byte {
	small := bytes.Clone(data)
	for i, c := range small {
		if 'A' <= c && c <= 'Z' {
			small[i] = c + 'a' - 'A'
		}
	}
	return small
}

// surely is how many letters of base64 do not turn up by chance.
const surely = 8

// writings are the ways in which a secret could lie in a file. What base64 makes of
// it depends on how many bytes stand before it; the letters that its neighbours have
// a part in are left out.
func writings(s string) map[string][]byte {
	forms := map[string][]byte{"text": []byte(s)}
	if utf8.ValidString(s) {
		var little, big []byte
		for _, u := range utf16.Encode([]rune(s)) {
			little = append(little, byte(u), byte(u>>8))
			big = append(big, byte(u>>8), byte(u))
		}
		forms["UTF-16"], forms["UTF-16, big end first"] = little, big
		for how, escaped := range map[string]string{
			"JSON": inJSON(s), "a quoted text": strings.Trim(strconv.QuoteToASCII(s), `"`),
			"HTML": html.EscapeString(s), "an address": url.PathEscape(s), "a form": url.QueryEscape(s),
		} {
			if escaped != s {
				forms[how] = []byte(escaped)
			}
		}
	}
	for _, text := range []string{"text", "UTF-16"} {
		data := forms[text]
		if data == nil {
			continue
		}
		forms[text+" in hex"] = []byte(hex.EncodeToString(data))
		for before := range 3 {
			whole := (before + len(data)) / 3 * 3
			first := (before + 2) / 3 * 4 // the group that the neighbour before shares
			if whole/3*4 < first+surely {
				continue
			}
			padded := append(make([]byte, before), data...)[:whole]
			form := text + " in base64, " + strconv.Itoa(before) + " bytes in"
			forms[form] = []byte(base64.StdEncoding.EncodeToString(padded)[first:])
			forms[form+", for addresses"] = []byte(base64.URLEncoding.EncodeToString(padded)[first:])
		}
	}
	return forms
}

func inJSON(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		return s
	}
	return strings.Trim(string(text), `"`)
}
