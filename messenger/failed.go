package messenger

import (
	"errors"

	"culver/im"
	"culver/plugin"
)

// failed stands in the place of a plugin that could not be started, and lets
// nothing out: nobody knows what it would have protected.
type failed struct{ info plugin.Info }

var (
	_ plugin.Plugin      = (*failed)(nil)
	_ plugin.Transformer = (*failed)(nil)
	_ plugin.Secrecy     = (*failed)(nil)
)

func (f *failed) Info() plugin.Info      { return f.info }
func (f *failed) Init(plugin.Host) error { return nil }
func (f *failed) Close() error           { return nil }

func (f *failed) Outgoing(im.ConvID, string) (plugin.Out, error) {
	return plugin.Out{}, errors.New("This line was not sent, because " + f.info.Title + " could not be started and protect it. Quit and start Culver again.")
}

func (f *failed) Incoming(_ im.ConvID, a plugin.Arrival) (plugin.In, error) {
	return plugin.In{Text: a.Wire}, nil
}

func (f *failed) Required(im.ConvID) bool { return true }
func (f *failed) Unlogged(im.ConvID) bool { return true }
