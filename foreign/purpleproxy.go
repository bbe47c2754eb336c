package foreign

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"

	"culver/lang"
)

// The proxy of an account of Pidgin's. Each has its own, or follows the one that is set
// for all of them in prefs.xml, under /purple/proxy. On some desktops, Pidgin passes over
// the latter and asks the desktop for its proxy; and it may be told to ask the
// environment. What those say is not to be known here, and an account of which it is not
// known how it was connected must not be connected directly.

// doubtKind is why it is not known through what an account is connected: it has a proxy
// that is not imported.
func doubtKind(address, title string) string {
	return lang.F("%s is connected through a proxy in %s, whose settings are not imported.", address, title)
}

// purpleProxy is one proxy as it is written there.
type purpleProxy struct{ kind, host, port, user string }

// globalProxy reads the proxy for all accounts. Its kind is empty if it is not known:
// Pidgin always writes one.
func globalProxy(prefs *element) purpleProxy {
	found := map[string]string{}
	for _, root := range prefs.kids {
		proxyPrefs(root, "", 0, found)
	}
	return purpleProxy{kind: found["type"], host: found["host"], port: found["port"], user: found["username"]}
}

// proxyPrefs collects what is set below /purple/proxy. Names are nested or written as
// paths. What stands there twice and differs is not known.
func proxyPrefs(e *element, path string, depth int, found map[string]string) {
	const under = "/purple/proxy/"
	if depth > maxDepth || e.name != "pref" {
		return
	}
	if name := strings.Trim(e.attrs["name"], "/"); name != "" {
		path += "/" + name
	}
	if len(path) > maxName {
		return
	}
	if value, ok := e.attrs["value"]; ok && strings.HasPrefix(path, under) {
		key := path[len(under):]
		if before, twice := found[key]; twice && before != value {
			value = ""
		}
		found[key] = value
	}
	for _, k := range e.kids {
		proxyPrefs(k, path, depth+1, found)
	}
}

// setProxy gives an account the proxy that it has, or follows.
func (p *Profile) setProxy(a *Account, own, global purpleProxy) {
	use, follows := own, own.kind == "" || own.kind == "global"
	if follows {
		use = global
	}
	switch use.kind {
	case "none":
		if follows && p.desktopProxy {
			a.Doubt = lang.F("%s may go through the proxy of your desktop in %s. The settings of the desktop are not imported.", a.Address, p.Title)
		}
	case "":
		a.Doubt = lang.F("%s may go through a proxy in %s. Which one, its file prefs.xml would say, but that is missing or damaged.", a.Address, p.Title)
	case "tor", "socks5", "http":
		a.set(optionProxy, use.kind)
		a.set(optionProxyHost, use.host)
		if use.port != "0" {
			a.set(optionProxyPort, use.port)
		}
		if use.kind != "tor" {
			a.set(optionProxyUser, use.user)
		}
	case "envvar":
		a.Doubt = lang.F("%s takes its proxy from the settings of the system in %s, which are not imported.", a.Address, p.Title)
	default:
		a.Doubt = doubtKind(a.Address, p.Title)
	}
}

// desktopHasProxy reports whether a proxy is set in the settings of this computer's
// desktop. They are a database in which only what somebody has set stands, under names
// that end in a slash if they have others below: it is enough to look for that of the
// proxy. What cannot be read may have one.
func (p Places) desktopHasProxy() bool {
	for _, path := range p.Desktop {
		info, err := os.Stat(path)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil || !info.Mode().IsRegular() || info.Size() > maxFile {
			return true
		}
		data, err := os.ReadFile(path)
		if err != nil || bytes.Contains(data, []byte("proxy/")) {
			return true
		}
	}
	return false
}

// desktopSettings are the databases of the desktop's settings: the user's, and those
// that the computer's owner made for all.
func desktopSettings(config string) (files []string) {
	if config != "" {
		files = append(files, filepath.Join(config, "dconf", "user"))
	}
	if entries, err := os.ReadDir("/etc/dconf/db"); err == nil {
		for _, e := range entries[:min(len(entries), 50)] {
			if !e.IsDir() {
				files = append(files, filepath.Join("/etc/dconf/db", e.Name()))
			}
		}
	}
	return files
}
