package otrplugin

import (
	"slices"
	"strings"
	"testing"

	"culver/im"
	"culver/otrplugin/otr"
	"culver/plugin/plugintest"
)

func TestPolicies(t *testing.T) {
	for _, row := range []struct {
		name     string
		settings settings
		want     otr.Policy
		required bool
	}{
		{"off", settings{}, otr.Never, false},
		{"off, whatever is inside", settings{Automatic: true, Require: true}, otr.Never, false},
		{"on", settings{Enabled: true}, otr.Manual, false},
		{"require counts within automatic only", settings{Enabled: true, Require: true}, otr.Manual, false},
		{"automatic", settings{Enabled: true, Automatic: true}, otr.Opportunistic, false},
		{"require", settings{Enabled: true, Automatic: true, Require: true}, otr.Always, true},
		{"default", defaultSettings(), otr.Opportunistic, false},
	} {
		if got := row.settings.policy(); got != row.want {
			t.Errorf("%s: policy %b, want %b", row.name, got, row.want)
		}
		p := &Plugin{settings: row.settings}
		if p.Required(im.ConvID{}) != row.required {
			t.Errorf("%s: required is %v", row.name, !row.required)
		}
	}
	if defaultSettings().Keep != keepNever {
		t.Error("by default, private conversations must not be kept")
	}
}

// set changes the settings of an end, as its Config tab does.
func (e *end) set(s settings) {
	e.t.Helper()
	if err := e.plugin.changeSettings(s); err != nil {
		e.t.Fatal(err)
	}
}

var (
	never  = settings{}
	manual = settings{Enabled: true}
	always = settings{Enabled: true, Automatic: true, Require: true}
)

func TestSwitchedOffEverythingPassesThrough(t *testing.T) {
	w := newWorld(t)
	w.alice.set(never)
	w.says(w.alice, "plain <b> text")
	if got := w.alice.sent; !slices.Equal(got, []string{"plain <b> text"}) {
		t.Errorf("sent %q", got)
	}
	if w.alice.menu() != nil {
		t.Errorf("the menu is %v", w.alice.menu())
	}
	for _, body := range []string{"?OTRv23?", "?OTR:AAMC", "text" + offerBase} {
		w.alice.takes("B", body)
		if l := w.alice.last(); l.text != body {
			t.Errorf("reads %q of %q", l.text, body)
		}
	}
	if w.run(); w.alice.host.Keyring.Reads != 0 || len(w.alice.sent) != 1 {
		t.Error("something was done though OTR is off")
	}
}

func TestSwitchingOffDoesNotOpenAPrivateConversation(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.set(never)
	w.says(w.alice, "still secret")
	w.wantNoClear("still secret")
	if l := w.bob.last(); l.text != "still secret" || l.seal.Level != im.Private {
		t.Errorf("bob reads %+v", l)
	}
	w.says(w.bob, "reply")
	if l := w.alice.last(); l.text != "reply" || l.seal.Level != im.Private {
		t.Errorf("alice reads %+v", l)
	}
	w.does(w.alice, actionEnd)
	if w.alice.menu() != nil {
		t.Error("the menu is still there after the end")
	}
	w.says(w.alice, "open now")
	if l := w.bob.last(); l.text != "open now" || l.alarm == "" {
		t.Errorf("bob, whose side was ended, reads %+v", l)
	}
}

func TestManualOffersNothing(t *testing.T) {
	w := newWorld(t)
	w.alice.set(manual)
	w.says(w.alice, "hello")
	if !slices.Equal(w.alice.sent, []string{"hello"}) {
		t.Errorf("sent %q", w.alice.sent)
	}
	w.says(w.bob, "hello you") // bob offers
	w.wantLevel(im.Open, im.Open)
	w.does(w.bob, actionStart) // a request is answered
	w.wantLevel(im.Private, im.Private)
}

func TestClearTextIsMarkedWhereOTRIsRequired(t *testing.T) {
	w := newWorld(t)
	w.alice.set(always)
	w.alice.takes("B", "hello")
	if l := w.alice.last(); !strings.Contains(l.alarm, "NOT encrypted") || l.text != "hello" {
		t.Errorf("without a session: %+v", l)
	}
	w.private()
	w.alice.takes("B", "in between")
	if l := w.alice.last(); !strings.Contains(l.alarm, "NOT encrypted") || l.seal.Level != im.Open || l.html {
		t.Errorf("in a private conversation: %+v", l)
	}
}

func TestWhatWasEndedOnPurposeDoesNotStartByItself(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.does(w.alice, actionEnd)
	w.does(w.bob, actionEnd)
	w.says(w.alice, "plain one")
	w.says(w.bob, "plain two")
	w.says(w.alice, "plain three")
	w.wantLevel(im.Open, im.Open)
	if l := w.bob.last(); l.text != "plain three" || l.seal.Level != im.Open {
		t.Errorf("bob reads %+v", l)
	}
	w.private() // until the user starts again
}

func TestPrivateConversationsThatAreLogged(t *testing.T) {
	w := newWorld(t)
	w.alice.set(settings{Enabled: true, Automatic: true, Keep: keepAlways})
	w.private()
	w.alice.wantSaid(plugintest.Notice, "It is kept in the history of this computer")
}
