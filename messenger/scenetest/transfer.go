package scenetest

import (
	"fmt"

	"culver/im"
	"culver/messenger"
)

// Transfer waits for the newest transfer of a conversation to be in that state.
func (a *Actor) Transfer(with im.ConvID, state messenger.TransferState) messenger.Transfer {
	a.t.Helper()
	var last messenger.Transfer
	a.Until(fmt.Sprintf("a transfer in state %d", state), func() bool {
		last = messenger.Transfer{}
		for _, t := range a.Transfers {
			if t.Conv == with && !t.When.Before(last.When) {
				last = t
			}
		}
		return last.ID != "" && last.State == state
	})
	return last
}

func (a *Actor) takeTransfers(all []messenger.Transfer) {
	a.Transfers = map[messenger.TransferID]messenger.Transfer{}
	for _, t := range all {
		a.Transfers[t.ID] = t
	}
}

func (a *Actor) applyTransfer(e messenger.Event) {
	switch e := e.(type) {
	case messenger.TransferChanged:
		a.Transfers[e.Transfer.ID] = e.Transfer
	case messenger.TransferRemoved:
		delete(a.Transfers, e.ID)
	}
}
