package interop

import (
	"strings"
	"testing"

	"culver/im"
)

// The other's program knows nothing of OTR: it shows its user a polite text, and
// Culver's user is told, and decides about what waits.
func TestNobodySpeaksOTR(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	bob := s.without("bob", "alice")
	alice := s.culver("alice", "bob")
	alice.says(anOpenLine)
	bob.reads(anOpenLine)
	alice.starts()
	bob.reads("would like to talk")
	alice.says("a line that waits")
	alice.ExpectState(alice.conv, im.Waiting)
	alice.Expect(alice.conv, "did not answer")
	alice.Reads("No answer from", "encrypted")
	if heard := s.server.Stanzas(); strings.Contains(heard, "a line that waits") {
		t.Error("the line left before anybody decided about it")
	}
	alice.Answer("No answer from", "send")
	bob.reads("a line that waits")
	// Not private means: no more questions.
	alice.says("another line in clear")
	bob.reads("another line in clear")
	bob.says("an answer in clear")
	alice.reads("an answer in clear")
	alice.sees(open)
	s.private("a canary that was not sent")
	alice.starts()
	alice.says("a canary that was not sent")
	alice.ExpectState(alice.conv, im.Waiting)
	// To correct it after nobody answered does not open the conversation, either.
	alice.Reads("No answer from", "encrypted")
	m := alice.ExpectState(alice.conv, im.Waiting)
	s.private("another canary")
	alice.M.Edit(alice.conv, m.ID)
	alice.Until("the text", func() bool { return len(alice.TakenBack) > 0 })
	alice.says("another canary that was not sent")
	alice.ExpectState(alice.conv, im.Waiting)
	bob.says("are you there?")
	alice.reads("are you there?")
}
