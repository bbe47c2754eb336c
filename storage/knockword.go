package storage

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// MaxWord is how long a word may be that one program leaves for the other, in bytes.
const MaxWord = 4096

var errWord = errors.New("nothing that can be passed on")

// isWord reports that this can be passed on: a line of text.
func isWord(s string) bool {
	return s != "" && len(s) <= MaxWord && utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// partOf is what a knock with a word is called until that is written to its end: who
// attends to the door looks at it as soon as it has its name.
const partOf = ".part"

// leave leaves a knock, with a word unless that is empty.
func leave(door *os.Root, word string) (name string, err error) {
	if word != "" && !isWord(word) {
		return "", errWord
	}
	random := make([]byte, knockSize)
	rand.Read(random)
	name = hex.EncodeToString(random)
	first := name
	if word != "" {
		first += partOf
	}
	f, err := door.OpenFile(first, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	_, err = io.WriteString(f, word)
	if err = errors.Join(err, f.Close()); err == nil && first != name {
		err = door.Rename(first, name)
	}
	if err != nil {
		return "", errors.Join(err, door.Remove(first))
	}
	return name, nil
}

// readWord is the word that a knock holds. What is none counts for nothing.
func readWord(door *os.Root, name string) (string, bool) {
	f, err := door.Open(name)
	if err != nil {
		return "", false
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return "", false
	}
	b, err := io.ReadAll(io.LimitReader(f, MaxWord+1))
	return string(b), err == nil && isWord(string(b))
}

// partAge is after how long what is not written to its end is left behind.
const partAge = time.Minute

// removeParts takes away what programs left behind that were killed while they wrote it.
func removeParts(door *os.Root) {
	dir, err := door.Open(".")
	if err != nil {
		return
	}
	defer dir.Close()
	entries, _ := dir.ReadDir(maxKnocks)
	for _, e := range entries {
		name, is := strings.CutSuffix(e.Name(), partOf)
		if info, err := e.Info(); is && isKnockName(name) && err == nil && info.Mode().IsRegular() && time.Since(info.ModTime()) > partAge {
			_ = door.Remove(e.Name())
		}
	}
}
