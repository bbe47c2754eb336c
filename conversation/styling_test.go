package conversation_test

import (
	"strings"
	"testing"
	"time"

	"culver/conversation"
	"culver/im"
)

// shownAs writes pieces down: [b:words], marks in parentheses, quotes with a bar.
func shownAs(all []conversation.Piece) string {
	var b strings.Builder
	for _, p := range all {
		text := p.Text
		if p.Mark {
			text = "(" + text + ")"
		} else {
			for bit, name := range map[im.Style]string{im.Bold: "b", im.Italic: "i", im.Strike: "s", im.Code: "c", im.Underline: "u"} {
				if p.Style == bit {
					text = "[" + name + ":" + text + "]"
				}
			}
			if p.Style == im.Bold|im.Italic {
				text = "[bi:" + text + "]"
			}
		}
		if p.Quoted {
			text = "|" + text
		}
		b.WriteString(text)
	}
	return b.String()
}

func TestStyled(t *testing.T) {
	for text, want := range map[string]string{
		"plain":                   "plain",
		"*bold*":                  "(*)[b:bold](*)",
		"so _very_ good":          "so (_)[i:very](_) good",
		"~gone~ `a*b*c`":          "(~)[s:gone](~) (`)[c:a*b*c](`)",
		"*_both_*":                "(*)(_)[bi:both](_)(*)",
		"*bold _both_*":           "(*)[b:bold ](_)[bi:both](_)(*)",
		"*strong*plain*":          "(*)[b:strong](*)plain*",
		"* plain *strong*":        "* plain (*)[b:strong](*)",
		"not strong*":             "not strong*",
		"*not strong":             "*not strong",
		"*not \n strong":          "*not \n strong",
		"2*3*4 snake_case_name":   "2*3*4 snake_case_name",
		"* item\n* item":          "* item\n* item",
		"**":                      "**",
		"****":                    "(*)[b:*](*)*",
		"*a *":                    "*a *",
		"_a_.":                    "(_)[i:a](_).",
		"(*a*)":                   "(*a*)",
		"*é* ~ö~":                 "(*)[b:é](*) (~)[s:ö](~)",
		"> said\nand I":           "(> )|said\nand I",
		">> _a_\n> b":             "(>> )|(_)|[i:a]|(_)\n(> )|b",
		"> > nested":              "(> > )|nested",
		"a > b":                   "a > b",
		"```\ncode *x*\n```\n*y*": "(```)\n[c:code *x*]\n(```)\n(*)[b:y](*)",
		"```go\nx":                "(```go)\n[c:x]",
		"> ```\n>  x\n> ```\n*y*": "(> )|(```)\n(> )|[c: x]\n(> )|(```)\n(*)[b:y](*)",
		"> ```\n> x\n*y*":         "(> )|(```)\n(> )|[c:x]\n(*)[b:y](*)",
	} {
		if got := shownAs(conversation.Styled(im.Plain(text))); got != want {
			t.Errorf("%q is shown as\n%s\nnot\n%s", text, got, want)
		}
	}
}

// What came with a look of its own keeps it, and links stay what they are.
func TestStyledSpans(t *testing.T) {
	text := im.Text{{Text: "*a ", Style: im.Underline}, {Text: "https://example.org/_x_*", Link: "https://example.org/_x_*"}, {Text: " b*"}, {Text: " `c`", Style: im.Code}}
	got := conversation.Styled(text)
	want := []conversation.Piece{
		{Span: im.Span{Text: "*", Style: im.Underline | im.Bold}, Mark: true},
		{Span: im.Span{Text: "a ", Style: im.Underline | im.Bold}},
		{Span: im.Span{Text: "https://example.org/_x_*", Link: "https://example.org/_x_*", Style: im.Bold}},
		{Span: im.Span{Text: " b", Style: im.Bold}},
		{Span: im.Span{Text: "*", Style: im.Bold}, Mark: true},
		{Span: im.Span{Text: " `c`", Style: im.Code}},
	}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%+v, not %+v", got[i], want[i])
		}
	}
}

func textOf(all []conversation.Piece) string {
	var b strings.Builder
	for _, p := range all {
		b.WriteString(p.Text)
	}
	return b.String()
}

// Nobody makes a window slow by signs.
func TestStyledFloods(t *testing.T) {
	for _, part := range []string{"*", "*a", "*a ", " *a", "*a* ", "_*~`", "*_~` ", "> ", ">", "```\n", "> ```\n", "*\n", "`a` "} {
		text := strings.Repeat(part, conversation.MaxText/len(part))
		began := time.Now()
		all := conversation.Styled(im.Plain(text))
		if textOf(all) != text || len(all) > 1000 {
			t.Errorf("%q: %d pieces", part, len(all))
		}
		if d := time.Since(began); d > 2*time.Second { // it takes milliseconds; a square would be minutes
			t.Errorf("%q took %v", part, d)
		}
	}
}

func FuzzStyled(f *testing.F) {
	for _, s := range []string{"*a _b_* `c`", "> *x*\n>> ```\n>> y", "```\n", "*é*\n~\xff~", "http://x/*a*"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text := conversation.Links(conversation.Clean(s))
		all := conversation.Styled(text)
		if textOf(all) != text.String() {
			t.Fatalf("%q became %q", text.String(), textOf(all))
		}
		for _, p := range all {
			if p.Text == "" {
				t.Fatalf("%q has a piece of nothing", s)
			}
			if p.Link != "" && p.Mark && p.Text != p.Link {
				t.Fatalf("%q: a sign in a link", s)
			}
		}
	})
}

func BenchmarkStyled(b *testing.B) {
	text := im.Plain("this is *an ordinary* line with a _few_ signs, and `some code` as well: 2*3 > 4")
	for b.Loop() {
		conversation.Styled(text)
	}
}
