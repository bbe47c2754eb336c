package otrplugin

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/otrplugin/otr"
	"culver/plugin"
	"culver/plugin/plugintest"
)

// accepted is alice with sessions at both devices of Bob's: the computer's key is
// verified, the phone's was accepted without. What she types goes to the computer.
func accepted(t *testing.T) *twoDevices {
	w := newTwoDevices(t)
	w.verified()
	w.does(w.phone, actionStart)
	c := w.alice.plugin.chats[w.alice.id]
	f, _ := c.peerKey()
	w.alice.plugin.accept(c, f)
	w.run()
	w.says(w.bob, "at the computer")
	for _, d := range w.alice.host.Dialogs() {
		d.CloseWindow()
	}
	if w.alice.device() != "B" {
		t.Fatalf("alice writes to %s", w.alice.device())
	}
	w.alice.host.Take()
	return w
}

// device is the device that is written to.
func (e *end) device() string {
	c := e.plugin.chats[e.id]
	return c.deviceName(c.session.TheirTag())
}

// session is the entry of the menu for a device.
func (e *end) session(device string) (plugin.Action, bool) {
	for _, a := range e.menu() {
		if len(a.Sub) > 0 && strings.HasPrefix(a.Label, device+":") {
			return a, true
		}
	}
	return plugin.Action{}, false
}

// at does an action with the session at a device.
func (w *twoDevices) at(device, label string) {
	w.t.Helper()
	a, ok := w.alice.session(device)
	if !ok {
		w.t.Fatalf("no session at %s: %v", device, w.alice.menu())
	}
	for _, s := range a.Sub {
		if s.Label == label && !s.Off {
			w.alice.plugin.Invoke(w.alice.id, s.ID)
			w.run()
			return
		}
	}
	w.t.Fatalf("the session at %s has no %q now: %v", device, label, a.Sub)
}

// reads checks that a line that alice types arrives at one device only.
func (w *twoDevices) reads(e *end, text string) {
	w.t.Helper()
	other := w.bob
	if e == w.bob {
		other = w.phone
	}
	n, m := len(e.lines), len(other.lines)
	w.says(w.alice, text)
	if len(e.lines) != n+1 || e.last().text != text || len(other.lines) != m {
		w.t.Errorf("%q: one device reads %+v, the other %+v", text, e.lines[n:], other.lines[m:])
	}
}

func TestOneSessionIsNotListed(t *testing.T) {
	w := newWorld(t)
	w.private()
	for _, a := range w.alice.menu() {
		if len(a.Sub) > 0 || a.ID == actionBest || a.ID == actionRecent {
			t.Errorf("the menu has %+v", a)
		}
	}
	w.alice.wantNotSaid(plugintest.Notice, "signed in more than once")
}

func TestTheMenuListsSessions(t *testing.T) {
	w := accepted(t)
	b, ok := w.alice.session("B")
	if !ok || !b.Checked || b.Icon != im.Verified || !b.HasIcon || b.ID != "" || b.Label != "B: Private, in use" {
		t.Errorf("the computer is %+v", b)
	}
	p, ok := w.alice.session("P")
	if !ok || p.Checked || p.Icon != im.Private || p.Label != "P: Unverified" {
		t.Errorf("the phone is %+v", p)
	}
	labels := func(a plugin.Action) (s []string) {
		for _, x := range a.Sub {
			if x.Off {
				t.Errorf("%s: %s is off", a.Label, x.Label)
			}
			s = append(s, x.Label)
		}
		return s
	}
	if got := fmt.Sprint(labels(b)); got != "[Select Refresh private conversation End private conversation Reauthenticate buddy]" {
		t.Error(got)
	}
	if got := fmt.Sprint(labels(p)); got != "[Select Refresh private conversation End private conversation Authenticate buddy]" {
		t.Error(got)
	}
	if best, _ := w.alice.action(actionBest); !best.Checked {
		t.Error("the best session is not the default")
	}
	// What is not in the menu can't be invoked.
	for _, id := range []string{"select:00000000", "end:zz", "select:", ":", "", "bogus:00000100"} {
		w.alice.plugin.Invoke(w.alice.id, id)
	}
	w.reads(w.bob, "to the computer")
}

func TestThatThereAreSeveralIsSaidOnce(t *testing.T) {
	w := newTwoDevices(t)
	w.private()
	w.does(w.phone, actionStart)
	w.does(w.phone, actionEnd)
	w.does(w.phone, actionStart)
	if n := w.alice.count(plugintest.Notice, "signed in more than once"); n != 1 {
		t.Errorf("said %d times:\n%s", n, w.alice.transcript())
	}
	w.alice.wantSaid(plugintest.Notice, "private conversations with B and P")
}

