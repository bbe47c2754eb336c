package xmpp

import (
	"strings"
	"testing"

	"culver/im"
	"culver/protocol"
)

func TestAccount(t *testing.T) {
	const pin = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
	for name, c := range map[string]struct {
		answers map[string]string
		id      im.AccountID
		want    map[string]string // beside the address
	}{
		"plain":           {map[string]string{"address": " Alice@Example.NET ", "password": "x"}, "xmpp:alice@example.net", nil},
		"pasted":          {map[string]string{"address": "xmpp:alice@example.net"}, "xmpp:alice@example.net", nil},
		"with device":     {map[string]string{"address": "alice@example.net/Laptop"}, "xmpp:alice@example.net", map[string]string{"resource": "Laptop"}},
		"device chosen":   {map[string]string{"address": "alice@example.net/Laptop", "resource": "Desk"}, "xmpp:alice@example.net", map[string]string{"resource": "Desk"}},
		"server and port": {map[string]string{"address": "a@b", "server": " xmpp.b:5223 "}, "xmpp:a@b", map[string]string{"server": "xmpp.b", "port": "5223"}},
		"IPv6 server":     {map[string]string{"address": "a@b", "server": "[::1]", "port": "1"}, "xmpp:a@b", map[string]string{"server": "::1", "port": "1"}},
		"pin":             {map[string]string{"address": "a@b", "pin": strings.ToUpper(pin[:2]) + ":" + pin[2:30] + " " + strings.ToUpper(pin[30:])}, "xmpp:a@b", map[string]string{"pin": pin}},
		"all":             {map[string]string{"address": "a@b", "security": "direct", "unknown": "x"}, "xmpp:a@b", map[string]string{"security": "direct"}},
	} {
		a, err := Network{}.Account(c.answers)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if a.ID != c.id || !a.Enabled || a.Options["address"] != c.id.Bare() || len(a.Options) != len(c.want)+1 {
			t.Errorf("%s: %+v", name, a)
		}
		for field, want := range c.want {
			if got := a.Option(field); got != want {
				t.Errorf("%s: %s is %q, want %q", name, field, got, want)
			}
		}
	}
}

func TestAccountSaysWhatIsWrong(t *testing.T) {
	for _, answers := range []map[string]string{
		{},
		{"address": "alice"},
		{"address": "@example.net"},
		{"address": "alice@"},
		{"address": "a b@example.net"},
		{"address": "alice@example.net, bob@example.net"},
		{"address": strings.Repeat("a", 2000) + "@example.net"},
		{"address": "alice@example.net", "port": "http"},
		{"address": "alice@example.net", "port": "0"},
		{"address": "alice@example.net", "port": "65536"},
		{"address": "alice@example.net", "server": "https://example.net"},
		{"address": "alice@example.net", "server": "example.net:xmpp"},
		{"address": "alice@example.net", "security": "none"},
		{"address": "alice@example.net", "pin": "1234"},
		{"address": "alice@example.net", "pin": strings.Repeat("g", 64)},
		{"address": "alice@example.net", "resource": "\x00"},
	} {
		_, err := Network{}.Account(answers)
		if err == nil {
			t.Errorf("%v was accepted", answers)
			continue
		}
		if s := err.Error(); !strings.HasSuffix(s, ".") || len(s) > 300 || strings.Contains(s, "jid") {
			t.Errorf("%v: %q is not a sentence for people", answers, s)
		}
	}
}

func TestNormalizePeer(t *testing.T) {
	for typed, want := range map[string]string{
		"bob@example.net":         "bob@example.net",
		" Bob@EXAMPLE.net/phone ": "bob@example.net",
		"xmpp:bob@example.net":    "bob@example.net",
		"example.net":             "example.net",
		"bob@münchen.example":     "bob@münchen.example",
	} {
		if got, err := (Network{}).NormalizePeer(typed); err != nil || got != want {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
	for _, typed := range []string{"", "  ", "@", "bob@", "a@b@c", "bob smith@example.net", "bob@exa mple.net", "\x00@b"} {
		if got, err := (Network{}).NormalizePeer(typed); err == nil || !strings.HasSuffix(err.Error(), ".") {
			t.Errorf("%q: %q, %v", typed, got, err)
		}
	}
}

func TestSettings(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range (Network{}).Settings() {
		if f.Label == "" || f.Kind != im.FieldNote && (f.ID == "" || seen[f.ID]) {
			t.Errorf("field %+v", f)
		}
		seen[f.ID] = true
	}
	if !seen[protocol.FieldAddress] || !seen[protocol.FieldPassword] || !seen[protocol.FieldPin] {
		t.Errorf("fields %v", seen)
	}
}

// FuzzNormalizePeer: what comes out is an address that stays as it is, and that
// can be written to.
func FuzzNormalizePeer(f *testing.F) {
	for _, s := range []string{"bob@example.net", "Bob@EXAMPLE.net/x", "Bob@E../x", "xmpp:a@b", "ß@ẞ.example", "a@[::1]", "\u212b@x", "a@xn--mnchen-3ya.example", "@", "a@b@c", "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		bare, err := (Network{}).NormalizePeer(typed)
		if err != nil {
			return
		}
		if again, err := (Network{}).NormalizePeer(bare); err != nil || again != bare {
			t.Errorf("%q is %q, and that is %q, %v", typed, bare, again, err)
		}
		if to, err := peer(im.Addr{Bare: bare}); err != nil || to.Bare().String() != bare {
			t.Errorf("%q cannot be written to: %v, %v", bare, to, err)
		}
	})
}
