package notifyplugin

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"culver/im"
	"culver/plugin"
	"culver/plugin/plugintest"
)

const alice = im.AccountID("net:alice@x")

var bob = im.ConvID{Account: alice, Peer: "bob@x"}

func started(t *testing.T) (*Plugin, *plugintest.Host) {
	t.Helper()
	h := plugintest.New(t, alice)
	p := New()
	if err := p.Init(h); err != nil {
		t.Fatal(err)
	}
	return p, h
}

func heard(p *Plugin, h *plugintest.Host) []plugin.Attention {
	h.Take()
	p.Heard(bob)
	var how []plugin.Attention
	for _, o := range h.Take() {
		if o.Kind != plugintest.Attend || o.Text != "" || o.Conv != bob {
			return []plugin.Attention{{}} // more than it may say
		}
		how = append(how, o.How)
	}
	return how
}

func TestTheUserIsMadeAwareAsTheyChose(t *testing.T) {
	p, h := started(t)
	want := func(all ...plugin.Attention) {
		t.Helper()
		if got := heard(p, h); !slices.Equal(got, all) {
			t.Errorf("got %+v, want %+v", got, all)
		}
	}
	want(plugin.Attention{Notify: true, Count: true})
	prefer := func(id, value string) {
		t.Helper()
		if err := p.Prefer(id, value); err != nil {
			t.Fatal(err)
		}
	}
	prefer("notify", "")
	want(plugin.Attention{Count: true})
	prefer("count", "")
	want()
	prefer("notify", im.On)
	want(plugin.Attention{Notify: true})
	prefer("says", "text")
	want(plugin.Attention{Notify: true, Says: plugin.SaysText})
	prefer("says", "nothing")
	want(plugin.Attention{Notify: true, Says: plugin.SaysNothing})
	prefer("says", "who")

	h.SetUnlisted(bob)
	want(plugin.Attention{Notify: true})
	prefer("strangers", "")
	want()

	// A new run, and off and on again.
	for range 2 {
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		if err := p.Init(h); err != nil {
			t.Fatal(err)
		}
		want()
	}
}

func TestPreferencesSayWhatIsInForce(t *testing.T) {
	p, h := started(t)
	shown := func() map[string]string {
		values := map[string]string{}
		for _, row := range p.Preferences() {
			values[row.ID] = row.Value
		}
		return values
	}
	for _, row := range p.Preferences() {
		if row.Value != row.Standard {
			t.Errorf("%s is %q before anything was chosen, %q after a reset", row.ID, row.Value, row.Standard)
		}
	}
	want := shown()
	want["says"] = "nothing"
	if err := p.Prefer("says", "nothing"); err != nil || !maps.Equal(shown(), want) {
		t.Errorf("%v, shown is %v", err, shown())
	}
	h.Disk.Err = errors.New("the disk is full.")
	want["notify"] = ""
	if err := p.Prefer("notify", ""); err == nil || !strings.HasSuffix(err.Error(), ": the disk is full.") || !maps.Equal(shown(), want) {
		t.Errorf("%v, shown is %v", err, shown())
	}
}

func TestDamagedSettings(t *testing.T) {
	for _, bad := range []string{"", "{", `{"notify":7}`, `{"notify":true,"says":"everything"}`, "null", "[]"} {
		h := plugintest.New(t, alice)
		h.Disk.Data["settings"] = []byte(bad)
		p := New()
		if err := p.Init(h); err != nil {
			t.Fatal(err)
		}
		if got := heard(p, h); len(got) != 1 || !got[0].Notify || got[0].Says != plugin.SaysWho {
			t.Errorf("with %q: %+v", bad, got)
		}
	}
	h := plugintest.New(t, alice)
	h.Disk.Err = errors.New("unreadable")
	if New().Init(h) == nil {
		t.Error("a store that fails is taken for an empty one")
	}
}
