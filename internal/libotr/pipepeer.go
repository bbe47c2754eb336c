package libotr

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

//go:embed pipepeer/peer.c
var pipePeer []byte

var builtPipePeer = sync.OnceValues(func() (string, error) {
	return Build("pipepeer", pipePeer, func(dir string) []string { return []string{filepath.Join(dir, "try")} })
})

// PipePeer builds the pipe peer over libotr (see docs/otrpipe.md) and has it
// make its long-term key of that number, if it has not yet. The program takes
// the key's file, and then its instance tag in hex, as arguments.
func PipePeer(key int) (program, keyFile string, err error) {
	program, err = builtPipePeer()
	if err != nil {
		return "", "", err
	}
	keyFile = filepath.Join(filepath.Dir(program), fmt.Sprint("key", key))
	if _, err := os.Stat(keyFile); err == nil {
		return program, keyFile, nil
	}
	// Who else makes it at the same time may win.
	part, err := os.MkdirTemp(filepath.Dir(program), "key")
	if err != nil {
		return "", "", err
	}
	defer os.RemoveAll(part)
	made := filepath.Join(part, "key")
	if out, err := exec.Command(program, made).CombinedOutput(); err != nil {
		return "", "", fmt.Errorf("libotr makes no key: %w\n%s", err, out)
	}
	if err := os.Link(made, keyFile); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", "", err
	}
	return program, keyFile, nil
}
