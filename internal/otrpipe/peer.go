package main

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"culver/internal/otrpipe/line"
	"culver/otrplugin/otr"
)

// peer is one OTR conversation behind the line protocol.
type peer struct {
	*otr.Session
	out    *bufio.Writer
	offset time.Duration
	trust  map[otr.Fingerprint]string
}

var errUnsupported = errors.New("unsupported")

// maxLine is the longest command, in bytes.
const maxLine = 16 << 20

// serve runs one peer, with that long-term key and instance tag, until quit or
// the end of the commands.
func serve(in io.Reader, out io.Writer, key *otr.PrivateKey, tag uint32) error {
	p := &peer{out: bufio.NewWriter(out), trust: make(map[otr.Fingerprint]string)}
	p.Session = otr.New(otr.Config{
		Key: key, InstanceTag: tag, Policy: otr.Manual,
		Now: func() time.Time { return time.Now().Add(p.offset) },
	})
	defer p.Close()
	p.line("hello engine=culver version=1 versions=2,3 fp=%s tag=%08x", key.Fingerprint().Hex(), p.OurTag())
	p.line("ok")
	if err := p.out.Flush(); err != nil {
		return err
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		verb, rest, _ := strings.Cut(lines.Text(), " ")
		err := error(nil)
		if verb != "quit" {
			err = p.run(verb, rest)
		}
		if err != nil {
			p.line("err %s", escape(strings.TrimPrefix(err.Error(), "otr: ")))
		} else {
			p.line("ok")
		}
		if err := p.out.Flush(); err != nil || verb == "quit" {
			return err
		}
	}
	return lines.Err()
}

func (p *peer) line(format string, args ...any) { fmt.Fprintf(p.out, format+"\n", args...) }

// run runs one command.
func (p *peer) run(verb, rest string) error {
	one := unescape(rest)
	switch verb {
	case "recv":
		r, _ := p.Receive([]byte(one)) // the events tell the error
		p.tell(r)
		if r.Show {
			p.line("deliver %s %s", manner(r), escape(string(r.Text)))
		}
		return nil
	case "send":
		return p.told(p.Send([]byte(one)))
	case "start":
		return p.told(p.Start())
	case "end":
		return p.told(p.End())
	case "smp":
		return p.told(p.Authenticate([]byte(one), ""))
	case "smpq":
		f := line.Fields(rest, 2)
		return p.told(p.Authenticate([]byte(f[0]), f[1]))
	case "answer":
		return p.told(p.Answer([]byte(one)))
	case "abort":
		return p.told(p.Abort())
	case "extrakey":
		return p.extraKey(line.Fields(rest, 2))
	case "tlv":
		return p.tlv(line.Fields(rest, 3))
	case "heartbeat":
		return p.told(p.Heartbeat())
	case "fragment":
		n, err := strconv.Atoi(one)
		p.SetMaxFragment(n)
		return err
	case "policy":
		p.SetPolicy(policy(strings.Fields(rest)))
		return nil
	case "clock":
		n, err := strconv.Atoi(strings.TrimPrefix(one, "+"))
		p.offset += time.Duration(n) * time.Second
		return err
	case "poll":
		p.tell(p.Tick())
		return nil
	case "trust":
		f, ok := p.PeerFingerprint()
		if !ok {
			return errors.New("no fingerprint")
		}
		p.trust[f] = one
		return nil
	case "drop":
		p.Drop()
		return nil
	case "instance":
		return p.instance(one)
	case "status":
		p.status()
		return nil
	default:
		return errUnsupported
	}
}

// told prints what a command made, also what comes with an error.
func (p *peer) told(r otr.Result, err error) error {
	p.tell(r)
	return err
}

func (p *peer) extraKey(f []string) error {
	use, err := strconv.ParseUint(f[0], 10, 32)
	if err != nil {
		return err
	}
	data, err := hex.DecodeString(f[1])
	if err != nil {
		return err
	}
	key, r, err := p.ExtraKey(uint32(use), data)
	p.tell(r)
	if err != nil {
		return err
	}
	p.line("extrakey sent %d %s %x", use, hexField(data), key)
	return nil
}

func (p *peer) tlv(f []string) error {
	typ, err := strconv.ParseUint(f[0], 10, 16)
	if err != nil {
		return err
	}
	value, err := hex.DecodeString(f[1])
	if err != nil {
		return err
	}
	return p.told(p.SendTLV([]byte(f[2]), uint16(typ), value))
}

func (p *peer) instance(which string) error {
	switch which {
	case "best", "recent":
		return nil // the engine follows the live one by itself
	case "master":
		return errUnsupported
	}
	tag, err := strconv.ParseUint(which, 16, 32)
	if err != nil || !p.Select(uint32(tag)) {
		return errors.New("no such instance")
	}
	return nil
}

func (p *peer) status() {
	fp, ssid, half, trust := "", "", "first", ""
	if f, ok := p.PeerFingerprint(); ok {
		fp, trust = f.Hex(), p.trust[f]
	}
	id, first := p.SessionID()
	if p.State() == otr.Encrypted {
		ssid = hex.EncodeToString(id[:])
	}
	if !first {
		half = "second"
	}
	p.line("state %v v=%d fp=%s ssid=%s half=%s trust=%s ourtag=%08x theirtag=%08x", p.State(), p.Version(),
		escape(fp), escape(ssid), half, escape(trust), p.OurTag(), p.TheirTag())
}

// policy reads the words of the policy command.
func policy(words []string) (p otr.Policy) {
	flags := map[string]otr.Policy{
		"v2": otr.AllowV2, "v3": otr.AllowV3, "require": otr.RequireEncryption, "whitespace": otr.SendWhitespaceTag,
		"whitespace-start": otr.WhitespaceStartsAKE, "error-start": otr.ErrorStartsAKE,
		"never": otr.Never, "manual": otr.Manual, "opportunistic": otr.Opportunistic, "always": otr.Always,
	}
	for _, w := range words {
		p |= flags[w]
	}
	return p
}
