package xmpp

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"mellium.im/sasl"
)

func TestChooseMechanism(t *testing.T) {
	unique := tls.ConnectionState{Version: tls.VersionTLS12, TLSUnique: []byte("x")}
	resumed := tls.ConnectionState{Version: tls.VersionTLS12}
	modern := tls.ConnectionState{Version: tls.VersionTLS13}
	all := []string{"PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "X-OAUTH2"}
	for name, c := range map[string]struct {
		state    tls.ConnectionState
		offered  []string
		bindings []string
		want     string
	}{
		"bound":                      {unique, all, nil, "SCRAM-SHA-256-PLUS"},
		"nothing to bind to":         {resumed, all, nil, "SCRAM-SHA-256"},
		"binding meant otherwise":    {unique, all, []string{"tls-server-end-point"}, "SCRAM-SHA-256"},
		"modern TLS, binding unsaid": {modern, all, nil, "SCRAM-SHA-256"},
		"modern TLS, other binding":  {modern, all, []string{"tls-unique", "tls-server-end-point"}, "SCRAM-SHA-256"},
		"modern TLS, bound":          {modern, all, []string{"tls-exporter"}, "SCRAM-SHA-256-PLUS"},
		"weaker hash, bound":         {modern, []string{"SCRAM-SHA-1-PLUS", "SCRAM-SHA-256"}, []string{"tls-exporter"}, "SCRAM-SHA-1-PLUS"},
		"old server":                 {modern, []string{"DIGEST-MD5", "PLAIN", "SCRAM-SHA-1"}, nil, "SCRAM-SHA-1"},
		"last resort":                {modern, []string{"PLAIN"}, nil, "PLAIN"},
		"nothing":                    {modern, nil, nil, ""},
		"nothing that we have":       {modern, []string{"ANONYMOUS", "EXTERNAL", "plain"}, nil, ""},
	} {
		features := newElement(nsStreams, "features")
		if c.offered != nil {
			list := newElement(nsSASL, "mechanisms")
			for _, m := range c.offered {
				list.add(newText(nsSASL, "mechanism", m))
			}
			features.add(list)
		}
		if c.bindings != nil {
			list := newElement(nsBinding, "sasl-channel-binding")
			for _, b := range c.bindings {
				list.add(newElement(nsBinding, "channel-binding").with("type", b))
			}
			features.add(list)
		}
		m, _, err := chooseMechanism(features, c.state)
		if m.Name != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s: %q, %v; want %q", name, m.Name, err, c.want)
		}
	}
}

// TestSCRAM plays the server's side to the end, in both places where a server may
// put its own proof.
func TestSCRAM(t *testing.T) {
	salted := func(_, _ []byte, _ string) (salt, password []byte, iterations int64, err error) {
		salt = []byte("pepper")
		key, err := pbkdf2.Key(sha256.New, "pass=,word", salt, minIterations, sha256.Size)
		return salt, key, minIterations, err
	}
	for name, c := range map[string]struct {
		password     string
		inChallenge  bool
		silentServer bool // it says success without its proof
		want         error
	}{
		"proof in success":   {password: "pass=,word"},
		"proof in challenge": {password: "pass=,word", inChallenge: true},
		"no proof":           {password: "pass=,word", silentServer: true, want: errChallenge},
		"wrong password":     {password: "password", want: &authError{"not-authorized"}},
	} {
		t.Run(name, func(t *testing.T) {
			ours, theirs := net.Pipe()
			defer ours.Close()
			done := make(chan error, 1)
			go func() {
				done <- serveSCRAM(theirs, salted, c.inChallenge, c.silentServer)
				theirs.Close()
			}()
			s := newStream(ours, io.MultiReader(strings.NewReader("<stream:stream xmlns='jabber:client' xmlns:stream='"+nsStreams+"'>"), ours))
			s.dec = xml.NewDecoder(s.src)
			if err := s.readHeader(); err != nil {
				t.Fatal(err)
			}
			features := newElement(nsStreams, "features", newElement(nsSASL, "mechanisms", newText(nsSASL, "mechanism", "SCRAM-SHA-256")))
			err := authenticate(s, features, tls.ConnectionState{Version: tls.VersionTLS13}, "alice", []byte(c.password))
			refused, isRefusal := c.want.(*authError)
			if got, ok := errors.AsType[*authError](err); isRefusal && (!ok || *got != *refused) || !isRefusal && !errors.Is(err, c.want) {
				t.Errorf("authenticate returned %v, want %v", err, c.want)
			}
			ours.Close()
			if err := <-done; err != nil {
				t.Error(err)
			}
		})
	}
}

// serveSCRAM is the server's side of the exchange.
func serveSCRAM(conn net.Conn, salted sasl.SaltedCredentialsFetcher, inChallenge, silent bool) error {
	d := xml.NewDecoder(conn)
	read := func() ([]byte, error) {
		var message struct {
			Text string `xml:",chardata"`
		}
		if err := d.Decode(&message); err != nil {
			return nil, err
		}
		return base64.StdEncoding.DecodeString(message.Text)
	}
	say := func(name string, data []byte) error {
		_, err := conn.Write(newText(nsSASL, name, base64.StdEncoding.EncodeToString(data)).marshal())
		return err
	}
	server := sasl.NewServer(sasl.ScramSha256, func(*sasl.Negotiator) bool { return true }, sasl.SaltedCredentials(salted))
	first, err := read()
	if err != nil {
		return err
	}
	if !strings.Contains(string(first), "n=alice,") {
		return fmt.Errorf("the name is sent as %q", first)
	}
	_, challenge, err := server.Step(first)
	if err != nil {
		return err
	}
	if err := say("challenge", challenge); err != nil {
		return err
	}
	final, err := read()
	if err != nil {
		return err
	}
	_, proof, err := server.Step(final)
	switch {
	case err != nil:
		_, err = conn.Write(newElement(nsSASL, "failure", newElement(nsSASL, "not-authorized")).marshal())
		return err
	case silent:
		return say("success", nil)
	case !inChallenge:
		return say("success", proof)
	}
	if err := say("challenge", proof); err != nil {
		return err
	}
	if empty, err := read(); err != nil || len(empty) > 0 {
		return fmt.Errorf("answered the proof with %q, %w", empty, err)
	}
	return say("success", nil)
}

// FuzzServerFirst: what passes the check is safe to give to the library, which
// never returns from some messages.
func FuzzServerFirst(f *testing.F) {
	for _, s := range []string{"x,s=c2FsdA==,i=4096", "x,s=c2FsdA==,i=4096,x", ",s=,i=", "x,s=c2FsdA==,i=4096,e=y", "x,s=c2FsdA==,i=+4096", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, rest string) {
		client := sasl.NewClient(sasl.ScramSha256, sasl.Credentials(func() ([]byte, []byte, []byte) { return []byte("u"), []byte("p"), nil }))
		if _, _, err := client.Step(nil); err != nil {
			t.Fatal(err)
		}
		message := []byte("r=" + string(client.Nonce()) + rest)
		if checkServerFirst(message, client.Nonce()) != nil {
			return
		}
		if more, response, err := client.Step(message); err == nil && (!more || len(response) == 0) {
			t.Errorf("%q was answered with %q", message, response)
		}
	})
}
