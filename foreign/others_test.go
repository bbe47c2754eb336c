package foreign

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3"
)

const plistXML = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>Accounts</key><array>
<dict><key>ObjectID</key><string>1</string><key>Type</key><string>libpurple-Jabber</string><key>UID</key><string>alice@example.org</string></dict>
<dict><key>ObjectID</key><string>2</string><key>Type</key><string>libpurple-jabber-gtalk</string><key>UID</key><string>al@gmail.com</string><key>On</key><true/></dict>
<dict><key>ObjectID</key><string>3</string><key>Type</key><string>libpurple-oscar-AIM</string><key>UID</key><string>al</string></dict>
</array><key>N</key><integer>3</integer></dict></plist>
`

const chatlog = `<?xml version="1.0" encoding="UTF-8" ?>
<chat xmlns="http://purl.org/net/ulf/ns/0.4-02" account="alice@example.org" service="Jabber" adiumversion="1.5.10">
<event type="windowOpened" sender="alice@example.org" time="2016-01-12T00:31:17+0100"></event>
<message sender="alice@example.org" time="2016-01-12T00:31:18+0100" alias="Alice"><div><span style="color: #000000;">hello &amp; <b>welcome</b><br/>you</span></div></message>
<message sender="bob@example.com" time="2016-01-12T00:31:34+01:00" alias="Bob"><div><span>see <a href="http://x.y/z">this</a> and <a href="http://q.r">http://q.r</a></span></div></message>
<action sender="bob@example.com" time="2016-01-12T00:31:35+0100"><div>waves</div></action>
<status type="offline" sender="bob@example.com" time="2016-01-12T00:32:00+0100"><div>Bob went offline</div></status>
<message sender="bob@example.com" time="nonsense"><div>x</div></message>
<message sender="bob@example.com" time="2016-01-12T00:33:00+0100"><div>cut of`

func TestAdium(t *testing.T) {
	users := "Library/Application Support/Adium 2.0/Users/Default/"
	dir := write(t, map[string]string{
		users + "Accounts.plist":         plistXML,
		users + "libpurple/accounts.xml": strings.NewReplacer("<password>pass&amp;wörd</password>", "", "gtk-gaim", "Adium").Replace(accountsXML),
		users + "libpurple/blist.xml":    blistXML,
		users + "otr.private_key":        "(privkeys)",
		users + "Logs/Jabber.alice@example.org/bob@example.com/bob@example.com (2016-01-12T00.31.17+0100).chatlog/bob@example.com (2016-01-12T00.31.17+0100).xml": chatlog,
		users + "Logs/GTalk.al@gmail.com/bob@example.com/bob@example.com (2016-01-13T00.31.17+0100).chatlog":                                                      strings.ReplaceAll(chatlog, "alice@example.org", "al@gmail.com") + "</div></message></chat>",
		users + "Logs/Jabber.alice@example.org/room/room (2016-01-12T00.31.17+0100).chatlog":                                                                      "x",
		users + "Logs/Jabber.alice@example.org/bob@example.com/bob (2005|1|1).AdiumHTMLLog":                                                                       "x",
		users + "Logs/AIM.al/bob/x.chatlog": "x",
	})
	p := read(t, filepath.Join(dir, users), "Adium")
	if len(p.Accounts) != 3 || p.Accounts[2].Address != "al@gmail.com" || p.Accounts[2].Enabled {
		t.Errorf("accounts %+v", p.Accounts)
	}
	if _, a, ok := p.Address("libpurple-jabber-gtalk", "2"); !ok || a != "al@gmail.com" {
		t.Errorf("number 2 is %q", a)
	}
	if _, _, ok := p.Address("libpurple-Jabber", "77"); ok {
		t.Error("number 77 is somebody")
	}
	lines := []string{
		"bob@example.com 2016-01-12 00:31:18 +0100 > hello & welcome\nyou",
		"bob@example.com 2016-01-12 00:31:34 +0100 < see this (http://x.y/z) and http://q.r",
		"bob@example.com 2016-01-12 00:31:35 +0100 < /me waves",
		"bob@example.com 2016-01-12 00:32:00 +0100 * Bob went offline",
	}
	got := said(t, p)
	for i := range got {
		got[i] = strings.ReplaceAll(got[i], " +0000 ", " +0100 ")
	}
	sameLines(t, got, append(append(lines[:4:4], lines...), "bob@example.com 2016-01-12 00:33:00 +0100 < cut of"))
	for _, want := range []string{"keychain", "damaged", "AIM", "1 log of a chat room is", "1 log in an old format"} {
		hasNote(t, p, want)
	}
}

// binaryPlist writes the objects of a binary property list; the first is the root.
func writePlist(objects ...[]byte) []byte {
	out := []byte("bplist00")
	var table []byte
	for _, o := range objects {
		table = binary.BigEndian.AppendUint16(table, uint16(len(out)))
		out = append(out, o...)
	}
	at := len(out)
	out = append(append(out, table...), make([]byte, 6)...)
	out = append(out, 2, 1)
	for _, n := range []int{len(objects), 0, at} {
		out = binary.BigEndian.AppendUint64(out, uint64(n))
	}
	return out
}

func TestBinaryPropertyLists(t *testing.T) {
	text := func(s string) []byte { return append([]byte{0x5f, 0x10, byte(len(s))}, s...) }
	good := writePlist([]byte{0xd1, 1, 2}, text("Accounts"), []byte{0xa2, 3, 9}, []byte{0xd3, 4, 5, 6, 7, 8, 8},
		text("ObjectID"), text("UID"), text("Type"), []byte{0x51, '1'}, []byte{0x61, 0x20, 0xac}, []byte{0x10, 7})
	v, err := parsePlist(good)
	if got := fmt.Sprint(v); err != nil || got != "map[Accounts:[map[ObjectID:1 Type:€ UID:€] 7]]" {
		t.Errorf("%s, %v", got, err)
	}
	for name, b := range map[string][]byte{
		"loop":     writePlist([]byte{0xa1, 0}),
		"bomb":     writePlist([]byte{0xaa, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, []byte{0xaa, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2}, []byte{0xaa, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3}, []byte{0xaa, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4}, []byte{0xaa, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5}, []byte{0xaa, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6}, []byte{0x51, 'x'}),
		"too long": writePlist([]byte{0x5f, 0x12, 0xff, 0xff, 0xff, 0xff}),
		"outside":  writePlist([]byte{0xa1, 9}),
		"short":    good[:30],
		"no list":  []byte("<x/>"),
	} {
		if v, err := parsePlist(b); err == nil {
			t.Errorf("%s: %v", name, v)
		}
	}
}

// serialised is a key as the protocol's specification writes it.
func serialised(numbers ...string) []byte {
	out := []byte{0, 0}
	for _, n := range numbers {
		out = append(binary.BigEndian.AppendUint32(out, uint32(len(n))), n...)
	}
	return out
}

func TestCoyIM(t *testing.T) {
	key := base64.StdEncoding.EncodeToString(serialised("\x8fp", "\x01q", "\x02g", "\x03y", "\x04x"))
	p := read(t, write(t, map[string]string{".config/coyim/accounts.json": `{"Accounts":[{
		"Account":"alice@example.org","Password":"pä\"ss","Server":"talk.example.org","Port":5222,"RequireTor":true,"ConnectAutomatically":true,
		"PrivateKeys":["` + key + `"],"InstanceTag":4711,"KnownFingerprints":[{"UserID":"Bob@example.com","FingerprintHex":"` + strings.Repeat("AB", 20) + `","Untrusted":false}],
		"Peers":[{"UserID":"carol@example.com","Nickname":"Carol","Groups":["Friends"],"Fingerprints":[{"FingerprintHex":"` + strings.Repeat("cd", 20) + `","Trusted":false},{"FingerprintHex":"zz","Trusted":true}]}]},
		{"Account":"nonsense"}],"Display":{"x":1}}`}), "CoyIM")
	a := p.Accounts[0]
	if len(p.Accounts) != 1 || a.Address != "alice@example.org" || a.Doubt != "" || !a.Enabled || string(a.Password.Bytes()) != `pä"ss` || fmt.Sprint(a.Options) != "map[port:5222 proxy:tor server:talk.example.org]" {
		t.Errorf("accounts %+v", p.Accounts)
	}
	if len(p.Files) != 2 || string(p.Files[0].Data) != `(privkeys (account (name "alice@example.org") (protocol prpl-jabber) (private-key (dsa (p #008f70#) (q #0171#) (g #0267#) (y #0379#) (x #0478#)))))`+"\n" {
		t.Errorf("the keys are %q", p.Files[0].Data)
	}
	if got, want := string(p.Files[1].Data), "bob@example.com\talice@example.org\tprpl-jabber\t"+strings.Repeat("ab", 20)+"\tverified\n"+
		"carol@example.com\talice@example.org\tprpl-jabber\t"+strings.Repeat("cd", 20)+"\t\n"; got != want {
		t.Errorf("the fingerprints are %q", got)
	}
	if len(p.Buddies) != 1 || p.Buddies[0].Alias != "Carol" || len(p.Logs) > 0 {
		t.Errorf("buddies %+v", p.Buddies)
	}
	for _, sealed := range []map[string]string{{"accounts.json": `{"Params":{"Nonce":"00","N":262144},"Data":"00"}`}, {"accounts.json.enc": "x"}} {
		hasNote(t, read(t, write(t, sealed), "CoyIM"), "encrypted")
	}
	found, _ := Look(write(t, map[string]string{"accounts.json": "[1"}))
	if _, err := found[0].Read(t.Context(), Places{}); err == nil {
		t.Error("nonsense was read")
	}
}