func TestTheBestSessionThatIsAlive(t *testing.T) {
	w := accepted(t)
	w.says(w.phone, "from the phone")
	w.alice.wantSaid(plugintest.Notice, "Bob writes from P (Unverified). What you write still goes to B (Private)")
	w.reads(w.bob, "to the verified one")

	// Told now and then.
	w.says(w.phone, "again")
	if n := w.alice.count(plugintest.Notice, "still goes to"); n != 1 {
		t.Errorf("said %d times", n)
	}

	// A verified device is not left for a lesser one only because it is silent.
	w.alice.host.Advance(aliveFor + time.Second)
	w.says(w.phone, "I am in the kitchen")
	w.reads(w.bob, "to whom I verified")

	// Bob has left the computer: the phone is the one that lives.
	w.alice.host.SetDevice(w.alice.id, "B", false)
	w.says(w.phone, "I am out now")
	w.alice.wantSaid(plugintest.Notice, "uses another device now: what you write goes to P (Unverified)")
	w.alice.wantSaid(plugintest.Alarm, "not verified")
	w.reads(w.phone, "to the phone")

	// And back.
	w.alice.host.SetDevice(w.alice.id, "B", true)
	w.says(w.bob, "at my desk")
	w.reads(w.bob, "to the computer again")
	w.wantNoClear("to the")
}

func TestADeviceThatSignedOffIsLeft(t *testing.T) {
	w := accepted(t)
	w.alice.host.SetDevice(w.alice.id, "B", false)
	w.alice.plugin.deviceOffline(w.alice.id, "B")
	w.alice.wantSaid(plugintest.Notice, "what you write goes to P")
	w.reads(w.phone, "to the phone")

	// Others that sign off change nothing.
	w.alice.host.Take()
	w.alice.plugin.deviceOffline(w.alice.id, "B")
	w.alice.plugin.deviceOffline(w.alice.id, "")
	w.alice.plugin.deviceOffline(im.ConvID{Account: w.alice.id.Account, Peer: "nobody@example.org"}, "x")
	if len(w.alice.host.Take()) != 0 {
		t.Error("something happened")
	}
	// Nor does the last one that is private.
	w.alice.host.SetDevice(w.alice.id, "P", false)
	w.alice.plugin.deviceOffline(w.alice.id, "P")
	w.reads(w.phone, "it may come back")
}

// A key that was never accepted gets nothing because a device signs off.
func TestADeviceThatSignedOffIsNotLeftForAStranger(t *testing.T) {
	w := newTwoDevices(t)
	w.verified()
	w.does(w.phone, actionStart)
	w.says(w.bob, "here")
	w.alice.host.SetDevice(w.alice.id, "B", false)
	w.alice.plugin.deviceOffline(w.alice.id, "B")
	if w.alice.device() != "B" || w.alice.level() != im.Verified {
		t.Errorf("alice writes to %s", w.alice.device())
	}
}

func TestAChosenSession(t *testing.T) {
	w := accepted(t)
	w.at("P", "Select")
	w.alice.wantSaid(plugintest.Notice, "What you write goes to P (Unverified) now")
	w.reads(w.phone, "to the chosen one")
	if p, _ := w.alice.session("P"); p.Sub[0].Label != "Selected" || !p.Sub[0].Checked || !p.Checked {
		t.Errorf("the phone is %+v", p)
	}
	if best, _ := w.alice.action(actionBest); best.Checked {
		t.Error("both are checked")
	}
	if w.alice.level() != im.Private {
		t.Errorf("alice sees %v", w.alice.level())
	}

	// It stays, whatever the other one does and however long it is silent.
	w.alice.host.Advance(time.Hour)
	w.says(w.bob, "at the computer")
	w.does(w.bob, actionStart)
	w.reads(w.phone, "still to the phone")

	// It ends: the living one is followed, and that is said.
	w.alice.host.Take()
	w.does(w.phone, actionEnd)
	w.alice.wantSaid(plugintest.Notice, "The device that you chose, P, has ended the private conversation or is gone. What you write goes to B (Private) now")
	if best, _ := w.alice.action(actionBest); !best.Checked {
		t.Error("what follows is not the best one")
	}
	w.reads(w.bob, "to the living one")
}

func TestAChosenSessionThatIsNotTheRecentOne(t *testing.T) {
	w := accepted(t)
	w.alice.host.Advance(time.Second)
	w.says(w.phone, "from the phone")
	w.at("B", "Select")
	w.alice.wantSaid(plugintest.Notice, "Bob was heard of last at P")
	w.alice.host.Take()
	w.at("P", "Select")
	w.alice.wantNotSaid(plugintest.Notice, "heard of last")
}

