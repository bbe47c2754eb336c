package storage

import (
	"encoding/binary"
	"errors"
	"fmt"
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
	count     uint32           // of the file, and of those behind it that the log has
	last      uint32           // how many the database has since the last change in the log; 0: it does not say
	logged    map[uint32]int64 // where in the log a page is
	lost      int              // pages of the log that were changed after they were written
	block     [pageSize]byte   // of the log, which lies across blocks
	at        int64            // of that block; -1: none
}

// openPages opens a database and its log for reading.
func openPages(path string, key []byte) (*pages, error) {
	return openPagesWith(path, adiantum.New(key), true)
}

// openPagesWith leaves the log out unless it is wanted.
func openPagesWith(path string, cipher *hbsh.HBSH, log bool) (*pages, error) {
	p := &pages{cipher: cipher, logged: map[uint32]int64{}, at: -1}
	var err error
	if p.file, err = os.Open(path); err != nil {
		return nil, err
	}
	info, err := p.file.Stat()
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	p.count = uint32(min(info.Size()/pageSize, 1<<32-2))
	if !log {
		return p, nil
	}
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
	var tweak [8]byte
	binary.LittleEndian.PutUint64(tweak[:], uint64(at))
	p.cipher.Decrypt(block, tweak[:])
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

// lockedPage is the page that SQLite leaves out, at 1 GiB: there it locks the file.
const lockedPage = 1<<30/pageSize + 1

// size is how many pages belong to the database: there may be more in the file that
// do no longer.
func (p *pages) size() uint32 {
	const changed, inHeader, valid = 24, 28, 92 // SQLite's "Database File Format", section 1.3
	if p.last != 0 {
		return p.last
	}
	first := p.page(1)
	if first == nil || [4]byte(first[changed:]) != [4]byte(first[valid:]) {
		return p.count
	}
	if n := binary.BigEndian.Uint32(first[inHeader:]); n != 0 {
		return n
	}
	return p.count
}

// check makes sure that every page, and the log, is what was written.
func (p *pages) check(stop func() error) error {
	if err := p.checkLog(); err != nil {
		return err
	}
	for n := range p.size() {
		if n%256 == 0 {
			if err := stop(); err != nil {
				return err
			}
		}
		if n+1 != lockedPage && p.page(n+1) == nil {
			return fmt.Errorf("page %d is not what was written: %w", n+1, ErrDatabaseDamaged)
		}
	}
	return nil
}

func (p *pages) checkLog() error {
	if p.lost > 0 {
		return fmt.Errorf("the log was changed: %w", ErrDatabaseDamaged)
	}
	return nil
}