func TestKeysOfOtherKindsAreLeftOut(t *testing.T) {
	for _, b := range [][]byte{nil, []byte("\x80\x02cpickle\n."), {0, 0}, serialised("p", "q", "g", "y"), serialised("p", "q", "g", "y", "x", "z"),
		{0, 0, 0xff, 0xff, 0xff, 0xff}, serialised("p", "q", "g", "y", ""), append([]byte{0, 1}, serialised("p", "q", "g", "y", "x")[2:]...)} {
		if f := keyFile("a@b", b); f != nil {
			t.Errorf("%q became %q", b, f)
		}
	}
}

// database makes a database, in the manner in which programs that run keep theirs.
func makeDatabase(t testing.TB, path, sql string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	c, err := sqlite3.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Exec("PRAGMA journal_mode = wal;" + sql); err != nil {
		t.Fatal(err)
	}
}

const gajimConfig = "verbose = False\naccounts.Home.name = alice\naccounts.Home.hostname = example.org\naccounts.Home.password = pass = word\n" +
	"accounts.Home.active = True\naccounts.Home.resource = gajim.$rand\naccounts.Home.use_custom_host = True\naccounts.Home.custom_host = talk.example.org\n" +
	"accounts.Home.custom_port = 5222\naccounts.Home.proxy = Tor\naccounts.a.b@c.name = b\naccounts.a.b@c.hostname = c\naccounts.a.b@c.password = keyring:Gajim\n" +
	"accounts.Local.name = zeroconf\naccounts.Local.hostname =\n"

