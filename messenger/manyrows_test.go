package messenger_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/storage"
)

// A preview of very many rows: none of its clicks looks at each row once more for
// each of the others, which would take minutes here.
func TestAPreviewOfVeryManyConversations(t *testing.T) {
	newcomer(t, nil, func(net *fakenet, a *scenetest.Actor, store *storage.Memory, _ *storage.MemoryVault) {
		x := house()
		x.Pasts = nil
		for n := range 20_001 {
			x.Pasts = append(x.Pasts, im.Past{Conv: im.ConvID{Account: "fake:alice@x", Peer: fmt.Sprintf("p%d@x", n)}, Lines: 1})
		}
		a.M.BringIn(x)
		d := a.Form("Bring In", "take")
		a.Reads("Bring In", "1 conversation of the history is left out")
		var rows []string
		for _, r := range d.Form.Tabs[0].Fields[0].Rows {
			rows = append(rows, r.ID)
		}
		if len(rows) != 20_004 {
			t.Fatalf("%d rows", len(rows))
		}
		for range 20 {
			a.M.Answer(d.ID, plugin.Answers{Action: "out", Rows: rows})
			a.M.Answer(d.ID, plugin.Answers{Action: "in", Rows: rows[1:]})
		}
		scenetest.Answered[messenger.PastsListed](a, a.M.Pasts())
		if got := arrivals(a); !strings.HasPrefix(got[0], "No|") || !strings.HasPrefix(got[20_000], "No (needs the account)|") {
			t.Errorf("the preview begins with %q", got[0])
		}
	})
}

func TestTooManyBuddiesAreTold(t *testing.T) {
	for more := range 2 {
		newcomer(t, nil, func(net *fakenet, a *scenetest.Actor, store *storage.Memory, _ *storage.MemoryVault) {
			x := house()
			for n := range 4999 + more {
				x.Buddies["fake:alice@x"] = append(x.Buddies["fake:alice@x"], im.Buddy{Bare: fmt.Sprintf("p%d@x", n)})
			}
			a.M.BringIn(x)
			if !slices.Contains(arrivals(a), "Yes|Buddies|alice@x|5,000 buddies") {
				t.Errorf("%d more: %q", more, arrivals(a)[2])
			}
			told := false
			for _, f := range a.Form("Bring In", "take").Form.Tabs[0].Fields {
				told = told || strings.Contains(f.Label, "1 buddy is left out")
			}
			if told != (more == 1) {
				t.Errorf("%d more: told %v", more, told)
			}
		})
	}
}