func TestAChosenDeviceThatSignedOff(t *testing.T) {
	w := accepted(t)
	w.at("P", "Select")
	w.alice.host.SetDevice(w.alice.id, "P", false)
	w.alice.plugin.deviceOffline(w.alice.id, "P")
	w.alice.wantSaid(plugintest.Notice, "The device that you chose, P, has ended the private conversation or is gone")
	w.reads(w.bob, "to the computer")
}

// A chosen device whose program starts anew with another tag is still chosen.
func TestAChosenDeviceThatStartsAnew(t *testing.T) {
	w := accepted(t)
	w.at("P", "Select")
	delete(w.phone.host.Disk.Data, tagName(w.phone.id.Account))
	w.phone.restart()
	w.does(w.phone, actionStart)
	w.reads(w.phone, "to the same device")
	c := w.alice.plugin.chats[w.alice.id]
	if c.where.sending != toChosen || c.where.chosen != c.session.TheirTag() {
		t.Errorf("chosen is %+v", c.where)
	}
	w.alice.wantNotSaid(plugintest.Notice, "The device that you chose")
	// The session before is still there; the two have names of their own.
	names := make(map[string]bool)
	for _, i := range c.instances() {
		names[c.deviceName(i.Tag)] = true
	}
	if len(names) != 3 {
		t.Errorf("names %v", names)
	}
}

func TestNothingElseIsFollowedFromAChosenSession(t *testing.T) {
	w := newTwoDevices(t)
	w.verified()
	c := w.alice.plugin.chats[w.alice.id]
	w.alice.plugin.chooseSession(c, c.session.TheirTag())
	w.alice.host.Take()
	w.does(w.phone, actionStart) // with a key that was never seen
	w.alice.wantSaid(plugintest.Alarm, "a key that you have never accepted, at P")
	w.reads(w.bob, "to the one that I chose")
	w.says(w.phone, "psst")
	w.reads(w.bob, "still")
	if k := w.alice.plugin.known[w.alice.id]; len(k) != 2 || !k[1].Unaccepted {
		t.Errorf("known is %+v", k)
	}
	w.wantNoClear("chose")
}

func TestTheMostRecentSession(t *testing.T) {
	w := accepted(t)
	w.does(w.alice, actionRecent)
	w.alice.host.Advance(time.Second)
	w.says(w.phone, "from the phone")
	w.reads(w.phone, "to the phone")
	w.alice.host.Advance(time.Second)
	w.says(w.bob, "from the computer")
	w.reads(w.bob, "to the computer")
	if a, _ := w.alice.action(actionRecent); !a.Checked {
		t.Error("it is not checked")
	}
	w.alice.host.Advance(time.Second)
	w.says(w.phone, "from the phone")
	w.alice.host.Take()
	w.does(w.alice, actionBest)
	w.alice.wantSaid(plugintest.Notice, "What you write goes to B (Private) now")
	w.reads(w.bob, "to the best")
}

func TestTheEndOfOneSession(t *testing.T) {
	w := accepted(t)
	w.at("P", "End private conversation")
	if w.phone.level() != im.Ended || w.bob.level() != im.Verified || w.alice.level() != im.Verified {
		t.Errorf("phone %v, computer %v, alice %v", w.phone.level(), w.bob.level(), w.alice.level())
	}
	if _, ok := w.alice.session("P"); ok {
		t.Error("it is still listed")
	}
	w.alice.wantSaid(plugintest.Notice, "at P (Unverified) has ended; the others go on")
	w.reads(w.bob, "still private")

	// The one in use: the other takes over, nothing leaves in clear.
	w.does(w.phone, actionEnd)
	w.does(w.phone, actionStart)
	w.says(w.bob, "here")
	w.at("B", "End private conversation")
	if w.bob.level() != im.Ended || w.alice.level() != im.Private {
		t.Errorf("computer %v, alice %v", w.bob.level(), w.alice.level())
	}
	w.reads(w.phone, "to what is left")
	w.wantNoClear("what is left")
}

func TestRefreshOfOneSession(t *testing.T) {
	w := accepted(t)
	w.alice.host.Take()
	n := len(w.bob.sent)
	w.at("P", "Refresh private conversation")
	w.alice.wantSaid(plugintest.Notice, "at P")
	if len(w.bob.sent) != n {
		t.Error("the computer answered, too")
	}
	if w.alice.device() != "B" {
		t.Errorf("alice writes to %s", w.alice.device())
	}
	w.alice.host.Advance(answerWithin + time.Second)
	w.alice.wantNotSaid(plugintest.Notice, "did not answer")
}

