package otr

import (
	"errors"
	"io"
	"time"
)

// Errors that callers branch on.
var (
	ErrFinished     = errors.New("otr: the peer has ended the private conversation")
	ErrNotEncrypted = errors.New("otr: the conversation is not private")
	ErrEmptySecret  = errors.New("otr: the secret is empty")
	ErrNotAsked     = errors.New("otr: no secret was asked for")
	ErrSwitchedOff  = errors.New("otr: the policy allows no version")
	ErrClosed       = errors.New("otr: the session is closed")
	ErrMalformed    = errors.New("otr: malformed message")
	ErrUnreadable   = errors.New("otr: unreadable message")
)

// Config is what a Session is made with.
type Config struct {
	// Key is our long-term key. It may be shared by Sessions; it is not wiped by them.
	Key *PrivateKey
	// InstanceTag is ours, the same for all conversations of an account; see NewInstanceTag.
	InstanceTag uint32
	Policy      Policy
	// MaxFragment is the biggest message for the wire in bytes, 0: no limit.
	MaxFragment int
	// QueryText follows the query, for people without OTR. Empty: a default.
	QueryText string
	// Rand is the source of randomness. Nil: crypto/rand.
	Rand io.Reader
	// Now is the clock. Nil: time.Now.
	Now func() time.Time
	// HeartbeatInterval is after how long without sending a received message
	// is answered by an empty one. 0: a minute. Negative: never.
	HeartbeatInterval time.Duration
	// ResentPrefix goes before a text sent again after an error. Empty: "[resent] ".
	ResentPrefix string
	// ErrorText words the errors told to the peer. Nil: English.
	ErrorText func(ErrorCode) string
	// MayRelease is asked, when a session comes up, whether texts that were
	// held (or are to be sent again) may go to the holder of that key. Nil:
	// yes. On no they stay held until Release.
	MayRelease func(Fingerprint) bool
}

// ErrorCode is a reason told to the peer in an error message.
type ErrorCode uint8

const (
	ErrorEncrypting   ErrorCode = iota + 1 // we could not encrypt
	ErrorNotInPrivate                      // we have no session for what came
	ErrorUnreadable                        // we could not read what came
	ErrorMalformed                         // what came made no sense
)

// Session is the OTR side of the conversation with one bare peer.
// The zero Session is not usable: call New.
type Session struct {
	cfg Config
}

// New makes a session in the state Plaintext.
func New(cfg Config) *Session { return &Session{cfg: cfg} }

// Receive takes a message as it came from the wire. An error means that it
// was malformed or could not be read; the Result still holds the answers for
// the wire and the events, and never text to show.
func (s *Session) Receive(wire []byte) (Result, error) {
	return Result{Text: wire, Show: true}, nil
}

// Send takes a text from the user. Plaintext: Wire has it in clear, perhaps
// with the invisible offer; under RequireEncryption it is held, in order, a
// query goes out, and all held texts follow the key exchange. Encrypted: Wire
// has it encrypted. Finished: ErrFinished, and nothing is sent. Bytes from
// the first NUL on are not sent.
func (s *Session) Send(text []byte) (Result, error) {
	return Result{Wire: [][]byte{text}}, nil
}

// Start asks the peer for a private conversation, or refreshes it.
func (s *Session) Start() (Result, error) { return Result{}, nil }

// End ends the private conversation and tells the peer (all instances).
func (s *Session) End() (Result, error) { return Result{}, nil }

// Authenticate begins SMP, with a question if it isn't empty. SMP already
// under way is aborted first.
func (s *Session) Authenticate(secret []byte, question string) (Result, error) {
	return Result{}, ErrNotEncrypted
}

// Answer answers the peer's SMP after AskSecret or AskAnswer.
func (s *Session) Answer(secret []byte) (Result, error) { return Result{}, ErrNotEncrypted }

// Abort stops SMP and tells the peer.
func (s *Session) Abort() (Result, error) { return Result{}, ErrNotEncrypted }

// Tick does what is due by the clock: forgets stale key exchanges and
// fragments. Call it every minute or so.
func (s *Session) Tick() Result { return Result{} }

// Release sends what MayRelease held back.
func (s *Session) Release() (Result, error) { return Result{}, nil }

// SendTLV sends text (which may be empty) encrypted, with one extra record.
func (s *Session) SendTLV(text []byte, typ uint16, value []byte) (Result, error) {
	return Result{}, ErrNotEncrypted
}

// Heartbeat sends an empty encrypted message, which the peer does not show.
func (s *Session) Heartbeat() (Result, error) { return Result{}, ErrNotEncrypted }

// ExtraKey returns the extra symmetric key (32 bytes) and tells the peer what
// it will be used for.
func (s *Session) ExtraKey(use uint32, data []byte) (key []byte, r Result, err error) {
	return nil, Result{}, ErrNotEncrypted
}

// SetPolicy changes the policy. It never ends a private conversation.
func (s *Session) SetPolicy(p Policy) { s.cfg.Policy = p }

// SetMaxFragment changes the biggest message for the wire.
func (s *Session) SetMaxFragment(n int) { s.cfg.MaxFragment = n }

// State is that of the instance that Send goes to.
func (s *Session) State() State { return Plaintext }

// Version is the version spoken; 0 before the first key exchange.
func (s *Session) Version() Version { return 0 }

// PeerFingerprint is the peer's key in the current session, if there is one.
func (s *Session) PeerFingerprint() (Fingerprint, bool) { return Fingerprint{}, false }

// SessionID is the secure session id, zero without a session. Each side reads
// one half to the other: ours is the first if oursFirst, else the second.
func (s *Session) SessionID() (ssid [8]byte, oursFirst bool) { return }

// OurTag is our instance tag.
func (s *Session) OurTag() uint32 { return s.cfg.InstanceTag }

// TheirTag is the instance tag that Send goes to; 0: none known, or version 2.
func (s *Session) TheirTag() uint32 { return 0 }

// SMPRunning tells whether SMP is under way, ours or theirs.
func (s *Session) SMPRunning() bool { return false }

// Drop forgets the session without telling the peer, as a crash would.
func (s *Session) Drop() {}

// Close wipes all secrets. The session can't be used any more: calls that may
// fail give ErrClosed.
func (s *Session) Close() {}
