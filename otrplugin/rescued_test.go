package otrplugin

import (
	"strings"
	"testing"

	"culver/im"
	"culver/plugin/plugintest"
)

// damaged is a world in which alice's store was rescued without a row of it, after she
// verified bob.
func damaged(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.verified()
	clear(w.alice.host.Disk.Data)
	w.alice.host.Disk.Data[im.Rescued] = []byte("plugins")
	w.again()
	return w
}

// again lets both programs start anew.
func (w *world) again() {
	w.alice.restart()
	w.bob.restart()
	w.alice.host.Take()
}

// The store says that rows may be missing: the safest settings, and no key is used
// because it is the first. About each the user is asked once.
func TestAProfileThatWasRescued(t *testing.T) {
	w := damaged(t)
	if s := w.alice.plugin.settings; s != safestSettings() {
		t.Errorf("settings are %+v", s)
	}
	w.alice.types("secret")
	w.run()
	w.wantNoClear("secret")
	w.alice.wantSaid(plugintest.Alarm, "never seen; another one may have been known before")
	if l := w.alice.last(); l.state != im.Waiting {
		t.Errorf("the line is %+v", l)
	}
	d := w.alice.host.Dialog("New key of Bob")
	wantText(t, d, "cannot tell whether another one was known before")
	wantText(t, d, "your profile was damaged")
	d.Press(buttonAccept)
	w.run()
	if l := w.bob.last(); l.text != "secret" {
		t.Errorf("bob reads %+v", l)
	}
	d = w.alice.configures()
	if !strings.Contains(d.Form.Problem, "safest") {
		t.Errorf("the settings say %q", d.Form.Problem)
	}
	wantText(t, d, "was damaged")
	w.again()
	w.alice.types("hello again")
	w.run()
	w.alice.wantNotSaid(plugintest.Alarm, "never seen")
	if l := w.bob.last(); l.text != "hello again" {
		t.Errorf("bob reads %+v", l)
	}
}

func TestTheUserEndsTheQuestionsAfterARescue(t *testing.T) {
	w := damaged(t)
	disk := w.alice.host.Disk
	d := w.alice.configures()
	d.Press(fieldStopAsking)
	sure := w.alice.host.Dialog("Stop asking")
	wantText(t, sure, "once refused")
	sure.Press(buttonCancel)
	if sure.Open || !w.alice.plugin.rescued || disk.Data[im.Rescued] == nil {
		t.Error("taken for said, and it was not")
	}
	d.Press(fieldStopAsking)
	disk.Err = errOffline
	w.alice.host.Dialog("Stop asking").Press(buttonGo)
	if disk.Err = nil; !w.alice.plugin.rescued || disk.Data[im.Rescued] == nil || !strings.Contains(d.Form.Problem, "Nothing was changed") {
		t.Errorf("the disk failed, and the settings say %q", d.Form.Problem)
	}
	d.Press(fieldStopAsking)
	w.alice.host.Dialog("Stop asking").Press(buttonGo)
	if w.alice.plugin.rescued || disk.Data[im.Rescued] != nil || d.Has(fieldStopAsking) || d.Form.Problem != "" {
		t.Errorf("the settings are still\n%v", d)
	}
	w.again()
	if s := w.alice.plugin.settings; s != safestSettings() {
		t.Errorf("what the user never chose is in force: %+v", s)
	}
	if d = w.alice.configures(); d.Form.Problem != "" || d.Has(fieldStopAsking) {
		t.Errorf("the settings say\n%v", d)
	}
	d.Press(buttonClose)
	w.alice.types("secret")
	w.run()
	w.alice.wantNotSaid(plugintest.Alarm, "never seen")
	if l := w.bob.last(); l.text != "secret" || w.alice.asking() {
		t.Errorf("bob reads %+v", l)
	}
}

// What was asked about and not answered is not answered by that.
func TestAKeyInQuestionStaysSoWhenTheQuestionsEnd(t *testing.T) {
	w := damaged(t)
	w.alice.types("secret")
	w.run()
	w.alice.configures().Press(fieldStopAsking)
	w.alice.host.Dialog("Stop asking").Press(buttonGo)
	w.run()
	if l := w.alice.last(); l.state != im.Waiting || !w.alice.asking() {
		t.Errorf("the line is %+v", l)
	}
}
