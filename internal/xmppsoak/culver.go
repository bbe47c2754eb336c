package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"time"

	"culver/accounts"
	"culver/consoleplugin"
	"culver/im"
	"culver/internal/queue"
	"culver/internal/testkit"
	"culver/messenger"
	"culver/notifyplugin"
	"culver/otrplugin"
	"culver/plugin"
	"culver/protocol"
	"culver/replaceplugin"
	"culver/stateplugin"
	"culver/storage"
)

// passphrase opens the profiles.
const passphrase = "correct horse battery staple"

// culver is a whole Culver without windows, put together as in main, with somebody who
// looks at it.
type culver struct {
	name   string
	run    *run
	cutter *testkit.Cutter
	dir    string
	open   im.AccountID // for what is said in the open
	hidden im.AccountID // for what is private

	profile *storage.Profile
	vault   *storage.Vault
	db      *storage.DB
	m       *messenger.Messenger
	events  *queue.Queue[messenger.Event]
	leave   context.CancelFunc
	ended   chan error
	watched chan struct{}

	// Guarded by run.mu.
	status map[im.AccountID]accounts.Status
	seals  map[im.ConvID]im.Level
	seen   map[im.ConvID]bool // who was there at least once
}

// enter makes the profile, with two accounts.
func (c *culver) enter(ctx context.Context, users []testkit.User) (err error) {
	c.status, c.seals = map[im.AccountID]accounts.Status{}, map[im.ConvID]im.Level{}
	c.seen = map[im.ConvID]bool{}
	c.dir = filepath.Join(c.run.dir, c.name)
	if err := c.unlock(ctx); err != nil {
		return err
	}
	for i, u := range users {
		a, err := c.network().Account(map[string]string{"address": u.Bare, "server": c.cutter.Address,
			"port": strconv.Itoa(c.cutter.Port), "security": "direct"})
		if err != nil {
			return err
		}
		if err := errors.Join(c.db.SaveAccount(a), c.vault.Put(ctx, "password/"+string(a.ID), []byte(u.Password))); err != nil {
			return err
		}
		if i == 0 {
			c.open = a.ID
		} else {
			c.hidden = a.ID
		}
	}
	return nil
}

// unlock opens the profile.
func (c *culver) unlock(ctx context.Context) (err error) {
	if c.profile, err = storage.OpenProfile(c.dir); err != nil {
		return err
	}
	kind, err := c.profile.VaultKind()
	if err != nil {
		return err
	}
	if kind == storage.Fresh {
		c.vault, err = c.profile.CreateVault([]byte(passphrase))
	} else {
		c.vault, err = c.profile.UnlockVault([]byte(passphrase))
	}
	if err != nil {
		return err
	}
	c.db, err = c.profile.OpenDB(ctx, c.vault)
	return err
}

func (c *culver) network() network {
	n := network{owner: c}
	n.Roots = c.run.server.Pool
	return n
}

// prefer writes down what the user chose of private conversations: all of them are kept,
// and with one buddy there is to be none.
func (c *culver) prefer(inClear im.ConvID) error {
	type chosen struct {
		Enabled   bool   `json:"enabled"`
		Automatic bool   `json:"automatic"`
		Require   bool   `json:"require"`
		Keep      string `json:"keep"`
	}
	space := c.db.Space("otr")
	for key, s := range map[string]chosen{
		"settings": {true, true, false, "always"},
		fmt.Sprintf("buddy/%d/%s/%s", len(inClear.Account), inClear.Account, inClear.Peer): {false, false, false, "always"},
	} {
		b, err := json.Marshal(s)
		if err != nil {
			return err
		}
		if err := space.Put(key, b); err != nil {
			return err
		}
	}
	return nil
}

// start runs the messenger, and watches it.
func (c *culver) start() {
	c.m = messenger.New(messenger.Config{
		Store: c.db, Vault: c.vault, Safe: c.vault,
		Spaces:   func(id string) plugin.Store { return c.db.Space(id) },
		Networks: []protocol.Protocol{c.network()},
		Plugins:  []plugin.Plugin{otrplugin.New(rand.Reader), notifyplugin.New(), stateplugin.New(), consoleplugin.New(), replaceplugin.New()},
		Version:  "soak", NoFirstRun: true,
		Damaged: func(err error) bool { return errors.Is(err, storage.ErrDatabaseDamaged) },
	})
	c.events = c.m.Subscribe()
	ctx, cancel := context.WithCancel(context.Background())
	c.leave, c.ended, c.watched = cancel, make(chan error, 1), make(chan struct{})
	go func() { c.ended <- c.m.Run(ctx) }()
	go c.watch()
}

// quit ends it all.
func (c *culver) quit() error {
	var err error
	if c.m != nil {
		c.leave()
		err = <-c.ended
		<-c.watched
	}
	return errors.Join(err, c.lock())
}

// lock closes the profile.
func (c *culver) lock() (err error) {
	if c.db != nil {
		err = errors.Join(err, c.db.Close())
	}
	if c.vault != nil {
		err = errors.Join(err, c.vault.Close())
	}
	if c.profile != nil {
		err = errors.Join(err, c.profile.Close())
	}
	return err
}

// watch takes what the messenger tells, as a front end.
func (c *culver) watch() {
	defer close(c.watched)
	for {
		batch, ok := c.events.Take(context.Background())
		for _, e := range batch {
			c.run.take(c, e)
		}
		if !ok {
			return
		}
	}
}

// look asks for all that a front end would show now.
func (c *culver) look() messenger.Snapshot {
	q := c.m.Subscribe()
	defer c.m.Unsubscribe(q)
	batch, _ := q.Take(context.Background())
	for _, e := range batch {
		if s, ok := e.(messenger.Snapshot); ok {
			return s
		}
	}
	return messenger.Snapshot{}
}

// nudge is the system's word that the network is another one, which comes soon after a
// connection broke.
func (c *culver) nudge(after time.Duration) { time.AfterFunc(after, c.m.NetworkChanged) }
