package main

import (
	"context"
	"crypto/rand"
	"flag"
	"fmt"
	"os"

	"culver/messenger"
	"culver/notifyplugin"
	"culver/otrplugin"
	"culver/plugin"
	"culver/protocol"
	"culver/protocol/xmpp"
	"culver/storage"
)

// The passphrases of the profile and of the backups.
const (
	profilePassphrase = "a passphrase for the profile"
	backupPassphrase  = "another one for the backup"
)

func main() {
	dir := flag.String("profile", "", "the `folder` of the profile")
	flag.Parse()
	if err := run(*dir, flag.Arg(0), flag.Arg(1)); err != nil {
		fmt.Fprintln(os.Stderr, "moving:", err)
		os.Exit(1)
	}
}

func run(dir, command, file string) error {
	if command == "make" {
		return makeBackup(file)
	}
	h, err := open(dir)
	if err != nil {
		return err
	}
	defer h.close()
	switch command {
	case "restore":
		return h.drive(
			step{show: messenger.Front.ShowRestore},
			step{title: "Restore", press: "open", values: map[string]string{"file": file, "old": backupPassphrase}},
			step{title: "Restore", press: "take"},
			step{title: "Restore", press: "close"})
	case "backup":
		return h.drive(
			step{show: messenger.Front.ShowBackup},
			step{title: "Back Up", press: "backup", values: map[string]string{"file": file, "new": backupPassphrase, "again": backupPassphrase}},
			step{title: "Back Up", press: "close"})
	case "tell":
		return h.tell()
	}
	return fmt.Errorf("there is no command %q", command)
}

// house is an open profile.
type house struct {
	profile *storage.Profile
	vault   *storage.Vault
	db      *storage.DB
}

func open(dir string) (*house, error) {
	place, err := storage.FindPlace(dir)
	if err != nil {
		return nil, err
	}
	h := &house{}
	if h.profile, err = place.Open(); err != nil {
		return nil, err
	}
	kind, err := h.profile.VaultKind()
	switch {
	case err != nil:
	case kind == storage.Fresh:
		h.vault, err = h.profile.CreateVault([]byte(profilePassphrase))
	default:
		h.vault, err = h.profile.UnlockVault([]byte(profilePassphrase))
	}
	if err == nil {
		h.db, err = h.profile.OpenDB(context.Background(), h.vault)
	}
	if err != nil {
		h.close()
		return nil, err
	}
	return h, nil
}

func (h *house) close() {
	if h.db != nil {
		h.db.Close()
	}
	if h.vault != nil {
		h.vault.Close()
	}
	h.profile.Close()
}

// core is the messenger of the profile.
func (h *house) core() *messenger.Messenger {
	return messenger.New(messenger.Config{
		Store: h.db, Vault: h.vault, Safe: h.vault, NoFirstRun: true, Version: "moving",
		Spaces:   func(id string) plugin.Store { return h.db.Space(id) },
		Networks: []protocol.Protocol{xmpp.Network{}},
		Plugins:  []plugin.Plugin{otrplugin.New(rand.Reader), notifyplugin.New()},
	})
}
