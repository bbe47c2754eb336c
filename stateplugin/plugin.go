// Package stateplugin writes into open conversations how available the other one
// is: signed on or off, away or back. It is a plugin.Plugin, on the messenger's
// goroutine.
//
// It says what it says in its own words: what people write about themselves in
// their status is not repeated. Who comes and goes many times fills no
// conversation: what lasts is told.
package stateplugin

import (
	"errors"
	"fmt"
	"time"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

const (
	// lasting is how long a state has to last to be told.
	lasting = 10 * time.Second
	// settling is how long the states of buddies come in after an account is
	// connected: they are news to the program, and not to the user.
	settling = 30 * time.Second
)

// Plugin is the state notifications of one user. Make it with [New].
type Plugin struct {
	host     plugin.Host
	settings settings
	arrivals map[im.AccountID]time.Time // when accounts were connected
	news     map[im.ConvID]*news
	window   plugin.Switches
}

// news is a state that does not last long enough yet.
type news struct {
	before, now im.Show
	stop        func()
}

var (
	_ plugin.Plugin     = (*Plugin)(nil)
	_ plugin.Watcher    = (*Plugin)(nil)
	_ plugin.Observer   = (*Plugin)(nil)
	_ plugin.Configurer = (*Plugin)(nil)
)

// New makes the plugin.
func New() *Plugin { return &Plugin{} }

// Info describes the plugin.
func (p *Plugin) Info() plugin.Info {
	return plugin.Info{
		ID:           "state",
		Name:         lang.As("a plugin", "State"),
		Title:        lang.T("Buddy state notification"),
		Description:  lang.T("Says in the conversation when a buddy signs off, goes away or comes back"),
		Version:      "1.0",
		OffByDefault: true,
	}
}

// settings are what the user wants to read.
type settings struct {
	Signs bool `json:"signs"` // on and off
	Away  bool `json:"away"`  // and back
}

const settingsKey = "settings"

// Init reads the settings. Damaged ones are as if there were none.
func (p *Plugin) Init(h plugin.Host) error {
	*p = Plugin{host: h, settings: settings{Signs: true, Away: true},
		arrivals: map[im.AccountID]time.Time{}, news: map[im.ConvID]*news{}}
	if _, err := plugin.Load(h.Store(), settingsKey, &p.settings); err != nil && !errors.Is(err, plugin.ErrDamaged) {
		return fmt.Errorf("read the settings of state notifications: %w", err)
	}
	p.window = plugin.Switches{
		Title:  lang.T("Buddy state notification"),
		Intro:  lang.T("Say in an open conversation when the buddy:"),
		Fields: p.fields,
		Change: p.change,
	}
	return nil
}

// Close forgets what is not told yet.
func (p *Plugin) Close() error {
	for c := range p.news {
		p.forget(c)
	}
	p.window.Close()
	return nil
}

// AccountOnline notes when it was.
func (p *Plugin) AccountOnline(a im.AccountID, online bool) {
	if online {
		p.arrivals[a] = p.host.Now()
		return
	}
	delete(p.arrivals, a)
	for c := range p.news {
		if c.Account == a {
			p.forget(c)
		}
	}
}

// AccountRemoved is told after the account went offline.
func (p *Plugin) AccountRemoved(im.AccountID) {}

func (p *Plugin) forget(c im.ConvID) {
	if n := p.news[c]; n != nil {
		n.stop()
		delete(p.news, c)
	}
}

// Shows tells of the state once it has lasted.
func (p *Plugin) Shows(c im.ConvID, before, after im.Show, _ string) {
	if before == after {
		return // one device of several is gone
	}
	if n := p.news[c]; n != nil {
		before = n.before
		p.forget(c)
	} else if p.host.Now().Sub(p.arrivals[c.Account]) < settling {
		return
	}
	if before == after || !p.host.Open(c) {
		return
	}
	n := &news{before: before, now: after}
	p.news[c] = n
	n.stop = p.host.After(lasting, func() {
		delete(p.news, c)
		if text := p.sentence(p.host.Name(c), n.before, n.now); text != "" && p.host.Open(c) {
			p.host.Notice(c, im.Notice, im.Plain(text))
		}
	})
}

// sentence says what has changed; nothing if the user does not want to read of it.
func (p *Plugin) sentence(name string, before, now im.Show) string {
	signs := before == im.Offline || now == im.Offline
	switch {
	case signs && !p.settings.Signs || !signs && !p.settings.Away:
		return ""
	case now == im.Offline:
		return lang.F("%s has signed off.", name)
	case signs:
		return signedOn(name, now)
	}
	switch now {
	case im.ExtendedAway:
		return lang.F("%s is away for longer.", name)
	case im.Away:
		return lang.F("%s is away.", name)
	case im.DoNotDisturb:
		return lang.F("%s does not want to be disturbed.", name)
	case im.FreeForChat:
		return lang.F("%s is free for a chat.", name)
	default:
		return lang.F("%s is available again.", name)
	}
}

func signedOn(name string, now im.Show) string {
	switch now {
	case im.ExtendedAway:
		return lang.F("%s has signed on, and is away for longer.", name)
	case im.Away:
		return lang.F("%s has signed on, and is away.", name)
	case im.DoNotDisturb:
		return lang.F("%s has signed on, and does not want to be disturbed.", name)
	case im.FreeForChat:
		return lang.F("%s has signed on, and is free for a chat.", name)
	default:
		return lang.F("%s has signed on.", name)
	}
}
