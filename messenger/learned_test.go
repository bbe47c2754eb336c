package messenger_test

import (
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/protocol"
)

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
