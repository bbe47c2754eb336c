package otrplugin

import (
	"fmt"
	"strings"
	"testing"

	"culver/im"
	"culver/otrplugin/otr"
	"culver/plugin/plugintest"
)

func TestAStoreThatCannotBeReadStopsThePlugin(t *testing.T) {
	h := plugintest.New(t)
	h.Disk.Err = errOffline
	if err := New(nil).Init(h); err == nil || !strings.Contains(err.Error(), "read") {
		t.Errorf("a store that fails was taken for an empty one: %v", err)
	}
}

func TestDamagedRowsAreSkippedKeptAndTold(t *testing.T) {
	w := newWorld(t)
	w.verified()
	good := w.alice.plugin.known[w.alice.id][0]
	bad := map[string]string{
		"fingerprint/abc":                 `{"fingerprint":"xyz"}`,
		"fingerprint/def":                 `nonsense`,
		"fingerprint/" + good.Fingerprint: `{"fingerprint":"` + good.Fingerprint + `","trust":"verified"}`, // whose?
	}
	for name, data := range bad {
		w.alice.host.Disk.Data[name] = []byte(data)
	}
	w.alice.restart()
	for name, data := range bad {
		if got := string(w.alice.host.Disk.Data[name]); got != data {
			t.Errorf("%s is now %q", name, got)
		}
	}
	if all := w.alice.plugin.allKnown(); len(all) != 1 || all[0].Trust != trustSMP {
		t.Errorf("known are %+v", all)
	}
	d := w.alice.configures()
	if want := "3 known fingerprints could not be read"; !strings.Contains(d.Form.Problem, want) {
		t.Errorf("the settings say %q, not %q", d.Form.Problem, want)
	}
	d.Press(buttonClose)
	if d := w.alice.configures(); d.Form.Problem != "" {
		t.Errorf("again, the settings say %q", d.Form.Problem)
	}
}

func TestAKeyWhoseRowIsDamagedIsANewKey(t *testing.T) {
	for _, same := range []bool{true, false} { // the peer shows the key of that row, or another
		w := newWorld(t)
		w.verified()
		name := w.alice.plugin.known[w.alice.id][0].storeKey()
		w.alice.host.Disk.Data[name] = []byte("nonsense")
		w.alice.restart()
		w.bob.restart()
		if !same {
			w.changesKey()
		}
		w.alice.host.Take()
		w.alice.types("secret") // waits: bob is known to speak OTR
		w.run()
		w.wantNoClear("secret")
		w.alice.wantSaid(plugintest.Alarm, "never seen")
		w.wantLevel(im.Private, w.bob.level())
		if l := w.alice.last(); l.state != im.Waiting {
			t.Errorf("the line is %+v", l)
		}
		w.alice.host.Dialog("New key of Bob").Press(buttonAccept)
		w.run()
		if l := w.bob.last(); l.text != "secret" {
			t.Errorf("bob reads %+v", l)
		}
	}
}

func TestDamagedRowsOfARemovedAccountGo(t *testing.T) {
	w := newWorld(t)
	w.private()
	own := w.alice.plugin.known[w.alice.id][0].storeKey()
	other := (&knownKey{Account: "xmpp:other@example.net", Peer: bobAddr}).storeKey()
	for _, name := range []string{own, other} {
		w.alice.host.Disk.Data[name] = []byte("nonsense")
	}
	w.alice.restart()
	w.alice.host.RemoveAccount(w.alice.id.Account)
	w.alice.plugin.AccountRemoved(w.alice.id.Account)
	w.run()
	if data := w.alice.host.Disk.Data; len(data) != 1 || data[other] == nil {
		t.Errorf("left on disk: %q", data)
	}
}

func TestNamesOfKeysInTheStore(t *testing.T) {
	f := otr.Fingerprint{1, 2, 3}
	for _, id := range []im.ConvID{
		{Account: "xmpp:a@x.example", Peer: "b@y.example"},
		{Account: "xmpp:a/7/b@x.example", Peer: "b@y.example/with/3/slashes"},
		{Account: "", Peer: ""},
	} {
		k := &knownKey{Account: id.Account, Peer: id.Peer, fingerprint: f}
		if got, ok := peerOfRow(k.storeKey()); !ok || got != id {
			t.Errorf("%s is of %v, %v", k.storeKey(), got, ok)
		}
	}
	for _, name := range []string{
		"", "fingerprint/", "fingerprint/abc", "fingerprint/abc/", "fingerprint/abc/x/a/b", "fingerprint/abc/-1/a/b",
		"fingerprint/abc/9/a/b", "fingerprint/abc/1/ab", "fingerprint/abc/1/a", "fingerprint/abc/9223372036854775807/a/b",
	} {
		if id, ok := peerOfRow(name); ok {
			t.Errorf("%q is of %v", name, id)
		}
	}
}

func TestDamagedSettingsAreTheSafest(t *testing.T) {
	for _, data := range []string{"", "{", "nonsense", "null", `[]`, `{"enabled":false,"require":"no"}`} {
		t.Run(fmt.Sprintf("%q", data), func(t *testing.T) {
			w := newWorld(t)
			w.alice.host.Disk.Data[settingsKey] = []byte(data)
			w.alice.restart()
			p := w.alice.plugin
			if want := (settings{Enabled: true, Automatic: true, Require: true}); p.settings != want {
				t.Errorf("the settings are %+v", p.settings)
			}
			if got := string(w.alice.host.Disk.Data[settingsKey]); got != data {
				t.Errorf("the store has %q", got)
			}
			w.says(w.alice, "secret")
			w.wantNoClear("secret")
			d := w.alice.configures()
			if !strings.Contains(d.Form.Problem, "settings of OTR could not be read") {
				t.Errorf("the settings say %q", d.Form.Problem)
			}
			d.Type(fieldRequire, "")
			if d.Form.Problem != "" {
				t.Errorf("after a change, the settings say %q", d.Form.Problem)
			}
			w.alice.restart()
			if want := (settings{Enabled: true, Automatic: true}); w.alice.plugin.settings != want {
				t.Errorf("after a change, the settings are %+v", w.alice.plugin.settings)
			}
			if d := w.alice.configures(); d.Form.Problem != "" {
				t.Errorf("again, the settings say %q", d.Form.Problem)
			}
		})
	}
}
