package otrplugin

import (
	"crypto/rand"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"culver/im"
	"culver/lang"
	"culver/otrplugin/otr"
	"culver/plugin"
)

const (
	namespace = "urn:xmpp:otr:0" // XEP-0380
	pluginID  = "otr"

	tickEvery = time.Minute
)

// Plugin is OTR for all accounts of one user.
type Plugin struct {
	rand io.Reader
	host plugin.Host

	settings  settings
	look      look
	own       map[im.ConvID]*buddySettings
	windows   map[im.ConvID]*buddyWindow
	known     map[im.ConvID][]*knownKey
	lost      map[im.ConvID][]string // rows of known keys that cannot be read, by peer
	rescued   bool                   // rows may be missing
	damage    []string               // sentences about the store, for the settings to tell once
	accounts  map[im.AccountID]*account
	chats     map[im.ConvID]*chat
	graves    map[im.AccountID]*grave
	config    *configWindow
	verifying map[string]plugin.Dialog // each of one fingerprint, by row
	stopTick  func()
	tickets   uint64 // given to messages that wait
	closed    bool
}

var (
	_ plugin.Plugin      = (*Plugin)(nil)
	_ plugin.Transformer = (*Plugin)(nil)
	_ plugin.Actor       = (*Plugin)(nil)
	_ plugin.BuddyActor  = (*Plugin)(nil)
	_ plugin.Modest      = (*Plugin)(nil)
	_ plugin.Configurer  = (*Plugin)(nil)
	_ plugin.Observer    = (*Plugin)(nil)
	_ plugin.Watcher     = (*Plugin)(nil)
	_ plugin.SigningOff  = (*Plugin)(nil)
	_ plugin.Secrecy     = (*Plugin)(nil)
	_ plugin.Holder      = (*Plugin)(nil)
	_ plugin.Resumer     = (*Plugin)(nil)
	_ plugin.Reluctant   = (*Plugin)(nil)
	_ plugin.Guide       = (*Plugin)(nil)
	_ plugin.Courier     = (*Plugin)(nil)
)

// New makes the plugin. All randomness comes from random; nil means crypto/rand.
func New(random io.Reader) *Plugin {
	if random == nil {
		random = rand.Reader
	}
	p := &Plugin{rand: &lockedReader{r: random}}
	p.forgetAll()
	return p
}

// forgetAll makes the plugin as if it were new: it may have been closed before.
func (p *Plugin) forgetAll() {
	*p = Plugin{
		rand:      p.rand,
		own:       make(map[im.ConvID]*buddySettings),
		windows:   make(map[im.ConvID]*buddyWindow),
		known:     make(map[im.ConvID][]*knownKey),
		lost:      make(map[im.ConvID][]string),
		accounts:  make(map[im.AccountID]*account),
		chats:     make(map[im.ConvID]*chat),
		graves:    make(map[im.AccountID]*grave),
		verifying: make(map[string]plugin.Dialog),
	}
}

// lockedReader lets the messenger's goroutine and a key being made draw from
// one source.
type lockedReader struct {
	mu sync.Mutex
	r  io.Reader
}

func (l *lockedReader) Read(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.r.Read(b)
}

// Info describes the plugin.
func (p *Plugin) Info() plugin.Info {
	return plugin.Info{
		ID:          pluginID,
		Name:        lang.T("OTR"),
		Title:       lang.T("Off-the-Record Messaging"),
		Description: lang.T("Private conversations that nobody else can read"),
		Version:     "1.0",
	}
}

// Init reads settings and known fingerprints, past what is damaged. It fails if
// the store does. Keys are read when they are needed.
func (p *Plugin) Init(h plugin.Host) error {
	p.forgetAll()
	p.host = h
	return errors.Join(p.loadRescued(), p.loadSettings(), p.loadLook(), p.loadBuddySettings(), p.loadKnown(), p.loadGraves())
}

