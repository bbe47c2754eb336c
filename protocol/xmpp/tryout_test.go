package xmpp

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"culver/im"
	"culver/internal/testkit"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

// stepsOf are the steps of a test, in their order.
type stepsOf struct {
	mu  sync.Mutex
	all []string
}

func (s *stepsOf) step(words string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, words)
}

func (s *stepsOf) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.all, "; ")
}

// tried tests the settings for alice at a server in this process.
func tried(t *testing.T, o xmpptest.Options, options map[string]string, password string) (string, error) {
	t.Helper()
	server := xmpptest.Start(t, o)
	s := dial(t, server, o, endless)
	a := s.account
	a.Options = maps.Clone(a.Options)
	maps.Copy(a.Options, options)
	before := maps.Clone(a.Options)
	var steps stepsOf
	err := s.network.test(t.Context(), a, secret(password), im.Secret{}, steps.step, endless)
	if !maps.Equal(a.Options, before) {
		t.Errorf("the account has learnt something: %v", a.Options)
	}
	return steps.String(), err
}

func TestTryingOut(t *testing.T) {
	steps, err := tried(t, xmpptest.Options{}, nil, xmpptest.Password)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Connecting to 127.0.0.1:", "Encrypting", "Signing in as alice@test.example", "Signing off"} {
		if !strings.Contains(steps, want) {
			t.Errorf("no step %q in %s", want, steps)
		}
	}
}

func TestTryingOutSaysWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		o        xmpptest.Options
		options  map[string]string
		password string
		want     protocol.Cause
		words    string
	}{
		"password":       {xmpptest.Options{}, nil, "guess", protocol.WrongPassword, "does not accept the name or the password"},
		"certificate":    {xmpptest.Options{CertFor: "evil.example"}, nil, "x", protocol.Untrusted, "made for another server"},
		"no encryption":  {xmpptest.Options{NoStartTLS: true}, nil, "x", protocol.NoEncryption, "does not offer encryption"},
		"weaker sign-in": {xmpptest.Options{}, map[string]string{optionSignIn: string(strengthProof)}, xmpptest.Password, protocol.Untrusted, "weaker way than before"},
		"pinned":         {xmpptest.Options{}, map[string]string{protocol.FieldPin: strings.Repeat("0", 64)}, "x", protocol.Untrusted, "not the certificate that you accepted"},
		"nobody there":   {xmpptest.Options{}, map[string]string{fieldPort: "1"}, "x", protocol.Unreachable, "Nobody answers"},
		"proxy is down": {xmpptest.Options{}, map[string]string{protocol.FieldProxy: protocol.ProxySOCKS5, protocol.FieldProxyHost: "127.0.0.1", protocol.FieldProxyPort: "1"},
			"x", protocol.Unreachable, "The proxy at 127.0.0.1:1 does not answer"},
		"onion without Tor": {xmpptest.Options{}, map[string]string{fieldServer: "abc.onion"}, "x", protocol.WrongAddress, "only works through Tor"},
	} {
		t.Run(name, func(t *testing.T) {
			steps, err := tried(t, c.o, c.options, c.password)
			f, ok := errors.AsType[*protocol.Failure](err)
			if !ok || f.Cause != c.want || !strings.Contains(f.Text, c.words) {
				t.Errorf("after %q: %v", steps, err)
			}
			if c.want == protocol.Untrusted && name != "weaker sign-in" && strings.Contains(steps, "Signing in") {
				t.Error("it went on to sign in")
			}
		})
	}
}

func TestTryingOutEndsWhenItIsGivenUp(t *testing.T) {
	server := xmpptest.Start(t, xmpptest.Options{Silent: true})
	s := dial(t, server, xmpptest.Options{}, endless)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.network.test(ctx, s.account, secret("x"), im.Secret{}, func(step string) {
		if strings.HasPrefix(step, "Encrypting") {
			cancel()
		}
	}, endless)
	if err == nil || ctx.Err() == nil {
		t.Errorf("it ended with %v", err)
	}
}

func TestServerTryingOut(t *testing.T) {
	servers.On(t, func(t *testing.T, s *testkit.Server) {
		d := s.Fresh(t, "tester")
		n := Network{Roots: s.Pool}
		a := at(t, s, d.Name)
		before := len(s.Stanzas())
		var steps stepsOf
		must(t, n.Test(t.Context(), a, secret(d.Password), im.Secret{}, steps.step))
		said := recordedSince(s, before)
		for _, never := range []string{"<bind ", "<presence", "<session"} {
			if found := lines(said, "> ", never); len(found) > 0 {
				t.Errorf("it said more than was needed: %s", found)
			}
		}
		for name, c := range map[string]struct {
			network  Network
			change   map[string]string
			password string
			words    string
		}{
			"wrong password":      {n, nil, "guess", "does not accept the name or the password"},
			"unknown certificate": {Network{}, nil, d.Password, "not issued by an authority"},
			"no such name":        {n, map[string]string{"server": "no-such-host.invalid"}, d.Password, "no-such-host.invalid"},
			"no such port":        {n, map[string]string{"port": "1"}, d.Password, "Nobody answers"},
			"not a proxy": {n, map[string]string{"proxy": "socks5", "proxy_host": s.Address, "proxy_port": strconv.Itoa(s.C2S)},
				d.Password, "not a proxy of this type"},
		} {
			t.Run(name, func(t *testing.T) {
				bad := a.Clone()
				maps.Copy(bad.Options, c.change)
				err := c.network.Test(t.Context(), bad, secret(c.password), im.Secret{}, steps.step)
				if err == nil || !strings.Contains(err.Error(), c.words) {
					t.Errorf("%v, want %q", err, c.words)
				}
			})
		}
	})
}

func TestCheckBlamesTheField(t *testing.T) {
	onion := strings.Repeat("a", 56) + ".onion"
	for name, c := range map[string]struct {
		answers map[string]string
		want    []string
	}{
		"all right":         {map[string]string{"address": "a@b"}, nil},
		"nothing typed":     {map[string]string{}, []string{"address"}},
		"two at once":       {map[string]string{"address": "a", "port": "x"}, []string{"address", "port"}},
		"host with a space": {map[string]string{"address": "a@b", "server": "xmpp example"}, []string{"server"}},
		"host with dots":    {map[string]string{"address": "a@b", "server": "xmpp..example"}, []string{"server"}},
		"port too high":     {map[string]string{"address": "a@b", "port": "65536"}, []string{"port"}},
		"pin":               {map[string]string{"address": "a@b", "pin": "12"}, []string{"pin"}},
		"proxy, no host":    {map[string]string{"address": "a@b", "proxy": "socks5"}, []string{"proxy_host"}},
		"proxy, all wrong":  {map[string]string{"address": "a@b", "proxy": "http", "proxy_host": "a b", "proxy_port": "0", "proxy_user": "a:b"}, []string{"proxy_host", "proxy_port", "proxy_user"}},
		"onion server":      {map[string]string{"address": "a@b", "server": onion}, []string{"server"}},
		"onion address":     {map[string]string{"address": "a@" + onion}, []string{"address"}},
		"onion with Tor":    {map[string]string{"address": "a@" + onion, "proxy": "tor"}, nil},
		"server elsewhere":  {map[string]string{"address": "a@" + onion, "server": "xmpp.example"}, nil},
	} {
		var got []string
		for _, w := range (Network{}).Check(c.answers) {
			got = append(got, w.Field)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
		if _, err := (Network{}).Account(c.answers); (err == nil) != (c.want == nil) {
			t.Errorf("%s: Account: %v", name, err)
		}
	}
}