func TestOldGajim(t *testing.T) {
	dir := write(t, map[string]string{".config/gajim/config": gajimConfig,
		".local/share/gajim/Home.key3": string(serialised("p", "q", "g", "y", "x")), ".local/share/gajim/Home.fpr": "bob@x\tHome\txmpp\tab\n", ".local/share/gajim/Home.key2": "cos\nsystem\n"})
	makeDatabase(t, filepath.Join(dir, ".local/share/gajim/logs.db"), `
		CREATE TABLE jids (jid_id INTEGER PRIMARY KEY, jid TEXT UNIQUE, type INTEGER);
		CREATE TABLE logs (log_line_id INTEGER PRIMARY KEY, account_id INTEGER, jid_id INTEGER, contact_name TEXT, time INTEGER, kind INTEGER, show INTEGER, message TEXT, subject TEXT);
		INSERT INTO jids VALUES (1, 'alice@example.org', 0), (2, 'bob@example.com', 0), (3, 'room@conf.x', 1), (4, 'conf@x.y/nick', 0);
		INSERT INTO logs (account_id, jid_id, time, kind, message) VALUES (1, 2, 1330851787, 4, 'hi'), (1, 2, 1330851788.5, 6, 'hello'), (1, 2, 1330851789, 0, 'away'),
			(1, 3, 1330851790, 2, 'in a room'), (1, 4, 1330851790, 4, 'in private'), (NULL, 2, 1330851791, 4, 'to whom'), (1, 2, 'x', 4, 'when'), (1, 2, 1330851792, 4, X'68e46c');`)
	p := read(t, dir, "Gajim")
	a := p.Accounts[0]
	if len(p.Accounts) != 2 || a.Address != "alice@example.org" || a.Alias != "Home" || !a.Enabled || !strings.Contains(a.Doubt, "through a proxy in Gajim") || string(a.Password.Bytes()) != "pass = word" ||
		fmt.Sprint(a.Options) != "map[port:5222 server:talk.example.org]" || p.Accounts[1].Address != "b@c" || !p.Accounts[1].Password.IsEmpty() {
		t.Errorf("accounts %+v", p.Accounts)
	}
	sameLines(t, said(t, p), []string{"bob@example.com 2012-03-04 09:03:07 +0000 < hi", "bob@example.com 2012-03-04 09:03:08 +0000 > hello", "bob@example.com 2012-03-04 09:03:12 +0000 < häl"})
	for _, want := range []string{"log of a chat room", "with which of your accounts", "may run programs"} {
		hasNote(t, p, want)
	}
	if _, address, _ := p.Address("xmpp", "Home"); len(p.Files) != 2 || address != "alice@example.org" {
		t.Errorf("files %+v, of %q", p.Files, address)
	}
}

