package buddylist

import (
	"fmt"
	"testing"

	"culver/im"
)

// BenchmarkRows: a list of 5,000 buddies, of whom 500 are online, is taken anew for each
// change while it is on the screen, up to ten times a second.
func BenchmarkRows(b *testing.B) {
	l := New()
	for i := range 5000 {
		buddy := im.Buddy{Account: "x:a", Bare: fmt.Sprintf("buddy%d@example.net", i*7919%5000), Name: fmt.Sprintf("Buddy %d", i), Subscription: im.SubscriptionBoth}
		l.Apply(Buddy{buddy})
		if i%10 == 0 {
			l.Apply(Presence{Account: "x:a", From: im.Addr{Bare: buddy.Bare, Resource: "r"}, Presence: im.Presence{Show: im.Available}})
		}
	}
	for b.Loop() {
		if n := len(l.Rows(View{ShowOffline: true})); n != 5001 {
			b.Fatal(n)
		}
	}
}
