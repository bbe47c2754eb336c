package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"culver/im"
	"culver/storage"
)

// damage is what is to be seen when the database was damaged.
var damage = []shot{
	still("damaged", named("Culver cannot open your profile"), breaks, sees("button", "Rescue what can be read")),
	still("afresh", named("Start afresh?"), press("Start afresh…"), sees("button", "Start afresh")).ends(press("Back")),
	still("rescued", named("Your profile was rescued"), press("Rescue what can be read"), sees("button", "Continue")),
}

// breaks ends the program, and starts it with a profile of which the database was damaged.
func breaks(w *walk) {
	w.Kill()
	dir := filepath.Join(w.home, "damaged")
	p, err := storage.OpenProfile(dir)
	w.b.Must(err)
	v, err := p.CreateVault([]byte(passphrase))
	w.b.Must(err)
	db, err := p.OpenDB(w.b.Context(), v)
	w.b.Must(err)
	c := im.ConvID{Account: "xmpp:alice@localhost", Peer: "bob@localhost"}
	w.b.Must(db.SaveAccount(im.Account{ID: c.Account}))
	var lines []im.Message
	for i := range 2000 {
		lines = append(lines, im.Message{ID: fmt.Sprint(i), Conv: c, Time: time.Date(2026, 1, 1, 0, i, 0, 0, time.UTC), Text: im.Plain(fmt.Sprint("kettle ", i))})
	}
	_, err = db.Import(lines)
	w.b.Must(err)
	w.b.Must(db.Close())
	w.b.Must(v.Close())
	w.b.Must(p.Close())
	path := filepath.Join(dir, "culver.db")
	file, err := os.ReadFile(path)
	w.b.Must(err)
	for at := 4*4096 + 100; at < len(file); at += 6 * 4096 {
		file[at] ^= 1
	}
	w.b.Must(os.WriteFile(path, file, 0o600))
	w.starts(dir)
	w.Sees("button", "Unlock")
	w.Clicks("entry", "Passphrase")
	w.TypesSecret(passphrase)
	w.Presses("Return")
}
