package ratchet

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
	"encoding/binary"
	"slices"

	"culver/otrplugin/otr/internal/modp"
	"culver/otrplugin/otr/internal/wire"
)

// IgnoreUnreadable is the flag of messages that nobody misses.
const IgnoreUnreadable byte = 1

// Seal appends to the header b what makes it a data message with the payload
// (which it encrypts in place), and returns the extra symmetric key that goes
// with it. The last message of a conversation also reveals the MAC keys that
// will be forgotten with it.
func (r *Ratchet) Seal(b []byte, flags byte, payload []byte, last bool) (msg []byte, extra [32]byte) {
	p := r.pair(previous, newest)
	p.send.ctr++
	b = slices.Grow(b, 1+2*4+4+modp.Size+8+4+len(payload)+macSize+4+len(r.reveal))
	b = append(b, flags)
	b = wire.AppendInt(b, r.ownID-1)
	b = wire.AppendInt(b, r.peerID)
	b = wire.AppendMPI(b, r.own[newest].Public.Bytes())
	b = binary.BigEndian.AppendUint64(b, p.send.ctr)
	p.send.crypt(p.send.ctr, payload)
	b = wire.AppendData(b, payload)
	p.send.mac.Reset()
	p.send.mac.Write(b)
	b = p.send.mac.Sum(b)
	if last {
		for own := range r.pairs {
			for _, q := range r.pairs[own] {
				if q != nil && q.verified {
					r.reveal = append(r.reveal, q.recv.macKey[:]...)
					q.verified = false
				}
			}
		}
	}
	b = wire.AppendData(b, r.reveal)
	r.reveal = nil
	return b, p.extra
}

// Message is a data message taken apart, not verified yet.
type Message struct {
	Flags         byte
	sender, to    uint32
	next          []byte
	ctr           uint64
	enc, mac, all []byte
}

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

// Open verifies and decrypts a message, and rotates keys. It returns the
// payload, and the extra symmetric key that goes with the message. A message
// for keys that are not kept, one that was read before, and one that does not
// verify are ErrUnreadable; a next key outside the group is ErrMalformed.
func (r *Ratchet) Open(m Message) (payload []byte, extra [32]byte, err error) {
	next, ok := r.announced(m.next)
	if !ok {
		return nil, extra, ErrMalformed
	}
	if m.sender == 0 || m.to == 0 {
		return nil, extra, ErrUnreadable
	}
	own, peer := newest, newest
	switch m.to {
	case r.ownID:
	case r.ownID - 1:
		own = previous
	default:
		return nil, extra, ErrUnreadable
	}
	switch m.sender {
	case r.peerID:
	case r.peerID - 1:
		peer = previous
	default:
		return nil, extra, ErrUnreadable
	}
	if !r.peer[peer].Valid() {
		return nil, extra, ErrUnreadable
	}
	p := r.pair(own, peer)
	var sum [macSize]byte
	p.recv.mac.Reset()
	p.recv.mac.Write(m.all)
	if subtle.ConstantTimeCompare(m.mac, p.recv.mac.Sum(sum[:0])) != 1 || m.ctr <= p.recv.ctr {
		return nil, extra, ErrUnreadable
	}
	p.verified = true
	p.recv.ctr = m.ctr
	extra = p.extra
	payload = append([]byte(nil), m.enc...)
	p.recv.crypt(m.ctr, payload)

	if own == newest {
		if err := r.rotateOwn(); err != nil {
			return nil, extra, err
		}
	}
	if peer == newest {
		r.rotatePeer(next)
	}
	return payload, extra, nil
}

// announced reads a next key; ok is false outside the group.
func (r *Ratchet) announced(b []byte) (e modp.Element, ok bool) {
	if r.next.element.Valid() && bytes.Equal(b, r.next.bytes) {
		return r.next.element, true
	}
	if e, ok = modp.Parse(b); ok {
		r.next = announced{bytes.Clone(b), e}
	}
	return e, ok
}

// short is the length up to which single blocks beat a stream, which has to
// be made first.
const short = 256

// crypt encrypts or decrypts in place: counter mode, from the given upper half.
func (d *direction) crypt(top uint64, b []byte) {
	var counter, pad [aes.BlockSize]byte
	binary.BigEndian.PutUint64(counter[:], top)
	if len(b) > short {
		cipher.NewCTR(d.block, counter[:]).XORKeyStream(b, b)
		return
	}
	for n := byte(0); len(b) > 0; n++ {
		counter[aes.BlockSize-1] = n
		d.block.Encrypt(pad[:], counter[:])
		b = b[subtle.XORBytes(b, b, pad[:]):]
	}
	clear(pad[:])
}
