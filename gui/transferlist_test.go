package gui

import (
	"slices"
	"testing"

	"culver/messenger"
	"culver/plugin"
)

func TestTransferListShowsAllAndActs(t *testing.T) {
	g, f := shipping(t, messenger.Transfer{Name: "report.pdf", Files: 1, Size: 100, Done: 50, State: messenger.TransferRunning, CanPause: true, Out: true})
	g.apply([]messenger.Event{messenger.TransferChanged{Transfer: messenger.Transfer{ID: "t2", Conv: peer("carol"), Name: "song.ogg", Files: 1, Size: 7, State: messenger.TransferFinished}}})
	g.showTransfers()
	rows := g.transferList().Tabs[0].Fields[0].Rows
	if len(rows) != 2 || rows[0].ID != "t2" || rows[0].Cells[2] != "Finished" || rows[1].Cells[2] != "Under way, 50 %" ||
		rows[1].Cells[1] != "To bob@example.org" || rows[0].Cells[1] != "From carol@example.org" || rows[1].Cells[3] != "Readable on its way" {
		t.Errorf("the rows are %+v", rows)
	}
	if !slices.Equal(rows[1].Can, []string{shipCancel, shipPause}) || !slices.Equal(rows[0].Can, []string{shipForget, shipClear}) {
		t.Errorf("possible are %q and %q", rows[1].Can, rows[0].Can)
	}
	for want, t1 := range map[string]messenger.Transfer{
		"Failed: The disk is full.": {State: messenger.TransferFailed, Reason: "The disk is full."},
		"Failed":                    {State: messenger.TransferFailed},
		"Carol declined it.":        {State: messenger.TransferCancelled, Reason: "Carol declined it."},
		"Cancelled":                 {State: messenger.TransferCancelled},
		"Waiting for an answer.":    {State: messenger.TransferWaiting, Reason: "Waiting for an answer."},
		"Waiting: It goes on when you are online.": {State: messenger.TransferWaiting, Reason: "It goes on when you are online."},
	} {
		if got := transferStatus(t1); got != want {
			t.Errorf("%q in place of %q", got, want)
		}
	}
	f.said()
	for action, said := range map[string]string{shipAccept: "transfer t1", shipReject: "decline t1", shipPause: "pause t1",
		shipResume: "resume t1", shipCancel: "cancel t1", shipForget: "forget t1", shipClear: "forget t1"} {
		g.transferAnswered(plugin.Answers{Action: action, Rows: []string{"t1"}})
		f.has(t, said)
	}
	g.showTransfers()
	if len(g.asked) != 1 {
		t.Error("there are two lists")
	}
	g.transferAnswered(plugin.Answers{Action: "close"})
	if g.ships != nil || len(g.asked) != 0 {
		t.Error("it does not close")
	}
	g.showTransfers()
	g.apply([]messenger.Event{messenger.Locking{}})
	if g.ships != nil || len(g.asked) != 0 {
		t.Error("it is still there after locking")
	}
}
