package ratchet

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/binary"

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
	p.sendCtr++
	b = append(b, flags)
	b = wire.AppendInt(b, r.ownID-1)
	b = wire.AppendInt(b, r.peerID)
	b = wire.AppendMPI(b, r.own[newest].Public.Bytes())
	b = binary.BigEndian.AppendUint64(b, p.sendCtr)
	ctr(&p.sendAES, p.sendCtr, payload)
	b = wire.AppendData(b, payload)
	b = append(b, mac(&p.sendMAC, b)...)
	if last {
		for own := range r.pairs {
			for _, q := range r.pairs[own] {
				if q != nil && q.verified {
					r.reveal = append(r.reveal, q.recvMAC[:]...)
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
	next          modp.Element
	ctr           uint64
	enc, mac, all []byte
}

// Read takes a whole data message apart; in has read its header.
func Read(msg []byte, in *wire.Reader) (m Message, err error) {
	m.Flags = in.Byte()
	m.sender, m.to = in.Int(), in.Int()
	next := in.MPI(modp.Size)
	top := in.Bytes(8)
	m.enc = in.Data()
	m.all = msg[:len(msg)-len(in.Rest())]
	m.mac = in.Bytes(macSize)
	in.Data() // the MAC keys revealed are of no use to us
	var ok bool
	if !in.Done() || m.sender == 0 || m.to == 0 {
		return m, ErrMalformed
	}
	if m.next, ok = modp.Parse(next); !ok {
		return m, ErrMalformed
	}
	m.ctr = binary.BigEndian.Uint64(top)
	return m, nil
}

// Open verifies and decrypts a message, and rotates keys. It returns the
// payload, and the extra symmetric key that goes with the message.
func (r *Ratchet) Open(m Message) (payload []byte, extra [32]byte, err error) {
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
	if subtle.ConstantTimeCompare(m.mac, mac(&p.recvMAC, m.all)) != 1 || m.ctr <= p.recvCtr {
		return nil, extra, ErrUnreadable
	}
	p.verified = true
	p.recvCtr = m.ctr
	extra = p.extra
	payload = append([]byte(nil), m.enc...)
	ctr(&p.recvAES, m.ctr, payload)

	if own == newest {
		if err := r.rotateOwn(); err != nil {
			return nil, extra, err
		}
	}
	if peer == newest {
		r.rotatePeer(m.next)
	}
	return payload, extra, nil
}

func mac(key *[macSize]byte, b []byte) []byte {
	m := hmac.New(sha1.New, key[:])
	m.Write(b)
	return m.Sum(nil)
}

// ctr encrypts or decrypts in place: AES-128 in counter mode, from the given
// upper half.
func ctr(key *[16]byte, top uint64, b []byte) {
	c, err := aes.NewCipher(key[:])
	if err != nil {
		panic(err) // the key has 16 bytes
	}
	var iv [aes.BlockSize]byte
	binary.BigEndian.PutUint64(iv[:], top)
	cipher.NewCTR(c, iv[:]).XORKeyStream(b, b)
}
