package xmpp

import (
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"

	"mellium.im/sasl"

	"culver/im"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

func TestChooseMechanism(t *testing.T) {
	unique := tls.ConnectionState{Version: tls.VersionTLS12, TLSUnique: []byte("x")}
	resumed := tls.ConnectionState{Version: tls.VersionTLS12}
	modern := tls.ConnectionState{Version: tls.VersionTLS13}
	all := []string{"PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "X-OAUTH2"}
	newest := append([]string{"SCRAM-SHA-512-PLUS", "SCRAM-SHA-512"}, all...)
	for name, c := range map[string]struct {
		state    tls.ConnectionState
		offered  []string
		bindings []string
		least    strength
		want     string
	}{
		"bound":                      {unique, all, nil, "", "SCRAM-SHA-256-PLUS"},
		"nothing to bind to":         {resumed, all, nil, "", "SCRAM-SHA-256"},
		"binding meant otherwise":    {unique, all, []string{"tls-server-end-point"}, "", "SCRAM-SHA-256"},
		"modern TLS, binding unsaid": {modern, all, nil, "", "SCRAM-SHA-256"},
		"modern TLS, other binding":  {modern, all, []string{"tls-unique", "tls-server-end-point"}, "", "SCRAM-SHA-256"},
		"modern TLS, bound":          {modern, all, []string{"tls-exporter"}, "", "SCRAM-SHA-256-PLUS"},
		"newest hash":                {modern, newest, nil, "", "SCRAM-SHA-512"},
		"newest hash, bound":         {modern, newest, []string{"tls-exporter"}, "bound", "SCRAM-SHA-512-PLUS"},
		"weaker hash, bound":         {modern, []string{"SCRAM-SHA-1-PLUS", "SCRAM-SHA-256"}, []string{"tls-exporter"}, "", "SCRAM-SHA-1-PLUS"},
		"old server":                 {modern, []string{"DIGEST-MD5", "PLAIN", "SCRAM-SHA-1"}, nil, "", "SCRAM-SHA-1"},
		"last resort":                {modern, []string{"PLAIN"}, nil, "", "PLAIN"},
		"last resort, as before":     {modern, []string{"PLAIN"}, nil, "plain", "PLAIN"},
		"better than before":         {modern, all, nil, "plain", "SCRAM-SHA-256"},
		"weaker hash than before":    {modern, []string{"SCRAM-SHA-1", "PLAIN"}, nil, "scram", "SCRAM-SHA-1"},
		"no proof any more":          {modern, []string{"PLAIN"}, nil, "scram", ""},
		"not bound any more":         {modern, all, nil, "bound", ""},
		"not at all like before":     {modern, []string{"PLAIN"}, nil, "bound", ""},
		"nothing":                    {modern, nil, nil, "", ""},
		"nothing that we have":       {modern, []string{"ANONYMOUS", "EXTERNAL", "plain"}, nil, "", ""},
	} {
		m, err := readOffer(offering(c.offered, c.bindings)).choose(c.state, c.least)
		if m.name != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s: %q, %v; want %q", name, m.name, err, c.want)
		}
		if c.want == "" && errors.Is(err, errDowngrade) != (c.least != "") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// offering are the features of a server.
func offering(mechanisms, bindings []string) *element {
	features := newElement(nsStreams, "features")
	if mechanisms != nil {
		list := newElement(nsSASL, "mechanisms")
		for _, m := range mechanisms {
			list.add(newText(nsSASL, "mechanism", m))
		}
		features.add(list)
	}
	if bindings != nil {
		list := newElement(nsBinding, "sasl-channel-binding")
		for _, b := range bindings {
			list.add(newElement(nsBinding, "channel-binding").with("type", b))
		}
		features.add(list)
	}
	return features
}

// TestSaysThatItCouldBind: a server whose offer to bind was taken out on the way learns
// of it. One that means a binding that we do not have is not told so.
func TestSaysThatItCouldBind(t *testing.T) {
	modern := tls.ConnectionState{Version: tls.VersionTLS13}
	for name, c := range map[string]struct {
		state   tls.ConnectionState
		offered []string
		want    string
	}{
		"taken out":                  {modern, []string{"SCRAM-SHA-256"}, "y,,"},
		"a binding that we lack":     {modern, []string{"SCRAM-SHA-256", "SCRAM-SHA-256-PLUS"}, "n,,"},
		"a connection without any":   {tls.ConnectionState{Version: tls.VersionTLS12}, []string{"SCRAM-SHA-256"}, "n,,"},
		"TLS 1.2, which can, unsaid": {tls.ConnectionState{Version: tls.VersionTLS12, TLSUnique: []byte("x")}, []string{"SCRAM-SHA-1"}, "y,,"},
	} {
		o := readOffer(offering(c.offered, nil))
		m, err := o.choose(c.state, "")
		must(t, err)
		s, err := newSCRAM(m, o, c.state, "a=,b", []byte("x"))
		must(t, err)
		if s.header != c.want || !strings.HasPrefix(s.bare, "n=a=3D=2Cb,r=") {
			t.Errorf("%s: %s%s", name, s.header, s.bare)
		}
	}
}

// TestSCRAMVectors are the examples of RFC 5802, section 5, and RFC 7677, section 3.
func TestSCRAMVectors(t *testing.T) {
	for _, c := range []struct{ name, nonce, first, final, proof string }{
		{"SCRAM-SHA-1", "fyko+d2lbbFgONRv9qkxdawL", "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
			"c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=", "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="},
		{"SCRAM-SHA-256", "rOprNGfwEbeRWgbNEkqO", "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
			"c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="},
	} {
		m := mechanisms()[slices.IndexFunc(mechanisms(), func(m mechanism) bool { return m.name == c.name })]
		s := &scram{mechanism: m, password: []byte("pencil"), header: "n,,", nonce: c.nonce, bare: "n=user,r=" + c.nonce}
		if final, err := s.prove([]byte(c.first)); err != nil || string(final) != c.final {
			t.Errorf("%s: %s, %v", c.name, final, err)
		}
		if err := s.verify([]byte(c.proof)); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		for _, bad := range []string{"", "v=", c.proof[:len(c.proof)-4], "e=other-error", "V" + c.proof[1:], "v=" + c.final} {
			if err := s.verify([]byte(bad)); !errors.Is(err, errImpostor) {
				t.Errorf("%s: %q proves something: %v", c.name, bad, err)
			}
		}
	}
}

// TestSCRAMWithoutKey: before there is anything to hold a proof against, there is none.
func TestSCRAMWithoutKey(t *testing.T) {
	for _, m := range mechanisms() {
		if m.hash == nil {
			continue
		}
		s := &scram{mechanism: m}
		if err := s.verify([]byte("v=" + base64.StdEncoding.EncodeToString(make([]byte, m.hash().Size())))); err == nil {
			t.Errorf("%s: zeros prove something", m.name)
		}
	}
}

// TestXEP0474 is the example of its section 5.3, and what a server says that does not
// offer what came here.
func TestXEP0474(t *testing.T) {
	o := readOffer(offering([]string{"SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"}, []string{"tls-server-end-point", "tls-exporter"}))
	told, _ := base64.StdEncoding.DecodeString("G6k/rBLDqgOhRRaCuuatSDFkJ08=")
	if !o.unchanged(sha1.New, told) {
		t.Error("the example is not as it should be")
	}
	before := sha1.Sum([]byte("SCRAM-SHA-1,SCRAM-SHA-1-PLUS|tls-exporter,tls-server-end-point"))
	if !o.unchanged(sha1.New, before[:]) {
		t.Error("servers of before are not understood")
	}
	for name, bad := range map[string]offered{
		"a mechanism less":        readOffer(offering([]string{"SCRAM-SHA-1"}, []string{"tls-server-end-point", "tls-exporter"})),
		"a mechanism more":        readOffer(offering([]string{"SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "PLAIN"}, []string{"tls-server-end-point", "tls-exporter"})),
		"a binding less":          readOffer(offering([]string{"SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"}, []string{"tls-exporter"})),
		"no bindings":             readOffer(offering([]string{"SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"}, nil)),
		"an empty list":           readOffer(offering([]string{"SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"}, []string{})),
		"two names made into one": readOffer(offering([]string{"SCRAM-SHA-1,SCRAM-SHA-1-PLUS"}, []string{"tls-exporter,tls-server-end-point"})),
	} {
		if bad.unchanged(sha1.New, told) || bad.unchanged(sha1.New, before[:]) {
			t.Errorf("%s: not noticed", name)
		}
	}
	s := &scram{mechanism: mechanisms()[5], offered: o, nonce: "ours", password: []byte("x")}
	if _, err := s.prove([]byte("r=ours1,s=c2FsdA==,i=4096,h=AAAA")); !errors.Is(err, errForged) {
		t.Errorf("a forged offer: %v", err)
	}
	if _, err := s.prove([]byte("r=ours1,s=c2FsdA==,i=4096,h=G6k/rBLDqgOhRRaCuuatSDFkJ08=")); err != nil {
		t.Errorf("a true one: %v", err)
	}
}

// TestDowngrade: a server that wanted a proof before gets no password now.
func TestDowngrade(t *testing.T) {
	o := xmpptest.Options{Mechanisms: []string{"PLAIN"}, Challenge: func(string) string {
		t.Error("the password was sent")
		return "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
	}}
	for _, before := range []string{"scram", "bound"} {
		s := dial(t, xmpptest.Start(t, o), o, endless)
		s.account.Options[optionSignIn] = before
		if f := run(t, s).failure(protocol.Untrusted); f.Certificate != nil || !strings.Contains(f.Text, "weaker") {
			t.Errorf("%s: %+v", before, f)
		}
	}
	good := xmpptest.Options{}
	s := dial(t, xmpptest.Start(t, good), good, endless)
	s.account.Options[optionSignIn], s.account.Options[fieldWeaker] = "scram", im.On
	c := run(t, s)
	if l := wait[protocol.Learned](c, nil); l.Options[optionSignIn] != "plain" || l.Options[fieldWeaker] != "" || len(l.Options) != 2 {
		t.Errorf("learned %q", l.Options)
	}
}

// TestLearnsHowItSignedIn: what was once is known the next time.
func TestLearnsHowItSignedIn(t *testing.T) {
	o := xmpptest.Options{}
	s := dial(t, xmpptest.Start(t, o), o, endless)
	delete(s.account.Options, optionSignIn)
	if l := wait[protocol.Learned](run(t, s), nil); l.Options[optionSignIn] != "plain" {
		t.Errorf("learned %q", l.Options)
	}
	s = dial(t, xmpptest.Start(t, o), o, endless)
	c := run(t, s)
	wait[protocol.Roster](c, nil)
	none[protocol.Learned](c)
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
		"no proof":           {password: "pass=,word", silentServer: true, want: errImpostor},
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
			_, err := credentials{user: "alice", password: []byte(c.password)}.signIn(s, features, tls.ConnectionState{Version: tls.VersionTLS13})
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
	if !strings.Contains(string(first), "n=alice,r=") {
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

// FuzzServerFirst: whatever a server says, it is refused, or answered with a proof.
func FuzzServerFirst(f *testing.F) {
	for _, s := range []string{"x,s=c2FsdA==,i=4096", "x,s=c2FsdA==,i=4096,x", ",s=,i=", "x,s=c2FsdA==,i=4096,e=y", "x,s=c2FsdA==,i=+4096", "x,s=c2FsdA==,i=4096,h=AAAA", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, rest string) {
		first, err := readServerFirst([]byte("r=ours"+rest), "ours")
		if err != nil {
			return
		}
		if first.iterations < minIterations || first.iterations > maxIterations || len(first.salt) == 0 || !strings.HasPrefix(first.nonce, "ours") || strings.ContainsAny(first.nonce, ", ") {
			t.Errorf("%q: %+v", rest, first)
		}
	})
}

func BenchmarkSCRAM(b *testing.B) {
	s := &scram{mechanism: mechanisms()[4], nonce: "ours", password: []byte("a password of some length")}
	for b.Loop() {
		if _, err := s.prove([]byte("r=ours1,s=c2FsdA==,i=10000")); err != nil {
			b.Fatal(err)
		}
	}
}
