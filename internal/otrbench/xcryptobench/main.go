// Xcryptobench is to golang.org/x/crypto/otr what culverbench is to Culver's
// engine: for information, since it speaks version 2 only and its arithmetic
// is not constant time. Everything happens on the one goroutine of main.
package main

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"errors"

	"culver/internal/otrbench/bench"

	"golang.org/x/crypto/otr"
)

func main() { bench.Main(newConversation) }

// conversation is both sides of a conversation.
type conversation struct {
	*bench.Tally
	keys     [2]*otr.PrivateKey
	fragment int
	sides    [2]*otr.Conversation
	asked    bool                   // for the secret of SMP
	kept     [][2]*otr.Conversation // that stay
}

var _ bench.Conversation = (*conversation)(nil)

func newConversation(keys [2]bench.Key, t *bench.Tally) (bench.Conversation, error) {
	c := &conversation{Tally: t}
	for i, k := range keys {
		serialized := []byte{0, 0} // the type, DSA
		for _, number := range k {
			serialized = binary.BigEndian.AppendUint32(serialized, uint32(len(number)))
			serialized = append(serialized, number...)
		}
		c.keys[i] = new(otr.PrivateKey)
		if rest, ok := c.keys[i].Parse(serialized); !ok || len(rest) > 0 {
			return nil, errors.New("not a valid long-term key")
		}
	}
	c.begin()
	return c, nil
}

func (c *conversation) begin() {
	for i := range c.sides {
		c.sides[i] = &otr.Conversation{PrivateKey: c.keys[i], FragmentSize: c.fragment}
	}
}

func (c *conversation) GenerateKey() error {
	new(otr.PrivateKey).Generate(rand.Reader)
	return nil
}

func (c *conversation) Renew(keep bool) {
	c.NewWire()
	if keep {
		c.kept = append(c.kept, c.sides)
	}
	c.begin()
}

func (c *conversation) ExchangeKeys() {
	c.carry(0, nil, [][]byte{[]byte(otr.QueryMessage)}, nil)
	if !c.sides[0].IsEncrypted() || !c.sides[1].IsEncrypted() {
		c.Fail("not encrypted after the key exchange")
	}
}

func (c *conversation) Say(from int, text []byte) {
	wire, err := c.sides[from].Send(text)
	c.carry(from, text, wire, err)
}

func (c *conversation) Authenticate(secret []byte) {
	wire, err := c.sides[0].Authenticate("", secret)
	c.carry(0, nil, wire, err)
	if !c.asked {
		c.Fail("nobody was asked for the secret")
	}
	c.asked = false
	wire, err = c.sides[1].Authenticate("", secret)
	c.carry(1, nil, wire, err)
}

func (c *conversation) Prepare() {}

func (c *conversation) SetMaxFragment(n int) {
	c.fragment = n
	for _, s := range c.sides {
		s.FragmentSize = n
	}
}

func (c *conversation) Fingerprints() (f [2]string) {
	for i, k := range c.keys {
		f[i] = hex.EncodeToString(k.PublicKey.Fingerprint())
	}
	return f
}

// carry brings what a side made to the other one, and what that answers back,
// until both are silent.
func (c *conversation) carry(from int, sent []byte, wire [][]byte, err error) {
	if err != nil {
		c.Fail("%w", err)
	}
	for _, w := range wire {
		c.Sent(from, w)
		text, encrypted, change, answer, err := c.sides[1-from].Receive(w)
		switch change {
		case otr.NewKeys:
			c.Secured()
		case otr.SMPSecretNeeded:
			c.asked = true
		case otr.SMPComplete:
			c.Authenticated()
		case otr.SMPFailed:
			c.Fail("SMP failed")
		}
		if len(text) > 0 {
			c.Shown(text, sent, encrypted)
		}
		c.carry(1-from, sent, answer, err)
	}
}
