package foreign

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"culver/im"
	"culver/lang"
)

// The IDs of the network's settings that other programs have, too.
const (
	optionServer    = "server"
	optionProxy     = "proxy" // tor, socks5 or http
	optionProxyHost = "proxy_host"
	optionProxyPort = "proxy_port"
	optionProxyUser = "proxy_user"
	optionPort      = "port"
	optionResource  = "resource"
	optionSecurity  = "security"
	securityDirect  = "direct"
	defaultPort     = "5222"
)

// readPidgin reads a folder of Pidgin's.
func readPidgin(p *Profile, f *folder) error {
	p.Program, p.Title = "pidgin", "Pidgin"
	names := p.readPurple(f, "")
	for _, name := range []string{"otr.private_key", "otr.fingerprints"} {
		p.readFile(f, name, name)
	}
	p.findPurpleLogs(f, "logs")
	p.logs = names
	return nil
}

// readFile keeps a file for plugins, if it is there.
func (p *Profile) readFile(f *folder, path, name string) {
	if len(p.Files) >= maxFiles {
		return
	}
	data, err := f.read(path, maxKeyFile)
	if err == nil {
		p.file(name, data)
	} else if !errors.Is(err, fs.ErrNotExist) {
		p.note(lang.F("The file %s is left out: %v.", short(path), reason(err)))
	}
}

// readTree reads a file of XML, if it is there.
func (p *Profile) readTree(f *folder, path string) *element {
	data, err := f.read(path, maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return new(element)
	}
	if err != nil {
		p.note(lang.F("The file %s is left out: %v.", short(path), reason(err)))
		return new(element)
	}
	defer clear(data)
	tree, err := parseXML(data)
	if err != nil {
		p.note(lang.F("The file %s is damaged. What could be read of it is imported.", short(path)))
	}
	return tree
}

// readPurple reads accounts.xml and blist.xml in a folder, and returns what people
// are called there.
func (p *Profile) readPurple(f *folder, under string) *purpleLogs {
	names := &purpleLogs{p: p, own: map[string][]string{}, peer: map[[2]string][]string{}}
	accounts, prefs := p.readTree(f, under+"accounts.xml"), p.readTree(f, under+"prefs.xml")
	defer accounts.wipe()
	global := globalProxy(prefs)
	others := map[string]int{}
	for _, root := range accounts.kids {
		root.all("account", func(e *element) {
			network := e.first("protocol").string()
			if !isXMPP(network) {
				others[strings.TrimPrefix(network, "prpl-")]++
				return
			}
			a, ok := p.purpleAccount(e, global)
			if !ok {
				p.note(lang.T("An account has no address and is left out."))
				return
			}
			names.own[a.Address] = append(names.own[a.Address], a.Alias)
			p.add(a)
		})
	}
	p.unsupported(others)
	p.readBuddies(p.readTree(f, under+"blist.xml"), names)
	return names
}

// purpleAccount reads one account of accounts.xml; global is the proxy that it follows.
func (p *Profile) purpleAccount(e *element, global purpleProxy) (Account, bool) {
	name := e.first("name").string()
	address, ok := bare(name)
	if !ok {
		return Account{}, false
	}
	a := Account{Scheme: schemeXMPP, Address: address, Alias: limited(e.first("alias").string()), Options: map[string]string{}}
	if _, resource, ok := strings.Cut(name, "/"); ok {
		a.set(optionResource, resource)
	}
	if secret := e.first("password"); len(secret.text) > 0 {
		if secret.attrs["keyring_id"] != "" || secret.attrs["mode"] != "" && secret.attrs["mode"] != "cleartext" {
			p.note(lang.F("The password of %s is kept elsewhere by %s. Enter it when Culver asks for it.", address, p.Title))
		} else {
			a.Password = im.NewSecret(slices.Clone(secret.text))
		}
	}
	settings, login := map[string]string{}, map[string]bool{}
	e.all("settings", func(s *element) {
		ui := s.attrs["ui"]
		s.all("setting", func(s *element) {
			switch name := s.attrs["name"]; {
			case ui == "":
				settings[name] = s.string()
			case name == "auto-login":
				login[ui] = s.string() == "1"
			}
		})
	})
	on, known := login["gtk-gaim"]
	for _, any := range login {
		on = on || !known && any
	}
	a.Enabled = on
	a.set(optionServer, settings["connect_server"])
	if port := settings["port"]; port != "" && (port != defaultPort || a.Options[optionServer] != "") {
		a.set(optionPort, port)
	}
	if settings["connection_security"] == "old_ssl" || settings["old_ssl"] == "1" && settings["connection_security"] == "" {
		a.set(optionSecurity, securityDirect)
	}
	proxy := e.first("proxy")
	p.setProxy(&a, purpleProxy{kind: proxy.first("type").string(), host: proxy.first("host").string(),
		port: proxy.first("port").string(), user: proxy.first("username").string()}, global)
	return a, true
}

// set keeps an option that is not too long to be one.
func (a *Account) set(option, value string) {
	if value = strings.TrimSpace(value); value != "" && len(value) <= maxName {
		a.Options[option] = value
	}
}

// readBuddies reads blist.xml.
func (p *Profile) readBuddies(tree *element, names *purpleLogs) {
	list := tree.first("purple").first("blist")
	rooms := 0
	at := map[[2]string]int{}
	list.all("group", func(g *element) {
		group := limited(g.attrs["name"])
		g.all("chat", func(*element) { rooms++ })
		g.all("contact", func(c *element) {
			c.all("chat", func(*element) { rooms++ })
			buddies := 0
			c.all("buddy", func(*element) { buddies++ })
			c.all("buddy", func(b *element) {
				account, ok := bare(b.attrs["account"])
				address, ok2 := bare(b.first("name").string())
				if !ok || !ok2 || !isXMPP(b.attrs["proto"]) {
					return
				}
				alias := b.first("alias").string()
				if alias == "" && buddies == 1 {
					alias = c.attrs["alias"]
				}
				key := [2]string{account, address}
				names.peer[key] = append(names.peer[key], alias, c.attrs["alias"])
				unkept := false
				b.all("setting", func(s *element) {
					unkept = unkept || s.attrs["name"] == "enable-logging" && s.string() == "0"
				})
				if i, twice := at[key]; twice {
					p.Buddies[i].also(group)
					return
				}
				if len(p.Buddies) == maxBuddies {
					p.note(lang.F("Only the first %d buddies are imported.", maxBuddies))
					return
				}
				at[key] = len(p.Buddies)
				n := Buddy{Account: account, Scheme: schemeXMPP, Address: address, Alias: limited(alias), Unkept: unkept}
				n.also(group)
				p.Buddies = append(p.Buddies, n)
			})
		})
	})
	if rooms > 0 {
		p.note(lang.N(rooms, "%s chat room is left out, because Culver does not have chat rooms.", "%s chat rooms are left out, because Culver does not have chat rooms.", im.Number(rooms)))
	}
	blocked := 0
	tree.first("purple").first("privacy").all("account", func(a *element) {
		if isXMPP(a.attrs["proto"]) {
			a.all("block", func(*element) { blocked++ })
		}
	})
	if blocked > 0 {
		p.note(lang.N(blocked, "%s person is blocked. Culver cannot block people yet, so this is not imported.", "%s people are blocked. Culver cannot block people yet, so this is not imported.", im.Number(blocked)))
	}
}

// also puts the buddy into one more group.
func (b *Buddy) also(group string) {
	if group != "" && len(b.Groups) < maxGroups && !slices.Contains(b.Groups, group) {
		b.Groups = append(b.Groups, group)
	}
}
