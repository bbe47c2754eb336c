// Package plugintest is a [plugin.Host] without a core, for tests of plugins.
//
// It records what a plugin does, in order ([Host.Ops]); its clock moves only
// by [Host.Advance], work given to Go runs only in [Host.Run], and its forms
// are filled in by the test ([Dialog]). It also holds the plugin to the
// contract: what must not be called where fails the test. All of it belongs to
// the test's goroutine.
package plugintest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"culver/im"
	"culver/plugin"
)

// The kinds of [Op].
const (
	Wire    = "wire"
	Seal    = "seal"
	Notice  = "notice"
	Alarm   = "alarm"
	Release = "release"
	Ready   = "ready"
	Doubt   = "doubt"
	Keep    = "keep"
	Ask     = "ask"
	Update  = "update"
	Close   = "close"
	Guide   = "guide"
	Attend  = "attend"
	Arrive  = "arrive"
)

// Op is one thing that the plugin did. Which fields are set depends on Kind.
type Op struct {
	Kind    string
	Conv    im.ConvID
	Text    string // the body, the notice, or the form's title
	Hints   plugin.Hints
	Seal    im.Seal
	Dialog  *Dialog
	Form    plugin.Form
	How     plugin.Attention
	Carried plugin.Carried
}

// String is the op on one line.
func (o Op) String() string {
	switch o.Kind {
	case Seal:
		return fmt.Sprintf("seal %s %s", o.Conv.Peer, o.Seal.Level)
	case Release, Keep:
		return o.Kind + " " + o.Conv.Peer
	case Update, Close:
		return o.Kind + " " + o.Text
	default:
		return fmt.Sprintf("%s %s: %s", o.Kind, o.Conv.Peer, o.Text)
	}
}

// Host is the fake. The zero Host is not usable: call New.
type Host struct {
	// OnWire takes what the plugin sends; nil: it is only recorded. An error
	// is given back to the plugin.
	OnWire func(c im.ConvID, body string, h plugin.Hints) error
	// OnRelease is called by Release.
	OnRelease func(c im.ConvID)
	// OnReady is called by Ready.
	OnReady func(c im.ConvID, ticket uint64)
	// Max is MaxMessage for all accounts.
	Max int
	// Tongue is Language; empty: English.
	Tongue string
	// Disk and Keyring are the Store and the Vault.
	Disk    *Store
	Keyring *Vault

	tb       testing.TB
	ops      []Op
	accounts []im.Account
	names    map[im.ConvID]string
	offline  map[im.AccountID]bool
	away     map[im.ConvID]bool
	gone     map[im.Addr]bool
	unlisted map[im.ConvID]bool
	hidden   map[im.ConvID]bool
	closed   map[im.ConvID]bool
	dialogs  []*Dialog
	now      time.Time
	timers   []*timer
	jobs     []job
	inWork   bool
	ctx      context.Context
	stop     context.CancelFunc
}

var _ plugin.Host = (*Host)(nil)

type timer struct {
	at      time.Time
	f       func()
	stopped bool
}

type job struct {
	work func(context.Context) error
	done func(error)
}

// New makes a host with the accounts, all of them connected and all peers online.
func New(tb testing.TB, accounts ...im.AccountID) *Host {
	h := &Host{
		tb:      tb,
		names:   make(map[im.ConvID]string),
		offline: make(map[im.AccountID]bool),
		away:    make(map[im.ConvID]bool),
		gone:    make(map[im.Addr]bool),

		unlisted: make(map[im.ConvID]bool),
		hidden:   make(map[im.ConvID]bool),
		closed:   make(map[im.ConvID]bool),
		now:      time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		Disk:     &Store{Data: make(map[string][]byte)},
	}
	h.Keyring = &Vault{Data: make(map[string][]byte), host: h}
	h.ctx, h.stop = context.WithCancel(context.Background())
	tb.Cleanup(h.stop)
	for _, a := range accounts {
		h.accounts = append(h.accounts, im.Account{ID: a, Enabled: true})
	}
	return h
}

// own reports a call that must be made on the messenger's goroutine.
func (h *Host) own(what string) {
	if h.inWork {
		h.tb.Helper()
		h.tb.Errorf("%s was called inside the work of Go", what)
	}
}

