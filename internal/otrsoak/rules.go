package main

import (
	"bytes"
	"fmt"
	"strings"

	"culver/otrplugin/otr"
)

// The marks of texts, by who may see them.
const (
	open     = "open:"    // typed while it could be seen that anybody may read it
	secret   = "SECRET:"  // typed in private, or with "require encryption": never in clear
	theirs   = "libotr:"  // typed by a user of libotr, which goes by rules of its own
	stranger = "mallory:" // typed by who is neither of the users
)

const resent = "[resent] "

// ledger is who typed what, and who saw it.
type ledger struct {
	keys   [3]otr.Fingerprint // of the users and of who is neither; zero: unknown, libotr's
	typed  map[string]*entry
	newest *entry
	seen   map[*client]map[string]bool // what was shown as sealed, with its prefix
	last   map[[2]*client]int          // the number of the last one, by sender
}

// entry is a text that was typed.
type entry struct {
	by   *client
	n    int
	held bool
	late bool            // typed in libotr while not private: it may keep it, and send it any time
	to   otr.Fingerprint // the key that it was sealed for, unless held
}

func newLedger() ledger {
	return ledger{typed: map[string]*entry{}, seen: map[*client]map[string]bool{}, last: map[[2]*client]int{}}
}

// enter enters a new text and returns it.
func (l *ledger) enter(by *client, mark string) string {
	n := len(l.typed) + 1
	id := fmt.Sprintf("%s%s:%d:", mark, by.name, n)
	st := by.state()
	l.newest = &entry{by: by, n: n, to: st.peer, late: by.libotr && st.State != otr.Encrypted}
	l.typed[id] = l.newest
	return id
}

// find takes the mark off a text: id is its name, prefixed tells whether it
// came as resent.
func (l *ledger) find(text string) (id string, prefixed bool, e *entry) {
	rest, prefixed := strings.CutPrefix(text, resent)
	for more := prefixed; more; rest, more = strings.CutPrefix(rest, resent) {
		// In version 2 libotr repeats what it has repeated, too.
	}
	parts := strings.SplitAfterN(rest, ":", 4)
	if len(parts) == 4 {
		id = strings.Join(parts[:3], "")
	}
	return id, prefixed, l.typed[id]
}

// check checks the rules after an act.
func (w *world) check(c *client, verb, arg string, before, after state, o outcome) {
	for _, msg := range o.wire {
		if bytes.Contains(msg, []byte(secret)) {
			w.fail("%s: what was typed in private is on the wire in clear: %.80q", c.name, msg)
		}
	}
	if o.shown != nil {
		if o.shown.sealed {
			w.checkSealed(c, *o.shown, false)
		} else if strings.Contains(o.shown.text, secret) {
			w.fail("%s: what was typed in private is shown as if it had come in clear: %.80q", c.name, o.shown.text)
		}
	}
	for _, s := range o.more {
		w.checkSealed(c, s, true)
	}
	if c.libotr {
		return // the rest is ours alone
	}
	w.checkState(c, verb, before, after, o)
	for _, e := range o.events {
		w.checkAuthentication(c, e)
	}
	if verb == "send" && before.State == otr.Finished && len(o.wire) > 0 {
		w.fail("%s: sends though the other one has ended the conversation", c.name)
	}
	if o.shown != nil && !o.shown.sealed && len(o.shown.text) > 0 && (before.State != otr.Plaintext || c.may&otr.RequireEncryption != 0 && c.may&otr.Manual != 0) {
		if !has(o, otr.ReceivedUnencrypted) {
			w.fail("%s: no warning that %.60q came in clear", c.name, o.shown.text)
		}
	}
}

