package otrplugin

import (
	"strings"
	"testing"
	"time"

	"culver/plugin"
)

// What is packed can be unpacked, or is refused.
func TestNoMoreIsPackedThanIsUnpacked(t *testing.T) {
	for more := range 2 {
		var files []plugin.File
		rows := make([]buddyRow, maxMovedRows+more)
		for n := range rows {
			rows[n] = buddyRow{Account: "xmpp:alice@example.org", Peer: "bob@example.org"}
		}
		err := addRows(&files, packedBuddies, rows)
		if more == 1 {
			if err == nil || !strings.Contains(err.Error(), "more than a backup can hold") {
				t.Errorf("one more: %v", err)
			}
			continue
		}
		m := new(moved)
		if err != nil || m.readPacked(files, time.Time{}) != nil || len(m.buddies) != len(rows) || m.bad > 0 {
			t.Errorf("%v; %d rows came back, %d bad", err, len(m.buddies), m.bad)
		}
	}
}
