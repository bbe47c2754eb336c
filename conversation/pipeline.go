package conversation

import (
	"cmp"
	"errors"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// ErrUnsealed means that a text would have left readable from a conversation
// that must be private. It was not sent.
const ErrUnsealed = lang.Error("Not sent: this line was written to be private. Start a private conversation, or take it back by Edit.")

// errEmpty means that a transformer left nothing to send.
const errEmpty = lang.Error("This line was not sent: nothing was left of it to send.")

// errInside means that a transformer panicked over an outgoing text.
const errInside = lang.Error("This line was not sent: encryption failed inside Culver. Please report it.")

// errPlugin means that a transformer panicked over an incoming text.
const errPlugin = lang.Error("encryption failed inside Culver; please report it")

// IsPluginFailure reports whether an error of Incoming is a fault of Culver's own,
// and not of the message.
func IsPluginFailure(err error) bool { return errors.Is(err, errPlugin) }

// Outgoing passes a typed text through the transformers, the first one being
// nearest to the user. It fails closed: after an error nothing may be sent. That
// covers a transformer that fails or panics, and a text that comes out unsealed
// although required, or the conversation's seal, says that it must not. Only where
// nothing is sealed can the user have agreed to that.
func Outgoing(chain []plugin.Transformer, c im.ConvID, text string, seal im.Seal, required bool) (_ plugin.Out, err error) {
	out := plugin.Out{Wire: text}
	leaves := false
	defer func() {
		if !leaves && out.Unsent != nil && !called(out.Unsent) {
			err = errInside
		}
	}()
	for _, t := range chain {
		next, err := outgoing(t, c, out.Wire)
		if err != nil {
			return plugin.Out{}, err
		}
		if next.Hold {
			return plugin.Out{Hold: true, Reason: next.Reason}, nil
		}
		if out.Seal.Level.Encrypted() && !next.Seal.Level.Encrypted() {
			next.Seal = out.Seal
		}
		if !next.Hints.Sealed {
			next.Hints = out.Hints
		}
		next.Agreed = next.Agreed || out.Agreed
		next.Number = cmp.Or(next.Number, out.Number)
		next.Unsent = both(out.Unsent, next.Unsent)
		out = next
	}
	if out.Wire == "" {
		return plugin.Out{}, errEmpty
	}
	sealed := out.Seal.Level.Encrypted() || out.Agreed && seal.Level == im.Open
	if !sealed && (required || seal.Level != im.Open) {
		return plugin.Out{}, ErrUnsealed
	}
	leaves = true
	return out, nil
}

// called calls f, and reports whether it came back.
func called(f func()) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	f()
	return true
}

// both calls a and b, as far as they are there.
func both(a, b func()) func() {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return func() { a(); b() }
}

func outgoing(t plugin.Transformer, c im.ConvID, text string) (out plugin.Out, err error) {
	defer func() {
		if p := recover(); p != nil {
			out, err = plugin.Out{}, errInside
		}
	}()
	return t.Outgoing(c, text)
}

// Inbound is an incoming text, ready to be shown.
type Inbound struct {
	Text  im.Text
	Seal  im.Seal
	Drop  bool
	Alarm string
	// Said: see plugin.In. Nothing, if there is none.
	Said im.Text
	// Ticket: see plugin.In.
	Ticket uint64
}

// Incoming passes a text from the wire through the transformers, the last one
// being nearest to the wire, and cleans what comes out. With an error, Inbound
// still says what is to be shown.
func Incoming(chain []plugin.Transformer, c im.ConvID, a plugin.Arrival) (Inbound, error) {
	in := plugin.In{Text: a.Wire}
	var failures []error
	for i := len(chain) - 1; i >= 0; i-- {
		a.Wire = in.Text
		next, err := incoming(chain[i], c, a)
		if err != nil {
			failures = append(failures, err)
		}
		if in.Seal.Level.Encrypted() && !next.Seal.Level.Encrypted() {
			next.Seal = in.Seal
		}
		next.Markup = next.Markup || in.Markup
		if next.Alarm == "" {
			next.Alarm = in.Alarm
		}
		if next.Said == "" && next.Text == in.Text {
			next.Said = in.Said
		}
		in = next
		if in.Drop {
			break
		}
	}
	out := Inbound{Seal: in.Seal, Drop: in.Drop, Alarm: in.Alarm, Ticket: in.Ticket}
	if !in.Drop {
		clean := func(text string) im.Text { return Links(Clean(text)) }
		if in.Markup {
			clean = Markup
		}
		out.Text = clean(in.Text)
		if in.Said != "" {
			out.Said = clean(in.Said)
		}
		out.Drop = len(out.Text) == 0
	}
	return out, errors.Join(failures...)
}

func incoming(t plugin.Transformer, c im.ConvID, a plugin.Arrival) (in plugin.In, err error) {
	defer func() {
		if p := recover(); p != nil {
			in, err = plugin.In{Drop: true}, errPlugin
		}
	}()
	return t.Incoming(c, a)
}
