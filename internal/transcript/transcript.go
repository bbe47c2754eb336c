// Package transcript records one side of an OTR conversation, and plays it
// again. A transcript is readable lines: calls of the engine's methods, each
// followed by what came of it:
//
//	# a comment
//	> open KEY 00000101 13
//	> receive "?OTRv23?"
//	< wire "?OTR:AAMCAAABAQ..."
//	< state plaintext exchanging
//	> send "hello"
//	< wire "hello"
//
// Randomness and time of the engine are fixed: it has to do the same again, to
// the byte. Conversations with libotr, which are recorded where libotr is
// installed, prove that anywhere.
//
// A Player owns its session and belongs to one goroutine.
package transcript

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"culver/otrplugin/otr"
)

// start is what the clock shows when a session opens.
var start = time.Date(2023, 11, 14, 22, 13, 20, 0, time.UTC)

// Player makes calls of a session and keeps the record of them.
type Player struct {
	session *otr.Session
	now     time.Time
	state   string // as last told
	record  strings.Builder
}

// Comment puts a comment on record.
func (p *Player) Comment(text string) { fmt.Fprintf(&p.record, "# %s\n", text) }

// Record is the transcript so far.
func (p *Player) Record() string { return p.record.String() }

// Close wipes the session.
func (p *Player) Close() {
	if p.session != nil {
		p.session.Close()
	}
}

// Do makes a call, puts it on record and returns the lines of what came of it.
// An error means that the call itself makes no sense.
func (p *Player) Do(call string) ([]string, error) {
	verb, args, err := split(call)
	if err != nil {
		return nil, fmt.Errorf("call %.60q: %w", call, err)
	}
	var told []string
	tell := func(format string, a ...any) { told = append(told, fmt.Sprintf(format, a...)) }
	if verb == "open" {
		err = p.open(args)
	} else if p.session == nil {
		err = errors.New("no session is open")
	} else {
		err = p.call(verb, args, tell)
	}
	if err != nil {
		return nil, fmt.Errorf("call %.60q: %w", call, err)
	}
	if state := p.describe(); state != p.state {
		p.state = state
		tell("state %s", state)
	}
	fmt.Fprintf(&p.record, "> %s\n", call)
	for _, line := range told {
		fmt.Fprintf(&p.record, "< %s\n", line)
	}
	return told, nil
}

// open makes the session: open KEY TAG SEED, KEY being what Marshal writes.
func (p *Player) open(args [][]byte) error {
	if len(args) != 3 {
		return errors.New("open takes a key, a tag and a seed")
	}
	b, err := unhex(args[0])
	if err != nil {
		return err
	}
	key, err := otr.ParsePrivateKey(b)
	if err != nil {
		return err
	}
	tag, err := strconv.ParseUint(string(args[1]), 16, 32)
	if err != nil {
		return err
	}
	seed, err := strconv.ParseUint(string(args[2]), 10, 8)
	if err != nil {
		return err
	}
	p.now = start
	p.session = otr.New(otr.Config{
		Key: key, InstanceTag: uint32(tag), Policy: otr.Manual,
		Rand: rand.NewChaCha8([32]byte{byte(seed)}), Now: func() time.Time { return p.now },
	})
	p.state = p.describe()
	return nil
}

// call makes one call of the session.
func (p *Player) call(verb string, args [][]byte, tell func(string, ...any)) error {
	s := p.session
	arg := func(n int) []byte {
		if n < len(args) {
			return args[n]
		}
		return nil
	}
	number := func(n int) uint64 {
		v, _ := strconv.ParseUint(string(arg(n)), 10, 32)
		return v
	}
	var r otr.Result
	var err error
	switch verb {
	case "receive":
		r, err = s.Receive(arg(0))
	case "send":
		r, err = s.Send(arg(0))
	case "start":
		r, err = s.Start()
	case "end":
		r, err = s.End()
	case "authenticate":
		r, err = s.Authenticate(arg(0), string(arg(1)))
	case "answer":
		r, err = s.Answer(arg(0))
	case "abort":
		r, err = s.Abort()
	case "heartbeat":
		r, err = s.Heartbeat()
	case "extra-key":
		var key []byte
		key, r, err = s.ExtraKey(uint32(number(0)), arg(1))
		tell("key %x", key)
	case "send-tlv":
		r, err = s.SendTLV(arg(2), uint16(number(0)), arg(1))
	case "tick":
		r = s.Tick()
	case "prepare":
		if w := s.Prepare(); w != nil {
			w.Run()
			tell("adopted %v", s.Adopt(w))
		}
	case "drop":
		s.Drop()
	case "fragment":
		s.SetMaxFragment(int(number(0)))
	case "clock":
		p.now = p.now.Add(time.Duration(number(0)) * time.Second)
	case "policy":
		policy, err := parsePolicy(args)
		if err != nil {
			return err
		}
		s.SetPolicy(policy)
	default:
		return errors.New("no such call")
	}
	for _, w := range r.Wire {
		tell("wire %s", strconv.Quote(string(w)))
	}
	for _, e := range r.Events {
		tell("event %s", event(e))
	}
	switch {
	case r.Show && r.Sealed:
		tell("show sealed %s from %s tag %08x", strconv.Quote(string(r.Text)), r.From.Hex(), r.FromTag)
	case r.Show:
		tell("show clear %s", strconv.Quote(string(r.Text)))
	case r.Sealed && verb == "send":
		tell("sealed")
	}
	if r.Held {
		tell("held")
	}
	if err != nil {
		tell("error %s", strconv.Quote(err.Error()))
	}
	return nil
}

