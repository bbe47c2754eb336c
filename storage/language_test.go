package storage

import (
	"os"
	"path/filepath"
	"testing"
)

func TestLanguageIsKeptBesideTheDatabase(t *testing.T) {
	dir := t.TempDir()
	p, err := OpenProfile(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for _, code := range []string{"", "de", "ar", "", ""} {
		if err := p.SetLanguage(code); err != nil {
			t.Fatal(err)
		}
		if got := p.Language(); got != code {
			t.Errorf("%q was chosen, it is %q", code, got)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, languageFile)); !os.IsNotExist(err) {
		t.Error("the system's own language has a file")
	}
}
