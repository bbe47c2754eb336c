package otrplugin

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/plugin/plugintest"
)

// refuses lets alice's user refuse the key that is asked about.
func (e *end) refuses() {
	e.t.Helper()
	e.host.Dialog("New key of").Press(buttonRefuse)
}

// keysOf opens the window Keys of Bob.
func (e *end) keysOf() *plugintest.Dialog {
	e.t.Helper()
	e.plugin.openKeyHistory(e.plugin.chat(e.id))
	return e.host.Dialog("Keys of")
}

func (e *end) rowOf(n int) string {
	e.t.Helper()
	k := e.plugin.knownKey(e.id, fingerprintOf(e.t, n))
	if k == nil {
		e.t.Fatalf("key %d is not known", n)
	}
	return k.storeKey()
}

// What is typed after a refusal never leaves in clear, whatever the settings say.
func TestRefusingEndsAndHolds(t *testing.T) {
	for name, policy := range map[string]func(*end){"automatic": func(*end) {}, "manual": func(e *end) { e.set(manual) }} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			policy(w.alice)
			w.private()
			w.flips(2)
			w.says(w.alice, "one-secret")
			w.alice.host.Take()
			w.alice.refuses()
			if w.alice.asking() || w.alice.plugin.chats[w.alice.id].live() {
				t.Fatal("the private conversation goes on")
			}
			w.wantLevel(im.Open, im.Private)
			w.alice.wantSaid(plugintest.Notice, "You refused a key of Bob")
			w.alice.wantNotSaid(plugintest.Notice, "others may be able to read along")
			w.run()
			if got := w.bob.level(); got == im.Private {
				t.Errorf("the other end still believes to be private")
			}
			if l := w.alice.lines[0]; l.why != "Waiting for the private conversation to start" {
				t.Errorf("the line that waited says %q", l.why)
			}
			if w.alice.plugin.chats[w.alice.id].asked() {
				t.Error("who was just refused is asked for another conversation")
			}
			w.alice.types("two-secret")
			w.run()
			w.bob.flee()
			for _, l := range w.alice.lines {
				if l.out && l.state != im.Waiting {
					t.Errorf("the line is %+v", l)
				}
			}
			if len(w.bob.lines) > 0 {
				t.Errorf("bob reads %+v", w.bob.lines)
			}
			w.wantNoClear("secret")
		})
	}
}

// flee ends the session at bob's end without a word.
func (e *end) flee() {
	if c := e.plugin.chats[e.id]; c != nil && c.session != nil {
		c.session.Drop()
	}
}

func TestARefusedKeyThatComesBack(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.flips(2)
	w.alice.refuses()
	for _, row := range []struct {
		name    string
		between func()
	}{{"at once", func() {}}, {"after a restart", func() { w.alice.restart() }}} {
		t.Run(row.name, func(t *testing.T) {
			row.between()
			w.alice.host.Advance(2 * complaintEvery)
			w.alice.host.Take()
			for range 20 {
				w.alice.host.Advance(time.Second)
				w.flips(2)
				w.alice.types("secret")
				w.run()
			}
			if w.alice.asking() {
				t.Error("it is asked about by itself")
			}
			if n := w.alice.count(plugintest.Alarm, "a key that you refused on 2 January 2026"); n != 1 {
				t.Errorf("it is told %d times in 20 seconds", n)
			}
			l := w.alice.last()
			if l.state != im.Waiting || !strings.Contains(l.why, "you refused the key") || len(w.bob.lines) > 0 {
				t.Errorf("the line is %+v; bob reads %+v", l, w.bob.lines)
			}
			w.wantLevel(im.Private, im.Private)
		})
	}

	// The user asks for it, and changes his mind.
	w.does(w.alice, actionRelease)
	d := w.alice.host.Dialog("New key of Bob")
	wantText(t, d, "You refused this key on 2 January 2026")
	if !button(t, d, buttonRefuse).Off {
		t.Error("it can be refused twice")
	}
	d.Press(buttonAccept)
	w.run()
	if len(w.bob.lines) != 40 || w.bob.last().text != "secret" {
		t.Errorf("bob reads %d lines", len(w.bob.lines))
	}
	w.wantNoClear("secret")
}

