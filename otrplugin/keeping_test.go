package otrplugin

import (
	"encoding/json"
	"strings"
	"testing"

	"culver/plugin/plugintest"
)

var asking = settings{Enabled: true, Automatic: true, Keep: keepAsk}

const keepTitle = "Keep this private conversation?"

// asked reports whether the question whether to keep is on show.
func (e *end) askedToKeep() bool {
	for _, d := range e.host.Dialogs() {
		if d.Open && d.Form.Title == keepTitle {
			return true
		}
	}
	return false
}

func (e *end) keptNow() bool {
	for _, op := range e.host.Ops() {
		if op.Kind == plugintest.Keep && op.Conv == e.id {
			return true
		}
	}
	return false
}

func TestAskingWhetherToKeep(t *testing.T) {
	for _, answer := range []string{"keep", "dontkeep", "closed"} {
		t.Run(answer, func(t *testing.T) {
			w := newWorld(t)
			w.alice.set(asking)
			if !w.alice.plugin.Unlogged(w.alice.id) {
				t.Error("something is kept before there is a private conversation")
			}
			w.private()
			w.alice.wantSaid(plugintest.Notice, "It is not kept in the history unless you say so")
			d := w.alice.host.Dialog(keepTitle)
			if !d.Form.Quiet || d.Conv != w.alice.id || !strings.Contains(d.Text(), "Bob") {
				t.Errorf("the question is %v", d)
			}
			w.says(w.alice, "one")
			if !w.alice.plugin.Unlogged(w.alice.id) || w.alice.keptNow() {
				t.Error("something is kept before the user said so")
			}
			if answer == "closed" {
				d.CloseWindow()
			} else {
				d.Press(answer)
			}
			kept := answer == "keep"
			if w.alice.plugin.Unlogged(w.alice.id) == kept || w.alice.keptNow() != kept {
				t.Errorf("kept: %v", !w.alice.plugin.Unlogged(w.alice.id))
			}
			if kept {
				w.alice.wantSaid(plugintest.Notice, "This private conversation is kept in the history")
			} else {
				w.alice.wantSaid(plugintest.Notice, "This private conversation is not kept in the history")
			}
			w.does(w.alice, actionStart) // refreshed: it is the same
			w.says(w.bob, "two")
			if w.alice.askedToKeep() {
				t.Error("it is asked twice of one private conversation")
			}
			w.does(w.alice, actionEnd)
			w.does(w.bob, actionEnd)
			w.does(w.bob, actionStart) // another
			if !w.alice.askedToKeep() || !w.alice.plugin.Unlogged(w.alice.id) {
				t.Error("the answer holds for another private conversation")
			}
			w.alice.host.Dialog(keepTitle).Press("keep")
			w.alice.restart()
			if !w.alice.plugin.Unlogged(w.alice.id) {
				t.Error("the answer holds over a restart")
			}
		})
	}
}

// A question that nobody answers outlasts the private conversation, and not the
// next one, nor another choice.
func TestTheQuestionWhetherToKeepGoes(t *testing.T) {
	w := newWorld(t)
	w.alice.set(asking)
	w.private()
	first := w.alice.host.Dialog(keepTitle)
	w.does(w.bob, actionEnd)
	if !first.Open {
		t.Fatal("the end takes the question away")
	}
	w.does(w.alice, actionStart)
	if first.Open || !w.alice.askedToKeep() {
		t.Error("there is no question for the next private conversation, or two")
	}
	w.alice.setOwn(settings{Enabled: true, Automatic: true, Keep: keepAlways})
	if w.alice.askedToKeep() || w.alice.plugin.Unlogged(w.alice.id) {
		t.Error("the question is still there though it is answered for good")
	}
	w.alice.wantSaid(plugintest.Notice, "From now on, this private conversation is kept in the history")
	w.alice.setOwn(asking)
	if !w.alice.askedToKeep() || !w.alice.plugin.Unlogged(w.alice.id) {
		t.Error("it is kept without an answer")
	}
	w.alice.host.Dialog(keepTitle).Press("keep")
	w.alice.host.Take()
	w.alice.setOwn(settings{Enabled: true, Automatic: true, Keep: keepNever})
	w.alice.wantSaid(plugintest.Notice, "From now on, this private conversation is not kept in the history")
	w.alice.setOwn(asking)
	if !w.alice.plugin.Unlogged(w.alice.id) {
		t.Error("an old answer counts again")
	}
	w.alice.plugin.Close()
	if w.alice.askedToKeep() {
		t.Error("the question outlasts the plugin")
	}
}

func TestSettingsOfOlderVersions(t *testing.T) {
	for data, want := range map[string]keeping{
		`{"enabled":true,"automatic":true,"require":false,"dontLog":true}`:                 keepNever,
		`{"enabled":true,"automatic":true,"require":false,"dontLog":false}`:                keepAlways,
		`{"enabled":true,"automatic":true,"require":false,"dontLog":false,"keep":"ask"}`:   keepAsk,
		`{"enabled":true,"automatic":true,"require":false,"keep":"never","dontLog":false}`: keepNever,
		`{"enabled":true}`: keepNever,
	} {
		w := newWorld(t)
		w.alice.host.Disk.Data[settingsKey] = []byte(data)
		w.alice.restart()
		if got := w.alice.plugin.settings; got.Keep != want || !got.Enabled {
			t.Errorf("%s: %+v", data, got)
		}
		if own, err := parseBuddySettings([]byte(data)); data != `{"enabled":true}` && (err != nil || own.Keep != want) {
			t.Errorf("%s of a buddy: %+v, %v", data, own, err)
		}
	}
	for k := range keepings {
		s := settings{Enabled: true, Keep: keeping(k)}
		b, err := json.Marshal(s)
		var got settings
		if err != nil || json.Unmarshal(b, &got) != nil || got != s {
			t.Errorf("%+v becomes %s, %+v", s, b, got)
		}
	}
	var s settings
	s.set(fieldKeep, "ask")
	s.set(fieldKeep, "nonsense")
	if s.Keep != keepNever {
		t.Errorf("nonsense is %v", s.Keep)
	}
}

// What the details say of it.
func TestTheDetailsSayWhatIsKept(t *testing.T) {
	w := newWorld(t)
	w.alice.set(asking)
	w.private()
	w.does(w.alice, actionDetails)
	d := w.alice.host.Dialog("Session details")
	if !strings.Contains(d.Text(), "not kept in the history until you say so") {
		t.Errorf("undecided: %s", d)
	}
	w.alice.host.Dialog(keepTitle).Press("keep")
	if !strings.Contains(d.Text(), "is kept in the history of this computer") {
		t.Errorf("kept: %s", d)
	}
}
