package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

func TestInstances(t *testing.T) {
	const wholeOnly = "changes the tags of a whole message"
	stage(t,
		scenario{name: "P20 P21 P22 P23 P26 tags", play: foreignTags, only: "v3", whole: wholeOnly},
		scenario{name: "P14 P24 two instances", play: twoInstances, only: "v3"},
	)
}

// retagged is a message of version 3 with other tags.
func retagged(s *scene, line string, from, to uint32) string {
	s.Helper()
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(strings.TrimPrefix(line, "?OTR:"), "."))
	if err != nil || len(raw) < 11 {
		s.Fatalf("%.60q: %v", line, err)
	}
	binary.BigEndian.PutUint32(raw[3:], from)
	binary.BigEndian.PutUint32(raw[7:], to)
	return armour(raw)
}

// foreignTags: what carries tags that it should not.
func foreignTags(s *scene) {
	s.secure(s.a)
	reveal := s.b.sent[1]
	for _, p := range []*wirePeer{s.a, s.b} {
		o := s.other(p)
		s.do(p, "send x")
		data := p.queue[0]
		p.queue = nil
		told := func(line, event string, answers int) {
			s.Helper()
			o.events, o.queue = nil, nil
			s.do(o, "clock +61") // errors are told a few times a minute
			s.do(o, "recv %s", escape(line))
			if event == "" && len(o.events) > 0 || event != "" && !o.has(event) || len(o.queue) != answers {
				s.Fatalf("%s told %q and answered %q", o.name, o.events, o.queue)
			}
			s.shown(o)
		}
		for _, to := range []uint32{1, 0xff, o.tag() ^ 0x10000000} {
			told(retagged(s, data, p.tag(), to), "event other-instance", 0)
			told(fmt.Sprintf("?OTR|%x|%x,1,1,x,", p.tag(), to), "event other-instance", 0)
		}
		told(retagged(s, data, p.tag(), 0), "event other-instance", 0)
		for _, from := range []uint32{0, 1, 0xff} {
			told(retagged(s, data, from, o.tag()), "event malformed", 1)
			told(fmt.Sprintf("?OTR|%x|%x,1,2,x,", from, o.tag()), "event malformed", 1)
		}
		stranger := p.tag() ^ 0x10000000
		told(retagged(s, reveal, stranger, o.tag()), "", 0)
		if o.ours { // libotr tells nobody
			told(retagged(s, data, stranger, o.tag()), "event not-in-private", 1)
		}
		s.do(o, "recv %s", escape(data))
		o.queue = nil
		s.shown(o, "encrypted x")
	}
	s.states("encrypted", "encrypted")
	s.say(s.a, "as if nothing had been")
	s.say(s.b, "indeed")
}

// twoInstances: bob is logged in twice, and alice's messages go to both: each
// gets a session of his own, and the one who speaks is the one who is
// answered. Then one of them starts again with a new instance tag.
func twoInstances(s *scene) {
	engine := map[bool]string{true: "culver", false: "libotr"}[s.b.ours]
	phone := s.enter(engine, "bob's phone", s.b.key, 0)
	s.do(phone, "policy %s", s.words)
	run := func(bobs ...*wirePeer) {
		s.Helper()
		for n := 0; ; n++ {
			quiet := len(s.a.queue) == 0
			if !quiet {
				line := s.a.queue[0]
				s.a.queue = s.a.queue[1:]
				for _, b := range bobs {
					s.do(b, "recv %s", escape(line))
				}
			}
			for _, b := range bobs {
				if len(b.queue) > 0 {
					quiet = false
					s.deliverOne(b)
				}
			}
			if quiet {
				return
			}
			if n > 1000 {
				s.Fatal("they never stop talking")
			}
		}
	}
	converse := func() {
		s.Helper()
		for _, b := range []*wirePeer{s.b, phone} {
			if b.state("") != "encrypted" {
				s.Fatalf("%s is not private", b.name)
			}
		}
		for _, b := range []*wirePeer{s.b, phone, s.b} {
			s.do(s.a, "clock +2") // libotr counts in seconds
			s.do(b, "send it's me")
			run(s.b, phone)
			s.shown(s.a, "encrypted it's me")
			s.do(s.a, "send fine")
			run(s.b, phone)
			s.shown(b, "encrypted fine")
		}
		s.shown(phone)
		s.want(phone, "event other-instance")
	}
	s.do(s.a, "start") // each answers with a commit
	run(s.b, phone)
	converse()
	s.do(s.a, "end")
	run(s.b, phone)
	for _, b := range []*wirePeer{s.b, phone} {
		s.want(b, "event peer-ended")
		s.do(b, "end")
	}
	s.clock(70)
	s.do(s.b, "start") // one commit, which both answer
	run(s.b, phone)
	converse()
	again := s.enter(engine, "bob again", s.b.key, 0)
	s.do(again, "policy %s", s.words)
	s.do(s.a, "clock +2")
	s.do(again, "start")
	run(again)
	s.do(again, "send I am back")
	run(again)
	s.shown(s.a, "encrypted I am back")
	s.do(s.a, "send so you are")
	run(again)
	s.shown(again, "encrypted so you are")
}
