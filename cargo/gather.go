package cargo

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Source is a file of ours that is to be sent.
type Source struct {
	File string // where it is
	Path string // what the offer calls it
	Size int64
	Time time.Time
}

// What keeps files from being sent, to be told in sentences.
var (
	ErrTooMany = fmt.Errorf("more than %d files", MaxFiles)
	ErrNothing = errors.New("no file")
	ErrChanged = errors.New("the file was changed meanwhile")
)

// NotFileError says that something is not a file that can be sent.
type NotFileError struct{ Path string }

func (e *NotFileError) Error() string { return filepath.Base(e.Path) + " is not an ordinary file" }

// Gather lists the files of some files and folders, also if these are links to them.
// Links inside of folders are left out: they lead elsewhere.
func Gather(ctx context.Context, paths []string) ([]Source, error) {
	var all []Source
	add := func(file, name string, info fs.FileInfo) error {
		if len(all) == MaxFiles {
			return ErrTooMany
		}
		all = append(all, Source{File: file, Path: filepath.ToSlash(name), Size: info.Size(), Time: info.ModTime()})
		return nil
	}
	for _, p := range paths {
		p = filepath.Clean(p)
		info, err := os.Stat(p)
		switch {
		case err != nil:
			return nil, err
		case info.Mode().IsRegular():
			if err := add(p, filepath.Base(p), info); err != nil {
				return nil, err
			}
			continue
		case !info.IsDir():
			return nil, &NotFileError{p}
		}
		top, err := filepath.EvalSymlinks(p)
		if err != nil {
			return nil, err
		}
		err = filepath.WalkDir(top, func(file string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case ctx.Err() != nil:
				return ctx.Err()
			case !d.Type().IsRegular():
				return nil
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			name, err := filepath.Rel(top, file)
			if err != nil {
				return err
			}
			return add(filepath.Join(p, name), filepath.Join(filepath.Base(p), name), info)
		})
		if err != nil {
			return nil, err
		}
	}
	if len(all) == 0 {
		return nil, ErrNothing
	}
	return all, nil
}

// Hash reads the files and makes an offer of them. Progress is told how many bytes
// were read.
func Hash(ctx context.Context, id string, sources []Source, progress func(int64)) (Offer, error) {
	o := Offer{ID: id}
	for _, s := range sources {
		h := sha256.New()
		f, err := s.open()
		if err != nil {
			return Offer{}, err
		}
		n, err := io.Copy(h, &Meter{R: f, Ctx: ctx, Tell: progress})
		f.Close()
		if err != nil {
			return Offer{}, err
		}
		if n != s.Size {
			return Offer{}, ErrChanged
		}
		o.Files = append(o.Files, File{Path: s.Path, Size: n, Hash: h.Sum(nil)})
	}
	return o, nil
}

// open opens the file, if it is as it was.
func (s Source) open() (*os.File, error) {
	f, err := os.Open(s.File)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && (!info.Mode().IsRegular() || info.Size() != s.Size || !info.ModTime().Equal(s.Time)) {
		err = ErrChanged
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// Contents reads files one after the other, as if they were one. Close it.
type Contents struct {
	sources []Source
	file    *os.File
	left    int64 // of the file
	skip    int64 // of the next one
}

// Read returns the contents of all the files from an offset on.
func Read(sources []Source, from int64) *Contents {
	c := &Contents{sources: sources}
	for len(c.sources) > 0 && from >= c.sources[0].Size {
		from -= c.sources[0].Size
		c.sources = c.sources[1:]
	}
	c.skip = from
	return c
}

// Read reads on. A file that was changed, or is gone, is an error.
func (c *Contents) Read(p []byte) (int, error) {
	for c.left == 0 {
		if err := c.Close(); err != nil {
			return 0, err
		}
		if len(c.sources) == 0 {
			return 0, io.EOF
		}
		s := c.sources[0]
		f, err := s.open()
		if err != nil {
			return 0, err
		}
		c.file, c.sources, c.left = f, c.sources[1:], s.Size-c.skip
		if _, err := f.Seek(c.skip, io.SeekStart); err != nil {
			return 0, err
		}
		c.skip = 0
	}
	n, err := c.file.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	if err == io.EOF {
		err = ErrChanged
	}
	return n, err
}

// Close closes the file that is open.
func (c *Contents) Close() error {
	f := c.file
	c.file = nil
	if f == nil {
		return nil
	}
	return f.Close()
}

// Meter reads from R until Ctx ends, and tells how much, and waits at Gate.
type Meter struct {
	R    io.Reader
	Ctx  context.Context
	Tell func(n int64)
	Gate *Gate // nil: always open
}

// Read reads on.
func (m *Meter) Read(p []byte) (int, error) {
	if err := m.Gate.Wait(m.Ctx); err != nil {
		return 0, err
	}
	n, err := m.R.Read(p)
	if n > 0 {
		m.Tell(int64(n))
	}
	return n, err
}
