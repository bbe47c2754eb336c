package storage

import (
	"io"
	"os"
	"path/filepath"
	"strings"
)

// languageFile holds the language that the user chose, as two letters. It is needed
// before the database is open, and says nothing that a look at the screen would not.
const languageFile = "language"

// Language is what SetLanguage was given last; empty: the system's.
func (p *Profile) Language() string {
	f, err := os.Open(filepath.Join(p.dir, languageFile))
	if err != nil {
		return ""
	}
	defer f.Close()
	code, err := io.ReadAll(io.LimitReader(f, 16))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(code))
}

// SetLanguage keeps the language for the next start. Any goroutine may call it, and
// Language, one at a time.
func (p *Profile) SetLanguage(code string) error {
	path := filepath.Join(p.dir, languageFile)
	if code == "" {
		return p.files.remove(path)
	}
	return p.files.write(path, []byte(code+"\n"))
}
