package otrplugin

import (
	"slices"
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/plugin"
	"culver/plugin/plugintest"
)

func (e *end) configures() *plugintest.Dialog {
	e.t.Helper()
	e.plugin.Configure()
	return e.host.Dialog("Off-the-Record Messaging")
}

func TestConfigShowsAndMakesAKey(t *testing.T) {
	w := keyless(t)
	d := w.alice.configures()
	if got := []string{d.Form.Tabs[0].Title, d.Form.Tabs[1].Title}; !slices.Equal(got, []string{"Config", "Known fingerprints"}) {
		t.Errorf("tabs %q", got)
	}
	if !d.Conv.IsZero() || len(d.Form.Buttons) != 1 || d.Form.Buttons[0].Label != "Close" {
		t.Errorf("the form is %+v", d.Form)
	}
	w.alice.host.Run()
	if d.Field(fieldFingerprint).Value != "No key present" || d.Field(fieldFingerprint).Kind != im.FieldCode {
		t.Errorf("without a key: %v", d)
	}
	d.Press(fieldGenerate)
	if bar := d.Field(fieldGenerating); bar.Percent != im.Unknown || !d.Field(fieldGenerate).Off || d.Field(fieldStopMaking).Off {
		t.Errorf("while it is made: %v", d)
	}
	w.alice.host.Run()
	f := w.alice.plugin.accounts[w.alice.id.Account].key.Fingerprint().String()
	code := d.Field(fieldFingerprint)
	if d.Has(fieldGenerating) || d.Has(fieldStopMaking) || d.Has(fieldGenerate) || code.Value != f {
		t.Errorf("after that: %v", d)
	}
	hex := strings.ToLower(strings.ReplaceAll(f, " ", ""))
	if code.QR != "xmpp:"+aliceAddr+"?otr-fingerprint="+hex || len(strings.Fields(code.Spoken)) != 20 {
		t.Errorf("the fingerprint is %+v", code)
	}
	w.alice.plugin.Configure()
	if n := len(w.alice.host.Dialogs()); n != 1 {
		t.Errorf("%d windows are open", n)
	}
	d.Press(buttonClose)
	if d.Open {
		t.Error("Close does not close")
	}
	w.alice.configures().CloseWindow()
}

