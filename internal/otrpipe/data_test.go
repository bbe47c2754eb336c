package main

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
)

var texts = []string{
	"hello", "Grüße, Κόσμε, 世界 🙂", "<b>bold</b> &lt;i&gt; &amp;", "two\nlines\r\n\ttab", strings.Repeat("long ", 600),
	"?OTR is just text", " leading and trailing ", `back\slash`,
}

func TestData(t *testing.T) {
	stage(t,
		scenario{name: "P33 P40 messages", play: messages},
		scenario{name: "P35 P37 P38 rotation", play: rotation},
		scenario{name: "P36 P37 crossing", play: crossing},
		scenario{name: "P36 tampered", play: tampered, whole: "changes bytes of a whole message"},
		scenario{name: "P36 replay", play: replay, whole: "repeats a whole message"},
		scenario{name: "P7 P8 garbage", play: garbage},
		scenario{name: "P41 heartbeat", play: heartbeat},
		scenario{name: "P42 P43 error starts exchange and resends", play: errorStarts, whole: "changes bytes of a whole message"},
		scenario{name: "P44 clear while encrypted", play: clearWhileEncrypted},
		scenario{name: "P45 typed after the end", play: typedAfterEnd},
		scenario{name: "P48 end", play: end},
		scenario{name: "P49 extra key and records", play: extraKey},
		scenario{name: "P49 several records in one message", play: severalRecords},
	)
}

func messages(s *scene) {
	s.secure(s.a)
	for _, text := range texts {
		s.say(s.a, text)
		s.say(s.b, text)
		s.secret(text)
	}
	if s.a.ours { // libotr makes a query of it
		s.say(s.a, "?OTRv23? is just text too")
	}
}

func rotation(s *scene) {
	s.secure(s.a)
	for n := range 5 {
		s.say(s.a, fmt.Sprint("one way ", n))
	}
	for n := range 8 {
		s.say(s.b, fmt.Sprint("back ", n))
		s.say(s.a, fmt.Sprint("forth ", n))
		if n%3 == 0 {
			s.say(s.a, "twice")
		}
	}
}

func crossing(s *scene) {
	s.secure(s.a)
	for n := range 6 {
		text := fmt.Sprint("crossing ", n)
		s.do(s.a, "send %s", text)
		s.do(s.b, "send %s", text)
		s.do(s.a, "send %s again", text)
		s.run()
		s.shown(s.a, "encrypted "+text)
		s.shown(s.b, "encrypted "+text, "encrypted "+text+" again")
	}
}

func tampered(s *scene) {
	s.secure(s.a)
	for _, p := range []*wirePeer{s.a, s.b} {
		o := s.other(p)
		s.do(p, "send %s", "tamper with this")
		raw, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(strings.TrimPrefix(p.queue[0], "?OTR:"), "."))
		if err != nil {
			s.Fatal(err)
		}
		good := p.queue[0]
		raw[len(raw)-30] ^= 1 // in the MAC, or in what it covers
		p.queue = nil
		s.do(o, "recv ?OTR:%s.", base64.StdEncoding.EncodeToString(raw))
		s.want(o, "event unreadable")
		s.shown(o)
		o.queue = nil // the error that o reports
		s.do(o, "recv %s", escape(good))
		s.run()
		s.shown(o, "encrypted tamper with this")
	}
}

func replay(s *scene) {
	s.secure(s.a)
	for _, p := range []*wirePeer{s.a, s.b} {
		s.say(p, "once")
		again := p.sent[len(p.sent)-1]
		s.do(s.other(p), "recv %s", escape(again))
		s.want(s.other(p), "event unreadable")
		s.run()
		s.shown(s.other(p))
		s.say(p, "go on")
	}
}

func garbage(s *scene) {
	s.secure(s.a)
	for _, line := range []string{
		"?OTR:===.", "?OTR:.", "?OTR:", "?OTR:AAMD.", "?OTR:AAID.", "?OTR:AAED.", "?OTR:AAMC", "?OTR:AAMKAAAAAAAAAAAA.",
		"?OTR,0,0,x,", "?OTR,1,0,x,", "?OTR,2,1,x,", "?OTR,99999999999999999999,1,x,", "?OTR|0|0,1,1,x,", "?OTR|zz|0,1,1,x,",
		"?OTR|ffffffff|" + s.a.state("ourtag") + ",65535,65535,x,", "?OTR,1,1,,", "?OTR,1,1,?OTR,1,1,x,,", "?OTRv?", "?OTR?v?",
	} {
		for _, p := range []*wirePeer{s.a, s.b} {
			if p.ours {
				s.do(p, "recv %s", escape(line))
				p.texts, p.queue = nil, nil
			}
		}
		s.states("encrypted", "encrypted")
	}
	s.say(s.a, "still there")
	s.say(s.b, "still here")
}

