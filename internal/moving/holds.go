package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"culver/backup"
	"culver/im"
	"culver/otrplugin/otr"
	"culver/otrplugin/otr/libotr"
)

const alice = im.AccountID("xmpp:alice@example.net")

// makeBackup writes a backup of somebody who has something of everything.
func makeBackup(file string) error {
	key, err := otr.GenerateKey(nil)
	if err != nil {
		return err
	}
	keys, err := libotr.MarshalKeys([]libotr.Account{{Name: "alice@example.net/", Protocol: "prpl-jabber", Key: key}})
	if err != nil {
		return err
	}
	bob := im.ConvID{Account: alice, Peer: "bob@example.org"}
	row := fmt.Sprintf(`"account":%q,"peer":%q`, alice, bob.Peer)
	then := time.Date(2020, 2, 29, 12, 0, 0, 5, time.UTC)
	c := &backup.Contents{
		Accounts: []backup.Account{{Account: im.Account{ID: alice, Alias: "Zuhause – домой 家", Options: map[string]string{"address": "alice@example.net", "server": "xmpp.example.net"}},
			Password: []byte("pässword"),
			Buddies:  []im.Buddy{{Account: alice, Bare: bob.Peer, Name: "Böb", Groups: []string{"Friends", "家"}, Subscription: im.SubscriptionBoth}}}},
		Settings: map[string]string{"theme": "dark", "lock.idle": "10"},
		Drafts:   map[im.ConvID]im.Draft{bob: {Text: "half a line"}},
		Logging:  map[im.ConvID]bool{{Account: alice, Peer: "eve@example.org"}: false},
		Files: []backup.File{
			{Plugin: "otr", Name: libotr.KeysFile, Data: keys},
			{Plugin: "otr", Name: "fingerprints.json", Data: []byte("{" + row + `,"fingerprint":"` + strings.Repeat("1f", 20) +
				`","trust":"smp","proof":"question","first":"2019-01-02T03:04:05Z","last":"2020-01-02T03:04:05Z","verifiedAt":"2019-05-05T05:05:05Z"}` + "\n" +
				"{" + row + `,"fingerprint":"` + strings.Repeat("2e", 20) + `","unaccepted":true,"refused":true,"refusedAt":"2020-01-02T03:04:05Z","first":"2020-01-02T03:04:05Z"}` + "\n")},
			{Plugin: "otr", Name: "settings.json", Data: []byte(`{"settings":{"enabled":true,"automatic":true,"require":true,"keep":"ask"},"look":{"showButton":false}}` + "\n")},
			{Plugin: "otr", Name: "buddies.json", Data: []byte("{" + row + `,"settings":{"enabled":true,"automatic":false,"require":false,"keep":"always"}}` + "\n")},
			{Plugin: "notify", Name: "store.json", Data: []byte(`{"key":"settings","value":"eyJub3RpZnkiOmZhbHNlLCJjb3VudCI6dHJ1ZSwic3RyYW5nZXJzIjpmYWxzZX0="}` + "\n")},
		},
	}
	return backup.WriteFile(file, func(f io.Writer) error {
		w, err := backup.Create(f, []byte(backupPassphrase), backup.WorkFactor, backup.Manifest{Culver: "made", Made: then})
		if err != nil {
			return err
		}
		if err := w.Add(c); err != nil {
			return err
		}
		for i := range 1000 {
			m := im.Message{ID: fmt.Sprint("m", i), Conv: bob, From: im.Addr{Bare: bob.Peer, Resource: "desk"}, Text: im.Plain(fmt.Sprintf("строка %d – 家\n<b>", i)),
				Time: then.Add(time.Duration(i) * time.Minute)}
			switch i % 3 {
			case 1:
				m.Out, m.From = true, im.Addr{Bare: "alice@example.net"}
				m.Text = im.Text{{Text: "see ", Style: im.Bold}, {Text: "https://x.example/", Link: "https://x.example/"}}
			case 2:
				m.Seal, m.Private = im.Seal{Level: im.Verified, By: "otr"}, true
			}
			if err := w.Line(m); err != nil {
				return err
			}
		}
		return w.Close()
	})
}

// told is what a profile holds.
type told struct {
	Accounts  []im.Account
	Buddies   []im.Buddy
	Passwords map[im.AccountID][]byte
	Keys      map[im.AccountID]string // their fingerprints
	Settings  map[string]string
	Drafts    map[string]im.Draft
	Logging   map[string]bool
	Plugins   map[string]string // what they keep, by plugin and key
	Lines     []im.Message
}

// tell prints all but what belongs to this copy of the program alone.
func (h *house) tell() error {
	ctx := context.Background()
	t := told{Passwords: map[im.AccountID][]byte{}, Keys: map[im.AccountID]string{}, Drafts: map[string]im.Draft{}, Logging: map[string]bool{}, Plugins: map[string]string{}}
	var err error
	check := func(e error) {
		if err == nil {
			err = e
		}
	}
	var e error
	t.Accounts, e = h.db.Accounts()
	check(e)
	for _, a := range t.Accounts {
		buddies, e := h.db.Roster(a.ID)
		check(e)
		t.Buddies = append(t.Buddies, buddies...)
		t.Passwords[a.ID], e = h.vault.Get(ctx, "password/"+string(a.ID))
		check(e)
		b, e := h.vault.Get(ctx, "plugin/otr/key/"+string(a.ID))
		check(e)
		if key, e := otr.ParsePrivateKey(b); e == nil {
			t.Keys[a.ID] = key.Fingerprint().String()
		}
	}
	t.Settings, e = h.db.Settings()
	check(e)
	drafts, e := h.db.Drafts()
	check(e)
	for c, d := range drafts {
		t.Drafts[string(c.Account)+" "+c.Peer] = d
	}
	logging, e := h.db.Logging()
	check(e)
	for c, on := range logging {
		t.Logging[string(c.Account)+" "+c.Peer] = on
	}
	for _, id := range []string{"otr", "notify"} {
		rows, e := h.db.Space(id).List("")
		check(e)
		for key, v := range rows {
			if !strings.HasPrefix(key, "tag/") {
				t.Plugins[id+" "+key] = string(v)
			}
		}
	}
	pasts, e := h.db.Pasts()
	check(e)
	for _, p := range pasts {
		lines, e := h.db.Newer(p.Conv, "", p.Lines+1)
		check(e)
		t.Lines = append(t.Lines, lines...)
	}
	if err != nil {
		return err
	}
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	out.SetIndent("", "\t")
	if err := out.Encode(t); err != nil {
		return err
	}
	_, err = os.Stdout.Write(b.Bytes())
	return err
}
