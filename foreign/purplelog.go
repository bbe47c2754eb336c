package foreign

import (
	"context"
	"fmt"
	"html"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"culver/im"
	"culver/lang"
)

// purpleLogs reads the logs of Pidgin and its kin.
type purpleLogs struct {
	p    *Profile
	own  map[string][]string    // how each account is called in its logs
	peer map[[2]string][]string // and each buddy, by account and address
}

// findPurpleLogs collects what is in the folder logs/jabber: a folder for each
// account, in it one for each buddy, in it a file for each conversation.
func (p *Profile) findPurpleLogs(f *folder, logs string) {
	var files, rooms, system, unknown, outside, strange int
	var more bool
	defer func() {
		if rooms > 0 {
			p.note(lang.N(rooms, "%s log of a chat room is left out, because Culver does not have chat rooms.", "%s logs of chat rooms are left out, because Culver does not have chat rooms.", im.Number(rooms)))
		}
		if unknown > 0 {
			p.note(lang.N(unknown, "%s file in the folder of logs is left out, by a name that logs do not have.", "%s files in the folder of logs are left out, by names that logs do not have.", im.Number(unknown)))
		}
		if strange > 0 {
			p.note(lang.N(strange, "%s folder of logs is left out, by a name that is no address.", "%s folders of logs are left out, by names that are no addresses.", im.Number(strange)))
		}
		p.noteFolders(more, outside)
	}()
	networks, cut, out := f.list(logs)
	more, outside = cut, out
	others := map[string]int{}
	for _, n := range networks {
		if n.dir && n.name != "jabber" {
			others[n.name]++
		}
	}
	if len(others) > 0 {
		p.note(lang.F("The logs of other networks are left out: %s.", listed(others)))
	}
	accounts, cut, out := f.list(join(logs, "jabber"))
	more, outside = more || cut, outside+out
	for _, a := range accounts {
		account, ok := bare(unescaped(a.name))
		if !a.dir || !ok {
			strange++
			continue
		}
		peers, cut, out := f.list(join(logs, "jabber", a.name))
		more, outside = more || cut, outside+out
		for _, b := range peers {
			name := unescaped(b.name)
			switch {
			case !b.dir:
				unknown++
				continue
			case name == ".system":
				system++
				continue
			case strings.HasSuffix(name, ".chat"), strings.Contains(name, "/"): // with a slash: somebody in a room
				rooms++
				continue
			}
			peer, ok := bare(name)
			if !ok {
				strange++
				continue
			}
			inside, cut, out := f.list(join(logs, "jabber", a.name, b.name))
			more, outside = more || cut, outside+out
			l := Log{Scheme: schemeXMPP, Account: account, Peer: peer}
			for _, e := range inside {
				start, zoned, ok := logStart(e.name)
				if e.dir || !ok {
					unknown++
					continue
				}
				if files++; files > maxLogFiles {
					more = true
					break
				}
				l.add(part{folder: f, path: join(logs, "jabber", a.name, b.name, e.name), size: e.size, start: start, zoned: zoned})
			}
			p.addLog(l)
		}
	}
}

// noteFolders says what of folders was not looked at.
func (p *Profile) noteFolders(more bool, outside int) {
	if more {
		p.note(lang.T("There are too many log files: only some of them are imported."))
	}
	if outside > 0 {
		p.note(lang.N(outside, "%s entry among the logs is left out, because it leads out of the folder or cannot be read.", "%s entries among the logs are left out, because they lead out of the folder or cannot be read.", im.Number(outside)))
	}
}

// add takes one more file into a log.
func (l *Log) add(p part) {
	l.parts = append(l.parts, p)
	l.Size += p.size
	if l.First.IsZero() || p.start.Before(l.First) {
		l.First = p.start
	}
	if p.start.After(l.Last) {
		l.Last = p.start
	}
}

// addLog keeps a log, joined with one of the same conversation.
func (p *Profile) addLog(l Log) {
	if len(l.parts) == 0 {
		return
	}
	for i := range p.Logs {
		if o := &p.Logs[i]; o.Account == l.Account && o.Peer == l.Peer && o.Scheme == l.Scheme {
			for _, part := range l.parts {
				o.add(part)
			}
			return
		}
	}
	p.Logs = append(p.Logs, l)
}

var logName = regexp.MustCompile(`^(\d{4}-\d\d-\d\d\.\d{6})([+-]\d{4})?.*\.(?:html?|txt)$`)

// logStart reads the name of a log file: when the conversation began.
func logStart(name string) (start time.Time, zoned, ok bool) {
	m := logName.FindStringSubmatch(name)
	if m == nil {
		return time.Time{}, false, false
	}
	var err error
	if m[2] != "" {
		if start, err = time.Parse("2006-01-02.150405-0700", m[1]+m[2]); err == nil {
			_, offset := start.Zone()
			return start.In(time.FixedZone("", offset)), true, true
		}
	}
	start, err = time.ParseInLocation("2006-01-02.150405", m[1], time.Local)
	return start, false, err == nil
}

