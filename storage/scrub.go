package storage

import (
	"encoding/binary"
	"sync"

	"github.com/ncruces/go-sqlite3/util/vfsutil"
	"github.com/ncruces/go-sqlite3/vfs"
	"github.com/ncruces/go-sqlite3/vfs/adiantum"
)

// encryptedVFS is the name of the layer between SQLite and the disk.
const encryptedVFS = "culver"

// registerVFS makes it known to SQLite.
var registerVFS = sync.OnceFunc(func() {
	vfs.Register(encryptedVFS, scrubVFS{adiantum.Wrap(vfs.Find(""), nil)})
})

// scrubVFS encrypts by Adiantum. It also wipes what SQLite leaves behind: when rows
// move to another page, because theirs is full, their old bytes stay between those
// that are in use, and secure_delete does not reach them there any more, however the
// rows end. So that part of each page is wiped before the page is written.
type scrubVFS struct{ vfs.VFS }

func (s scrubVFS) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	file, flags, err := vfsutil.WrapOpenFilename(s.VFS, name, flags)
	switch {
	case err != nil:
	case flags&vfs.OPEN_MAIN_DB != 0:
		file = &scrubFile{file}
	case flags&vfs.OPEN_WAL != 0:
		file = &logFile{File: file}
	}
	return file, flags, err
}

type scrubFile struct{ vfs.File }

// WriteAt wipes p itself: it is SQLite's copy of the page, of which the same is true.
func (f *scrubFile) WriteAt(p []byte, off int64) (int, error) {
	if len(p) == pageSize && off%pageSize == 0 {
		scrub(p, off == 0)
	}
	return f.File.WriteAt(p, off)
}

// What SQLite asks of a file beyond the necessary.

func (f *scrubFile) Unwrap() vfs.File { return f.File }
func (f *scrubFile) Pragma(name, value string) (string, error) {
	return vfsutil.WrapPragma(f.File, name, value)
}
func (f *scrubFile) BusyHandler(handler func() bool) { vfsutil.WrapBusyHandler(f.File, handler) }
func (f *scrubFile) ChunkSize(size int)              { vfsutil.WrapChunkSize(f.File, size) }
func (f *scrubFile) SizeHint(size int64) error       { return vfsutil.WrapSizeHint(f.File, size) }
func (f *scrubFile) HasMoved() (bool, error)         { return vfsutil.WrapHasMoved(f.File) }
func (f *scrubFile) PersistWAL() bool                { return vfsutil.WrapPersistWAL(f.File) }
func (f *scrubFile) SetPersistWAL(keep bool)         { vfsutil.WrapSetPersistWAL(f.File, keep) }
func (f *scrubFile) CheckpointStart()                { vfsutil.WrapCheckpointStart(f.File) }
func (f *scrubFile) CheckpointDone()                 { vfsutil.WrapCheckpointDone(f.File) }
func (f *scrubFile) SyncSuper(super string) error    { return vfsutil.WrapSyncSuper(f.File, super) }
func (f *scrubFile) DeviceCharacteristics() vfs.DeviceCharacteristic {
	return f.File.DeviceCharacteristics() &^ vfs.IOCAP_BATCH_ATOMIC // it would need three more methods
}

// scrub wipes what is between the list of a page's rows and the rows (SQLite's "Database
// File Format", section 1.6), and brings its checksum up to date. Other pages stay as
// they are.
func scrub(page []byte, first bool) {
	const (
		sumSize  = 8   // the checksum of a page is at its end
		skipped  = 100 // the header of the file, on the first page
		leaf     = 8   // in the kind of a page, and by how much its header is shorter
		interior = 12
	)
	at, sum := 0, pageSize-sumSize
	if first {
		at = skipped
	}
	head := interior
	switch page[at] {
	case 2, 5:
	case 2 | leaf, 5 | leaf:
		head = 8
	default:
		return
	}
	rows := int(binary.BigEndian.Uint16(page[at+3:]))
	from, until := at+head+2*rows, int(binary.BigEndian.Uint16(page[at+5:]))
	if from >= until || until > sum || pageSum(page[:sum]) != [sumSize]byte(page[sum:]) {
		return
	}
	clear(page[from:until])
	*(*[sumSize]byte)(page[sum:]) = pageSum(page[:sum])
}

// pageSum is the checksum of SQLite's "Checksum VFS Shim".
func pageSum(b []byte) (sum [8]byte) {
	var s1, s2 uint32
	for ; len(b) >= 8; b = b[8:] {
		s1 += binary.LittleEndian.Uint32(b) + s2
		s2 += binary.LittleEndian.Uint32(b[4:]) + s1
	}
	binary.LittleEndian.PutUint32(sum[:], s1)
	binary.LittleEndian.PutUint32(sum[4:], s2)
	return sum
}
