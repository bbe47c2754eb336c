package foreign

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"time"

	"culver/im"
	"culver/lang"
)

// adiumAccounts says which numbers Adium has for its accounts.
const adiumAccounts = "Accounts.plist"

// readAdium reads the folder of one user of Adium.
func readAdium(p *Profile, f *folder) error {
	p.Program, p.Title = "adium", "Adium"
	p.readPurple(f, "libpurple/")
	p.readAdiumAccounts(f)
	for i := range p.Accounts {
		if p.Accounts[i].Password.IsEmpty() {
			p.note(lang.T("Adium keeps passwords in the system's keychain. Enter them when Culver asks for them."))
			break
		}
	}
	for _, name := range []string{keysFile, fingerprintsFile} {
		p.readFile(f, name, name)
	}
	p.findAdiumLogs(f)
	p.logs = adiumLogs{p}
	return nil
}

// readAdiumAccounts learns the numbers of accounts, and accounts that have never
// been online.
func (p *Profile) readAdiumAccounts(f *folder) {
	data, err := f.read(adiumAccounts, maxFile)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	var list any
	if err == nil {
		list, err = parsePlist(data)
	}
	if err != nil {
		p.note(lang.F("The file %s is damaged, so keys of Adium may not find their accounts.", adiumAccounts))
	}
	root, _ := list.(map[string]any)
	accounts, _ := root["Accounts"].([]any)
	for _, a := range accounts {
		a, _ := a.(map[string]any)
		id, _ := a["ObjectID"].(string)
		uid, _ := a["UID"].(string)
		kind, _ := a["Type"].(string)
		address, ok := bare(uid)
		if !ok || !isXMPP(kind) {
			continue
		}
		if len(p.own) < maxAccounts {
			p.own[id] = address
		}
		if !p.hasAccount(address) {
			p.add(Account{Scheme: schemeXMPP, Address: address, Options: map[string]string{}})
		}
	}
}

func (p *Profile) hasAccount(address string) bool {
	for _, a := range p.Accounts {
		if a.Address == address {
			return true
		}
	}
	return false
}

var adiumLogTime = regexp.MustCompile(`\((\d{4}-\d\d-\d\dT\d\d[.:]\d\d[.:]\d\d[+-]\d\d:?\d\d)\)`)

// findAdiumLogs collects the logs: a folder for each account, in it one for each
// buddy, in it for each conversation a file, or a folder with a file in it.
func (p *Profile) findAdiumLogs(f *folder) {
	const logs = "Logs"
	var files, rooms, old int
	others := map[string]int{}
	accounts, more, outside := f.list(logs)
	for _, a := range accounts {
		service, name, _ := strings.Cut(a.name, ".")
		account, ok := bare(name)
		if !a.dir || !ok || !isXMPP(service) {
			if a.dir {
				others[service]++
			}
			continue
		}
		peers, cut, out := f.list(join(logs, a.name))
		more, outside = more || cut, outside+out
		for _, b := range peers {
			peer, ok := bare(b.name)
			if !b.dir || !ok {
				rooms++
				continue
			}
			entries, cut, out := f.list(join(logs, a.name, b.name))
			more, outside = more || cut, outside+out
			l := Log{Scheme: schemeXMPP, Account: account, Peer: peer}
			for _, e := range entries {
				m := adiumLogTime.FindStringSubmatch(e.name)
				if !strings.HasSuffix(e.name, ".chatlog") || m == nil {
					old++
					continue
				}
				where, size := join(logs, a.name, b.name, e.name), e.size
				if e.dir {
					where, size = join(where, strings.TrimSuffix(e.name, ".chatlog")+".xml"), 0
				}
				start, ok := adiumTime(strings.ReplaceAll(m[1], ".", ":"))
				if files++; !ok || files > maxLogFiles {
					more = true
					continue
				}
				l.add(part{folder: f, path: where, size: size, start: start, zoned: true})
			}
			p.addLog(l)
		}
	}
	if len(others) > 0 {
		p.note(lang.F("The logs of other networks are left out: %s.", listed(others)))
	}
	if rooms > 0 {
		p.note(lang.N(rooms, "%s log of a chat room is left out, because Culver does not have chat rooms.", "%s logs of chat rooms are left out, because Culver does not have chat rooms.", im.Number(rooms)))
	}
	if old > 0 {
		p.note(lang.N(old, "%s log in an old format of Adium is left out.", "%s logs in an old format of Adium are left out.", im.Number(old)))
	}
	p.noteFolders(more, outside)
}

