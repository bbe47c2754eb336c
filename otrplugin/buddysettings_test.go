package otrplugin

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"culver/im"
	"culver/otrplugin/otr"
	"culver/plugin/plugintest"
)

// buddySettings opens the settings of the other end, as the Buddy List does.
func (e *end) buddySettings() *plugintest.Dialog {
	e.t.Helper()
	e.plugin.Invoke(e.id, e.plugin.BuddyActions()[0].ID)
	return e.host.Dialog("OTR settings of")
}

// setOwn chooses settings for the other end.
func (e *end) setOwn(s settings) {
	e.t.Helper()
	if err := e.plugin.changeBuddySettings(e.id, &s); err != nil {
		e.t.Fatal(err)
	}
}

// U52: the four combinations, per buddy over default.
func TestPoliciesPerBuddyOverDefault(t *testing.T) {
	combinations := map[otr.Policy]settings{
		otr.Never: never, otr.Manual: manual, otr.Opportunistic: {Enabled: true, Automatic: true, Keep: keepAlways}, otr.Always: always,
	}
	for general, byDefault := range combinations {
		for special, own := range combinations {
			t.Run(fmt.Sprintf("%b under %b", special, general), func(t *testing.T) {
				e := newEnd(t, aliceAddr, bobAddr, testKeys()[0])
				other := im.ConvID{Account: e.id.Account, Peer: "carol@example.org"}
				namesake := im.ConvID{Account: "practice:me", Peer: e.id.Peer}
				e.set(byDefault)
				e.setOwn(own)
				check := func() {
					t.Helper()
					p := e.plugin
					for id, want := range map[im.ConvID]settings{e.id: own, other: byDefault, namesake: byDefault} {
						c := p.chat(id)
						if got := p.sessionPolicy(c); got != want.policy() {
							t.Errorf("%s: policy %b, want %b", id.Peer, got, want.policy())
						}
						if p.Required(id) != (want.policy() == otr.Always) || p.Unlogged(id) == (want.Keep == keepAlways) {
							t.Errorf("%s: required %v, unlogged %v", id.Peer, p.Required(id), p.Unlogged(id))
						}
						if menu := p.Actions(id); (menu == nil) != (want.policy() == otr.Never) {
							t.Errorf("%s: the menu is %v", id.Peer, menu)
						}
					}
				}
				check()
				e.restart()
				check()
			})
		}
	}
}

func TestSettingsOfABuddyForm(t *testing.T) {
	w := newWorld(t)
	w.alice.host.SetName(w.alice.id, "Bobby")
	d := w.alice.buddySettings()
	ids := []string{fieldUseDefault, fieldEnabled, fieldAutomatic, fieldRequire, fieldKeep}
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
	if !strings.Contains(d.Text(), "OTR settings of Bobby") || !strings.Contains(d.Text(), bobAddr) || !d.Conv.IsZero() {
		t.Errorf("the form is %v", d)
	}
	check("1110n", "01111")
	w.alice.set(settings{Enabled: true, Automatic: true, Require: true, Keep: keepAlways})
	w.alice.plugin.changed()
	check("1111a", "01111")
	d.Type(fieldUseDefault, "") // as it was, until something else is chosen
	check("0111a", "00000")
	if !w.alice.plugin.Required(w.alice.id) {
		t.Error("to leave the default settings has changed them")
	}
	d.Type(fieldKeep, "never")
	d.Type(fieldAutomatic, "")
	check("0101n", "00010")
	w.alice.set(never)
	w.alice.plugin.changed()
	check("0101n", "00010")
	if w.alice.menu() == nil {
		t.Error("the default settings are in force in place of the buddy's")
	}
	w.alice.restart()
	d = w.alice.buddySettings()
	check("0101n", "00010")
	d.Type(fieldEnabled, "")
	check("0001n", "00111")
	if w.alice.menu() != nil {
		t.Error("switched off for the buddy, the menu is still there")
	}
	if again := w.alice.buddySettings(); again != d {
		t.Error("the settings of one buddy are open twice")
	}
	d.Type(fieldUseDefault, im.On)
	check("1000n", "01111")
	for name := range w.alice.host.Disk.Data {
		if strings.HasPrefix(name, buddyPrefix) {
			t.Errorf("the store still has %q", name)
		}
	}
	d.Press(buttonClose)
	w.alice.buddySettings().CloseWindow()
	if n := len(w.alice.host.Dialogs()); n != 0 {
		t.Errorf("%d windows are open", n)
	}
}

func TestAChangeOfABuddysSettingsThatCannotBeSaved(t *testing.T) {
	w := newWorld(t)
	w.alice.setOwn(always)
	d := w.alice.buddySettings()
	for _, field := range []string{fieldUseDefault, fieldRequire, fieldEnabled} {
		w.alice.host.Disk.Err = errOffline
		d.Type(field, map[bool]string{true: im.On}[field == fieldUseDefault])
		w.alice.host.Disk.Err = nil
		if !strings.Contains(d.Text(), "Nothing was changed") || !w.alice.plugin.Required(w.alice.id) {
			t.Errorf("%s: %v", field, d)
		}
	}
}

