package main

import (
	"context"
	"fmt"
	"strconv"

	"culver/internal/benchkit"
	"culver/protocol"
	"culver/protocol/xmpp"
	"culver/storage"
)

// passphrase opens the profiles.
const passphrase = "correct horse battery"

// house is an open profile.
type house struct {
	profile *storage.Profile
	vault   *storage.Vault
	db      *storage.DB
}

func enterHouse(dir string) (*house, error) {
	p, err := storage.OpenProfile(dir)
	if err != nil {
		return nil, err
	}
	h := &house{profile: p}
	kind, err := p.VaultKind()
	switch {
	case err != nil:
	case kind == storage.Fresh:
		h.vault, err = p.CreateVault([]byte(passphrase))
	default:
		h.vault, err = p.UnlockVault([]byte(passphrase))
	}
	if err == nil {
		h.db, err = p.OpenDB(context.Background(), h.vault)
	}
	if err != nil {
		h.leave()
		return nil, fmt.Errorf("open the profile: %w", err)
	}
	return h, nil
}

func (h *house) leave() {
	if h.db != nil {
		h.db.Close()
	}
	if h.vault != nil {
		h.vault.Close()
	}
	h.profile.Close()
}

// furnish makes a profile whose account connects as soon as it is opened.
func furnish(dir, name, address, server string, port int) error {
	h, err := enterHouse(dir)
	if err != nil {
		return err
	}
	defer h.leave()
	a, err := xmpp.Network{}.Account(map[string]string{protocol.FieldAddress: address, "server": server, "port": strconv.Itoa(port), "security": "starttls"})
	if err != nil {
		return err
	}
	a.Enabled = true
	if err := h.db.SaveAccount(a); err != nil {
		return err
	}
	return h.vault.Put(context.Background(), "password/"+string(a.ID), []byte(benchkit.PasswordOf(name)))
}
