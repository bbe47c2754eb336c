package foreign

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"culver/lang"
)

// write makes a folder with these files.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// read reads the one profile that is to be found in a folder.
func read(t testing.TB, dir, title string) *Profile { return readHere(t, dir, title, Places{}) }

// readHere does so on a computer with these places.
func readHere(t testing.TB, dir, title string, here Places) *Profile {
	t.Helper()
	found, err := Look(dir)
	if err != nil || len(found) != 1 || found[0].Title != title {
		t.Fatalf("found %+v, %v", found, err)
	}
	p, err := found[0].Read(t.Context(), here)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// said are the lines of all logs: "peer 2012-03-04 10:03:07 +0100 > text", with "<" for
// those that came, and "*" for those of the program.
func said(t testing.TB, p *Profile) (out []string) {
	t.Helper()
	r := p.Reader()
	defer r.Close()
	ids := map[string]bool{}
	for _, l := range p.Logs {
		err := r.Lines(context.Background(), l, func(line Line) error {
			sign := "<"
			switch {
			case line.System:
				sign = "*"
			case line.Out:
				sign = ">"
			}
			if ids[line.ID] || line.ID == "" {
				t.Errorf("the ID %q is there twice", line.ID)
			}
			ids[line.ID] = true
			out = append(out, fmt.Sprintf("%s %s %s %s", l.Peer, line.Time.Format("2006-01-02 15:04:05 -0700"), sign, line.Text))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	p.Notes = append(p.Notes, r.Notes()...)
	return out
}

func sameLines(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("read\n\t%s\nnot\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

func hasNote(t *testing.T, p *Profile, part string) {
	t.Helper()
	if !slices.ContainsFunc(p.Notes, func(n string) bool { return strings.Contains(n, part) }) {
		t.Errorf("no note says %q:\n\t%s", part, strings.Join(p.Notes, "\n\t"))
	}
}

const accountsXML = `<?xml version='1.0' encoding='UTF-8' ?>

<account version='1.0'>
	<account>
		<protocol>prpl-jabber</protocol>
		<name>Alice@Example.org/Home</name>
		<password>pass&amp;wörd</password>
		<alias>Alice</alias>
		<statuses><status type='available' name='Available' active='true'><attributes/></status></statuses>
		<settings>
			<setting name='port' type='int'>5223</setting>
			<setting name='connect_server' type='string'>talk.example.org</setting>
			<setting name='connection_security' type='string'>old_ssl</setting>
		</settings>
		<settings ui='gtk-gaim'><setting name='auto-login' type='bool'>1</setting></settings>
		<proxy><type>tor</type><host>localhost</host><port>9050</port></proxy>
	</account>
	<account>
		<protocol>prpl-jabber</protocol>
		<name>second@example.net/</name>
		<password keyring_id='x' mode='aes'>c2VjcmV0</password>
		<settings><setting name='port' type='int'>5222</setting></settings>
	</account>
	<account><protocol>prpl-irc</protocol><name>nick@irc.example.org</name></account>
	<account><protocol>prpl-jabber</protocol><name>nonsense</name></account>
	<account><protocol>prpl-jabber</protocol><name>ALICE@example.org</name></account>
</account>
`

const blistXML = `<?xml version='1.0' encoding='UTF-8' ?>
<purple version='1.0'>
	<blist>
		<group name='Friends'>
			<setting name='collapsed' type='bool'>0</setting>
			<contact alias='Bobby'>
				<buddy account='alice@example.org/Home' proto='prpl-jabber'><name>bob@example.com</name>
				<setting name='enable-logging' type='bool'>0</setting></buddy>
			</contact>
			<contact>
				<buddy account='alice@example.org/Home' proto='prpl-jabber'><name>Carol@example.com</name><alias>C &lt;3</alias></buddy>
				<buddy account='nick' proto='prpl-irc'><name>x</name></buddy>
			</contact>
			<chat proto='prpl-jabber' account='alice@example.org/Home'><component name='room'>r</component></chat>
		</group>
		<group name='Work'><contact><buddy account='alice@example.org/' proto='prpl-jabber'><name>bob@example.com/res</name></buddy></contact></group>
	</blist>
	<privacy><account proto='prpl-jabber' name='alice@example.org/Home' mode='4'><block>eve@example.com</block><block>mallory@x.y</block></account></privacy>
</purple>
`

func TestPidginAccountsAndBuddies(t *testing.T) {
	p := read(t, write(t, map[string]string{
		".purple/accounts.xml": accountsXML, ".purple/blist.xml": blistXML,
		".purple/otr.private_key": "(privkeys)", ".purple/otr.fingerprints": "x",
	}), "Pidgin")
	if len(p.Accounts) != 2 {
		t.Fatalf("accounts: %+v", p.Accounts)
	}
	a := p.Accounts[0]
	if a.Address != "alice@example.org" || a.Alias != "Alice" || !a.Enabled || a.Doubt != "" || string(a.Password.Bytes()) != "pass&wörd" {
		t.Errorf("the account is %+v", a)
	}
	if got := fmt.Sprint(a.Options); got != "map[port:5223 proxy:tor proxy_host:localhost proxy_port:9050 resource:Home security:direct server:talk.example.org]" {
		t.Errorf("its options are %s", got)
	}
	if b := p.Accounts[1]; b.Address != "second@example.net" || b.Enabled || b.Doubt == "" || !b.Password.IsEmpty() || len(b.Options) > 0 {
		t.Errorf("the second account is %+v", b)
	}
	if got := fmt.Sprintf("%+v", p.Buddies); got != "[{Account:alice@example.org Scheme:xmpp Address:bob@example.com Alias:Bobby Groups:[Friends Work] Unkept:true} "+
		"{Account:alice@example.org Scheme:xmpp Address:carol@example.com Alias:C <3 Groups:[Friends] Unkept:false}]" {
		t.Errorf("the buddies are %s", got)
	}
	for _, want := range []string{"irc", "no address", "more than once", "kept elsewhere", "1 chat room", "2 people are blocked"} {
		hasNote(t, p, want)
	}
	if len(p.Files) != 2 || p.Files[0].Name != "otr.private_key" || p.Files[1].Name != "otr.fingerprints" {
		t.Errorf("files %+v", p.Files)
	}
	if scheme, address, ok := p.Address("prpl-jabber", "Alice@Example.org/Home"); !ok || scheme != "xmpp" || address != "alice@example.org" {
		t.Errorf("the account of the keys is %q", address)
	}
	if _, _, ok := p.Address("prpl-irc", "nick@irc"); ok {
		t.Error("an account of another network was found")
	}
	p.Wipe()
	if strings.Trim(string(a.Password.Bytes()), "\x00") != "" {
		t.Error("the password was not wiped")
	}
}

func TestPidginFoldersAreFound(t *testing.T) {
	for _, where := range []string{"", ".purple", "Data/settings/.purple", "PidginPortable/Data/settings/.purple", "AppData/Roaming/.purple"} {
		read(t, write(t, map[string]string{where + "/accounts.xml": accountsXML}), "Pidgin")
	}
	dir := write(t, map[string]string{"Data/settings/.purple/blist.xml": blistXML, "App/Pidgin/pidgin.exe": ""})
	read(t, filepath.Join(dir, "App"), "Pidgin")
	read(t, filepath.Join(dir, "Data", "settings", ".purple", "blist.xml"), "Pidgin") // a file of it was chosen
	if _, err := Look(t.TempDir()); err != ErrNothing {
		t.Errorf("in an empty folder: %v", err)
	}
	if _, err := Look(filepath.Join(dir, "nowhere")); err == nil {
		t.Error("a folder that there is not")
	}
	home := write(t, map[string]string{"d/.purple/accounts.xml": "x", "[h]/.purple/accounts.xml": "x", "[h]/Library/Application Support/Adium 2.0/Users/Default/Accounts.plist": "x",
		"[h]/.config/coyim/accounts.json": "{}", "[h]/.config/gajim/config": "", "[h]/.local/share/gajim/logs.db": "", "[h]/.local/share/profanity/accounts": "",
		"[h]/.var/app/org.gajim.Gajim/data/gajim/logs.db": "", "[h]/.var/app/im.pidgin.Pidgin/.purple/blist.xml": ""})
	h := filepath.Join(home, "[h]")
	var got []string
	for _, f := range (Places{Home: h, Config: filepath.Join(h, ".config"), Data: filepath.Join(h, ".local", "share"), PurpleHome: filepath.Join(home, "d")}).Find() {
		got = append(got, f.Title+" "+strings.TrimPrefix(filepath.ToSlash(f.Folder), filepath.ToSlash(home))+" "+strings.TrimPrefix(filepath.ToSlash(f.second), filepath.ToSlash(home)))
	}
	sameLines(t, got, []string{"Pidgin /d/.purple ", "Pidgin /[h]/.purple ", "Pidgin /[h]/.var/app/im.pidgin.Pidgin/.purple ",
		"Adium /[h]/Library/Application Support/Adium 2.0/Users/Default ", "CoyIM /[h]/.config/coyim ",
		"Gajim /[h]/.config/gajim /[h]/.local/share/gajim", "Gajim /[h]/.var/app/org.gajim.Gajim/data/gajim ", "Profanity /[h]/.local/share/profanity "})
	if found := (Places{}).Find(); len(found) > 0 {
		t.Errorf("nowhere, there is %+v", found)
	}
}

// Folders are called what they are called, and programs, too.
func TestFoldersAreFoundInEachLanguage(t *testing.T) {
	if _, err := lang.Use(lang.Pseudo); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = lang.Use("en") })
	for _, where := range []string{"Data/settings/.purple", "PidginPortable/Data/settings/.purple", "AppData/Roaming/.purple"} {
		read(t, write(t, map[string]string{where + "/accounts.xml": accountsXML}), "Pidgin")
	}
	dir := write(t, map[string]string{"Gajim/config": ""})
	if found := (Places{AppData: dir}).Find(); len(found) != 1 || found[0].Title != "Gajim" {
		t.Errorf("it found %+v", found)
	}
	read(t, filepath.Join(write(t, map[string]string{"libpurple/accounts.xml": accountsXML}), "libpurple"), "Adium")
}

const logHTML = `<html><head><meta http-equiv="content-type" content="text/html; charset=UTF-8"><title>Conversation with bob@example.com at Sun 04 Mar 2012 11:50:07 PM CET on alice@example.org/Home (jabber)</title></head><body><h3>Conversation with bob@example.com at Sun 04 Mar 2012 11:50:07 PM CET on alice@example.org/Home (jabber)</h3>
<font color="#A82F2F"><font size="2">(11:50:07 PM)</font> <b>Bobby:</b></font> h&auml;llo &lt;you&gt;<br/>
<font color="#16569E"><font size="2">(11:50:10 PM)</font> <b>alice@example.org/Home:</b></font> <span style='font-weight: bold;'>hi</span><br/>second line<br/>
<font size="2">(11:50:12 PM)</font><b> Bobby has signed off.</b><br/>
<font color="#FF0000"><font size="2">(11:50:13 PM)</font><b> Unable to send message: Not connected.</b></font><br/>
<font color="#A82F2F"><font size="2">(03/03/2012 09:00:00 AM)</font> <b>Bobby:</b></font> late<br/>
<font color="#062585"><font size="2">(11:59:59 PM)</font> <b>***Bobby</b></font> waves<br/>
<font color="#062585"><font size="2">(12:00:02 AM)</font> <b>***alice@example.org/Home</b></font> waves back<br/>
<font color="#16569E"><font size="2">(12:00:03 AM)</font> <b>Me &lt;AUTO-REPLY&gt;:</b></font> away
with a raw line<br/>
<font color="#16569E"><font size="2">(11:45:00 PM)</font> <b>Me:</b></font> late, before midnight<br/>
<font color="#A82F2F"><font size="2">(08:00:00 AM)</font> <b>Bobby:</b></font> morning<br/>
<font color="#A82F2F"><font size="2">(07:00:00 AM)</font> <b>Bobby:</b></font> next morning<br/>
</body></html>
`

func TestPidginLogsInHTML(t *testing.T) {
	p := read(t, write(t, map[string]string{
		"accounts.xml": accountsXML, "blist.xml": blistXML,
		"logs/jabber/alice@example.org/bob@example.com/2012-03-04.235007+0100CET.html": logHTML,
	}), "Pidgin")
	sameLines(t, said(t, p), []string{
		"bob@example.com 2012-03-04 23:50:07 +0100 < h&auml;llo &lt;you&gt;",
		"bob@example.com 2012-03-04 23:50:10 +0100 > <span style='font-weight: bold;'>hi</span><br/>second line",
		"bob@example.com 2012-03-04 23:50:12 +0100 * Bobby has signed off.",
		"bob@example.com 2012-03-04 23:50:13 +0100 * Unable to send message: Not connected.",
		"bob@example.com 2012-03-03 09:00:00 +0100 < late",
		"bob@example.com 2012-03-04 23:59:59 +0100 < /me waves",
		"bob@example.com 2012-03-05 00:00:02 +0100 > /me waves back",
		"bob@example.com 2012-03-05 00:00:03 +0100 > away\nwith a raw line",
		"bob@example.com 2012-03-04 23:45:00 +0100 > late, before midnight",
		"bob@example.com 2012-03-05 08:00:00 +0100 < morning",
		"bob@example.com 2012-03-06 07:00:00 +0100 < next morning",
	})
}

// Pidgin 2.14 writes other elements than its predecessors did.
func TestPidginLogsInNewHTML(t *testing.T) {
	p := read(t, write(t, map[string]string{
		"accounts.xml": accountsXML, "blist.xml": blistXML,
		"logs/jabber/alice@example.org/bob@example.com/2026-11-22.071218+0000UTC.html": `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd"><html><head><title>Conversation with bob@example.com at Sun Nov 22 07:12:18 2026 on alice@example.org/ (jabber)</title></head><body><h1>Conversation with bob@example.com at Sun Nov 22 07:12:18 2026 on alice@example.org/ (jabber)</h1><p>
<span style="color: #A82F2F"><span style="font-size: smaller">(07:12:18)</span> <b>bob@example.com:</b></span> a line<br>
<span style="color: #16569E"><span style="font-size: smaller">(07:12:19)</span> <b>Al:</b></span> an answer &amp; more<br>
<span style="font-size: smaller">(07:12:20)</span><b> bob has not been <a href="https://x.y/">authenticated</a> yet.</b><br>
<span style="color: #FF0000"><span style="font-size: smaller">(07:12:21)</span><b> Not sent.</b></span><br>
<span style="color: #062585"><span style="font-size: smaller">(07:12:22)</span> <b>***Al</b></span> waves<br>
</p>
</body>
</html>
`}), "Pidgin")
	sameLines(t, said(t, p), []string{
		"bob@example.com 2026-11-22 07:12:18 +0000 < a line",
		"bob@example.com 2026-11-22 07:12:19 +0000 > an answer &amp; more",
		`bob@example.com 2026-11-22 07:12:20 +0000 * bob has not been <a href="https://x.y/">authenticated</a> yet.`,
		"bob@example.com 2026-11-22 07:12:21 +0000 * Not sent.",
		"bob@example.com 2026-11-22 07:12:22 +0000 > /me waves",
	})
	for _, n := range p.Notes {
		if strings.Contains(n, "without a time") {
			t.Error(n)
		}
	}
}

func TestPidginLogsInText(t *testing.T) {
	p := read(t, write(t, map[string]string{
		"accounts.xml": accountsXML, "blist.xml": blistXML,
		"logs/jabber/alice@example.org/carol@example.com/2012-03-04.100307-0500EST.txt": "Conversation with Carol@example.com at Sun 04 Mar 2012 10:03:07 AM EST on alice@example.org/Home (jabber)\n" +
			"(10:03:07 AM) C <3: hello: there\n(10:03:08 AM) Alice: hi\r\n   and (10:03) more\n(10:03:09 AM) Carol@example.com/xy: \xe4\xf6\x80 caf\xc3\xa9\x00\n" +
			"(10:03:10 AM) C <3 has signed off.\n(10:03:11 AM) ***C <3 waves\n(10:03:12 AM) ***Alice waves\n" +
			"(10:03:13 AM) The following message received from C <3 was not encrypted: [hi]\n(10:03:14 AM) Nick: who\n(10:03:15 AM) alice: <AUTO-REPLY>: x\n(lol) not a time\n",
	}), "Pidgin")
	sameLines(t, said(t, p), []string{
		"carol@example.com 2012-03-04 10:03:07 -0500 < hello: there",
		"carol@example.com 2012-03-04 10:03:08 -0500 > hi\n   and (10:03) more",
		"carol@example.com 2012-03-04 10:03:09 -0500 < äö€ café",
		"carol@example.com 2012-03-04 10:03:10 -0500 * C <3 has signed off.",
		"carol@example.com 2012-03-04 10:03:11 -0500 < /me waves",
		"carol@example.com 2012-03-04 10:03:12 -0500 > /me waves",
		"carol@example.com 2012-03-04 10:03:13 -0500 * The following message received from C <3 was not encrypted: [hi]",
		"carol@example.com 2012-03-04 10:03:14 -0500 < who",
		"carol@example.com 2012-03-04 10:03:15 -0500 > <AUTO-REPLY>: x\n(lol) not a time",
	})
}

func TestPidginLogsThatAreLeftOut(t *testing.T) {
	dir := write(t, map[string]string{
		"accounts.xml": accountsXML,
		"logs/jabber/alice@example.org/room@conf.example.org.chat/2012-03-04.100307+0100CET.txt":   "(10:03:07) x: y\n",
		"logs/jabber/alice@example.org/room@conf.example.org%2fnick/2012-03-04.100307+0100CET.txt": "(10:03:07) x: y\n",
		"logs/jabber/alice@example.org/.system/2012-03-04.100307+0100CET.txt":                      "(10:03:07) x: y\n",
		"logs/jabber/alice@example.org/d%c3%a9d%c3%a9@example.com/2012-03-04.100307.txt":           "x\n(10:03:07) y: z\n",
		"logs/jabber/alice@example.org/bob@example.com/notes.doc":                                  "x",
		"logs/jabber/alice@example.org/bob@example.com/2012-13-44.100307+0100CET.txt":              "x",
		"logs/jabber/nonsense/bob@example.com/2012-03-04.100307+0100CET.txt":                       "x",
		"logs/irc/nick/peer/2012-03-04.100307+0100CET.txt":                                         "x",
	})
	outside := write(t, map[string]string{"2012-03-04.100307+0100CET.txt": "(10:03:07) x: secret\n"})
	links := os.Symlink(outside, filepath.Join(dir, "logs/jabber/alice@example.org/eve@example.com")) == nil
	p := read(t, dir, "Pidgin")
	start := time.Date(2012, 3, 4, 10, 3, 7, 0, time.Local)
	sameLines(t, said(t, p), []string{"dédé@example.com " + start.Format("2006-01-02 15:04:05 -0700") + " < z"})
	for _, want := range []string{"2 logs of chat rooms are left out", "2 files in the folder of logs are", "1 folder of logs is", "irc"} {
		hasNote(t, p, want)
	}
	if links {
		hasNote(t, p, "1 entry among the logs is left out, because it leads out of the folder")
	}
}

func TestTheSameLineHasTheSameID(t *testing.T) {
	ids := func(text string) (out []string) {
		p := read(t, write(t, map[string]string{"accounts.xml": accountsXML, "logs/jabber/alice@example.org/bob@example.com/2012-03-04.100307+0100CET.txt": text}), "Pidgin")
		r := p.Reader()
		defer r.Close()
		for _, l := range p.Logs {
			r.Lines(t.Context(), l, func(l Line) error { out = append(out, l.ID); return nil })
		}
		return out
	}
	before := ids("Conversation with x\n(10:03:07) bob: x\n(10:03:07) bob: x\n")
	after := ids("Conversation with x\n(10:03:07) bob: x\n(10:03:07) bob: x\n(10:03:08) bob: y\n")
	if len(before) != 2 || before[0] == before[1] || !slices.Equal(before, after[:2]) {
		t.Errorf("%q, and then %q", before, after)
	}
}
