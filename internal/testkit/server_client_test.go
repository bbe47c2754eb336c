package testkit

import (
	"crypto/tls"
	"encoding/base64"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"
)

func (s *Server) at(port int) string { return net.JoinHostPort(s.Address, strconv.Itoa(port)) }

// hand is a client that is led by hand, over direct TLS.
type hand struct {
	t    *testing.T
	conn *tls.Conn
	jid  string
	n    int
}

const handHeader = "<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"

// enter logs in, available.
func enter(t *testing.T, s *Server, user, password string) *hand {
	t.Helper()
	conn, err := tls.Dial("tcp", s.at(s.DirectTLS), &tls.Config{ServerName: s.Host, RootCAs: s.Pool})
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	h := &hand{t: t, conn: conn}
	h.step(handHeader, "</stream:features>")
	h.step("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>"+
		base64.StdEncoding.EncodeToString([]byte("\x00"+user+"\x00"+password))+"</auth>", "<success")
	h.step(handHeader, "</stream:features>")
	_, rest, _ := strings.Cut(h.step("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>", "</iq>"), "<jid>")
	h.jid, _, _ = strings.Cut(rest, "<")
	h.ask("set", "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>")
	h.say("<presence/>")
	return h
}

// step writes, and reads until it finds what it wants.
func (h *hand) step(send, want string) string {
	h.t.Helper()
	return h.until(send, func(got string) bool { return strings.Contains(got, want) })
}

func (h *hand) until(send string, enough func(got string) bool) string {
	h.t.Helper()
	if _, err := h.conn.Write([]byte(send)); err != nil {
		h.t.Fatalf("write: %v", err)
	}
	var got strings.Builder
	for buf := make([]byte, 4096); !enough(strings.ReplaceAll(got.String(), `"`, `'`)); {
		if strings.Contains(got.String(), "<failure") {
			h.t.Fatalf("after %q: %s", send, got.String())
		}
		n, err := h.conn.Read(buf)
		got.Write(buf[:n])
		if err != nil {
			h.t.Fatalf("after %q: %v; said %q", send, err, got.String())
		}
	}
	return strings.ReplaceAll(got.String(), `"`, `'`)
}

// say sends, and returns when the server has come to it.
func (h *hand) say(xml string) string {
	h.t.Helper()
	h.step(xml, "")
	return h.ask("get", "<ping xmlns='urn:xmpp:ping'/>", "localhost")
}

// ask makes a request to the account, or to somebody else, and returns all that came
// until its answer.
func (h *hand) ask(kind, payload string, to ...string) string {
	h.t.Helper()
	h.n++
	id := "id='ask" + strconv.Itoa(h.n) + "'"
	at := ""
	if len(to) > 0 {
		at = " to='" + to[0] + "'"
	}
	return h.until("<iq type='"+kind+"' "+id+at+">"+payload+"</iq>", func(got string) bool {
		_, rest, ok := strings.Cut(got, id)
		tag, _, whole := strings.Cut(rest, ">")
		return ok && whole && (strings.HasSuffix(tag, "/") || strings.Contains(rest, "</iq>"))
	})
}
