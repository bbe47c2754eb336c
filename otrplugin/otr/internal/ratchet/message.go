package ratchet

import (
	"cmp"
	"crypto/subtle"
	"encoding/binary"
	"slices"

	"culver/otrplugin/otr/internal/modp"
	"culver/otrplugin/otr/internal/wire"
)

// IgnoreUnreadable is the flag of messages that nobody misses.
const IgnoreUnreadable byte = 1

// Seal appends to the header b what makes it a data message with the payload,
// which more goes on with, and returns the extra symmetric key that goes with
// it. The last message of a conversation also reveals the MAC keys that will be
// forgotten with it. A Ratchet that was wiped panics.
func (r *Ratchet) Seal(b []byte, flags byte, payload []byte, last bool, more ...[]byte) (msg []byte, extra [32]byte) {
	if r.wiped() {
		panic("ratchet: sealed with wiped keys")
	}
	p := r.pair(previous, newest)
	if last {
		r.revealAll()
	}
	n := len(payload)
	for _, piece := range more {
		n += len(piece)
	}
	k := p.send.ready(r.tools)
	p.send.ctr++
	ours := r.announced()
	b = slices.Grow(b, 1+2*4+len(ours)+8+4+n+macSize+4+len(r.reveal))
	b = append(b, flags)
	b = wire.AppendInt(b, r.ownID-1)
	b = wire.AppendInt(b, r.peerID)
	b = append(b, ours...)
	b = binary.BigEndian.AppendUint64(b, p.send.ctr)
	b = wire.AppendInt(b, uint32(n))
	start := len(b)
	b = append(b, payload...)
	for _, piece := range more {
		b = append(b, piece...)
	}
	r.tools.crypt(k, p.send.ctr, b[start:], b[start:])
	b = append(b, r.tools.mac(k, b)...)
	b = wire.AppendData(b, r.reveal)
	r.reveal = nil
	return b, p.extra
}

// revealAll reveals every MAC key that verified something, as if it were
// forgotten already.
func (r *Ratchet) revealAll() {
	for own := range r.pairs {
		for _, q := range r.pairs[own] {
			if q != nil && q.verified {
				r.reveal = append(r.reveal, q.recv.macKey[:]...)
				q.verified = false
			}
		}
	}
}

// Message is a data message taken apart, not verified yet.
type Message struct {
	Flags         byte
	sender, to    uint32
	next          []byte
	ctr           uint64
	enc, mac, all []byte

	pair      *pair // by which Verify found it good
	own, peer int   // of the pair
}

// Ahead tells of a message that was verified just now that it is not the very
// next one of its pair of keys: all programs count from one, by one.
func (m *Message) Ahead() bool { return m.ctr != m.pair.recv.ctr+1 }

// First tells that it is the first one of its pair of keys.
func (m *Message) First() bool { return m.ctr == 1 }

// Answers tells of a message that was verified that its sender had read one of ours
// that was sealed since the last such message came: it is for the key announced there.
func (m *Message) Answers() bool { return m.own == newest }

// Compare orders the messages of a peer in the order in which he sent them: the
// numbers of the keys that he uses only grow, and so do the counters.
func (m *Message) Compare(o *Message) int {
	return cmp.Or(cmp.Compare(m.sender, o.sender), cmp.Compare(m.to, o.to), cmp.Compare(m.ctr, o.ctr))
}

// InPlace is a buffer for Open that makes it decrypt the message where it is.
func (m *Message) InPlace() []byte { return m.enc[:0] }

// Read takes a whole data message apart; in has read its header.
func Read(msg []byte, in *wire.Reader) (m Message, err error) {
	m.Flags = in.Byte()
	m.sender, m.to = in.Int(), in.Int()
	m.next = in.MPI(modp.Size)
	top := in.Bytes(8)
	m.enc = in.Data()
	m.all = msg[:len(msg)-len(in.Rest())]
	m.mac = in.Bytes(macSize)
	in.Data() // the MAC keys revealed are of no use to us
	if !in.Done() {
		return m, ErrMalformed
	}
	m.ctr = binary.BigEndian.Uint64(top)
	return m, nil
}

// Open is Verify and Take.
func (r *Ratchet) Open(b []byte, m *Message) (payload []byte, extra [32]byte, err error) {
	if err := r.Verify(m); err != nil {
		return nil, extra, err
	}
	return r.Take(b, m)
}

// Verify finds out whether a message can be taken. It changes nothing that shows.
// A message for keys that are not kept, one that was read before or that a later
// one was read before, and one that does not verify are ErrUnreadable; a next key
// outside the group is ErrMalformed.
func (r *Ratchet) Verify(m *Message) error {
	m.pair = nil
	if r == nil || r.wiped() {
		return ErrUnreadable
	}
	if !r.inGroup(m.next) {
		return ErrMalformed
	}
	if m.sender == 0 || m.to == 0 {
		return ErrUnreadable
	}
	own, peer := newest, newest
	switch m.to {
	case r.ownID:
	case r.ownID - 1:
		own = previous
	default:
		return ErrUnreadable
	}
	switch m.sender {
	case r.peerID:
	case r.peerID - 1:
		peer = previous
	default:
		return ErrUnreadable
	}
	if r.pairs[own][peer] == nil && !r.peer[peer].Valid() {
		return ErrUnreadable
	}
	p := r.pair(own, peer)
	k := p.recv.ready(r.tools)
	if subtle.ConstantTimeCompare(m.mac, r.tools.mac(k, m.all)) != 1 || m.ctr <= p.recv.ctr {
		return ErrUnreadable
	}
	m.pair, m.own, m.peer = p, own, peer
	return nil
}

// Take appends the payload of a message to b, and rotates keys. It returns the
// payload, and the extra symmetric key that goes with the message. The message
// must have been verified, with nothing between: what was not, or has been taken,
// is ErrUnreadable.
func (r *Ratchet) Take(b []byte, m *Message) (payload []byte, extra [32]byte, err error) {
	p := m.pair
	if p == nil || r.pairs[m.own][m.peer] != p || m.ctr <= p.recv.ctr {
		return nil, extra, ErrUnreadable
	}
	m.pair = nil
	p.verified = true
	p.recv.ctr = m.ctr
	extra = p.extra
	start := len(b)
	b = slices.Grow(b, len(m.enc))
	payload = b[start : start+len(m.enc)]
	r.tools.crypt(p.recv.ready(r.tools), m.ctr, payload, m.enc)

	if m.own == newest {
		if err := r.rotateOwn(); err != nil {
			return nil, extra, err
		}
	}
	if m.peer == newest {
		r.rotatePeer(m.next)
	}
	return payload, extra, nil
}
