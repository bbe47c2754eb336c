package messenger_test

import (
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/protocol"
)

// What the user accepted once is not learned for good: the next start would take the
// certificate for that of the server.
func TestWhatIsAcceptedOnceIsNotLearned(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, c im.ConvID) {
		s := <-net.sessions
		s.ended <- &protocol.Failure{Cause: protocol.Untrusted, Text: "No.", Certificate: &protocol.Certificate{Server: "x", SHA256: "b",
			Accept: map[string]string{protocol.FieldPin: "b", "seen": "attacker's"}}}
		a.Answer("Certificate of x", "once")
		s = net.online()
		a.UntilOnline()
		s.events <- protocol.Learned{Options: map[string]string{"seen": "attacker's", "signin": "well"}}
		synctest.Wait()
		a.Quit()
		a.Start()
		if got := net.online().account.Options; got["seen"] != "" || got["signin"] != "well" || got[protocol.FieldPin] != "" {
			t.Errorf("the next start has %q", got)
		}
	})
}

// TestWhatIsLearnedOfAServerIsKept: also when the account is changed, and when it
// connects anew.
func TestWhatIsLearnedOfAServerIsKept(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, c im.ConvID) {
		s := net.online()
		a.UntilOnline()
		s.events <- protocol.Learned{Options: map[string]string{"signin": "well", "seen": "x", "server": ""}}
		synctest.Wait()
		a.M.ShowEditAccount(c.Account)
		a.Answer("Modify Account", "save", "server=there")
		if got := net.online().account.Options; got["signin"] != "well" || got["seen"] != "x" || got["server"] != "there" {
			t.Errorf("the next session has %q", got)
		}
	})
}
