package interop

import (
	"testing"

	"culver/internal/testkit"
)

// A private conversation from its beginning to its end, on the other server: it
// passes messages on in another order of what is in them, and returns those that
// were not to be stored.
func TestConversationOnEjabberd(t *testing.T) {
	t.Parallel()
	for name, enter := range pairs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStageOf(t, testkit.StartEjabberd)
			a, b := enter(s)
			s.secretly(a, b)
			for _, from := range [][2]person{{a, b}, {b, a}} {
				s.talk(from[0], from[1], "a canary of "+from[0].address(), long("canary from "+from[0].address()))
			}
			shareSecret(a, b)
			s.talk(b, a, "a canary that is verified")
			a.ends()
			a.sees(open)
			b.sees(ended)
		})
	}
}
