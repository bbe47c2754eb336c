package otrplugin

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"culver/im"
	"culver/otrplugin/otr/libotr"
)

func (e *end) exports(rows ...string) {
	e.t.Helper()
	d := e.configures()
	if len(rows) == 0 {
		d.Press(fieldExportAll)
	} else {
		d.Choose(fieldFingerprints, rowExport, rows...)
	}
}

func TestExportedFingerprintsAreThoseOfLibotr(t *testing.T) {
	w := newWorld(t)
	w.verified()
	w.flips(2)
	w.alice.exports()
	d := w.alice.host.Dialog("Export Fingerprints")
	wantText(t, d, "2 fingerprints")
	path := filepath.Join(t.TempDir(), "otr.fingerprints")
	d.Type(fieldPath, path)
	d.Press(buttonExport)
	w.alice.host.Run()
	wantText(t, d, path)
	d.Press(buttonClose)
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	known, skipped, err := libotr.ReadFingerprints(f)
	if err != nil || len(skipped) > 0 || len(known) != 2 {
		t.Fatalf("%v, %v, %v", known, skipped, err)
	}
	if known[0].Fingerprint != fingerprintOf(t, 1) { // they come in the order of the fingerprints, which are random here
		known[0], known[1] = known[1], known[0]
	}
	for n, k := range known {
		want := libotr.Known{User: bobAddr, Account: aliceAddr + "/", Protocol: "prpl-jabber", Fingerprint: fingerprintOf(t, n+1)}
		if n == 0 {
			want.Trust = "smp"
		}
		if k != want {
			t.Errorf("%+v, want %+v", k, want)
		}
	}
	if info, err := f.Stat(); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestExportOfChosenRows(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.flips(2)
	w.alice.exports(w.alice.rowOf(2))
	d := w.alice.host.Dialog("Export Fingerprints")
	path := filepath.Join(t.TempDir(), "f")
	d.Type(fieldPath, path)
	d.Press(buttonExport)
	w.alice.host.Run()
	b, err := os.ReadFile(path)
	if err != nil || strings.Count(string(b), "\n") != 1 || !strings.Contains(string(b), fingerprintOf(t, 2).Hex()) {
		t.Errorf("%q, %v", b, err)
	}
}

func TestExportReplacesNothingWithoutAWord(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.exports()
	d := w.alice.host.Dialog("Export Fingerprints")
	dir := t.TempDir()
	path, other := filepath.Join(dir, "f"), filepath.Join(dir, "g")
	for _, name := range []string{path, other} {
		if err := os.WriteFile(name, []byte("precious"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	holds := func(name, want string) {
		t.Helper()
		if b, err := os.ReadFile(name); err != nil || !strings.Contains(string(b), want) {
			t.Errorf("%s holds %q, %v", name, b, err)
		}
	}
	d.Type(fieldPath, path)
	d.Press(buttonExport)
	w.alice.host.Run()
	wantText(t, d, "already")
	d.Press(buttonExport) // is no answer
	w.alice.host.Run()
	holds(path, "precious")
	d.Type(fieldPath, other)
	d.Press(buttonReplace) // that was asked about another file
	w.alice.host.Run()
	holds(other, "precious")
	d.Type(fieldPath, path)
	d.Press(buttonExport)
	w.alice.host.Run()
	d.Press(buttonReplace)
	w.alice.host.Run()
	holds(path, fingerprintOf(t, 1).Hex())
	holds(path+libotr.BackupSuffix, "precious")
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestExportThatCannotBe(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.exports()
	d := w.alice.host.Dialog("Export Fingerprints")
	for path, want := range map[string]string{
		"":                    "Type where the file is",
		"  ":                  "Type where the file is",
		"f":                   "whole path",
		"../f":                "whole path",
		t.TempDir() + "/no/f": "\nThere is no such folder",
	} {
		d.Type(fieldPath, path)
		d.Press(buttonExport)
		w.alice.host.Run()
		wantText(t, d, want)
	}
	// Closed while it is written, it says nothing any more.
	d.Type(fieldPath, filepath.Join(t.TempDir(), "f"))
	d.Press(buttonExport)
	d.CloseWindow()
	w.alice.host.Run()
	if d.Open {
		t.Error("it does not close")
	}
	// A peer whose address does not fit into the file.
	c := w.alice.plugin.chat(im.ConvID{Account: w.alice.id.Account, Peer: "a\tb@example.net"})
	w.alice.plugin.meet(c, fingerprintOf(t, 3))
	w.alice.exports()
	d = w.alice.host.Dialog("Export Fingerprints")
	path := filepath.Join(t.TempDir(), "f")
	d.Type(fieldPath, path)
	d.Press(buttonExport)
	w.alice.host.Run()
	wantText(t, d, "could not be written")
	if _, err := os.Stat(path); err == nil {
		t.Error("half a file was written")
	}
}
