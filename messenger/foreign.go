package messenger

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"culver/conversation"
	"culver/foreign"
	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// foreignProfile is what was read of another program, with its logs counted.
type foreignProfile struct {
	*foreign.Profile
	notes []string // about the logs
}

// readForeign reads what a program keeps, and goes through its logs to count them.
// It is called beside the messenger; progress tells of the lines so far.
func readForeign(ctx context.Context, f foreign.Found, here foreign.Places, progress func(lines int)) (*foreignProfile, error) {
	p, err := f.Read(ctx, here)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf(lang.T("What %s keeps could not be read: %w"), f.Title, err)
	}
	r := p.Reader()
	defer r.Close()
	lines := 0
	for n := range p.Logs {
		l := &p.Logs[n]
		here, first, last := 0, time.Time{}, time.Time{}
		err := r.Lines(ctx, *l, func(line foreign.Line) error {
			if !hasText(line) {
				return nil
			}
			if here++; first.IsZero() || line.Time.Before(first) {
				first = line.Time
			}
			if line.Time.After(last) {
				last = line.Time
			}
			if lines++; lines%10_000 == 0 {
				progress(lines)
			}
			return nil
		})
		if l.Lines = here; here > 0 {
			l.First, l.Last = first, last
		}
		if errors.Is(err, foreign.ErrEnough) {
			p.Logs = p.Logs[:n+1]
			break
		}
		if err != nil {
			p.Wipe()
			return nil, err
		}
	}
	return &foreignProfile{p, r.Notes()}, nil
}

// arrivingOf is what a profile brings, as it is merged. It is called beside the
// messenger, with the accounts that are here.
func (m *Messenger) arrivingOf(p *foreignProfile, here map[im.AccountID]bool) *arriving {
	title := cleanName(p.Title)
	a := &arriving{title: lang.F("Import from %s", title), verb: imports, from: p.Program, logging: map[im.ConvID]bool{}}
	ids, places := map[string]im.AccountID{}, map[im.AccountID][]int{} // by scheme and address
	for _, f := range p.Accounts {
		one := m.foreignAccount(f)
		switch {
		case f.Doubt != "":
			one.account.Enabled = false
			a.leftOut = append(a.leftOut, oneLine(f.Doubt)+" "+
				lang.T("So it does not connect by itself: set its proxy under Accounts, Modify, if it needs one, and then enable it."))
		case one.account.Option(protocol.FieldProxyUser) != "":
			a.leftOut = append(a.leftOut, lang.F("The password of %s for its proxy is not imported. Enter it under Accounts, Modify, Proxy.", cleanName(f.Address)))
		}
		ids[f.Scheme+":"+f.Address] = one.account.ID
		places[one.account.ID] = append(places[one.account.ID], len(a.accounts))
		a.accounts = append(a.accounts, one)
	}
	own := func(scheme, address string) (im.AccountID, bool) {
		if id, ok := ids[scheme+":"+address]; ok {
			return id, true
		}
		id, ok := m.foreignID(scheme, address)
		return id, ok && here[id]
	}
	for _, b := range p.Buddies {
		id, ok := own(b.Scheme, b.Account)
		if !ok {
			continue
		}
		for _, n := range places[id] {
			a.accounts[n].buddies = append(a.accounts[n].buddies, im.Buddy{Account: id, Bare: b.Address, Name: b.Alias, Groups: b.Groups})
		}
		if b.Unkept {
			a.logging[im.ConvID{Account: id, Peer: b.Address}] = false
		}
	}
	m.foreignLogs(p, a, own)
	for _, f := range p.Files {
		if a.files == nil {
			a.files = map[string][]plugin.File{}
		}
		a.files[""] = append(a.files[""], plugin.File{Name: f.Name, Data: f.Data})
	}
	a.own = func(network, account string) (im.AccountID, bool) {
		scheme, address, ok := p.Address(network, account)
		if !ok {
			return "", false
		}
		return own(scheme, address)
	}
	m.foreignWords(p, a)
	return a
}

// foreignAccount is an account as its network would make it.
func (m *Messenger) foreignAccount(f foreign.Account) arrivingAccount {
	id, ok := m.foreignID(f.Scheme, f.Address)
	if !ok {
		id = im.NewAccountID(f.Scheme, f.Address)
	}
	return arrivingAccount{password: f.Password,
		account: im.Account{ID: id, Alias: f.Alias, Enabled: f.Enabled, Options: f.Options}}
}

// foreignID is the ID that the network gives to an account.
func (m *Messenger) foreignID(scheme, address string) (im.AccountID, bool) {
	n := m.network(scheme)
	if n == nil {
		return "", false
	}
	set, err := n.Account(map[string]string{protocol.FieldAddress: address})
	return set.ID, err == nil
}

