// Package wire reads and writes the data types of OTR's binary messages
// (BYTE, SHORT, INT, DATA, MPI), their headers, and the base64 armour around
// them (sections "Data types" and "Encoded messages"). It owns no state; every
// function may be called from any goroutine.
package wire

import "encoding/binary"

// AppendShort appends a SHORT.
func AppendShort(b []byte, v uint16) []byte { return binary.BigEndian.AppendUint16(b, v) }

// AppendInt appends an INT.
func AppendInt(b []byte, v uint32) []byte { return binary.BigEndian.AppendUint32(b, v) }

// AppendData appends d as DATA.
func AppendData(b, d []byte) []byte {
	return append(AppendInt(b, uint32(len(d))), d...)
}

// AppendMPI appends the big-endian number n as an MPI, without leading zeros.
func AppendMPI(b, n []byte) []byte {
	for len(n) > 0 && n[0] == 0 {
		n = n[1:]
	}
	return AppendData(b, n)
}

// Reader takes a message apart. The first read past the end, or of something
// that is not what it should be, makes it fail for good: reads then return
// zero values, and OK says so. What it returns aliases its input.
type Reader struct {
	b      []byte
	failed bool
}

// NewReader reads from b.
func NewReader(b []byte) *Reader { return &Reader{b: b} }

// OK tells whether every read so far succeeded.
func (r *Reader) OK() bool { return !r.failed }

// Done tells whether every read succeeded and nothing is left.
func (r *Reader) Done() bool { return !r.failed && len(r.b) == 0 }

// Fail makes the reader fail.
func (r *Reader) Fail() { r.failed = true }

// Rest is what has not been read.
func (r *Reader) Rest() []byte { return r.b }

// Bytes reads n bytes as they are.
func (r *Reader) Bytes(n int) []byte {
	if r.failed || n < 0 || n > len(r.b) {
		r.failed = true
		return nil
	}
	v := r.b[:n:n]
	r.b = r.b[n:]
	return v
}

// Byte reads a BYTE.
func (r *Reader) Byte() byte {
	if v := r.Bytes(1); v != nil {
		return v[0]
	}
	return 0
}

// Short reads a SHORT.
func (r *Reader) Short() uint16 {
	if v := r.Bytes(2); v != nil {
		return binary.BigEndian.Uint16(v)
	}
	return 0
}

// Int reads an INT.
func (r *Reader) Int() uint32 {
	if v := r.Bytes(4); v != nil {
		return binary.BigEndian.Uint32(v)
	}
	return 0
}

// Data reads a DATA.
func (r *Reader) Data() []byte {
	n := r.Int()
	if uint64(n) > uint64(len(r.b)) {
		r.failed = true
		return nil
	}
	return r.Bytes(int(n))
}

// MPI reads an MPI of at most max bytes. Leading zeros are an error: the
// encoding must be minimal, or one key would have many fingerprints.
func (r *Reader) MPI(max int) []byte {
	v := r.Data()
	if len(v) > max || len(v) > 0 && v[0] == 0 {
		r.failed = true
		return nil
	}
	return v
}
