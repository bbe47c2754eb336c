package plugintest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/plugin"
)

// recorder is a testing.TB that keeps failures instead of failing.
type recorder struct {
	testing.TB
	errors []string
}

func (r *recorder) Helper()                        {}
func (r *recorder) Errorf(format string, _ ...any) { r.errors = append(r.errors, format) }

var conv = im.ConvID{Account: "xmpp:a@x", Peer: "b@x"}

func TestOpsAreRecordedInOrder(t *testing.T) {
	h := New(t, conv.Account)
	if err := h.Wire(conv, "body", plugin.Hints{Resource: "r"}); err != nil {
		t.Fatal(err)
	}
	h.Seal(conv, im.Seal{Level: im.Private, By: "P"})
	h.Notice(conv, im.Notice, im.Plain("calm"))
	h.Notice(conv, im.Alarm, im.Plain("loud"))
	h.Release(conv)
	d := h.Ask(conv, plugin.Page("Title", "", nil), func(plugin.Answers) {})
	d.Update(plugin.Page("Other", "", nil))
	d.Close()
	var got []string
	for _, o := range h.Ops() {
		got = append(got, o.String())
	}
	want := []string{
		"wire b@x: body", "seal b@x Unverified", "notice b@x: calm", "alarm b@x: loud", "release b@x",
		"ask b@x: Title", "update Other", "close Other",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if len(h.Take()) != len(want) || len(h.Ops()) != 0 {
		t.Error("Take does not forget")
	}
	h.OnWire = func(im.ConvID, string, plugin.Hints) error { return errors.New("offline") }
	if h.Wire(conv, "body", plugin.Hints{}) == nil || len(h.Ops()) != 0 {
		t.Error("what was not sent is recorded")
	}
}

func TestTheClockMovesByAdvanceAlone(t *testing.T) {
	h := New(t)
	start := h.Now()
	var got []time.Duration
	note := func() { got = append(got, h.Now().Sub(start)) }
	h.After(3*time.Second, note)
	h.After(time.Second, func() {
		note()
		h.After(time.Second, note)
	})
	stop := h.After(time.Second, note)
	stop()
	h.Advance(2 * time.Second)
	if !slices.Equal(got, []time.Duration{time.Second, 2 * time.Second}) || h.Timers() != 1 {
		t.Errorf("called at %v, %d left", got, h.Timers())
	}
	h.Advance(time.Minute)
	if len(got) != 3 || h.Now().Sub(start) != 62*time.Second {
		t.Errorf("called at %v, now %v", got, h.Now().Sub(start))
	}
}

func TestWorkRunsInRun(t *testing.T) {
	h := New(t)
	var got []string
	h.Go(func(ctx context.Context) error {
		got = append(got, "work")
		_, err := h.Vault().Get(ctx, "x")
		return err
	}, func(err error) {
		got = append(got, "done")
		h.Go(func(context.Context) error { return errors.New("second") }, func(err error) { got = append(got, err.Error()) })
	})
	if h.Jobs() != 1 || len(got) != 0 {
		t.Error("the work ran at once")
	}
	h.Run()
	if !slices.Equal(got, []string{"work", "done", "second"}) {
		t.Errorf("got %q", got)
	}
	h.Stop()
	h.Go(func(ctx context.Context) error { return h.Vault().Put(ctx, "x", nil) }, func(err error) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("after Stop: %v", err)
		}
	})
	h.Run()
}

