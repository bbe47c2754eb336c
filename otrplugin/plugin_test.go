package otrplugin

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/plugin"
	"culver/plugin/plugintest"
)

func TestAPrivateConversationFromStartToEnd(t *testing.T) {
	w := newWorld(t)
	w.does(w.alice, actionStart)
	w.alice.wantSaid(plugintest.Notice, "Attempting to start a private conversation with Bob")
	w.wantLevel(im.Private, im.Private)
	for _, e := range []*end{w.alice, w.bob} {
		e.wantSaid(plugintest.Notice, "An unverified private conversation with")
		e.wantSaid(plugintest.Notice, "It is not kept in the history")
		e.wantSaid(plugintest.Notice, "has not been authenticated yet")
	}

	w.says(w.alice, "top <secret> & more\nsecond line")
	got := w.bob.last()
	if got.text != "top &lt;secret&gt; &amp; more<br/>second line" || !got.html || got.seal.Level != im.Private || got.seal.By != "otr" {
		t.Errorf("bob reads %+v", got)
	}
	if l := w.alice.last(); l.state != im.Done || l.seal.Level != im.Private {
		t.Errorf("alice's line is %+v", l)
	}
	w.wantNoClear("secret")

	w.alice.host.Take()
	w.does(w.alice, actionStart)
	w.alice.wantSaid(plugintest.Notice, "Attempting to refresh")
	w.alice.wantSaid(plugintest.Notice, "was refreshed")
	w.bob.wantSaid(plugintest.Notice, "was refreshed")

	w.does(w.alice, actionEnd)
	w.wantLevel(im.Open, im.Ended)
	w.alice.wantSaid(plugintest.Notice, "has ended")
	w.bob.wantSaid(plugintest.Notice, "Alice has ended the private conversation")

	w.says(w.bob, "still secret?")
	if l := w.bob.last(); l.state != im.Failed || !strings.Contains(l.why, "Alice has ended") ||
		!strings.Contains(l.why, "Start private conversation") || !strings.Contains(l.why, "End private conversation") {
		t.Errorf("a line after the end: %+v", l)
	}
	w.wantNoClear("still secret?")

	w.does(w.bob, actionEnd)
	w.wantLevel(im.Open, im.Open)
	w.says(w.bob, "in the open")
	if l := w.alice.last(); l.text != "in the open" || l.seal.Level != im.Open || l.html || l.alarm != "" {
		t.Errorf("alice reads %+v", l)
	}
}