// adiumTime reads a time with the zone at its end.
func adiumTime(s string) (time.Time, bool) {
	for _, form := range []string{"2006-01-02T15:04:05-0700", time.RFC3339} {
		if t, err := time.Parse(form, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// adiumLogs reads logs in the Unified Logging Format.
type adiumLogs struct{ p *Profile }

func (g adiumLogs) read(ctx context.Context, r *Reader, l Log, each func(Line) error) error {
	return r.parts(ctx, l, func(p part, file io.Reader) error {
		ids := g.p.named(l, path.Base(p.path))
		return readULF(file, l.Account, func(line Line) error {
			line.ID = ids.next(line.Time, line.Out, line.Text)
			if err := each(line); err != nil {
				return stopError{err}
			}
			return nil
		})
	})
}

// errLong ends reading XML that has a part longer than any message.
var errLong = errors.New("a part of it is too long")

// allowance is a reader that gives no more than so many bytes between two tokens:
// a decoder keeps all of a token.
type allowance struct {
	r    io.Reader
	left int
}

func (a *allowance) Read(p []byte) (int, error) {
	if a.left <= 0 {
		return 0, errLong
	}
	n, err := a.r.Read(p[:min(len(p), a.left)])
	a.left -= n
	return n, err
}

// readULF reads one conversation. Of a damaged file all is read that stands in
// front of the damage.
func readULF(r io.Reader, account string, emit func(Line) error) error {
	limit := &allowance{r: newMender(r)}
	d := newXML(limit)
	var line *Line
	var text strings.Builder
	href, label := "", 0
	for depth := 0; ; {
		limit.left = maxRecord
		token, err := d.RawToken()
		if err == io.EOF && depth > 0 {
			err = io.ErrUnexpectedEOF
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read a log: %w", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return errNested
			}
			switch name := t.Name.Local; {
			case line == nil:
				line = ulfLine(t, account)
				text.Reset()
			case name == "br", name == "p", name == "div" && text.Len() > 0:
				text.WriteByte('\n')
			case name == "img":
				text.WriteString(attribute(t, "alt"))
			case name == "a":
				href, label = attribute(t, "href"), text.Len()
			}
		case xml.EndElement:
			depth--
			switch name := t.Name.Local; {
			case line != nil && (name == "message" || name == "status" || name == "event" || name == "action"):
				line.Text += strings.TrimSpace(text.String())
				done := line
				if line = nil; done.Text == "" || done.Time.IsZero() {
					break
				}
				if err := emit(*done); err != nil {
					return err
				}
			case name == "a" && href != "" && line != nil:
				if shown := text.String()[min(label, text.Len()):]; strings.TrimSpace(shown) != href && len(href) < 2000 {
					text.WriteString(" (" + href + ")")
				}
				href = ""
			}
		case xml.CharData:
			if line != nil && text.Len()+len(t) < maxRecord {
				text.Write(t)
			}
		}
	}
}

// ulfLine begins a line, if that is what an element is.
func ulfLine(t xml.StartElement, account string) *Line {
	line := new(Line)
	switch t.Name.Local {
	case "message", "action":
	case "status", "event":
		line.System = true
	default:
		return nil
	}
	line.Time, _ = adiumTime(attribute(t, "time"))
	sender, _ := bare(attribute(t, "sender"))
	line.Out = !line.System && sender == account
	if t.Name.Local == "action" {
		line.Text = "/me "
	}
	return line
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
