package ake

import (
	"crypto/sha256"
	"crypto/subtle"
	"io"

	"culver/otrplugin/otr/internal/dsa"
	"culver/otrplugin/otr/internal/modp"
	"culver/otrplugin/otr/internal/wire"
)

// Responder is the side that answers a commit.
type Responder struct {
	own *modp.KeyPair
	c   Commitment
}

// Commitment is the body of a D-H Commit message.
type Commitment struct {
	enc  []byte
	Hash [sha256.Size]byte
}

// ReadCommit reads the body of a D-H Commit message.
func ReadCommit(body []byte) (c Commitment, err error) {
	r := wire.NewReader(body)
	enc, hash := r.Data(), r.Data()
	if !r.Done() || len(enc) < 5 || len(enc) > 4+modp.Size || len(hash) != len(c.Hash) {
		return c, ErrMalformed
	}
	c.enc = append([]byte(nil), enc...)
	copy(c.Hash[:], hash)
	return c, nil
}

// NewResponder draws our key for the answer to a commit.
func NewResponder(rand io.Reader, c Commitment) (*Responder, error) {
	own, err := modp.NewKeyPair(rand)
	if err != nil {
		return nil, err
	}
	return &Responder{own: own, c: c}, nil
}

// Take replaces the commit by a newer one; our key stays.
func (p *Responder) Take(c Commitment) { p.c = c }

// Hash is the commitment that is answered, by which crossing commits are ranked.
func (p *Responder) Hash() [sha256.Size]byte { return p.c.Hash }

// Key is the body of the D-H Key message; nothing once the Responder is used up.
func (p *Responder) Key() []byte {
	if p.own == nil {
		return nil
	}
	return appendMPI(make([]byte, 0, 4+modp.Size), &p.own.Public)
}

// Finish takes the body of the Reveal Signature message and makes that of the
// Signature message. On success the Responder is used up: its secrets are the
// Outcome's. On an error nothing has changed.
func (p *Responder) Finish(rand io.Reader, own *dsa.PrivateKey, body []byte) (reply []byte, o *Outcome, err error) {
	r := wire.NewReader(body)
	key := r.Data()
	if p.own == nil || !r.OK() || len(key) != 16 {
		return nil, nil, ErrMalformed
	}
	gx := append([]byte(nil), p.c.enc...)
	ctr(key, gx)
	hash := sha256.Sum256(gx)
	if subtle.ConstantTimeCompare(hash[:], p.c.Hash[:]) != 1 {
		return nil, nil, ErrMismatch
	}
	peer, err := readKey(gx)
	if err != nil {
		return nil, nil, err
	}
	if peer.Equal(&p.own.Public) {
		return nil, nil, ErrReflected
	}
	secret := p.own.Shared(&peer)
	defer func() {
		if err != nil {
			secret.Wipe()
		}
	}()
	k := derive(secret)
	defer k.wipe()
	peerKey, id, err := k.reveal.open(r, &p.own.Public, &peer)
	if err != nil {
		return nil, nil, err
	}
	reply, err = k.signature.seal(nil, rand, own, &p.own.Public, &peer)
	if err != nil {
		return nil, nil, err
	}
	o = &Outcome{Own: p.own, Peer: peer, PeerID: id, PeerKey: peerKey, Secret: secret, SSID: k.ssid}
	p.own = nil // it has another owner now
	p.Wipe()
	return reply, o, nil
}

// Wipe forgets the secrets. A nil Responder has none.
func (p *Responder) Wipe() {
	if p != nil {
		p.own.Wipe()
		*p = Responder{}
	}
}