// foreignLogs are the logs of accounts that are here, or come.
func (m *Messenger) foreignLogs(p *foreignProfile, a *arriving, own func(scheme, address string) (im.AccountID, bool)) {
	convs := make([]im.ConvID, len(p.Logs))
	strange, seen := []string{}, map[string]bool{}
	for n, l := range p.Logs {
		id, ok := own(l.Scheme, l.Account)
		if !ok {
			if !seen[l.Account] && l.Lines > 0 {
				strange = append(strange, cleanName(l.Account))
			}
			seen[l.Account] = true
			continue
		}
		convs[n] = im.ConvID{Account: id, Peer: l.Peer}
		if l.Lines > 0 {
			a.pasts = append(a.pasts, im.Past{Conv: convs[n], Lines: l.Lines, First: l.First, Last: l.Last})
		}
	}
	if len(strange) > 0 {
		a.leftOut = append(a.leftOut, lang.F("There are logs of accounts that are not set up any more: %s. To import them, too, add the account in Culver first.", someOf(strange)))
	}
	a.lines = func(ctx context.Context, emit func(im.Message) error) error {
		r := p.Reader()
		defer r.Close()
		for n, l := range p.Logs {
			if convs[n].IsZero() {
				continue
			}
			err := r.Lines(ctx, l, func(line foreign.Line) error {
				msg, ok := foreignLine(convs[n], line)
				if !ok {
					return nil
				}
				return emit(msg)
			})
			if errors.Is(err, foreign.ErrEnough) {
				return nil // it was said before
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
}

// foreignWords says what was found, and what there is to know.
func (m *Messenger) foreignWords(p *foreignProfile, a *arriving) {
	title := cleanName(p.Title)
	lines, from, until := 0, time.Time{}, time.Time{}
	for _, past := range a.pasts {
		lines += past.Lines
		if from.IsZero() || past.First.Before(from) {
			from = past.First
		}
		if past.Last.After(until) {
			until = past.Last
		}
	}
	buddies, passwords := 0, false
	for _, one := range a.accounts {
		buddies += len(one.buddies)
		passwords = passwords || !one.password.IsEmpty()
	}
	found := []string{lang.N(len(a.accounts), "%s account", "%s accounts", im.Number(len(a.accounts))), lang.N(buddies, "%s buddy", "%s buddies", im.Number(buddies))}
	if lines > 0 {
		in := lang.N(len(a.pasts), "%s conversation", "%s conversations", im.Number(len(a.pasts)))
		found = append(found, lang.N(lines, "%s line in %s", "%s lines in %s", im.Number(lines), in))
		if when := span(from, until); when != "" {
			found = append(found, when)
		}
	}
	a.intro = lang.F("In %s: %s. Nothing is changed there.", shortPath(p.Folder), strings.Join(found, ", "))
	if passwords {
		a.leftOut = append(a.leftOut, lang.F("%s keeps passwords in a file where others may read them, and goes on doing so. Let it forget them when Culver has them.", title))
	}
	if lines > 0 {
		a.leftOut = append(a.leftOut, lang.F("Logs do not say what was private. All that %s kept is imported as if it was not; in Culver, it is encrypted on the disk.", title))
	}
	if len(a.files) > 0 {
		a.advice = lang.F("Use Culver alone from now on. If %s has the same private keys, your buddies' programs may send what is private to the wrong one of the two.", title)
	}
	a.leftOut = append(a.leftOut, p.notes...)
	for _, n := range p.Notes {
		a.leftOut = append(a.leftOut, oneLine(n))
	}
}

// oneLine is a sentence with names in it that come from elsewhere, safe to show on one line.
func oneLine(sentence string) string {
	return strings.Join(strings.Fields(conversation.Clean(sentence)), " ")
}

// hasText reports whether there is anything in a line to read.
func hasText(l foreign.Line) bool {
	return !l.HTML || strings.Contains(strings.ToLower(l.Text), "<img") || len(conversation.Markup(l.Text)) > 0
}

// foreignLine is a line of a log as one of the history.
func foreignLine(c im.ConvID, l foreign.Line) (im.Message, bool) {
	msg := im.Message{ID: l.ID, Conv: c, Out: l.Out, Time: l.Time, From: im.Addr{Bare: c.Peer}}
	if l.System {
		msg.Kind = im.Notice
	}
	if l.HTML {
		msg.Text = conversation.Markup(l.Text)
		if len(msg.Text) == 0 && strings.Contains(strings.ToLower(l.Text), "<img") {
			msg.Text = im.Plain(lang.T("(a picture)"))
		}
	} else {
		msg.Text = conversation.Links(conversation.Clean(l.Text))
	}
	return msg, len(msg.Text) > 0
}