func (h *Host) record(o Op) { h.ops = append(h.ops, o) }

// Ops returns what the plugin did since the last Take.
func (h *Host) Ops() []Op { return slices.Clone(h.ops) }

// Take returns the same, and forgets it.
func (h *Host) Take() []Op {
	ops := h.ops
	h.ops = nil
	return ops
}

// SetName says what people call the peer.
func (h *Host) SetName(c im.ConvID, name string) { h.names[c] = name }

// SetOnline connects an account, or takes it off. The plugin is not told.
func (h *Host) SetOnline(a im.AccountID, online bool) { h.offline[a] = !online }

// SetPeer says whether a peer is seen online. The plugin is not told.
func (h *Host) SetPeer(c im.ConvID, online bool) { h.away[c] = !online }

// RemoveAccount deletes an account. The plugin is not told.
func (h *Host) RemoveAccount(id im.AccountID) {
	h.accounts = slices.DeleteFunc(h.accounts, func(a im.Account) bool { return a.ID == id })
}

// Wire records the body.
func (h *Host) Wire(c im.ConvID, body string, hints plugin.Hints) error {
	h.own("Wire")
	if h.OnWire != nil {
		if err := h.OnWire(c, body, hints); err != nil {
			return err
		}
	}
	h.record(Op{Kind: Wire, Conv: c, Text: body, Hints: hints})
	return nil
}

// Seal records the seal.
func (h *Host) Seal(c im.ConvID, s im.Seal) {
	h.own("Seal")
	if (s.Level == im.Open) != (s.By == "") {
		h.tb.Errorf("seal %+v: By belongs to every level but Open", s)
	}
	h.record(Op{Kind: Seal, Conv: c, Seal: s})
}

// Notice records the line.
func (h *Host) Notice(c im.ConvID, kind im.Kind, t im.Text) {
	h.own("Notice")
	op := Op{Kind: Notice, Conv: c, Text: t.String()}
	switch kind {
	case im.Alarm:
		op.Kind = Alarm
	case im.Chat:
		h.tb.Errorf("a notice must not look as if somebody said it: %q", op.Text)
	}
	if c.IsZero() {
		h.tb.Errorf("a notice without a conversation: %q", op.Text)
	}
	h.record(op)
}

// Keep records it.
func (h *Host) Keep(c im.ConvID) {
	h.own("Keep")
	h.record(Op{Kind: Keep, Conv: c})
}

// Release records the release, then calls OnRelease.
func (h *Host) Release(c im.ConvID) {
	h.own("Release")
	h.record(Op{Kind: Release, Conv: c})
	if h.OnRelease != nil {
		h.OnRelease(c)
	}
}

// Doubt records the lines.
func (h *Host) Doubt(c im.ConvID, lines []uint64, why string) {
	h.own("Doubt")
	h.record(Op{Kind: Doubt, Conv: c, Text: fmt.Sprint(lines) + " " + why})
}

// Ready records the ticket, then calls OnReady.
func (h *Host) Ready(c im.ConvID, ticket uint64) {
	h.own("Ready")
	h.record(Op{Kind: Ready, Conv: c, Text: strconv.FormatUint(ticket, 10)})
	if h.OnReady != nil {
		h.OnReady(c, ticket)
	}
}

// Attention records the ways.
func (h *Host) Attention(c im.ConvID, how plugin.Attention) {
	h.own("Attention")
	h.record(Op{Kind: Attend, Conv: c, How: how})
}

// Arrived records it.
func (h *Host) Arrived(c im.ConvID, x plugin.Carried) {
	h.own("Arrived")
	h.record(Op{Kind: Arrive, Conv: c, Text: string(x.Data), Carried: x})
}

// SetUnlisted takes a peer off the Buddy List, on which all are at first.
func (h *Host) SetUnlisted(c im.ConvID) { h.unlisted[c] = true }

// HideFrom takes the permission to see our presence from a peer; all have it at
// first.
func (h *Host) HideFrom(c im.ConvID) { h.hidden[c] = true }

// SetClosed closes a conversation; all are open at first.
func (h *Host) SetClosed(c im.ConvID) { h.closed[c] = true }

// Open reports whether the conversation is open.
func (h *Host) Open(c im.ConvID) bool {
	h.own("Open")
	return !h.closed[c]
}

