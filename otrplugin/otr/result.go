package otr

// Result is what one call made of its input. Take it in this order: put Wire
// on the wire, act on Events, show Text.
type Result struct {
	// Text is what to show (Receive only). It is a byte string that the peer
	// chose: in Pidgin's world HTML, elsewhere bare text. Sanitise it.
	Text []byte
	// Show tells whether Text is to be shown at all: protocol messages are not.
	Show bool
	// Sealed tells, for Receive, that Text came authenticated and encrypted;
	// for Send, that what is in Wire is encrypted.
	Sealed bool
	// From is the key of the peer's with which Text came, and FromTag the
	// instance that sent it (Receive, if Sealed). It is usually, but not always,
	// the one that Send goes to.
	From    Fingerprint
	FromTag uint32
	// Number is that of the text (Send, if Sealed): what Again, Unread and Unsend name it by.
	Number uint64
	// Held tells that Send kept the text until a session exists.
	Held bool
	// Early tells that the message has overtaken others and waits for them (see
	// Config.EarlyWait): nothing else came of it yet. What does is in Then of a later
	// Result, with the same number.
	Early uint64
	// Then has what came of messages that waited, in their order, to be acted on
	// after this Result. Errors among them are told by events.
	Then []Result
	// Wire has the messages for the peer, in order. OTR messages fit
	// MaxFragment; queries, errors and plain texts are not cut.
	Wire [][]byte
	// Again has the numbers of the texts that were sent again, by the place in Wire of
	// the message that completes each. The peer may have read them before.
	Again map[int]uint64
	// Events are the things that happened, in order.
	Events []Event
}

// again notes that the last message of Wire completes a text that was sent again.
func (r *Result) again(number uint64) {
	if r.Again == nil {
		r.Again = make(map[int]uint64)
	}
	r.Again[len(r.Wire)-1] = number
}

// Event is one thing that happened to a session. Fingerprint and Tag are set
// wherever an instance of the peer is meant, Percent for all kinds of SMP; the
// other fields where the kind says so.
type Event struct {
	Kind EventKind
	// Text was chosen by the peer: sanitise it.
	Text string
	// Percent is how far SMP is, 0 to 100.
	Percent int
	// Fingerprint is the peer's key that the event is about.
	Fingerprint Fingerprint
	// Tag is the peer's instance that the event is about; 0 in version 2.
	Tag uint32
	// TLV is the type of the record for TLVReceived; Use the purpose number
	// for KeyReceived. Data is the record's value or the purpose's details.
	TLV  uint16
	Use  uint32
	Data []byte
	// Key is the extra symmetric key (KeyReceived), 32 bytes.
	Key []byte
	// Texts are numbers of texts (Unread), in order.
	Texts []uint64
}

// EventKind names what happened.
type EventKind uint8

