package cargo

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// partSuffix stands behind the name of a file that is not complete.
const partSuffix = ".part"

// maxNumber is how many files of one name there may be in a folder.
const maxNumber = 10_000

// Sink writes the contents of an offer to the disk, file after file. A file has its
// name only once it is complete and what its sender said it is; nothing that is there
// is touched, and nothing outside of the folder.
type Sink struct {
	offer  Offer
	folder string
	root   *os.Root
	name   string            // of the only file, or of the folder of all; empty: as offered
	tops   map[string]string // the topmost folders, by what the offer calls them
	made   map[string]bool   // all folders that were made, below the folder
	index  int               // of the file that is due
	file   *os.File
	part   string // its name while it is being written, below the folder
	goal   string // and the one that it is to have
	left   int64
	sum    hash.Hash
	done   []string
}

// NewSink returns one that writes into a folder. Name is what the user calls the only
// file, or the folder of all files, of the offer; empty: as offered.
func NewSink(o Offer, folder, name string) (*Sink, error) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, err
	}
	return &Sink{offer: o, folder: folder, root: root, name: name, tops: map[string]string{}, made: map[string]bool{}}, nil
}

// Done are the files that are complete.
func (s *Sink) Done() []string { return s.done }

// Path is where the file is, or the folder of all: "" before there is any.
func (s *Sink) Path() string {
	for _, top := range s.tops {
		if len(s.tops) == 1 && s.offer.Folder() != "" {
			return filepath.Join(s.folder, top)
		}
	}
	switch {
	case len(s.done) == 0:
		return ""
	case len(s.offer.Files) == 1:
		return s.done[0]
	}
	return s.folder
}

// Write writes what comes next.
func (s *Sink) Write(p []byte) (n int, err error) {
	for {
		if err := s.begin(); err != nil {
			return n, err
		}
		if s.file == nil || len(p) == 0 {
			break
		}
		k, err := s.file.Write(p[:min(int64(len(p)), s.left)])
		s.sum.Write(p[:k])
		n += k
		s.left -= int64(k)
		if err != nil {
			return n, err
		}
		p = p[k:]
		if s.left == 0 {
			if err := s.finish(); err != nil {
				return n, err
			}
		}
	}
	if len(p) > 0 {
		return n, ErrForged
	}
	return n, nil
}

// Complete reports that all files are there.
func (s *Sink) Complete() bool { return s.file == nil && s.index == len(s.offer.Files) }

// begin makes the file that is due, unless it is there; those without contents are
// complete at once.
func (s *Sink) begin() error {
	for s.file == nil && s.index < len(s.offer.Files) {
		f := s.offer.Files[s.index]
		dir, name, err := s.place(f)
		if err != nil {
			return err
		}
		s.goal = path.Join(dir, name)
		for i := 1; ; i++ {
			s.part = path.Join(dir, numbered(name, i)+partSuffix)
			s.file, err = s.root.OpenFile(s.part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
			if err == nil {
				break
			}
			if !errors.Is(err, fs.ErrExist) || i == maxNumber {
				return err
			}
		}
		s.left, s.sum = f.Size, sha256.New()
		if s.left > 0 {
			return nil
		}
		if err := s.finish(); err != nil {
			return err
		}
	}
	return nil
}

// place is the folder and the name of a file; the folder is there.
func (s *Sink) place(f File) (dir, name string, err error) {
	names := Place(f.Path)
	if len(names) == 1 {
		if len(s.offer.Files) == 1 && s.name != "" {
			return "", s.name, nil
		}
		return "", names[0], nil
	}
	top, _, _ := strings.Cut(f.Path, "/")
	made, ok := s.tops[top]
	if !ok {
		wish := names[0]
		if s.name != "" && s.offer.Folder() != "" {
			wish = s.name
		}
		for i := 1; ; i++ {
			made = numbered(wish, i)
			err := s.root.Mkdir(made, 0o700)
			if err == nil {
				break
			}
			if !errors.Is(err, fs.ErrExist) || i == maxNumber {
				return "", "", err
			}
		}
		s.tops[top] = made
	}
	dir = path.Join(append([]string{made}, names[1:len(names)-1]...)...)
	for up := dir; up != "."; up = path.Dir(up) {
		s.made[up] = true
	}
	return dir, names[len(names)-1], s.root.MkdirAll(dir, 0o700)
}

func numbered(name string, i int) string {
	if i == 1 {
		return name
	}
	return Numbered(name, i)
}

// finish gives the file its name, if it is what it should be.
func (s *Sink) finish() error {
	f := s.offer.Files[s.index]
	if !bytes.Equal(s.sum.Sum(nil), f.Hash) {
		s.Abort()
		return ErrForged
	}
	err := errors.Join(s.file.Sync(), s.file.Close())
	s.file = nil
	if err != nil {
		s.drop()
		return err
	}
	markForeign(filepath.Join(s.folder, filepath.FromSlash(s.part)))
	dir, name := path.Split(s.goal)
	for i := 1; ; i++ {
		goal := path.Join(dir, numbered(name, i))
		taken, err := s.root.OpenFile(goal, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) && i < maxNumber {
			continue
		}
		if err == nil {
			err = taken.Close()
		}
		if err == nil {
			if err = s.root.Rename(s.part, goal); err != nil {
				_ = s.root.Remove(goal) // there is nothing in it
			}
		}
		if err != nil {
			s.drop()
			return fmt.Errorf("give the file its name: %w", err)
		}
		s.done = append(s.done, filepath.Join(s.folder, filepath.FromSlash(goal)))
		s.index++
		return nil
	}
}

// drop takes the file away that is not complete.
func (s *Sink) drop() {
	if s.part != "" {
		_ = s.root.Remove(s.part) // there is nothing else to do about it
		s.part = ""
	}
}

// Abort takes the file away that is not complete, and folders that are empty. The
// complete ones stay.
func (s *Sink) Abort() {
	if s.file != nil {
		_ = s.file.Close() // it is removed
		s.file = nil
		s.drop()
	}
	for _, dir := range slices.Backward(slices.Sorted(maps.Keys(s.made))) { // those within others first
		_ = s.root.Remove(dir) // fails if it is not empty
	}
}

// Close lets go of the folder, once all is complete or given up.
func (s *Sink) Close() error { return s.root.Close() }