// Listed reports whether the peer is on the Buddy List.
func (h *Host) Listed(c im.ConvID) bool {
	h.own("Listed")
	return !h.unlisted[c]
}

// SeesUs reports whether the peer is on the Buddy List and sees our presence.
func (h *Host) SeesUs(c im.ConvID) bool {
	h.own("SeesUs")
	return !h.unlisted[c] && !h.hidden[c]
}

// Language is h.Tongue, or English.
func (h *Host) Language() string {
	h.own("Language")
	return cmp.Or(h.Tongue, "en")
}

// ShowGuide records the page.
func (h *Host) ShowGuide(page string) {
	h.own("ShowGuide")
	h.record(Op{Kind: Guide, Text: page})
}

// Accounts are those given to New.
func (h *Host) Accounts() []im.Account {
	h.own("Accounts")
	return slices.Clone(h.accounts)
}

// Name is what SetName said, else the address.
func (h *Host) Name(c im.ConvID) string {
	h.own("Name")
	if n, ok := h.names[c]; ok {
		return n
	}
	return c.Peer
}

// SetDevice says whether a device of a peer is seen online: all are at first. The
// plugin is not told.
func (h *Host) SetDevice(c im.ConvID, resource string, online bool) {
	h.gone[im.Addr{Bare: string(c.Account) + " " + c.Peer, Resource: resource}] = !online
}

// HasDevice is what SetOnline, SetPeer and SetDevice said.
func (h *Host) HasDevice(c im.ConvID, resource string) bool {
	h.own("HasDevice")
	_, peer := h.Online(c)
	return peer && !h.gone[im.Addr{Bare: string(c.Account) + " " + c.Peer, Resource: resource}]
}

// Online is what SetOnline and SetPeer said.
func (h *Host) Online(c im.ConvID) (account, peer bool) {
	h.own("Online")
	account = !h.offline[c.Account]
	return account, account && !h.away[c]
}

// MaxMessage is Max.
func (h *Host) MaxMessage(im.AccountID) int {
	h.own("MaxMessage")
	return h.Max
}

// Store is Disk.
func (h *Host) Store() plugin.Store {
	h.own("Store")
	return h.Disk
}

// Vault is Keyring.
func (h *Host) Vault() plugin.Vault { return h.Keyring }

// Now is the manual clock.
func (h *Host) Now() time.Time { return h.now }

// After waits for Advance.
func (h *Host) After(d time.Duration, f func()) (stop func()) {
	h.own("After")
	t := &timer{at: h.now.Add(d), f: f}
	h.timers = append(h.timers, t)
	return func() { t.stopped = true }
}

// Advance moves the clock, and calls what is due on the way, in order.
func (h *Host) Advance(d time.Duration) {
	end := h.now.Add(d)
	for {
		h.timers = slices.DeleteFunc(h.timers, func(t *timer) bool { return t.stopped })
		slices.SortStableFunc(h.timers, func(a, b *timer) int { return a.at.Compare(b.at) })
		if len(h.timers) == 0 || h.timers[0].at.After(end) {
			break
		}
		t := h.timers[0]
		h.timers = h.timers[1:]
		h.now = t.at
		t.f()
	}
	h.now = end
}

// Timers is how many calls of After are still to come.
func (h *Host) Timers() int {
	n := 0
	for _, t := range h.timers {
		if !t.stopped {
			n++
		}
	}
	return n
}

// Go keeps the work for Run.
func (h *Host) Go(work func(ctx context.Context) error, done func(error)) {
	h.own("Go")
	h.jobs = append(h.jobs, job{work, done})
}

// Jobs is how much work waits for Run.
func (h *Host) Jobs() int { return len(h.jobs) }

// Run does the work that waits, and what comes of it, until none is left.
func (h *Host) Run() {
	for len(h.jobs) > 0 {
		j := h.jobs[0]
		h.jobs = h.jobs[1:]
		h.inWork = true
		err := j.work(h.ctx)
		h.inWork = false
		j.done(err)
	}
}

// Working reports that Run does work, beside the plugin.
func (h *Host) Working() bool { return h.inWork }

// Stop ends the context of all work, as the core does with the plugin.
func (h *Host) Stop() { h.stop() }
