package otrplugin

import (
	"crypto/rand"
	"slices"
	"strings"
	"sync"
	"testing"

	"culver/im"
	"culver/otrplugin/otr"
	"culver/plugin"
	"culver/plugin/plugintest"
)

// testKeys are private keys, marshalled: making one takes long.
var testKeys = sync.OnceValue(func() [4][]byte {
	var keys [4][]byte
	for i := range keys {
		k, err := otr.GenerateKey(rand.Reader)
		if err != nil {
			panic(err)
		}
		keys[i] = k.Marshal()
	}
	return keys
})

// line is one line of a conversation, as the core keeps it.
type line struct {
	text  string
	out   bool
	state im.State
	why   string // reason or error
	seal  im.Seal
	alarm string
	said  string
	html  bool
}

type packet struct {
	body     string
	resource string
}

// end is one user: the plugin, and the little of a core that it needs.
type end struct {
	t        *testing.T
	host     *plugintest.Host
	plugin   *Plugin
	id       im.ConvID // the conversation with the other end
	resource string
	lines    []line
	outbox   []packet
	sent     []string // all that went on the wire
	early    map[uint64]plugin.Arrival
	ready    []uint64
}

// world is two ends and the wire between them.
type world struct {
	t          *testing.T
	alice, bob *end
}

const (
	aliceAddr = "alice@example.net"
	bobAddr   = "bob@example.org"
)

func newEnd(t *testing.T, own, peer string, key []byte) *end {
	t.Helper()
	account := im.NewAccountID("xmpp", own)
	e := &end{
		t:        t,
		host:     plugintest.New(t, account),
		id:       im.ConvID{Account: account, Peer: peer},
		resource: strings.ToUpper(own[:1]),
	}
	if key != nil {
		e.host.Keyring.Data["key/"+string(account)] = key
	}
	e.host.SetName(e.id, strings.ToUpper(peer[:1])+peer[1:strings.IndexByte(peer, '@')])
	e.host.OnWire = func(c im.ConvID, body string, h plugin.Hints) error {
		if !h.Sealed {
			t.Errorf("%s: protocol message without the hint Sealed: %.40q", own, body)
		}
		if encoded(body) != (h.By == namespace) {
			t.Errorf("%s: %.40q is declared as %q", own, body, h.By)
		}
		e.put(body, h.Resource)
		return nil
	}
	e.host.OnRelease = func(im.ConvID) { e.resend() }
	e.host.OnReady = func(_ im.ConvID, ticket uint64) { e.ready = append(e.ready, ticket) }
	e.plugin = New(nil)
	e.boot(e.plugin)
	return e
}

func (e *end) boot(p *Plugin) {
	e.t.Helper()
	e.plugin = p
	if err := p.Init(e.host); err != nil {
		e.t.Fatal(err)
	}
	e.t.Cleanup(func() {
		if err := p.Close(); err != nil {
			e.t.Error(err)
		}
		for _, d := range e.host.Dialogs() {
			e.t.Errorf("dialog %q outlived the plugin", d.Form.Title)
		}
	})
}

// restart is a new run of the program over the same disk and keyring; the
// session is lost without a word, as in a crash.
func (e *end) restart() {
	e.t.Helper()
	for _, c := range e.plugin.chats {
		if c.session != nil {
			c.session.Drop()
		}
	}
	if err := e.plugin.Close(); err != nil {
		e.t.Fatal(err)
	}
	e.outbox = nil
	e.boot(New(nil))
}

func newWorld(t *testing.T) *world {
	t.Helper()
	keys := testKeys()
	return &world{
		t:     t,
		alice: newEnd(t, aliceAddr, bobAddr, keys[0]),
		bob:   newEnd(t, bobAddr, aliceAddr, keys[1]),
	}
}

func (e *end) put(body, resource string) {
	e.outbox = append(e.outbox, packet{body: body, resource: resource})
	e.sent = append(e.sent, body)
}

// types is the user pressing Enter.
func (e *end) types(text string) {
	e.lines = append(e.lines, line{text: text, out: true, state: im.Waiting})
	if slices.ContainsFunc(e.lines[:len(e.lines)-1], func(l line) bool { return l.state == im.Waiting }) {
		// As in the core, a line waits behind others, but the plugin is asked.
		i := len(e.lines) - 1
		out, err := e.plugin.Outgoing(e.id, text)
		if err == nil && out.Hold {
			e.lines[i].why = out.Reason
			return
		}
		e.settle(i, out, err)
		return
	}
	e.try(len(e.lines) - 1)
}

func (e *end) try(i int) bool {
	out, err := e.plugin.Outgoing(e.id, e.lines[i].text)
	return e.settle(i, out, err)
}

func (e *end) settle(i int, out plugin.Out, err error) bool {
	l := &e.lines[i]
	switch {
	case err != nil:
		l.state, l.why = im.Failed, err.Error()
	case out.Hold:
		l.why = out.Reason
		return false
	default:
		if out.Seal.Level.Encrypted() != out.Hints.Sealed {
			e.t.Errorf("seal %v with hints %+v", out.Seal, out.Hints)
		}
		l.state, l.why, l.seal = im.Done, "", out.Seal
		e.put(out.Wire, out.Hints.Resource)
	}
	return true
}

func (e *end) resend() {
	for i := range e.lines {
		if e.lines[i].state == im.Waiting && !e.try(i) {
			return
		}
	}
}

