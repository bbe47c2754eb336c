package testkit

import (
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

func TestServerServesAndRecords(t *testing.T) {
	OnServers(t, ServerOptions{Users: map[string]string{"alice": "secret"}}, func(t *testing.T, s *Server) {
		const message = "<message to='alice@localhost' type='chat'><body>%s\nline</body></message>"
		enter(t, s, "alice", "secret").say(strings.Replace(message, "%s", "first", 1))
		if line := s.WaitStanza(t, "<auth", "PLAIN"); !strings.HasPrefix(line, "> ") {
			t.Errorf("recorded as %q, want a line that begins with \"> \"", line)
		}
		s.WaitStanza(t, "> alice@localhost/", "<message", "first&#10;line")
		s.WaitStanza(t, "< alice@localhost/", "<message", "first&#10;line")

		s.Restart(t)
		enter(t, s, "alice", "secret").say(strings.Replace(message, "%s", "second", 1))
		s.WaitStanza(t, "<message", "second&#10;line")
		if !strings.Contains(s.Stanzas(), "first") {
			t.Error("the recording was lost with the restart")
		}

		s.Stop()
		if conn, err := net.Dial("tcp", s.at(s.DirectTLS)); err == nil {
			conn.Close()
			t.Error("something still listens after Stop")
		}
		s.Stop() // twice is harmless
	})
}

// features is what a server says that it can do, for the account and at components.
func features(t *testing.T, h *hand) string {
	t.Helper()
	const info, items = "<query xmlns='http://jabber.org/protocol/disco#info'/>", "<query xmlns='http://jabber.org/protocol/disco#items'/>"
	return h.ask("get", info, "localhost") + h.ask("get", info, strings.Split(h.jid, "/")[0]) + h.ask("get", items, "localhost")
}

func TestServerFeatures(t *testing.T) {
	names := []string{
		"urn:xmpp:mam:2", "urn:xmpp:carbons:2", "urn:xmpp:blocking", "http://jabber.org/protocol/pubsub#publish",
		"conference.localhost", "upload.localhost", "proxy.localhost",
	}
	users := map[string]string{"alice": "secret"}
	t.Run("all", func(t *testing.T) {
		OnServers(t, ServerOptions{Users: users, Registration: true}, func(t *testing.T, s *Server) {
			h := enter(t, s, "alice", "secret")
			said := features(t, h)
			for _, name := range names {
				if !strings.Contains(said, "'"+name) {
					t.Errorf("no %s in %s", name, said)
				}
			}
			stream := s.Stanzas()
			for _, name := range []string{"urn:xmpp:sm:3", "urn:xmpp:csi:0", "http://jabber.org/features/iq-register"} {
				if !strings.Contains(stream, name) {
					t.Errorf("no %s in %s", name, stream)
				}
			}
			if slot := upload(t, s, h, "hello.txt", "hello"); slot != "hello" {
				t.Errorf("came back as %q", slot)
			}
			if host := h.ask("get", "<query xmlns='http://jabber.org/protocol/bytestreams'/>", "proxy.localhost"); !strings.Contains(host, "port='"+strconv.Itoa(s.Proxy65)+"'") {
				t.Errorf("the proxy is at %s", host)
			}
			if conn, err := net.Dial("tcp", s.at(s.Proxy65)); err != nil {
				t.Error(err)
			} else {
				conn.Close()
			}
		})
	})
	t.Run("none", func(t *testing.T) {
		OnServers(t, ServerOptions{
			Users: users, NoSM: true, NoArchive: true, NoCarbons: true, NoCSI: true, NoBlocking: true, NoPEP: true,
			NoRooms: true, NoUpload: true, NoProxy: true,
		}, func(t *testing.T, s *Server) {
			said := features(t, enter(t, s, "alice", "secret")) + strings.ReplaceAll(s.Stanzas(), `"`, `'`)
			for _, name := range append(names, "urn:xmpp:sm:3", "urn:xmpp:csi:0", "http://jabber.org/features/iq-register") {
				if strings.Contains(said, "'"+name) {
					t.Errorf("%s in %s", name, said)
				}
			}
		})
	})
}

// upload puts a file on the server and fetches it again.
func upload(t *testing.T, s *Server, h *hand, name, content string) string {
	t.Helper()
	slot := h.ask("get", "<request xmlns='urn:xmpp:http:upload:0' filename='"+name+"' size='"+strconv.Itoa(len(content))+"'/>", "upload.localhost")
	url := func(tag string) string {
		_, rest, ok := strings.Cut(slot, "<"+tag+" url='")
		if !ok {
			t.Fatalf("no place to %s in %s", tag, slot)
		}
		url, _, _ := strings.Cut(rest, "'")
		return url
	}
	put, err := http.NewRequestWithContext(t.Context(), http.MethodPut, url("put"), strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	if _, rest, ok := strings.Cut(slot, "<header name='Authorization'>"); ok {
		value, _, _ := strings.Cut(rest, "<")
		put.Header.Set("Authorization", value)
	}
	put.Header.Set("Content-Type", "text/plain")
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: s.Pool}, DisableKeepAlives: true}}
	answer, err := client.Do(put)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode/100 != 2 {
		t.Fatalf("put: %s", answer.Status)
	}
	answer, err = client.Get(url("get"))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestServerKeepsOverRestarts(t *testing.T) {
	users := map[string]string{"alice": "secret of alice", "bob": "secret, \"of\" bob\\"}
	OnServers(t, ServerOptions{Users: users, Friends: [][2]string{{"alice", "bob"}}, TLS12: true}, func(t *testing.T, s *Server) {
		alice := enter(t, s, "alice", users["alice"])
		if v := alice.conn.ConnectionState().Version; v != tls.VersionTLS12 {
			t.Errorf("version %x of TLS, want 1.2", v)
		}
		roster := func(h *hand) {
			t.Helper()
			if got := h.ask("get", "<query xmlns='jabber:iq:roster'/>"); !strings.Contains(got, "'bob@localhost'") || !strings.Contains(got, "'both'") {
				t.Errorf("the roster is %s", got)
			}
		}
		roster(alice)
		alice.say("<message to='bob@localhost' type='chat'><body>kept</body></message>")
		if err := s.AddUser("carol", "secret of carol"); err != nil {
			t.Fatal(err)
		}
		if err := s.AddUser("alice", "another"); err == nil {
			t.Error("a user was added twice")
		}
		s.Kill()
		s.Start(t)
		enter(t, s, "carol", "secret of carol")
		roster(enter(t, s, "alice", users["alice"]))
		enter(t, s, "bob", users["bob"])
		s.WaitStanza(t, "< bob@localhost", "kept")
	})
}
