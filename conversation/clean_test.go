package conversation

import (
	"strings"
	"testing"
	"unicode/utf8"

	"culver/im"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "hello", "hello"},
		{"tabs and newlines stay", "a\tb\nc", "a\tb\nc"},
		{"CR LF becomes LF", "a\r\nb\rc", "a\nb\nc"},
		{"control characters go", "a\x00b\x1bc\x7f\u0085d", "abcd"},
		{"direction overrides go", "a\u202egnp.exe\u202c\u2066x\u2069", "agnp.exex"},
		{"invisible marks go", "pay\u200epal\ufeff", "paypal"},
		{"bad UTF-8 is marked", "a\xffb", "a\ufffdb"},
		{"Hebrew stays", "שלום", "שלום"},
		{"emoji with a variation selector stay", "❤️ 👩‍💻", "❤️ 👩‍💻"},
		{"towers of marks are cut", "e" + strings.Repeat("\u0301", 50), "e" + strings.Repeat("\u0301", maxMarks)},
		{"what has no width is no letter to put more marks on",
			"e" + strings.Repeat("\u0301\u0301\u0301\ufe0f\u200d\x01\u2060", 9),
			"e\u0301\u0301\u0301\ufe0f\u200d\u2060\u0301" + strings.Repeat("\ufe0f\u200d\u2060", 8)},
		{"each letter has its own", "e\u0301\u0301\u0301\u0301e\u0301", "e\u0301\u0301\u0301\u0301e\u0301"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Clean(c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestCleanLimitsLength(t *testing.T) {
	got := Clean(strings.Repeat("ä", MaxText))
	if len(got) > MaxText+len("…") || !utf8.ValidString(got) {
		t.Fatalf("%d bytes, valid %v", len(got), utf8.ValidString(got))
	}
}

func TestNameIsOneShortLine(t *testing.T) {
	got := Name("  Bob\nfake@example.net\u2028" + strings.Repeat("x", 500))
	if strings.ContainsAny(got, "\n\u2028") || utf8.RuneCountInString(got) > 201 || !strings.HasPrefix(got, "Bob fake") {
		t.Fatalf("got %q", got)
	}
}

func TestMarkup(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     im.Text
	}{
		{"bare text", "a & b", im.Text{{Text: "a & b"}}},
		{"entities", "1 &lt; 2 &amp;&amp; 3 &gt; 2 &#39;x&#39;", im.Text{{Text: "1 < 2 && 3 > 2 'x'"}}},
		{"line breaks", "a<br/>b<BR>c<br />d", im.Text{{Text: "a\nb\nc\nd"}}},
		{"styles", "<b>x</b> <i>y<u>z</u></i>", im.Text{{Text: "x", Style: im.Bold}, {Text: " "}, {Text: "y", Style: im.Italic}, {Text: "z", Style: im.Italic | im.Underline}}},
		{"Pidgin's wrapping", `<html><body><FONT COLOR="red" SIZE=3>hi</FONT></body></html>`, im.Text{{Text: "hi"}}},
		{"paragraphs", "<p>a</p><p>b</p>", im.Text{{Text: "a\nb"}}},
		{"C++ of a peer that sends no markup", "#include <stdio.h> if (a<b && c>d)", im.Text{{Text: "#include <stdio.h> if (a<b && c>d)"}}},
		{"unclosed", "<b>x", im.Text{{Text: "x", Style: im.Bold}}},
		{"closed too often", "</b></b>x<b>y</b>", im.Text{{Text: "x"}, {Text: "y", Style: im.Bold}}},
		{"images are nothing", `a<img src="http://evil/x.png">b`, im.Text{{Text: "ab"}}},
		{"scripts are words", `<script>x</script>`, im.Text{{Text: "<script>x</script>"}}},
		{"hidden controls in entities", "a&#x202e;b&#0;c", im.Text{{Text: "ab\ufffdc"}}},
		{"a link", `<a href="https://a.example/x">https://a.example/x</a>`, im.Text{{Text: "https://a.example/x", Link: "https://a.example/x"}}},
		{"a link that lies", `<a href="https://evil.example/">bank.example</a>!`, im.Text{{Text: "bank.example (https://evil.example/)", Link: "https://evil.example/"}, {Text: "!"}}},
		{"a link that runs code", `<a href="javascript:alert(1)">x</a>`, im.Text{{Text: "x"}}},
		{"a file", `<a href='file:///etc/passwd'>x</a>`, im.Text{{Text: "x"}}},
		{"a bare address", "see https://a.example/b.", im.Text{{Text: "see "}, {Text: "https://a.example/b", Link: "https://a.example/b"}, {Text: "."}}},
		{"nothing", "<b></b><br>", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Markup(c.in)
			if len(got) != len(c.want) {
				t.Fatalf("got %#v, want %#v", got, c.want)
			}
			for i := range got {
				if got[i] != c.want[i] {
					t.Fatalf("got %#v, want %#v", got, c.want)
				}
			}
		})
	}
}

func TestLinks(t *testing.T) {
	for in, want := range map[string]string{
		"(see http://a.example/x)":         "http://a.example/x",
		"http://en.example/a_(b)":          "http://en.example/a_(b)",
		"HTTPS://A.EXAMPLE, ok":            "HTTPS://A.EXAMPLE",
		"xmpp:bob@example.net?message":     "xmpp:bob@example.net?message",
		"ftp://a.example file:///x":        "",
		"https://user:pw@bank.example/":    "",
		"https:// nothing":                 "",
		"javascript:alert(1) data:text,hi": "",
	} {
		got := ""
		for _, s := range Links(in) {
			got += s.Link
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
		if text := Links(in).String(); text != in {
			t.Errorf("%q became %q", in, text)
		}
	}
}

func FuzzMarkup(f *testing.F) {
	for _, s := range []string{"a<b>c</b>", "<a href='x'>y", "&lt;&#x10ffff;", "<<<<>>>>", "<a <a <a", "\xff<br", "\xff\n0", "<p><a href=https://x.y>z</p>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, span := range Markup(s) {
			if !utf8.ValidString(span.Text) {
				t.Fatalf("not UTF-8: %q", span.Text)
			}
			for _, r := range span.Text {
				if hidden(r) {
					t.Fatalf("hidden character %U in %q", r, span.Text)
				}
			}
			if span.Link != "" && !SafeLink(span.Link) {
				t.Fatalf("unsafe link %q", span.Link)
			}
		}
	})
}
