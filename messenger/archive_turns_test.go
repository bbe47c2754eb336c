package messenger_test

import (
	"testing"
	"testing/synctest"
	"time"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/protocol"
)

// An archive that never ends is not read all at once, and not given up either; one that is
// gone with the next session is not asked.
func TestAnArchiveIsReadInTurns(t *testing.T) {
	archived(t, scenetest.Part{}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := begin(net, a)
		net.archive.endless = true
		s = again(net, a, s)
		settle()
		if n := len(net.archive.queries()); n == 0 || n > 101 {
			t.Errorf("asked %d times", n)
		}
		<-time.After(3 * time.Hour)
		synctest.Wait()
		if n := len(net.archive.queries()); n == 0 || n > 101 {
			t.Errorf("asked %d times later on", n)
		}
		a.M.Open(bob)
		a.Until("lines above", func() bool { return a.Chats[bob] != nil })
		s.ended <- &protocol.Failure{Cause: protocol.Lost, Text: "The connection was lost."}
		synctest.Wait()
		a.M.Reconnect(a.Self)
		net.online()
		a.UntilOnline()
		settle()
		net.archive.queries()
		a.M.LoadOlder(bob)
		settle()
		a.M.LoadOlder(bob)
		settle()
		if q := net.archive.queries(); len(q) != 0 {
			t.Errorf("an archive that is not there is asked: %+v", q)
		}
	})
}