func heartbeat(s *scene) {
	s.secure(s.a)
	s.do(s.a, "heartbeat")
	s.run()
	s.want(s.b, "event heartbeat-received")
	s.shown(s.b)
	s.do(s.b, "clock +61")
	s.say(s.a, "anybody there?")
	s.want(s.b, "event heartbeat-sent")
	s.want(s.a, "event heartbeat-received")
	s.shown(s.a)
}

func errorStarts(s *scene) {
	s.policy("error-start")
	s.secure(s.a)
	before := s.a.state("ssid")
	s.do(s.a, "send %s", "spoilt")
	s.a.queue[0] = strings.Replace(s.a.queue[0], s.a.queue[0][60:64], "AAAA", 1)
	s.run()
	s.want(s.b, "event unreadable")
	s.states("encrypted", "encrypted")
	if s.a.state("ssid") == before {
		s.Fatal("no new keys")
	}
	if s.a.ours || s.version == "v2" { // libotr does so in version 2 only
		s.shown(s.b, "encrypted [resent] spoilt")
	}
	s.b.texts = nil
	s.say(s.a, "again")
}

func clearWhileEncrypted(s *scene) {
	s.secure(s.a)
	for _, p := range []*wirePeer{s.a, s.b} {
		s.do(p, "recv forged words")
		s.want(p, "event unencrypted")
		s.shown(p, "warn forged words")
	}
	s.states("encrypted", "encrypted")
	s.say(s.a, "on we go")
}

func typedAfterEnd(s *scene) {
	s.secure(s.a)
	s.do(s.b, "end")
	s.run()
	s.a.do("send canary")
	s.run()
	s.secret("canary")
	s.shown(s.b)
	s.secure(s.a)
	s.say(s.a, "again")
}

func end(s *scene) {
	for _, p := range []*wirePeer{s.a, s.b} {
		s.secure(p)
		s.do(p, "end")
		s.run()
		s.want(s.other(p), "event peer-ended")
		if p.state("") != "plaintext" || s.other(p).state("") != "finished" {
			s.Fatal("wrong states after the end")
		}
		s.do(s.other(p), "end")
		s.states("plaintext", "plaintext")
		s.do(p, "send open words")
		s.run()
		s.shown(s.other(p), "plain open words")
	}
}

func extraKey(s *scene) {
	s.secure(s.a)
	for _, p := range []*wirePeer{s.a, s.b} {
		o := s.other(p)
		s.do(p, "extrakey 7 c0ffee")
		s.run()
		var sent, received string
		for _, e := range p.events {
			if k, ok := strings.CutPrefix(e, "extrakey sent 7 c0ffee "); ok {
				sent = k
			}
		}
		for _, e := range o.events {
			if k, ok := strings.CutPrefix(e, "extrakey received 7 c0ffee "); ok {
				received = k
			}
		}
		if len(sent) != 64 || sent != received {
			s.Fatalf("extra keys %q, %q", sent, received)
		}
		s.do(p, "tlv 1234 deadbeef with a record")
		s.run()
		s.shown(o, "encrypted with a record")
		s.want(o, "tlv 1234 deadbeef")
	}
}

// severalRecords: of records that come together, the first of each type counts,
// in the order of the protocol. (Ours sends one at a time.)
func severalRecords(s *scene) {
	s.secure(s.a)
	for _, p := range []*wirePeer{s.a, s.b} {
		if p.ours {
			continue
		}
		o := s.other(p)
		o.events = nil
		s.do(p, `tlvs 5 0 00000000 1234 aa 8 00000007c0ffee 8 00000009 1234 \e text`)
		s.run()
		s.shown(o, "encrypted text")
		if e := o.events; len(e) != 3 || e[0] != "tlv 1234 aa" || e[1] != `tlv 1234 \e` || !strings.HasPrefix(e[2], "extrakey received 7 c0ffee ") {
			s.Fatalf("%s says %q", o.name, e)
		}
		o.events = nil
		s.do(p, `tlvs 4 6 \e 8 00000001 1 \e 2 00000006 bye`)
		s.run()
		s.shown(o, "encrypted bye")
		if e := o.events; len(e) != 2 || !strings.HasPrefix(e[0], "extrakey received 1 ") || e[1] != "event peer-ended" {
			s.Fatalf("%s says %q", o.name, e)
		}
		if o.state("") != "finished" {
			s.Fatal("not finished")
		}
	}
}
