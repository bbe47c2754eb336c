package foreign

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"culver/im"
	"culver/lang"
)

// readGajim reads the folders of Gajim: one of settings, one of data. They may be
// the same.
func readGajim(p *Profile, config, data *folder) error {
	p.Program, p.Title = "gajim", "Gajim"
	for _, f := range []*folder{config, data} {
		if f == nil {
			continue
		}
		if text, err := f.read("config", maxFile); err == nil {
			p.parseGajim(text)
			clear(text)
		}
		if f.has("settings.sqlite") {
			if err := p.readGajimSettings(f); err != nil {
				p.note(lang.F("Gajim's settings could not be read: %v.", err))
			}
		}
	}
	for _, f := range []*folder{config, data} {
		if f == nil {
			continue
		}
		p.readGajimKeys(f)
		if f.has(gajimDatabase) {
			if err := p.findGajimLogs(f); err != nil {
				p.note(lang.F("Gajim's history could not be read: %v.", err))
			}
		}
	}
	return nil
}

// parseGajim reads the old file of settings: lines "accounts.NAME.option = value",
// where a name may have points in it.
func (p *Profile) parseGajim(data []byte) {
	all := map[string]map[string]any{}
	for line := range strings.SplitSeq(mend(data), "\n") {
		key, value, ok := strings.Cut(line, "=")
		if strings.TrimSpace(key) == "global_proxy" {
			p.setGajimProxy(strings.TrimSpace(value))
		}
		key, ok2 := strings.CutPrefix(strings.TrimSpace(key), "accounts.")
		dot := strings.LastIndexByte(key, '.')
		if !ok || !ok2 || dot < 1 {
			continue
		}
		name, option := key[:dot], key[dot+1:]
		if all[name] == nil {
			if len(all) >= maxAccounts {
				continue
			}
			all[name] = map[string]any{}
		}
		if len(all[name]) < maxName {
			all[name][option] = strings.TrimSpace(value)
		}
	}
	p.addGajim(all)
}

// noGajimProxy is what Gajim calls having none.
const noGajimProxy = "no-proxy"

// setGajimProxy notes the name of the proxy for all accounts that have none of their own.
func (p *Profile) setGajimProxy(name string) { p.gajimProxy = name != "" && name != noGajimProxy }

// addGajim keeps accounts by the names that Gajim has for them.
func (p *Profile) addGajim(all map[string]map[string]any) {
	names := make([]string, 0, len(all))
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		get := func(key string) string {
			switch v := all[name][key].(type) {
			case string:
				return v
			case bool:
				return strconv.FormatBool(v)
			case float64:
				return strconv.FormatFloat(v, 'f', -1, 64)
			}
			return ""
		}
		address, ok := bare(get("name") + "@" + get("hostname"))
		if address == "" && name == "Local" {
			continue // of the local network, which every Gajim has
		}
		if address == "" {
			address, ok = bare(get("address"))
		}
		if !ok {
			p.note(lang.F("The account %s has no address and is left out.", short(name)))
			continue
		}
		p.own[name] = address
		if p.hasAccount(address) {
			continue // in the old settings and in the new ones
		}
		a := Account{Scheme: schemeXMPP, Address: address, Options: map[string]string{},
			Enabled: strings.EqualFold(get("active"), "true")}
		switch proxy := get("proxy"); {
		case proxy == "" && p.gajimProxy, proxy != "" && proxy != noGajimProxy: // that of all, or its own
			a.Doubt = doubtKind(a.Address, p.Title)
		}
		if label := get("account_label"); label != "" {
			a.Alias = limited(label)
		} else if name != address && !strings.HasPrefix(name, "account_") {
			a.Alias = limited(name)
		}
		if a.Alias == address {
			a.Alias = ""
		}
		if secret := get("password"); secret != "" && !keptElsewhere(secret) {
			a.Password = im.NewSecret([]byte(secret))
		}
		a.set(optionResource, gajimResource(get("resource")))
		if strings.EqualFold(get("use_custom_host"), "true") {
			a.set(optionServer, get("custom_host"))
			a.set(optionPort, get("custom_port"))
		}
		p.add(a)
	}
}

// gajimResource leaves out names with a part that Gajim makes by chance.
func gajimResource(name string) string {
	if strings.Contains(name, "$rand") {
		return ""
	}
	return name
}

// keptElsewhere reports whether what stands in the place of a password says only
// which keyring has it.
func keptElsewhere(secret string) bool {
	for _, prefix := range []string{"keyring:", "gnomekeyring:", "kwallet:", "libsecret:", "winvault:"} {
		if strings.HasPrefix(secret, prefix) {
			return true
		}
	}
	return false
}

// parseGajimAccount reads one row of the new settings.
func parseGajimAccount(text []byte) (map[string]any, error) {
	var row struct{ Account map[string]any }
	if err := json.Unmarshal(text, &row); err != nil {
		return nil, fmt.Errorf("read an account: %w", err)
	}
	return row.Account, nil
}

// readGajimKeys reads the files that plugins for private conversations left:
// NAME.key3 is a key, NAME.fpr what is known of others'.
func (p *Profile) readGajimKeys(f *folder) {
	entries, _, _ := f.list(".")
	for _, e := range entries {
		name := e.name
		switch {
		case e.dir:
		case strings.HasSuffix(name, ".fpr"):
			p.readFile(f, name, fingerprintsFile)
		case strings.HasSuffix(name, ".key3"):
			label := strings.TrimSuffix(name, ".key3")
			address, ok := p.own[label]
			if !ok {
				address, ok = bare(label)
			}
			data, err := f.read(name, maxKeyFile)
			if !ok || err != nil {
				p.note(lang.F("The key file %s belongs to no account and is left out.", short(name)))
				break
			}
			if file := keyFile(address, data); file != nil {
				p.file(keysFile, file)
			} else {
				p.note(lang.F("The key file %s is of a kind that is not known here, and is left out.", short(name)))
			}
			clear(data)
		case strings.HasSuffix(name, ".key2"), strings.HasSuffix(name, ".key"):
			p.note(lang.F("The key file %s is in an old form that may run programs when it is read, so it is left out.", short(name)))
		}
	}
}
