package xmpp

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"culver/protocol"
)

var _ protocol.Linker = Network{}

func TestLinks(t *testing.T) {
	for link, want := range map[string]protocol.Link{
		"xmpp:bob@example.net":                                            {Peer: "bob@example.net"},
		"XMPP:Bob@EXAMPLE.net/phone":                                      {Peer: "bob@example.net"},
		"xmpp:bob@example.net#top":                                        {Peer: "bob@example.net"},
		"xmpp://bob@example.net":                                          {Peer: "bob@example.net"},
		"xmpp://bob@example.net/":                                         {Peer: "bob@example.net"},
		"xmpp://alice@example.net/bob@example.net/phone":                  {Account: "alice@example.net", Peer: "bob@example.net"},
		"xmpp:example.net":                                                {Peer: "example.net"},
		"xmpp:bob@example.net?message":                                    {Peer: "bob@example.net"},
		"xmpp:bob@example.net?message;body=Hi%2C%20Bob%0D%0A%C3%A9%3B+1":  {Peer: "bob@example.net", Body: "Hi, Bob\né;+1"},
		"xmpp:bob@example.net?message;body=one;body=two":                  {Peer: "bob@example.net", Body: "one"},
		"xmpp:bob@example.net?message;subject=x;body=a=b":                 {Peer: "bob@example.net", Body: "a=b"},
		"xmpp:bob@example.net?subscribe":                                  {Peer: "bob@example.net", Purpose: protocol.LinkAdd},
		"xmpp:bob@example.net?roster;name=Bob%20B;group=Friends":          {Peer: "bob@example.net", Purpose: protocol.LinkAdd, Name: "Bob B", Group: "Friends"},
		"xmpp:cooks@rooms.example.net?join":                               {Peer: "cooks@rooms.example.net", Purpose: protocol.LinkJoin},
		"xmpp:cooks@rooms.example.net?join;password=s%26t":                {Peer: "cooks@rooms.example.net", Purpose: protocol.LinkJoin, Password: "s&t"},
		"xmpp:example.net?register":                                       {Peer: "example.net", Purpose: protocol.LinkRegister},
		"xmpp:new@example.net?register;preauth=x":                         {Peer: "new@example.net", Purpose: protocol.LinkRegister},
		"xmpp:bob@example.net?remove":                                     {Peer: "bob@example.net"},
		"xmpp:bob@example.net?unsubscribe":                                {Peer: "bob@example.net"},
		"xmpp:bob@example.net?otr-fingerprint=0123456789abcdef0123456789": {Peer: "bob@example.net"},
		"xmpp:jos%C3%A9@example.net":                                      {Peer: "josé@example.net"},
		"xmpp:josé@example.net":                                           {Peer: "josé@example.net"},
	} {
		if got, err := (Network{}).Link(link); err != nil || got != want {
			t.Errorf("%s is %+v, %v; want %+v", link, got, err, want)
		}
	}
}

func TestWhatIsNoLink(t *testing.T) {
	for _, link := range []string{
		"", "xmpp", "xmpp:", "xmpp://", "xmpp:/", "xmpp:?message", "xmpp:@example.net", "xmpp:bob@", "mailto:bob@example.net",
		" xmpp:bob@example.net", "xmpp:bob@example.net\n", "xmpp:bob@example.net?message;body=a b",
		"xmpp:bob%40example.net",               // seems to be the name of a server
		"xmpp:bob%40evil.example@example.net",  // two of them
		"xmpp:good.example%2Fx@evil.example",   // seems to be at evil.example, and is at good.example
		"xmpp:evil.example%2F@good.example",    // the other way round
		"xmpp:bob@example.net?message;body=%1", // cut off
		"xmpp:bob@example.net?message;body=%zz",
		"xmpp:bob@example.net?message;body=%ff",
		"xmpp:bob@example.net?message;body=%00", "xmpp:bob@example.net?message;body=%1b%5B31m", "xmpp:bob@example.net?message;body=%0D",
		"xmpp:bob@example.net?message;body=%E2%80%AEevil", "xmpp:bob@example.net?roster;name=\u202eevil",
		"xmpp:bob@example.net?message;body=\xff", "xmpp:bo\x00b@example.net", "xmpp:b%0Aob@example.net", "xmpp:b%20ob@example.net",
		"xmpp://not an address/bob@example.net", "xmpp://%ff/bob@example.net",
		"xmpp:bob@example.net?message;body=" + strings.Repeat("x", protocol.MaxLink),
	} {
		if got, err := (Network{}).Link(link); err == nil {
			t.Errorf("%q is %+v", link, got)
		} else if !strings.HasSuffix(err.Error(), ".") || strings.Contains(err.Error(), "evil") {
			t.Errorf("%q: %q is no sentence that is safe to show", link, err)
		}
	}
}

// Whatever a link is, what is read from it can be shown, put into an entry and written to.
func FuzzLink(f *testing.F) {
	for _, s := range []string{"xmpp:bob@example.net", "xmpp://a@b/c@d/e?message;body=%41", "xmpp:r@s?join;password=%25", "xmpp:a%2fb@c?roster;name=%e2%80%ae", "xmpp:é@é.é?register#x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, link string) {
		l, err := (Network{}).Link(link)
		if err != nil {
			if l != (protocol.Link{}) {
				t.Errorf("%q is refused, and says %+v", link, l)
			}
			return
		}
		for _, a := range []string{l.Peer, l.Account} {
			if a == "" && a == l.Account {
				continue
			}
			if again, err := (Network{}).NormalizePeer(a); err != nil || again != a {
				t.Errorf("%q leads to %q, which is %q, %v", link, a, again, err)
			}
		}
		for _, s := range []string{l.Body, l.Name, l.Group, l.Password} {
			if len(s) > len(link) || !utf8.ValidString(s) {
				t.Errorf("%q says %q", link, s)
			}
			for _, r := range s {
				if unicode.IsControl(r) && r != '\n' && r != '\t' {
					t.Errorf("%q says %q", link, s)
				}
			}
		}
	})
}