// unescaped is the name that a file name stands for: %xx is a byte.
func unescaped(name string) string {
	if !strings.Contains(name, "%") {
		return mend([]byte(name))
	}
	var out []byte
	for i := 0; i < len(name); i++ {
		if name[i] == '%' && i+2 < len(name) {
			if b, err := strconv.ParseUint(name[i+1:i+3], 16, 8); err == nil {
				out = append(out, byte(b))
				i += 2
				continue
			}
		}
		out = append(out, name[i])
	}
	return mend(out)
}

func (g *purpleLogs) read(ctx context.Context, r *Reader, l Log, each func(Line) error) error {
	return r.parts(ctx, l, func(p part, file io.Reader) error {
		names := newNames(l, g.own[l.Account], g.peer[[2]string{l.Account, l.Peer}])
		ids := g.p.named(l, path.Base(p.path))
		s := newLineScanner(file)
		defer func() { r.cut += s.cut }()
		log := &purpleLog{clock: newClock(p.start), names: names, html: !strings.HasSuffix(p.path, ".txt")}
		log.emit = func(line Line) error {
			line.ID = ids.next(line.Time, line.Out, line.Text)
			if err := each(line); err != nil {
				return stopError{err}
			}
			return nil
		}
		err := log.read(s)
		r.odd += log.odd
		return err
	})
}

// purpleLog reads one file, in which each line of the conversation begins with a
// time in parentheses and may go on over several lines.
type purpleLog struct {
	clock *clock
	names *names
	html  bool
	emit  func(Line) error
	odd   int // lines before the first one with a time

	begun bool
	record
}

// record is one line of a conversation while it is read.
type record struct {
	when   time.Time
	colour string
	text   strings.Builder
}

// Until 2.13 Pidgin wrote font elements, since then spans.
var (
	htmlStart = regexp.MustCompile(`^(?:<(?:font color="|span style="color: )(#[0-9A-Fa-f]{6})">)?<(?:font size="2"|span style="font-size: smaller")>\(([^<>]{1,120})\)</(?:font|span)>`)
	htmlTitle = regexp.MustCompile(`</h[13]>(?:<p>|<pre>)?`)
	txtStart  = regexp.MustCompile(`^\(([^()]{1,120}|[^()]{0,60}\([^()]{0,50}\)[^()]{0,60})\) `)
)

func (l *purpleLog) read(s *lineScanner) error {
	for first := true; ; first = false {
		text, err := s.next()
		if err == io.EOF {
			return l.finish()
		}
		if err != nil {
			l.finish()
			return fmt.Errorf("read a log: %w", err)
		}
		if first {
			if !l.html && strings.HasPrefix(text, "Conversation with ") {
				continue
			}
			if at := htmlTitle.FindStringIndex(text); l.html && at != nil {
				text = text[at[1]:]
			}
		}
		if when, colour, rest, ok := l.start(text); ok {
			if err := l.finish(); err != nil {
				return err
			}
			l.begun, l.when, l.colour = true, when, colour
			l.text.WriteString(rest)
			continue
		}
		switch {
		case !l.begun && (first || end(text)):
		case !l.begun:
			l.odd++
		case l.text.Len()+len(text) < maxRecord:
			l.text.WriteByte('\n')
			l.text.WriteString(text)
		}
	}
}

// end reports whether a line of HTML is only the end of the file.
func end(text string) bool {
	text = strings.NewReplacer("</body>", "", "</html>", "", "</pre>", "", "</p>", "", "<br>", "", "<br/>", "").Replace(text)
	return strings.TrimSpace(text) == ""
}

// start reports whether a line of the conversation begins here.
func (l *purpleLog) start(text string) (when time.Time, colour, rest string, ok bool) {
	if l.html {
		m := htmlStart.FindStringSubmatchIndex(text)
		if m == nil {
			return
		}
		if m[2] >= 0 {
			colour = strings.ToLower(text[m[2]:m[3]])
		}
		when, ok = l.clock.at(html.UnescapeString(text[m[4]:m[5]]))
		return when, colour, text[m[1]:], ok
	}
	m := txtStart.FindStringSubmatchIndex(text)
	if m == nil {
		return
	}
	when, ok = l.clock.at(text[m[2]:m[3]])
	return when, "", text[m[1]:], ok
}

// finish hands out the line that was read.
func (l *purpleLog) finish() error {
	if !l.begun {
		return nil
	}
	l.begun = false
	text := l.text.String()
	l.text.Reset()
	line := Line{Time: l.when, HTML: l.html}
	if l.html {
		l.finishHTML(&line, text)
	} else {
		l.finishText(&line, text)
	}
	if strings.TrimSpace(line.Text) == "" {
		return nil
	}
	return l.emit(line)
}

// The colours that mean something in the HTML.
const (
	colourSent     = "#16569e"
	colourReceived = "#a82f2f"
	colourAction   = "#062585" // of either
	colourWhisper  = "#6c2585"
	colourError    = "#ff0000"
)

var (
	htmlWho   = regexp.MustCompile(`^\s*<b>\s*(.{1,400}?):?</b>(?:</(?:font|span)>)?\s?`)
	autoReply = " <AUTO-REPLY>"
)