func TestNewGajim(t *testing.T) {
	dir := t.TempDir()
	makeDatabase(t, filepath.Join(dir, "settings.sqlite"), `CREATE TABLE account_settings (account TEXT UNIQUE, settings TEXT);
		INSERT INTO account_settings VALUES ('account_1', '{"account":{"address":"alice@example.org","account_label":"Home","active":true,"resource":"desk","use_custom_host":true,"custom_host":"h","custom_port":5222},"contact":{}}'), ('x', '[');`)
	makeDatabase(t, filepath.Join(dir, "logs.db"), `
		CREATE TABLE account (pk INTEGER PRIMARY KEY, jid TEXT); CREATE TABLE remote (pk INTEGER PRIMARY KEY, jid TEXT);
		CREATE TABLE message (pk INTEGER PRIMARY KEY, fk_account_pk INTEGER, fk_remote_pk INTEGER, type INTEGER, direction INTEGER, timestamp REAL, text TEXT);
		INSERT INTO account VALUES (1, 'alice@example.org'); INSERT INTO remote VALUES (1, 'bob@example.com'), (2, 'room@x.y');
		INSERT INTO message (fk_account_pk, fk_remote_pk, type, direction, timestamp, text) VALUES (1, 1, 1, 1, 1330851787.25, 'hi'), (1, 1, 1, 2, 1330851788, 'hello'), (1, 2, 2, 1, 1330851788, 'room'), (1, 1, 1, 1, 1330851799, NULL);`)
	p := read(t, dir, "Gajim")
	if len(p.Accounts) != 1 || p.Accounts[0].Alias != "Home" || fmt.Sprint(p.Accounts[0].Options) != "map[port:5222 resource:desk server:h]" {
		t.Errorf("accounts %+v", p.Accounts)
	}
	if len(p.Logs) != 1 || p.Logs[0].Lines != 2 {
		t.Errorf("logs %+v", p.Logs)
	}
	sameLines(t, said(t, p), []string{"bob@example.com 2012-03-04 09:03:07 +0000 < hi", "bob@example.com 2012-03-04 09:03:08 +0000 > hello"})
}

func TestHostileDatabases(t *testing.T) {
	for name, sql := range map[string]string{
		"no tables": "CREATE TABLE x (y);",
		"a view":    "CREATE TABLE jids (jid, jid_id, type); CREATE VIEW logs AS SELECT 1 kind, 2 jid_id, 3 time, 4 message;",
		"endless":   "CREATE TABLE jids (jid, jid_id, type); CREATE VIEW logs AS WITH RECURSIVE n(kind) AS (SELECT 4 UNION ALL SELECT kind FROM n) SELECT kind FROM n;",
	} {
		dir := t.TempDir()
		makeDatabase(t, filepath.Join(dir, "logs.db"), sql)
		hasNote(t, read(t, dir, "Gajim"), "history could not be read")
		_ = name
	}
	hasNote(t, read(t, write(t, map[string]string{"logs.db": "SQLite format 3\x00" + strings.Repeat("x", 5000), "settings.sqlite": "x"}), "Gajim"), "settings could not be read")
}

