package foreign

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"culver/lang"
)

// folder is a folder of another program's. Links in it are followed as long as
// they stay inside. Nothing more of it is opened or listed when its context is done.
type folder struct {
	ctx  context.Context
	root *os.Root
	path string
}

// Why a file is not read.
const (
	errTooBig  = lang.Error("it is too big")
	errNotFile = lang.Error("it is not an ordinary file")
)

func openFolder(ctx context.Context, path string) (*folder, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, unreadable(err)
	}
	return &folder{ctx, root, path}, nil
}

func (f *folder) close() { f.root.Close() }

// open opens an ordinary file; a pipe, for one, would be waited for.
func (f *folder) open(name string) (*os.File, int64, error) {
	if err := f.ctx.Err(); err != nil {
		return nil, 0, err
	}
	info, err := f.root.Stat(name)
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, errNotFile
	}
	file, err := f.root.Open(name)
	if err != nil {
		return nil, 0, err
	}
	return file, info.Size(), nil
}

// read reads a whole file. The bytes may be secret: there is only this one copy.
func (f *folder) read(name string, most int64) ([]byte, error) {
	file, size, err := f.open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if size > most {
		return nil, errTooBig
	}
	data := make([]byte, size) // what is added meanwhile is left out
	n, err := io.ReadFull(file, data)
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		clear(data)
		return nil, err
	}
	return data[:n], nil
}

// has reports whether there is a file or folder of this name.
func (f *folder) has(name string) bool {
	_, err := f.root.Stat(name)
	return err == nil
}

// entry is one name in a folder.
type entry struct {
	name string
	dir  bool
	size int64
}

// list is what a folder holds, by name. More says that there is still more than
// is looked at; outside, how much of it leads elsewhere or cannot be looked at.
func (f *folder) list(name string) (entries []entry, more bool, outside int) {
	dir, err := f.root.Open(name)
	if err != nil {
		return nil, false, 0
	}
	defer dir.Close()
	names, err := dir.Readdirnames(maxEntries + 1)
	if err != nil && err != io.EOF && len(names) == 0 {
		return nil, false, 0
	}
	slices.Sort(names)
	if more = len(names) > maxEntries; more {
		names = names[:maxEntries]
	}
	for _, n := range names {
		if f.ctx.Err() != nil {
			return nil, true, 0
		}
		info, err := f.root.Stat(join(name, n))
		switch {
		case err != nil:
			outside++
		case info.IsDir():
			entries = append(entries, entry{name: n, dir: true})
		case info.Mode().IsRegular():
			entries = append(entries, entry{name: n, size: info.Size()})
		default:
			outside++
		}
	}
	return entries, more, outside
}

// join joins names inside a folder.
func join(names ...string) string { return strings.Join(names, "/") }

// unreadable says that a folder cannot be read.
func unreadable(err error) error {
	return fmt.Errorf(lang.T("The folder could not be read: %w"), reason(err))
}

// reason is an error of the system's without what was tried with which file.
func reason(err error) error {
	if failed := new(fs.PathError); errors.As(err, &failed) {
		return failed.Err
	}
	return err
}
