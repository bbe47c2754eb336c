package otrplugin

import (
	"slices"
	"strings"
	"testing"
	"time"

	"culver/im"
	"culver/otrplugin/otr"
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
	if got.text != "top &lt;secret&gt; &amp; more<br/>second line" || !got.html || got.seal.Level != im.Private || got.seal.By != "OTR" {
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
			"Authenticate buddy in the OTR menu.",
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
	if !defaultSettings().DontLog {
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

func TestRequiredLinesWaitAndGoInOrder(t *testing.T) {
	w := newWorld(t)
	w.alice.set(always)
	texts := []string{"one-secret", "two-secret", "three-secret"}
	for _, s := range texts {
		w.alice.types(s)
		w.alice.host.Run()
	}
	for _, l := range w.alice.lines {
		if l.state != im.Waiting || l.why == "" {
			t.Errorf("the line is %+v", l)
		}
	}
	if len(w.alice.sent) != 1 || !strings.HasPrefix(w.alice.sent[0], "?OTRv23?") {
		t.Errorf("sent %q; want one query", w.alice.sent)
	}
	w.run()
	w.wantNoClear("secret")
	var got []string
	for _, l := range w.bob.lines {
		got = append(got, l.text)
	}
	if !slices.Equal(got, texts) {
		t.Errorf("bob reads %q", got)
	}
	w.says(w.bob, "x")
	w.does(w.bob, actionEnd)
	w.does(w.alice, actionEnd)
	w.says(w.alice, "four-secret") // required, also after End
	w.wantNoClear("four-secret")
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

func TestTheFirstLineToABuddyWhoIsKnownToSpeakOTRWaits(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.restart()
	w.bob.restart()
	w.alice.types("first-secret")
	w.alice.host.Run()
	if l := w.alice.last(); l.state != im.Waiting || !strings.Contains(l.why, "private conversation") {
		t.Fatalf("the line is %+v", l)
	}
	w.run()
	w.wantNoClear("first-secret")
	if l := w.bob.last(); l.text != "first-secret" || l.seal.Level != im.Private {
		t.Errorf("bob reads %+v", l)
	}
}

func TestAPeerWhoDoesNotAnswer(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.restart()
	w.alice.host.Take()
	w.alice.types("hello-1")
	w.alice.host.Run()
	w.alice.types("hello-2")
	w.alice.outbox = nil // nobody is there
	if n := queries(w.alice); n != 2 {
		t.Errorf("%d queries in all, want the two of both starts", n)
	}
	w.alice.host.Advance(19 * time.Second)
	w.alice.wantNotSaid(plugintest.Notice, "did not answer")
	w.alice.host.Advance(time.Second)
	w.alice.wantSaid(plugintest.Notice, "Bob did not answer")
	w.alice.wantSaid(plugintest.Notice, "Your lines stay waiting")
	for _, l := range w.alice.lines {
		if l.state != im.Waiting {
			t.Errorf("the line is %+v", l)
		}
	}

	// The menu offers to send without protection, and asks before.
	w.alice.does(actionRelease)
	d := w.alice.host.Dialog("Send unencrypted?")
	d.CloseWindow()
	if w.alice.last().state != im.Waiting {
		t.Fatal("closing the question sent the lines")
	}
	w.alice.does(actionRelease)
	w.alice.host.Dialog("Send unencrypted?").Press(buttonSend)
	var got []string
	for _, l := range w.alice.lines {
		if l.state != im.Done || l.seal.Level != im.Open {
			t.Errorf("the line is %+v", l)
		}
	}
	for _, p := range w.alice.outbox {
		text, _ := cutOffer(p.body)
		got = append(got, text)
	}
	if !slices.Equal(got, []string{"hello-1", "hello-2"}) {
		t.Errorf("sent %q", got)
	}
	w.alice.types("hello-3")
	if l := w.alice.last(); l.state != im.Done {
		t.Errorf("after the choice, the next line is %+v", l)
	}
	if _, ok := w.alice.action(actionRelease); ok {
		t.Error("the menu still offers to send waiting lines")
	}
}

func queries(e *end) int {
	n := 0
	for _, body := range e.sent {
		if strings.HasPrefix(body, "?OTRv") {
			n++
		}
	}
	return n
}

func TestRequiredLinesCannotBeSentInClear(t *testing.T) {
	w := newWorld(t)
	w.alice.set(always)
	w.alice.types("secret")
	w.alice.host.Run()
	w.alice.outbox = nil
	w.alice.host.Advance(20 * time.Second)
	w.alice.wantSaid(plugintest.Notice, "did not answer")
	if _, ok := w.alice.action(actionRelease); ok {
		t.Error("the menu offers to send required lines in clear")
	}
	// Switching the requirement off does not send them by itself.
	w.alice.set(defaultSettings())
	w.alice.resend()
	w.wantNoClear("secret")
	if a, ok := w.alice.action(actionRelease); !ok || !strings.Contains(a.Label, "unencrypted") {
		t.Errorf("the menu is %v", w.alice.menu())
	}
	// The question loses its power when things change while it is open.
	w.alice.does(actionRelease)
	w.alice.set(always)
	w.alice.host.Dialog("Send unencrypted?").Press(buttonSend)
	w.wantNoClear("secret")
	// Starting again sends them sealed.
	w.does(w.alice, actionStart)
	if l := w.bob.last(); l.text != "secret" || l.seal.Level != im.Private {
		t.Errorf("bob reads %+v", l)
	}
	w.wantNoClear("secret")
}

func TestALineTypedRightAfterStartWaits(t *testing.T) {
	w := newWorld(t)
	w.says(w.alice, "hello") // the keys are there
	w.does(w.alice, actionEnd)
	w.does(w.bob, actionEnd)
	for _, e := range []*end{w.alice, w.bob} {
		e.set(manual)
		for _, k := range e.plugin.known[e.id] {
			if err := e.plugin.forgetKey(k); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.alice.does(actionStart)
	w.alice.types("quick-secret")
	if l := w.alice.last(); l.state != im.Waiting {
		t.Errorf("the line is %+v", l)
	}
	w.run()
	w.wantNoClear("quick-secret")
	if l := w.bob.last(); l.text != "quick-secret" || l.seal.Level != im.Private {
		t.Errorf("bob reads %+v", l)
	}

	// Nobody answers: what waits goes on waiting, whatever else is typed or set.
	w.does(w.alice, actionEnd)
	w.does(w.bob, actionEnd)
	w.alice.does(actionStart)
	w.alice.types("second-secret")
	w.alice.outbox = nil
	w.alice.host.Advance(answerWithin)
	w.alice.types("third-secret")
	w.alice.set(never)
	w.alice.types("fourth-secret")
	w.alice.resend()
	w.wantNoClear("secret")
	if a, _ := w.alice.action(actionStart); !a.Off {
		t.Error("switched off, the menu still starts")
	}
	w.alice.does(actionRelease)
	w.alice.host.Dialog("Send unencrypted?").Press(buttonSend)
	for _, l := range w.alice.lines {
		if l.state != im.Done {
			t.Errorf("the line is %+v", l)
		}
	}
	if w.alice.menu() != nil {
		t.Error("switched off, there is still a menu")
	}
}

func TestAfterAStartThatNobodyAnsweredLinesGoInClear(t *testing.T) {
	w := newWorld(t)
	w.bob.set(never)
	w.does(w.alice, actionStart)
	w.alice.host.Advance(answerWithin)
	w.says(w.alice, "hello then")
	if l := w.alice.last(); l.state != im.Done || l.seal.Level != im.Open {
		t.Errorf("the line is %+v", l)
	}
}

func TestStartToSomebodyWithoutOTR(t *testing.T) {
	w := newWorld(t)
	w.bob.set(never)
	w.does(w.alice, actionStart)
	if l := w.bob.last(); !strings.Contains(l.text, aliceAddr+" would like to talk to you privately") {
		t.Errorf("bob reads %q", l.text)
	}
	w.alice.host.Advance(answerWithin)
	w.alice.wantSaid(plugintest.Notice, "Either they are not online, or their program does not know OTR")
	w.alice.wantNotSaid(plugintest.Notice, "waiting")
}

func TestARefreshThatIsNotAnsweredChangesNothing(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.alice.does(actionStart)
	w.alice.outbox = nil
	w.alice.host.Advance(answerWithin)
	w.alice.wantSaid(plugintest.Notice, "goes on with the keys it has")
	w.wantLevel(im.Private, im.Private)
	w.says(w.alice, "secret")
	w.wantNoClear("secret")
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

func TestMenu(t *testing.T) {
	w := newWorld(t)
	check := func(when string, want ...plugin.Action) {
		t.Helper()
		if got := w.alice.menu(); !slices.Equal(got, want) {
			t.Errorf("%s:\n got %+v\nwant %+v", when, got, want)
		}
	}
	separator := plugin.Action{}
	who := plugin.Action{Label: "bob@example.org (alice@example.net)"}
	status := func(l im.Level) plugin.Action { return plugin.Action{Label: l.String(), Icon: l, HasIcon: true} }

	check("not private",
		plugin.Action{ID: "start", Label: "Start private conversation"},
		plugin.Action{ID: "end", Label: "End private conversation", Off: true},
		plugin.Action{ID: "authenticate", Label: "Authenticate buddy", Off: true},
		separator, who, status(im.Open))
	w.private()
	check("unverified",
		plugin.Action{ID: "start", Label: "Refresh private conversation"},
		plugin.Action{ID: "end", Label: "End private conversation"},
		plugin.Action{ID: "authenticate", Label: "Authenticate buddy"},
		separator, who, status(im.Private))
	w.verified()
	check("private",
		plugin.Action{ID: "start", Label: "Refresh private conversation"},
		plugin.Action{ID: "end", Label: "End private conversation"},
		plugin.Action{ID: "authenticate", Label: "Reauthenticate buddy"},
		separator, who, status(im.Verified))
	w.alice.host.SetOnline(w.alice.id.Account, false)
	check("offline",
		plugin.Action{ID: "start", Label: "Refresh private conversation", Off: true},
		plugin.Action{ID: "end", Label: "End private conversation", Off: true},
		plugin.Action{ID: "authenticate", Label: "Reauthenticate buddy", Off: true},
		separator, who, status(im.Verified))
	w.alice.host.SetOnline(w.alice.id.Account, true)
	w.does(w.bob, actionEnd)
	check("finished",
		plugin.Action{ID: "start", Label: "Start private conversation"},
		plugin.Action{ID: "end", Label: "End private conversation"},
		plugin.Action{ID: "authenticate", Label: "Authenticate buddy", Off: true},
		separator, who, status(im.Ended))

	if got := w.alice.plugin.Actions(plugin.Target{Account: w.alice.id.Account}); got != nil {
		t.Errorf("an account has the menu %v", got)
	}
	w.alice.plugin.Invoke(plugin.Target{}, actionStart)
	w.alice.plugin.Invoke(plugin.Target{Conv: w.alice.id}, actionAuthenticate) // off
	w.alice.plugin.Invoke(plugin.Target{Conv: w.alice.id}, "nonsense")
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
	w.alice.plugin.PeerOffline(w.alice.id)
	w.alice.plugin.AccountOnline(w.alice.id.Account, true)
	w.says(w.alice, "secret")
	if l := w.bob.last(); l.text != "secret" || l.seal.Level != im.Verified {
		t.Errorf("bob reads %+v", l)
	}
}

func TestLinesThatWaitAreAskedForAgainAfterReconnecting(t *testing.T) {
	w := newWorld(t)
	w.alice.set(always)
	w.alice.host.OnWire = func(im.ConvID, string, plugin.Hints) error { return errOffline }
	w.alice.types("secret")
	w.alice.host.Run()
	w.alice.wantSaid(plugintest.Notice, "you are not connected")
	old := w.alice.host
	old.OnWire = func(_ im.ConvID, body string, h plugin.Hints) error {
		w.alice.put(body, h.Resource)
		return nil
	}
	w.alice.plugin.AccountOnline(w.alice.id.Account, false)
	w.alice.plugin.AccountOnline(w.alice.id.Account, true)
	w.run()
	if l := w.bob.last(); l.text != "secret" || l.seal.Level != im.Private {
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

func TestPrivateConversationsThatAreLogged(t *testing.T) {
	w := newWorld(t)
	w.alice.set(settings{Enabled: true, Automatic: true})
	w.private()
	w.alice.wantSaid(plugintest.Notice, "It is kept in the history of this computer")
}
