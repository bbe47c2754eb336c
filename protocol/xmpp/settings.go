package xmpp

import (
	"maps"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/protocol"
)

// What a user answered to the fields of an account is read here, once for all that is
// wrong with it, and once for the account.

var _ protocol.Checker = Network{}

// Check is what is wrong with the answers.
func (Network) Check(answers map[string]string) []*protocol.WrongAnswer {
	return readAnswers(answers).wrong
}

// Account makes an account of the answers, or says what is first wrong with them.
func (Network) Account(answers map[string]string) (im.Account, error) {
	r := readAnswers(answers)
	if len(r.wrong) > 0 {
		return im.Account{}, r.wrong[0]
	}
	return im.Account{ID: im.NewAccountID(Scheme, r.address.Bare().String()), Enabled: true, Options: r.options}, nil
}

// settings are what was read of answers so far.
type settings struct {
	answers map[string]string
	address jid.JID
	options map[string]string
	wrong   []*protocol.WrongAnswer
}

func readAnswers(answers map[string]string) *settings {
	r := &settings{answers: answers, options: map[string]string{}}
	r.readAddress()
	r.readServer()
	r.choice(fieldSecurity, "There is no kind of encryption called %q.", securityAuto, securityStartTLS, securityDirect)
	r.readResource()
	r.choice(fieldTrust, "There is no way to check certificates called %q.", trustAuthorities, trustFirst)
	pin, err := normalizePin(r.answer(protocol.FieldPin))
	r.blame(protocol.FieldPin, err)
	r.set(protocol.FieldPin, pin)
	if r.answer(fieldWeaker) == im.On {
		r.set(fieldWeaker, im.On)
	}
	get := func(id string) string { return answers[id] }
	wrong := protocol.CheckProxyAnswers(get)
	r.wrong = append(r.wrong, wrong...)
	if proxy, err := protocol.CheckProxy(get); err == nil {
		maps.Copy(r.options, proxy)
		if kind := proxy[protocol.FieldProxy]; kind == protocol.NoProxy || kind == protocol.ProxyDirect {
			r.checkOnion()
		}
	}
	return r
}

func (r *settings) answer(id string) string { return strings.TrimSpace(r.answers[id]) }

func (r *settings) set(id, value string) {
	if value != "" {
		r.options[id] = value
	}
}

// blame notes what is wrong with a field, if anything.
func (r *settings) blame(field string, err error) {
	if err != nil {
		r.wrong = append(r.wrong, &protocol.WrongAnswer{Field: field, Text: err.Error()})
	}
}

func (r *settings) readAddress() {
	address, err := parseAddress(r.answers[protocol.FieldAddress])
	if err == nil && address.Localpart() == "" {
		err = sentencef("An address looks like you@example.net.")
	}
	if r.blame(protocol.FieldAddress, err); err == nil {
		r.address = address
		r.set(protocol.FieldAddress, address.Bare().String())
	}
}

// readServer reads where to connect to. A port may stand behind the name.
func (r *settings) readServer() {
	server, port := r.answer(fieldServer), r.answer(fieldPort)
	if host, behind, err := net.SplitHostPort(server); err == nil && port == "" {
		server, port = host, behind
	}
	server = strings.Trim(server, "[]")
	if server != "" && !isHost(server) {
		r.blame(fieldServer, sentencef("%q is not the name of a server, such as xmpp.example.net.", shorten(server)))
	}
	r.set(fieldServer, server)
	if p, err := strconv.Atoi(port); port != "" && (err != nil || p < 1 || p > 65535) {
		r.blame(fieldPort, sentencef("A port is a number from 1 to 65535."))
	}
	r.set(fieldPort, port)
}

// isHost reports whether something can be the name or the address of a computer.
func isHost(s string) bool {
	if _, err := netip.ParseAddr(s); err == nil {
		return true
	}
	ascii, err := idna.Lookup.ToASCII(s)
	if err != nil {
		ascii = s // a name of a private network
	}
	ascii = strings.ToLower(strings.TrimSuffix(ascii, "."))
	return ascii != "" && len(ascii) <= 253 && !strings.HasPrefix(ascii, ".") && !strings.Contains(ascii, "..") &&
		strings.Trim(ascii, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == ""
}

func (r *settings) readResource() {
	resource := r.answer(fieldResource)
	if resource == "" {
		resource = r.address.Resourcepart()
	}
	if resource == "" {
		return
	}
	full, err := jid.New("a", "example.net", resource)
	if err != nil {
		err = sentencef("%q cannot be the name of a device. Leave it empty, or use letters and digits.", shorten(resource))
	}
	if r.blame(fieldResource, err); err == nil {
		r.set(fieldResource, full.Resourcepart())
	}
}

// choice reads an answer that is one of a few.
//
//culver:text 1
func (r *settings) choice(field, unknown string, known ...string) {
	answer := r.answer(field)
	for _, k := range known {
		if answer == k {
			r.set(field, answer)
			return
		}
	}
	r.blame(field, sentencef(unknown, answer))
}

// checkOnion: what is inside Tor is reached through Tor.
func (r *settings) checkOnion() {
	field := fieldServer
	if r.options[fieldServer] == "" {
		field = protocol.FieldAddress
	}
	if isOnion(r.options[fieldServer]) || field == protocol.FieldAddress && isOnion(r.address.Domainpart()) {
		r.blame(field, sentencef("An onion address is reached through Tor only. Choose Tor/Privacy under Proxy."))
	}
}

// normalizePin takes a fingerprint as people copy it, with colons and spaces.
func normalizePin(typed string) (string, error) {
	pin := strings.ToLower(strings.NewReplacer(":", "", " ", "").Replace(typed))
	if pin == "" {
		return "", nil
	}
	if len(pin) != 64 || strings.Trim(pin, "0123456789abcdef") != "" {
		return "", sentencef("A certificate's SHA-256 fingerprint has 64 digits, 0 to 9 and a to f. Leave it empty to check certificates the usual way.")
	}
	return pin, nil
}
