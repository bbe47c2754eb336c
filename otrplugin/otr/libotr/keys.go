package libotr

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"culver/otrplugin/otr"
)

// Account is a long-term key and whose it is.
type Account struct {
	Name     string // of XMPP in Pidgin: user@host/ or user@host/resource, see [Bare]
	Protocol string // in Pidgin, XMPP is "prpl-jabber"
	Key      *otr.PrivateKey
}

// Why an account is skipped.
var (
	errNotAccount = errors.New("not an account")
	errNoName     = errors.New("the account has no name or no protocol")
	errMore       = errors.New("something follows the keys")
	errNoKey      = errors.New("the account has no DSA key, or not all of its numbers")
)

// ReadKeys reads a file of long-term keys (otr.private_key). What it read it
// with is overwritten; the caller's own copies are his.
//
// An account that makes no sense is skipped. An error means that from some
// place on nothing could be read; the accounts before it are returned all the
// same. If there are several for the same name and protocol, libotr uses the
// first.
func ReadKeys(r io.Reader) (accounts []Account, skipped []Skipped, err error) {
	b, err := readAll(r, maxKeys)
	if err != nil {
		return nil, nil, err
	}
	defer clear(b)
	return ParseKeys(b)
}

// ParseKeys is ReadKeys for a file in memory. Overwrite b after use: it holds
// secrets.
func ParseKeys(b []byte) (accounts []Account, skipped []Skipped, err error) {
	if len(b) > maxKeys {
		return nil, nil, ErrTooBig
	}
	r := newSexpReader(b)
	defer func() { r.reset() }()
	fail := func(err error) ([]Account, []Skipped, error) {
		return accounts, skipped, fmt.Errorf("keys: line %d: %w", r.here(), err)
	}
	if !r.accept('(') {
		return fail(errNoValue)
	}
	if name, err := r.atom(); err != nil || string(name) != "privkeys" {
		return fail(errNoValue)
	}
	for !r.accept(')') {
		r.reset()
		s, err := r.next(1)
		if err != nil {
			return fail(err)
		}
		a, err := account(s)
		if err != nil {
			skipped = skip(skipped, s.line, err)
			continue
		}
		accounts = append(accounts, a)
	}
	if r.peek(); r.at < len(r.in) {
		return fail(errMore)
	}
	return accounts, skipped, nil
}

// account makes an account of its expression: its parts in any order.
func account(s sexp) (Account, error) {
	if !s.isList || len(s.list) == 0 || string(s.list[0].atom) != "account" {
		return Account{}, errNotAccount
	}
	a := Account{Name: string(s.value("name")), Protocol: string(s.value("protocol"))}
	if a.Name == "" || a.Protocol == "" {
		return Account{}, errNoName
	}
	outer, _ := s.find("private-key")
	dsa, ok := outer.find("dsa")
	if !ok {
		return Account{}, errNoKey
	}
	p, q, g, y, x := dsa.value("p"), dsa.value("q"), dsa.value("g"), dsa.value("y"), dsa.value("x")
	if p == nil || q == nil || g == nil || y == nil || x == nil {
		return Account{}, errNoKey
	}
	var err error
	a.Key, err = otr.KeyFromNumbers(p, q, g, y, x)
	return a, err
}

// accountSize is more than an account takes in a file, besides its names.
const accountSize = 4 * (4*385 + 21 + 64)

// MarshalKeys is a file with these keys, in this order, as libotr writes it.
// Overwrite it after use: it holds secrets.
func MarshalKeys(accounts []Account) ([]byte, error) {
	size := 64
	for _, a := range accounts {
		size += accountSize + 4*(len(a.Name)+len(a.Protocol))
	}
	b := append(make([]byte, 0, size), "(privkeys\n"...) // never grows: it would leave a copy
	for n, a := range accounts {
		if a.Name == "" || a.Protocol == "" {
			return fail(b, n, errNoName)
		}
		if bytes.IndexByte([]byte(a.Name+a.Protocol), 0) >= 0 {
			return fail(b, n, errControl)
		}
		if a.Key == nil {
			return fail(b, n, errNoKey)
		}
		b = append(b, " (account\n(name "...)
		b = appendAtom(b, []byte(a.Name))
		b = append(b, ")\n(protocol "...)
		b = appendAtom(b, []byte(a.Protocol))
		b = append(b, ")\n(private-key \n (dsa \n"...)
		p, q, g, y, x := a.Key.Numbers()
		if len(bytes.Trim(x, "\x00")) == 0 { // wiped
			return fail(b, n, errNoKey)
		}
		for i, number := range [][]byte{p, q, g, y, x} {
			b = append(b, "  ("...)
			b = append(b, "pqgyx"[i], ' ')
			b = appendNumber(b, number)
			b = append(b, ")\n"...)
		}
		clear(x)
		b = append(b, "  )\n )\n )\n"...)
	}
	return append(b, ")\n"...), nil
}

// fail gives up on what was written so far.
func fail(b []byte, n int, err error) ([]byte, error) {
	clear(b)
	return nil, fmt.Errorf("account %d: %w", n+1, err)
}

// appendNumber writes a number as a signed one: without zeros in front, but
// for one if the top bit is set.
func appendNumber(b, number []byte) []byte {
	var signed [512]byte
	defer clear(signed[:])
	number = bytes.TrimLeft(number, "\x00")
	n := len(number)
	if n > 0 && number[0]&0x80 != 0 {
		n++
	}
	copy(signed[n-len(number):], number)
	return appendAtom(b, signed[:n])
}