// takes is a message from the wire.
func (e *end) takes(resource, body string) error {
	return e.arrives(plugin.Arrival{From: im.Addr{Bare: e.id.Peer, Resource: resource}, Wire: body})
}

func (e *end) arrives(a plugin.Arrival) error {
	in, err := e.plugin.Incoming(e.id, a)
	if !in.Drop {
		e.lines = append(e.lines, line{text: in.Text, seal: in.Seal, alarm: in.Alarm, said: in.Said, html: in.Markup})
	}
	if in.Ticket != 0 {
		if e.early == nil {
			e.early = make(map[uint64]plugin.Arrival)
		}
		e.early[in.Ticket] = a
	}
	e.readReady()
	return err
}

// readReady gives the plugin what does not wait any more.
func (e *end) readReady() {
	for len(e.ready) > 0 {
		ticket := e.ready[0]
		e.ready = e.ready[1:]
		a, ok := e.early[ticket]
		if !ok {
			e.t.Errorf("ready is %d, of which the host knows nothing", ticket)
			continue
		}
		delete(e.early, ticket)
		a.Ticket = ticket
		e.arrives(a)
	}
}

// run delivers everything until both ends are quiet.
func (w *world) run() {
	w.t.Helper()
	for range 1000 {
		w.alice.host.Run()
		w.bob.host.Run()
		w.alice.readReady()
		w.bob.readReady()
		switch {
		case len(w.alice.outbox) > 0:
			w.deliver(w.alice, w.bob)
		case len(w.bob.outbox) > 0:
			w.deliver(w.bob, w.alice)
		default:
			return
		}
	}
	w.t.Fatal("the two ends never stop talking")
}

func (w *world) deliver(from, to *end) {
	p := from.outbox[0]
	from.outbox = from.outbox[1:]
	to.takes(from.resource, p.body)
}

// says lets the user type, and delivers.
func (w *world) says(e *end, text string) {
	w.t.Helper()
	e.types(text)
	w.run()
}

// does invokes an action of the menu, and delivers.
func (w *world) does(e *end, action string) {
	w.t.Helper()
	e.does(action)
	w.run()
}

func (e *end) does(action string) {
	e.t.Helper()
	a, ok := e.action(action)
	if !ok || a.Off {
		e.t.Fatalf("%s: the menu has no %q now: %v", e.id.Account, action, e.menu())
	}
	e.plugin.Invoke(e.id, action)
}

func (e *end) menu() []plugin.Action {
	return e.plugin.Actions(e.id)
}

func (e *end) action(id string) (plugin.Action, bool) {
	for _, a := range e.menu() {
		if a.ID == id {
			return a, true
		}
	}
	return plugin.Action{}, false
}

// private starts a private conversation from alice's side.
func (w *world) private() {
	w.t.Helper()
	w.does(w.alice, actionStart)
	w.wantLevel(im.Private, im.Private)
}

// verified also authenticates both sides by a shared secret.
func (w *world) verified() {
	w.t.Helper()
	w.private()
	w.does(w.alice, actionAuthenticate)
	d := w.alice.host.Dialog("Authenticate")
	d.Type(fieldMethod, methodSecret)
	d.Type(fieldSecret, "sésame")
	d.Press(buttonAuthenticate)
	w.run()
	d2 := w.bob.host.Dialog("Authentication from")
	d2.Type(fieldSecret, "sésame")
	d2.Press(buttonAuthenticate)
	w.run()
	d.Press(buttonClose)
	d2.Press(buttonClose)
	w.wantLevel(im.Verified, im.Verified)
}

func (w *world) wantLevel(alice, bob im.Level) {
	w.t.Helper()
	if got := w.alice.level(); got != alice {
		w.t.Errorf("alice sees %v, want %v", got, alice)
	}
	if got := w.bob.level(); got != bob {
		w.t.Errorf("bob sees %v, want %v", got, bob)
	}
}

func (e *end) level() im.Level { return e.plugin.chat(e.id).level }

// last is the last line.
func (e *end) last() line {
	e.t.Helper()
	if len(e.lines) == 0 {
		e.t.Fatal("no line")
	}
	return e.lines[len(e.lines)-1]
}

// said reports whether a notice or alarm since the last Take holds the text.
func (e *end) said(kind, text string) bool {
	return slices.ContainsFunc(e.host.Ops(), func(o plugintest.Op) bool {
		return o.Kind == kind && strings.Contains(o.Text, text)
	})
}

func (e *end) wantSaid(kind, text string) {
	e.t.Helper()
	if !e.said(kind, text) {
		e.t.Errorf("%s: no %s says %q; said was:\n%s", e.id.Account, kind, text, e.transcript())
	}
}

func (e *end) wantNotSaid(kind, text string) {
	e.t.Helper()
	if e.said(kind, text) {
		e.t.Errorf("%s: a %s says %q", e.id.Account, kind, text)
	}
}

func (e *end) transcript() string {
	var b strings.Builder
	for _, o := range e.host.Ops() {
		if o.Kind != plugintest.Wire {
			b.WriteString("  " + o.String() + "\n")
		}
	}
	return b.String()
}

// wantNoClear fails if the text, or a recognisable part of it, went on the wire.
func (w *world) wantNoClear(text string) {
	w.t.Helper()
	for _, e := range []*end{w.alice, w.bob} {
		for _, body := range e.sent {
			if strings.Contains(body, text) {
				w.t.Errorf("%s sent in clear: %.60q", e.id.Account, body)
			}
		}
	}
}
