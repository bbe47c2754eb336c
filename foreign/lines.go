package foreign

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"strconv"
	"time"

	"culver/im"
	"culver/lang"
)

// ErrEnough ends reading because a bound on all logs together was reached.
var ErrEnough = errors.New("the logs are bigger than is read at once")

// Reader reads the logs of a profile, and keeps count. Close it after use.
type Reader struct {
	p       *Profile
	folders map[*folder]*folder // those of the profile, opened again
	bytes   int64
	lines   int
	damaged int // files that could not be read to their end
	cut     int // lines that were too long
	odd     int // lines that nobody could make sense of
}

// logReader reads the lines of one log in the way of its program.
type logReader interface {
	read(ctx context.Context, r *Reader, l Log, each func(Line) error) error
}

// Reader begins to read logs. The folder is opened anew, so that nothing of it has to
// stay open while somebody decides what to import.
func (p *Profile) Reader() *Reader { return &Reader{p: p, folders: map[*folder]*folder{}} }

// Close closes the folders.
func (r *Reader) Close() {
	for _, f := range r.folders {
		f.close()
	}
	clear(r.folders)
}

// in is a folder of the profile, open.
func (r *Reader) in(f *folder) (*folder, error) {
	if open, ok := r.folders[f]; ok {
		return open, nil
	}
	open, err := openFolder(context.Background(), f.path) // what is read of it ends with the reader's
	if err == nil {
		r.folders[f] = open
	}
	return open, err
}

// Lines calls each with the lines of a log, in order. What is damaged is left out
// and counted: see [Reader.Notes]. Errors are those of each and of ctx, and
// ErrEnough.
func (r *Reader) Lines(ctx context.Context, l Log, each func(Line) error) error {
	if r.p.logs == nil {
		return nil
	}
	return r.p.logs.read(ctx, r, l, func(line Line) error {
		if r.lines++; r.lines > maxLines {
			return ErrEnough
		}
		return each(line)
	})
}

// Notes say what was left out, in sentences.
func (r *Reader) Notes() (notes []string) {
	if r.damaged > 0 {
		notes = append(notes, lang.N(r.damaged, "%s log file is damaged, or could not be read. What could be read is imported.", "%s log files are damaged, or could not be read. What could be read is imported.", im.Number(r.damaged)))
	}
	if r.cut > 0 {
		notes = append(notes, lang.N(r.cut, "%s line was too long and cut.", "%s lines were too long and cut.", im.Number(r.cut)))
	}
	if r.odd > 0 {
		notes = append(notes, lang.N(r.odd, "%s line without a time is left out.", "%s lines without a time are left out.", im.Number(r.odd)))
	}
	if r.lines > maxLines || r.bytes > maxLogBytes {
		notes = append(notes, lang.T("There are more logs than can be imported at once, so the import stopped there."))
	}
	return notes
}

// parts reads the files of a log one by one. What file returns is counted as
// damage, unless it is the caller's own.
func (r *Reader) parts(ctx context.Context, l Log, file func(part, io.Reader) error) error {
	for _, p := range l.parts {
		folder, err := r.in(p.folder)
		if err != nil {
			r.damaged++
			continue
		}
		f, _, err := folder.open(p.path)
		if err != nil {
			r.damaged++
			continue
		}
		err = file(p, &countedReader{ctx: ctx, r: f, left: &r.bytes})
		f.Close()
		var stop stopError
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &stop):
			return stop.err
		case errors.Is(err, ErrEnough):
			return ErrEnough
		case err != nil:
			r.damaged++
		}
	}
	return nil
}

// stopError is an error of whoever takes the lines.
type stopError struct{ err error }

func (e stopError) Error() string { return e.err.Error() }
func (e stopError) Unwrap() error { return e.err }

// countedReader stops at the bound on all logs together, and with ctx.
type countedReader struct {
	ctx  context.Context
	r    io.Reader
	left *int64
}

func (c *countedReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	if *c.left > maxLogBytes {
		return 0, ErrEnough
	}
	n, err := c.r.Read(p)
	*c.left += int64(n)
	return n, err
}

// lineScanner gives a file line by line, however long they are.
type lineScanner struct {
	r   *bufio.Reader
	buf []byte
	cut int // lines that were longer than maxLine
}

func newLineScanner(r io.Reader) *lineScanner { return &lineScanner{r: bufio.NewReaderSize(r, 32<<10)} }

// next is the next line, mended and without its end. The error comes alone.
func (s *lineScanner) next() (string, error) {
	s.buf = s.buf[:0]
	for long := false; ; {
		piece, err := s.r.ReadSlice('\n')
		if room := maxLine - len(s.buf); len(piece) > room {
			if piece = piece[:room]; !long {
				long = true
				s.cut++
			}
		}
		s.buf = append(s.buf, piece...)
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && len(s.buf) > 0:
		case err != nil:
			return "", err
		}
		for n := len(s.buf); n > 0 && (s.buf[n-1] == '\n' || s.buf[n-1] == '\r'); n-- {
			s.buf = s.buf[:n-1]
		}
		return mend(s.buf), nil
	}
}

// naming makes the IDs of the lines of one file.
type naming struct {
	base []byte
	n    uint64
}

// named begins to name the lines of a file. The profile's folder is no part of the
// names: it may have been moved.
func (p *Profile) named(l Log, file string) *naming {
	h := sha256.New()
	for _, s := range []string{"culver import 1", p.Program, l.Scheme, l.Account, l.Peer, file} {
		io.WriteString(h, strconv.Itoa(len(s))+":"+s)
	}
	return &naming{base: h.Sum(nil)}
}

// next is the ID of the next line.
func (n *naming) next(t time.Time, out bool, text string) string {
	h := sha256.New()
	h.Write(n.base)
	var head [25]byte
	binary.BigEndian.PutUint64(head[:], n.n)
	binary.BigEndian.PutUint64(head[8:], uint64(t.Unix()))
	binary.BigEndian.PutUint64(head[16:], uint64(t.Nanosecond()))
	if out {
		head[24] = 1
	}
	h.Write(head[:])
	io.WriteString(h, text)
	n.n++
	return hex.EncodeToString(h.Sum(nil)[:12])
}
