package messenger

import (
	"maps"
	"net"
	"net/url"

	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// SettingProxy is the proxy of all accounts that have none of their own, as in
// "socks5://somebody@proxy.example.net:1080"; empty: none. The vault has the password.
const SettingProxy = "proxy"

const proxyForAllName = "proxy"

// proxyForAll are the options of an account that goes through that proxy. If it is broken,
// no account may do without.
type proxyForAll struct {
	options map[string]string // nil: none
	broken  bool
}

func (m *Messenger) proxyForAll() proxyForAll { return readProxyForAll(m.settings[SettingProxy]) }

func readProxyForAll(setting string) proxyForAll {
	if setting == "" {
		return proxyForAll{}
	}
	u, err := url.Parse(setting)
	if err != nil {
		return proxyForAll{broken: true}
	}
	typed := map[string]string{protocol.FieldProxy: u.Scheme, protocol.FieldProxyHost: u.Hostname(),
		protocol.FieldProxyPort: u.Port(), protocol.FieldProxyUser: u.User.Username()}
	options, err := protocol.CheckProxy(func(id string) string { return typed[id] })
	if err != nil || options[protocol.FieldProxyHost] == "" {
		return proxyForAll{broken: true}
	}
	return proxyForAll{options: options}
}

// loadProxy takes it from the store. What cannot be read is broken.
func (m *Messenger) loadProxy() {
	v, _, err := m.cfg.Store.Setting(SettingProxy)
	if err != nil {
		v = "unreadable"
	}
	m.settings[SettingProxy] = v
}

// setting is how it is kept.
func (p proxyForAll) setting() string {
	if p.options == nil {
		return ""
	}
	u := url.URL{Scheme: p.options[protocol.FieldProxy], Host: p.address()}
	if user := p.options[protocol.FieldProxyUser]; user != "" {
		u.User = url.User(user)
	}
	return u.String()
}

func (p proxyForAll) address() string {
	return net.JoinHostPort(p.options[protocol.FieldProxyHost], p.options[protocol.FieldProxyPort])
}

// words are for people.
func (p proxyForAll) words() string {
	switch {
	case p.broken:
		return lang.T("not readable, so that these accounts do not connect")
	case p.options == nil:
		return lang.As("proxy", "none")
	}
	for _, f := range protocol.ProxyFieldsForAll() {
		for _, c := range f.Choices {
			if c.Value == p.options[protocol.FieldProxy] {
				return c.Label + ", " + p.address()
			}
		}
	}
	return p.address()
}

// follows reports that an account has no proxy of its own.
func follows(kind string) bool { return kind == protocol.NoProxy || kind == protocol.ProxyForAll }

// throughProxy is an account as it is connected, and under which name the vault has the
// password for its proxy.
func (m *Messenger) throughProxy(set im.Account) (im.Account, string) {
	if !follows(set.Option(protocol.FieldProxy)) {
		return set, proxyPasswordName(set.ID)
	}
	set = set.Clone()
	if p := m.proxyForAll(); p.broken {
		set.Options[protocol.FieldProxy] = protocol.ProxyForAll
	} else {
		maps.Copy(set.Options, p.options)
	}
	return set, proxyForAllName
}

// answersThrough are the answers for an account as if the proxy that it is to go through
// had been typed there.
func (m *Messenger) answersThrough(typed map[string]string) map[string]string {
	out := maps.Clone(typed)
	if !follows(typed[protocol.FieldProxy]) {
		return out
	}
	maps.DeleteFunc(out, func(id, _ string) bool { return ofProxy(id) })
	if p := m.proxyForAll(); p.broken {
		out[protocol.FieldProxy] = protocol.ProxyForAll
	} else {
		maps.Copy(out, p.options)
	}
	return out
}

// follower is an account as it is kept after the user chose that kind of proxy: what goes
// through the one for all accounts has nothing of it, and a note that there is one.
func (m *Messenger) follower(set im.Account, kind string) im.Account {
	if !follows(kind) {
		return set
	}
	set = set.Clone()
	maps.DeleteFunc(set.Options, func(id, _ string) bool { return ofProxy(id) })
	if p := m.proxyForAll(); p.broken || p.options != nil {
		set.Options[protocol.FieldProxy] = protocol.ProxyForAll
	}
	return set
}

// followsProxy is a field of the form of an account, which says what goes for all.
func (m *Messenger) followsProxy(f im.Field) im.Field {
	if f.ID != protocol.FieldProxy {
		return f
	}
	if f.Value == protocol.ProxyForAll {
		f.Value = protocol.NoProxy
	}
	for i, c := range f.Choices {
		if c.Value == protocol.NoProxy {
			f.Choices[i].Label = lang.F("As for all accounts: %s", m.proxyForAll().words())
		}
	}
	return f
}

// noteFollowers notes in each account that follows that there is a proxy for all.
func (m *Messenger) noteFollowers() {
	if p := m.proxyForAll(); p.options == nil {
		return
	}
	for _, a := range m.sortedAccounts() {
		if set := a.link.State().Account; set.Option(protocol.FieldProxy) == protocol.NoProxy {
			m.setAccount(a, m.follower(set, protocol.NoProxy))
		}
	}
}

// proxyForAllChanged connects those again that go another way now.
func (m *Messenger) proxyForAllChanged() {
	m.noteFollowers()
	for _, a := range m.sortedAccounts() {
		set := a.link.State().Account
		if !follows(set.Option(protocol.FieldProxy)) {
			continue
		}
		if m.settings[SettingProxy] == "" && set.Option(protocol.FieldProxy) == protocol.ProxyForAll {
			m.setAccount(a, m.follower(set, protocol.NoProxy))
		}
		if a.cancel == nil {
			m.part(a) // what is held came another way
		}
		m.follow(a, a.link.Restart())
	}
}
