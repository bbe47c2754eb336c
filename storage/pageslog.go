package storage

import (
	"bytes"
	"encoding/binary"
)

// frame is one page in the log (SQLite's "Database File Format", section 4.1).
type frame struct {
	page   uint32
	size   uint32 // of the database, if a transaction ends here; else 0
	at     int64  // where the page is
	sound  bool   // it is what was written after the frame before it
	repeat bool   // it is the frame before it once more, which fills the log up
}

const logHeadSize, frameHeadSize = 32, 24

// readLog finds the pages that were committed. SQLite reads up to the first frame
// that is not sound. What is behind it is of a transaction that was under way when
// the power failed, unless there is proof that the log was damaged later: see
// provesDamage. Then what is sound behind it counts, too.
func (p *pages) readLog() {
	frames := p.frames()
	end := 0
	for end < len(frames) && frames[end].sound {
		end++
	}
	if provesDamage(frames, end) {
		last := len(frames)
		for ; last > end && !frames[last-1].sound; last-- {
		}
		for _, f := range frames[end:last] {
			if !f.sound {
				p.lost++
			}
		}
		end = last
	}
	pending := map[uint32]int64{}
	for _, f := range frames[:end] {
		if !f.sound {
			continue
		}
		pending[f.page] = f.at
		if f.size != 0 {
			for n, at := range pending {
				p.logged[n] = at
			}
			clear(pending)
			p.count, p.last = max(p.count, f.size), f.size
		}
	}
}

// provesDamage reports that frames, of which the one at end is the first that is not
// sound, were written to the end: a transaction begins only when all before it are on the
// disk. So one that goes on right behind the end of another proves that what is before
// both was on the disk, and was changed there. So does a page that is there twice before an
// end: within one transaction SQLite writes over the first one, but for the last page.
func provesDamage(frames []frame, end int) bool {
	pages, twice, ended := map[uint32]bool{}, false, false
	for i := end - 1; i >= 0 && frames[i].size == 0; i-- {
		pages[frames[i].page] = true
	}
	for _, f := range frames[end:] {
		switch {
		case !f.sound:
			ended = false
		case ended && !f.repeat, twice && f.size != 0:
			return true
		case f.size != 0:
			ended = true
		default:
			twice = twice || pages[f.page]
			pages[f.page] = true
		}
	}
	return false
}

// frames are all that the log has of its time. The checksum of each begins with that
// of the one before it, so a frame of which the one before is damaged is not known to
// be sound, but the one behind both is.
func (p *pages) frames() (all []frame) {
	big := binary.BigEndian
	head := make([]byte, logHeadSize)
	if p.readAt(head, 0) != nil {
		return nil
	}
	sum := logSum{order: binary.LittleEndian}
	if big.Uint32(head) == 0x377f0683 {
		sum.order = big
	}
	sum.add(head[:24])
	// Without its head nothing in the log counts for SQLite.
	known := big.Uint32(head)|1 == 0x377f0683 && big.Uint32(head[8:]) == pageSize &&
		sum.is(head[24:])
	salt := [8]byte(head[16:24])
	now, before := make([]byte, frameHeadSize+pageSize), make([]byte, frameHeadSize+pageSize)
	for at := int64(logHeadSize); p.readAt(now, at) == nil; at += int64(len(now)) {
		f := frame{page: big.Uint32(now), size: big.Uint32(now[4:]), at: at + frameHeadSize}
		if len(all) > 0 {
			sum.set(before[16:])
			f.repeat = f.size != 0 && bytes.Equal(now[:8], before[:8]) && bytes.Equal(now[frameHeadSize:], before[frameHeadSize:])
		}
		sum.add(now[:8])
		sum.add(now[frameHeadSize:])
		f.sound = (known || len(all) > 0) && sum.is(now[16:])
		if f.sound && !known {
			salt, known = [8]byte(now[8:16]), true
		}
		f.sound = f.sound && salt == [8]byte(now[8:16])
		all = append(all, f)
		now, before = before, now
	}
	return all
}

// logSum is the checksum of the log so far.
type logSum struct {
	sum   [2]uint32
	order binary.ByteOrder
}

func (s *logSum) add(b []byte) {
	for ; len(b) >= 8; b = b[8:] {
		s.sum[0] += s.order.Uint32(b) + s.sum[1]
		s.sum[1] += s.order.Uint32(b[4:]) + s.sum[0]
	}
}

func (s *logSum) set(stored []byte) {
	s.sum = [2]uint32{binary.BigEndian.Uint32(stored), binary.BigEndian.Uint32(stored[4:])}
}

func (s *logSum) is(stored []byte) bool {
	return s.sum == [2]uint32{binary.BigEndian.Uint32(stored), binary.BigEndian.Uint32(stored[4:])}
}
