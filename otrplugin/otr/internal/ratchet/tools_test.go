package ratchet

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"testing"
)

// The two-state HMAC, going on from what was hashed before or not, is HMAC.
func TestMAC(t *testing.T) {
	tools := newTools()
	for round := range 4 {
		d := direction{macKey: [macSize]byte{byte(round), 1, 2, 0xff}}
		random.Read(d.key[:])
		k := d.ready(tools)
		msg := make([]byte, 700)
		random.Read(msg)
		for n := range msg {
			if n%50 == 49 {
				msg[n/4] ^= 1 // sometimes in what is remembered
			}
			m := hmac.New(sha1.New, d.macKey[:])
			m.Write(msg[:n])
			if got := tools.mac(k, msg[:n]); !bytes.Equal(got, m.Sum(nil)) {
				t.Fatalf("another MAC of %d bytes", n)
			}
		}
		if k.begun == nil {
			t.Fatal("nothing remembered")
		}
	}
}

// Single blocks and streams make the same.
func TestCrypt(t *testing.T) {
	tools := newTools()
	d := direction{key: [keySize]byte{1, 2, 3}}
	k := d.ready(tools)
	for n := range 600 {
		top := uint64(n) << 13
		var counter [aes.BlockSize]byte
		binary.BigEndian.PutUint64(counter[:], top)
		src := make([]byte, n)
		random.Read(src)
		want, got := make([]byte, n), make([]byte, n)
		cipher.NewCTR(k.block, counter[:]).XORKeyStream(want, src)
		tools.crypt(k, top, got, src)
		tools.crypt(k, top, src, src)
		if !bytes.Equal(got, want) || !bytes.Equal(src, want) {
			t.Fatalf("%d bytes", n)
		}
		if tools.pad != [len(tools.pad)]byte{} {
			t.Fatal("the pad is left")
		}
	}
}

// forgetBegun makes the next message be hashed in full.
func forgetBegun(r *Ratchet) {
	for own := range r.pairs {
		for _, p := range r.pairs[own] {
			if p == nil {
				continue
			}
			for _, d := range []*direction{&p.send, &p.recv} {
				if d.keyed != nil {
					d.keyed.begun, d.keyed.used = nil, false
				}
			}
		}
	}
}

// What is remembered of one message makes no other difference to the next
// than in time: not in what is sent, and not in what is believed.
func TestRememberedBeginning(t *testing.T) {
	a, b := newTwo(t)
	open(a, seal(b, "x"))
	open(b, seal(a, "y"))
	for range 5 {
		if _, err := open(b, seal(a, "warm")); err != nil {
			t.Fatal(err)
		}
	}
	send := a.pairs[previous][newest].send
	if send.keyed.begun == nil {
		t.Fatal("nothing remembered")
	}
	msg := seal(a, "text")
	a.pairs[previous][newest].send.ctr = send.ctr
	forgetBegun(a)
	if again := seal(a, "text"); !bytes.Equal(msg, again) {
		t.Fatal("another message")
	}
	end := len(msg) - 4
	for at := range end {
		for _, bit := range []byte{1, 0x80} {
			bad := bytes.Clone(msg)
			bad[at] ^= bit
			if text, err := open(b, bad); err == nil {
				t.Fatalf("changed at %d: %q", at, text)
			}
		}
	}
	if text, err := open(b, msg); text != "text" || err != nil {
		t.Fatal(text, err)
	}
	if _, err := open(b, msg); !errors.Is(err, ErrUnreadable) {
		t.Fatal("a replay accepted")
	}
}
