package netwatch

import (
	"context"
	"testing"
)

// The kernel is listened to, and that ends.
func TestListen(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() {
		defer close(over)
		Watch(ctx, func() {})
	}()
	cancel()
	<-over
	if place() == "" {
		t.Log("no network here")
	}
}
