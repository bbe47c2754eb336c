package ratchet

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math/big"
	"testing"

	"culver/otrplugin/otr/internal/ake"
	"culver/otrplugin/otr/internal/modp"
	"culver/otrplugin/otr/internal/wire"
)

// prime is the group's, as its definition gives it: of 1536 bits, from pi.
func prime(t *testing.T) *big.Int {
	t.Helper()
	p, ok := new(big.Int).SetString("ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74020bbea63b139b22514a08798e3404ddef9519b3cd3a431b"+
		"302b0a6df25f14374fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7edee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3d"+
		"c2007cb8a163bf0598da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb9ed529077096966d670c354e4abc9804f1746c08ca237327ffffffffffffffff", 16)
	if !ok || p.BitLen() != 1536 || !p.ProbablyPrime(0) {
		t.Fatal("not the prime")
	}
	return p
}

// The keys are those of the protocol's section "Data Message", computed here
// once more, for the side with the greater key (the "high" end) and the other.
func TestKeys(t *testing.T) {
	ends := [2]bool{}
	for !ends[0] || !ends[1] {
		a, b := newTwo(t)
		secret := b.own[previous].Shared(&a.own[previous].Public).Bytes()
		high := a.own[previous].Public.Greater(&b.own[previous].Public)
		if new(big.Int).SetBytes(a.own[previous].Public.Bytes()).Cmp(new(big.Int).SetBytes(b.own[previous].Public.Bytes())) > 0 != high {
			t.Fatal("the greater is not the greater")
		}
		ends[0], ends[1] = ends[0] || high, ends[1] || !high
		secbytes := func(b byte) []byte { return wire.AppendMPI([]byte{b}, secret) }
		sendbyte := byte(2)
		if high {
			sendbyte = 1
		}
		sum := sha1.Sum(secbytes(sendbyte))
		macKey := sha1.Sum(sum[:16])

		msg, extra := a.Seal(header.Append(nil), 0, []byte("text\x00"), false)
		if want := sha256.Sum256(secbytes(0xff)); extra != want {
			t.Error("another extra key")
		}
		in := wire.NewReader(msg)
		in.Header()
		in.Bytes(9)
		in.Data()
		var counter [16]byte
		copy(counter[:], in.Bytes(8))
		enc := in.Data()
		all := msg[:len(msg)-len(in.Rest())]
		mac := hmac.New(sha1.New, macKey[:])
		mac.Write(all)
		if !bytes.Equal(mac.Sum(nil), in.Bytes(20)) {
			t.Error("another MAC")
		}
		block, err := aes.NewCipher(sum[:16])
		if err != nil {
			t.Fatal(err)
		}
		text := make([]byte, len(enc))
		cipher.NewCTR(block, counter[:]).XORKeyStream(text, enc)
		if string(text) != "text\x00" || binary.BigEndian.Uint64(counter[:]) != 1 {
			t.Errorf("%q with counter %x", text, counter)
		}
	}
}

// A key number of zero and the number before the first that is known are for
// no key, though they are near those that are.
func TestNoSuchKey(t *testing.T) {
	for _, peerID := range []uint32{1, 2, 5, 0xffffffff} {
		x, err := modp.NewKeyPair(random)
		if err != nil {
			t.Fatal(err)
		}
		y, err := modp.NewKeyPair(random)
		if err != nil {
			t.Fatal(err)
		}
		b, err := New(random, &ake.Outcome{Own: y, Peer: x.Public, PeerID: peerID, Secret: y.Shared(&x.Public)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, ids := range [][2]uint32{{peerID - 1, 1}, {peerID + 1, 1}, {0, 1}, {peerID, 0}, {peerID, 3}} {
			if ids[0] == peerID && ids[1] == 1 {
				continue
			}
			msg := binary.BigEndian.AppendUint32(append(header.Append(nil), 0), ids[0])
			msg = binary.BigEndian.AppendUint32(msg, ids[1])
			msg = wire.AppendMPI(msg, x.Public.Bytes())
			msg = wire.AppendData(append(msg, 0, 0, 0, 0, 0, 0, 0, 1), []byte("x"))
			msg = wire.AppendData(append(msg, make([]byte, macSize)...), nil)
			if _, err := open(b, msg); !errors.Is(err, ErrUnreadable) {
				t.Errorf("keys %d: %v", ids, err)
			}
		}
	}
}
