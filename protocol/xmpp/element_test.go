package xmpp

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/protocol"
)

// parse reads what was put on the wire as a server does: it must be exactly one
// element.
func parse(t *testing.T, wire []byte) *element {
	t.Helper()
	d := xml.NewDecoder(io.MultiReader(strings.NewReader("<s xmlns='"+nsClient+"'>"), bytes.NewReader(wire)))
	var elements []*element
	depth := 0
	for {
		token, err := d.Token()
		if err != nil {
			if depth == 1 {
				break // the end of what was sent, with the stream still open
			}
			t.Fatalf("%q cannot be parsed: %v", wire, err)
		}
		start, ok := token.(xml.StartElement)
		switch {
		case ok && depth == 0:
			depth = 1
		case ok:
			e, err := readElement(d, start)
			if err != nil {
				t.Fatalf("%q cannot be parsed: %v", wire, err)
			}
			elements = append(elements, e)
		default:
			t.Fatalf("%q has something beside an element: %v", wire, token)
		}
	}
	if len(elements) != 1 {
		t.Fatalf("%q has %d elements", wire, len(elements))
	}
	return elements[0]
}

// builders are all that can put a user's text on the wire: each sends s, and
// says where a server finds it again.
var builders = map[string]func(s string) (sent *element, found func(*element) string){
	"body": func(s string) (*element, func(*element) string) {
		return chat(protocol.Outgoing{Body: sanitize(s)}, "i", jid.MustParse("a@b")),
			func(e *element) string { return e.childText(nsClient, "body") }
	},
	"message ID": func(s string) (*element, func(*element) string) {
		return chat(protocol.Outgoing{Body: "x"}, s, jid.MustParse("a@b")),
			func(e *element) string { return e.attr("id") }
	},
	"method": func(s string) (*element, func(*element) string) {
		return chat(protocol.Outgoing{Body: "x", Hints: protocol.Hints{Sealed: true, By: s}}, "i", jid.MustParse("a@b")),
			func(e *element) string {
				if c := e.child(nsEME, "encryption"); c != nil {
					return c.attr("namespace")
				}
				return ""
			}
	},
	"status": func(s string) (*element, func(*element) string) {
		return announcement(im.Presence{Show: im.Away, Status: s}, capability{"sha-1", capsNode, s}),
			func(e *element) string { return e.childText(nsClient, "status") }
	},
	"reason": func(s string) (*element, func(*element) string) {
		return subscription("subscribe", "a@b", s),
			func(e *element) string { return e.childText(nsClient, "status") }
	},
	"buddy name": func(s string) (*element, func(*element) string) {
		return newElement(nsClient, "iq", newElement(nsRoster, "query", rosterItem("a@b", s, nil))),
			func(e *element) string { return e.child(nsRoster, "query").child(nsRoster, "item").attr("name") }
	},
	"group": func(s string) (*element, func(*element) string) {
		return newElement(nsClient, "iq", newElement(nsRoster, "query", rosterItem("a@b", "", []string{s}))),
			func(e *element) string {
				return e.child(nsRoster, "query").child(nsRoster, "item").childText(nsRoster, "group")
			}
	},
	"request": func(s string) (*element, func(*element) string) {
		return reply(newElement(nsClient, "iq").with("id", s).with("from", s), "error"),
			func(e *element) string {
				if e.attr("id") != e.attr("to") {
					return "ID and address differ"
				}
				return e.attr("id")
			}
	},
}

func checkBuilders(t *testing.T, s string) {
	t.Helper()
	for name, build := range builders {
		sent, found := build(s)
		if got, want := found(parse(t, sent.marshal())), sanitize(s); got != want {
			t.Errorf("%s: %q arrives as %q, want %q", name, s, got, want)
		}
	}
}

var awkward = []string{
	"", "plain", " \t  \t\t ", "a\r\nb\rc\n", "<body>&amp;</body>", "'/><message to='x'>", "\"]]>", "<![CDATA[x]]>",
	"&#0;&bomb;", "\x00\x01\x08\x0b\x1f\x7f", "\xff\xfe\xc0\x80", "\ufffd\ufffe\uffff", "\u202e\u2066\u0300\u0300", "\U0001f600\U0010ffff",
	"<?xml?>", "<!-- -->", "?OTR:AAMDabc=.", strings.Repeat("&", 100),
}

func TestWhatIsSentArrives(t *testing.T) {
	for _, s := range awkward {
		checkBuilders(t, s)
	}
}

func FuzzBuilders(f *testing.F) {
	for _, s := range awkward {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if clean := sanitize(s); !utf8.ValidString(clean) || sanitize(clean) != clean {
			t.Errorf("sanitize(%q) = %q", s, clean)
		}
		checkBuilders(t, s)
	})
}

func TestSanitize(t *testing.T) {
	for in, want := range map[string]string{
		"a\x00b\x1fc":         "abc",
		"\xffx\xc3":           "x",
		"\ufffd":              "\ufffd",
		"\ufffe\uffff!":       "!",
		" \t\r\n\u00a0\u2028": " \t\r\n\u00a0\u2028",
	} {
		if got := sanitize(in); got != want {
			t.Errorf("sanitize(%q) = %q, want %q", in, got, want)
		}
	}
}

// offline is a link to nobody that collects its events, with bob on the roster.
func offline(t testing.TB, events *[]protocol.Event) *link {
	t.Helper()
	conn := newConnection(newStream(nil, bytes.NewReader(nil)), &watchedConn{Conn: deadConn{}})
	conn.self = jid.MustParse("alice@test.example/here")
	l := newLink(conn, endless, func(e protocol.Event) { *events = append(*events, e) })
	l.roster["bob@test.example"] = im.Buddy{Bare: "bob@test.example", Subscription: im.SubscriptionBoth}
	l.messages.add("m1", "bob@test.example")
	if err := l.firstRoster(func() error { return l.send(announcement(im.Presence{Show: im.Available}, l.caps())) }); err != nil {
		t.Fatal(err)
	}
	l.out.take()
	return l
}

