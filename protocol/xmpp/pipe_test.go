package xmpp

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"strings"
	"testing"

	"culver/im"
	"culver/internal/testkit"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

const pipeID = "0123456789abcdefghij"

// selfOf is the full address of a client.
func selfOf(t *testing.T, c *client) im.Addr {
	t.Helper()
	l, err := c.online()
	if err != nil {
		t.Fatal(err)
	}
	return addr(l.self)
}

// pump sends data through a pipe from a to b, and returns what came.
func pump(t *testing.T, a, b *client, data []byte) []byte {
	t.Helper()
	wait, err := b.Expect(selfOf(t, a), pipeID)
	if err != nil {
		t.Fatal(err)
	}
	sent := make(chan error, 1)
	go func() {
		w, err := a.Pipe(t.Context(), selfOf(t, b), pipeID)
		if err == nil {
			_, err = io.Copy(w, bytes.NewReader(data))
			err = errors.Join(err, w.Close())
		}
		sent <- err
	}()
	r, err := wait(t.Context())
	if err != nil {
		t.Fatalf("%v, %v", err, <-sent)
	}
	got, err := io.ReadAll(r)
	if err != nil {
		t.Errorf("read: %v", err)
	}
	r.Close()
	if err := <-sent; err != nil {
		t.Errorf("write: %v", err)
	}
	return got
}

func TestPipes(t *testing.T) {
	data := make([]byte, 3<<20)
	rand.Read(data)
	for name, e := range map[string]struct {
		options testkit.ServerOptions
		proxied bool
		size    int
	}{
		"by proxy":          {proxied: true, size: 3 << 20},
		"inside the stream": {options: testkit.ServerOptions{NoProxy: true}, size: 1<<20 + 3},
	} {
		t.Run(name, func(t *testing.T) {
			testkit.OnServers(t, e.options, func(t *testing.T, s *testkit.Server) {
				alice, bob := servedBy(t, s, s.Fresh(t, "alice")), servedBy(t, s, s.Fresh(t, "bob"))
				if e.proxied {
					untilProxy(t, alice)
				}
				if got := pump(t, alice, bob, data[:e.size]); !bytes.Equal(got, data[:e.size]) {
					t.Errorf("%d bytes came", len(got))
				}
				if inband := strings.Contains(s.Stanzas(), nsInband+"' seq") || strings.Contains(s.Stanzas(), "<data"); inband == e.proxied {
					t.Errorf("inside the stream: %v", inband)
				}
				if got := pump(t, bob, alice, nil); len(got) != 0 {
					t.Errorf("%d bytes came of nothing", len(got))
				}
			})
		})
	}
}

