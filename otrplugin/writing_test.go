package otrplugin

import (
	"strings"
	"testing"
)

// writes is what clients send inside OTR for what their users type.
var writes = map[string]struct {
	texts []string
	bare  bool
}{
	"Pidgin": {texts: []string{
		"hi there", "Tom &amp; Jerry", "if (a &lt; b &amp;&amp; c &gt; d)", "one<br>two", "one<BR>two<br/>three",
		`<FONT COLOR="#16569e"><b>look</b></FONT>`, `<html><body>hi</body></html>`,
		`<a href="https://example.org/?a=1&amp;b=2">https://example.org/?a=1&amp;b=2</a>`, "she said &quot;no&quot;", "don&apos;t",
		`<span style='font-weight: bold;'>bold</span>`,
	}},
	"Adium": {texts: []string{
		`<HTML><BODY BGCOLOR="#ffffff"><FONT FACE="Helvetica">R&amp;D</FONT></BODY></HTML>`, "<div>\n<b>x</b>\n</div>",
	}},
	"Culver": {texts: []string{string(markup("a < b\n& c > d")), string(markup("<b>bold</b>")), string(markup("plain"))}},
	"Profanity": {bare: true, texts: []string{
		"hi there", "Tom & Jerry", "if (a < b && c > d)", "one\ntwo", "<3", "https://example.org/?a=1&b=2", "she said \"no\"",
	}},
	"irssi": {bare: true, texts: []string{"R&D", "#include <stdio.h>", "a<b && c>d", "<nick> quoted", "AT&T; IBM", "x &c; y"}},
}

func TestHowClientsWrite(t *testing.T) {
	for client, c := range writes {
		for _, text := range c.texts {
			markup, _, bare := marks(text)
			if markup && c.bare || bare && !c.bare {
				t.Errorf("%s: %q has marks of HTML %v, of bare text %v", client, text, markup, bare)
			}
			if told := markup || bare; !told && strings.ContainsAny(text, "&<\n") {
				t.Errorf("%s: %q tells nothing", client, text)
			}
		}
		var w writing
		for range 3 {
			for _, text := range c.texts {
				w = w.after(text)
			}
		}
		if w.bare() != c.bare {
			t.Errorf("%s: bare is %v (%d)", client, w.bare(), w)
		}
	}
}

func TestWritingChanges(t *testing.T) {
	const bare, html, wrapped, mixed = "a & b", "a &amp; b", "<font size=3>a &amp; b</font>", "a &amp; b & c"
	for _, c := range []struct {
		name  string
		texts []string
		bare  bool
	}{
		{"nothing is known", nil, false},
		{"nothing is told", []string{"hello", "1 > 0", "\"x\""}, false},
		{"one mark is enough", []string{bare}, true},
		{"somebody writes about entities first", []string{html, bare}, true},
		{"somebody writes about entities, then", []string{bare, bare, html, html}, true},
		{"one slip of a client that writes HTML", []string{html, html, html, html, bare}, false},
		{"the client was exchanged for Pidgin", []string{bare, bare, bare, html, html, html, html}, false},
		{"for one that wraps all it writes", []string{bare, bare, bare, wrapped}, false},
		{"the client was exchanged for Profanity", []string{wrapped, wrapped, wrapped, wrapped, wrapped, bare, bare, bare}, true},
		{"marks of both", []string{mixed, mixed}, false},
		{"marks of both, later", []string{bare, mixed, mixed, mixed, mixed, mixed}, true},
		{"HTML in several lines, typed", []string{"<b>bold</b>\nis how & why"}, false},
	} {
		var w writing
		for _, text := range c.texts {
			w = w.after(text)
		}
		if w.bare() != c.bare {
			t.Errorf("%s: bare is %v (%d)", c.name, w.bare(), w)
		}
	}
}

// raw is what a client like Profanity or irssi sends.
func (e *end) raw(text string) {
	e.t.Helper()
	r, err := e.plugin.chat(e.id).session.Send([]byte(text))
	if err != nil {
		e.t.Fatal(err)
	}
	for _, w := range r.Wire {
		e.put(string(w), "")
	}
}

// payload is what a typed text is inside OTR, as it reaches the other end.
func (w *world) payload(e *end, typed string) string {
	w.t.Helper()
	other := w.bob
	if e == w.bob {
		other = w.alice
	}
	w.says(e, typed)
	return other.last().text
}

