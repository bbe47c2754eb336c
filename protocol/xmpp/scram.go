package xmpp

import (
	"bytes"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
)

// The iterations that a server may ask for: fewer would give the password away
// to whoever stole what is sent, more would keep this computer busy for minutes.
const (
	minIterations = 4096
	maxIterations = 500_000
)

// nonceBytes are the random ones in our nonce (CVE-2022-48195: without them, whoever
// has seen one exchange can repeat it).
const nonceBytes = 24

// scram proves that we know the password without saying it, and has the server prove
// the same (RFC 5802, RFC 7677).
//
//	us                            server
//	 | -- who, our nonce -----------> |
//	 | <- both nonces, salt, count -- |
//	 | -- proof --------------------> |
//	 | <- its own proof ------------- |
type scram struct {
	mechanism mechanism
	offered   offered
	password  []byte // prepared
	header    string // GS2: how it is bound to the channel
	binding   []byte // what it is bound to
	nonce     string
	bare      string // the first message without the header
	signature []byte // what the server has to show at the end
}

// newSCRAM begins an exchange.
func newSCRAM(m mechanism, o offered, state tls.ConnectionState, user string, password []byte) (*scram, error) {
	nonce := make([]byte, nonceBytes)
	rand.Read(nonce)
	c := &scram{mechanism: m, offered: o, password: password, nonce: base64.StdEncoding.EncodeToString(nonce)}
	c.bare = "n=" + strings.NewReplacer("=", "=3D", ",", "=2C").Replace(user) + ",r=" + c.nonce
	switch {
	case m.strength == strengthBound:
		c.header = "p=" + bindingOf(state) + ",,"
		var err error
		if c.binding, err = channelBinding(state); err != nil {
			return nil, fmt.Errorf("bind to TLS: %w", err)
		}
	case bindingOf(state) != "" && !o.plus():
		// We could, and it says it cannot: it refuses us if that was not its own word
		// (RFC 5802, section 6).
		c.header = "y,,"
	default:
		c.header = "n,,"
	}
	return c, nil
}

func channelBinding(state tls.ConnectionState) ([]byte, error) {
	if state.Version >= tls.VersionTLS13 {
		return state.ExportKeyingMaterial("EXPORTER-Channel-Binding", nil, 32)
	}
	return state.TLSUnique, nil
}

// exchange signs in by it.
func (c *scram) exchange(s *stream) error {
	if err := sendSASL(s, "auth", []byte(c.header+c.bare), c.mechanism.name); err != nil {
		return err
	}
	kind, data, err := nextSASL(s)
	if err != nil {
		return err
	}
	if kind == "success" {
		return errImpostor // it did not take part in the proof
	}
	proof, err := c.prove(data)
	if err != nil {
		return err
	}
	if err := sendSASL(s, "response", proof, ""); err != nil {
		return err
	}
	if kind, data, err = nextSASL(s); err != nil {
		return err
	}
	if err := c.verify(data); err != nil {
		return err
	}
	if kind == "success" {
		return nil
	}
	if err := sendSASL(s, "response", nil, ""); err != nil { // it showed its proof in a challenge of its own
		return err
	}
	if kind, _, err = nextSASL(s); err == nil && kind != "success" {
		err = fmt.Errorf("%w: one more", errChallenge)
	}
	return err
}

// prove answers the server's first message.
func (c *scram) prove(message []byte) ([]byte, error) {
	first, err := readServerFirst(message, c.nonce)
	if err != nil {
		return nil, err
	}
	if first.listed != nil && !c.offered.unchanged(c.mechanism.hash, first.listed) {
		return nil, errForged
	}
	h := c.mechanism.hash
	salted, err := pbkdf2.Key(h, string(c.password), first.salt, first.iterations, h().Size())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errChallenge, err)
	}
	defer clear(salted)
	mac := func(key []byte, data string) []byte {
		m := hmac.New(h, key)
		m.Write([]byte(data))
		return m.Sum(nil)
	}
	clientKey := mac(salted, "Client Key")
	defer clear(clientKey)
	stored := h()
	stored.Write(clientKey)
	final := "c=" + base64.StdEncoding.EncodeToString(append([]byte(c.header), c.binding...)) + ",r=" + first.nonce
	signed := c.bare + "," + string(message) + "," + final
	proof := mac(stored.Sum(nil), signed)
	for i := range proof {
		proof[i] ^= clientKey[i]
	}
	c.signature = mac(mac(salted, "Server Key"), signed)
	return []byte(final + ",p=" + base64.StdEncoding.EncodeToString(proof)), nil
}

// verify checks the server's proof.
func (c *scram) verify(message []byte) error {
	value, _, _ := bytes.Cut(message, []byte(","))
	encoded, ok := bytes.CutPrefix(value, []byte("v="))
	if !ok {
		return errImpostor
	}
	signature, err := base64.StdEncoding.DecodeString(string(encoded))
	if err != nil || !hmac.Equal(signature, c.signature) {
		return errImpostor
	}
	return nil
}

// serverFirst is the server's first message (RFC 5802, section 7).
type serverFirst struct {
	nonce      string
	salt       []byte
	iterations int
	listed     []byte // the hash of what it offers (XEP-0474), nil: not told
}

func readServerFirst(message []byte, ours string) (serverFirst, error) {
	var f serverFirst
	bad := func(format string, args ...any) (serverFirst, error) {
		return f, fmt.Errorf("%w: SCRAM %s", errChallenge, fmt.Sprintf(format, args...))
	}
	fields := strings.Split(string(message), ",")
	if len(fields) < 3 {
		return bad("with %d fields", len(fields))
	}
	seen := map[byte]bool{}
	for i, field := range fields {
		if len(field) < 3 || field[1] != '=' || seen[field[0]] {
			return bad("field %d", i)
		}
		seen[field[0]] = true
		if i < 3 && field[0] != "rsi"[i] || field[0] == 'm' { // m: an extension that nobody may ignore
			return bad("field %d out of order", i)
		}
		if field[0] == 'h' {
			listed, err := base64.StdEncoding.DecodeString(field[2:])
			if err != nil {
				return bad("hash")
			}
			f.listed = listed
		}
	}
	f.nonce = fields[0][2:]
	if !strings.HasPrefix(f.nonce, ours) || len(f.nonce) == len(ours) {
		return bad("nonce")
	}
	for i := range len(f.nonce) {
		if f.nonce[i] < '!' || f.nonce[i] > '~' {
			return bad("nonce")
		}
	}
	var err error
	if f.salt, err = base64.StdEncoding.DecodeString(fields[1][2:]); err != nil || len(f.salt) == 0 {
		return bad("salt")
	}
	f.iterations, err = strconv.Atoi(fields[2][2:])
	if err != nil || f.iterations < minIterations || f.iterations > maxIterations {
		return bad("iterations %.20q", fields[2][2:])
	}
	return f, nil
}
