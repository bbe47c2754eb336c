package messenger

import (
	"cmp"
	"context"
	"reflect"
	"time"

	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// hosted is a plugin and what it may ask of us.
type hosted struct {
	m      *Messenger
	plugin plugin.Plugin
	store  plugin.Store
	vault  plugin.Vault
	ctx    context.Context // of its work
	cancel context.CancelFunc
	ended  bool
}

var _ plugin.Host = (*hosted)(nil)

func (m *Messenger) newHosted(p plugin.Plugin) *hosted {
	id := p.Info().ID
	ctx, cancel := context.WithCancel(m.ctx)
	return &hosted{m: m, plugin: p, store: sweptStore{m.cfg.Spaces(id), m}, vault: named{m.cfg.Vault, "plugin/" + id + "/"},
		ctx: ctx, cancel: cancel}
}

// end takes away what the plugin has on the screen. It is not called back after
// that, and nothing comes of what it still asks for.
func (h *hosted) end() {
	h.ended = true
	h.cancel()
	for _, d := range h.m.sortedDialogs() {
		if d.owner == h {
			d.Close()
		}
	}
	if g := h.m.guide; g != nil && g.guide == h.plugin.Info().ID {
		h.m.closeGuide()
	}
	if in := h.m.incoming; in != nil {
		in.pluginEnded(h)
	}
	if b := h.m.backup; b != nil {
		b.pluginEnded(h)
	}
}

// guard keeps a plugin's panic from taking the program down. What it was asked
// to do is then not done; the pipeline has a guard of its own that fails closed.
func (m *Messenger) guard(f func()) {
	defer func() {
		if p := recover(); p != nil {
			m.trouble(lang.T("Something failed inside Culver. Nothing was sent. Please report it."), nil)
		}
	}()
	f()
}

// each calls f with the plugins that are a T, in order; a panic of one does not
// keep the others from it.
func each[T any](m *Messenger, f func(T)) {
	for _, h := range m.plugins {
		if p, ok := h.plugin.(T); ok {
			m.guard(func() { f(p) })
		}
	}
}

// anySecrecy reports whether a plugin says yes; one that fails does.
func (m *Messenger) anySecrecy(f func(plugin.Secrecy) bool) (yes bool) {
	each(m, func(s plugin.Secrecy) {
		answer := true
		defer func() { yes = yes || answer }()
		answer = f(s)
	})
	return yes
}

// menus are the plugins' menus of a conversation.
func (m *Messenger) menus(c im.ConvID) (menus []Menu) {
	if m.shared(c) {
		return nil
	}
	each(m, func(p interface {
		plugin.Plugin
		plugin.Actor
	}) {
		if actions := p.Actions(c); len(actions) > 0 {
			modest, ok := p.(plugin.Modest)
			info := p.Info()
			menus = append(menus, Menu{Plugin: info.ID, Title: info.Name, Actions: actions, NoButton: ok && modest.NoButton()})
		}
	})
	return menus
}

// buddyMenus are what plugins offer in the menu of every buddy.
func (m *Messenger) buddyMenus() (menus []Menu) {
	each(m, func(p interface {
		plugin.Plugin
		plugin.BuddyActor
	}) {
		if actions := p.BuddyActions(); len(actions) > 0 {
			info := p.Info()
			menus = append(menus, Menu{Plugin: info.ID, Title: info.Name, Actions: actions})
		}
	})
	return menus
}

// refreshMenus tells front ends of the menus that look different now.
func (m *Messenger) refreshMenus() {
	if menus := m.buddyMenus(); !reflect.DeepEqual(menus, m.buddyMenu) {
		m.buddyMenu = menus
		m.publish(BuddyMenusChanged{menus})
	}
	if guides := m.guideList(); !reflect.DeepEqual(guides, m.guides) {
		m.guides = guides
		m.publish(GuidesChanged{guides})
	}
	for _, c := range m.sortedChats("") {
		if !c.open {
			continue
		}
		if menus := m.menus(c.id); !reflect.DeepEqual(menus, c.menus) {
			c.menus = menus
			m.publish(MenusChanged{c.id, menus})
		}
	}
}

func (m *Messenger) hosted(id string) plugin.Plugin {
	for _, h := range m.plugins {
		if h.plugin.Info().ID == id {
			return h.plugin
		}
	}
	return nil
}

// Invoke does an action of a plugin's menu, in a conversation.
func (m *Messenger) Invoke(pluginID string, c im.ConvID, action string) {
	m.inbox.Put(func() {
		if a, ok := m.hosted(pluginID).(plugin.Actor); ok && m.accounts[c.Account] != nil && !m.shared(c) {
			m.guard(func() { a.Invoke(c, action) })
		}
	})
}

// Wire sends a body as it is.
func (h *hosted) Wire(c im.ConvID, body string, hints plugin.Hints) error {
	s := h.m.session(c.Account)
	if s == nil || h.ended || h.m.shared(c) {
		return protocol.ErrOffline
	}
	o := protocol.Outgoing{ID: newID(), To: im.Addr{Bare: c.Peer, Resource: hints.Resource}, Body: body, Hints: networkHints(hints)}
	if ch, ok := h.m.chats[c]; ok {
		o.To.Resource = cmp.Or(o.To.Resource, ch.resource)
		if name := ch.leftAs(h.plugin.Info().ID, hints.Again); name != "" {
			o.ID, o.WantReceipt = name, true
		}
	}
	return s.Send(o)
}

func networkHints(h plugin.Hints) protocol.Hints {
	return protocol.Hints{Sealed: h.Sealed, Momentary: h.Momentary, By: h.By}
}

// Seal says how well the conversation is protected from now on.
func (h *hosted) Seal(c im.ConvID, s im.Seal) {
	if !h.ended {
		h.m.setSeal(c, s)
	}
}

// Notice shows a line in the conversation.
func (h *hosted) Notice(c im.ConvID, kind im.Kind, t im.Text) {
	if !h.ended {
		h.m.notice(c, kind, t)
	}
}

// Release sends the lines that were held. It does so after the plugin has
// returned, so that a transformer is never called from within itself.
func (h *hosted) Release(c im.ConvID) {
	h.m.inbox.Put(func() {
		if ch, ok := h.m.chats[c]; ok && !h.ended {
			h.m.flush(ch)
		}
	})
}

// Keep writes down what was said since the conversation was sealed. It does so
// after the plugin has returned, which says then what is kept.
func (h *hosted) Keep(c im.ConvID) {
	h.m.inbox.Put(func() {
		if !h.ended {
			h.m.keepSealed(c)
		}
	})
}

// Attention makes the user aware of the conversation, if it is open. Who is not to be
// disturbed finds what is new in the windows.
func (h *hosted) Attention(c im.ConvID, how plugin.Attention) {
	how.Notify = how.Notify && h.m.presence.Show != im.DoNotDisturb
	if !how.Notify {
		how.Says = plugin.SaysWho
	}
	if how == (plugin.Attention{}) {
		return
	}
	if ch, ok := h.m.chats[c]; ok && ch.open && !h.ended {
		h.m.publish(Attention{c, how})
	}
}

// Ask shows a form.
func (h *hosted) Ask(c im.ConvID, f plugin.Form, done func(plugin.Answers)) plugin.Dialog {
	if h.ended {
		return &dialog{m: h.m}
	}
	d := h.m.ask(c, f, done)
	d.owner = h
	return d
}

// Accounts are the user's accounts.
func (h *hosted) Accounts() []im.Account {
	var out []im.Account
	for _, a := range h.m.sortedAccounts() {
		out = append(out, a.link.State().Account.Clone())
	}
	return out
}

// Name is what people call the peer.
func (h *hosted) Name(c im.ConvID) string { return h.m.list.Title(c) }

// Online reports who is there.
func (h *hosted) Online(c im.ConvID) (account, peer bool) {
	p, _ := h.m.list.Presence(c)
	return h.m.connected(c.Account), p.Show != im.Offline
}

// HasDevice reports whether a device of the peer is there.
func (h *hosted) HasDevice(c im.ConvID, resource string) bool {
	return h.m.list.HasDevice(c, resource)
}

// Open reports whether the conversation is open.
func (h *hosted) Open(c im.ConvID) bool {
	ch, ok := h.m.chats[c]
	return ok && ch.open
}

// Listed reports whether the peer is on the Buddy List.
func (h *hosted) Listed(c im.ConvID) bool {
	_, ok := h.m.list.Buddy(c)
	return ok
}

// SeesUs reports whether the peer is told how available the user is.
func (h *hosted) SeesUs(c im.ConvID) bool {
	b, ok := h.m.list.Buddy(c)
	return ok && b.Subscription.SeesUs()
}

// Language is the user's.
func (h *hosted) Language() string {
	if h.m.cfg.Language == "" {
		return "en"
	}
	return h.m.cfg.Language
}

// ShowGuide opens a page of the plugin's own guide.
func (h *hosted) ShowGuide(page string) {
	if !h.ended {
		h.m.showGuide(h.plugin.Info().ID, page)
	}
}

// MaxMessage is the longest body the network takes.
func (h *hosted) MaxMessage(a im.AccountID) int {
	if s := h.m.session(a); s != nil {
		return s.Limits().MaxMessage
	}
	return 0
}

// Store keeps the plugin's data.
func (h *hosted) Store() plugin.Store { return h.store }

// Vault keeps its secrets.
func (h *hosted) Vault() plugin.Vault { return h.vault }

// Now is the time.
func (h *hosted) Now() time.Time { return time.Now() }

// After calls f when d has passed.
func (h *hosted) After(d time.Duration, f func()) (stop func()) {
	if h.ended {
		return func() {}
	}
	return h.m.after(d, func() {
		if !h.ended {
			h.m.guard(f)
		}
	})
}

// Go runs work beside the messenger, and done on its goroutine.
func (h *hosted) Go(work func(context.Context) error, done func(error)) {
	if h.ended {
		return
	}
	h.m.background(func(context.Context) (err error) {
		defer func() {
			if p := recover(); p != nil {
				err = lang.Error("something failed inside Culver")
			}
		}()
		return work(h.ctx)
	}, func(err error) {
		if !h.ended {
			h.m.guard(func() { done(err) })
		}
	})
}

// named is a part of the vault, under a prefix.
type named struct {
	vault  plugin.Vault
	prefix string
}

func (n named) Get(ctx context.Context, name string) ([]byte, error) {
	return n.vault.Get(ctx, n.prefix+name)
}

func (n named) Put(ctx context.Context, name string, secret []byte) error {
	return n.vault.Put(ctx, n.prefix+name, secret)
}

func (n named) Delete(ctx context.Context, name string) error {
	return n.vault.Delete(ctx, n.prefix+name)
}