func TestAuthenticateOneSession(t *testing.T) {
	w := accepted(t)
	w.at("P", "Authenticate buddy")
	d := w.alice.host.Dialog("Authenticate Bob at P")
	d.Press(buttonCancel)
	w.reads(w.bob, "nothing was chosen by that")
	w.at("P", "Authenticate buddy")
	d = w.alice.host.Dialog("Authenticate Bob at P")
	d.Type(fieldMethod, methodSecret)
	d.Type(fieldSecret, "sesame")
	d.Press(buttonAuthenticate)
	w.run()
	w.reads(w.bob, "still to the computer")
	if len(w.bob.host.Dialogs()) != 0 {
		t.Error("the computer is asked")
	}
	w.phone.answers(fieldSecret, "sesame")
	w.run()
	wantText(t, d, "successful")
	if p, _ := w.alice.session("P"); p.Icon != im.Verified {
		t.Errorf("the phone is %+v", p)
	}
	if b, _ := w.alice.action(actionBest); !b.Checked {
		t.Error("a session is chosen for good")
	}
}

func TestMessagesForAnotherDeviceOfOursAreToldOnce(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.host.Take()
	c := w.alice.plugin.chats[w.alice.id]
	missed := func() {
		w.alice.plugin.apply(c, otr.Result{Events: []otr.Event{{Kind: otr.OtherInstance}}}, "")
		w.alice.host.Advance(time.Minute)
	}
	for range 5 {
		missed()
	}
	if n := w.alice.count(plugintest.Notice, "another device of yours"); n != 1 {
		t.Errorf("said %d times", n)
	}
	w.says(w.bob, "to this one")
	missed()
	if n := w.alice.count(plugintest.Notice, "another device of yours"); n != 2 {
		t.Errorf("said %d times in all", n)
	}
}

func TestDeviceNames(t *testing.T) {
	w := accepted(t)
	c := w.alice.plugin.chats[w.alice.id]
	for resource, want := range map[string]string{
		"":                        "Device 1",
		"Pidgin":                  "Pidgin",
		" a\u202eb\n\x00c ":       "ab c",
		strings.Repeat("x", 5000): strings.Repeat("x", maxName) + "…",
		"\xff":                    "\uFFFD",

		"ZSVGEBU3UE":                           "Device 1",
		"3f2504e0-4f89-41d3-9a0c-0305e82c3301": "Device 1",
		"17493028475610293847":                 "Device 1",
		"kP3xQ9vZ_a":                           "Device 1",
		"iPhone12Pro":                          "iPhone12Pro",
		"Laptop2024":                           "Laptop2024",
		"MYLAPTOP":                             "MYLAPTOP",
		"Gajim.8HJ2KD":                         "Gajim.8HJ2KD",
	} {
		c.where.names[c.where.seen[0]] = resource
		if got := c.deviceName(c.where.seen[0]); got != want {
			t.Errorf("%.20q is called %q", resource, got)
		}
	}
	c.where.names[c.where.seen[0]] = "P"
	if a, b := c.deviceName(c.where.seen[0]), c.deviceName(c.where.seen[1]); a == b {
		t.Errorf("both are called %q", a)
	}
	for n := range 100 {
		c.where.noteName(uint32(n+1), "x")
		c.where.noteSince(uint32(n+1), time.Time{})
	}
	if len(c.where.seen) > maxDevices || len(c.where.names) > maxDevices || len(c.where.since) > maxDevices {
		t.Errorf("a peer fills the memory: %d", len(c.where.seen))
	}
}

// The names are those of the devices, so they are the same in another run.
func TestDeviceNamesOutliveARestart(t *testing.T) {
	w := accepted(t)
	w.alice.restart()
	w.does(w.alice, actionStart)
	for _, device := range []string{"B", "P"} {
		if _, ok := w.alice.session(device); !ok {
			t.Errorf("no session at %s: %v", device, w.alice.menu())
		}
	}
	if w.alice.device() != "B" || w.alice.level() != im.Verified {
		t.Errorf("alice writes to %s (%v)", w.alice.device(), w.alice.level())
	}
}

// A last word with the end in it comes from a device that is not written to
// afterwards; that it was for a moment is not told.
func TestALastWordIsNoSwitch(t *testing.T) {
	w := accepted(t)
	w.alice.host.Advance(aliveFor + time.Second)
	r, err := w.phone.plugin.chats[w.phone.id].session.SendTLV([]byte("goodbye"), 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.alice.host.Take()
	for _, body := range r.Wire {
		w.alice.takes("P", string(body))
	}
	if l := w.alice.last(); l.text != "goodbye" || l.seal.Level != im.Private {
		t.Errorf("alice reads %+v", l)
	}
	w.alice.wantNotSaid(plugintest.Notice, "another device now")
	w.reads(w.bob, "to the computer")
}