func TestWhatBreaksTheContractFailsTheTest(t *testing.T) {
	for name, do := range map[string]func(h *Host){
		"vault on the messenger's goroutine": func(h *Host) { h.Vault().Get(context.Background(), "x") },
		"host inside the work": func(h *Host) {
			h.Go(func(context.Context) error { h.Accounts(); return nil }, func(error) {})
			h.Run()
		},
		"seal without a name":   func(h *Host) { h.Seal(conv, im.Seal{Level: im.Private}) },
		"open seal with a name": func(h *Host) { h.Seal(conv, im.Seal{By: "P"}) },
		"notice as chat":        func(h *Host) { h.Notice(conv, im.Chat, nil) },
		"notice to nowhere":     func(h *Host) { h.Notice(im.ConvID{}, im.Notice, nil) },
		"no title":              func(h *Host) { h.Ask(conv, plugin.Page("", "", nil), nil) },
		"closed twice": func(h *Host) {
			d := h.Ask(conv, plugin.Page("T", "", nil), nil)
			d.Close()
			d.Close()
		},
		"update after close": func(h *Host) {
			d := h.Ask(conv, plugin.Page("T", "", nil), nil)
			d.Close()
			d.Update(plugin.Page("T", "", nil))
		},
		"two defaults": func(h *Host) {
			h.Ask(conv, plugin.Page("T", "", nil, plugin.Button{ID: "a", Role: plugin.Default},
				plugin.Button{ID: "b", Role: plugin.Default}), nil)
		},
		"reserved ID": func(h *Host) {
			h.Ask(conv, plugin.Page("T", "", nil, plugin.Button{ID: plugin.Closed}), nil)
		},
		"same ID": func(h *Host) {
			h.Ask(conv, plugin.Page("T", "", []im.Field{{ID: "a"}, {ID: "a"}}), nil)
		},
		"choice that is none": func(h *Host) {
			h.Ask(conv, plugin.Page("T", "", []im.Field{{ID: "a", Kind: im.FieldChoice, Value: "x"}}), nil)
		},
		"never shown": func(h *Host) {
			h.Ask(conv, plugin.Page("T", "", []im.Field{{ID: "a", WhenField: "b", WhenValue: "c"}}), nil)
		},
		"too many percent": func(h *Host) {
			h.Ask(conv, plugin.Page("T", "", []im.Field{{ID: "a", Kind: im.FieldProgress, Percent: 101}}), nil)
		},
		"row too short": func(h *Host) {
			h.Ask(conv, plugin.Page("T", "", []im.Field{{ID: "a", Kind: im.FieldTable, Columns: []string{"c"}, Rows: []im.Row{{ID: "r"}}}}), nil)
		},
		"more keys than columns": func(h *Host) {
			h.Ask(conv, plugin.Page("T", "", []im.Field{{ID: "a", Kind: im.FieldTable, Rows: []im.Row{{ID: "r", Keys: []string{"k"}}}}}), nil)
		},
		"opened by no action": func(h *Host) {
			h.Ask(conv, plugin.Page("T", "", []im.Field{{ID: "a", Kind: im.FieldTable, Open: "x"}}), nil)
		},
		"action that is none": func(h *Host) {
			h.Ask(conv, plugin.Page("T", "", []im.Field{{ID: "a", Kind: im.FieldTable, Rows: []im.Row{{ID: "r", Can: []string{"x"}}}}}), nil)
		},
	} {
		r := &recorder{TB: t}
		do(New(r))
		if len(r.errors) == 0 {
			t.Errorf("%s: not noticed", name)
		}
	}
}

// Progress without an end in sight, and prose that needs no name, are right.
func TestDialogsThatAreRight(t *testing.T) {
	r := &recorder{TB: t}
	New(r).Ask(conv, plugin.Page("T", "", []im.Field{
		{ID: "a", Kind: im.FieldProgress, Percent: im.Unknown}, {Kind: im.FieldProse, Prose: im.Plain("x")}, {Kind: im.FieldProse},
	}), nil)
	if len(r.errors) > 0 {
		t.Errorf("%q", r.errors)
	}
}