// FuzzStanza gives a session whatever a server may send: bytes to decoder to
// handler to events. Nothing may panic, all that is said back must be well
// formed, and no more than is allowed may be read at once.
func FuzzStanza(f *testing.F) {
	for _, s := range strangers {
		f.Add([]byte(s))
	}
	for _, s := range []string{
		"<message from='bob@test.example/x' id='1'><body>hi</body><active xmlns='http://jabber.org/protocol/chatstates'/><delay xmlns='urn:xmpp:delay' stamp='2002-09-10T23:08:25Z'/></message>",
		"<iq type='set' id='p'><query xmlns='jabber:iq:roster'><item jid='x@y/z' name='n' ask='subscribe' subscription='to'><group>g</group></item><item jid='x@y' subscription='remove'/></query></iq>",
		"<iq type='get' id='1' from='bob@test.example/x'/>",
		"<iq type='get' id='&lt;' from='test.example'><ping xmlns='urn:xmpp:ping'/></iq>",
		"<presence from='bob@test.example/x'><show>dnd</show><status>s</status><priority>-1</priority></presence>",
		"<presence from='x@y' type='subscribe'><status>let me</status></presence>",
		"<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
		"</stream:stream>", "<a><b></a></b>", "&x;", strings.Repeat("<a>", 70),
		strings.Repeat("<a>", 70) + strings.Repeat("</a>", 70) + "<iq type='get' id='1'/>",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var events []protocol.Event
		l := offline(t, &events)
		header := "<stream:stream xmlns='" + nsClient + "' xmlns:stream='" + nsStreams + "'>"
		s := newStream(nil, io.MultiReader(strings.NewReader(header), bytes.NewReader(data)))
		if err := s.begin(); err != nil {
			t.Fatalf("read the header: %v", err)
		}
		for {
			e, err := s.nextStanza()
			if err != nil {
				break
			}
			if !s.src.place.between() {
				t.Errorf("after %v it is taken to stand at %+v", e, s.src.place)
			}
			l.handle(e)
		}
		for batch := l.out.take(); len(batch) > 0; batch = l.out.take() {
			for _, item := range batch {
				parse(t, item.bytes)
			}
		}
		for _, event := range events {
			checkEvent(t, event)
		}
		if s.src.used > maxStanza {
			t.Errorf("%d bytes for one element", s.src.used)
		}
	})
}

func checkEvent(t *testing.T, event protocol.Event) {
	t.Helper()
	valid := func(bare string) {
		if address, err := jid.Parse(bare); err != nil || address.Bare().String() != bare {
			t.Errorf("%T%+v: address %q", event, event, bare)
		}
	}
	switch e := event.(type) {
	case protocol.Received:
		valid(e.From.Bare)
		if e.Body == "" || !utf8.ValidString(e.Body) || e.Time.IsZero() {
			t.Errorf("%+v", e)
		}
	case protocol.BuddyChanged:
		valid(e.Buddy.Bare)
	case protocol.BuddyRemoved:
		valid(e.Bare)
	case protocol.PresenceChanged:
		valid(e.From.Bare)
		if p := e.Presence; p.Priority < -128 || p.Priority > 127 {
			t.Errorf("%+v", e)
		}
	case protocol.Rejected:
		if e.ID != "m1" {
			t.Errorf("%+v", e)
		}
	}
}

func TestStanzaLimits(t *testing.T) {
	header := "<stream:stream xmlns='jabber:client' xmlns:stream='" + nsStreams + "'>"
	read := func(xmlText string) error {
		s := newStream(nil, strings.NewReader(header+xmlText))
		if err := s.begin(); err != nil {
			t.Fatal(err)
		}
		for {
			if _, err := s.next(); err != nil {
				return err
			}
		}
	}
	nested := func(n int) string { return strings.Repeat("<a>", n) + strings.Repeat("</a>", n) }
	full := "<a>" + strings.Repeat("x", maxStanza-len("<a></a>")) + "</a>"
	for name, c := range map[string]struct {
		xml  string
		want error
	}{
		"as large as allowed, often": {strings.Repeat(full+" ", 5) + "</stream:stream>", io.EOF},
		"one byte more":              {strings.Replace(full, "x", "xx", 1), errTooLarge},
		"as deep as allowed":         {nested(maxDepth) + "</stream:stream>", io.EOF},
		"deeper":                     {nested(maxDepth + 1), errTooDeep},
		"endless blanks":             {strings.Repeat(" ", maxStanza+1), errTooLarge},
		"cut off":                    {"<a><b>", io.ErrUnexpectedEOF},
		"cut off between":            {"<a/>", io.ErrUnexpectedEOF},
	} {
		if err := read(c.xml); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// TestDecoderDoesNotReadAhead checks what STARTTLS rests on.
func TestDecoderDoesNotReadAhead(t *testing.T) {
	src := newSource(strings.NewReader("<a><b/></a>\x16\x03"))
	src.r = bufio.NewReaderSize(src.r, 64)
	d := xml.NewDecoder(src)
	for range 4 {
		if _, err := d.Token(); err != nil {
			t.Fatal(err)
		}
	}
	if rest, err := io.ReadAll(src.r); err != nil || string(rest) != "\x16\x03" {
		t.Errorf("left over %q, %v", rest, err)
	}
}
