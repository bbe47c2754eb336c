// Package consoleplugin shows what goes over the connections of accounts, as Pidgin's
// XMPP Console does, for those who look for faults. It is a plugin.Plugin, on the
// messenger's goroutine.
//
// It sees no passwords and nothing that people write to each other: the network leaves
// that out. It keeps what it has seen in memory only, as long as its window is open, and
// sends nothing.
package consoleplugin

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

const (
	kept  = 500                    // rows, the newest
	pause = 250 * time.Millisecond // between two times that the window is drawn
)

// Plugin is the console. Make it with [New].
type Plugin struct {
	host    plugin.Host
	rows    []row // oldest first
	count   int   // of all rows ever, for their IDs
	window  plugin.Dialog
	details plugin.Dialog
	account im.AccountID // whose are shown; empty: all
	due     func()       // stops the next drawing; nil if none is due
}

// row is something that went over the wire.
type row struct {
	id      string
	at      time.Time
	account im.AccountID
	out     bool
	text    string
}

var (
	_ plugin.Plugin     = (*Plugin)(nil)
	_ plugin.Monitor    = (*Plugin)(nil)
	_ plugin.Configurer = (*Plugin)(nil)
)

// New makes the plugin.
func New() *Plugin { return &Plugin{} }

// Info describes the plugin.
func (p *Plugin) Info() plugin.Info {
	return plugin.Info{
		ID:           "console",
		Name:         lang.T("Console"),
		Title:        lang.T("XML Console"),
		Description:  lang.T("Shows what goes over the connection, without secrets. Configure opens it"),
		Version:      "1.0",
		OffByDefault: true,
	}
}

// Init remembers the host.
func (p *Plugin) Init(h plugin.Host) error {
	*p = Plugin{host: h}
	return nil
}

// Close forgets all.
func (p *Plugin) Close() error {
	p.end()
	return nil
}

// Watches reports whether the window is open.
func (p *Plugin) Watches() bool { return p.window != nil }

// Passed takes another row.
func (p *Plugin) Passed(a im.AccountID, out bool, text string) {
	if p.window == nil {
		return
	}
	p.count++
	p.rows = append(p.rows, row{strconv.Itoa(p.count), p.host.Now(), a, out, text})
	if len(p.rows) > kept {
		p.rows = slices.Delete(p.rows, 0, len(p.rows)-kept)
	}
	if p.due == nil {
		p.due = p.host.After(pause, func() {
			p.due = nil
			p.window.Update(p.form())
		})
	}
}

// Configure opens the console.
func (p *Plugin) Configure() {
	if p.window != nil {
		p.end()
	}
	p.window = p.host.Ask(im.ConvID{}, p.form(), p.answered)
}

// end closes it, and forgets what it has seen.
func (p *Plugin) end() {
	for _, d := range []plugin.Dialog{p.details, p.window} {
		if d != nil {
			d.Close()
		}
	}
	if p.due != nil {
		p.due()
	}
	p.details, p.window, p.due, p.rows, p.account = nil, nil, nil, nil, ""
}

// The IDs in the window.
const (
	fieldAccount = "account"
	actionShow   = "show"
	actionClear  = "clear"
)

func (p *Plugin) answered(a plugin.Answers) {
	switch a.Action {
	case fieldAccount:
		p.account = im.AccountID(a.Values[fieldAccount])
	case actionClear:
		p.rows = nil
	case actionShow:
		for _, r := range p.rows {
			if slices.Contains(a.Rows, r.id) {
				p.show(r)
			}
		}
		return
	default:
		p.end()
		return
	}
	p.window.Update(p.form())
}

func (p *Plugin) form() plugin.Form {
	accounts := im.Field{ID: fieldAccount, Kind: im.FieldChoice, Label: lang.T("Account"), Value: string(p.account), Live: true,
		Choices: []im.Choice{{Label: lang.T("All accounts")}}}
	for _, a := range p.host.Accounts() {
		accounts.Choices = append(accounts.Choices, im.Choice{Value: string(a.ID), Label: a.ID.Bare()})
	}
	table := im.Field{ID: "rows", Kind: im.FieldTable, Columns: []string{lang.T("Time"), lang.T("Account"), lang.T("Way"), lang.T("What")}, Mono: []int{3}, Open: actionShow,
		Hint: lang.T("Nothing has gone over the connection yet"), Actions: []im.RowAction{{ID: actionShow, Label: lang.T("Show…"), One: true}}}
	only := p.account
	if len(accounts.Choices) <= 2 { // there is nothing to choose
		only = ""
	}
	for _, r := range p.rows {
		if only == "" || r.account == only {
			table.Rows = append(table.Rows, im.Row{ID: r.id, Keys: []string{fmt.Sprintf("%012s", r.id)},
				Cells: []string{r.at.Format("15:04:05.000"), r.account.Bare(), way(r.out), r.text}, Can: []string{actionShow}})
		}
	}
	fields := []im.Field{table}
	if len(accounts.Choices) > 2 {
		fields = []im.Field{accounts, table}
	}
	return plugin.Page(lang.T("XML Console"), lang.T("What goes over the connection while this window is open. Passwords, names and what people write are replaced by “…”. Nothing of it is kept."),
		fields, plugin.Button{ID: actionClear, Label: lang.T("Clear")}, plugin.Button{ID: "close", Label: lang.T("Close"), Role: plugin.Cancel})
}

func way(out bool) string {
	if out {
		return lang.T("Sent")
	}
	return lang.T("Received")
}

// title names the row when it is shown alone.
func (r row) title() string {
	at := r.at.Format("15:04:05.000")
	if r.out {
		return lang.F("Sent at %s", at)
	}
	return lang.F("Received at %s", at)
}

// show shows one row in full.
func (p *Plugin) show(r row) {
	if p.details != nil {
		p.details.Close()
	}
	p.details = p.host.Ask(im.ConvID{}, plugin.Page(r.title(), "",
		[]im.Field{{ID: "text", Kind: im.FieldProse, Prose: im.Text{{Text: indented(r.text), Style: im.Code}}}},
		plugin.Button{ID: "close", Label: lang.T("Close"), Role: plugin.Cancel}),
		func(plugin.Answers) {
			p.details.Close()
			p.details = nil
		})
}

// indented puts each element on a line of its own, as far in as it is deep. What is not
// well formed stays nearly as it is: this is for the eye.
func indented(text string) string {
	var b strings.Builder
	depth, after := 0, "" // after is what the last part has behind its tag
	for part := range strings.SplitSeq(text, "<") {
		if part == "" {
			continue
		}
		closes := strings.HasPrefix(part, "/")
		if closes {
			depth--
		}
		if !closes || after == "" {
			if b.Len() > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(strings.Repeat("  ", min(max(depth, 0), 32)))
		}
		b.WriteString("<" + part)
		tag, rest, ok := strings.Cut(part, ">")
		if ok && !closes && !strings.HasSuffix(tag, "/") {
			depth++
		}
		after = rest
	}
	return b.String()
}