func TestConfigOfSeveralAccounts(t *testing.T) {
	keys := testKeys()
	h := plugintest.New(t, "xmpp:a@x.example", "xmpp:b@x.example", "practice:me")
	h.Keyring.Data["key/xmpp:b@x.example"] = keys[3]
	p := New(nil)
	if err := p.Init(h); err != nil {
		t.Fatal(err)
	}
	p.Configure()
	d := h.Dialog("Off-the-Record")
	h.Run()
	if len(d.Field(fieldAccount).Choices) != 3 || d.Value(fieldAccount) != "xmpp:a@x.example" {
		t.Errorf("the choice is %+v", d.Field(fieldAccount))
	}
	d.Type(fieldAccount, "xmpp:b@x.example")
	h.Run()
	if d.Field(fieldFingerprint).Value == noKey() {
		t.Error("the key of the second account is not shown")
	}
	d.Type(fieldAccount, "practice:me")
	h.Run()
	d.Press(fieldGenerate)
	d.Type(fieldAccount, "xmpp:b@x.example") // meanwhile
	h.Run()
	if h.Keyring.Data["key/practice:me"] == nil || h.Keyring.Data["key/xmpp:a@x.example"] != nil {
		t.Error("the key was made for another account")
	}
	// An account that goes away is not shown any more.
	h.RemoveAccount("xmpp:b@x.example")
	p.AccountRemoved("xmpp:b@x.example")
	h.Run()
	if d.Value(fieldAccount) != "xmpp:a@x.example" {
		t.Errorf("the choice is %q", d.Value(fieldAccount))
	}
	h.RemoveAccount("xmpp:a@x.example")
	h.RemoveAccount("practice:me")
	p.AccountRemoved("xmpp:a@x.example")
	h.Run()
	if d.Has(fieldAccount) || !strings.Contains(d.Text(), "No account available") {
		t.Errorf("without accounts: %v", d)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestConfigWhenTheVaultIsLocked(t *testing.T) {
	w := newWorld(t)
	w.alice.host.Keyring.Err = errOffline
	d := w.alice.configures()
	w.alice.host.Run()
	if !strings.Contains(d.Text(), "out of reach") || d.Field(fieldGenerate).Off {
		t.Errorf("the form is %v", d)
	}
	w.alice.host.Keyring.Err = nil
	d.Press(fieldGenerate)
	w.alice.host.Run()
	k := w.alice.plugin.accounts[w.alice.id.Account].key
	if k == nil || d.Field(fieldFingerprint).Value != k.Fingerprint().String() {
		t.Errorf("after unlocking: %v", d)
	}
}

func TestSwitches(t *testing.T) {
	w := newWorld(t)
	d := w.alice.configures()
	ids := []string{fieldEnabled, fieldAutomatic, fieldRequire, fieldKeep}
	check := func(values, off string) {
		t.Helper()
		var v, o strings.Builder
		for _, id := range ids {
			f := d.Field(id)
			v.WriteByte(map[string]byte{im.On: '1', "": '0', "never": 'n', "always": 'a', "ask": '?'}[f.Value])
			o.WriteByte(map[bool]byte{true: '1', false: '0'}[f.Off])
			if !f.Live || (f.Kind != im.FieldSwitch) != (id == fieldKeep) {
				t.Errorf("%s must take effect at each click", id)
			}
		}
		if v.String() != values || o.String() != off {
			t.Errorf("values %s, off %s; want %s, %s", &v, &o, values, off)
		}
	}
	check("110n", "0000")
	d.Type(fieldAutomatic, "")
	check("100n", "0010")
	d.Type(fieldEnabled, "")
	check("000n", "0111")
	if w.alice.menu() != nil {
		t.Error("switched off, the menu is still there")
	}
	d.Type(fieldEnabled, im.On)
	d.Type(fieldAutomatic, im.On)
	d.Type(fieldRequire, im.On)
	d.Type(fieldKeep, "always")
	check("111a", "0000")
	if !w.alice.plugin.Required(w.alice.id) || w.alice.plugin.Unlogged(w.alice.id) {
		t.Error("the switches have no effect")
	}
	w.alice.restart()
	d = w.alice.configures()
	check("111a", "0000")

	w.alice.host.Disk.Err = errOffline
	d.Type(fieldRequire, "")
	if !strings.Contains(d.Text(), "Nothing was changed") || !w.alice.plugin.Required(w.alice.id) {
		t.Errorf("a change that could not be saved: %v", d)
	}
	w.alice.host.Disk.Err = nil
}

// row is the only row of the table.
func row(t *testing.T, d *plugintest.Dialog) im.Row {
	t.Helper()
	rows := d.Field(fieldFingerprints).Rows
	if len(rows) != 1 {
		t.Fatalf("%d rows: %+v", len(rows), rows)
	}
	return rows[0]
}

func TestKnownFingerprints(t *testing.T) {
	w := newWorld(t)
	d := w.alice.configures()
	if got := d.Field(fieldFingerprints).Columns; !slices.Equal(got,
		[]string{"Screenname", "Status", "Verified", "Fingerprint", "Account", "Last seen"}) {
		t.Errorf("columns %q", got)
	}
	check := func(when, status, verified string, can ...string) {
		t.Helper()
		r := row(t, d)
		f := w.bob.plugin.accounts[w.bob.id.Account].key.Fingerprint().String()
		want := []string{bobAddr, status, verified, f, aliceAddr, "2 Jan 2026"}
		can = append(can, rowExport)
		if !slices.Equal(r.Cells, want) || !slices.Equal(r.Can, can) {
			t.Errorf("%s: cells %q can %q\nwant %q can %q", when, r.Cells, r.Can, want, can)
		}
	}
	w.private()
	check("private", "Unverified", "No", actionEnd, rowVerify, rowHistory)

	d.Choose(fieldFingerprints, rowVerify, row(t, d).ID)
	v := w.alice.host.Dialog("Verify fingerprint of Bob")
	v.Type(fieldVerified, choiceHave)
	v.Press(buttonOK)
	w.wantLevel(im.Verified, im.Private)
	check("verified", "Private", "Yes (fingerprint)", actionEnd, rowVerify, rowHistory)

	d.Choose(fieldFingerprints, actionEnd, row(t, d).ID)
	w.run()
	check("ended", "Not private", "Yes (fingerprint)", actionStart, rowVerify, rowHistory, rowForget)
	w.does(w.bob, actionEnd)

	d.Choose(fieldFingerprints, actionStart, row(t, d).ID)
	w.run()
	w.wantLevel(im.Verified, im.Private)
	w.does(w.bob, actionEnd)
	check("finished", "Finished", "Yes (fingerprint)", actionStart, actionEnd, rowVerify, rowHistory, rowForget)

	w.alice.host.SetOnline(w.alice.id.Account, false)
	w.alice.plugin.AccountOnline(w.alice.id.Account, false)
	check("offline", "Finished", "Yes (fingerprint)", rowVerify, rowHistory, rowForget)
	w.alice.host.SetOnline(w.alice.id.Account, true)

	w.alice.restart()
	d = w.alice.configures()
	w.run()
	check("after a restart", "Unused", "Yes (fingerprint)", actionStart, rowVerify, rowHistory, rowForget)
	var forget im.RowAction
	for _, a := range d.Field(fieldFingerprints).Actions {
		if a.ID == rowForget {
			forget = a
		}
	}
	if forget.Confirm == "" {
		t.Error("Forget asks nothing before")
	}

	d.Choose(fieldFingerprints, rowVerify, row(t, d).ID)
	v = w.alice.host.Dialog("Verify fingerprint of Bob")
	d.Choose(fieldFingerprints, rowForget, row(t, d).ID)
	if n := len(d.Field(fieldFingerprints).Rows); n != 0 {
		t.Errorf("%d rows are left", n)
	}
	v.Type(fieldVerified, choiceHave)
	v.Press(buttonOK) // of a key that is forgotten
	if len(w.alice.plugin.known) != 0 {
		t.Error("a forgotten key came back")
	}
}

func TestAFingerprintInUseIsNotForgotten(t *testing.T) {
	w := newWorld(t)
	d := w.alice.configures()
	w.does(w.alice, actionStart)
	id := row(t, d).ID
	w.alice.plugin.configured(w.alice.plugin.config, plugin.Answers{Action: rowForget, Rows: []string{id, "nonsense"}})
	if len(w.alice.plugin.known) != 1 {
		t.Error("a key in use was forgotten")
	}
}

func TestRowsAreSortedAndDistinct(t *testing.T) {
	w := newWorld(t)
	p := w.alice.plugin
	at := w.alice.host.Now()
	for i, peer := range []string{"zoe@x", "ann@x", "ann@x"} {
		c := p.chat(im.ConvID{Account: w.alice.id.Account, Peer: peer})
		p.meet(c, [20]byte{byte(i)})
		at = at.Add(time.Minute)
	}
	rows := p.fingerprintTable().Rows
	if len(rows) != 3 || rows[0].Cells[0] != "ann@x" || rows[2].Cells[0] != "zoe@x" || rows[0].ID == rows[1].ID {
		t.Errorf("rows %+v", rows)
	}
	// The same key may belong to two buddies, or to two accounts.
	c := p.chat(im.ConvID{Account: w.alice.id.Account, Peer: "zoe@x"})
	p.meet(c, [20]byte{1})
	if rows := p.fingerprintTable().Rows; len(rows) != 4 {
		t.Errorf("rows %+v", rows)
	}
}
