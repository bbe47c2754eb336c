package protocol

import (
	"net/netip"
	"strconv"
	"strings"

	"culver/im"
	"culver/lang"
)

// The IDs of the settings fields for the proxy of an account, the same in every
// network that can use one.
const (
	FieldProxy         = "proxy" // one of the kinds below
	FieldProxyHost     = "proxy_host"
	FieldProxyPort     = "proxy_port"
	FieldProxyUser     = "proxy_user"     // empty: the proxy is not told who asks
	FieldProxyPassword = "proxy_password" // never an option of the account: see ProxyUser
)

// The kinds of proxy.
const (
	NoProxy     = "" // none of its own: the one for all accounts, if there is one
	ProxySOCKS5 = "socks5"
	ProxyTor    = "tor"
	ProxyHTTP   = "http"
	ProxyDirect = "direct" // none, whatever there is for all accounts
	// ProxyForAll is NoProxy, and there was one for all accounts when that was said: if it
	// is lost, the account must not be connected. No network ever connects with it.
	ProxyForAll = "all"
)

// ProxyUser is a session that can be told the password for its account's proxy, once,
// before it runs. It takes the secret over.
type ProxyUser interface {
	SetProxyPassword(password im.Secret)
}

// Proxy is the proxy of an account.
type Proxy struct {
	Kind string
	Host string
	Port int
	User string
}

// defaults of a kind: empty or 0 if there are none.
func proxyDefaults(kind string) (host string, port int) {
	switch kind {
	case ProxyTor:
		return "127.0.0.1", 9050
	case ProxySOCKS5:
		return "", 1080
	case ProxyHTTP:
		return "", 8080
	}
	return "", 0
}

// ProxyFields are the settings fields for the proxy of an account.
func ProxyFields() []im.Field {
	choices := []im.Choice{{Value: NoProxy, Label: lang.T("As for all accounts")}, {Value: ProxyDirect, Label: lang.T("No proxy")}}
	return proxyFields(choices, lang.T("All of this account goes through the proxy, names of servers too. If the proxy does not answer, Culver does not connect."))
}

// ProxyFieldsForAll are those for the proxy of all accounts that have none of their own.
func ProxyFieldsForAll() []im.Field {
	return proxyFields([]im.Choice{{Value: NoProxy, Label: lang.T("No proxy")}},
		lang.T("These accounts go through the proxy with all they do, and it looks up the names of servers. If it does not answer, they are not connected."))
}

func proxyFields(none []im.Choice, promise string) []im.Field {
	with := []string{ProxySOCKS5, ProxyHTTP}
	all := append([]string{ProxyTor}, with...)
	return []im.Field{
		{ID: FieldProxy, Kind: im.FieldChoice, Label: lang.T("Proxy type"), Choices: append(none,
			im.Choice{Value: ProxySOCKS5, Label: "SOCKS 5"}, im.Choice{Value: ProxyTor, Label: lang.T("Tor/Privacy (SOCKS 5)")}, im.Choice{Value: ProxyHTTP, Label: "HTTP"})},
		{ID: FieldProxyHost, Kind: im.FieldText, Label: lang.T("Host"), Hint: lang.T("Only Tor on this computer needs none."), WhenField: FieldProxy, WhenOneOf: all},
		{ID: FieldProxyPort, Kind: im.FieldText, Label: lang.T("Port"), Hint: lang.T("Empty: 9050 (Tor), 1080 (SOCKS 5), 8080 (HTTP)."), WhenField: FieldProxy, WhenOneOf: all},
		{ID: FieldProxyUser, Kind: im.FieldText, Label: lang.T("Username"), Hint: lang.T("only if the proxy wants one"), WhenField: FieldProxy, WhenOneOf: with},
		{ID: FieldProxyPassword, Kind: im.FieldSecret, Label: lang.T("Password"), WhenField: FieldProxy, WhenOneOf: with},
		{Kind: im.FieldNote, WhenField: FieldProxy, WhenValue: ProxyTor, Label: lang.T("The Tor inside the Tor Browser has the port 9150.")},
		{Kind: im.FieldNote, WhenField: FieldProxy, WhenOneOf: all, Label: promise},
	}
}

