package xmpp

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"culver/internal/testkit"
	"culver/protocol"
)

// servedBy signs a new user of a server in.
func servedBy(t *testing.T, s *testkit.Server, u testkit.User) *client {
	t.Helper()
	a := account(t, map[string]string{
		"address": u.Bare, "server": s.Address, "port": strconv.Itoa(s.DirectTLS), "security": "direct",
	})
	c := run(t, newSession(Network{Roots: s.Pool}, a, secret(u.Password), endless))
	wait[protocol.Online](c, nil)
	wait[protocol.Roster](c, nil)
	return c
}

// deposits waits until it is known whether the server keeps files.
func deposits(t *testing.T, c *client) int64 {
	t.Helper()
	limit := time.After(waitLimit)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		if most, ok := c.Deposits(); ok {
			return most
		}
		select {
		case <-limit:
			t.Fatal("the server keeps no files")
		case <-tick.C:
		}
	}
}

func TestFilesAreLeftAtServers(t *testing.T) {
	testkit.OnServers(t, testkit.ServerOptions{UploadLimit: 60 << 20}, func(t *testing.T, s *testkit.Server) {
		alice, bob := servedBy(t, s, s.Fresh(t, "alice")), servedBy(t, s, s.Fresh(t, "bob"))
		if most := deposits(t, alice); most != 60<<20 {
			t.Errorf("it takes %d bytes", most)
		}
		data := make([]byte, 300_000)
		rand.Read(data)
		link, err := alice.Put(t.Context(), "Überblick & <more>.txt", int64(len(data)), bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(link, "https://") {
			t.Errorf("the link is %s", link)
		}
		for _, from := range []int{0, 100_001} {
			r, err := bob.Fetch(t.Context(), link, int64(from), int64(len(data)))
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(r)
			r.Close()
			if err != nil || !bytes.Equal(got, data[from:]) {
				t.Errorf("from %d: %d bytes: %v", from, len(got), err)
			}
		}
		if _, err := bob.Fetch(t.Context(), link, 0, int64(len(data))+1); !errors.Is(err, protocol.ErrGone) {
			t.Errorf("another size: %v", err)
		}
		if _, err := bob.Fetch(t.Context(), link+"x", 0, 5); !errors.Is(err, protocol.ErrGone) {
			t.Errorf("another link: %v", err)
		}
		if link, err = alice.Put(t.Context(), "", 5, strings.NewReader("hello")); err != nil {
			t.Errorf("without a name: %v", err)
		}
		if _, err := alice.Put(t.Context(), "big", 61<<20, rand.Reader); err == nil || !strings.Contains(err.Error(), "size") {
			t.Errorf("too large: %v", err)
		}

		// A link to a file is marked as one, and nothing else is.
		for _, body := range []string{link, link + " "} {
			must(t, alice.Send(protocol.Outgoing{ID: "m" + strconv.Itoa(len(body)), To: addr(bob.address), Body: body}))
			if got := wait[protocol.Received](bob, nil); got.Body != body {
				t.Errorf("received %+v", got)
			}
		}
		if n := strings.Count(s.Stanzas(), "jabber:x:oob"); n == 0 {
			t.Error("the link is not marked")
		}
		// It stays with the account.
		alice.cancel()
		alice.end()
		if _, ok := alice.Deposits(); ok {
			t.Error("files are kept without a connection")
		}
		if _, err := alice.Put(t.Context(), "", 5, strings.NewReader("hello")); !errors.Is(err, protocol.ErrOffline) {
			t.Errorf("offline: %v", err)
		}
		if _, err := alice.Fetch(t.Context(), link, 0, 5); !errors.Is(err, protocol.ErrOffline) {
			t.Errorf("offline: %v", err)
		}
	})
}

func TestAServerWithoutFiles(t *testing.T) {
	s := testkit.StartProsody(t, testkit.ServerOptions{NoUpload: true})
	alice := servedBy(t, s, s.Fresh(t, "alice"))
	known := make(chan bool)
	l, err := alice.online()
	if err != nil {
		t.Fatal(err)
	}
	must(t, l.do(func() { l.whenKnown(func(*services) { go func() { known <- true }() }) }))
	<-known
	if _, ok := alice.Deposits(); ok {
		t.Error("it keeps files")
	}
	if _, err := alice.Put(t.Context(), "", 5, strings.NewReader("hello")); err == nil {
		t.Error("it took one")
	}
}

func TestSlots(t *testing.T) {
	const head = `<iq xmlns='jabber:client' type='result'><slot xmlns='urn:xmpp:http:upload:0'>`
	good := parseXML(t, head+`<put url='https://x/p'><header name='Authorization'>a`+"\n"+`b</header><header name='Host'>evil</header>`+
		`<header name='cookie'>c</header></put><get url='https://x/g'/></slot></iq>`)
	got, err := readSlot(good)
	if err != nil || got.put != "https://x/p" || got.get != "https://x/g" || len(got.headers) != 2 || got.headers[0].Value != "ab" {
		t.Errorf("%+v: %v", got, err)
	}
	for name, text := range map[string]string{
		"http":     head + `<put url='http://x/p'/><get url='https://x/g'/></slot></iq>`,
		"http get": head + `<put url='https://x/p'/><get url='http://x/g'/></slot></iq>`,
		"script":   head + `<put url='https://x/p'/><get url='javascript:x'/></slot></iq>`,
		"no put":   head + `<get url='https://x/g'/></slot></iq>`,
		"no get":   head + `<put url='https://x/p'/></slot></iq>`,
		"nothing":  `<iq xmlns='jabber:client' type='result'/>`,
		"long":     head + `<put url='https://x/p'/><get url='https://x/` + strings.Repeat("g", maxLinkLength) + `'/></slot></iq>`,
		"error":    `<iq xmlns='jabber:client' type='error'><error type='cancel'><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`,
	} {
		if got, err := readSlot(parseXML(t, text)); err == nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestLinksInMessages(t *testing.T) {
	for text, want := range map[string]string{
		`<x xmlns='jabber:x:oob'><url>https://x/y</url></x>`:                                        "https://x/y",
		`<x xmlns='jabber:x:oob'><url> https://x/y </url></x>`:                                      "https://x/y",
		`<x xmlns='jabber:x:oob'><url>https://x/y</url></x><body>look</body>`:                       "look",
		`<x xmlns='jabber:x:oob'/>`:                                                                 "",
		`<x xmlns='jabber:x:oob'><url>a b</url></x>`:                                                "",
		`<x xmlns='jabber:x:oob'><url>https://` + strings.Repeat("x", maxLinkLength) + `</url></x>`: "",
	} {
		if got := content(parseXML(t, `<message xmlns='jabber:client'>`+text+`</message>`)).Body; got != want {
			t.Errorf("%s: %q", text, got)
		}
	}
}