func TestTheKnownKeyComesAfterARefusal(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.flips(2)
	w.says(w.alice, "secret")
	w.alice.refuses()
	w.run()
	w.flips(1)
	if l := w.bob.last(); l.text != "secret" || w.alice.asking() {
		t.Errorf("bob reads %+v", l)
	}
	w.flips(3)
	if !w.alice.asking() {
		t.Error("another key is not asked about")
	}
}

func TestARefusedDeviceDoesNotStopTheOther(t *testing.T) {
	w := newTwoDevices(t)
	w.private()
	w.does(w.phone, actionStart)
	w.alice.refuses()
	w.run()
	if got := w.phone.level(); got != im.Ended {
		t.Errorf("the phone sees %v", got)
	}
	if got := w.alice.level(); got != im.Private {
		t.Errorf("alice sees %v", got)
	}
	w.says(w.alice, "to the computer")
	if l := w.bob.last(); l.text != "to the computer" {
		t.Errorf("bob reads %+v", l)
	}
	w.does(w.phone, actionStart)
	w.says(w.phone, "hello")
	w.says(w.alice, "again to the computer")
	if l := w.bob.last(); l.text != "again to the computer" || len(w.phone.lines) != 1 {
		t.Errorf("bob reads %+v, the phone %+v", l, w.phone.lines)
	}
	if w.alice.asking() {
		t.Error("the refused device is asked about")
	}
	w.wantNoClear("computer")
}

func TestARefusalThatCannotBeSaved(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.flips(2)
	w.says(w.alice, "secret")
	w.alice.host.Disk.Err = errOffline
	w.alice.refuses()
	w.alice.host.Disk.Err = nil
	w.alice.wantSaid(plugintest.Alarm, "was not refused")
	d := w.alice.host.Dialog("New key of Bob")
	wantText(t, d, "was not refused")
	if w.alice.plugin.refused(w.alice.id, fingerprintOf(t, 2)) || len(w.bob.lines) > 0 {
		t.Error("the refusal is half done")
	}
	d.Press(buttonRefuse)
	if !w.alice.plugin.refused(w.alice.id, fingerprintOf(t, 2)) {
		t.Error("it can't be refused any more")
	}
}

func TestRefusedKeysAreNotForgottenForNewerOnes(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.flips(2)
	w.alice.refuses()
	for n := range 3 * maxUnaccepted {
		w.alice.host.Advance(time.Second)
		w.showsKey(n)
	}
	if !w.alice.plugin.refused(w.alice.id, fingerprintOf(t, 2)) {
		t.Error("the refused key was forgotten")
	}
}

// A row that two programs, or a damaged disk, made contradict itself.
func TestARefusedKeyIsNeverAcceptable(t *testing.T) {
	for _, words := range []string{`"trust":"smp"`, `"accepted":true`, `"trust":"","unaccepted":false`} {
		w := newWorld(t)
		w.private()
		row := w.alice.rowOf(1)
		var m map[string]any
		if err := json.Unmarshal(w.alice.host.Disk.Data[row], &m); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(`{"refused":true,`+words+`}`), &m); err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		w.alice.host.Disk.Data[row] = b
		w.alice.restart()
		w.bob.restart()
		w.does(w.bob, actionStart)
		w.says(w.alice, "secret")
		if len(w.bob.lines) > 0 {
			t.Errorf("%s: bob reads %+v", words, w.bob.lines)
		}
	}
}

