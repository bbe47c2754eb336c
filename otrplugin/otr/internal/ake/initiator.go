package ake

import (
	"crypto/sha256"
	"io"

	"culver/otrplugin/otr/internal/dsa"
	"culver/otrplugin/otr/internal/modp"
	"culver/otrplugin/otr/internal/wire"
)

// Initiator is the side that commits first.
type Initiator struct {
	own  *modp.KeyPair
	r    [16]byte
	enc  []byte
	hash [sha256.Size]byte

	peer   modp.Element // set by Reveal, and what follows too
	secret *modp.Element
	keys   *keys
	body   []byte
}

// NewInitiator draws the secrets of an exchange.
func NewInitiator(rand io.Reader) (*Initiator, error) {
	i := new(Initiator)
	var err error
	if i.own, err = modp.NewKeyPair(rand); err != nil {
		return nil, err
	}
	if _, err := io.ReadFull(rand, i.r[:]); err != nil {
		i.Wipe()
		return nil, err
	}
	i.enc = appendMPI(make([]byte, 0, 4+modp.Size), &i.own.Public)
	i.hash = sha256.Sum256(i.enc)
	ctr(i.r[:], i.enc)
	return i, nil
}

// Commit is the body of the D-H Commit message.
func (i *Initiator) Commit() []byte {
	return wire.AppendData(wire.AppendData(nil, i.enc), i.hash[:])
}

// Hash is the commitment, by which crossing commits are ranked.
func (i *Initiator) Hash() [sha256.Size]byte { return i.hash }

// Reveal takes the body of a D-H Key message and makes that of the Reveal
// Signature message.
func (i *Initiator) Reveal(rand io.Reader, own *dsa.PrivateKey, key []byte) ([]byte, error) {
	peer, err := readKey(key)
	if err != nil || i.own == nil {
		return nil, ErrMalformed
	}
	if peer.Equal(&i.own.Public) {
		return nil, ErrReflected
	}
	secret := i.own.Shared(&peer)
	k := derive(secret)
	body, err := k.reveal.seal(wire.AppendData(nil, i.r[:]), rand, own, &i.own.Public, &peer)
	if err != nil {
		secret.Wipe()
		k.wipe()
		return nil, err
	}
	i.secret.Wipe()
	i.keys.wipe()
	i.peer, i.secret, i.keys, i.body = peer, secret, k, body
	return body, nil
}

// Revealed tells whether Reveal was done, and Finish is not. It never is for nil.
func (i *Initiator) Revealed() bool { return i != nil && i.keys != nil }

// Repeat is the body that Reveal made, if key is the one that it took.
func (i *Initiator) Repeat(key []byte) (body []byte, same bool) {
	peer, err := readKey(key)
	if err != nil || !i.peer.Valid() || !peer.Equal(&i.peer) {
		return nil, false
	}
	return i.body, true
}

// Finish takes the body of the Signature message. On success the Initiator is
// used up: its secrets are the Outcome's.
func (i *Initiator) Finish(body []byte) (*Outcome, error) {
	if i.keys == nil {
		return nil, ErrMalformed
	}
	key, id, err := i.keys.signature.open(wire.NewReader(body), &i.own.Public, &i.peer)
	if err != nil {
		return nil, err
	}
	o := &Outcome{
		Own: i.own, Peer: i.peer, PeerID: id, PeerKey: key,
		Secret: i.secret, SSID: i.keys.ssid, Revealed: true,
	}
	i.own, i.secret = nil, nil // they have another owner now
	i.Wipe()
	return o, nil
}

// Clone is a copy for one more instance of the peer, before Reveal.
func (i *Initiator) Clone() *Initiator {
	return &Initiator{own: i.own.Clone(), r: i.r, enc: i.enc, hash: i.hash}
}

// Wipe forgets the secrets. A nil Initiator has none.
func (i *Initiator) Wipe() {
	if i == nil {
		return
	}
	i.own.Wipe()
	i.secret.Wipe()
	i.keys.wipe()
	*i = Initiator{}
}

// readKey reads the body of a D-H Key message.
func readKey(body []byte) (modp.Element, error) {
	r := wire.NewReader(body)
	e, ok := modp.Parse(r.MPI(modp.Size))
	if !r.Done() || !ok {
		return modp.Element{}, ErrMalformed
	}
	return e, nil
}