// CheckProxy reads the settings of a proxy, as they were typed, and returns the options
// of the account that keep them. What it does not understand is a [WrongAnswer]: an
// account is never connected directly because of that.
func CheckProxy(answer func(id string) string) (map[string]string, error) {
	options, wrong := readProxy(answer)
	if len(wrong) > 0 {
		return nil, wrong[0]
	}
	return options, nil
}

// CheckProxyAnswers is what is wrong with the settings of a proxy.
func CheckProxyAnswers(answer func(id string) string) []*WrongAnswer {
	_, wrong := readProxy(answer)
	return wrong
}

func readProxy(answer func(id string) string) (options map[string]string, wrong []*WrongAnswer) {
	get := func(id string) string { return strings.TrimSpace(answer(id)) }
	p := Proxy{Kind: get(FieldProxy), Host: strings.Trim(get(FieldProxyHost), "[]"), User: get(FieldProxyUser)}
	port := get(FieldProxyPort)
	say := func(field, text string) { wrong = append(wrong, &WrongAnswer{field, text}) }
	switch p.Kind {
	case NoProxy:
		return nil, nil
	case ProxyDirect, ProxyForAll:
		return map[string]string{FieldProxy: p.Kind}, nil
	case ProxySOCKS5, ProxyTor, ProxyHTTP:
	default:
		say(FieldProxy, lang.F("There is no kind of proxy called %q. Choose one under Proxy.", shortened(p.Kind)))
		return nil, wrong
	}
	defaultHost, defaultPort := proxyDefaults(p.Kind)
	if p.Host == "" {
		p.Host = defaultHost
	}
	if problem := proxyHostProblem(p); problem != "" {
		say(FieldProxyHost, problem)
	}
	if p.Port = defaultPort; port != "" {
		n, err := strconv.Atoi(port)
		if err != nil || n < 1 || n > 65535 {
			say(FieldProxyPort, lang.T("A port is a number from 1 to 65535."))
		}
		p.Port = n
	}
	if len(p.User) > 255 || p.Kind == ProxyHTTP && strings.Contains(p.User, ":") {
		say(FieldProxyUser, lang.T("This username is none that a proxy can be told."))
	}
	if wrong != nil {
		return nil, wrong
	}
	options = map[string]string{FieldProxy: p.Kind, FieldProxyHost: p.Host, FieldProxyPort: strconv.Itoa(p.Port)}
	if p.User != "" && p.Kind != ProxyTor {
		options[FieldProxyUser] = p.User
	}
	return options, nil
}

// proxyHostProblem is what is wrong with the host of a proxy, or empty.
func proxyHostProblem(p Proxy) string {
	if p.Host == "" {
		return lang.T("Enter the host of the proxy.")
	}
	if _, err := netip.ParseAddr(p.Host); err == nil {
		return ""
	}
	if p.Kind == ProxyTor && p.Host != "localhost" {
		return lang.T("The host of the Tor proxy is written in numbers, like 127.0.0.1: looking up a name would tell others of it.")
	}
	if len(p.Host) > 253 || strings.Trim(strings.ToLower(p.Host), "abcdefghijklmnopqrstuvwxyz0123456789.-_") != "" {
		return lang.F("%q is not the host of a proxy, such as proxy.example.net.", shortened(p.Host))
	}
	return ""
}

// ProxyOf is the proxy of an account. An error means that it must not be connected.
func ProxyOf(a im.Account) (Proxy, error) {
	options, err := CheckProxy(a.Option)
	switch {
	case err != nil:
		return Proxy{}, err
	case options[FieldProxy] == ProxyForAll:
		return Proxy{}, &WrongAnswer{FieldProxy, lang.T("The proxy for all accounts is not known.")}
	case options == nil || options[FieldProxy] == ProxyDirect:
		return Proxy{}, nil
	}
	port, err := strconv.Atoi(options[FieldProxyPort])
	return Proxy{Kind: options[FieldProxy], Host: options[FieldProxyHost], Port: port, User: options[FieldProxyUser]}, err
}

// shortened is the beginning of what was typed.
func shortened(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
