package otrplugin

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"culver/im"
	"culver/otrplugin/otr"
	"culver/otrplugin/otr/libotr"
	"culver/plugin/plugintest"
)

// reads lets alice's user choose a file with these lines to import.
func (e *end) reads(lines ...string) *plugintest.Dialog {
	e.t.Helper()
	path := filepath.Join(e.t.TempDir(), "otr.fingerprints")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		e.t.Fatal(err)
	}
	e.plugin.closeConfig()
	e.configures().Press(fieldImportKnown)
	d := e.host.Dialog("Import fingerprints")
	d.Type(fieldPath, path)
	d.Press(buttonRead)
	e.host.Run()
	return d
}

func knownLine(user, account, protocol string, f otr.Fingerprint, trust string) string {
	return user + "\t" + account + "\t" + protocol + "\t" + f.Hex() + "\t" + trust
}

// bobs is a line about bob's nth key.
func bobs(t *testing.T, n int, trust string) string {
	return knownLine(bobAddr, aliceAddr+"/", "prpl-jabber", fingerprintOf(t, n), trust)
}

func fates(d *plugintest.Dialog) []string {
	var all []string
	for _, r := range d.Field(fieldPreview).Rows {
		all = append(all, r.Cells[0]+" "+r.Cells[1]+" "+r.Cells[4])
	}
	return all
}

func TestImportOfPidginsFingerprints(t *testing.T) {
	w := newWorld(t)
	f := func(n byte) otr.Fingerprint { return otr.Fingerprint{n} }
	d := w.alice.reads(
		knownLine("ann@x.example", "alice@example.net/", "prpl-jabber", f(1), "verified"),
		knownLine("Ben@X.example", "Alice@Example.net/Home", "prpl-jabber", f(2), "smp"),
		knownLine("cy@x.example", "alice@example.net", "XMPP", f(3), ""),
		knownLine("dan@x.example", "alice@example.net/", "prpl-jabber", f(4), "seit 2019"),
		knownLine("eve@x.example", "other@example.net/", "prpl-jabber", f(5), "verified"),
		knownLine("fay", "alice@example.net", "prpl-irc", f(6), "verified"),
		"nonsense",
		knownLine("a b@x.example", "alice@example.net/", "prpl-jabber", f(7), ""),
		knownLine("ann@x.example", "alice@example.net/", "prpl-jabber", f(1), ""),
	)
	wantText(t, d, "4 fingerprints of 4 buddies for your accounts, 3 of them verified")
	wantText(t, d, "accounts that you don't have here: 2 fingerprints (other@example.net, alice@example.net)")
	wantText(t, d, "make no sense: 2 lines")
	if got, want := fates(d), []string{
		"ann@x.example Yes New", "ben@x.example Yes New", "cy@x.example No New", "dan@x.example Yes New",
	}; !slices.Equal(got, want) {
		t.Errorf("the preview is %q", got)
	}
	if len(w.alice.plugin.known) > 0 {
		t.Error("the preview changes something")
	}
	d.Press(buttonImport)
	wantText(t, d, "Imported: 4 fingerprints.")
	d.Press(buttonClose)
	w.alice.restart()
	p := w.alice.plugin
	for peer, want := range map[string]knownKey{
		"ann@x.example": {Trust: "verified", Proof: proofImport},
		"ben@x.example": {Trust: "smp", Proof: proofImport},
		"cy@x.example":  {},
		"dan@x.example": {Trust: "seit 2019", Proof: proofImport},
	} {
		keys := p.known[im.ConvID{Account: w.alice.id.Account, Peer: peer}]
		if len(keys) != 1 || keys[0].Trust != want.Trust || keys[0].Proof != want.Proof || keys[0].Unaccepted ||
			keys[0].ImportedAt.IsZero() || !keys[0].Last.IsZero() {
			t.Errorf("%s: %+v", peer, keys[0])
		}
	}
	// What was imported is exported again as it was.
	w.alice.exports()
	d = w.alice.host.Dialog("Export Fingerprints")
	path := filepath.Join(t.TempDir(), "f")
	d.Type(fieldPath, path)
	d.Press(buttonExport)
	w.alice.host.Run()
	b, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(b), knownLine("dan@x.example", "alice@example.net/", "prpl-jabber", f(4), "seit 2019")+"\n") {
		t.Errorf("%q, %v", b, err)
	}
}

