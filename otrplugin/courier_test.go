package otrplugin

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"culver/im"
	"culver/plugin"
	"culver/plugin/plugintest"
)

// arrivals are what the other program sent, as far as the core is handed it.
func (e *end) arrivals() (all []plugin.Carried) {
	for _, o := range e.host.Ops() {
		if o.Kind == plugintest.Arrive {
			all = append(all, o.Carried)
		}
	}
	return all
}

func TestDataIsCarriedInPrivate(t *testing.T) {
	w := newWorld(t)
	w.private()
	out, err := w.alice.plugin.Carry(w.alice.id, []byte("a file"))
	if err != nil {
		t.Fatal(err)
	}
	w.run()
	in := w.bob.arrivals()
	if len(in) != 1 || string(in[0].Data) != "a file" || !bytes.Equal(in[0].Secret, out.Secret) || len(out.Secret) != 32 || !in[0].Seal.Level.Encrypted() {
		t.Fatalf("carried %+v, arrived %+v", out, in)
	}
	if in[0].Device != w.alice.resource || out.Device != w.bob.resource || in[0].Key == "" || in[0].Key == out.Key {
		t.Errorf("devices %q %q, keys %q %q", in[0].Device, out.Device, in[0].Key, out.Key)
	}
	for _, e := range []*end{w.alice, w.bob} {
		if slices.ContainsFunc(e.sent, func(s string) bool { return strings.Contains(s, "a file") }) {
			t.Error("it went in clear")
		}
	}
	if n := len(w.bob.lines); n != 0 {
		t.Errorf("%d lines are shown", n)
	}
	if _, err := w.alice.plugin.Carry(w.alice.id, make([]byte, plugin.MaxCarried)); err != nil {
		t.Errorf("the most: %v", err)
	}
	if _, err := w.alice.plugin.Carry(w.alice.id, make([]byte, plugin.MaxCarried+1)); err == nil {
		t.Error("too much is carried")
	}
}

func TestNothingIsCarriedUnlessPrivate(t *testing.T) {
	w := newWorld(t)
	sent := len(w.alice.sent)
	if _, err := w.alice.plugin.Carry(w.alice.id, []byte("x")); err == nil {
		t.Error("carried in a conversation that is not private")
	}
	if _, err := w.alice.plugin.Carry(im.ConvID{Account: w.alice.id.Account, Peer: "eve@x"}, []byte("x")); err == nil {
		t.Error("carried to anybody")
	}
	if len(w.alice.sent) != sent {
		t.Errorf("something was sent: %q", w.alice.sent[sent:])
	}
	w.private()
	w.does(w.bob, actionEnd)
	w.run()
	if _, err := w.alice.plugin.Carry(w.alice.id, []byte("x")); err == nil {
		t.Error("carried after the end")
	}
}

func TestDataThatCameLateIsDropped(t *testing.T) {
	w := newWorld(t)
	w.private()
	if _, err := w.alice.plugin.Carry(w.alice.id, []byte("x")); err != nil {
		t.Fatal(err)
	}
	for _, p := range w.alice.outbox {
		w.bob.plugin.Incoming(w.bob.id, plugin.Arrival{From: im.Addr{Bare: w.bob.id.Peer, Resource: w.alice.resource}, Wire: p.body, Late: true})
	}
	if in := w.bob.arrivals(); len(in) != 0 {
		t.Errorf("late: %+v", in)
	}
}
