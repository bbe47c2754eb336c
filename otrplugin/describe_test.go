package otrplugin

import (
	"strings"
	"testing"

	"culver/im"
)

func TestDescribe(t *testing.T) {
	w := newWorld(t)
	if got := w.alice.plugin.Describe(w.alice.id); len(got) != 0 {
		t.Errorf("nothing is known, and this is told: %+v", got)
	}
	w.verified()
	p := w.alice.plugin
	got := p.Describe(w.alice.id)
	if len(got) != 1 || got[0].Kind != im.FieldCode || got[0].Label != "OTR fingerprint, verified by a shared secret" || len(got[0].Value) < 40 {
		t.Errorf("%+v", got)
	}
	if err := p.setRefused(p.known[w.alice.id][0]); err != nil {
		t.Fatal(err)
	}
	if got := p.Describe(w.alice.id); !strings.HasSuffix(got[0].Label, "refused") {
		t.Errorf("%+v", got)
	}
}
