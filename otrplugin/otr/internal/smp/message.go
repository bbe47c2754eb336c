package smp

import (
	"culver/otrplugin/otr/internal/modp"
	"culver/otrplugin/otr/internal/wire"
)

// A message is a count and that many MPIs. fields writes and reads them in
// their order, so each message is listed once only.
type fields struct {
	r   *wire.Reader // reading
	out []byte       // writing
	n   uint32
}

func parse(body []byte, count uint32) *fields {
	f := &fields{r: wire.NewReader(body)}
	if f.r.Int() != count {
		f.r.Fail()
	}
	return f
}

func (f *fields) element(e *modp.Element) bool {
	if f.r == nil {
		var b [modp.Size]byte
		e.Put(&b)
		f.put(b[:])
		return true
	}
	var ok bool
	*e, ok = modp.Parse(f.r.MPI(modp.Size))
	return ok && f.r.OK()
}

func (f *fields) scalar(d *[]byte) bool {
	if f.r == nil {
		f.put(*d)
		return true
	}
	*d = f.r.MPI(modp.Size)
	return f.r.OK() && modp.ValidScalar(*d)
}

func (f *fields) hash(c *[]byte) bool {
	if f.r == nil {
		f.put(*c)
		return true
	}
	*c = f.r.MPI(32)
	return f.r.OK()
}

func (f *fields) put(b []byte) { f.out, f.n = wire.AppendMPI(f.out, b), f.n+1 }

func (f *fields) bytes() []byte { return append(wire.AppendInt(nil, f.n), f.out...) }

// message is one of the four.
type message interface {
	fields(*fields) bool
	count() uint32
}

func write(m message) []byte {
	f := new(fields)
	m.fields(f)
	return f.bytes()
}

func read(m message, body []byte) bool {
	f := parse(body, m.count())
	return m.fields(f) && f.r.Done()
}

type message1 struct {
	g2, g3 modp.Element
	p2, p3 log
}

func (*message1) count() uint32 { return 6 }
func (m *message1) fields(f *fields) bool {
	return f.element(&m.g2) && f.hash(&m.p2.c) && f.scalar(&m.p2.d) &&
		f.element(&m.g3) && f.hash(&m.p3.c) && f.scalar(&m.p3.d)
}

type message2 struct {
	message1
	p, q modp.Element
	cp   coords
}

func (*message2) count() uint32 { return 11 }
func (m *message2) fields(f *fields) bool {
	return m.message1.fields(f) && f.element(&m.p) && f.element(&m.q) &&
		f.hash(&m.cp.c) && f.scalar(&m.cp.d5) && f.scalar(&m.cp.d6)
}

type message3 struct {
	p, q modp.Element
	cp   coords
	r    modp.Element
	cr   equal
}

func (*message3) count() uint32 { return 8 }
func (m *message3) fields(f *fields) bool {
	return f.element(&m.p) && f.element(&m.q) && f.hash(&m.cp.c) && f.scalar(&m.cp.d5) && f.scalar(&m.cp.d6) &&
		f.element(&m.r) && f.hash(&m.cr.c) && f.scalar(&m.cr.d)
}

type message4 struct {
	r  modp.Element
	cr equal
}

func (*message4) count() uint32 { return 3 }
func (m *message4) fields(f *fields) bool {
	return f.element(&m.r) && f.hash(&m.cr.c) && f.scalar(&m.cr.d)
}
