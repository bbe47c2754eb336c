package otr

import (
	"fmt"
	"strings"
	"testing"
)

func TestFingerprint(t *testing.T) {
	f := Fingerprint{0x01, 0x23, 0xab, 19: 0xff}
	if s := f.String(); s != "0123AB00 00000000 00000000 00000000 000000FF" {
		t.Error(s)
	}
	if s := f.Hex(); s != "0123ab00000000000000000000000000000000ff" {
		t.Error(s)
	}
	for _, s := range []string{f.String(), f.Hex(), " " + strings.ToLower(f.String()) + "\n", "01:23:ab" + strings.Repeat("00", 16) + "FF"} {
		if g, err := ParseFingerprint(s); err != nil || g != f {
			t.Errorf("%q: %v, %v", s, g, err)
		}
	}
	for _, s := range []string{"", "0123", f.Hex() + "00", "x" + f.Hex()[1:], f.Hex()[1:]} {
		if _, err := ParseFingerprint(s); err == nil {
			t.Errorf("%q parses", s)
		}
	}
}

func TestKey(t *testing.T) {
	k := keys()[0]
	l, err := ParsePrivateKey(k.Marshal())
	if err != nil || l.Fingerprint() != k.Fingerprint() {
		t.Fatal(err)
	}
	p, q, g, y, x := k.Numbers()
	m, err := KeyFromNumbers(p, q, g, y, x)
	if err != nil || m.Fingerprint() != k.Fingerprint() {
		t.Fatal(err)
	}
	if s := fmt.Sprintf("%v %+v %#v %s", k, k, k, k); strings.ReplaceAll(s, "[redacted]", "") != "   " {
		t.Error("a key prints as", s)
	}
}

func TestClose(t *testing.T) {
	p := newPair(t, nil).secure()
	p.a.say("remembered")
	keys, instance := p.a.live.keys, p.a.live
	p.a.Close()
	if instance.keys != nil || len(keys.Wipe()) > 0 || len(p.a.recent)+len(p.a.held) > 0 || p.a.State() != Plaintext {
		t.Fatal("something is left")
	}
	for name, err := range map[string]error{
		"Receive": second(p.a.Receive([]byte("x"))), "Send": second(p.a.Send([]byte("x"))), "Start": second(p.a.Start()),
		"End": second(p.a.End()), "Authenticate": second(p.a.Authenticate([]byte("x"), "")), "Abort": second(p.a.Abort()),
		"Answer": second(p.a.Answer([]byte("x"))), "Heartbeat": second(p.a.Heartbeat()), "Release": second(p.a.Release()),
	} {
		if err != ErrClosed {
			t.Errorf("%s: %v", name, err)
		}
	}
	p.a.Tick()
	p.a.Close()
}

func second(_ Result, err error) error { return err }
