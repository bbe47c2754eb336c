package otrplugin

import (
	"strings"
	"testing"

	"culver/im"
	"culver/otrplugin/otr"
	"culver/plugin/plugintest"
)

const hexKey = "e58294f2e9a227486e8b061b31cc528fd7fa3f19"

func TestSpokenFingerprints(t *testing.T) {
	f, err := otr.ParseFingerprint(hexKey)
	if err != nil {
		t.Fatal(err)
	}
	// The example that is told everywhere of the PGP word list.
	want := "topmost Istanbul Pluto vagabond treadmill Pacific brackish dictator goldfish Medusa " +
		"afflict bravado chatter revolver Dupont midsummer stopwatch whimsical cowbell bottomless"
	if got := spoken(f); got != want {
		t.Errorf("got %q", got)
	}
	seen := make(map[string]bool)
	for n, list := range pgpWords() {
		if len(list) != 256 {
			t.Errorf("list %d has %d words", n, len(list))
		}
		for _, word := range list {
			if seen[word] {
				t.Errorf("%s is there twice", word)
			}
			seen[word] = true
		}
	}
}

func TestGivenFingerprints(t *testing.T) {
	groups := "E58294F2 E9A22748 6E8B061B 31CC528F D7FA3F19"
	colons := ""
	for i := 0; i < len(hexKey); i += 2 {
		colons += hexKey[i:i+2] + ":"
	}
	for in, who := range map[string]string{
		hexKey:                                "",
		groups:                                "",
		" " + groups + "\r\n":                 "",
		strings.TrimSuffix(colons, ":"):       "",
		strings.ReplaceAll(groups, " ", "\n"): "",
		strings.ReplaceAll(groups, " ", " "):  "",
		"Fingerprint for bob@example.org (XMPP):\n" + groups:                                             "",
		"My key: " + strings.TrimSuffix(colons, ":"):                                                     "",
		"xmpp:bob@example.org?otr-fingerprint=" + hexKey:                                                 "bob@example.org",
		"XMPP:bob%40example.org?message;OTR-FINGERPRINT=" + hexKey:                                       "bob@example.org",
		"xmpp://bob@example.org/phone?otr-fingerprint=" + hexKey:                                         "bob@example.org",
		"xmpp:bob@example.org?omemo-sid-1=ab;otr-fingerprint=" + hexKey:                                  "bob@example.org",
		"xmpp:bob@example.org?otr-fingerprint=" + hexKey + "&name=Bob":                                   "bob@example.org",
		"xmpp:bob@example.org?otr-fingerprint=" + strings.Repeat("0", 40) + ";otr-fingerprint=" + hexKey: "bob@example.org",
	} {
		g, err := parseGiven(in)
		if err != nil || g.who != who || g.keys[len(g.keys)-1].Hex() != hexKey {
			t.Errorf("%q: %+v, %v", in, g, err)
		}
	}
	for _, in := range []string{
		"", "x", hexKey[1:], hexKey + "0", "g" + hexKey[1:], strings.Repeat(hexKey, 200), groups + " " + groups,
		"xmpp:bob@example.org", "xmpp:bob@example.org?otr-fingerprint=", "xmpp:bob@example.org?otr-fingerprint=zz",
		"xmpp:%zz?otr-fingerprint=" + hexKey, "?otr-fingerprint", "otr-fingerprint=" + hexKey, "\xff\xfe", ":::::", "e5829\u202e4f2",
	} {
		if g, err := parseGiven(in); err == nil {
			t.Errorf("%.60q was read as %+v", in, g)
		}
	}
}

func FuzzGivenFingerprint(f *testing.F) {
	f.Add(hexKey)
	f.Add("xmpp:bob@example.org?otr-fingerprint=" + hexKey)
	f.Add("a:b=c\nd%zz?otr-fingerprint==;&")
	f.Fuzz(func(t *testing.T, s string) {
		g, err := parseGiven(s)
		if err == nil && len(g.keys) == 0 {
			t.Errorf("%q: no error and no key", s)
		}
	})
}

func TestKeyURIsAreReadBack(t *testing.T) {
	f, _ := otr.ParseFingerprint(hexKey)
	for _, who := range []string{"bob@example.org", "o'hara+x@example.org", "p%q@example.org", "ü?#@bücher.example", "a;b&c@d.example"} {
		uri := keyURI("xmpp", who, f)
		if g, err := parseGiven(uri); err != nil || g.who != who || g.keys[0] != f {
			t.Errorf("%s: %+v, %v", uri, g, err)
		}
	}
}

