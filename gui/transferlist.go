package gui

import (
	"fmt"
	"slices"
	"strings"

	"culver/im"
	"culver/lang"
	"culver/messenger"
	"culver/plugin"
)

// The buttons of the list of transfers.
const (
	shipAccept = "accept"
	shipReject = "decline"
	shipPause  = "pause"
	shipResume = "resume"
	shipCancel = "cancel"
	shipForget = "forget"
	shipClear  = "clear"
)

// showTransfers shows the list of all transfers.
func (g *GUI) showTransfers() {
	if g.ships != nil {
		g.ships.window.RequestFocus()
		return
	}
	g.ships, _ = g.Ask(g.transferList(), g.transferAnswered).(*formWindow)
}

// drawTransfers draws the list anew, if it is open.
func (g *GUI) drawTransfers() {
	if g.ships != nil {
		g.ships.Update(g.transferList())
	}
}

// transferAnswered does what the user wants of transfers in the list.
func (g *GUI) transferAnswered(a plugin.Answers) {
	if a.Action == "close" || a.Action == plugin.Closed || g.over() {
		g.ships.Close()
		return
	}
	for _, row := range a.Rows {
		id := messenger.TransferID(row)
		switch a.Action {
		case shipAccept:
			g.front.ShowTransfer(id)
		case shipReject:
			g.front.DeclineTransfer(id)
		case shipPause:
			g.front.PauseTransfer(id)
		case shipResume:
			g.front.ResumeTransfer(id)
		case shipCancel:
			g.front.CancelTransfer(id)
		case shipForget, shipClear:
			g.front.ForgetTransfer(id)
		}
	}
	g.drawTransfers()
}

// transferList is the list, the newest first.
func (g *GUI) transferList() plugin.Form {
	table := im.Field{ID: "transfers", Kind: im.FieldTable, Several: true, Columns: []string{lang.T("File"), lang.T("With"), lang.T("Status"), lang.T("Protected")},
		Hint: lang.T("No files were sent or received since Culver was started."),
		Actions: []im.RowAction{{ID: shipAccept, Label: lang.T("Accept…"), One: true}, {ID: shipReject, Label: lang.T("Decline")},
			{ID: shipPause, Label: lang.T("Pause")}, {ID: shipResume, Label: lang.T("Resume")},
			{ID: shipCancel, Label: lang.T("Cancel"), Confirm: lang.T("Cancel what is chosen? What is not complete is lost.")},
			{ID: shipForget, Label: lang.T("Clear")}, {ID: shipClear, Label: lang.T("Clear all finished"), Every: true}}}
	for _, t := range slices.Backward(g.transfers) {
		with := lang.F("From %s", g.name(t.Conv))
		if t.Out {
			with = lang.F("To %s", g.name(t.Conv))
		}
		row := im.Row{ID: string(t.ID), Cells: []string{oneLine(drawable(t.What()), 80), with, transferStatus(t), lang.T("Readable on its way")},
			Keys: []string{"", "", fmt.Sprintf("%d %03d", t.State, t.Percent())}}
		if t.Seal.Level.Encrypted() {
			row.Cells[3] = t.Seal.Level.String()
		}
		switch {
		case t.State == messenger.TransferOffered:
			row.Can = []string{shipAccept, shipReject}
		case t.State.Over():
			row.Can = []string{shipForget, shipClear}
		default:
			row.Can = []string{shipCancel}
		}
		if t.CanPause {
			row.Can = append(row.Can, shipPause)
		}
		if t.CanResume {
			row.Can = append(row.Can, shipResume)
		}
		table.Rows = append(table.Rows, row)
	}
	return plugin.Page(lang.T("File Transfers"), "", []im.Field{table}, plugin.Button{ID: "close", Label: lang.T("Close"), Role: plugin.Cancel})
}

// transferStatus is how far a transfer is, in a few words.
func transferStatus(t messenger.Transfer) string {
	word := transferWord(t.State)
	parts := []string{word}
	switch t.State {
	case messenger.TransferRunning, messenger.TransferPaused:
		parts = append(parts, fmt.Sprintf("%d %%", t.Percent()))
		if left := timeLeft(t); left != "" && t.State == messenger.TransferRunning {
			parts = append(parts, left)
		}
	case messenger.TransferWaiting, messenger.TransferFailed, messenger.TransferCancelled:
		reason := drawable(oneLine(t.Reason, 200))
		switch {
		case reason == "":
		case t.State == messenger.TransferCancelled || strings.HasPrefix(reason, word): // it says who did so
			return reason
		default:
			return lang.F("%s: %s", word, reason)
		}
	}
	return strings.Join(parts, ", ")
}

// transferWord is the state of a transfer.
func transferWord(s messenger.TransferState) string {
	switch s {
	case messenger.TransferPreparing:
		return lang.As("transfer", "Being read")
	case messenger.TransferOffered:
		return lang.As("transfer", "Offered")
	case messenger.TransferWaiting:
		return lang.As("transfer", "Waiting")
	case messenger.TransferRunning:
		return lang.As("transfer", "Under way")
	case messenger.TransferPaused:
		return lang.As("transfer", "Paused")
	case messenger.TransferFinished:
		return lang.As("transfer", "Finished")
	case messenger.TransferFailed:
		return lang.As("transfer", "Failed")
	case messenger.TransferCancelled:
		return lang.As("transfer", "Cancelled")
	}
	return ""
}