// Close ends private conversations that are still on, and wipes every secret.
func (p *Plugin) Close() error {
	if p.closed || p.host == nil {
		return nil
	}
	for _, c := range p.sortedChats("") {
		if c.state() == otr.Encrypted {
			p.endSession(c)
		}
	}
	p.closed = true
	if p.stopTick != nil {
		p.stopTick()
	}
	p.closeConfig()
	p.closeBuddySettings("")
	p.closeVerifying()
	for _, g := range p.graves {
		g.close()
	}
	for _, c := range p.sortedChats("") {
		c.forget()
	}
	for _, a := range p.accounts {
		a.wipe()
	}
	clear(p.chats)
	clear(p.accounts)
	return nil
}

// chat returns the state of a conversation, made at first sight.
func (p *Plugin) chat(id im.ConvID) *chat {
	c := p.chats[id]
	if c == nil {
		c = newChat(id)
		p.chats[id] = c
	}
	return c
}

// sortedChats are the conversations of an account ("" for all), in a fixed order.
func (p *Plugin) sortedChats(a im.AccountID) []*chat {
	var all []*chat
	for id, c := range p.chats {
		if a == "" || id.Account == a {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(x, y *chat) int {
		if d := strings.Compare(string(x.id.Account), string(y.id.Account)); d != 0 {
			return d
		}
		return strings.Compare(x.id.Peer, y.id.Peer)
	})
	return all
}

// session makes sure that c has a session. It is called only with the key ready.
func (p *Plugin) session(c *chat) *otr.Session {
	if c.session != nil {
		return c.session
	}
	a := p.accounts[c.id.Account]
	c.linesBefore = c.lines
	c.session = otr.New(otr.Config{
		Key:         a.key,
		InstanceTag: p.instanceTag(c.id.Account, a),
		Policy:      p.sessionPolicy(c),
		MaxFragment: p.host.MaxMessage(c.id.Account),
		QueryText:   queryText(c.id.Account.Bare(), p.host.Language()),
		Rand:        p.rand,
		Now:         p.host.Now,
		EarlyWait:   earlyWait,
		MayFollow:   func(from, to otr.Instance, fresh bool) bool { return p.mayFollow(c, from, to, fresh) },
		MayRelease:  func(f otr.Fingerprint) bool { return p.acceptable(c.id, f) },
	})
	p.scheduleTick()
	return c.session
}

// scheduleTick lets sessions forget what is stale, while there are any.
func (p *Plugin) scheduleTick() {
	if p.stopTick == nil {
		p.stopTick = p.host.After(tickEvery, p.tick)
	}
}

func (p *Plugin) tick() {
	p.stopTick = nil
	for _, c := range p.sortedChats("") {
		if c.session != nil {
			p.apply(c, c.session.Tick(), "")
			p.scheduleTick()
		}
	}
}

// name is what people call the peer.
func (p *Plugin) name(c *chat) string { return p.nameOf(c.id) }

func (p *Plugin) nameOf(id im.ConvID) string {
	if n := p.host.Name(id); n != "" {
		return n
	}
	return id.Peer
}

func (p *Plugin) notice(c *chat, text string) { p.host.Notice(c.id, im.Notice, im.Plain(text)) }
func (p *Plugin) alarm(c *chat, text string)  { p.host.Notice(c.id, im.Alarm, im.Plain(text)) }

// changed redraws what depends on sessions and keys. The core asks for the menus
// by itself.
func (p *Plugin) changed() {
	p.updateConfig()
	p.updateBuddySettings()
	for _, c := range p.sortedChats("") {
		p.updateHistory(c)
		p.updateDetails(c)
		if c.newKey != nil {
			p.redrawKey(c)
		}
	}
}

// Required reports that nothing may be sent here unsealed: by the settings, or
// because a private conversation is wished for and did not begin yet. The core
// remembers it for each line, so that no line leaves in clear because something
// else has changed: a lost connection, another setting, a restart.
func (p *Plugin) Required(id im.ConvID) bool {
	c := p.chats[id]
	if c == nil {
		c = newChat(id)
	}
	return !p.off(c) && p.mustWait(c)
}

// requires reports that the settings want everything to be private.
func (p *Plugin) requires(id im.ConvID) bool { return p.policyOf(id)&otr.RequireEncryption != 0 }
