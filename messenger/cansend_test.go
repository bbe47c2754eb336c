package messenger_test

import (
	"testing"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
)

func TestFilesAreOfferedOnlyWhereTheyCanBeSent(t *testing.T) {
	for name, e := range map[string]struct {
		closed  bool
		open    bool // before the private conversation
		private bool
	}{"with a depot": {open: true, private: true}, "without one": {closed: true, private: true}} {
		t.Run(name, func(t *testing.T) {
			y := newYard()
			y.closed = e.closed
			ship(t, y, func(s *scenetest.Scene, alice, bob *scenetest.Actor, _ string) {
				q := alice.M.Subscribe()
				defer alice.M.Unsubscribe(q)
				s.Script("\n\talice to bob: hello\n\tbob from alice: hello\n")
				on, depots := watch(q.TryTake(), with(alice, bob))
				if on != e.open || (len(depots) == 1) != e.open {
					t.Errorf("before it is private: %v, %v; want %v", on, depots, e.open)
				}
				s.Script("\n\talice menu bob: Start private conversation\n\talice with bob: Unverified\n\tbob with alice: Unverified\n")
				again := alice.M.Subscribe()
				defer alice.M.Unsubscribe(again)
				s.Script("\n\talice to bob: now\n\tbob from alice: now\n")
				if on, _ := watch(again.TryTake(), with(alice, bob)); on != e.private {
					t.Errorf("in private: %v, want %v", on, e.private)
				}
				s.Script("\n\tbob menu alice: End private conversation\n\talice with bob: Finished\n\talice to bob: later\n")
				if on, _ := watch(again.TryTake(), with(alice, bob)); on {
					t.Error("after the other side has ended it, files are offered")
				}
			})
		})
	}
}

// watch is what front ends know after these events.
func watch(events []messenger.Event, c im.ConvID) (on bool, depots []im.AccountID) {
	for _, e := range events {
		switch e := e.(type) {
		case messenger.Snapshot:
			depots = e.Deposits
			for _, s := range e.Conversations {
				if s.Conv == c {
					on = s.CanSendFiles
				}
			}
		case messenger.ConversationOpened:
			if e.State.Conv == c {
				on = e.State.CanSendFiles
			}
		case messenger.SendingChanged:
			if e.Conv == c {
				on = e.On
			}
		case messenger.DepositsChanged:
			depots = e.Accounts
		}
	}
	return on, depots
}
