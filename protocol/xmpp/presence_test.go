package xmpp

import (
	"testing"
	"time"

	"culver/im"
	"culver/protocol"
	"culver/protocol/xmpp/xmpptest"
)

func TestIdle(t *testing.T) {
	client, conn := fake(t, xmpptest.Options{})
	for since, want := range map[string]time.Time{
		"2026-01-02T03:04:05Z": time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		"2999-01-01T00:00:00Z": {},
		"yesterday":            {},
		"":                     {},
	} {
		conn.Send("<presence from='bob@test.example/x'><show>away</show><idle xmlns='urn:xmpp:idle:1' since='%s'/></presence>", since)
		e := wait[protocol.PresenceChanged](client, nil)
		if e.Presence.Show != im.Away || !e.Presence.Idle.Equal(want) {
			t.Errorf("%q: %v", since, e.Presence)
		}
	}
	conn.Send("<presence from='bob@test.example/x'/>")
	if e := wait[protocol.PresenceChanged](client, nil); !e.Presence.Idle.IsZero() {
		t.Errorf("%v", e.Presence)
	}
}
