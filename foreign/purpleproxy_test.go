package foreign

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// prefsXML are preferences with this proxy for all accounts.
func prefsXML(kind, host string) string {
	return "<?xml version='1.0' encoding='UTF-8' ?>\n<pref version='1' name='/'>\n\t<pref name='purple'>\n\t\t<pref name='proxy'>\n" +
		"\t\t\t<pref name='type' type='string' value='" + kind + "'/>\n\t\t\t<pref name='host' type='string' value='" + host + "'/>\n" +
		"\t\t\t<pref name='port' type='int' value='1081'/>\n\t\t\t<pref name='username' type='string' value='me'/>\n" +
		"\t\t\t<pref name='password' type='string' value='secret'/>\n\t\t</pref>\n\t\t<pref name='logging'><pref name='type' value='none'/></pref>\n\t</pref>\n</pref>\n"
}

// An account is connected directly only if Pidgin surely did so.
func TestPidginProxies(t *testing.T) {
	const (
		all  = "map[proxy:socks5 proxy_host:proxy.example.net proxy_port:1081 proxy_user:me]"
		none = "map[]"
	)
	damaged := prefsXML("socks5", "proxy.example.net")
	for _, c := range []struct {
		name, own, prefs, options, doubt string
	}{
		{"own none", "none", "socks5", none, ""},
		{"own one", "http", "tor", "map[proxy:http proxy_host:own.example.net proxy_port:3128]", ""},
		{"own tor", "tor", "none", "map[proxy:tor proxy_host:own.example.net proxy_port:3128]", ""},
		{"own of the environment", "envvar", "none", none, "settings of the system"},
		{"own socks4", "socks4", "none", none, "not imported"},
		{"own nonsense", "NONE", "none", none, "not imported"},
		{"follows", "global", "socks5", all, ""},
		{"follows by itself", "", "socks5", all, ""},
		{"follows tor", "global", "tor", "map[proxy:tor proxy_host:proxy.example.net proxy_port:1081]", ""},
		{"follows none", "", "none", none, ""},
		{"follows the environment", "global", "envvar", none, "settings of the system"},
		{"follows socks4", "global", "socks4", none, "not imported"},
		{"follows itself", "global", "global", none, "not imported"},
		{"no preferences", "global", "", none, "prefs.xml"},
		{"empty", "", "<pref name='/'/>", none, "prefs.xml"},
		{"empty kind", "", "<pref name='/'><pref name='purple'><pref name='proxy'><pref name='type' value=''/></pref></pref></pref>", none, "prefs.xml"},
		{"no kind", "", "<pref name='/'><pref name='purple'><pref name='proxy'><pref name='host' value='none'/></pref></pref></pref>", none, "prefs.xml"},
		{"not XML", "", "\x00\xff none", none, "prefs.xml"},
		{"elsewhere", "", "<pref name='/'><pref name='proxy'><pref name='type' value='none'/></pref><pref name='pidgin'><pref name='proxy'><pref name='type' value='none'/></pref></pref></pref>", none, "prefs.xml"},
		{"no pref", "", "<x name='/'><pref name='purple'><pref name='proxy'><pref name='type' value='none'/></pref></pref></x>", none, "prefs.xml"},
		{"twice", "", "<pref name='/'><pref name='purple'><pref name='proxy'><pref name='type' value='tor'/><pref name='type' value='none'/></pref></pref></pref>", none, "prefs.xml"},
		{"as paths", "", "<pref name='/'><pref name='/purple/proxy'><pref name='type' value='tor'/></pref></pref>", "map[proxy:tor]", ""},
		{"damaged behind it", "", damaged[:strings.Index(damaged, "<pref name='username'")], "map[proxy:socks5 proxy_host:proxy.example.net proxy_port:1081]", ""},
		{"damaged before it", "", damaged[:strings.Index(damaged, "<pref name='type'")], none, "prefs.xml"},
		{"deep", "", strings.Repeat("<pref name='/'>", 1000) + "<pref name='purple'><pref name='proxy'><pref name='type' value='none'/></pref></pref>", none, "prefs.xml"},
		{"too long a host", "global", "<pref name='/'><pref name='purple'><pref name='proxy'><pref name='type' value='socks5'/><pref name='host' value='" +
			strings.Repeat("x", 2000) + "'/></pref></pref></pref>", "map[proxy:socks5]", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			own := ""
			if c.own != "" {
				own = "<proxy><type>" + c.own + "</type><host>own.example.net</host><port>3128</port></proxy>"
			}
			files := map[string]string{"accounts.xml": "<account><account><protocol>prpl-jabber</protocol><name>a@b.c/</name>" +
				"<settings ui='gtk-gaim'><setting name='auto-login'>1</setting></settings>" + own + "</account></account>"}
			switch {
			case c.prefs == "":
			case strings.ContainsAny(c.prefs, "<\x00"):
				files["prefs.xml"] = c.prefs
			default:
				files["prefs.xml"] = prefsXML(c.prefs, "proxy.example.net")
			}
			a := read(t, write(t, files), "Pidgin").Accounts[0]
			if got := fmt.Sprint(a.Options); got != c.options {
				t.Errorf("its options are %s", got)
			}
			if c.doubt == "" && a.Doubt != "" || !strings.Contains(a.Doubt, c.doubt) || strings.Contains(a.Doubt, "%") {
				t.Errorf("the doubt is %q", a.Doubt)
			}
		})
	}
}

// On some desktops, Pidgin asks the desktop: if that has a proxy, it may have gone there.
func TestPidginOnADesktopWithAProxy(t *testing.T) {
	account := func(own string) string {
		return "<account><account><protocol>prpl-jabber</protocol><name>a@b.c/</name><proxy><type>" + own + "</type></proxy></account></account>"
	}
	settings := write(t, map[string]string{"plain": "GVariant\x00/\x00org/\x00theme", "proxied": "GVariant\x00system/\x00proxy/\x00mode\x00manual"})
	at := func(name string) Places { return Places{Desktop: []string{filepath.Join(settings, name)}} }
	for _, c := range []struct {
		here       Places
		own, prefs string
		doubt      string
	}{
		{at("plain"), "global", "none", ""},
		{at("nowhere"), "global", "none", ""},
		{at("proxied"), "global", "none", "proxy of your desktop"},
		{at(""), "global", "none", "proxy of your desktop"}, // a folder: it cannot be read
		{at("proxied"), "none", "none", ""},
		{at("proxied"), "global", "tor", ""}, // through a proxy in any case
		{at("proxied"), "global", "envvar", "settings of the system"},
	} {
		p := readHere(t, write(t, map[string]string{"accounts.xml": account(c.own), "prefs.xml": prefsXML(c.prefs, "")}), "Pidgin", c.here)
		if got := p.Accounts[0].Doubt; c.doubt == "" && got != "" || !strings.Contains(got, c.doubt) {
			t.Errorf("%s, %s at %v: the doubt is %q", c.own, c.prefs, c.here.Desktop, got)
		}
	}
	config := t.TempDir()
	if err := os.MkdirAll(filepath.Join(config, "dconf"), 0o700); err != nil {
		t.Fatal(err)
	}
	if got := desktopSettings(config); len(got) == 0 || got[0] != filepath.Join(config, "dconf", "user") {
		t.Errorf("the settings of the desktop are in %v", got)
	}
}
