//go:build unix

package foreign

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestFilesThatAreNoneAreNotWaitedFor(t *testing.T) {
	dir := write(t, map[string]string{"accounts.xml": accountsXML})
	if err := syscall.Mkfifo(filepath.Join(dir, "blist.xml"), 0o600); err != nil {
		t.Fatal(err)
	}
	hasNote(t, read(t, dir, "Pidgin"), "not an ordinary file")
	huge, err := os.Create(filepath.Join(dir, "otr.private_key"))
	if err != nil {
		t.Fatal(err)
	}
	huge.Truncate(maxKeyFile + 1)
	huge.Close()
	hasNote(t, read(t, dir, "Pidgin"), "too big")
}
