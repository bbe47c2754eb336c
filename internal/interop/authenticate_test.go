package interop

import "testing"

// The secrets of these tests: none of them may be heard.
const (
	rightSecret = "the right Secret canary, ünïcödé"
	wrongSecret = "the wrong secret canary"
	question    = "Where did we two meet, canary?"
	rightAnswer = "Below the Canary-Bridge"
)

// secretly starts a private conversation whose authentications are secret.
func (s *stage) secretly(a, b person) {
	s.t.Helper()
	s.private(rightSecret, wrongSecret, question, rightAnswer)
	s.together(a, b)
}

// shareSecret lets a authenticate b by a secret that both know.
func shareSecret(a, b person) {
	a.asks(rightSecret)
	b.isAsked("")
	b.answers(rightSecret)
	a.hasAuthenticated()
	b.hasAuthenticated()
	both(a, b, verified)
}

func TestSharedSecret(t *testing.T) {
	meet(t, func(s *stage, a, b person) {
		s.secretly(a, b)

		// A wrong one first: nobody trusts anybody.
		a.asks(rightSecret)
		b.isAsked("")
		b.answers(wrongSecret)
		a.hasFailed()
		b.hasFailed()
		both(a, b, unverified)

		shareSecret(a, b)
		shareSecret(b, a)
		s.talk(a, b, "a verified canary line")
		s.talk(b, a, "another verified canary line")

		// The trust stands, at Culver, when a later one fails.
		b.asks(wrongSecret)
		a.isAsked("")
		a.answers(rightSecret)
		for _, p := range []person{a, b} {
			p.hasFailed()
			if _, ok := p.(*culver); ok {
				p.sees(verified)
			} else {
				p.sees(unverified)
			}
		}
		b.ends()
		a.sees(ended)
	})
}

func TestQuestionAndAnswer(t *testing.T) {
	meet(t, func(s *stage, a, b person) {
		s.secretly(a, b)
		for _, turn := range [][2]person{{a, b}, {b, a}} {
			asker, other := turn[0], turn[1]
			asker.asksQuestion(question, wrongSecret)
			other.isAsked(question)
			other.answers(rightAnswer)
			asker.hasFailed()
			other.hasFailed()

			asker.asksQuestion(question, rightAnswer)
			other.isAsked(question)
			other.answers(rightAnswer)
			asker.hasAuthenticated()
			other.wasAuthenticated()
			asker.sees(verified)
			if turn[0] == a {
				other.sees(unverified) // an answer says nothing of who asked
			}
		}
		s.talk(a, b, "a line after the canary questions")
	})
}

func TestManualVerification(t *testing.T) {
	meet(t, func(s *stage, a, b person) {
		s.secretly(a, b)
		for _, turn := range [][2]person{{a, b}, {b, a}} {
			if shown, own := turn[0].fingerprintOfOther(), turn[1].fingerprint(); shown != own {
				t.Errorf("shown is %q, but the key is %q", shown, own)
			}
			turn[0].verifies()
			turn[0].sees(verified)
		}
		s.talk(a, b, "a line after comparing canary keys")
		// It is known the next time.
		a.ends()
		b.sees(ended)
		if _, ok := b.(*culver); ok {
			b.ends()
		}
		b.sees(open)
		b.starts()
		both(a, b, verified)
		s.talk(b, a, "a line of the next canary time")
	})
}

// An authentication is given up half-way, and another one succeeds.
func TestAbort(t *testing.T) {
	meet(t, func(s *stage, a, b person) {
		s.secretly(a, b)
		for _, turn := range [][2]person{{a, b}, {b, a}} {
			quitter, other := turn[0], turn[1]
			c, ok := quitter.(*culver)
			if !ok {
				continue // Profanity can't
			}
			// The other's.
			other.asks(rightSecret)
			c.isAsked("")
			c.cancels()
			other.wasRefused()
			both(a, b, unverified)
			// Its own, before the other has answered.
			c.asks(rightSecret)
			other.isAsked("")
			c.cancels()
			other.wasLeftAlone()
			both(a, b, unverified)
		}
		if _, ok := b.(*culver); ok {
			shareSecret(b, a)
		} else {
			shareSecret(a, b)
		}
		// The end of the private conversation ends it, too.
		a.asks(rightSecret)
		b.isAsked("")
		b.ends()
		a.sees(ended)
		if c, ok := a.(*culver); ok {
			c.Until("the dialog's end", func() bool { return len(c.Dialogs) == 0 })
		}
	})
}
