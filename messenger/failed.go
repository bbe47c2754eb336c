package messenger

import (
	"errors"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// protects reports that something might get out if the plugin is missing.
func protects(p plugin.Plugin) bool {
	if _, ok := p.(plugin.Transformer); ok {
		return true
	}
	_, ok := p.(plugin.Secrecy)
	return ok
}

// startAgain is what to do about a plugin that could not be started.
func startAgain() string {
	return lang.T("Choose Plugins in the Tools menu and enable it again, or quit and start Culver again.")
}

func notStarted(p plugin.Info) string { return lang.F("%s could not be started.", p.Title) }

// idle stands in the place of a plugin that could not be started.
type idle struct{ info plugin.Info }

func (f *idle) Info() plugin.Info      { return f.info }
func (f *idle) Init(plugin.Host) error { return nil }
func (f *idle) Close() error           { return nil }

// failed stands in the place of one that protects what is sent, and lets nothing
// out: nobody knows what it would have protected.
type failed struct{ idle }

var (
	_ plugin.Plugin      = (*failed)(nil)
	_ plugin.Transformer = (*failed)(nil)
	_ plugin.Secrecy     = (*failed)(nil)
	_ plugin.Reluctant   = (*failed)(nil)
)

func (f *failed) Outgoing(im.ConvID, string) (plugin.Out, error) {
	return plugin.Out{}, errors.New(lang.T("This line was not sent.") + " " + notStarted(f.info) + " " + startAgain())
}

func (f *failed) Incoming(_ im.ConvID, a plugin.Arrival) (plugin.In, error) {
	return plugin.In{Text: a.Wire}, nil
}

func (f *failed) Required(im.ConvID) bool { return true }
func (f *failed) Unlogged(im.ConvID) bool { return true }

// Loses says what the user decides.
func (f *failed) Loses() string {
	return notStarted(f.info) + " " + lang.T("Nothing is sent. If you disable it, what you write is sent without its protection.")
}
