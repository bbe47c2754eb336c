package messenger

import (
	"encoding/binary"
	"time"

	"culver/im"
)

// What is carried is packed without leaving copies of it: encoders of the standard
// library keep their buffers, and nobody wipes those.

// packing is bytes that grow.
type packing struct{ b []byte }

func (p *packing) room(n int) {
	if cap(p.b)-len(p.b) >= n {
		return
	}
	grown := make([]byte, len(p.b), 2*cap(p.b)+n)
	copy(grown, p.b)
	clear(p.b)
	p.b = grown
}

func (p *packing) number(n int64) {
	p.room(binary.MaxVarintLen64)
	p.b = binary.AppendVarint(p.b, n)
}

func (p *packing) string(s string) {
	p.number(int64(len(s)))
	p.room(len(s))
	p.b = append(p.b, s...)
}

func (p *packing) bools(all ...bool) {
	bits := int64(0)
	for i, b := range all {
		if b {
			bits |= 1 << i
		}
	}
	p.number(bits)
}

// unpacking reads what packing wrote.
type unpacking struct {
	b   []byte
	bad bool
}

func (u *unpacking) number() int64 {
	n, width := binary.Varint(u.b)
	if width <= 0 {
		u.b, u.bad = nil, true
		return 0
	}
	u.b = u.b[width:]
	return n
}

// count is the number of things that follow, each of at least one byte.
func (u *unpacking) count() int {
	n := u.number()
	if n < 0 || n > int64(len(u.b)) {
		u.b, u.bad = nil, true
		return 0
	}
	return int(n)
}

func (u *unpacking) string() string {
	n := u.count()
	s := string(u.b[:n])
	u.b = u.b[n:]
	return s
}

func (u *unpacking) bools(all ...*bool) {
	bits := u.number()
	for i, b := range all {
		*b = bits&(1<<i) != 0
	}
}

// packCarried packs conversations, what was given up, of which conversation the history
// was on show, and links that were not followed.
func packCarried(all []carried, stopped []string, past im.ConvID, links []handedLink) []byte {
	p := &packing{}
	p.number(int64(len(all)))
	for _, c := range all {
		p.conv(c.conv)
		p.bools(c.open, c.ours, c.edited, c.front)
		p.number(int64(c.unread))
		p.string(c.draft.Text)
		p.bools(c.draft.Private, c.hidden)
		p.number(int64(len(c.lines)))
		for _, l := range c.lines {
			p.string(l.after)
			p.bools(l.hidden)
			p.message(l.msg)
		}
	}
	p.number(int64(len(stopped)))
	for _, text := range stopped {
		p.string(text)
	}
	p.conv(past)
	p.number(int64(len(links)))
	for _, l := range links {
		p.string(string(l.via))
		p.string(l.link)
	}
	return p.b
}

func unpackCarried(b []byte) (all []carried, stopped []string, past im.ConvID, links []handedLink, ok bool) {
	if len(b) == 0 {
		return nil, nil, past, nil, true
	}
	u := &unpacking{b: b}
	for range u.count() {
		c := carried{conv: u.conv()}
		u.bools(&c.open, &c.ours, &c.edited, &c.front)
		c.unread = int(u.number())
		c.draft.Text = u.string()
		u.bools(&c.draft.Private, &c.hidden)
		for range u.count() {
			l := carriedLine{after: u.string()}
			u.bools(&l.hidden)
			l.msg = u.message(c.conv)
			c.lines = append(c.lines, l)
		}
		if u.bad {
			return all, nil, past, nil, false
		}
		all = append(all, c)
	}
	for range u.count() {
		stopped = append(stopped, u.string())
	}
	past = u.conv()
	for range u.count() {
		links = append(links, handedLink{via: im.AccountID(u.string()), link: u.string()})
	}
	return all, stopped, past, links, !u.bad && len(u.b) == 0
}

func (p *packing) conv(c im.ConvID) {
	p.string(string(c.Account))
	p.string(c.Peer)
}

func (u *unpacking) conv() im.ConvID {
	return im.ConvID{Account: im.AccountID(u.string()), Peer: u.string()}
}

func (p *packing) time(t time.Time) {
	p.number(t.Unix())
	p.number(int64(t.Nanosecond()))
}

func (u *unpacking) time() time.Time {
	t := time.Unix(u.number(), u.number())
	if t.IsZero() {
		return time.Time{} // and no other zero
	}
	return t
}

func (p *packing) message(m im.Message) {
	p.string(m.ID)
	p.bools(m.Out, m.Late, m.Private, m.Edited)
	p.string(m.Origin)
	p.string(m.Archive)
	p.string(m.Nick)
	p.number(int64(m.Kind))
	p.string(m.From.Bare)
	p.string(m.From.Resource)
	p.number(int64(len(m.Text)))
	for _, s := range m.Text {
		p.string(s.Text)
		p.string(s.Link)
		p.bools(s.HasIcon)
		p.number(int64(s.Style))
		p.number(int64(s.Icon))
	}
	p.time(m.Time)
	p.time(m.Came)
	p.number(int64(m.Seal.Level))
	p.string(m.Seal.By)
	p.number(int64(m.State))
	p.string(m.Reason)
}

func (u *unpacking) message(c im.ConvID) (m im.Message) {
	m.ID, m.Conv = u.string(), c
	u.bools(&m.Out, &m.Late, &m.Private, &m.Edited)
	m.Origin, m.Archive, m.Nick = u.string(), u.string(), u.string()
	m.Kind = im.Kind(u.number())
	m.From = im.Addr{Bare: u.string(), Resource: u.string()}
	for range u.count() {
		s := im.Span{Text: u.string(), Link: u.string()}
		u.bools(&s.HasIcon)
		s.Style, s.Icon = im.Style(u.number()), im.Level(u.number())
		m.Text = append(m.Text, s)
	}
	m.Time, m.Came = u.time(), u.time()
	m.Seal = im.Seal{Level: im.Level(u.number()), By: u.string()}
	m.State, m.Reason = im.State(u.number()), u.string()
	return m
}
