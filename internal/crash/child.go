package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"time"

	"culver/im"
	"culver/messenger"
	"culver/plugin"
	"culver/protocol"
	"culver/protocol/practice"
	"culver/storage"
)

const (
	alice = "alice@example.net"
	bob   = "bob@example.net"
)

// say tells the parent something, at once and in one piece.
func say(word, id string) { os.Stdout.WriteString(word + " " + id + "\n") }

// name is what the parent knows a line by.
func name(m im.Message) string { return m.Conv.Peer + "/" + m.ID }

// child goes on with the profile until it is killed.
func child(dir string) error {
	seed, err := strconv.ParseUint(os.Getenv(seedEnv), 10, 64)
	if err != nil {
		return err
	}
	p, err := storage.OpenProfile(dir)
	if err != nil {
		return err
	}
	v, err := openVault(p)
	if err != nil {
		return err
	}
	ctx := context.Background()
	db, err := p.OpenDB(ctx, v)
	if err != nil {
		return err
	}
	newest, err := tell(db)
	if err != nil {
		return err
	}
	if err := db.Check(); err != nil {
		return err
	}
	for _, m := range newest {
		var hits []im.Message
		for below, end := int64(0), false; !end; end = below == 0 {
			some, next, err := db.Search(im.Search{Words: m.ID, Limit: 3}, below)
			if err != nil {
				return err
			}
			hits, below = append(hits, some...), next
		}
		if len(hits) != 1 || hits[0].ID != m.ID {
			return fmt.Errorf("%s is not found, but %d others", name(m), len(hits))
		}
	}
	say("ready", "")
	r := rand.New(rand.NewPCG(seed, 1))
	if err := work(db, r); err != nil {
		return err
	}
	return chat(ctx, db, v, r)
}

func openVault(p *storage.Profile) (*storage.Vault, error) {
	kind, err := p.VaultKind()
	if err != nil {
		return nil, err
	}
	if kind == storage.Fresh {
		return p.CreateVault([]byte("correct horse"))
	}
	return p.UnlockVault([]byte("correct horse"))
}

// tell says which lines there are; it returns some of those that have their ID in their
// text.
func tell(db *storage.DB) (some []im.Message, err error) {
	pasts, err := db.Pasts()
	if err != nil {
		return nil, err
	}
	for _, p := range pasts {
		n := 0
		for last := ""; ; {
			all, err := db.Newer(p.Conv, last, 500)
			if err != nil {
				return nil, err
			}
			for _, m := range all {
				say("has", name(m))
				if n++; strings.Contains(m.Text.String(), m.ID) && n%7 == 0 && len(some) < 50 {
					some = append(some, m)
				}
			}
			if len(all) == 0 {
				break
			}
			last = all[len(all)-1].ID
		}
		if n != p.Lines {
			return nil, fmt.Errorf("%v has %d lines, and says %d", p.Conv, n, p.Lines)
		}
	}
	return some, nil
}

// work is what is done to the history at once: imports, erasing, removing, searches.
func work(db *storage.DB, r *rand.Rand) error {
	account := im.NewAccountID(practice.Scheme, alice)
	for range r.IntN(4) {
		conv := im.ConvID{Account: account, Peer: fmt.Sprintf("old%d@example.net", r.IntN(5))}
		switch r.IntN(5) {
		case 0, 1:
			var lines []im.Message
			for range 10 + r.IntN(190) {
				id := fmt.Sprintf("%016x", r.Uint64())
				lines = append(lines, im.Message{ID: id, Conv: conv, Text: im.Plain("an imported line called " + id),
					Time: time.Unix(1_500_000_000+r.Int64N(1e8), 0)})
			}
			if _, err := db.Import(lines); err != nil {
				return err
			}
			for _, m := range lines {
				say("shown", name(m))
			}
		case 2:
			say("erasing-all", conv.Peer+"/")
			for n := 1; n > 0; {
				var err error
				if n, err = db.Erase(im.Range{Conv: conv}); err != nil {
					return err
				}
			}
		case 3:
			all, err := db.Older(conv, "", 3)
			if err != nil {
				return err
			}
			for _, m := range all {
				say("erasing", name(m))
				if err := db.Remove(conv, m.ID); err != nil {
					return err
				}
			}
		case 4:
			if _, _, err := db.Search(im.Search{Words: "imported cal", Limit: 50}, 0); err != nil {
				return err
			}
		}
	}
	for more := true; more; {
		var err error
		if more, err = db.Sweep(); err != nil {
			return err
		}
	}
	return nil
}

// chat runs two messengers that write to each other as fast as they can.
func chat(ctx context.Context, db *storage.DB, v *storage.Vault, r *rand.Rand) error {
	hub := practice.NewHub()
	hub.Befriend(alice, bob, "Bob")
	memory := storage.NewMemory()
	ours, err := start(ctx, hub.End(alice), db, v, func(id string) plugin.Store { return db.Space(id) })
	if err != nil {
		return err
	}
	theirs, err := start(ctx, hub.End(bob), memory, storage.NewMemoryVault(), func(id string) plugin.Store { return memory.Space(id) })
	if err != nil {
		return err
	}
	toBob := im.ConvID{Account: im.NewAccountID(practice.Scheme, alice), Peer: bob}
	toAlice := im.ConvID{Account: im.NewAccountID(practice.Scheme, bob), Peer: alice}
	go func() {
		for n := 0; ; n++ {
			theirs.Send(toAlice, fmt.Sprint("from Bob, number ", n), im.Open)
			ours.SetDraft(toBob, fmt.Sprint("half a li", n), im.Open)
			ours.Send(toBob, fmt.Sprintf("line %d %s", n, strings.Repeat("word ", r.IntN(200))), im.Open)
			if r.IntN(5) == 0 {
				ours.SearchPast(im.Search{Words: "word", Limit: 50})
			}
			pause := time.NewTimer(time.Duration(r.IntN(8)) * time.Millisecond)
			<-pause.C
		}
	}()
	events := ours.Subscribe()
	for {
		<-events.Ready()
		for _, e := range events.TryTake() {
			switch e := e.(type) {
			case messenger.MessageAdded:
				tellShown(e.Message)
			case messenger.MessageChanged:
				tellShown(e.Message)
			case messenger.Stopped:
				return fmt.Errorf("the messenger stopped")
			}
		}
	}
}

// tellShown tells of a line that is shown as sent or received.
func tellShown(m im.Message) {
	if m.Kind == im.Chat && m.State == im.Done {
		say("shown", name(m))
	}
}

// start runs a messenger with one account.
func start(ctx context.Context, end *practice.End, store messenger.Store, v plugin.Vault, spaces func(string) plugin.Store) (*messenger.Messenger, error) {
	a, err := end.Account(nil)
	if err != nil {
		return nil, err
	}
	a.Enabled = true
	if err := store.SaveAccount(a); err != nil {
		return nil, err
	}
	m := messenger.New(messenger.Config{Store: store, Vault: v, Spaces: spaces, Networks: []protocol.Protocol{end}, NoFirstRun: true})
	go func() {
		if err := m.Run(ctx); err != nil {
			fmt.Fprintln(os.Stderr, "crash: the messenger:", err)
			os.Exit(1)
		}
	}()
	return m, nil
}
