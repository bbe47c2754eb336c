package stateplugin

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/plugin/plugintest"
)

const alice = im.AccountID("net:alice@x")

var bob = im.ConvID{Account: alice, Peer: "bob@x"}

func started(t *testing.T) (*Plugin, *plugintest.Host) {
	t.Helper()
	h := plugintest.New(t, alice)
	h.SetName(bob, "Bob")
	p := New()
	if err := p.Init(h); err != nil {
		t.Fatal(err)
	}
	return p, h
}

// said are the lines since the last time, as they stand once all has lasted.
func said(h *plugintest.Host) (lines []string) {
	h.Advance(time.Minute)
	for _, o := range h.Take() {
		if o.Kind == plugintest.Notice && o.Conv == bob {
			lines = append(lines, o.Text)
		}
	}
	return lines
}

func TestWhatIsSaid(t *testing.T) {
	for _, c := range []struct {
		before, after im.Show
		want          string
	}{
		{im.Available, im.Offline, "Bob has signed off."},
		{im.DoNotDisturb, im.Offline, "Bob has signed off."},
		{im.Offline, im.Available, "Bob has signed on."},
		{im.Offline, im.Away, "Bob has signed on, and is away."},
		{im.Offline, im.ExtendedAway, "Bob has signed on, and is away for longer."},
		{im.Offline, im.FreeForChat, "Bob has signed on, and is free for a chat."},
		{im.Available, im.Away, "Bob is away."},
		{im.Away, im.ExtendedAway, "Bob is away for longer."},
		{im.Away, im.DoNotDisturb, "Bob does not want to be disturbed."},
		{im.Away, im.Available, "Bob is available again."},
	} {
		p, h := started(t)
		p.Shows(bob, c.before, c.after, "")
		if got := said(h); !slices.Equal(got, []string{c.want}) {
			t.Errorf("%v, then %v: %q", c.before, c.after, got)
		}
	}
}

func TestWhatDoesNotLastIsNotSaid(t *testing.T) {
	p, h := started(t)
	last := im.Available
	for range 500 { // a peer who makes a nuisance of himself
		for _, now := range []im.Show{im.Away, im.Offline, im.Available} {
			p.Shows(bob, last, now, "")
			h.Advance(time.Second)
			last = now
		}
	}
	if got := said(h); len(got) != 0 || h.Timers() != 0 {
		t.Errorf("said %q, %d timers", got, h.Timers())
	}
	p.Shows(bob, im.Available, im.Offline, "")
	p.Shows(bob, im.Offline, im.Away, "")
	if got := said(h); !slices.Equal(got, []string{"Bob is away."}) {
		t.Errorf("said %q", got)
	}
}

func TestWhenNothingIsSaid(t *testing.T) {
	for name, do := range map[string]func(p *Plugin, h *plugintest.Host){
		"the account was just connected": func(p *Plugin, h *plugintest.Host) {
			p.AccountOnline(alice, true)
			h.Advance(settling / 2)
			p.Shows(bob, im.Offline, im.Available, "")
		},
		"the conversation is closed": func(p *Plugin, h *plugintest.Host) {
			h.SetClosed(bob)
			p.Shows(bob, im.Available, im.Away, "")
		},
		"it was closed meanwhile": func(p *Plugin, h *plugintest.Host) {
			p.Shows(bob, im.Available, im.Away, "")
			h.SetClosed(bob)
		},
		"the account went offline": func(p *Plugin, h *plugintest.Host) {
			p.Shows(bob, im.Available, im.Away, "")
			p.AccountOnline(alice, false)
		},
		"it was switched off": func(p *Plugin, h *plugintest.Host) {
			p.Shows(bob, im.Available, im.Away, "")
			if err := p.Close(); err != nil || h.Timers() != 0 {
				t.Errorf("%v, %d timers", err, h.Timers())
			}
		},
	} {
		p, h := started(t)
		do(p, h)
		if got := said(h); len(got) != 0 {
			t.Errorf("%s: said %q", name, got)
		}
	}
	p, h := started(t)
	p.AccountOnline(alice, true)
	h.Advance(settling)
	p.Shows(bob, im.Available, im.Away, "")
	if got := said(h); len(got) != 1 {
		t.Errorf("long after the connection: %q", got)
	}
}

func TestTheUserChooses(t *testing.T) {
	p, h := started(t)
	if !p.Info().OffByDefault {
		t.Error("it is on unasked")
	}
	p.Configure()
	p.Configure()
	if n := len(h.Dialogs()); n != 1 {
		t.Fatalf("%d windows", n)
	}
	d := h.Dialog("Buddy state")
	both := func() []string {
		h.Take()
		p.Shows(bob, im.Available, im.Away, "")
		got := said(h)
		p.Shows(bob, im.Away, im.Offline, "")
		return append(got, said(h)...)
	}
	if got := both(); len(got) != 2 {
		t.Errorf("said %q", got)
	}
	d.Type("signs", "")
	if got := both(); !slices.Equal(got, []string{"Bob is away."}) {
		t.Errorf("said %q", got)
	}
	h.Disk.Err = errors.New("the disk is full.")
	d.Type("away", "")
	if d.Value("away") != im.On || !strings.HasSuffix(d.Form.Problem, ": the disk is full.") {
		t.Errorf("switch %q, problem %q", d.Value("away"), d.Form.Problem)
	}
	h.Disk.Err = nil
	d.Type("away", "")
	d.Press("close")
	for range 2 {
		if got := both(); len(got) != 0 || len(h.Dialogs()) != 0 {
			t.Errorf("said %q, %d windows", got, len(h.Dialogs()))
		}
		if err := errors.Join(p.Close(), p.Init(h)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDamagedSettings(t *testing.T) {
	for _, bad := range []string{"", "{", `{"away":7}`, "null"} {
		h := plugintest.New(t, alice)
		h.Disk.Data["settings"] = []byte(bad)
		p := New()
		if err := p.Init(h); err != nil || !p.settings.Away || !p.settings.Signs {
			t.Errorf("with %q: %v, %+v", bad, err, p.settings)
		}
	}
	h := plugintest.New(t, alice)
	h.Disk.Err = errors.New("unreadable")
	if New().Init(h) == nil {
		t.Error("a store that fails is taken for an empty one")
	}
}
