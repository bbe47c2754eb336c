package interop

import (
	"fmt"
	"strings"
	"testing"

	"culver/internal/testkit"
)

// pairs are who meets whom. The first one begins.
var pairs = map[string]func(s *stage) (a, b person){
	"Culver and Profanity": func(s *stage) (a, b person) {
		b = s.profanity("bob", "alice", testkit.ProfanityOptions{})
		return s.culver("alice", "bob"), b
	},
	"Profanity and Culver": func(s *stage) (a, b person) {
		a = s.profanity("alice", "bob", testkit.ProfanityOptions{})
		return a, s.culver("bob", "alice")
	},
	"Culver and Culver": func(s *stage) (a, b person) {
		return s.culver("alice", "bob"), s.culver("bob", "alice")
	},
}

// meet walks a journey with every pair, each on a stage of its own.
func meet(t *testing.T, journey func(s *stage, a, b person)) {
	t.Parallel()
	for name, enter := range pairs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			a, b := enter(s)
			journey(s, a, b)
		})
	}
}

// A private conversation, with lines that programs like to spoil.
func TestConversation(t *testing.T) {
	meet(t, func(s *stage, a, b person) {
		s.together(a, b)
		for _, from := range [][2]person{{a, b}, {b, a}} {
			who := "from " + from[0].address()
			s.talk(from[0], from[1],
				"first private canary "+who,
				"ünïcödé канарейка カナリア 🐤 "+who,
				long("canary "+who),
				"?OTR is what this canary "+who+" talks about",
			)
		}
		a.ends()
		a.sees(open)
		b.sees(ended)
	})
}

// Profanity sends bare text, and shows what it gets as it is; Culver writes HTML to
// those who do. What everybody reads is what the other one typed.
func TestMarkupIsReadAsTyped(t *testing.T) {
	meet(t, func(s *stage, a, b person) {
		s.together(a, b)
		if _, ok := a.(*culver); ok {
			a, b = b, a // Culver learns from what it reads how the other one writes
		}
		s.talk(a, b, "a canary in 5 < 6 && x > y")
		for _, pair := range [][2]person{{a, b}, {b, a}} {
			who := pair[0].address()
			s.talk(pair[0], pair[1],
				"<b>bold canary</b> &amp; &lt;i&gt; 5 > 3 && \"quoted\" by "+who,
				"is it <br> or <br/>, canary of "+who+"?",
				"https://example.org/?canary=1&by="+who,
				"the canary's <script>alert('"+who+"')</script>",
			)
			if _, ok := pair[0].(*culver); ok { // Profanity has no key for a line feed
				s.talk(pair[0], pair[1], "the canary's first line by "+who+"\nits second\n\nand its last")
			}
		}
	})
}

// long is a text of 3,000 characters.
func long(about string) string {
	var b strings.Builder
	for i := 0; b.Len() < 3000; i++ {
		fmt.Fprintf(&b, "%s, number %d; ", about, i)
	}
	return b.String()[:2999] + "!"
}
