package conversation

import (
	"html"
	"net/url"
	"regexp"
	"strings"

	"culver/im"
)

// Markup reads the HTML that Pidgin and its kin send inside encrypted messages
// and returns the text that it stands for. Tags that it knows become styles,
// links or line breaks; a "<" that begins none of them is shown as it is, so
// that text from peers that send none survives. Nothing is ever fetched.
func Markup(s string) im.Text {
	m := markup{}
	s = limit(s)
	for s != "" {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			m.text(s)
			break
		}
		m.text(s[:i])
		name, attrs, closing, rest, ok := tag(s[i:])
		if !ok {
			m.text("<")
			s = s[i+1:]
			continue
		}
		s = rest
		m.tag(name, attrs, closing)
	}
	return tidy(m.out)
}

type markup struct {
	out    im.Text
	styles [5]int // how many of each style are open
	href   string
	label  int // where the link's own text begins in out
}

var styleTags = map[string]int{"b": 0, "strong": 0, "i": 1, "em": 1, "u": 2, "ins": 2, "s": 3, "strike": 3, "del": 3, "code": 4, "tt": 4, "pre": 4}

// Tags that mean nothing to us but are surely tags.
var plainTags = map[string]bool{"html": true, "body": true, "head": true, "font": true, "span": true,
	"img": true, "big": true, "small": true, "sub": true, "sup": true, "ul": true, "ol": true, "a": true,
	"div": true, "p": true, "br": true, "li": true, "hr": true, "blockquote": true,
	"h1": true, "h2": true, "h3": true, "h4": true}

func (m *markup) text(s string) {
	if s == "" {
		return
	}
	s = Clean(html.UnescapeString(s))
	span := im.Span{Text: s, Link: m.href}
	for bit, open := range m.styles {
		if open > 0 {
			span.Style |= 1 << bit
		}
	}
	if m.href != "" {
		m.out = append(m.out, span)
		return
	}
	for _, l := range Links(s) {
		l.Style |= span.Style
		m.out = append(m.out, l)
	}
}

func (m *markup) tag(name, attrs string, closing bool) {
	if bit, ok := styleTags[name]; ok {
		if closing {
			m.styles[bit] = max(0, m.styles[bit]-1)
		} else {
			m.styles[bit]++
		}
		return
	}
	switch name {
	case "br", "hr":
		m.text("\n")
	case "p", "div", "li", "blockquote", "h1", "h2", "h3", "h4":
		if len(m.out) > 0 && !strings.HasSuffix(m.out[len(m.out)-1].Text, "\n") {
			m.text("\n")
		}
	case "a":
		m.link(attrs, closing)
	}
}

// link opens or closes a link. One whose text names another place than it leads
// to gets the true one written behind it.
func (m *markup) link(attrs string, closing bool) {
	if m.href != "" {
		label := m.out[m.label:].String()
		if href := m.href; !strings.EqualFold(strings.TrimSpace(label), href) && strings.TrimSpace(label) != "" {
			m.href = ""
			m.out = append(m.out, im.Span{Text: " (" + href + ")", Link: href})
		}
		m.href = ""
	}
	if !closing {
		if h := hrefAttr.FindStringSubmatch(attrs); h != nil {
			raw := Name(html.UnescapeString(strings.Trim(h[1], `"'`)))
			if SafeLink(raw) {
				m.href, m.label = raw, len(m.out)
			}
		}
	}
}

var (
	tagStart = regexp.MustCompile(`^<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s[^<>]*)?)/?>`)
	hrefAttr = regexp.MustCompile(`(?i)\bhref\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)`)
	plainURL = regexp.MustCompile(`(?i)\b(?:https?://|xmpp:)[^\s<>"]+`)
)

// tag reads a known tag at the start of s.
func tag(s string) (name, attrs string, closing bool, rest string, ok bool) {
	t := tagStart.FindStringSubmatch(s[:min(len(s), 4096)])
	if t == nil {
		return "", "", false, "", false
	}
	name = strings.ToLower(t[2])
	if _, style := styleTags[name]; !style && !plainTags[name] {
		return "", "", false, "", false
	}
	if strings.Trim(t[3], " \t\n/") != "" && !strings.Contains(t[3], "=") {
		return "", "", false, "", false // "a<b && c>d" is a sum, not a tag
	}
	return name, t[3], t[1] == "/", s[len(t[0]):], true
}

// Links turns clean text into spans, with the web and chat addresses in it as links.
func Links(s string) im.Text {
	var out im.Text
	at := 0
	for _, loc := range plainURL.FindAllStringIndex(s, -1) {
		from, to := loc[0], loc[1]
		found := strings.TrimRight(s[from:to], ".,;:!?'\"”’…")
		if strings.HasSuffix(found, ")") && !strings.Contains(found, "(") {
			found = strings.TrimSuffix(found, ")")
		}
		if !SafeLink(found) {
			continue
		}
		if from > at {
			out = append(out, im.Span{Text: s[at:from]})
		}
		out = append(out, im.Span{Text: found, Link: found})
		at = from + len(found)
	}
	if at < len(s) {
		out = append(out, im.Span{Text: s[at:]})
	}
	return out
}

// SafeLink reports whether a link leads to the web or to a chat, and nowhere else.
func SafeLink(raw string) bool {
	if len(raw) > 2000 {
		return false
	}
	u, err := url.Parse(raw)
	if err != nil || u.User != nil {
		return false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https":
		return u.Host != ""
	case "xmpp":
		return u.Opaque != "" || u.Path != ""
	}
	return false
}

// tidy joins neighbours that look the same, and takes away the space around it all.
func tidy(t im.Text) im.Text {
	var out im.Text
	for _, s := range t {
		if s.Text == "" {
			continue
		}
		if n := len(out); n > 0 && out[n-1].Style == s.Style && out[n-1].Link == s.Link {
			out[n-1].Text += s.Text
			continue
		}
		out = append(out, s)
	}
	for len(out) > 0 {
		out[0].Text = strings.TrimLeft(out[0].Text, "\n")
		if out[0].Text != "" {
			break
		}
		out = out[1:]
	}
	for n := len(out); n > 0; n = len(out) {
		out[n-1].Text = strings.TrimRight(out[n-1].Text, " \n\t")
		if out[n-1].Text != "" {
			break
		}
		out = out[:n-1]
	}
	return out
}
