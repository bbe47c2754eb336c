package consoleplugin

import (
	"fmt"
	"strings"
	"testing"

	"culver/im"
	"culver/plugin"
	"culver/plugin/plugintest"
)

const account = im.AccountID("net:alice@x")

func TestIndented(t *testing.T) {
	for in, want := range map[string]string{
		"":                       "",
		"<a/>":                   "<a/>",
		"<a><b c='d'/>t</a>":     "<a>\n  <b c='d'/>t</a>",
		"<a><b>t</b><c/></a>":    "<a>\n  <b>t</b>\n  <c/>\n</a>",
		"</a></a></a>":           "</a>\n</a>\n</a>",
		"<a><b><c>x</c></b></a>": "<a>\n  <b>\n    <c>x</c>\n  </b>\n</a>",
	} {
		if got := indented(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
	indented(strings.Repeat("<a>", 1<<16)) // in a moment
}

func TestConsole(t *testing.T) {
	h := plugintest.New(t, account, "net:bob@x")
	p := New()
	if err := p.Init(h); err != nil {
		t.Fatal(err)
	}
	p.Passed(account, true, "<early/>")
	if p.Watches() || len(p.rows) > 0 {
		t.Error("it watches before it is opened")
	}
	p.Configure()
	if !p.Watches() {
		t.Error("it does not watch")
	}
	for i := range kept + 10 {
		p.Passed(account, i%2 == 0, fmt.Sprintf("<a n='%d'/>", i))
	}
	p.Passed("net:bob@x", false, "<other/>")
	rows := p.form().Tabs[0].Fields[1].Rows
	if len(rows) != kept || rows[kept-1].Cells[3] != "<other/>" || rows[kept-1].Cells[2] != "Received" {
		t.Errorf("%d rows, the last %+v", len(rows), rows[len(rows)-1])
	}
	p.answered(plugin.Answers{Action: fieldAccount, Values: map[string]string{fieldAccount: "net:bob@x"}})
	if rows := p.form().Tabs[0].Fields[1].Rows; len(rows) != 1 {
		t.Errorf("of bob there are %d rows", len(rows))
	}
	p.answered(plugin.Answers{Action: actionShow, Rows: []string{rows[kept-1].ID}})
	if p.details == nil {
		t.Error("nothing is shown in full")
	}
	p.answered(plugin.Answers{Action: actionClear})
	if len(p.rows) != 0 || !p.Watches() {
		t.Error("it is not clear, or closed")
	}
	p.Passed(account, true, "<late/>")
	p.answered(plugin.Answers{Action: plugin.Closed})
	if p.Watches() || p.rows != nil || p.details != nil {
		t.Error("it remembers")
	}
}
