package cargo

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math"
	"path"
	"strings"
	"unicode/utf8"
)

// The limits of one offer.
const (
	MaxFiles = 500
	maxPath  = 1024 // bytes of one path
	maxDepth = 16   // folders of one path
	// MaxSize is how many bytes all files of one offer may have together.
	MaxSize = 1 << 40
)

// Offer is some files that somebody wants to send.
type Offer struct {
	ID    string `json:"id"`
	Files []File `json:"files"`
}

// File is one of them. Path is as its sender says: names with "/" between. Only what
// [Place] makes of it may be used on a disk.
type File struct {
	Path string `json:"path"`
	Size int64  `json:"size"`
	Hash []byte `json:"sha256"`
}

var errOffer = errors.New("the offer makes no sense")

// Check reports an offer that makes no sense. All else counts on it.
func (o Offer) Check() error {
	if !ValidID(o.ID) || len(o.Files) == 0 || len(o.Files) > MaxFiles {
		return errOffer
	}
	var total int64
	for _, f := range o.Files {
		switch {
		case f.Size < 0 || f.Size > MaxSize || len(f.Hash) != sha256.Size:
			return errOffer
		case f.Path == "" || len(f.Path) > maxPath || !utf8.ValidString(f.Path) || strings.Count(f.Path, "/") >= maxDepth:
			return errOffer
		}
		if total += f.Size; total > MaxSize {
			return errOffer
		}
	}
	return nil
}

// ValidID reports whether s can name an offer, or a pipe: 16 to 64 letters and digits.
func ValidID(s string) bool {
	if len(s) < 16 || len(s) > 64 {
		return false
	}
	for _, c := range []byte(s) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') {
			return false
		}
	}
	return true
}

// Size is that of all files together.
func (o Offer) Size() (total int64) {
	for _, f := range o.Files {
		total += f.Size
	}
	return total
}

// Folder is the folder that holds all files, as the sender calls it, or "".
func (o Offer) Folder() string {
	folder := ""
	for i, f := range o.Files {
		top, _, ok := strings.Cut(f.Path, "/")
		if !ok || i > 0 && top != folder {
			return ""
		}
		folder = top
	}
	return folder
}

// Title is what to call the offer, in the sender's words: clean it before it is shown.
func (o Offer) Title() string {
	if folder := o.Folder(); folder != "" {
		return folder
	}
	return path.Base(o.Files[0].Path)
}

// digest is a hash of all that the offer says.
func (o Offer) digest() [sha256.Size]byte {
	h := sha256.New()
	number := func(n int64) {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], uint64(n))
		h.Write(b[:])
	}
	text := func(s string) {
		number(int64(len(s)))
		h.Write([]byte(s))
	}
	text(o.ID)
	number(int64(len(o.Files)))
	for _, f := range o.Files {
		text(f.Path)
		number(f.Size)
		h.Write(f.Hash)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// ChunkSize is how much of the contents is sealed at once.
const ChunkSize = 64 << 10

// chunks is how many chunks there are of a size: one at least.
func chunks(size int64) int64 {
	return max(1, (size+ChunkSize-1)/ChunkSize)
}

// SealedSize is how long the sealed stream of an offer is that begins with a chunk.
func (o Offer) SealedSize(first int64) int64 {
	size := o.Size()
	return int64(headerSize) + size - min(size, first*ChunkSize) + (chunks(size)-first)*overhead
}

// ValidChunk reports whether a stream of the offer may begin with that chunk.
func (o Offer) ValidChunk(first int64) bool {
	return first >= 0 && first < chunks(o.Size()) && first <= math.MaxInt64/ChunkSize
}
