package replaceplugin

import (
	"errors"
	"fmt"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// Plugin is the replacements of one user.
type Plugin struct {
	host    plugin.Host
	rules   Rules
	table   table
	damaged bool // what was set up cannot be read
	list    *listWindow
}

var (
	_ plugin.Plugin     = (*Plugin)(nil)
	_ plugin.Rewriter   = (*Plugin)(nil)
	_ plugin.Configurer = (*Plugin)(nil)
)

// New makes the plugin.
func New() *Plugin { return &Plugin{} }

// Info describes the plugin. It is off at first: nobody wants their words changed
// unasked.
func (p *Plugin) Info() plugin.Info {
	return plugin.Info{
		ID:           "replace",
		Name:         lang.T("Replacement"),
		Title:        lang.T("Text replacement"),
		Description:  lang.T("Replaces words that you type by others, as you set them up"),
		Version:      "1.0",
		OffByDefault: true,
	}
}

// beginning is what is set up for a start: slips of the fingers, and nothing that
// is a word of its own in a language that is written much.
func beginning() Rules {
	return Rules{
		{Typed: "adress", Sent: "address"},
		{Typed: "definately", Sent: "definitely"},
		{Typed: "recieve", Sent: "receive"},
		{Typed: "seperate", Sent: "separate"},
		{Typed: "teh", Sent: "the"},
		{Typed: "thier", Sent: "their"},
		{Typed: "untill", Sent: "until"},
	}
}

const rulesKey = "rules"

// Init reads what is set up. If that is damaged, nothing is replaced until the user
// sets something up anew.
func (p *Plugin) Init(h plugin.Host) error {
	*p = Plugin{host: h}
	var rules Rules
	kept, err := plugin.Load(h.Store(), rulesKey, &rules)
	p.damaged = errors.Is(err, plugin.ErrDamaged)
	switch {
	case p.damaged:
	case err != nil:
		return fmt.Errorf("read the replacements: %w", err)
	case !kept:
		rules = beginning()
	}
	p.use(rules)
	return nil
}

// Close takes the settings off the screen.
func (p *Plugin) Close() error {
	p.closeList()
	return nil
}

// Rewrite replaces the words of a line.
func (p *Plugin) Rewrite(_ im.ConvID, typed string) string { return p.table.replace(typed) }

func (p *Plugin) use(rules Rules) {
	p.rules = rules.sorted()
	p.table = newTable(p.rules)
}

// save keeps rules, and puts them in force once they are kept.
func (p *Plugin) save(rules Rules) error {
	rules = rules.sorted()
	if err := plugin.Save(p.host.Store(), rulesKey, rules); err != nil {
		return err
	}
	p.damaged = false
	p.use(rules)
	return nil
}