func TestDamagedSettingsOfABuddyAreTheSafest(t *testing.T) {
	for _, data := range []string{"", "{", "null", "[]", "{}", `{"enabled":false,"automatic":false,"require":false}`,
		`{"enabled":false,"automatic":false,"require":0,"dontLog":false}`,
		`{"enabled":false,"automatic":false,"require":false,"keep":"sometimes"}`,
		`{"enabled":false,"automatic":false,"require":false,"keep":1,"dontLog":false}`} {
		t.Run(fmt.Sprintf("%q", data), func(t *testing.T) {
			w := newWorld(t)
			name := buddyKey(w.alice.id)
			w.alice.host.Disk.Data[name] = []byte(data)
			w.alice.host.Disk.Data[buddyPrefix+"x"] = []byte(data)
			w.alice.restart()
			p := w.alice.plugin
			if !p.Required(w.alice.id) || !p.Unlogged(w.alice.id) {
				t.Errorf("the settings are %+v", p.settingsOf(w.alice.id))
			}
			if p.Required(im.ConvID{Account: w.alice.id.Account, Peer: "carol@x"}) {
				t.Error("another buddy's settings have changed")
			}
			w.says(w.alice, "canary")
			w.wantNoClear("canary")
			d := w.alice.configures()
			for _, want := range []string{"OTR settings of one buddy could not be read. The safest", "nor whose they are"} {
				if !strings.Contains(d.Form.Problem, want) {
					t.Errorf("the settings say %q", d.Form.Problem)
				}
			}
			d = w.alice.buddySettings()
			if !strings.Contains(d.Form.Problem, "could not be read") || d.Value(fieldUseDefault) != "" {
				t.Errorf("the buddy's settings say %v", d)
			}
			if got := string(w.alice.host.Disk.Data[name]); got != data {
				t.Errorf("the store has %q", got)
			}
			d.Type(fieldRequire, "")
			if d.Form.Problem != "" || p.Required(w.alice.id) && w.alice.level() == im.Open {
				t.Errorf("after a change: %v", d)
			}
		})
	}
}

func TestSettingsOfBuddiesGoWithTheAccount(t *testing.T) {
	w := newWorld(t)
	w.alice.setOwn(always)
	other := im.ConvID{Account: "xmpp:other@example.net", Peer: bobAddr}
	if err := w.alice.plugin.changeBuddySettings(other, &always); err != nil {
		t.Fatal(err)
	}
	damaged := im.ConvID{Account: w.alice.id.Account, Peer: "carol@x"}
	w.alice.host.Disk.Data[buddyKey(damaged)] = []byte("nonsense")
	w.alice.restart()
	d := w.alice.buddySettings()
	w.alice.host.RemoveAccount(w.alice.id.Account)
	w.alice.plugin.AccountRemoved(w.alice.id.Account)
	w.run()
	if d.Open {
		t.Error("the settings of a buddy outlived the account")
	}
	if data := w.alice.host.Disk.Data; len(data) != 1 || data[buddyKey(other)] == nil {
		t.Errorf("left on disk: %q", data)
	}
	if !w.alice.plugin.Required(other) || w.alice.plugin.Required(w.alice.id) {
		t.Error("the wrong settings are gone")
	}
}

func TestOTRIsSwitchedOffForOneBuddy(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.setOwn(never)
	if w.alice.menu() == nil {
		t.Error("the menu has gone while the conversation is private")
	}
	w.says(w.alice, "still secret")
	w.wantNoClear("still secret")
	w.does(w.alice, actionEnd)
	if w.alice.menu() != nil {
		t.Error("the menu is still there after the end")
	}
	w.says(w.alice, "open now")
	if !slices.Contains(w.alice.sent, "open now") {
		t.Errorf("sent %q", w.alice.sent)
	}
	w.alice.takes("B", "?OTRv23?")
	if l := w.alice.last(); l.text != "?OTRv23?" {
		t.Errorf("alice reads %+v", l)
	}
	// Somebody who is not on the Buddy List has the settings here alone.
	w.alice.host.SetUnlisted(w.alice.id)
	menu := w.alice.menu()
	if len(menu) != 1 || menu[0].ID != actionSettings {
		t.Fatalf("the menu is %v", menu)
	}
	w.alice.does(actionSettings)
	w.alice.host.Dialog("OTR settings of").Type(fieldUseDefault, im.On)
	w.does(w.alice, actionStart)
}

func TestOTRIsOnForOneBuddyAlone(t *testing.T) {
	w := newWorld(t)
	w.alice.set(never)
	w.alice.setOwn(always)
	w.alice.plugin.AccountOnline(w.alice.id.Account, true)
	if w.alice.host.Jobs() != 1 {
		t.Error("the key is not read beforehand")
	}
	w.says(w.alice, "secret")
	w.wantNoClear("secret")
	if l := w.bob.last(); l.text != "secret" || l.seal.Level != im.Private {
		t.Errorf("bob reads %+v", l)
	}
}

// FuzzBuddySettings reads any row of the store.
func FuzzBuddySettings(f *testing.F) {
	f.Add(convKey(im.ConvID{Account: "xmpp:a@b", Peer: "c@d"}), []byte(`{"enabled":true,"automatic":true,"require":true,"dontLog":true}`))
	f.Add(convKey(im.ConvID{Account: "xmpp:a@b", Peer: "c@d"}), []byte(`{"enabled":true,"automatic":true,"require":true,"keep":"ask"}`))
	f.Add("01/a/b", []byte(`{"enabled":false}`))
	f.Add("3/a/b", []byte(`null`))
	f.Fuzz(func(t *testing.T, name string, b []byte) {
		if id, ok := parseConvKey(name); ok && convKey(id) != name {
			t.Errorf("%q is of %v", name, id)
		}
		own, err := parseBuddySettings(b)
		if err != nil {
			return
		}
		written, err := json.Marshal(own)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := parseBuddySettings(written); err != nil || *again != *own {
			t.Errorf("%s of %q became %+v, %v", written, b, again, err)
		}
	})
}