// Many of them come in a few at a time; whoever closes the window ends that.
func TestManyFingerprintsAreImportedInSteps(t *testing.T) {
	for _, closes := range []bool{false, true} {
		w := newWorld(t)
		var lines []string
		for n := range 500 {
			lines = append(lines, knownLine(fmt.Sprintf("b%03d@x.example", n), aliceAddr, "prpl-jabber", otr.Fingerprint{1, byte(n), byte(n >> 8)}, "verified"))
		}
		d := w.alice.reads(lines...)
		d.Press(buttonImport)
		if n := len(w.alice.plugin.known); n == 0 || n > 50 || d.Field(fieldTaking).Percent < 1 {
			t.Errorf("%d in the first step:\n%v", n, d)
		}
		if closes {
			d.CloseWindow()
		}
		for range 500 {
			w.alice.host.Advance(0)
		}
		if n := len(w.alice.plugin.known); closes != (n < 50) || !closes && n != 500 {
			t.Errorf("closed: %v; %d came in", closes, n)
		}
		if !closes {
			wantText(t, d, "Imported: 500 fingerprints.")
		}
	}
}

func TestImportNeverLowersTrust(t *testing.T) {
	w := newWorld(t)
	w.verified()
	d := w.alice.reads(bobs(t, 1, ""))
	if got := fates(d); !slices.Equal(got, []string{bobAddr + " No Known already"}) {
		t.Errorf("the preview is %q", got)
	}
	if !button(t, d, buttonImport).Off {
		t.Error("there is something to import")
	}
	d.Press(buttonBack)
	d.Press(buttonCancel)
	d = w.alice.reads(bobs(t, 1, "verified"), bobs(t, 2, ""))
	d.Press(buttonImport)
	k := w.alice.plugin.known[w.alice.id][0]
	if k.Trust != trustSMP || k.Proof != proofSecret {
		t.Errorf("the key is %+v", k)
	}
	if w.alice.plugin.acceptable(w.alice.id, fingerprintOf(t, 2)) {
		t.Error("a key that nobody verified is accepted beside a verified one")
	}
	w.wantLevel(im.Verified, im.Verified)
}

func TestImportLeavesRefusedKeysRefused(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.flips(2)
	w.alice.refuses()
	d := w.alice.reads(bobs(t, 2, "verified"), bobs(t, 3, ""))
	if got := fates(d); !slices.Contains(got, bobAddr+" Yes Stays refused") {
		t.Errorf("the preview is %q", got)
	}
	d.Press(buttonImport)
	if !w.alice.plugin.refused(w.alice.id, fingerprintOf(t, 2)) || w.alice.plugin.trusted(w.alice.id, fingerprintOf(t, 2)) {
		t.Error("a file overrules the user")
	}
}

// A verified key from a file makes the others doubtful, those in use included.
func TestImportOfAVerifiedKeyGatesTheOthers(t *testing.T) {
	w := newWorld(t)
	w.private()
	d := w.alice.reads(bobs(t, 2, "verified"))
	d.Press(buttonImport)
	if !w.alice.asking() {
		t.Error("the key in use is not asked about")
	}
	w.says(w.alice, "secret")
	if l := w.alice.last(); l.state != im.Waiting || len(w.bob.lines) > 0 {
		t.Errorf("the line is %+v", l)
	}
	w.flips(2)
	if l := w.bob.last(); l.text != "secret" || w.alice.asking() {
		t.Errorf("bob reads %+v", l)
	}
	w.wantLevel(im.Verified, im.Private)
}

func TestImportVerifiesTheKeyInUse(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.flips(2)
	w.says(w.alice, "secret")
	d := w.alice.reads(bobs(t, 2, "smp"))
	d.Press(buttonImport)
	w.run()
	if l := w.bob.last(); l.text != "secret" || w.alice.asking() {
		t.Errorf("bob reads %+v", l)
	}
	w.wantLevel(im.Verified, im.Private)
}

// Of several keys that nobody verified, none is the first.
func TestImportOfSeveralUnverifiedKeysAcceptsNone(t *testing.T) {
	w := newWorld(t)
	w.alice.reads(bobs(t, 1, ""), bobs(t, 2, "")).Press(buttonImport)
	w.does(w.bob, actionStart)
	if !w.alice.asking() {
		t.Error("not asked")
	}
	w.says(w.alice, "secret")
	if len(w.bob.lines) > 0 {
		t.Errorf("bob reads %+v", w.bob.lines)
	}
}

