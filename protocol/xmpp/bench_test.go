package xmpp

import (
	"io"
	"strings"
	"testing"

	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/protocol"
)

// BenchmarkReceive is a message from bytes to event.
func BenchmarkReceive(b *testing.B) {
	const message = "<message from='bob@test.example/phone' to='alice@test.example/here' type='chat' id='abcdefgh'>" +
		"<body>An ordinary message of an ordinary length, with &lt;one&gt; surprise.</body><active xmlns='http://jabber.org/protocol/chatstates'/></message>"
	var events []protocol.Event
	l := offline(b, &events)
	s := newStream(nil, io.MultiReader(strings.NewReader("<stream:stream xmlns='jabber:client' xmlns:stream='"+nsStreams+"'>"), &forever{text: message}))
	if err := s.begin(); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.SetBytes(int64(len(message)))
	for b.Loop() {
		e, err := s.next()
		if err != nil {
			b.Fatal(err)
		}
		l.handle(e)
		events = events[:0]
	}
}

// forever reads the same text again and again.
type forever struct {
	text string
	at   int
}

func (f *forever) Read(p []byte) (int, error) {
	n := copy(p, f.text[f.at:])
	f.at = (f.at + n) % len(f.text)
	return n, nil
}

// BenchmarkSend is a message from text to bytes.
func BenchmarkSend(b *testing.B) {
	to := jid.MustParse("bob@test.example/phone")
	o := protocol.Outgoing{ID: "abcdefgh", To: im.Addr{Bare: "bob@test.example"}, Body: "An ordinary message of an ordinary length, with <one> surprise."}
	b.ReportAllocs()
	for b.Loop() {
		chat(o, o.ID, to).marshal()
	}
}