func TestBareTextForThoseWhoReadIt(t *testing.T) {
	const typed = "if (a < b && c > d)\n\treturn <nil>;\x00 R&amp;D"
	w := newWorld(t)
	w.private()
	if got := w.payload(w.alice, typed); got != string(markup(typed)) {
		t.Fatalf("to somebody unknown went %q", got)
	}
	w.bob.raw("a < b & c")
	w.run()
	if l := w.alice.last(); l.text != "a < b & c" || l.html {
		t.Fatalf("alice reads %+v", l)
	}
	const bare = "if (a < b && c > d)\n\treturn <nil>; R&amp;D"
	if got := w.payload(w.alice, typed); got != bare {
		t.Errorf("to somebody who reads bare text went %q", got)
	}
	w.bob.raw("they write &lt; for it")
	w.run()
	if l := w.alice.last(); l.html {
		t.Errorf("a bare text is read as HTML: %+v", l)
	}
	w.alice.restart()
	w.private()
	if got := w.payload(w.alice, typed); got != bare {
		t.Errorf("after a restart went %q", got)
	}
	if got := w.payload(w.bob, typed); got != string(markup(typed)) {
		t.Errorf("bob, who knows nothing, sent %q", got)
	}
	w.bob.raw(`<html><body>a &lt; b</body></html>`) // the same key in another client
	w.run()
	if l := w.alice.last(); !l.html {
		t.Errorf("HTML is read as bare text: %+v", l)
	}
	if got := w.payload(w.alice, typed); got != string(markup(typed)) {
		t.Errorf("to a client that writes HTML again went %q", got)
	}
	w.wantNoClear("return")
}

// What was learned belongs to the key: it goes with it, and with the account, and
// another key of the same buddy begins anew.
func TestWritingBelongsToTheKey(t *testing.T) {
	w := newWorld(t)
	w.private()
	w.bob.raw("a & b")
	w.run()
	c := w.alice.plugin.chat(w.alice.id)
	f, _ := c.session.PeerFingerprint()
	if !w.alice.plugin.writingOf(c, f).bare() || w.alice.plugin.writingOf(c, [20]byte{1}).bare() {
		t.Error("it does not belong to the key")
	}
	rows := func() int {
		all, err := w.alice.host.Store().List(writingPrefix)
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	if rows() != 1 {
		t.Fatalf("%d rows", rows())
	}
	w.alice.plugin.forgetWriting(w.alice.id, f)
	if w.alice.plugin.writingOf(c, f).bare() || rows() != 0 {
		t.Error("it outlives the key")
	}
	w.bob.raw("a & b")
	w.run()
	w.alice.plugin.forgetWritings("xmpp:alice@example.netx")
	if rows() != 1 {
		t.Error("it went with another account")
	}
	w.alice.plugin.forgetWritings(w.alice.id.Account)
	if rows() != 0 {
		t.Error("it outlives the account")
	}
}

// What a store has of it may be anything.
func TestWritingThatIsDamaged(t *testing.T) {
	for _, row := range []string{"", "x", "999999999999", "-7", "\x00", "1e3"} {
		w := newWorld(t)
		w.private()
		c := w.alice.plugin.chat(w.alice.id)
		f, _ := c.session.PeerFingerprint()
		clear(c.writings)
		if err := w.alice.host.Store().Put(writingKey(w.alice.id, f), []byte(row)); err != nil {
			t.Fatal(err)
		}
		if got := w.alice.plugin.writingOf(c, f); got < -maxWriting || got > maxWriting {
			t.Errorf("%q is %d", row, got)
		}
		w.says(w.alice, "still here")
		if w.bob.last().text != "still here" {
			t.Errorf("bob reads %+v", w.bob.last())
		}
	}
}

func FuzzWriting(f *testing.F) {
	for _, c := range writes {
		for _, text := range c.texts {
			f.Add(text, 0)
		}
	}
	f.Add("<a <a <a", 4)
	f.Add("&#x110000;&#99999999;", -4)
	f.Fuzz(func(t *testing.T, s string, known int) {
		w := max(-maxWriting, min(writing(known), maxWriting))
		if next := w.after(s); next < -maxWriting || next > maxWriting {
			t.Errorf("%d after %q is %d", w, s, next)
		}
		if _, _, bare := marks(string(markup(s))); bare {
			t.Errorf("our own HTML of %q looks like bare text", s)
		}
		if got := string(payload(s, w)); strings.ContainsAny(got, "\x00\r") {
			t.Errorf("%q becomes %q", s, got)
		}
		if !strings.ContainsAny(s, "&<>\n\r\x00") && string(payload(s, maxWriting)) != string(payload(s, -maxWriting)) {
			t.Errorf("%q differs", s)
		}
	})
}
