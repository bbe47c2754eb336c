package xmpp

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

// What a server confirmed just before it forgot the session is in doubt, but for what came
// back. A server that still knows how far it came has lost nothing.
func TestWhatWasConfirmedJustBeforeTheEndIsInDoubt(t *testing.T) {
	for name, c := range map[string]struct {
		h    string
		want []string
	}{
		"forgotten": {"", []string{"one", "two"}},
		"known":     {"h='%d'", nil},
		"nonsense":  {"h='x%d'", []string{"one", "two"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var had uint32
			o := xmpptest.Options{HoldAcks: true, Resume: func(string, string) string {
				h := c.h
				if h != "" {
					h = fmt.Sprintf(h, had+3)
				}
				return "<failed xmlns='urn:xmpp:sm:3' " + h + "><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>"
			}}
			alice, conn, server := counting(t, o)
			had = conn.Handled.Load()
			for _, id := range []string{"one", "two", "three", "four"} {
				say(t, alice, id)
				nextSaid(t, conn)
			}
			ack(conn, had, 3)
			wait(alice, func(e protocol.Sent) bool { return e.ID == "three" })
			conn.Send("<message type='error' id='three' from='bob@test.example'/>")
			wait[protocol.Rejected](alice, nil)
			conn.Close()
			alice.failure(protocol.Lost)
			next := again(t, alice, server, o)
			server.Accept()
			var doubtful []string
			for {
				e := <-next.events
				if d, ok := e.(protocol.Doubtful); ok {
					doubtful = append(doubtful, d.ID)
				}
				if _, ok := e.(protocol.Online); ok {
					break
				}
			}
			if !slices.Equal(doubtful, c.want) {
				t.Errorf("in doubt: %q, want %q", doubtful, c.want)
			}
		})
	}
}

// What was confirmed before that is not, and nothing is once the server was to keep the
// session no longer.
func TestDoubtIsShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &link{managed: managed{id: "s1", hold: time.Minute}}
		var doubtful []string
		l.emit = func(e protocol.Event) { doubtful = append(doubtful, e.(protocol.Doubtful).ID) }
		for _, id := range []string{"long ago", "before", "just now"} {
			l.messages.add(id, "bob@x")
			l.confirms.add(id, time.Now())
			<-time.After(1500 * time.Millisecond)
		}
		l.confirms.add("", time.Now()) // of something else
		if len(l.confirms) != 2 {
			t.Errorf("remembers %v", l.confirms)
		}
		l.doubt(time.Now())
		if len(doubtful) > 0 {
			t.Errorf("in doubt while there is a connection: %q", doubtful)
		}
		l.until = time.Now().Add(time.Minute)
		l.doubt(time.Now().Add(time.Minute))
		if len(doubtful) > 0 {
			t.Errorf("in doubt after the session's time: %q", doubtful)
		}
		l.doubt(time.Now().Add(time.Second))
		if !slices.Equal(doubtful, []string{"just now"}) {
			t.Errorf("in doubt: %q", doubtful)
		}
	})
}