func TestProfanity(t *testing.T) {
	p := read(t, write(t, map[string]string{
		".local/share/profanity/accounts": "[work]\nenabled=true\njid=alice@example.org\nresource=prof\\sity\npassword=p=w\nserver=talk.example.org\nport=5222\n" +
			"tls.policy=legacy\n[dan_at_home@example.net]\neval_password=pass show x\nport=5222\ntls.policy=trust\n[bad]\nx\n",
		".local/share/profanity/otr/alice_at_example.org/keys.txt":                                        "(privkeys)",
		".local/share/profanity/otr/alice_at_example.org/fingerprints.txt":                                "x",
		".local/share/profanity/chatlogs/alice_at_example.org/bob_at_example.com/2012_03_04.log":          "odd\n10:03:07 - bob@example.com: hi: there\n10:03:08 - me: hello\nmore\n10:03:09 - *me waves\n10:03:10 - *bob@example.com bows\n",
		".local/share/profanity/chatlogs/dan_at_home_at_example.net/x_at_y_at_z/2012_03_04.log":           "10:03:07 - me: x\n",
		".local/share/profanity/chatlogs/alice_at_example.org/rooms/room_at_conf.x/2012_03_04.log":        "10:03:07 - me: x\n",
		".local/share/profanity/chatlogs/alice_at_example.org/bob_at_example.com/2012_03_04_redacted.log": "x",
		".local/share/profanity/chatlogs/nobody/bob_at_example.com/2012_03_04.log":                        "10:03:07 - me: x\n",
	}), "Profanity")
	a := p.Accounts[0]
	if len(p.Accounts) != 2 || a.Alias != "work" || string(a.Password.Bytes()) != "p=w" || fmt.Sprint(a.Options) != "map[port:5222 resource:prof ity security:direct server:talk.example.org]" || len(p.Accounts[1].Options) > 0 {
		t.Errorf("accounts %+v", p.Accounts)
	}
	zone := " " + time.Date(2012, 3, 4, 10, 0, 0, 0, time.Local).Format("-0700") + " "
	sameLines(t, said(t, p), []string{
		"bob@example.com 2012-03-04 10:03:07" + zone + "< hi: there", "bob@example.com 2012-03-04 10:03:08" + zone + "> hello\nmore",
		"bob@example.com 2012-03-04 10:03:09" + zone + "> /me waves", "bob@example.com 2012-03-04 10:03:10" + zone + "< /me bows",
		"x_at_y@z 2012-03-04 10:03:07" + zone + "> x",
	})
	for _, want := range []string{"from a command", "any certificate", "1 log of a chat room", "without a time"} {
		hasNote(t, p, want)
	}
	if len(p.Files) != 2 || p.Files[0].Name != "otr.private_key" || !bytes.Equal(p.Files[0].Data, []byte("(privkeys)")) {
		t.Errorf("files %+v", p.Files)
	}
}

// Gajim has a proxy for all accounts that have none of their own.
func TestGajimsProxyForAllAccounts(t *testing.T) {
	for app, want := range map[string]string{`{}`: "", `{"global_proxy":""}`: "", `{"global_proxy":"no-proxy"}`: "",
		`{"global_proxy":"work"}`: "through a proxy in Gajim", `{"global_proxy":7}`: "through a proxy in Gajim", `[`: "through a proxy in Gajim"} {
		dir := t.TempDir()
		makeDatabase(t, filepath.Join(dir, "settings.sqlite"), `CREATE TABLE settings (name TEXT UNIQUE, settings TEXT);
			CREATE TABLE account_settings (account TEXT UNIQUE, settings TEXT);
			INSERT INTO account_settings VALUES ('a', '{"account":{"address":"follows@b.c"}}'), ('b', '{"account":{"address":"own@b.c","proxy":"no-proxy"}}');
			INSERT INTO settings VALUES ('soft', '{"global_proxy":"x"}'), ('app', '`+app+`');`)
		p := read(t, dir, "Gajim")
		if len(p.Accounts) != 2 || !strings.Contains(p.Accounts[0].Doubt, want) || want == "" && p.Accounts[0].Doubt != "" || p.Accounts[1].Doubt != "" {
			t.Errorf("%s: %+v", app, p.Accounts)
		}
	}
	p := read(t, write(t, map[string]string{"config": "accounts.x.name = a\naccounts.x.hostname = b.c\nglobal_proxy = work\n"}), "Gajim")
	if len(p.Accounts) != 1 || p.Accounts[0].Doubt == "" {
		t.Errorf("in the old settings: %+v", p.Accounts)
	}
}
