package otrplugin

import (
	"html"
	"regexp"
	"strconv"
	"strings"

	"culver/im"
	"culver/otrplugin/otr"
)

// How a client writes its texts inside OTR. Pidgin and its kin write HTML, and read
// it; others, Profanity and irssi among them, write bare text and show what they get
// as it is: to them "a < b" must not go as "a &lt; b". Nobody says which it is, so
// it is told from what the client writes:
//
//   - Marks of bare text are a line feed, a "&" that begins no entity, and a "<"
//     that begins no tag. A client that writes HTML escapes all of them.
//   - Marks of HTML are entities and tags. A person may also type those by hand, in a
//     text about HTML, so they weigh less, unless tags wrap the whole text.
//   - A text with marks of both, or of none, tells nothing. Most are of the latter
//     kind, and are the same either way.
//
// Each device of a buddy has a key of its own, so it is remembered for the key. As
// long as nothing is known it is HTML. All this is about escaping alone: whatever
// comes is cleaned, and nothing that matters to anybody's safety depends on it.
type writing int

const (
	writingPrefix = "writing/"

	bareWeight   writing = 2
	markupWeight writing = -1
	maxWriting   writing = 4 // so that a client that was exchanged is noticed soon
)

// bare reports that the client reads and writes bare text.
func (w writing) bare() bool { return w > 0 }

// after is what is known after one more text.
func (w writing) after(text string) writing {
	markup, wrapped, bare := marks(text)
	switch {
	case markup == bare:
		return w
	case bare:
		w += bareWeight
	case wrapped:
		w = min(w, 0) + markupWeight
	default:
		w += markupWeight
	}
	return max(-maxWriting, min(w, maxWriting))
}

var (
	someTag = regexp.MustCompile(`(?i)^<(?:!--|/?(?:a|b|big|blockquote|body|br|code|del|div|em|font|h[1-6]|head|hr|html|i|img|ins|li|ol|p|pre|s|small|span|strike|strong|sub|sup|tt|u|ul)(?:\s[^<>=]*=[^<>]*)?\s*/?>)`)
	entity  = regexp.MustCompile(`^&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});`)
	wrapper = regexp.MustCompile(`(?is)^\s*<(?:html|body|font|span|div|p)(?:\s[^<>=]*=[^<>]*)?\s*>.*</(?:html|body|font|span|div|p)>\s*$`)
)

// marks finds what a text tells of the client that wrote it: whether there are marks
// of HTML, be it that it wraps the text, and whether there are marks of bare text.
func marks(text string) (markup, wrapped, bare bool) {
	if !strings.ContainsAny(text, "<&\n") {
		return false, false, false
	}
	tags := false
	for rest := text; ; {
		i := strings.IndexAny(rest, "<&")
		if i < 0 {
			break
		}
		rest = rest[i:]
		length := 1
		if found := someTag.FindString(rest[:min(len(rest), 4096)]); found != "" {
			tags, length = true, len(found)
		} else if found := entity.FindString(rest[:min(len(rest), 64)]); found != "" && html.UnescapeString(found) != found {
			markup, length = true, len(found)
		} else {
			bare = true
		}
		rest = rest[length:]
	}
	bare = bare || !tags && strings.Contains(text, "\n") // between tags, it is only space
	return markup || tags, tags && wrapper.MatchString(text), bare
}

// writingKey is where it is kept how the client with the key f writes.
func writingKey(id im.ConvID, f otr.Fingerprint) string {
	return writingPrefix + f.Hex() + "/" + convKey(id)
}

// writingOf is how the client with the key f writes. What cannot be read counts as
// unknown.
func (p *Plugin) writingOf(c *chat, f otr.Fingerprint) writing {
	if w, ok := c.writings[f]; ok {
		return w
	}
	b, _, _ := p.host.Store().Get(writingKey(c.id, f))
	n, _ := strconv.Atoi(string(b))
	w := max(-maxWriting, min(writing(n), maxWriting))
	c.noteWriting(f, w)
	return w
}

func (c *chat) noteWriting(f otr.Fingerprint, w writing) {
	if len(c.writings) >= maxDevices {
		clear(c.writings)
	}
	c.writings[f] = w
}

// heed learns from a text that came from the holder of f. What cannot be kept is
// known until the end of this run.
func (p *Plugin) heed(c *chat, f otr.Fingerprint, text string) {
	before := p.writingOf(c, f)
	if now := before.after(text); now != before {
		c.noteWriting(f, now)
		p.host.Store().Put(writingKey(c.id, f), []byte(strconv.Itoa(int(now))))
	}
}

// forgetWriting forgets how a client writes whose key is forgotten.
func (p *Plugin) forgetWriting(id im.ConvID, f otr.Fingerprint) {
	if c := p.chats[id]; c != nil {
		delete(c.writings, f)
	}
	p.host.Store().Delete(writingKey(id, f))
}

// forgetWritings forgets all of a removed account.
func (p *Plugin) forgetWritings(id im.AccountID) {
	rows, _ := p.host.Store().List(writingPrefix)
	for name := range rows {
		_, rest, _ := strings.Cut(strings.TrimPrefix(name, writingPrefix), "/")
		if conv, ok := parseConvKey(rest); ok && conv.Account == id {
			p.host.Store().Delete(name)
		}
	}
}

// payload is what travels inside OTR for a text that the user typed. A NUL would end
// it there.
func payload(text string, w writing) []byte {
	if w.bare() {
		return []byte(strings.NewReplacer("\x00", "", "\r\n", "\n", "\r", "\n").Replace(text))
	}
	return markup(text)
}
