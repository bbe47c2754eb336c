package otrplugin

import (
	"slices"
	"testing"
	"time"

	"culver/im"
	"culver/plugin"
	"culver/plugin/plugintest"
)

// wantKey checks the row of the nth key in the window Keys of Bob.
func (e *end) wantKey(d *plugintest.Dialog, n int, want ...string) {
	e.t.Helper()
	for _, r := range d.Field(fieldKeys).Rows {
		if r.ID == e.rowOf(n) {
			if got := r.Cells[1:]; !slices.Equal(got, want) {
				e.t.Errorf("key %d: %q, want %q", n, got, want)
			}
			return
		}
	}
	e.t.Errorf("key %d is not shown: %v", n, d)
}

func TestKeysOfABuddy(t *testing.T) {
	w := newWorld(t)
	d := w.alice.keysOf()
	wantText(t, d, "has never shown a key")
	w.private()
	w.alice.wantKey(d, 1, "Unverified", "No", "First key", "2 Jan 2026", "2 Jan 2026")
	w.rules(1, choiceHave)
	w.alice.wantKey(d, 1, "Private", "Yes, 2 Jan 2026 (fingerprint)", "", "2 Jan 2026", "2 Jan 2026")

	w.alice.host.Advance(60 * 24 * time.Hour)
	w.flips(2)
	w.alice.wantKey(d, 2, "Unverified", "No", "None yet", "3 Mar 2026", "3 Mar 2026")
	w.alice.wantKey(d, 1, "Unused", "Yes, 2 Jan 2026 (fingerprint)", "", "2 Jan 2026", "2 Jan 2026")
	d.Choose(fieldKeys, rowRefuse, w.alice.rowOf(2))
	w.run()
	w.alice.wantKey(d, 2, "Refused", "No", "Refused, 3 Mar 2026", "3 Mar 2026", "3 Mar 2026")
	if w.alice.asking() {
		t.Error("refused, it is still asked about")
	}

	w.alice.host.Advance(24 * time.Hour)
	w.flips(2)
	w.says(w.alice, "secret")
	d.Choose(fieldKeys, rowAccept, w.alice.rowOf(2))
	w.run()
	w.alice.wantKey(d, 2, "Unverified", "No", "Accepted, 4 Mar 2026", "3 Mar 2026", "4 Mar 2026")
	if l := w.bob.last(); l.text != "secret" {
		t.Errorf("bob reads %+v", l)
	}

	// Trust that was taken back stays in the history.
	w.rules(1, choiceHaveNot)
	w.alice.wantKey(d, 1, "Unused", "No (taken back)", "First key", "2 Jan 2026", "2 Jan 2026")
	d.Choose(fieldKeys, rowForget, w.alice.rowOf(1))
	if n := len(d.Field(fieldKeys).Rows); n != 1 {
		t.Errorf("%d rows are left", n)
	}
	w.alice.restart()
	d = w.alice.keysOf()
	w.alice.wantKey(d, 2, "Unused", "No", "Accepted, 4 Mar 2026", "3 Mar 2026", "4 Mar 2026")
}

func TestWhatIsPossibleWithTheKeysOfABuddy(t *testing.T) {
	w := newWorld(t)
	w.private()
	d := w.alice.keysOf()
	can := func(n int) []string {
		for _, r := range d.Field(fieldKeys).Rows {
			if r.ID == w.alice.rowOf(n) {
				return r.Can
			}
		}
		return nil
	}
	if got := can(1); !slices.Equal(got, []string{rowVerify, rowRefuse}) {
		t.Errorf("in use: %q", got)
	}
	w.flips(2)
	if got := can(2); !slices.Equal(got, []string{rowVerify, rowAccept, rowRefuse}) {
		t.Errorf("not accepted: %q", got)
	}
	if got := can(1); !slices.Equal(got, []string{rowVerify, rowRefuse, rowForget}) {
		t.Errorf("out of use: %q", got)
	}
	d.Choose(fieldKeys, rowVerify, w.alice.rowOf(2))
	v := w.alice.host.Dialog("Verify fingerprint of Bob")
	v.Type(fieldVerified, choiceHave)
	v.Press(buttonOK)
	if got := can(2); !slices.Equal(got, []string{rowVerify}) {
		t.Errorf("verified and in use: %q", got)
	}
	if w.alice.asking() {
		t.Error("verified, it is still asked about")
	}
	// What is not possible, or is another buddy's, is not done.
	c := w.alice.plugin.chats[w.alice.id]
	other := im.ConvID{Account: w.alice.id.Account, Peer: "eve@example.net"}
	w.alice.plugin.meet(w.alice.plugin.chat(other), fingerprintOf(t, 3))
	foreign := w.alice.plugin.known[other][0]
	w.alice.plugin.historyAnswered(c, c.history, plugin.Answers{Action: rowForget, Rows: []string{w.alice.rowOf(2), foreign.storeKey()}})
	if w.alice.plugin.knownKey(w.alice.id, fingerprintOf(t, 2)) == nil || len(w.alice.plugin.known[other]) != 1 {
		t.Error("a key in use, or of another buddy, was forgotten")
	}
	w.alice.host.Disk.Err = errOffline
	d.Choose(fieldKeys, rowForget, w.alice.rowOf(1))
	wantText(t, d, "was not forgotten")
	w.alice.host.Disk.Err = nil
	d.CloseWindow()
	if d.Open {
		t.Error("it does not close")
	}
}

func TestTheHistoryOpensFromTheQuestionAndFromTheTable(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.flips(2)
	q := w.alice.host.Dialog("New key of Bob")
	q.Press(fieldHistory)
	d := w.alice.host.Dialog("Keys of Bob")
	if !q.Open || len(d.Field(fieldKeys).Rows) != 2 {
		t.Errorf("the history is %v", d)
	}
	s := w.alice.configures()
	s.Choose(fieldFingerprints, rowHistory, w.alice.rowOf(1))
	if n := len(w.alice.host.Dialogs()); n != 3 {
		t.Errorf("%d windows are open", n)
	}
}

func TestHowAKeyWasVerified(t *testing.T) {
	for _, c := range []struct {
		trust string
		proof proof
		want  string
	}{
		{"smp", proofQuestion, "by question and answer"},
		{"smp", proofSecret, "by a shared secret"},
		{"smp", proofNone, "by a question or a shared secret"},
		{"verified", proofFingerprint, "by comparing fingerprints"},
		{"verified", proofNone, "by comparing fingerprints"},
		{"verified", proofImport, "in another program"},
		{"ja", proofNone, "in another program"},
	} {
		k := &knownKey{Trust: c.trust, Proof: c.proof}
		if got := k.howVerified().sentence; got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func TestTheProofIsKept(t *testing.T) {
	for question, want := range map[string]proof{"": proofSecret, "where?": proofQuestion} {
		w := newWorld(t)
		w.private()
		d := w.alice.asks(question, "the old café")
		w.run()
		field := fieldSecret
		if question != "" {
			field = fieldAnswer
		}
		d2 := w.bob.host.Dialog("Authentication from")
		d2.Type(field, "the old café")
		d2.Press(buttonAuthenticate)
		w.run()
		d.Press(buttonClose)
		d2.Press(buttonClose)
		w.alice.restart()
		k := w.alice.plugin.known[w.alice.id][0]
		if k.Proof != want || k.Trust != trustSMP || !k.VerifiedAt.Equal(w.alice.host.Now()) {
			t.Errorf("the key is %+v, want %q", k, want)
		}
	}
}
