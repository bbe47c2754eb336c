package testkit

import (
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

func TestProsodyServesAndRecords(t *testing.T) {
	p := StartProsody(t, ProsodyOptions{Users: map[string]string{"alice": "secret"}})
	say(t, p, "first")
	if line := p.WaitStanza(t, "<auth", "PLAIN"); !strings.HasPrefix(line, "> ") {
		t.Errorf("recorded as %q, want a line that begins with \"> \"", line)
	}
	p.WaitStanza(t, "<message", "first&#10;line")

	p.Restart(t)
	say(t, p, "second")
	p.WaitStanza(t, "<message", "second&#10;line")
	if !strings.Contains(p.Stanzas(), "first") {
		t.Error("the recording was lost with the restart")
	}

	p.Stop()
	if conn, err := net.Dial("tcp", p.tls()); err == nil {
		conn.Close()
		t.Error("something still listens after Stop")
	}
	p.Stop() // twice is harmless
}

func (p *Prosody) tls() string { return fmt.Sprintf("%s:%d", p.Address, p.DirectTLS) }

// say logs in by hand as alice over direct TLS and sends herself a message.
func say(t *testing.T, p *Prosody, body string) {
	t.Helper()
	conn, err := tls.Dial("tcp", p.tls(), &tls.Config{ServerName: p.Host, RootCAs: p.Pool})
	if err != nil {
		t.Fatalf("dial: %v", err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	header := "<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
	step := func(send, want string) {
		t.Helper()
		if _, err := conn.Write([]byte(send)); err != nil {
			t.Fatalf("write: %v", err)
		}
		var got strings.Builder
		for buf := make([]byte, 4096); !strings.Contains(got.String(), want); {
			n, err := conn.Read(buf)
			got.Write(buf[:n])
			if err != nil {
				t.Fatalf("waiting for %q: %v, after %q", want, err, got.String())
			}
		}
	}
	step(header, "</stream:features>")
	step("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AGFsaWNlAHNlY3JldA==</auth>", "<success")
	step(header, "</stream:features>")
	step("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>", "<jid>")
	step("<message to='alice@localhost' type='chat'><body>"+body+"\nline</body></message><iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>", "id='p'")
}
