package notifyplugin

import (
	"errors"
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
	p.Configure()
	d := h.Dialog("Message notification")
	d.Type("notify", "")
	want(plugin.Attention{Count: true})
	d.Type("count", "")
	want()
	d.Type("notify", im.On)
	want(plugin.Attention{Notify: true})
	d.Type("says", "text")
	want(plugin.Attention{Notify: true, Says: plugin.SaysText})
	d.Type("says", "nothing")
	want(plugin.Attention{Notify: true, Says: plugin.SaysNothing})
	d.Type("says", "who")

	h.SetUnlisted(bob)
	want(plugin.Attention{Notify: true})
	d.Type("strangers", "")
	want()
	d.Press("close")

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

func TestWhatCannotBeSavedIsNotInForce(t *testing.T) {
	p, h := started(t)
	p.Configure()
	p.Configure() // one window
	if n := len(h.Dialogs()); n != 1 {
		t.Fatalf("%d windows", n)
	}
	d := h.Dialog("Message notification")
	h.Disk.Err = errors.New("the disk is full.")
	d.Type("notify", "")
	if !strings.HasSuffix(d.Form.Problem, ": the disk is full.") || d.Value("notify") != im.On {
		t.Errorf("problem %q, switch %q", d.Form.Problem, d.Value("notify"))
	}
	h.Disk.Err = nil
	d.Type("count", "")
	if d.Form.Problem != "" {
		t.Errorf("still a problem: %q", d.Form.Problem)
	}
	if err := p.Close(); err != nil || len(h.Dialogs()) != 0 {
		t.Errorf("after Close: %v, %d windows", err, len(h.Dialogs()))
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
