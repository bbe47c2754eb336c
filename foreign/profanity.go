package foreign

import (
	"context"
	"io"
	"path"
	"regexp"
	"strings"
	"time"

	"culver/im"
	"culver/lang"
)

// Profanity writes addresses as names of folders with this for the "@".
const profanityAt = "_at_"

// readProfanity reads the data folder of Profanity.
func readProfanity(p *Profile, f *folder) error {
	p.Program, p.Title = "profanity", "Profanity"
	data, err := f.read("accounts", maxFile)
	if err == nil {
		p.parseProfanity(data)
		clear(data)
	}
	dirs, _, _ := f.list("otr")
	for _, d := range dirs {
		if _, ok := p.profanityAddress(d.name); !d.dir || !ok {
			continue
		}
		p.readFile(f, join("otr", d.name, "keys.txt"), keysFile)
		p.readFile(f, join("otr", d.name, "fingerprints.txt"), fingerprintsFile)
	}
	p.findProfanityLogs(f)
	p.logs = profanityLogs{p}
	return nil
}

func (p *Profile) parseProfanity(data []byte) {
	for _, s := range parseINI(data) {
		name := s.values["jid"]
		if name == "" {
			name = s.name
		}
		address, ok := bare(name)
		if !ok {
			p.note(lang.F("The account %s has no address and is left out.", short(s.name)))
			continue
		}
		a := Account{Scheme: schemeXMPP, Address: address, Options: map[string]string{}, Enabled: s.values["enabled"] == "true",
			Password: im.NewSecret([]byte(s.values["password"]))}
		if s.name != name && s.name != address {
			a.Alias = limited(s.name)
		}
		if a.Password.IsEmpty() && s.values["eval_password"] != "" {
			p.note(lang.F("The password of %s comes from a command in Profanity, which Culver does not run. Enter it when Culver asks for it.", address))
		}
		a.set(optionResource, s.values["resource"])
		a.set(optionServer, s.values["server"])
		if port := s.values["port"]; port != "0" && (port != defaultPort || s.values["server"] != "") {
			a.set(optionPort, port)
		}
		switch s.values["tls.policy"] {
		case "legacy", "direct":
			a.set(optionSecurity, securityDirect)
		case "disable", "trust":
			p.note(lang.F("%s was set to connect without encryption, or to accept any certificate. Culver always encrypts, and asks you about a certificate that it does not trust.", address))
		}
		p.add(a)
	}
}

// profanityAddress is the address that a folder stands for.
func (p *Profile) profanityAddress(name string) (string, bool) {
	for _, a := range p.Accounts {
		if strings.ReplaceAll(a.Address, "@", profanityAt) == strings.ToLower(name) {
			return a.Address, true
		}
	}
	if i := strings.LastIndex(name, profanityAt); i > 0 { // a name may have it, a server hardly
		return bare(name[:i] + "@" + name[i+len(profanityAt):])
	}
	return "", false
}

// findProfanityLogs collects the logs: a folder for each account, in it one for
// each buddy, in it a file for each day.
func (p *Profile) findProfanityLogs(f *folder) {
	const logs = "chatlogs"
	files, rooms := 0, 0
	accounts, more, outside := f.list(logs)
	for _, a := range accounts {
		account, ok := p.profanityAddress(a.name)
		if !a.dir || !ok {
			continue
		}
		peers, cut, out := f.list(join(logs, a.name))
		more, outside = more || cut, outside+out
		for _, b := range peers {
			if b.name == "rooms" {
				inside, _, _ := f.list(join(logs, a.name, b.name))
				rooms += len(inside)
				continue
			}
			peer, ok := p.profanityAddress(b.name)
			if !b.dir || !ok {
				continue
			}
			days, cut, out := f.list(join(logs, a.name, b.name))
			more, outside = more || cut, outside+out
			l := Log{Scheme: schemeXMPP, Account: account, Peer: peer}
			for _, e := range days {
				day, err := time.ParseInLocation("2006_01_02.log", e.name, time.Local)
				if e.dir || err != nil {
					continue
				}
				if files++; files > maxLogFiles {
					more = true
					break
				}
				l.add(part{folder: f, path: join(logs, a.name, b.name, e.name), size: e.size, start: day})
			}
			p.addLog(l)
		}
	}
	if rooms > 0 {
		p.note(lang.N(rooms, "%s log of a chat room is left out, because Culver does not have chat rooms.", "%s logs of chat rooms are left out, because Culver does not have chat rooms.", im.Number(rooms)))
	}
	p.noteFolders(more, outside)
}

type profanityLogs struct{ p *Profile }

func (g profanityLogs) read(ctx context.Context, r *Reader, l Log, each func(Line) error) error {
	return r.parts(ctx, l, func(p part, file io.Reader) error {
		ids := g.p.named(l, path.Base(p.path))
		s := newLineScanner(file)
		defer func() { r.cut += s.cut }()
		odd, err := readProfanityLog(s, p.start, func(line Line) error {
			line.ID = ids.next(line.Time, line.Out, line.Text)
			if err := each(line); err != nil {
				return stopError{err}
			}
			return nil
		})
		r.odd += odd
		return err
	})
}

var profanityLine = regexp.MustCompile(`^(\d\d):(\d\d):(\d\d) - (?:\*(\S+) |([^:]{1,1000}?): ?)(.*)$`)

// readProfanityLog reads the lines of one day. Odd counts what stands before the
// first one.
func readProfanityLog(s *lineScanner, day time.Time, emit func(Line) error) (odd int, err error) {
	var line *Line
	finish := func() error {
		done := line
		if line = nil; done == nil || strings.TrimSpace(done.Text) == "" {
			return nil
		}
		return emit(*done)
	}
	for {
		text, err := s.next()
		if err != nil {
			if failed := finish(); failed != nil {
				return odd, failed
			}
			if err == io.EOF {
				err = nil
			}
			return odd, err
		}
		m := profanityLine.FindStringSubmatch(text)
		if m == nil {
			if line == nil {
				odd++
			} else if len(line.Text)+len(text) < maxRecord {
				line.Text += "\n" + text
			}
			continue
		}
		if err := finish(); err != nil {
			return odd, err
		}
		t, err := time.ParseInLocation("2006-01-02 15:04:05", day.Format("2006-01-02 ")+m[1]+":"+m[2]+":"+m[3], day.Location())
		if err != nil {
			odd++
			continue
		}
		line = &Line{Time: t, Out: m[4] == "me" || m[5] == "me", Text: m[6]}
		if m[4] != "" {
			line.Text = "/me " + m[6]
		}
	}
}