// event writes an event, all of it.
func event(e otr.Event) string {
	var b strings.Builder
	b.WriteString(e.Kind.String())
	if e.Tag != 0 {
		fmt.Fprintf(&b, " tag %08x", e.Tag)
	}
	if e.Fingerprint != (otr.Fingerprint{}) {
		fmt.Fprintf(&b, " fingerprint %s", e.Fingerprint.Hex())
	}
	if e.Percent != 0 {
		fmt.Fprintf(&b, " percent %d", e.Percent)
	}
	if e.Text != "" {
		fmt.Fprintf(&b, " text %s", strconv.Quote(e.Text))
	}
	if e.TLV != 0 {
		fmt.Fprintf(&b, " tlv %d", e.TLV)
	}
	if e.Use != 0 {
		fmt.Fprintf(&b, " use %d", e.Use)
	}
	if len(e.Data) > 0 {
		fmt.Fprintf(&b, " data %x", e.Data)
	}
	if len(e.Key) > 0 {
		fmt.Fprintf(&b, " key %x", e.Key)
	}
	return b.String()
}

// describe is everything that can be asked of the session.
func (p *Player) describe() string {
	s := p.session
	if s == nil {
		return ""
	}
	var b strings.Builder
	b.WriteString(s.State().String())
	if v := s.Version(); v != 0 {
		fmt.Fprintf(&b, " version %d", v)
	}
	if f, ok := s.PeerFingerprint(); ok {
		ssid, first := s.SessionID()
		fmt.Fprintf(&b, " peer %s tag %08x session %x ours-first %v", f.Hex(), s.TheirTag(), ssid, first)
	}
	for _, e := range []struct {
		is   bool
		word string
	}{{s.Exchanging(), "exchanging"}, {s.SMPRunning(), "authenticating"}, {s.Held() > 0, fmt.Sprint("held ", s.Held())}} {
		if e.is {
			b.WriteString(" " + e.word)
		}
	}
	return b.String()
}

// parsePolicy reads the words of a policy.
func parsePolicy(words [][]byte) (p otr.Policy, err error) {
	flags := map[string]otr.Policy{
		"v2": otr.AllowV2, "v3": otr.AllowV3, "require": otr.RequireEncryption, "whitespace": otr.SendWhitespaceTag,
		"whitespace-start": otr.WhitespaceStartsAKE, "error-start": otr.ErrorStartsAKE,
	}
	for _, w := range words {
		flag, ok := flags[string(w)]
		if !ok {
			return 0, fmt.Errorf("no policy %q", w)
		}
		p |= flag
	}
	return p, nil
}

// split cuts a call into its verb and its arguments: words, or quoted strings
// as Go has them.
func split(call string) (verb string, args [][]byte, err error) {
	verb, rest, _ := strings.Cut(call, " ")
	for rest = strings.TrimLeft(rest, " "); rest != ""; rest = strings.TrimLeft(rest, " ") {
		if rest[0] != '"' {
			var word string
			word, rest, _ = strings.Cut(rest, " ")
			args = append(args, []byte(word))
			continue
		}
		quoted, err := strconv.QuotedPrefix(rest)
		if err != nil {
			return "", nil, err
		}
		text, err := strconv.Unquote(quoted)
		if err != nil {
			return "", nil, err
		}
		args, rest = append(args, []byte(text)), rest[len(quoted):]
	}
	return verb, args, nil
}

func unhex(b []byte) ([]byte, error) {
	out := make([]byte, hex.DecodedLen(len(b)))
	_, err := hex.Decode(out, b)
	return out, err
}

// Play makes the calls of a transcript anew and returns the record of it, with
// the comments. If nothing has changed, it is the same.
func Play(transcript []byte) (string, error) {
	p := &Player{}
	defer p.Close()
	n := 0
	for line := range bytes.Lines(transcript) {
		n++
		text := strings.TrimSuffix(string(line), "\n")
		if comment, ok := strings.CutPrefix(text, "# "); ok {
			p.Comment(comment)
		} else if call, ok := strings.CutPrefix(text, "> "); ok {
			if _, err := p.Do(call); err != nil {
				return p.Record(), fmt.Errorf("line %d: %w", n, err)
			}
		} else if !strings.HasPrefix(text, "< ") {
			return p.Record(), fmt.Errorf("line %d: neither a call nor what came of one", n)
		}
	}
	return p.Record(), nil
}