func TestDialog(t *testing.T) {
	h := New(t)
	var got []plugin.Answers
	form := plugin.Page("Title", "Intro", []im.Field{
		{ID: "way", Kind: im.FieldChoice, Value: "one", Choices: []im.Choice{{Value: "one"}, {Value: "two"}}},
		{ID: "name", Kind: im.FieldText, Value: "bob"},
		{ID: "more", Kind: im.FieldText, WhenField: "way", WhenValue: "two", Label: "More"},
		{ID: "live", Kind: im.FieldSwitch, Live: true},
		{ID: "press", Kind: im.FieldButton},
		{ID: "table", Kind: im.FieldTable, Actions: []im.RowAction{{ID: "go"}}, Rows: []im.Row{{ID: "r", Can: []string{"go"}}}},
	}, plugin.Button{ID: "ok"})
	h.Ask(conv, form, func(a plugin.Answers) { got = append(got, a) })
	d := h.Dialog("Tit")
	if d.Has("more") || strings.Contains(d.Text(), "More") {
		t.Error("a field is shown that should not be")
	}
	d.Type("way", "two")
	d.Type("more", "x")
	d.Type("name", "eve")
	if len(got) != 0 {
		t.Error("typing answers")
	}
	d.Type("live", im.On)
	d.Press("ok")
	d.Press("press")
	d.Choose("table", "go", "r")
	d.CloseWindow()
	var actions []string
	for _, a := range got {
		actions = append(actions, a.Action)
		if a.Values["name"] != "eve" || a.Values["more"] != "x" || a.Values["live"] != im.On {
			t.Errorf("values %v", a.Values)
		}
	}
	if !slices.Equal(actions, []string{"live", "ok", "press", "go", plugin.Closed}) || !slices.Equal(got[3].Rows, []string{"r"}) {
		t.Errorf("answers %+v", got)
	}

	// What was typed stays, unless the asker changes the value.
	d.Update(form)
	if d.Value("name") != "eve" {
		t.Error("an update took away what was typed")
	}
	form.Tabs[0].Fields[1].Value = "carol"
	d.Update(form)
	if d.Value("name") != "carol" {
		t.Errorf("the value is %q", d.Value("name"))
	}
	before := len(h.Ops())
	d.Update(form)
	if n := len(h.Ops()); n != before {
		t.Errorf("a form that is as it was is drawn again")
	}
	if !strings.Contains(d.String(), "Intro") {
		t.Error("the form is not shown whole")
	}
	d.Close()
	if len(h.Dialogs()) != 0 {
		t.Error("a closed dialog is listed")
	}
}

func TestStoreAndVaultKeepCopies(t *testing.T) {
	h := New(t)
	b := []byte("value")
	if err := h.Store().Put("a/1", b); err != nil {
		t.Fatal(err)
	}
	clear(b)
	got, ok, err := h.Store().Get("a/1")
	if !ok || err != nil || string(got) != "value" {
		t.Errorf("got %q, %v, %v", got, ok, err)
	}
	if rows, err := h.Store().List("b/"); err != nil || len(rows) != 0 {
		t.Errorf("rows %v, %v", rows, err)
	}
	if err := h.Store().Delete("a/1"); err != nil {
		t.Fatal(err)
	}
	if _, ok, _ := h.Store().Get("a/1"); ok {
		t.Error("a deleted value is there")
	}
	h.Disk.Err = errors.New("full")
	if h.Store().Put("a/2", nil) == nil || len(h.Disk.Data) != 0 {
		t.Error("a store that fails keeps")
	}
	h.Go(func(ctx context.Context) error {
		if b, err := h.Vault().Get(ctx, "none"); b != nil || err != nil {
			t.Errorf("a missing secret: %v, %v", b, err)
		}
		if h.Vault().Put(ctx, "big", make([]byte, 2001)) == nil {
			t.Error("a secret that is too big was kept")
		}
		return h.Vault().Put(ctx, "small", []byte("s"))
	}, func(err error) {
		if err != nil || string(h.Keyring.Data["small"]) != "s" {
			t.Errorf("the vault has %v, %v", h.Keyring.Data, err)
		}
	})
	h.Run()
}