func TestRowsWithDamagedHistoryAreNewKeys(t *testing.T) {
	for _, more := range []string{`"refused":"yes"`, `"verifiedAt":"yesterday"`, `"proof":7`, `"acceptedAt":{}`} {
		w := newWorld(t)
		w.verified()
		row := w.alice.rowOf(1)
		b := w.alice.host.Disk.Data[row]
		w.alice.host.Disk.Data[row] = []byte(`{` + more + `,` + string(b[1:]))
		if strings.Contains(string(b), strings.SplitN(more, ":", 2)[0]) {
			w.alice.host.Disk.Data[row] = []byte(string(b[:len(b)-1]) + `,` + more + `}`) // the last one counts
		}
		w.alice.restart()
		w.bob.restart()
		w.does(w.bob, actionStart)
		w.says(w.alice, "secret")
		if len(w.bob.lines) > 0 || !w.alice.asking() {
			t.Errorf("%s: bob reads %+v", more, w.bob.lines)
		}
		w.wantLevel(im.Private, w.bob.level())
	}
}

func TestRowsFromBeforeTheHistoryLoad(t *testing.T) {
	w := newWorld(t)
	w.verified()
	row := w.alice.rowOf(1)
	k := w.alice.plugin.known[w.alice.id][0]
	w.alice.host.Disk.Data[row] = []byte(`{"account":"` + string(k.Account) + `","peer":"` + k.Peer + `","fingerprint":"` +
		k.Fingerprint + `","trust":"smp","first":"2025-03-03T10:00:00Z","last":"2025-04-01T10:00:00Z"}`)
	w.alice.restart()
	w.bob.restart()
	w.does(w.bob, actionStart)
	w.wantLevel(im.Verified, w.bob.level())
	d := w.alice.keysOf()
	cells := d.Field(fieldKeys).Rows[0].Cells
	if cells[2] != "Yes (question or secret)" || cells[4] != "3 Mar 2025" || cells[5] != "2 Jan 2026" {
		t.Errorf("the row is %q", cells)
	}
	d.Press(buttonClose)
	w.flips(2)
	wantText(t, w.alice.host.Dialog("New key"), "first seen on 3 March 2025 and last seen on 2 January 2026. You verified it by a "+
		"question or a shared secret.")
}

// Anybody can hold a private conversation. What the holder of a key says that the
// user wants nothing to do with does not look like the words of the buddy.
func TestWhatARefusedKeySays(t *testing.T) {
	w := newWorld(t)
	w.verified()
	w.usesKey(2)
	w.says(w.alice, "secret")

	w.says(w.bob, "who is it?")
	if l := w.alice.last(); !strings.Contains(l.alarm, "never accepted") || l.seal.Level != im.Private {
		t.Errorf("not decided yet, alice reads %+v", l)
	}
	w.says(w.bob, "it is me, bob")
	if l := w.alice.last(); l.alarm != "" {
		t.Errorf("it is said twice: %+v", l)
	}
	w.alice.host.Advance(strangeKeyEvery)
	w.says(w.bob, "still me")
	if l := w.alice.last(); !strings.Contains(l.alarm, "never accepted") {
		t.Errorf("after a while, alice reads %+v", l)
	}

	w.alice.refuses()
	w.run()
	w.bob.restart()
	w.does(w.bob, actionStart)
	for range 2 {
		w.says(w.bob, "it is me, bob")
		if l := w.alice.last(); !strings.Contains(l.alarm, "refused") || strings.Contains(l.alarm, "NOT encrypted") {
			t.Errorf("refused, alice reads %+v", l)
		}
	}
	if l := w.bob.last(); l.alarm != "" {
		t.Errorf("bob is warned of %+v", l)
	}
}

func TestWhatAnAcceptedKeySays(t *testing.T) {
	w := newWorld(t)
	w.verified()
	w.usesKey(2)
	w.says(w.alice, "secret")
	w.alice.accepts()
	w.run()
	w.says(w.bob, "thank you")
	if l := w.alice.last(); l.alarm != "" || l.text != "thank you" {
		t.Errorf("alice reads %+v", l)
	}
}