const (
	_ EventKind = iota

	// GoneSecure: the conversation is private now, with the key Fingerprint
	// (sections "Receiving a Reveal Signature Message", "Receiving a Signature
	// Message"). Also when a private conversation goes on with ANOTHER key: compare
	// it. If MayFollow said no, it is one with an instance (Tag) that Send does
	// not go to, and nothing else has changed; the same is true of Refreshed.
	GoneSecure
	// Refreshed: still private, same Fingerprint, new session keys.
	Refreshed
	// PeerEnded: the peer has ended the private conversation, by an
	// authenticated TLV 1; the state is Finished (section "Receiving a Data
	// Message").
	PeerEnded
	// Ended: the user has ended it; the state is Plaintext (section "User
	// requests to end an OTR conversation").
	Ended
	// InstanceSwitched: messages go to another instance (Tag) of the peer from
	// here on, because it is the one that is alive; its key is Fingerprint. The
	// state is Encrypted; it may have been Finished.
	InstanceSwitched

	// AskSecret: the peer began SMP; ask the user for the shared secret, then
	// call Answer or Abort (section "Receiving a type 2 TLV (SMP message 1)").
	AskSecret
	// AskAnswer: the same with a question (TLV 7), in Text.
	AskAnswer
	// SMPProgress: SMP is at Percent.
	SMPProgress
	// SMPSuccess: the secrets are the same, so Fingerprint is whose it should be.
	SMPSuccess
	// SMPFailure: the secrets differ.
	SMPFailure
	// SMPAborted: the peer gave up SMP (some clients do when the secrets differ).
	SMPAborted
	// SMPCheated: a zero-knowledge proof or a group element was wrong; SMP was
	// stopped on both sides.
	SMPCheated
	// SMPError: a message out of order or malformed; SMP was stopped on both sides.
	SMPError
	// SMPExpired: the peer did not go on with SMP for too long (half an hour
	// for an answer by its user, five minutes for one by its program); it was
	// stopped on both sides.
	SMPExpired

	// EncryptionRequired: the text typed is held and a session was asked for
	// (section "User types a message to be sent").
	EncryptionRequired
	// ReceivedUnencrypted: Result.Text came in clear though the conversation
	// is or must be private: anybody on the way may have written it (section
	// "Receiving plaintext without the whitespace tag").
	ReceivedUnencrypted
	// NotInPrivate: an encrypted message came, but there is no session here.
	NotInPrivate
	// Unreadable: an encrypted message could not be read.
	Unreadable
	// Malformed: an OTR message made no sense.
	Malformed
	// SetupFailed: a key exchange did not verify; nothing has changed.
	SetupFailed
	// NoCommonVersion: the peer asks for OTR in versions not allowed here.
	NoCommonVersion
	// PeerError: the peer, or anybody in his name, reports an error, in Text
	// (section "Receiving an Error Message").
	PeerError
	// OtherInstance: the message was meant for another client of ours (section
	// "Instance Tags").
	OtherInstance
	// Reflected: our own messages come back to us.
	Reflected
	// Resent: a text was sent again, after the peer could not read it; one event
	// for each.
	Resent
	// Unread: the peer may not have been able to read these texts that Send sealed, and
	// they are not sent again: he never showed that he has the keys that they were sealed
	// with, or said that he could not read something since he last did.
	Unread
	// Delivered: held texts went out (Result.Wire has them).
	Delivered
	// HeartbeatSent and HeartbeatReceived: an empty message, so that keys go on
	// being forgotten when one side only reads (section "Receiving a Data
	// Message").
	HeartbeatSent
	HeartbeatReceived
	// KeyReceived: the peer wants to use the extra symmetric Key for Use, with
	// Data (TLV 8; section "Extra symmetric key").
	KeyReceived
	// TLVReceived: a record of type TLV that the engine does not use, with Data
	// (section "Data Message").
	TLVReceived
)

var eventNames = [...]string{
	GoneSecure: "gone-secure", Refreshed: "still-secure", PeerEnded: "peer-ended", Ended: "gone-insecure",
	InstanceSwitched: "instance-switched",
	AskSecret:        "ask-secret", AskAnswer: "ask-answer", SMPProgress: "progress", SMPSuccess: "success",
	SMPFailure: "failure", SMPAborted: "abort", SMPCheated: "cheated", SMPError: "smp-error", SMPExpired: "expired",
	EncryptionRequired: "encryption-required", ReceivedUnencrypted: "unencrypted", NotInPrivate: "not-in-private",
	Unreadable: "unreadable", Malformed: "malformed", SetupFailed: "setup-failed", NoCommonVersion: "no-common-version",
	PeerError: "error", OtherInstance: "other-instance", Reflected: "reflected", Resent: "resent", Unread: "unread", Delivered: "delivered",
	HeartbeatSent: "heartbeat-sent", HeartbeatReceived: "heartbeat-received",
	KeyReceived: "key-received", TLVReceived: "tlv-received",
}

// String is a short name that stays as it is, for logs and tests. It is that of
// libotr's event where there is one: "still-secure" for Refreshed, "gone-insecure"
// for Ended.
func (k EventKind) String() string {
	if int(k) < len(eventNames) && eventNames[k] != "" {
		return eventNames[k]
	}
	return "unknown"
}