// fingerprintPage opens the third page of the wizard.
func (w *world) fingerprintPage() *plugintest.Dialog {
	w.t.Helper()
	w.alice.does(actionAuthenticate)
	d := w.alice.host.Dialog("Authenticate Bob")
	d.Type(fieldMethod, methodFingerprint)
	return d
}

func TestBothFingerprintsCanBeReadAloudAndScanned(t *testing.T) {
	w := newWorld(t)
	w.private()
	d := w.fingerprintPage()
	a, b := w.alice.plugin.accounts[w.alice.id.Account].key, w.bob.plugin.accounts[w.bob.id.Account].key
	for id, key := range map[string]otr.Fingerprint{fieldOurs: a.Fingerprint(), fieldTheirs: b.Fingerprint()} {
		f := d.Field(id)
		if f.Spoken != spoken(key) || !strings.HasSuffix(f.QR, "?otr-fingerprint="+key.Hex()) {
			t.Errorf("%s is %+v", id, f)
		}
	}
	if d.Field(fieldOurs).QR[:23] != "xmpp:alice@example.net?" || d.Field(fieldTheirs).QR[:21] != "xmpp:bob@example.org?" {
		t.Errorf("%q, %q", d.Field(fieldOurs).QR, d.Field(fieldTheirs).QR)
	}
	// What Bob's program shows as his own QR code is what Alice may enter.
	w.bob.does(actionAuthenticate)
	own := w.bob.host.Dialog("Authenticate Alice")
	own.Type(fieldMethod, methodFingerprint)
	d.Type(fieldGiven, own.Field(fieldOurs).QR)
	d.Press(buttonAuthenticate)
	w.wantLevel(im.Verified, im.Private)
	if k := w.alice.plugin.known[w.alice.id][0]; k.Trust != trustVerified {
		t.Errorf("trust is %q", k.Trust)
	}
}

func TestAFingerprintThatWasGiven(t *testing.T) {
	w := newWorld(t)
	w.private()
	own := w.alice.plugin.accounts[w.alice.id.Account].key.Fingerprint()
	theirs := w.bob.plugin.accounts[w.bob.id.Account].key.Fingerprint()
	d := w.fingerprintPage()
	for _, row := range []struct {
		given, word string
		alarm       bool
	}{
		{hexKey, "NOT the key in use", true},
		{own.String(), "your own fingerprint", false},
		{"xmpp:eve@example.org?otr-fingerprint=" + theirs.Hex(), "fingerprint of eve@example.org", false},
		{"nonsense", "no fingerprint", false},
		{theirs.Hex()[1:], "no fingerprint", false},
	} {
		w.alice.host.Take()
		d.Type(fieldGiven, row.given)
		d.Type(fieldVerified, choiceHave) // saying so does not help
		d.Press(buttonAuthenticate)
		wantText(t, d, row.word)
		if w.alice.said(plugintest.Alarm, "") != row.alarm {
			t.Errorf("%s: in the conversation:\n%s", row.given, w.alice.transcript())
		}
		w.wantLevel(im.Private, im.Private)
	}
	d.Type(fieldVerified, choiceHaveNot)
	d.Type(fieldGiven, strings.ToLower(theirs.String()))
	d.Press(buttonAuthenticate)
	w.wantLevel(im.Verified, im.Private)

	// One that differs takes no trust away.
	d = w.fingerprintPage()
	d.Type(fieldGiven, hexKey)
	d.Press(buttonAuthenticate)
	wantText(t, d, "NOT the key in use")
	w.wantLevel(im.Verified, im.Private)
}

func TestAnotherKnownKeyThatWasGiven(t *testing.T) {
	w := newTwoDevices(t)
	w.private()
	w.does(w.phone, actionStart)
	computer := w.bob.plugin.accounts[w.bob.id.Account].key.Fingerprint()
	d := w.fingerprintPage()
	d.Type(fieldGiven, computer.Hex())
	d.Press(buttonAuthenticate)
	wantText(t, d, "another one that Bob has used before")
}

func TestAFingerprintThatWasGivenInTheSettings(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.plugin.Configure()
	k := w.alice.plugin.known[w.alice.id][0]
	w.alice.plugin.askToVerify(k)
	d := w.alice.host.Dialog("Verify fingerprint of Bob")
	d.Type(fieldGiven, hexKey)
	d.Type(fieldVerified, choiceHave)
	d.Press(buttonOK)
	if !d.Open {
		t.Fatal("a fingerprint that differs closes the window")
	}
	wantText(t, d, "NOT the key")
	d.Type(fieldGiven, k.fingerprint.Hex())
	d.Press(buttonOK)
	w.wantLevel(im.Verified, im.Private)
}
