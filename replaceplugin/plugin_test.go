package replaceplugin

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"culver/im"
	"culver/plugin"
	"culver/plugin/plugintest"
)

var bob = im.ConvID{Account: "net:alice@x", Peer: "bob@x"}

func started(t *testing.T) (*Plugin, *plugintest.Host) {
	t.Helper()
	h := plugintest.New(t, bob.Account)
	p := New()
	if err := p.Init(h); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p, h
}

func TestItOnlyRewrites(t *testing.T) {
	p, _ := started(t)
	if !p.Info().OffByDefault {
		t.Error("it changes words unasked")
	}
	if got := p.Rewrite(bob, "teh cat"); got != "the cat" {
		t.Errorf("got %q", got)
	}
	if _, ok := any(p).(plugin.Transformer); ok {
		t.Error("it may touch what others write")
	}
}

func TestSettingUp(t *testing.T) {
	p, h := started(t)
	p.Configure()
	p.Configure()
	list := h.Dialog("Text replacement")
	if n := len(h.Dialogs()); n != 1 {
		t.Errorf("%d windows", n)
	}
	fill := func(typed, sent, exact string) *plugintest.Dialog {
		d := h.Dialog("a replacement")
		d.Type("typed", typed)
		d.Type("sent", sent)
		d.Type("exact", exact)
		d.Press("save")
		return d
	}
	want := func(line, sent string) {
		t.Helper()
		if got := p.Rewrite(bob, line); got != sent {
			t.Errorf("%q: got %q, want %q", line, got, sent)
		}
	}

	// Add; with what is wrong first.
	list.Press("add")
	for _, wrong := range [][3]string{{"", "you", ""}, {"u", " ", ""}, {"u u", "you", ""}, {"TEH", "the", ""}} {
		if d := fill(wrong[0], wrong[1], wrong[2]); !d.Open || d.Form.Problem == "" {
			t.Fatalf("%q was taken", wrong)
		}
	}
	fill(" u ", "you", "")
	want("U ok", "You ok")

	// Change; Cancel changes nothing.
	list.Choose("rules", "change", "~u")
	d := h.Dialog("Change a replacement")
	d.Type("sent", "thou")
	d.Press("cancel")
	want("u", "you")
	list.Choose("rules", "change", "~u")
	fill("u", "yes", im.On)
	want("u U", "yes U")

	// Remove several.
	list.Choose("rules", "remove", "=u", "~teh")
	want("u teh", "u teh")

	// It is kept, over switching off and on and over a new run.
	for range 2 {
		if err := p.Close(); err != nil || len(h.Dialogs()) != 0 {
			t.Fatalf("%v, %d windows are left", err, len(h.Dialogs()))
		}
		if err := p.Init(h); err != nil {
			t.Fatal(err)
		}
		want("u teh recieve", "u teh receive")
	}
}

func TestTheListCanBeEmptied(t *testing.T) {
	p, h := started(t)
	p.Configure()
	d := h.Dialog("Text replacement")
	for _, r := range beginning() {
		d.Choose("rules", "remove", r.id())
	}
	if err := p.Init(h); err != nil || p.Rewrite(bob, "teh") != "teh" {
		t.Errorf("%v: what was removed comes back", err)
	}
}

func TestWhatCannotBeSavedIsNotInForce(t *testing.T) {
	p, h := started(t)
	p.Configure()
	list := h.Dialog("Text replacement")
	list.Press("add")
	d := h.Dialog("Add")
	d.Type("typed", "u")
	d.Type("sent", "you")
	h.Disk.Err = errors.New("the disk is full")
	d.Press("save")
	if !d.Open || !strings.Contains(d.Form.Problem, "the disk is full") {
		t.Errorf("the problem is %q", d.Form.Problem)
	}
	list.Choose("rules", "remove", "~teh")
	if !strings.Contains(list.Form.Problem, "the disk is full") {
		t.Errorf("the problem is %q", list.Form.Problem)
	}
	if got := p.Rewrite(bob, "u teh"); got != "u the" {
		t.Errorf("got %q", got)
	}
	h.Disk.Err = nil
	d.Press("save")
	if got := p.Rewrite(bob, "u"); got != "you" || d.Open || list.Form.Problem != "" {
		t.Errorf("got %q, problem %q", got, list.Form.Problem)
	}
}

func TestDamagedRules(t *testing.T) {
	for _, bad := range []string{"", "{", `{"typed":"a"}`, `[{"typed":7}]`} {
		h := plugintest.New(t, bob.Account)
		h.Disk.Data["rules"] = []byte(bad)
		p := New()
		if err := p.Init(h); err != nil {
			t.Fatal(err)
		}
		if got := p.Rewrite(bob, "teh"); got != "teh" {
			t.Errorf("with %q: %q", bad, got)
		}
		p.Configure()
		if f := h.Dialog("Text replacement").Form; !strings.Contains(f.Problem, "could not be read") {
			t.Errorf("with %q the user is not told: %q", bad, f.Problem)
		}
		p.Close()
	}
	h := plugintest.New(t, bob.Account)
	h.Disk.Data["rules"] = []byte(`[{"typed":"","sent":"x"},{"typed":"ok","sent":"yes"},{"typed":"a b","sent":"c"}]`)
	p := New()
	if err := p.Init(h); err != nil || p.Rewrite(bob, "ok a b") != "yes a b" {
		t.Errorf("got %v, %q", err, p.Rewrite(bob, "ok a b"))
	}
	h.Disk.Err = errors.New("unreadable")
	if New().Init(h) == nil {
		t.Error("a store that fails is taken for an empty one")
	}
}

func TestThereIsALimit(t *testing.T) {
	p, _ := started(t)
	var many Rules
	for i := range maxRules {
		many = append(many, Rule{Typed: fmt.Sprint("w", i), Sent: "x"})
	}
	if err := p.save(many); err != nil {
		t.Fatal(err)
	}
	if err := p.put(Rule{}, Rule{Typed: "more", Sent: "y"}); err == nil {
		t.Error("one more is taken")
	}
	if err := p.put(many[0], Rule{Typed: "more", Sent: "y"}); err != nil || p.Rewrite(bob, "more") != "y" {
		t.Errorf("a change is not: %v", err)
	}
}
