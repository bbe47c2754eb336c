package xmpp

import (
	"fmt"
	"testing"

	"culver/protocol"
)

func TestTracked(t *testing.T) {
	var m tracked
	m.add("a", "bob@x")
	if !m.sent("a") || m.sent("b") {
		t.Error("only what was queued can have been sent")
	}
	if _, ok := m.returned("a", "eve@x", false); ok {
		t.Error("believed somebody else")
	}
	if to, ok := m.returned("a", "bob@x", false); !ok || to != "bob@x" {
		t.Errorf("returned from %q, %v", to, ok)
	}
	if m.sent("a") {
		t.Error("sent after it came back")
	}
	m.add("a", "carol@x") // the same ID again
	if to, ok := m.returned("a", "x", true); !ok || to != "carol@x" {
		t.Errorf("returned by the server from %q, %v", to, ok)
	}
	for i := range 3 * (maxTracked + maxQueued) {
		m.add(fmt.Sprint(i), "bob@x")
	}
	if len(m.to) > maxTracked+maxQueued || len(m.order) > maxTracked+maxQueued {
		t.Errorf("%d and %d are remembered", len(m.to), len(m.order))
	}
}

func TestRequestsAreBounded(t *testing.T) {
	var r requests
	for range maxRequests {
		if r.add("", nil) == "" {
			t.Fatal("refused too early")
		}
	}
	if r.add("", nil) != "" {
		t.Error("no bound")
	}
}

// What the link has to do itself is not lost because others want too much of it.
func TestTheLinkFindsRoomForItsOwn(t *testing.T) {
	var events []protocol.Event
	l := offline(t, &events)
	for range maxTodo {
		must(t, l.do(func() {}))
	}
	if l.do(func() {}) == nil {
		t.Error("no bound")
	}
	for range maxRequests {
		l.requests.add("", nil)
	}
	done := false
	l.askInTime("", "get", newElement(nsPing, "ping"), func(answer *element) { done = answer == nil })
	for _, f := range l.todo.take() {
		f()
	}
	if !done {
		t.Error("who asked is never told that there is no answer")
	}
}