func TestWhatHappensIsToldInOrder(t *testing.T) {
	w := newWorld(t)
	w.private()
	var got []string
	for _, o := range w.alice.host.Ops() {
		s := o.String()
		if o.Kind == plugintest.Wire {
			s, _, _ = strings.Cut(o.Text, "\n")
			s = "wire " + s[:min(len(s), 9)]
		}
		got = append(got, s)
	}
	want := []string{
		"notice bob@example.org: Preparing your private key; the private conversation with Bob starts after that.",
		"notice bob@example.org: Attempting to start a private conversation with Bob…",
		"wire ?OTRv23?",
		"wire ?OTR:AAMK",
		"wire ?OTR:AAMS",
		"seal bob@example.org Unverified",
		"notice bob@example.org: An unverified private conversation with Bob has started. It is not kept in the history.",
		"notice bob@example.org: Bob has not been authenticated yet. To make sure who is at the other end, choose " +
			"Authenticate buddy in the OTR menu. How does that work?",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestTheInvisibleOfferStartsAPrivateConversation(t *testing.T) {
	w := newWorld(t)
	w.says(w.alice, "hello")
	if l := w.bob.last(); l.text != "hello" || l.seal.Level != im.Open {
		t.Errorf("bob reads %+v", l)
	}
	w.wantLevel(im.Private, im.Private)
}

func TestMessagesGoToTheDeviceThatThePrivateConversationIsWith(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.host.Take()
	out, err := w.alice.plugin.Outgoing(w.alice.id, "hello")
	if err != nil {
		t.Fatal(err)
	}
	if out.Hints.Resource != "B" || !out.Hints.Sealed || out.Hints.By != namespace {
		t.Errorf("hints %+v", out.Hints)
	}
}

func TestFragments(t *testing.T) {
	w := newWorld(t)
	w.alice.host.Max, w.bob.host.Max = 200, 200
	w.verified()
	w.says(w.alice, strings.Repeat("long ", 300))
	if l := w.bob.last(); l.text != strings.Repeat("long ", 300) || l.seal.Level != im.Verified {
		t.Errorf("bob reads %+v", l)
	}
	for _, body := range w.alice.sent {
		if len(body) > 200 && strings.HasPrefix(body, "?OTR") && !strings.HasPrefix(body, "?OTRv") {
			t.Fatalf("a piece of %d bytes", len(body))
		}
	}
}

func TestAWireThatFailsInTheMiddleOfAMessageSendsNothingMore(t *testing.T) {
	w := newWorld(t)
	w.alice.host.Max = 200
	w.private()
	n := len(w.alice.sent)
	w.alice.host.OnWire = func(im.ConvID, string, plugin.Hints) error { return errOffline }
	w.alice.types(strings.Repeat("long ", 300))
	if l := w.alice.last(); l.state != im.Failed || len(w.alice.sent) != n {
		t.Errorf("the line is %+v, %d pieces left", l, len(w.alice.sent)-n)
	}
}

type offline struct{}

func (offline) Error() string { return "you are not connected" }

var errOffline = offline{}

func TestMenu(t *testing.T) {
	w := newWorld(t)
	check := func(when string, want ...plugin.Action) {
		t.Helper()
		if got := w.alice.menu(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %+v\nwant %+v", when, got, want)
		}
	}
	separator := plugin.Action{}
	who := plugin.Action{Label: "bob@example.org (alice@example.net)"}
	status := func(l im.Level) plugin.Action { return plugin.Action{Label: l.String(), Icon: l, HasIcon: true} }
	details := plugin.Action{ID: "details", Label: "Session details…"}
	noDetails := details
	noDetails.Off = true
	settings := plugin.Action{ID: "settings", Label: "OTR settings…"}
	help := plugin.Action{ID: "help", Label: "What's this?"}

	check("not private",
		plugin.Action{ID: "start", Label: "Start private conversation"},
		plugin.Action{ID: "end", Label: "End private conversation", Off: true},
		plugin.Action{ID: "authenticate", Label: "Authenticate buddy", Off: true},
		separator, who, status(im.Open), separator, noDetails, settings, help)
	w.private()
	check("unverified",
		plugin.Action{ID: "start", Label: "Refresh private conversation"},
		plugin.Action{ID: "end", Label: "End private conversation"},
		plugin.Action{ID: "authenticate", Label: "Authenticate buddy"},
		separator, who, status(im.Private), separator, details, settings, help)
	w.verified()
	check("private",
		plugin.Action{ID: "start", Label: "Refresh private conversation"},
		plugin.Action{ID: "end", Label: "End private conversation"},
		plugin.Action{ID: "authenticate", Label: "Reauthenticate buddy"},
		separator, who, status(im.Verified), separator, details, settings, help)
	w.alice.host.SetOnline(w.alice.id.Account, false)
	check("offline",
		plugin.Action{ID: "start", Label: "Refresh private conversation", Off: true},
		plugin.Action{ID: "end", Label: "End private conversation", Off: true},
		plugin.Action{ID: "authenticate", Label: "Reauthenticate buddy", Off: true},
		separator, who, status(im.Verified), separator, details, settings, help)
	w.alice.host.SetOnline(w.alice.id.Account, true)
	w.does(w.bob, actionEnd)
	check("finished",
		plugin.Action{ID: "start", Label: "Start private conversation"},
		plugin.Action{ID: "end", Label: "End private conversation"},
		plugin.Action{ID: "authenticate", Label: "Authenticate buddy", Off: true},
		separator, who, status(im.Ended), separator, details, settings, help)

	w.alice.plugin.Invoke(w.alice.id, actionAuthenticate) // off
	w.alice.plugin.Invoke(w.alice.id, "nonsense")
	if n := len(w.alice.host.Dialogs()); n != 0 {
		t.Errorf("%d dialogs are open", n)
	}
}

func TestSigningOffTellsThePeer(t *testing.T) {
	w := newWorld(t)
	w.verified()
	w.alice.plugin.SigningOff("xmpp:somebody@else.example")
	w.wantLevel(im.Verified, im.Verified)
	w.alice.plugin.SigningOff(w.alice.id.Account)
	w.run()
	w.wantLevel(im.Open, im.Ended)
}

// Signing off is not End: who goes offline for a moment still wants to talk in private.
func TestAfterSigningOffLinesWait(t *testing.T) {
	w := newWorld(t)
	for _, e := range []*end{w.alice, w.bob} {
		e.set(manual)
	}
	w.private()
	w.alice.plugin.SigningOff(w.alice.id.Account)
	w.alice.wantSaid(plugintest.Notice, "waits until the private conversation has been started again")
	w.run()
	w.alice.plugin.AccountOnline(w.alice.id.Account, false)
	w.alice.plugin.AccountOnline(w.alice.id.Account, true)
	if !w.alice.plugin.Required(w.alice.id) {
		t.Error("the next line is not to be private")
	}
	w.says(w.alice, "canary")
	w.wantNoClear("canary")
	if l := w.bob.last(); l.text != "canary" || l.seal.Level != im.Private {
		t.Errorf("bob reads %+v", l)
	}
}

func TestCloseEndsWipesAndStops(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.plugin.Configure()
	w.alice.does(actionAuthenticate)
	if err := w.alice.plugin.Close(); err != nil {
		t.Fatal(err)
	}
	w.run()
	if got := w.bob.level(); got != im.Ended {
		t.Errorf("bob sees %v", got)
	}
	if n := w.alice.host.Timers(); n != 0 {
		t.Errorf("%d timers still run", n)
	}
	if n := len(w.alice.host.Dialogs()); n != 0 {
		t.Errorf("%d dialogs are still open", n)
	}
}

func TestAShortBreakKeepsThePrivateConversation(t *testing.T) {
	w := newWorld(t)
	w.verified()
	w.alice.plugin.AccountOnline(w.alice.id.Account, false)
	w.alice.plugin.peerOffline(w.alice.id)
	w.alice.plugin.AccountOnline(w.alice.id.Account, true)
	w.says(w.alice, "secret")
	if l := w.bob.last(); l.text != "secret" || l.seal.Level != im.Verified {
		t.Errorf("bob reads %+v", l)
	}
}

func TestSessionsAreTickedWhileThereAreAny(t *testing.T) {
	w := newWorld(t)
	if w.alice.host.Timers() != 0 {
		t.Fatal("a timer without a session")
	}
	w.private()
	w.alice.host.Advance(10 * time.Minute)
	if w.alice.host.Timers() != 1 {
		t.Errorf("%d timers run, want the tick alone", w.alice.host.Timers())
	}
	w.wantLevel(im.Private, im.Private)
}

func TestSentencesOfWhatIsNotSent(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("x", 1<<20)
	w.says(w.alice, long)
	if l := w.alice.last(); l.state != im.Failed || l.why != "Not sent: the message is too long. Send it in parts." {
		t.Errorf("in the open: %.200s", l.why)
	}
	w.private()
	w.says(w.alice, long)
	if l := w.alice.last(); l.state != im.Failed || l.why != "Not sent: the message is too long. Send it in parts." {
		t.Errorf("in private: %.200s", l.why)
	}
	w.says(w.alice, "\x00")
	if l := w.alice.last(); l.state != im.Failed {
		t.Errorf("nothing at all: %+v", l)
	}
}

func TestInfo(t *testing.T) {
	i := New(nil).Info()
	if i.ID != "otr" || i.Name != "OTR" || i.Title != "Off-the-Record Messaging" || i.Description == "" || i.Version == "" {
		t.Errorf("info %+v", i)
	}
}

func TestWhenThePeerCannotBeTold(t *testing.T) {
	w := newWorld(t)
	w.private()
	d := w.alice.asks("q", "a")
	w.run()
	w.alice.host.OnWire = func(im.ConvID, string, plugin.Hints) error { return errOffline }
	d.Press(buttonCancel)
	w.alice.wantSaid(plugintest.Notice, "could not be told that the authentication was cancelled: you are not connected.")
	failed := w.alice.asks("q", "a")
	wantText(t, failed, "could not be carried out: you are not connected.")
	failed.Press(buttonClose)
	w.alice.does(actionEnd)
	w.alice.wantSaid(plugintest.Notice, "could not be told that the private conversation has ended")
	if got := w.alice.level(); got != im.Open {
		t.Errorf("alice sees %v", got)
	}
}
