package main

import (
	"math/rand/v2"
	"time"

	"culver/otrplugin/otr"
)

// engine is a conversation's end: Culver's or libotr's. Its verbs are those of
// the pipe peers (docs/otrpipe.md), and a few more.
type engine interface {
	do(verb, arg string) outcome
	state() state
	policy(p otr.Policy)
	fragment(bytes int)
	advance(d time.Duration) // the clock
	close()
}

// outcome is what one verb brought about.
type outcome struct {
	wire   [][]byte
	shown  *shown
	more   []shown     // of messages that had waited for others
	events []otr.Event // of libotr only those that the rules are about
	held   bool
	failed string // why it did not work
}

// shown is a text that the user gets to see.
type shown struct {
	text   string
	sealed bool
	from   otr.Fingerprint // zero: the engine does not tell
}

// state is where an end stands.
type state struct {
	otr.State
	session string // the secure session id, while encrypted
	peer    otr.Fingerprint
}

// client is one program of a user's.
type client struct {
	engine
	name   string
	user   int
	key    int // which of the long-term keys
	libotr bool
	may    otr.Policy
	asked  bool // its user was asked for a secret
	ended  int  // how often the other user ended one for it
}

// culver is Culver's engine as an engine.
type culver struct {
	s       *otr.Session
	renewed func() *otr.Session
	may     otr.Policy
	size    int
	work    *otr.Work     // prepared and not yet adopted
	running chan struct{} // closed when the work has run; nil: not begun
}

func (c *culver) close() {
	c.do("adopt", "")
	c.s.Close()
}

func (c *culver) policy(p otr.Policy) {
	c.may = p
	c.s.SetPolicy(p)
}

func (c *culver) fragment(bytes int) {
	c.size = bytes
	c.s.SetMaxFragment(bytes)
}

func (c *culver) advance(time.Duration) {} // it looks at the world's

func (c *culver) state() state {
	st := state{State: c.s.State()}
	if st.State == otr.Encrypted {
		id, _ := c.s.SessionID()
		st.session = string(id[:])
	}
	st.peer, _ = c.s.PeerFingerprint()
	return st
}

func (c *culver) do(verb, arg string) outcome {
	var r otr.Result
	var err error
	switch verb {
	case "recv":
		r, err = c.s.Receive([]byte(arg))
	case "send":
		r, err = c.s.Send([]byte(arg))
	case "start":
		r, err = c.s.Start()
	case "end":
		r, err = c.s.End()
	case "smp":
		r, err = c.s.Authenticate([]byte(arg), "")
	case "smpq":
		r, err = c.s.Authenticate([]byte(arg), "really?")
	case "answer":
		r, err = c.s.Answer([]byte(arg))
	case "abort":
		r, err = c.s.Abort()
	case "heartbeat":
		r, err = c.s.Heartbeat()
	case "extrakey":
		_, r, err = c.s.ExtraKey(7, []byte("x"))
	case "tlv":
		r, err = c.s.SendTLV(nil, 99, []byte("y"))
	case "release":
		r, err = c.s.Release()
	case "poll":
		r = c.s.Tick()
	case "drop":
		c.s.Drop()
	case "restart":
		c.s.Close()
		c.s = c.renewed()
		c.policy(c.may)
		c.fragment(c.size)
	case "prepare":
		if c.work == nil {
			c.work = c.s.Prepare()
		}
	case "run": // beside whatever else happens
		if c.work != nil && c.running == nil {
			work, done := c.work, make(chan struct{})
			c.running = done
			go func() {
				work.Run()
				close(done)
			}()
		}
	case "adopt":
		if c.running != nil {
			<-c.running
		}
		c.s.Adopt(c.work)
		c.work, c.running = nil, nil
	case "select":
		if all := c.s.Instances(); len(all) > 0 {
			c.s.Select(all[int(arg[0])%len(all)].Tag)
		}
	}
	o := outcome{wire: r.Wire, events: r.Events, held: r.Held}
	if r.Show {
		o.shown = &shown{text: string(r.Text), sealed: r.Sealed && verb == "recv", from: r.From}
	}
	for _, x := range r.Then {
		o.wire, o.events = append(o.wire, x.Wire...), append(o.events, x.Events...)
		if x.Show {
			o.more = append(o.more, shown{text: string(x.Text), sealed: x.Sealed, from: x.From})
		}
	}
	if err != nil {
		o.failed = err.Error()
	}
	return o
}

// newCulver makes an end of Culver's.
func newCulver(cfg otr.Config, seed uint64, clock *time.Time) *culver {
	dice := rand.New(rand.NewPCG(seed, 3))
	cfg.Now = func() time.Time { return *clock }
	renewed := func() *otr.Session {
		var s [32]byte
		for i := range s {
			s[i] = byte(dice.Uint32())
		}
		cfg := cfg
		cfg.Rand = rand.NewChaCha8(s)
		return otr.New(cfg)
	}
	return &culver{s: renewed(), renewed: renewed, may: cfg.Policy, size: cfg.MaxFragment}
}
