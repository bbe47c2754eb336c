package storage

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/ncruces/go-sqlite3/vfs"
)

// fileInMemory can fail to write.
type fileInMemory struct {
	vfs.File
	data  []byte
	fails error
}

func (f *fileInMemory) WriteAt(p []byte, off int64) (int, error) {
	if f.fails != nil {
		return 0, f.fails
	}
	if more := int(off) + len(p) - len(f.data); more > 0 {
		f.data = append(f.data, make([]byte, more)...)
	}
	return copy(f.data[off:], p), nil
}

func (f *fileInMemory) ReadAt(p []byte, off int64) (int, error) {
	return bytes.NewReader(f.data).ReadAt(p, off)
}
func (f *fileInMemory) Size() (int64, error)    { return int64(len(f.data)), nil }
func (f *fileInMemory) Truncate(n int64) error  { f.data = f.data[:n]; return nil }
func (f *fileInMemory) Sync(vfs.SyncFlag) error { return nil }
func (f *fileInMemory) Close() error            { return nil }

// What is gathered reads as it was written, wherever that was.
func TestLogIsAFileLikeAnyOther(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	var want, disk fileInMemory
	log := logFile{File: &disk}
	for i := range 3000 {
		size := int64(len(want.data))
		switch r.IntN(10) {
		case 0:
			p, q := make([]byte, 1+r.IntN(9000)), []byte(nil)
			q = append(q, p...)
			off := r.Int64N(size + 100)
			n, err := log.ReadAt(p, off)
			m, e := want.ReadAt(q, off)
			if n != m || err != e || !bytes.Equal(p, q) {
				t.Fatalf("%d: read %d, %v at %d; want %d, %v", i, n, err, off, m, e)
			}
		case 1:
			same(t, "size", got(log.Size())(t), size)
		case 2:
			check(t, log.Sync(vfs.SYNC_FULL))
			if !bytes.Equal(disk.data, want.data) {
				t.Fatalf("%d: the file differs", i)
			}
		case 3:
			if r.IntN(5) == 0 {
				n := r.Int64N(size + 1)
				check(t, log.Truncate(n), want.Truncate(n))
			}
		default:
			p := make([]byte, 1+r.IntN(5000))
			for i := range p {
				p[i] = byte(r.Uint32())
			}
			off := size
			if r.IntN(8) == 0 {
				off = r.Int64N(size + 1)
			}
			got(want.WriteAt(p, off))(t)
			same(t, "written", got(log.WriteAt(p, off))(t), len(p))
		}
	}
	check(t, log.Close())
	if !bytes.Equal(disk.data, want.data) {
		t.Error("the file differs in the end")
	}
}

// What could not be written is written when it can be: some of it may be of what
// SQLite holds for written.
func TestLogOfADiskThatFails(t *testing.T) {
	var disk fileInMemory
	log := logFile{File: &disk}
	got(log.WriteAt([]byte("one"), 0))(t)
	check(t, log.Sync(vfs.SYNC_FULL))
	got(log.WriteAt([]byte("two"), 3))(t)
	disk.fails = io.ErrShortWrite
	got(log.WriteAt([]byte("lost"), 6))(t)
	for what, err := range map[string]error{"sync": log.Sync(vfs.SYNC_FULL), "truncate": log.Truncate(3)} {
		if err == nil {
			t.Errorf("%s: no error", what)
		}
	}
	disk.fails = nil
	got(log.WriteAt([]byte("last"), 6))(t)
	check(t, log.Sync(vfs.SYNC_FULL))
	same(t, "the file", string(disk.data), "onetwolast")
}