func TestImportThatCannotBe(t *testing.T) {
	w := newWorld(t)
	d := w.alice.reads("nonsense", knownLine("x@y", "else@where/", "prpl-jabber", otr.Fingerprint{1}, ""))
	wantText(t, d, "Nothing in the file can be imported")
	for path, want := range map[string]string{
		"": "Type where the file is", "f": "whole path", t.TempDir(): "This is a folder", os.DevNull: "\nThis is not an ordinary file",
		filepath.Join(t.TempDir(), "none"): "There is no such file",
	} {
		d.Type(fieldPath, path)
		d.Press(buttonRead)
		w.alice.host.Run()
		wantText(t, d, want)
	}
	d.CloseWindow()

	d = w.alice.reads(bobs(t, 1, "verified"), bobs(t, 2, ""))
	w.alice.host.Disk.Err = errOffline
	d.Press(buttonImport)
	w.alice.host.Disk.Err = nil
	wantText(t, d, "could not be saved")
	wantText(t, d, "Imported: 0 fingerprints")
	if len(w.alice.plugin.known) > 0 {
		t.Errorf("known is %+v", w.alice.plugin.known)
	}
}

func TestImportOfAFileWithoutEnd(t *testing.T) {
	w := newWorld(t)
	var lines []string
	for n := range maxImport + 10 {
		lines = append(lines, knownLine(fmt.Sprintf("b%d@x.example", n), "alice@example.net/", "prpl-jabber", otr.Fingerprint{byte(n), byte(n >> 8)}, ""))
	}
	d := w.alice.reads(lines...)
	wantText(t, d, "too long: 10 fingerprints")
	if n := len(d.Field(fieldPreview).Rows); n != maxPreview {
		t.Errorf("%d rows", n)
	}
	d.Press(buttonImport)
	for range maxImport {
		w.alice.host.Advance(0)
	}
	if n := len(w.alice.plugin.known); n != maxImport {
		t.Errorf("%d buddies", n)
	}
}

// Whatever a file holds, nothing that the user decided here becomes weaker.
func FuzzImport(f *testing.F) {
	a := fmt.Sprintf("%s\t%s\tprpl-jabber\t%040x\t", bobAddr, aliceAddr+"/", 1)
	f.Add([]byte(a + "\n" + a + "smp\n"))
	f.Add([]byte(strings.Replace(a, "bob", "B\u202eob\u0000", 1) + "verified\r\nx\t\t\t\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		known, skipped, err := libotr.ParseFingerprints(file)
		if err != nil {
			return
		}
		account := im.NewAccountID("xmpp", aliceAddr)
		h := plugintest.New(t, account)
		p := New(nil)
		if err := p.Init(h); err != nil {
			t.Fatal(err)
		}
		c := p.chat(im.ConvID{Account: account, Peer: bobAddr})
		for n := range byte(4) {
			p.meet(c, otr.Fingerprint{19: n})
		}
		keys := p.known[c.id]
		if err := p.setTrust(keys[1], proofQuestion); err != nil {
			t.Fatal(err)
		}
		if err := p.setRefused(keys[2]); err != nil {
			t.Fatal(err)
		}
		plan := planImport(known, skipped, ownAmong(p.host.Accounts()))
		for _, k := range plan.keys {
			if _, err := p.importKey(plan, k); err != nil {
				t.Fatal(err)
			}
		}
		if !keys[1].trusted() || keys[1].Proof != proofQuestion || !keys[2].Refused || p.acceptable(c.id, keys[2].fingerprint) {
			t.Errorf("%+v, %+v", keys[1], keys[2])
		}
		if k := keys[3]; !k.trusted() && p.acceptable(c.id, k.fingerprint) {
			t.Errorf("%+v", k)
		}
		for id, all := range p.known {
			if id.Account != account || words(id.Peer) != id.Peer {
				t.Errorf("a key of %q", id)
			}
			for _, k := range all {
				if back, err := parseKnown(k.storeKey(), h.Disk.Data[k.storeKey()]); err != nil || back.Trust != k.Trust {
					t.Errorf("%+v is kept as %+v: %v", k, back, err)
				}
			}
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
}