func (l *purpleLog) finishHTML(line *Line, text string) {
	for {
		cut := strings.TrimSpace(text)
		for _, tail := range []string{"</html>", "</body>", "</pre>", "</p>", "<br/>", "<br>", "<br />"} {
			cut = strings.TrimSuffix(cut, tail)
		}
		if cut == text {
			break
		}
		text = cut
	}
	m := htmlWho.FindStringSubmatchIndex(text)
	who, colon := "", false
	if m != nil {
		who = strings.TrimSuffix(html.UnescapeString(text[m[2]:m[3]]), autoReply)
		colon = strings.Contains(text[m[3]:m[1]], ":</b>")
	}
	switch {
	case l.colour == colourSent && m != nil:
		line.Out, line.Text = true, text[m[1]:]
		l.names.learn(who, true)
	case (l.colour == colourReceived || l.colour == colourWhisper) && m != nil:
		line.Text = text[m[1]:]
		l.names.learn(who, false)
	case l.colour == colourAction && m != nil:
		line.Out = l.names.isOwn(strings.TrimPrefix(who, "***"))
		line.Text = "/me " + text[m[1]:]
	case l.colour == "" && m != nil && colon && text[m[1]:] != "" && l.names.known(who):
		line.Out, line.Text = l.names.isOwn(who), text[m[1]:]
	default:
		line.System = true
		text = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSpace(text), "</font>"), "</span>")
		if inner, ok := strings.CutPrefix(text, "<b>"); ok && strings.HasSuffix(inner, "</b>") {
			text = strings.TrimSuffix(inner, "</b>")
		}
		line.Text = strings.TrimSpace(text)
	}
}

func (l *purpleLog) finishText(line *Line, text string) {
	if action, ok := strings.CutPrefix(text, "***"); ok {
		if who, rest := l.names.leading(action); who != "" {
			line.Out, line.Text = l.names.isOwn(who), "/me "+rest
			return
		}
		who, rest, _ := strings.Cut(action, " ")
		line.Out, line.Text = l.names.isOwn(who), "/me "+rest
		return
	}
	who, rest, ok := l.names.speaker(text)
	if !ok {
		line.System, line.Text = true, text
		return
	}
	line.Out, line.Text = l.names.isOwn(who), rest
	l.names.learn(who, line.Out)
}

// names are those by which a log calls its two ends, in lower case.
type names struct{ own, peer []string }

func newNames(l Log, own, peer []string) *names {
	n := new(names)
	for _, name := range append([]string{l.Account, local(l.Account)}, own...) {
		n.learn(name, true)
	}
	for _, name := range append([]string{l.Peer, local(l.Peer)}, peer...) {
		n.learn(name, false)
	}
	return n
}

func local(address string) string {
	name, _, _ := strings.Cut(address, "@")
	return name
}

func (n *names) learn(name string, own bool) {
	name = folded(name)
	if name == "" || slices.Contains(n.own, name) || slices.Contains(n.peer, name) || len(n.own)+len(n.peer) > 200 {
		return
	}
	if own {
		n.own = append(n.own, name)
	} else {
		n.peer = append(n.peer, name)
	}
}

// folded is a name to compare: a device at the end of an address does not count.
func folded(name string) string {
	name = strings.ToLower(strings.TrimSpace(name))
	if i := strings.IndexByte(name, '/'); i > 0 && strings.Contains(name[:i], "@") {
		name = name[:i]
	}
	return name
}

func (n *names) isOwn(who string) bool { return slices.Contains(n.own, folded(who)) }

func (n *names) known(who string) bool {
	return n.isOwn(who) || slices.Contains(n.peer, folded(who))
}

// leading is the name that a text begins with, if it is a known one.
func (n *names) leading(text string) (who, rest string) {
	for _, list := range [][]string{n.own, n.peer} {
		for _, name := range list {
			if len(name) > len(who) && len(text) > len(name) && text[len(name)] == ' ' && strings.EqualFold(text[:len(name)], name) {
				who = text[:len(name)]
			}
		}
	}
	if who == "" {
		return "", text
	}
	return who, text[len(who)+1:]
}

// speaker tells who says a text, from plain text that begins with a name and a
// colon. A name that nobody knows is taken for one if it has no more than three
// words and no more than that is before the first colon: what the program says
// itself has long sentences.
func (n *names) speaker(text string) (who, rest string, ok bool) {
	for at := 0; at < min(len(text), 400); {
		i := strings.Index(text[at:], ": ")
		if i < 0 {
			if strings.HasSuffix(text, ":") {
				i = len(text) - 1 - at
			} else {
				break
			}
		}
		at += i
		name := strings.TrimSuffix(text[:at], autoReply)
		if n.known(name) {
			return name, strings.TrimPrefix(text[at+1:], " "), true
		}
		at++
	}
	who, rest, ok = strings.Cut(text, ": ")
	who = strings.TrimSuffix(who, autoReply)
	if !ok || who == "" || len(who) > 100 || len(strings.Fields(who)) > 3 {
		return "", text, false
	}
	return who, rest, true
}
