package protocol

import (
	"maps"
	"strings"
	"testing"

	"culver/im"
)

func TestCheckProxy(t *testing.T) {
	for name, c := range map[string]struct {
		typed map[string]string
		want  map[string]string
	}{
		"none":          {map[string]string{"proxy_host": "left over", "proxy_user": "x"}, nil},
		"Tor":           {map[string]string{"proxy": "tor"}, map[string]string{"proxy": "tor", "proxy_host": "127.0.0.1", "proxy_port": "9050"}},
		"Tor elsewhere": {map[string]string{"proxy": "tor", "proxy_host": " [2001:db8::1] ", "proxy_port": "9150", "proxy_user": "me"}, map[string]string{"proxy": "tor", "proxy_host": "2001:db8::1", "proxy_port": "9150"}},
		"Tor here":      {map[string]string{"proxy": "tor", "proxy_host": "localhost"}, map[string]string{"proxy": "tor", "proxy_host": "localhost", "proxy_port": "9050"}},
		"SOCKS":         {map[string]string{"proxy": "socks5", "proxy_host": "p.example.net"}, map[string]string{"proxy": "socks5", "proxy_host": "p.example.net", "proxy_port": "1080"}},
		"HTTP, user":    {map[string]string{"proxy": "http", "proxy_host": "192.0.2.1", "proxy_port": "3128", "proxy_user": "me"}, map[string]string{"proxy": "http", "proxy_host": "192.0.2.1", "proxy_port": "3128", "proxy_user": "me"}},
	} {
		got, err := CheckProxy(func(id string) string { return c.typed[id] })
		if err != nil || !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		again, err := CheckProxy(func(id string) string { return got[id] })
		if err != nil || !maps.Equal(again, got) {
			t.Errorf("%s: once more %v, %v", name, again, err)
		}
	}
	for name, typed := range map[string]map[string]string{
		"an old kind":        {"proxy": "socks4", "proxy_host": "a"},
		"no host":            {"proxy": "socks5"},
		"no host, HTTP":      {"proxy": "http", "proxy_port": "80"},
		"a port that is not": {"proxy": "socks5", "proxy_host": "a", "proxy_port": "http"},
		"port 0":             {"proxy": "tor", "proxy_port": "0"},
		"too high a port":    {"proxy": "tor", "proxy_port": "65536"},
		"a link":             {"proxy": "http", "proxy_host": "http://a"},
		"a line break":       {"proxy": "http", "proxy_host": "a\nb"},
		"Tor by name":        {"proxy": "tor", "proxy_host": "tor.example.net"},
		"too long a user":    {"proxy": "socks5", "proxy_host": "a", "proxy_user": strings.Repeat("u", 256)},
		"an odd user":        {"proxy": "http", "proxy_host": "a", "proxy_user": "a:b"},
	} {
		got, err := CheckProxy(func(id string) string { return typed[id] })
		if err == nil {
			t.Errorf("%s: taken as %v", name, got)
		} else if s := err.Error(); !strings.HasSuffix(s, ".") {
			t.Errorf("%s: %q is no sentence", name, s)
		}
		if p, err := ProxyOf(im.Account{Options: typed}); err == nil {
			t.Errorf("%s: an account would be connected by %+v", name, p)
		}
	}
}

func TestProxyOf(t *testing.T) {
	p, err := ProxyOf(im.Account{Options: map[string]string{"proxy": "socks5", "proxy_host": "a", "proxy_user": "u"}})
	if want := (Proxy{Kind: "socks5", Host: "a", Port: 1080, User: "u"}); err != nil || p != want {
		t.Errorf("%+v, %v", p, err)
	}
	if p, err := ProxyOf(im.Account{}); err != nil || p != (Proxy{}) {
		t.Errorf("without: %+v, %v", p, err)
	}
}
