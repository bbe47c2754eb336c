package testkit

import "testing"

// A port stays its owner's while nobody listens there.
func TestClaimedPort(t *testing.T) {
	c, err := claimPort()
	if err != nil {
		t.Fatal(err)
	}
	if other, ok := claimOne(c.port); ok {
		other.release()
		t.Error("it was claimed twice")
	}
	c.release()
	again, ok := claimOne(c.port)
	if !ok {
		t.Fatal("it was not released")
	}
	again.release()
}
