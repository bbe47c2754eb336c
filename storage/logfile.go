package storage

import (
	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

// logFile gathers what SQLite writes to the log. SQLite writes it in pieces that do
// not end where the encrypted blocks end, so that each piece by itself would be two or
// three blocks to read, to decrypt and to encrypt again. What was written is on its
// way to the disk at the next Sync at the latest, and what SQLite reads is what it
// wrote: to SQLite it is a file like any other.
type logFile struct {
	vfs.File
	at      int64 // where pending belongs
	pending []byte
}

// maxPending is how much is gathered.
const maxPending = 256 << 10

func (f *logFile) end() int64 { return f.at + int64(len(f.pending)) }

func (f *logFile) WriteAt(p []byte, off int64) (int, error) {
	if off < f.at || off > f.end() {
		if err := f.flush(); err != nil {
			return 0, err
		}
	}
	if len(f.pending) == 0 {
		f.at = off
	}
	n := copy(f.pending[off-f.at:], p)
	f.pending = append(f.pending, p[n:]...)
	if len(f.pending) < maxPending {
		return len(p), nil
	}
	if err := f.write(f.end() / pageSize * pageSize); err != nil {
		return 0, err
	}
	return len(p), nil
}

// flush writes all that was gathered.
func (f *logFile) flush() error { return f.write(f.end()) }

// write writes what was gathered up to there. It stays if that fails: some of it may be
// of a transaction that is complete.
func (f *logFile) write(until int64) error {
	n := int(until - f.at)
	if n == 0 {
		return nil
	}
	written, err := f.File.WriteAt(f.pending[:n], f.at)
	switch {
	case err != nil:
		return vfs.SystemError(err, sqlite3.IOERR_WRITE)
	case written < n:
		return sqlite3.IOERR_WRITE
	}
	rest := copy(f.pending, f.pending[n:])
	clear(f.pending[rest:])
	f.at, f.pending = until, f.pending[:rest]
	return nil
}

func (f *logFile) ReadAt(p []byte, off int64) (int, error) {
	if off < f.end() && off+int64(len(p)) > f.at {
		if err := f.flush(); err != nil {
			return 0, err
		}
	}
	return f.File.ReadAt(p, off)
}

func (f *logFile) Sync(flags vfs.SyncFlag) error {
	if err := f.flush(); err != nil {
		return err
	}
	return f.File.Sync(flags)
}

func (f *logFile) Size() (int64, error) {
	if err := f.flush(); err != nil {
		return 0, err
	}
	return f.File.Size()
}

func (f *logFile) Truncate(size int64) error {
	if err := f.flush(); err != nil {
		return err
	}
	return f.File.Truncate(size)
}

func (f *logFile) Close() error {
	err := f.flush()
	if e := f.File.Close(); err == nil {
		err = e
	}
	return err
}

func (f *logFile) Unwrap() vfs.File { return f.File }
