package testkit

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Stanzas is everything that clients and the server said to each other after
// encryption began, whole and in order, one element a line: ">" and what a client sent, or "<" and
// what a client was sent, then the client's address, then the XML. Line feeds
// inside an element are written as "&#10;". The recording goes on over restarts.
func (p *Prosody) Stanzas() string { return readAll(p.recording()) }

// WaitStanza waits until a recorded line holds all the given parts, and returns
// the line.
func (p *Prosody) WaitStanza(t testing.TB, parts ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		for line := range strings.Lines(p.Stanzas()) {
			if containsAll(line, parts) {
				return strings.TrimSuffix(line, "\n")
			}
		}
		select {
		case <-ctx.Done():
			t.Fatalf("the server never saw %q; it saw:\n%s", parts, p.Stanzas())
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

func (p *Prosody) recording() string { return filepath.Join(p.dir, "stanzas.log") }

// recorderModule is a Prosody module that writes each element to a file, before
// any other filter sees it on its way in, and after all others on its way out.
func recorderModule(file string) string {
	return fmt.Sprintf(`module:set_global();
local filters = require "util.filters";
local out = assert(io.open(%s, "a"));
local function recorder(direction, session)
	return function (stanza)
		local text = tostring(stanza):gsub("\n", "&#10;");
		out:write(direction, " ", session.full_jid or "-", " ", text, "\n");
		out:flush();
		return stanza;
	end
end
filters.add_filter_hook(function (session)
	if session.type ~= "c2s" and session.type ~= "c2s_unauthed" then return; end
	filters.add_filter(session, "stanzas/in", recorder(">", session), 1000);
	filters.add_filter(session, "stanzas/out", recorder("<", session), -1000);
end);
`, luaString(file))
}
