// Culverbench is one operation of Culver's OTR engine, repeated and measured,
// both sides of the conversation in this process. It is what otrbench sets
// beside the same of libotr, does its work through the engine's public API
// alone, and everything on the one goroutine of main.
package main

import (
	"culver/internal/otrbench/bench"
	"culver/otrplugin/otr"
)

func main() { bench.Main(newConversation) }

// conversation is both sides of a conversation.
type conversation struct {
	*bench.Tally
	cfg   [2]otr.Config
	sides [2]*otr.Session
	asked bool              // for the secret of SMP
	kept  [][2]*otr.Session // that stay
}

var _ bench.Conversation = (*conversation)(nil)

func newConversation(keys [2]bench.Key, t *bench.Tally) (bench.Conversation, error) {
	c := &conversation{Tally: t}
	for i, k := range keys {
		key, err := otr.KeyFromNumbers(k[0], k[1], k[2], k[3], k[4])
		if err != nil {
			return nil, err
		}
		c.cfg[i] = otr.Config{Key: key, InstanceTag: otr.NewInstanceTag(nil), Policy: otr.AllowV3}
		c.sides[i] = otr.New(c.cfg[i])
	}
	return c, nil
}

func (c *conversation) GenerateKey() error {
	_, err := otr.GenerateKey(nil)
	return err
}

func (c *conversation) Renew(keep bool) {
	c.NewWire()
	if keep {
		c.kept = append(c.kept, c.sides)
	}
	for i, s := range c.sides {
		if !keep {
			s.Close()
		}
		c.sides[i] = otr.New(c.cfg[i])
	}
}

func (c *conversation) ExchangeKeys() {
	r, err := c.sides[0].Start()
	c.carry(0, nil, r, err)
	if c.sides[0].State() != otr.Encrypted || c.sides[1].State() != otr.Encrypted {
		c.Fail("not encrypted after the key exchange")
	}
}

func (c *conversation) Say(from int, text []byte) {
	r, err := c.sides[from].Send(text)
	c.carry(from, text, r, err)
}

func (c *conversation) Authenticate(secret []byte) {
	r, err := c.sides[0].Authenticate(secret, "")
	c.carry(0, nil, r, err)
	if !c.asked {
		c.Fail("nobody was asked for the secret")
	}
	c.asked = false
	r, err = c.sides[1].Answer(secret)
	c.carry(1, nil, r, err)
}

func (c *conversation) Prepare() {
	for _, s := range c.sides {
		if w := s.Prepare(); w != nil {
			w.Run()
			s.Adopt(w)
		}
	}
}

func (c *conversation) SetMaxFragment(n int) {
	for _, s := range c.sides {
		s.SetMaxFragment(n)
	}
}

func (c *conversation) Fingerprints() (f [2]string) {
	for i := range f {
		f[i] = c.cfg[i].Key.Fingerprint().Hex()
	}
	return f
}

// carry brings what a side made to the other one, and what that answers back,
// until both are silent.
func (c *conversation) carry(from int, sent []byte, r otr.Result, err error) {
	if err != nil {
		c.Fail("%w", err)
		return
	}
	for _, e := range r.Events {
		c.saw(e)
	}
	if r.Show {
		c.Shown(r.Text, sent, r.Sealed)
	}
	for _, w := range r.Wire {
		c.Sent(from, w)
		r, err := c.sides[1-from].Receive(w)
		c.carry(1-from, sent, r, err)
	}
}

func (c *conversation) saw(e otr.Event) {
	switch e.Kind {
	case otr.GoneSecure:
		c.Secured()
	case otr.AskSecret:
		c.asked = true
	case otr.SMPProgress:
	case otr.SMPSuccess:
		c.Authenticated()
	default:
		c.Fail("unexpected event: %v", e.Kind)
	}
}
