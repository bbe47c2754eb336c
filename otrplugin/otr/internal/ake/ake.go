// Package ake is the cryptography of OTR's authenticated key exchange: what
// the bodies of its four messages hold, and what comes out (sections
// "Authenticated Key Exchange (AKE)" and "D-H Commit Message" to "Signature
// Message"). When which message may come is the business of the session above.
//
//	Initiator                         Responder
//	  Commit    -- enc_r(g^x), hash -->  Take
//	  Reveal   <------ g^y ------------  Key
//	            -- r, X_B, MAC ------->  Finish
//	  Finish   <------ X_A, MAC -------
//
// An Initiator or Responder belongs to one session and its goroutine, owns
// its secrets and is wiped by its owner.
package ake

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"io"

	"culver/otrplugin/otr/internal/dsa"
	"culver/otrplugin/otr/internal/modp"
	"culver/otrplugin/otr/internal/wire"
)

// Errors of a peer's message. None of them changes anything.
var (
	ErrMalformed = errors.New("malformed key exchange message")
	ErrMismatch  = errors.New("the revealed key is not the one committed to")
	ErrReflected = errors.New("our own key came back")
	ErrForged    = errors.New("the key exchange does not verify")
)

// OwnKeyID is the number of our Diffie-Hellman key in every exchange.
const OwnKeyID = 1

const macSize = 20

// Outcome is a verified exchange. Its owner wipes it.
type Outcome struct {
	Own      *modp.KeyPair
	Peer     modp.Element
	PeerID   uint32 // number of Peer, not 0
	PeerKey  *dsa.PublicKey
	Secret   *modp.Element // the shared secret of Own and Peer
	SSID     [8]byte
	Revealed bool // we sent the Reveal Signature message
}

// Wipe forgets the secrets of an Outcome that nobody takes over.
func (o *Outcome) Wipe() {
	o.Own.Wipe()
	o.Secret.Wipe()
}

// keys are what both derive from the shared secret: the encryption key and
// the two MAC keys of each signature message.
type keys struct {
	ssid              [8]byte
	reveal, signature half
}

type half struct {
	c      [16]byte
	m1, m2 [32]byte
}

func derive(secret *modp.Element) *keys {
	buf := appendMPI(make([]byte, 1, 1+4+modp.Size), secret)
	defer clear(buf)
	h := func(b byte) [32]byte {
		buf[0] = b
		return sha256.Sum256(buf)
	}
	k := new(keys)
	id, c := h(0), h(1)
	copy(k.ssid[:], id[:])
	copy(k.reveal.c[:], c[:16])
	copy(k.signature.c[:], c[16:])
	clear(c[:])
	k.reveal.m1, k.reveal.m2 = h(2), h(3)
	k.signature.m1, k.signature.m2 = h(4), h(5)
	return k
}

// appendMPI appends a group element as an MPI.
func appendMPI(b []byte, e *modp.Element) []byte {
	var n [modp.Size]byte
	defer clear(n[:])
	e.Put(&n)
	return wire.AppendMPI(b, n[:])
}

func (k *keys) wipe() {
	if k != nil {
		*k = keys{}
	}
}

// seal appends the encrypted signature and its MAC: DATA, MAC.
func (h *half) seal(b []byte, rand io.Reader, own *dsa.PrivateKey, ours, theirs *modp.Element) ([]byte, error) {
	x := wire.AppendInt(own.PublicKey.Append(nil), OwnKeyID)
	sig, err := own.Sign(rand, h.digest(ours, theirs, x))
	if err != nil {
		return nil, err
	}
	x = append(x, sig...)
	ctr(h.c[:], x)
	start := len(b)
	b = wire.AppendData(b, x)
	return append(b, h.mac(b[start:])...), nil
}

// open verifies what seal made on the other side.
func (h *half) open(r *wire.Reader, ours, theirs *modp.Element) (*dsa.PublicKey, uint32, error) {
	data := r.Data()
	mac := r.Bytes(macSize)
	if !r.Done() {
		return nil, 0, ErrMalformed
	}
	if subtle.ConstantTimeCompare(mac, h.mac(wire.AppendData(nil, data))) != 1 {
		return nil, 0, ErrForged
	}
	x := append([]byte(nil), data...)
	ctr(h.c[:], x)
	in := wire.NewReader(x)
	key, err := dsa.ReadPublicKey(in)
	id := in.Int()
	signed := x[:len(x)-len(in.Rest())]
	sig := in.Bytes(dsa.SignatureSize)
	if err != nil || !in.Done() || id == 0 {
		return nil, 0, ErrMalformed
	}
	if !key.Verify(h.digest(theirs, ours, signed), sig) {
		return nil, 0, ErrForged
	}
	return key, id, nil
}

// digest is what gets signed: the signer's key first, then the other's, then
// the signer's PUBKEY and key number.
func (h *half) digest(signer, other *modp.Element, pubAndID []byte) []byte {
	m := hmac.New(sha256.New, h.m1[:])
	m.Write(appendMPI(appendMPI(make([]byte, 0, 2*(4+modp.Size)), signer), other))
	m.Write(pubAndID)
	return m.Sum(nil)
}

func (h *half) mac(data []byte) []byte {
	m := hmac.New(sha256.New, h.m2[:])
	m.Write(data)
	return m.Sum(nil)[:macSize]
}

// ctr encrypts or decrypts in place, AES-128 in counter mode from 0.
func ctr(key, b []byte) {
	c, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // the key has 16 bytes
	}
	var iv [aes.BlockSize]byte
	cipher.NewCTR(c, iv[:]).XORKeyStream(b, b)
}
