package otrplugin

import (
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/plugin/plugintest"
)

// halves are the two halves of the secure session id, and which one is bold.
func halves(t *testing.T, d *plugintest.Dialog) (first, second string, firstBold bool) {
	t.Helper()
	var code []im.Span
	for _, s := range d.Field(fieldSession).Prose {
		if len(s.Text) == 8 && strings.Trim(s.Text, "0123456789ABCDEF") == "" {
			code = append(code, s)
		}
	}
	if len(code) != 2 || (code[0].Style&im.Bold != 0) == (code[1].Style&im.Bold != 0) {
		t.Fatalf("the session is shown as %+v", d.Field(fieldSession).Prose)
	}
	return code[0].Text, code[1].Text, code[0].Style&im.Bold != 0
}

func TestSessionDetails(t *testing.T) {
	w := newWorld(t)
	if a, ok := w.alice.action(actionDetails); !ok || !a.Off {
		t.Errorf("without a private conversation: %+v", a)
	}
	w.verified()
	w.alice.does(actionDetails)
	w.bob.does(actionDetails)
	a, b := w.alice.host.Dialog("Session details of Bob"), w.bob.host.Dialog("Session details of Alice")
	a1, a2, aBold := halves(t, a)
	b1, b2, bBold := halves(t, b)
	if a1 != b1 || a2 != b2 || aBold == bBold || len(a1) != 8 || len(a2) != 8 {
		t.Errorf("alice sees %s %s (%v), bob %s %s (%v)", a1, a2, aBold, b1, b2, bBold)
	}
	if a.Field(fieldOurs).Value != b.Field(fieldTheirs).Value || a.Field(fieldTheirs).Value != b.Field(fieldOurs).Value ||
		a.Field(fieldTheirs).Spoken == "" || !strings.HasPrefix(a.Field(fieldTheirs).QR, "xmpp:bob@example.org?") {
		t.Errorf("the fingerprints are %+v", a.Field(fieldTheirs))
	}
	for _, text := range []string{"You verified it on 2 January 2026 by a shared secret", "first seen on 2 January 2026",
		"not kept in the history", "OTR version 3", "Instance tags"} {
		wantText(t, a, text)
	}
	who := a.Field("who").Prose.String()
	if !strings.Contains(who, "Private: bob@example.org at B, with alice@example.net, private since 03:04 on 2 January 2026") {
		t.Errorf("who: %s", who)
	}

	a.Press(buttonHelp)
	if !a.Open || !w.alice.said(plugintest.Guide, pageDetails) {
		t.Error("Help")
	}
	a.Press(buttonAuthenticate)
	if w.alice.host.Dialog("Authenticate Bob"); !a.Open {
		t.Error("the details are gone")
	}

	// A refresh makes another session, shown at once; the same conversation goes on.
	w.alice.host.Advance(time.Hour)
	w.does(w.alice, actionStart)
	if n1, n2, _ := halves(t, a); n1 == a1 && n2 == a2 {
		t.Error("the old session is shown")
	}
	if !strings.Contains(a.Field("who").Prose.String(), "private since 03:04") {
		t.Errorf("who: %s", a.Field("who").Prose)
	}

	w.does(w.bob, actionEnd)
	if s := a.Field(fieldSession).Prose.String(); !strings.Contains(s, "Bob has ended") {
		t.Errorf("ended: %s", s)
	}
	w.does(w.alice, actionEnd)
	wantText(t, a, "There is no private conversation with Bob now")
	a.Press(buttonClose)
	if a.Open {
		t.Error("it does not close")
	}
	b.CloseWindow()
}

func TestDetailsAreOpenOnce(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.does(actionDetails)
	w.alice.does(actionDetails)
	if n := len(w.alice.host.Dialogs()); n != 1 {
		t.Errorf("%d windows", n)
	}
	wantText(t, w.alice.host.Dialog("Session details"), "has not been verified")
}

func TestDetailsOfSeveralSessions(t *testing.T) {
	w := accepted(t)
	w.alice.does(actionDetails)
	d := w.alice.host.Dialog("Session details of Bob")
	table := d.Field(fieldSessions)
	if len(table.Rows) != 2 {
		t.Fatalf("the table is %+v", table.Rows)
	}
	if r := table.Rows[0].Cells; r[0] != "B" || r[1] != "Private" || r[2] != "Yes" {
		t.Errorf("the computer is %v", r)
	}
	if r := table.Rows[1].Cells; r[0] != "P" || r[1] != "Unverified" || r[2] != "" {
		t.Errorf("the phone is %v", r)
	}
	w.at("P", "Select")
	if r := d.Field(fieldSessions).Rows[1].Cells; r[2] != "Yes" {
		t.Errorf("the phone is %v", r)
	}
	wantText(t, d, "You accepted it on 2 January 2026 without verifying it")
}

func TestWhatIsThis(t *testing.T) {
	w := newWorld(t)
	w.alice.does(actionHelp)
	if !w.alice.said(plugintest.Guide, pageLevels) {
		t.Error("no guide")
	}
}
