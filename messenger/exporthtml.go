package messenger

import (
	"bufio"
	"html"
	"strings"

	"culver/conversation"
	"culver/im"
)

// htmlScribe writes a web page that stands alone: nothing in it is loaded from
// elsewhere, and nothing runs.
type htmlScribe struct {
	w    *bufio.Writer
	past exportPast
	days days
}

const htmlHead = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$TITLE</title>
<style>
:root { color-scheme: light dark }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 50em; margin: 2em auto; padding: 0 1em }
h1 { font-size: 1.5em } h2 { font-size: 1.2em; margin-top: 2em } h3 { font-size: 1em; margin: 1.5em 0 .3em; border-bottom: 1px solid; opacity: .8 }
p { margin: .25em 0; white-space: pre-wrap; overflow-wrap: anywhere }
time { opacity: .65; font-size: .85em } b { color: #a82f2f } b.own { color: #16569e }
i.mark { font-size: .85em; opacity: .75 } p.notice { opacity: .8; font-style: italic }
@media (prefers-color-scheme: dark) { b { color: #ff8a80 } b.own { color: #82b1ff } }
</style>
</head>
<body>
`

func (s *htmlScribe) begin(title string) {
	s.put(strings.Replace(htmlHead, "$TITLE", html.EscapeString(title), 1),
		`<h1 dir="auto">`, html.EscapeString(title), "</h1>\n<p>", html.EscapeString(exportedOn()), "</p>\n")
}

func (s *htmlScribe) conversation(p exportPast) {
	s.past, s.days = p, days{}
	s.put(`<h2 dir="auto">`, html.EscapeString(p.between()))
	if p.description != "" {
		s.put(", ", html.EscapeString(p.description))
	}
	s.put("</h2>\n")
}

func (s *htmlScribe) line(msg im.Message) {
	t := msg.Time.Local()
	if day := s.days.next(t); day != "" {
		s.put("<h3>", html.EscapeString(day), "</h3>\n")
	}
	class := ""
	if msg.Kind != im.Chat {
		class = ` class="notice"`
	}
	s.put("<p", class, ` dir="auto"><time datetime="`, t.Format("2006-01-02T15:04:05-07:00"), `">`, t.Format("15:04:05"), "</time> ")
	for _, mark := range marksOf(msg) {
		s.put(`<i class="mark">(`, html.EscapeString(mark), ")</i> ")
	}
	if msg.Kind == im.Chat {
		own := ""
		if msg.Out {
			own = ` class="own"`
		}
		s.put("<b", own, `><bdi>`, html.EscapeString(s.past.by(msg)), "</bdi>:</b> ")
	}
	s.text(msg.Text)
	s.put("</p>\n")
}

// text writes what a line says, in its styles.
func (s *htmlScribe) text(t im.Text) {
	for _, span := range t {
		open, shut := "", ""
		for _, style := range htmlStyles {
			if span.Style&style.style != 0 {
				open += "<" + style.tag + ">"
				shut = "</" + style.tag + ">" + shut
			}
		}
		if conversation.SafeLink(span.Link) {
			open += `<a rel="noreferrer noopener nofollow" href="` + html.EscapeString(span.Link) + `">`
			shut = "</a>" + shut
		}
		s.put(open, html.EscapeString(endings.Replace(conversation.Clean(span.Text))), shut)
	}
}

var htmlStyles = [...]struct {
	style im.Style
	tag   string
}{{im.Bold, "strong"}, {im.Italic, "em"}, {im.Underline, "u"}, {im.Strike, "s"}, {im.Code, "code"}}

func (s *htmlScribe) end() {
	s.put("</body>\n</html>\n")
}

func (s *htmlScribe) put(parts ...string) {
	for _, p := range parts {
		s.w.WriteString(p)
	}
}
