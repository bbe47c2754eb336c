package protocol

import "culver/im"

// ReceiptSender is a session that can tell the device of a peer that a message of theirs
// came: Received.WantReceipt.
type ReceiptSender interface {
	SendReceipt(to im.Addr, id string) error
}
