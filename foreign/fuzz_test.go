package foreign

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// sane checks what every parser promises of its lines.
func sane(t *testing.T, l Line) {
	if !utf8.ValidString(l.Text) || strings.TrimSpace(l.Text) == "" || l.Time.IsZero() || len(l.Text) > 2*maxRecord {
		t.Fatalf("the line is %+v", l)
	}
}

func FuzzPidginLog(f *testing.F) {
	f.Add([]byte(logHTML), true)
	f.Add([]byte("Conversation with x\n(10:03:07 AM) C: hello: there\n(10:03:08 AM) Alice: hi\r\n more\n(04.03.2012 10.03.09) ***x y\n"), false)
	f.Fuzz(func(t *testing.T, data []byte, html bool) {
		names := newNames(Log{Account: "alice@example.org", Peer: "bob@example.com"}, []string{"Alice"}, []string{"Bobby"})
		l := &purpleLog{clock: newClock(time.Unix(1330851787, 0)), names: names, html: html, emit: func(l Line) error { sane(t, l); return nil }}
		if err := l.read(newLineScanner(bytes.NewReader(data))); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzPidginSettings(f *testing.F) {
	f.Add([]byte(accountsXML), []byte(blistXML), []byte(prefsXML("socks5", "proxy.example.net")))
	f.Fuzz(func(t *testing.T, accounts, buddies, prefs []byte) {
		p := &Profile{Title: "Pidgin", own: map[string]string{}}
		names := &purpleLogs{p: p, own: map[string][]string{}, peer: map[[2]string][]string{}}
		tree, _ := parseXML(prefs)
		global := globalProxy(tree)
		tree, _ = parseXML(accounts)
		for _, root := range tree.kids {
			root.all("account", func(e *element) {
				if a, ok := p.purpleAccount(e, global); ok {
					if proxy := a.Options[optionProxy]; proxy == "" && a.Doubt == "" && global.kind != "none" && e.first("proxy").first("type").string() != "none" {
						t.Fatalf("it would be connected directly: %+v", a)
					}
					p.add(a)
				}
			})
		}
		tree, _ = parseXML(buddies)
		p.readBuddies(tree, names)
		for _, b := range p.Buddies {
			if address, ok := bare(b.Address); !ok || address != b.Address {
				t.Fatalf("the buddy is %+v", b)
			}
		}
		p.Wipe()
	})
}

func FuzzAdiumLog(f *testing.F) {
	f.Add([]byte(chatlog))
	f.Fuzz(func(t *testing.T, data []byte) {
		_ = readULF(bytes.NewReader(data), "alice@example.org", func(l Line) error { sane(t, l); return nil })
	})
}

func FuzzPropertyList(f *testing.F) {
	f.Add([]byte(plistXML))
	f.Add(writePlist([]byte{0xd1, 1, 2}, []byte{0x51, 'x'}, []byte{0xa2, 1, 1}))
	f.Fuzz(func(t *testing.T, data []byte) { _, _ = parsePlist(data) })
}

func FuzzCoyIM(f *testing.F) {
	f.Add([]byte(`{"Accounts":[{"Account":"a@b","PrivateKeys":["AAA="],"Peers":[{"UserID":"c@d","Fingerprints":[{"FingerprintHex":"00"}]}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p := &Profile{Title: "CoyIM", own: map[string]string{}}
		_ = p.parseCoyIM(data)
		for _, file := range p.Files {
			if bytes.ContainsAny(file.Data, "\x00") {
				t.Fatalf("the file is %q", file.Data)
			}
		}
	})
}

func FuzzGajim(f *testing.F) {
	f.Add([]byte(gajimConfig))
	f.Fuzz(func(t *testing.T, data []byte) {
		p := &Profile{Title: "Gajim", own: map[string]string{}}
		p.parseGajim(data)
		if row, err := parseGajimAccount(data); err == nil {
			p.addGajim(map[string]map[string]any{"x": row})
		}
	})
}

func FuzzProfanity(f *testing.F) {
	f.Add([]byte("[work]\njid=a@b\npassword=x\\\\n\n"), []byte("x\n10:03:07 - me: x\ny\n10:03:08 - *b waves\n"))
	f.Fuzz(func(t *testing.T, accounts, log []byte) {
		p := &Profile{Title: "Profanity", own: map[string]string{}}
		p.parseProfanity(accounts)
		_, err := readProfanityLog(newLineScanner(bytes.NewReader(log)), time.Unix(1330851787, 0), func(l Line) error { sane(t, l); return nil })
		if err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzKeyFile(f *testing.F) {
	f.Add(serialised("p", "q", "g", "y", "x"))
	f.Fuzz(func(t *testing.T, data []byte) { keyFile("a@b", data) })
}
