package storage

import (
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"os"

	"lukechampine.com/adiantum"
	"lukechampine.com/adiantum/hbsh"
)

// pages reads the pages of a database without SQLite, which refuses a file of which
// some are damaged: the newest of each, from the log if it is there.
type pages struct {
	file, log *os.File // log: nil for none
	cipher    *hbsh.HBSH
	count     uint32           // of the file; some in the log may be behind it
	logged    map[uint32]int64 // where in the log a page is
	block     [pageSize]byte   // of the log, which lies across blocks
	at        int64            // of that block; -1: none
	sum       [2]uint32        // of the log so far
	order     binary.ByteOrder // of its checksums
}

// openPages opens a database and its log for reading.
func openPages(path string, key []byte) (*pages, error) {
	p := &pages{cipher: adiantum.New(key), logged: map[uint32]int64{}, at: -1}
	var err error
	if p.file, err = os.Open(path); err != nil {
		return nil, err
	}
	info, err := p.file.Stat()
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	p.count = uint32(min(info.Size()/pageSize, 1<<32-2))
	if p.log, err = os.Open(path + logSuffix); errors.Is(err, fs.ErrNotExist) {
		p.log = nil
	} else if err != nil {
		return nil, errors.Join(err, p.close())
	} else {
		p.readLog()
	}
	return p, nil
}

func (p *pages) close() error {
	err := p.file.Close()
	if p.log != nil {
		err = errors.Join(err, p.log.Close())
	}
	return err
}

// decrypt reads one block of a file.
func (p *pages) decrypt(f *os.File, block []byte, at int64) error {
	if _, err := io.ReadFull(io.NewSectionReader(f, at, pageSize), block); err != nil {
		return err
	}
	p.cipher.Decrypt(block, binary.LittleEndian.AppendUint64(nil, uint64(at)))
	return nil
}

// page is the page of that number, or nil if it is damaged or not there.
func (p *pages) page(n uint32) []byte {
	if at, ok := p.logged[n]; ok {
		page := make([]byte, pageSize)
		if p.readAt(page, at) != nil {
			return nil
		}
		return page // the log has a checksum of its own
	}
	if n == 0 || n > p.count {
		return nil
	}
	page := make([]byte, pageSize)
	if p.decrypt(p.file, page, int64(n-1)*pageSize) != nil || !sound(page) {
		return nil
	}
	return page
}

// sound reports whether the page has the checksum that it was written with.
func sound(page []byte) bool {
	const sum = pageSize - 8
	return pageSum(page[:sum]) == [8]byte(page[sum:])
}

// empty reports whether there is nothing on a page. Such were never written, or were
// wiped.
func empty(page []byte) bool {
	for _, b := range page[:pageSize-8] {
		if b != 0 {
			return false
		}
	}
	return true
}

// readAt reads from the log.
func (p *pages) readAt(b []byte, at int64) error {
	for len(b) > 0 {
		if block := at / pageSize * pageSize; block != p.at {
			p.at = -1
			if err := p.decrypt(p.log, p.block[:], block); err != nil {
				return err
			}
			p.at = block
		}
		n := copy(b, p.block[at-p.at:])
		b, at = b[n:], at+int64(n)
	}
	return nil
}

// readLog finds the pages that were committed, up to the first frame that is not
// what was written (SQLite's "Database File Format", section 4).
func (p *pages) readLog() {
	const headSize, frameSize = 32, 24
	head := make([]byte, headSize)
	if p.readAt(head, 0) != nil {
		return
	}
	switch binary.BigEndian.Uint32(head) {
	case 0x377f0682:
		p.order = binary.LittleEndian
	case 0x377f0683:
		p.order = binary.BigEndian
	default:
		return
	}
	big := binary.BigEndian
	p.add(head[:24])
	if big.Uint32(head[8:]) != pageSize || p.sum != [2]uint32{big.Uint32(head[24:]), big.Uint32(head[28:])} {
		return
	}
	frame, pending := make([]byte, frameSize+pageSize), map[uint32]int64{}
	for at := int64(headSize); p.readAt(frame, at) == nil; at += int64(len(frame)) {
		if [8]byte(frame[8:16]) != [8]byte(head[16:24]) { // of an earlier time
			return
		}
		p.add(frame[:8])
		p.add(frame[frameSize:])
		if p.sum != [2]uint32{big.Uint32(frame[16:]), big.Uint32(frame[20:])} {
			return
		}
		pending[big.Uint32(frame)] = at + frameSize
		if size := big.Uint32(frame[4:]); size != 0 { // this ends a transaction
			for n, at := range pending {
				p.logged[n] = at
			}
			clear(pending)
			p.count = max(p.count, size)
		}
	}
}

func (p *pages) add(b []byte) {
	for ; len(b) >= 8; b = b[8:] {
		p.sum[0] += p.order.Uint32(b) + p.sum[1]
		p.sum[1] += p.order.Uint32(b[4:]) + p.sum[0]
	}
}
