package xmpp

import (
	"testing"
	"time"

	"culver/im"
)

// Since when the user does nothing is said to those on the list, if they choose it; people
// in rooms do not even learn that.
func TestIdleOfTheUser(t *testing.T) {
	since := time.Date(2026, 3, 4, 12, 55, 0, 0, time.FixedZone("", 3600))
	p := im.Presence{Show: im.Away, Status: "words", Idle: since, Auto: true}
	if got := announcement(p, capability{}).child(nsIdle, "idle").attr("since"); got != "2026-03-04T11:55:00Z" {
		t.Errorf("%q is said", got)
	}
	if announcement(im.Presence{Show: im.Away, Auto: true}, capability{}).child(nsIdle, "idle") != nil {
		t.Error("it is said without being asked for")
	}
	r := announcement(inRooms(p), capability{})
	if r.child(nsIdle, "idle") != nil || r.childText(nsClient, "show") != "" || r.childText(nsClient, "status") != "" {
		t.Errorf("rooms are told of it")
	}
	if inRooms(p) != inRooms(im.Presence{Show: im.Available, Status: "other"}) {
		t.Error("rooms are told that something has changed")
	}
	if got := inRooms(im.Presence{Show: im.DoNotDisturb, Idle: since}); got != (im.Presence{Show: im.DoNotDisturb}) {
		t.Errorf("rooms are told %+v", got)
	}
}