// checkSealed checks a text that is shown as sealed: the other user typed it,
// for this one's key, it comes for the first time, and in its order if the
// wire keeps any.
func (w *world) checkSealed(c *client, s shown, waited bool) {
	id, prefixed, e := w.ledger.find(s.text)
	switch {
	case strings.ReplaceAll(s.text, resent, "") == "" && strings.HasPrefix(s.text, resent) && w.libotr == 1-c.user:
		return // In version 2 libotr repeats an empty message that was lost, too.
	case e == nil:
		w.fail("%s: nobody typed %.80q", c.name, s.text)
		return
	case e.by.user == c.user:
		w.fail("%s: sees its own user's %.80q as the other's", c.name, s.text)
		return
	}
	w.tally.texts++
	keys, _ := longTerm()
	own, theirKey := keys[c.key].Fingerprint(), keys[e.by.key].Fingerprint()
	if !c.libotr && !e.by.libotr && s.from != theirKey {
		w.fail("%s: %.80q is shown as from another key", c.name, s.text)
	}
	if !c.libotr && !e.by.libotr && !e.held && e.to != own {
		w.fail("%s: %.80q was typed for another key", c.name, s.text)
	}
	if e.held && c.key == 2 {
		w.fail("%s: %.80q was held, and not for him", c.name, s.text)
	}
	if w.ledger.seen[c] == nil {
		w.ledger.seen[c] = map[string]bool{}
	}
	if name := fmt.Sprint(prefixed, id); w.ledger.seen[c][name] && !(prefixed && e.by.libotr) {
		w.fail("%s: sees %.80q again", c.name, s.text)
	} else {
		w.ledger.seen[c][name] = true
	}
	pair := [2]*client{c, e.by}
	if prefixed || e.late || waited { // for others of its session; another one went on
		return
	}
	if w.ordered && w.ledger.last[pair] > e.n {
		w.fail("%s: sees %.80q after a later one", c.name, s.text)
	}
	w.ledger.last[pair] = max(w.ledger.last[pair], e.n)
}

// checkState checks that nobody falls out of a private conversation but by his
// own will or the other one's, who proved that he is.
func (w *world) checkState(c *client, verb string, before, after state, o outcome) {
	leaves := verb == "end" || verb == "drop" || verb == "restart"
	switch {
	case leaves && after.State != otr.Plaintext:
		w.fail("%s: %v after %s", c.name, after.State, verb)
	case leaves:
	case before.State == otr.Encrypted && after.State == otr.Finished:
		if verb != "select" && (verb != "recv" && verb != "poll" || !has(o, otr.PeerEnded)) {
			w.fail("%s: finished, and nobody ended it", c.name)
		}
	case before.State != otr.Plaintext && after.State == otr.Plaintext:
		w.fail("%s: in clear after %s", c.name, verb)
	case before.State != otr.Encrypted && after.State == otr.Encrypted:
		if !has(o, otr.GoneSecure) && !has(o, otr.InstanceSwitched) && verb != "select" {
			w.fail("%s: private, and does not say so", c.name)
		}
	case before.State == otr.Encrypted && before.peer != after.peer:
		if !has(o, otr.GoneSecure) && !has(o, otr.InstanceSwitched) && verb != "select" {
			w.fail("%s: private with another key, and does not say so", c.name)
		}
	}
	for _, e := range o.events {
		if e.Kind != otr.PeerEnded {
			continue
		}
		c.ended++
		if ends := w.ends[1-c.user]; c.ended > ends {
			w.fail("%s: told of %d ends; there were %d", c.name, c.ended, ends)
		}
	}
}

// checkAuthentication checks that nobody takes anybody for who he is not.
func (w *world) checkAuthentication(c *client, e otr.Event) {
	switch e.Kind {
	case otr.SMPSuccess:
		if c.key == 2 || !w.same || w.ledger.keys[1-c.user] != e.Fingerprint && w.ledger.keys[1-c.user] != (otr.Fingerprint{}) {
			w.fail("%s: authenticated somebody who does not know the secret", c.name)
		}
	case otr.SMPFailure:
		if c.key != 2 && w.same && e.Fingerprint == w.ledger.keys[1-c.user] {
			w.fail("%s: the secrets are the same, and yet authentication failed", c.name)
		}
	}
}

func has(o outcome, k otr.EventKind) bool {
	for _, e := range o.events {
		if e.Kind == k {
			return true
		}
	}
	return false
}
