package proxy

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
)

// script is a proxy that says what it was told to, and what was said to it.
type script struct {
	io.Reader
	heard bytes.Buffer
}

func (s *script) Write(b []byte) (int, error) { return s.heard.Write(b) }

func ask(t *testing.T, s Server, answer, address string) (said string, rest string, err error) {
	t.Helper()
	host, port, err := split(address)
	if err != nil {
		return "", "", err
	}
	reader := strings.NewReader(answer)
	conn := &script{Reader: reader}
	if s.Kind == HTTP {
		err = s.http(conn, host, port)
	} else {
		err = s.socks(conn, host, port)
	}
	left, _ := io.ReadAll(reader)
	return conn.heard.String(), string(left), err
}

const bound = "\x01\x00\x00\x00\x00\x00\x00"

func TestSOCKS(t *testing.T) {
	open := Server{}
	known := Server{User: "u", Password: []byte("pw")}
	strict := Server{User: "u", Password: []byte("pw"), Strict: true}
	for name, c := range map[string]struct {
		server  Server
		answer  string
		address string
		said    string // in hex
		want    error
	}{
		"a name":                       {open, "\x05\x00" + "\x05\x00\x00" + bound, "a.b:5222", "050100" + "05010003" + "03612e62" + "1466", nil},
		"an onion, not looked up":      {strict, "\x05\x02\x01\x00\x05\x00\x00" + bound, "x.onion:1", "050102" + "010175027077" + "0501000307782e6f6e696f6e0001", nil},
		"IPv4":                         {open, "\x05\x00" + "\x05\x00\x00" + bound, "192.0.2.1:443", "050100" + "05010001c0000201" + "01bb", nil},
		"IPv6":                         {open, "\x05\x00" + "\x05\x00\x00" + bound, "[2001:db8::1]:1", "050100" + "0501000420010db8000000000000000000000001" + "0001", nil},
		"bound to a name":              {open, "\x05\x00" + "\x05\x00\x00\x03\x02ab\x00\x00", "a:1", "050100" + "05010003" + "0161" + "0001", nil},
		"bound to IPv6":                {open, "\x05\x00" + "\x05\x00\x00\x04" + strings.Repeat("x", 18), "a:1", "050100" + "05010003" + "0161" + "0001", nil},
		"password":                     {known, "\x05\x02\x01\x00\x05\x00\x00" + bound, "a:1", "05020200" + "010175027077" + "05010003" + "0161" + "0001", nil},
		"password, not wanted":         {known, "\x05\x00\x05\x00\x00" + bound, "a:1", "05020200" + "05010003" + "0161" + "0001", nil},
		"password, odd version":        {known, "\x05\x02\x05\x00\x05\x00\x00" + bound, "a:1", "05020200" + "010175027077" + "05010003" + "0161" + "0001", nil},
		"password refused":             {known, "\x05\x02\x01\x01", "a:1", "05020200" + "010175027077", ErrPassword},
		"no way of asking":             {open, "\x05\xff", "a:1", "050100", ErrPassword},
		"a way that was not offered":   {open, "\x05\x02", "a:1", "050100", ErrSpeech},
		"another that was not":         {known, "\x05\x01", "a:1", "05020200", ErrSpeech},
		"all are let in, not strict":   {strict, "\x05\x00\x05\x00\x00" + bound, "a:1", "050102", ErrSpeech},
		"refused":                      {open, "\x05\x00\x05\x02\x00" + bound, "a:1", "050100" + "05010003" + "0161" + "0001", ErrRefused},
		"failed":                       {open, "\x05\x00\x05\x01\x00" + bound, "a:1", "050100" + "05010003" + "0161" + "0001", ErrFailed},
		"no such host":                 {open, "\x05\x00\x05\x04\x00" + bound, "a:1", "050100" + "05010003" + "0161" + "0001", ErrFailed},
		"a number that nobody knows":   {open, "\x05\x00\x05\xf0\x00" + bound, "a:1", "050100" + "05010003" + "0161" + "0001", ErrFailed},
		"SOCKS 4":                      {open, "\x00\x5a", "a:1", "050100", ErrSpeech},
		"HTTP":                         {open, "HTTP/1.1 400 Bad Request\r\n", "a:1", "050100", ErrSpeech},
		"nothing":                      {open, "", "a:1", "050100", ErrSpeech},
		"ends in the middle":           {open, "\x05\x00\x05\x00\x00\x01\x00", "a:1", "050100" + "05010003" + "0161" + "0001", ErrSpeech},
		"bound to what does not exist": {open, "\x05\x00\x05\x00\x00\x02", "a:1", "050100" + "05010003" + "0161" + "0001", ErrSpeech},
	} {
		rest := "ours"
		if c.want != nil {
			rest = ""
		}
		said, left, err := ask(t, c.server, c.answer+rest, c.address)
		if !errors.Is(err, c.want) || c.want == nil && err != nil {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if hex.EncodeToString([]byte(said)) != c.said {
			t.Errorf("%s: said %x, want %s", name, said, c.said)
		}
		if c.want == nil && left != rest {
			t.Errorf("%s: left %q for what comes next", name, left)
		}
	}
	long := Server{User: strings.Repeat("u", 256)}
	if said, _, err := ask(t, long, "\x05\x02", "a:1"); !errors.Is(err, ErrPassword) || said != "" {
		t.Errorf("too long a name: %v, said %q", err, said)
	}
}

func TestHTTP(t *testing.T) {
	for name, c := range map[string]struct {
		server Server
		answer string
		said   string
		want   error
	}{
		"through":        {Server{Kind: HTTP}, "HTTP/1.1 200 OK\r\n\r\n", "CONNECT a.b:5222 HTTP/1.1\r\nHost: a.b:5222\r\n\r\n", nil},
		"with headers":   {Server{Kind: HTTP}, "HTTP/1.0 204 x y\r\nA: b\r\n\r\n", "CONNECT a.b:5222 HTTP/1.1\r\nHost: a.b:5222\r\n\r\n", nil},
		"with password":  {Server{Kind: HTTP, User: "u", Password: []byte("p:w")}, "HTTP/1.1 200\r\n\r\n", "CONNECT a.b:5222 HTTP/1.1\r\nHost: a.b:5222\r\nProxy-Authorization: Basic dTpwOnc=\r\n\r\n", nil},
		"wants password": {Server{Kind: HTTP}, "HTTP/1.1 407 x\r\nProxy-Authenticate: Basic\r\n\r\n", "", ErrPassword},
		"forbidden":      {Server{Kind: HTTP}, "HTTP/1.1 403 x\r\n\r\n", "", ErrRefused},
		"moved":          {Server{Kind: HTTP}, "HTTP/1.1 302 x\r\nLocation: http://evil.example/\r\n\r\n", "", ErrRefused},
		"no gateway":     {Server{Kind: HTTP}, "HTTP/1.1 502 x\r\n\r\n", "", ErrFailed},
		"in between":     {Server{Kind: HTTP}, "HTTP/1.1 100 Continue\r\n\r\n", "", ErrSpeech},
		"no number":      {Server{Kind: HTTP}, "HTTP/1.1 OK!\r\n\r\n", "", ErrSpeech},
		"no status":      {Server{Kind: HTTP}, "HTTP/1.1\r\n\r\n", "", ErrSpeech},
		"SOCKS":          {Server{Kind: HTTP}, "\x05\xff", "", ErrSpeech},
		"XMPP":           {Server{Kind: HTTP}, "<stream:stream>" + strings.Repeat(" ", maxHeader), "", ErrSpeech},
		"without end":    {Server{Kind: HTTP}, "HTTP/1.1 200 OK\r\nA: " + strings.Repeat("x", 2*maxHeader), "", ErrSpeech},
		"nothing":        {Server{Kind: HTTP}, "", "", ErrSpeech},
	} {
		said, left, err := ask(t, c.server, c.answer+"ours", "a.b:5222")
		if !errors.Is(err, c.want) || c.want == nil && err != nil {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		if c.said != "" && said != c.said {
			t.Errorf("%s: said %q, want %q", name, said, c.said)
		}
		if c.want == nil && left != "ours" {
			t.Errorf("%s: left %q for what comes next", name, left)
		}
	}
}

// TestAddresses: nothing of an address can become something else on the wire.
func TestAddresses(t *testing.T) {
	for _, address := range []string{
		"", "a", "a:", "a:0", "a:65536", "a:x", ":1", "a b:1", "a\r\nX-Evil: 1:1", "a\x00:1", "ä.example:1", strings.Repeat("a", 256) + ":1",
	} {
		if said, _, err := ask(t, Server{Kind: HTTP}, "HTTP/1.1 200 OK\r\n\r\n", address); err == nil {
			t.Errorf("%q was asked for as %q", address, said)
		}
	}
}

// TestFailsClosed: whatever goes wrong, nothing but the proxy was dialled, and no
// connection stays open.
func TestFailsClosed(t *testing.T) {
	for name, answer := range map[string]string{"refused": "\x05\x00\x05\x02\x00" + bound, "no proxy": "SSH-2.0-x\r\n", "gone": ""} {
		ours, theirs := net.Pipe()
		go func() {
			go io.Copy(io.Discard, theirs)
			if answer == "" {
				theirs.Close()
			}
			_, _ = io.WriteString(theirs, answer)
		}()
		var dialled []string
		conn, err := Server{Address: "127.0.0.1:9050"}.Dial(context.Background(), func(_ context.Context, _, address string) (net.Conn, error) {
			dialled = append(dialled, address)
			return ours, nil
		}, "example.net:5222")
		if err == nil || conn != nil || len(dialled) != 1 || dialled[0] != "127.0.0.1:9050" {
			t.Errorf("%s: %v, dialled %q", name, err, dialled)
		}
		if _, err := ours.Read(make([]byte, 1)); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%s: the connection is still open: %v", name, err)
		}
		theirs.Close()
	}
	_, err := Server{Address: "127.0.0.1:9050"}.Dial(context.Background(), func(context.Context, string, string) (net.Conn, error) {
		return nil, errors.New("no network")
	}, "example.net:5222")
	if !errors.Is(err, ErrDown) {
		t.Errorf("without a proxy: %v", err)
	}
}

// TestSilence: a proxy that accepts and says nothing does not outlast our patience.
func TestSilence(t *testing.T) {
	for _, kind := range []Kind{SOCKS5, HTTP} {
		ours, theirs := net.Pipe()
		ctx, cancel := context.WithCancel(context.Background())
		go func() {
			_, _ = theirs.Read(make([]byte, 1))
			cancel()
			_, _ = io.Copy(io.Discard, theirs)
		}()
		_, err := Server{Kind: kind, Address: "p:1"}.Dial(ctx, func(context.Context, string, string) (net.Conn, error) { return ours, nil }, "a:1")
		if !errors.Is(err, context.Canceled) {
			t.Errorf("kind %d: %v", kind, err)
		}
		theirs.Close()
	}
}

func FuzzProxy(f *testing.F) {
	f.Add(true, "HTTP/1.1 200 OK\r\n\r\n")
	f.Add(false, "\x05\x02\x01\x00\x05\x00\x00"+bound)
	f.Add(false, "\x05\x00\x05\x00\x00\x03\xff")
	f.Fuzz(func(t *testing.T, http bool, answer string) {
		s := Server{User: "u", Password: []byte("p")}
		if http {
			s.Kind = HTTP
		}
		_, left, err := ask(t, s, answer, "a.example:5222")
		if err == nil && !strings.HasSuffix(answer, left) {
			t.Errorf("%q left %q", answer, left)
		}
	})
}