// untilProxy waits until the server's proxy is known.
func untilProxy(t *testing.T, c *client) {
	t.Helper()
	l, err := c.online()
	if err != nil {
		t.Fatal(err)
	}
	for l.pipes.proxy.Load() == nil {
		if _, err := l.askAndWait(t.Context(), waitLimit, "", "get", newElement(nsPing, "ping")); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAProxyThatIsGoneIsNotNeeded(t *testing.T) {
	s := testkit.StartProsody(t, testkit.ServerOptions{})
	alice, bob := servedBy(t, s, s.Fresh(t, "alice")), servedBy(t, s, s.Fresh(t, "bob"))
	untilProxy(t, alice)
	l, err := bob.online()
	if err != nil {
		t.Fatal(err)
	}
	l.goesOut(func(context.Context, string) (net.Conn, error) { return nil, errors.New("nobody there") })
	if got := pump(t, alice, bob, []byte("hello")); string(got) != "hello" {
		t.Errorf("%q came", got)
	}
}

func TestPipesThatAreNotWaitedFor(t *testing.T) {
	s := testkit.StartProsody(t, testkit.ServerOptions{NoProxy: true})
	alice, bob := servedBy(t, s, s.Fresh(t, "alice")), servedBy(t, s, s.Fresh(t, "bob"))
	if _, err := alice.Pipe(t.Context(), im.Addr{Bare: bob.address.String()}, pipeID); !errors.Is(err, protocol.ErrNoPipe) {
		t.Errorf("to no device: %v", err)
	}
	gone := selfOf(t, bob)
	gone.Resource = "elsewhere"
	if _, err := alice.Pipe(t.Context(), gone, pipeID); !errors.Is(err, protocol.ErrNoPipe) {
		t.Errorf("to a device that is not there: %v", err)
	}
	wait, err := bob.Expect(selfOf(t, alice), pipeID)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := wait(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("waited for nobody: %v", err)
	}
	if wait, err = bob.Expect(selfOf(t, alice), pipeID); err != nil {
		t.Fatal(err)
	}
	bob.cancel()
	bob.end()
	if _, err := wait(t.Context()); !errors.Is(err, protocol.ErrOffline) {
		t.Errorf("waited without a connection: %v", err)
	}
}

// friend is somebody on alice's list, who sees her.
const friend = "bob@example.net/there"

// listed is a client with a friend on the list.
func listed(t *testing.T) (*client, *xmpptest.Conn) {
	t.Helper()
	return fake(t, xmpptest.Options{Roster: `<item jid='bob@example.net' subscription='both'/>`})
}

func TestHostileStreams(t *testing.T) {
	block := func(seq, text string) string {
		return "<data xmlns='" + nsInband + "' sid='" + pipeID + "' seq='" + seq + "'>" + text + "</data>"
	}
	open := "<open xmlns='" + nsInband + "' sid='" + pipeID + "' block-size='9' stanza='iq'/>"
	hello := base64.StdEncoding.EncodeToString([]byte("hello"))
	for name, e := range map[string]struct {
		from  string
		first string // in place of the opening
		then  []string
	}{
		"another device":   {from: "bob@example.net/else", first: open},
		"another person":   {from: "eve@example.net/there", first: open},
		"another ID":       {first: strings.Replace(open, pipeID, "x"+pipeID, 1)},
		"no block size":    {first: strings.Replace(open, "'9'", "'0'", 1)},
		"huge blocks":      {first: strings.Replace(open, "'9'", "'65537'", 1)},
		"by messages":      {first: strings.Replace(open, "'iq'", "'message'", 1)},
		"not opened":       {first: block("0", hello)},
		"closed unopened":  {first: "<close xmlns='" + nsInband + "' sid='" + pipeID + "'/>"},
		"opened twice":     {then: []string{open}},
		"left out":         {then: []string{block("1", hello)}},
		"repeated":         {then: []string{block("0", hello), block("0", hello)}},
		"not a number":     {then: []string{block("-1", hello)}},
		"beyond":           {then: []string{block("65536", hello)}},
		"not base 64":      {then: []string{block("0", "!!!!")}},
		"nothing":          {then: []string{block("0", "")}},
		"longer":           {then: []string{block("0", base64.StdEncoding.EncodeToString([]byte("hello hello")))}},
		"by somebody else": {from: "bob@example.net/else", then: []string{block("0", hello)}},
		"bytestream":       {first: "<query xmlns='" + nsBytestreams + "' sid='nobody expects it' mode='tcp'/>"},
		"direct": {first: "<query xmlns='" + nsBytestreams + "' sid='" + pipeID + "' mode='tcp'>" +
			"<streamhost jid='bob@example.net/there' host='192.0.2.1' port='1'/><streamhost jid='elsewhere.example' host='192.0.2.1' port='1'/></query>"},
		"UDP": {first: "<query xmlns='" + nsBytestreams + "' sid='" + pipeID + "' mode='udp'/>"},
	} {
		t.Run(name, func(t *testing.T) {
			c, conn := listed(t)
			l, err := c.online()
			if err != nil {
				t.Fatal(err)
			}
			l.goesOut(func(_ context.Context, address string) (net.Conn, error) {
				t.Errorf("it went to %s", address)
				return nil, errors.New("no")
			})
			wait, err := c.Expect(im.Addr{Bare: "bob@example.net", Resource: "there"}, pipeID)
			if err != nil {
				t.Fatal(err)
			}
			go func() { // what came is answered once it was read
				if r, err := wait(context.Background()); err == nil {
					_, _ = io.Copy(io.Discard, r)
				}
			}()
			say := func(from, id, what string) string {
				conn.Send("<iq type='set' id='%s' from='%s'>%s</iq>", id, from, what)
				if strings.HasPrefix(from, "eve@") {
					return "error" // nothing is answered: see below
				}
				answer := answerTo(conn, id)
				return answer
			}
			from := e.from
			if from == "" {
				from = friend
			}
			if e.first != "" {
				if kind := say(from, "first", e.first); kind != "error" {
					t.Errorf("answered by %s", kind)
				}
			} else if kind := say(friend, "first", open); kind != "result" {
				t.Fatalf("answered by %s", kind)
			}
			kind := "error"
			for i, then := range e.then {
				kind = say(from, "then"+string(rune('0'+i)), then)
			}
			if kind != "error" {
				t.Errorf("answered by %s", kind)
			}
			conn.Send("<iq type='get' id='end'><ping xmlns='urn:xmpp:ping'/></iq>")
			for {
				e := conn.Next()
				if e.Attr("id") == "end" {
					break
				}
				if strings.HasPrefix(from, "eve@") && e.Attr("id") == "first" {
					t.Error("a stranger was answered")
				}
			}
		})
	}
}

// Whoever gives a pipe up does not wait for the other side, which may never answer; and what
// it did not answer is forgotten. It is told of it once, whoever notices first.
func TestAPipeIsGivenUp(t *testing.T) {
	t.Run("as it comes", func(t *testing.T) { givesUpAPipe(t, func(*inbandWriter) {}) })
	t.Run("Close is first", func(t *testing.T) {
		givesUpAPipe(t, func(w *inbandWriter) {
			w.stop()
			w.stop = func() bool { return true }
		})
	})
}

func givesUpAPipe(t *testing.T, before func(*inbandWriter)) {
	c, conn := listed(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	opened := make(chan io.WriteCloser, 1)
	go func() {
		w, err := c.Pipe(ctx, im.Addr{Bare: "bob@example.net", Resource: "there"}, pipeID)
		if err != nil {
			t.Error(err)
		}
		opened <- w
	}()
	inband := func(what string) xmpptest.Stanza {
		for {
			if s := conn.Next(); strings.Contains(s.Inner, "<"+what+" xmlns='"+nsInband+"'") {
				return s
			}
		}
	}
	conn.Send("<iq type='result' id='%s' from='%s'/>", inband("open").Attr("id"), friend)
	w := <-opened
	if w == nil {
		return
	}
	before(w.(*inbandWriter))
	waiting := make(chan int, 2)
	count := func(l *link) {
		l.requests.mu.Lock()
		defer l.requests.mu.Unlock()
		waiting <- len(l.requests.waiting)
	}
	must(t, c.sessionDo(count))
	if _, err := w.Write(make([]byte, 3*blockSize)); err != nil {
		t.Fatal(err)
	}
	closed := make(chan error, 1)
	go func() { closed <- w.Close() }()
	inband("data")
	inband("close")
	cancel()
	if err := <-closed; !errors.Is(err, context.Canceled) {
		t.Errorf("closed with %v", err)
	}
	inband("close")
	must(t, c.sessionDo(count))
	if was, is := <-waiting, <-waiting; is > was+1 { // the other side was told, and has a while to answer that
		t.Errorf("%d requests wait, before it were %d", is, was)
	}
}

// answerTo is the type of the answer to a request.
func answerTo(conn *xmpptest.Conn, id string) string {
	for {
		if e := conn.Next(); e.XMLName.Local == "iq" && e.Attr("id") == id {
			return e.Attr("type")
		}
	}
}

// loop is a connection of what was written before.
type loop struct {
	io.Reader
	bytes.Buffer
}

func (l *loop) Read(p []byte) (int, error)  { return l.Reader.Read(p) }
func (l *loop) Write(p []byte) (int, error) { return l.Buffer.Write(p) }

func TestCVE_2009_1373_AnswersOfProxiesHaveBounds(t *testing.T) {
	to := strings.Repeat("a", 40)
	for name, e := range map[string]struct {
		answer string
		ok     bool
	}{
		"name":    {"\x05\x00\x05\x00\x00\x03\x28" + to + "\x00\x00", true},
		"IPv4":    {"\x05\x00\x05\x00\x00\x01\x01\x02\x03\x04\x00\x00", true},
		"IPv6":    {"\x05\x00\x05\x00\x00\x04" + strings.Repeat("x", 16) + "\x00\x00", true},
		"longest": {"\x05\x00\x05\x00\x00\x03\xff" + strings.Repeat("x", 255) + "\x00\x00", true},
		"short":   {"\x05\x00\x05\x00\x00\x03\xff" + strings.Repeat("x", 255), false},
		"refused": {"\x05\x00\x05\x01\x00\x01\x01\x02\x03\x04\x00\x00", false},
		"unknown": {"\x05\x00\x05\x00\x00\x09\x01\x02\x03\x04\x00\x00", false},
		"old":     {"\x04\x00", false},
		"no way":  {"\x05\xff", false},
		"nothing": {"", false},
	} {
		rest := ""
		if e.ok {
			rest = "more"
		}
		c := &loop{Reader: strings.NewReader(e.answer + rest)}
		err := socksConnect(c, to)
		if e.ok != (err == nil) {
			t.Errorf("%s: %v", name, err)
		}
		if left, _ := io.ReadAll(c.Reader); e.ok && string(left) != rest {
			t.Errorf("%s: %q is left", name, left)
		}
	}
}

func FuzzProxyAnswer(f *testing.F) {
	f.Add([]byte("\x05\x00\x05\x00\x00\x03\x01x\x00\x00"))
	f.Fuzz(func(t *testing.T, b []byte) { _ = socksConnect(&loop{Reader: bytes.NewReader(b)}, "x") })
}
