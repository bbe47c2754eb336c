package testkit

import (
	"context"
	"strings"
	"testing"
	"time"
)

// Stanzas is everything that clients and the server said to each other after
// encryption began, whole and in order, one element a line: ">" and what a client sent, or "<" and
// what a client was sent, then the client's address, then the XML. Line feeds
// inside an element are written as "&#10;". The recording goes on over restarts.
// What a client said is there before it has an effect; what it was told may come
// a moment after it was told.
func (s *Server) Stanzas() string { return readAll(s.recording()) }

// WaitStanza waits until a recorded line holds all the given parts, and returns
// the line.
func (s *Server) WaitStanza(t testing.TB, parts ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		for line := range strings.Lines(s.Stanzas()) {
			if containsAll(line, parts) {
				return strings.TrimSuffix(line, "\n")
			}
		}
		select {
		case <-ctx.Done():
			t.Fatalf("the server never saw %q; it saw:\n%s", parts, s.Stanzas())
		case <-tick.C:
		}
	}
}

func containsAll(s string, parts []string) bool {
	for _, part := range parts {
		if !strings.Contains(s, part) {
			return false
		}
	}
	return true
}

// Recording is the file that Stanzas reads.
func (s *Server) Recording() string { return s.recording() }

func (s *Server) recording() string { return s.path("stanzas.log") }
