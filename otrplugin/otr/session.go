package otr

import (
	"errors"
	"io"
	"slices"
	"time"

	"culver/otrplugin/otr/internal/fragment"
	"culver/otrplugin/otr/internal/wire"
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
	ErrNoKey        = errors.New("otr: there is no long-term key yet")
	ErrTooLong      = errors.New("otr: too long for one message")
)

// ResentPrefix is what libotr puts before a text that it sends again.
const ResentPrefix = "[resent] "

// Config is what a Session is made with.
type Config struct {
	// Key is our long-term key. It may be shared by Sessions; it is not wiped
	// by them. Nil: there is none yet, and no key exchange before SetKey.
	Key *PrivateKey
	// InstanceTag is ours, the same for all conversations of an account and for
	// no other client of it; see NewInstanceTag. Below 0x100, which no tag may
	// be: one is drawn.
	InstanceTag uint32
	// Policy says what may be spoken and what starts a private conversation.
	// The zero Policy is Never: everything passes in clear.
	Policy Policy
	// MaxFragment is the biggest OTR message for the wire in bytes (at least
	// 64), 0: no limit (section "Fragmentation"). Queries, errors and plain
	// texts are not cut.
	MaxFragment int
	// QueryText follows the query, for people without OTR (section "OTR Query
	// Messages"). Empty: a default.
	QueryText string
	// Rand is the source of randomness. Nil: crypto/rand.
	Rand io.Reader
	// Now is the clock. Nil: time.Now.
	Now func() time.Time
	// HeartbeatInterval is after how long without sending a received message
	// is answered by an empty one. 0: a minute. Negative: never.
	HeartbeatInterval time.Duration
	// EarlyWait is how long an encrypted message that has overtaken others on its way
	// waits for these, as a network may mix up the order when it resumes a broken
	// connection: what came too late could not be read any more. 0: not at all. Who
	// sets it calls Tick when Due says so, and takes Result.Then.
	EarlyWait time.Duration
	// ResentPrefix goes before a text sent again after an error. Empty: [ResentPrefix].
	ResentPrefix string
	// ErrorText words the errors told to the peer. Nil: English.
	ErrorText func(ErrorCode) string
	// MayRelease is asked, when a session comes up, whether texts that were
	// held (or are to be sent again) may go to the holder of that key. Nil:
	// yes. On no they stay held until Release, and what is typed joins them.
	MayRelease func(Fingerprint) bool
	// MayFollow is asked whether Send is to go from one private instance of the
	// peer to another one, because that wrote, began SMP or (fresh) exchanged
	// keys just now. Nil: yes. It isn't asked when the first one has ended. It may
	// call what only reads the session.
	MayFollow func(from, to Instance, fresh bool) bool
}

// ErrorCode is a reason told to the peer in an error message (section "OTR Error
// Messages").
type ErrorCode uint8

const (
	ErrorNotInPrivate ErrorCode = iota + 1 // we have no session for what came
	ErrorUnreadable                        // we could not read what came
	ErrorMalformed                         // what came made no sense
)

// Session is the OTR side of the conversation with one bare peer.
// The zero Session is not usable: call New.
type Session struct {
	cfg    Config
	closed bool

	instances map[uint32]*instance
	live      *instance // the one that Send goes to; nil: none, in clear
	open      *openCommit
	opened    uint64 // how many open commits there were
	fragments fragment.Store
	buf       []byte // for a binary message, on its way out or in; nil while in use
	// What is told and heard begins alike if one side does all the talking.
	told, heard *wire.Memory

	offer    offerState
	expired  time.Time // last look for what is stale
	hung     bool      // a key exchange came to nothing since the last Tick
	asked    time.Time // last query for held texts
	ended    time.Time // last end of a private conversation; zero: none since the last start
	held     [][]byte
	recent   []recentText
	oldest   int      // of recent, once there are as many as are kept
	resend   bool     // the peer could not read something recent
	numbered uint64   // texts that were sealed; see unread.go
	unread   []uint64 // those of them that the host is to be told of
	owed     Version  // what the peer asked for while an exchange was nearly done; 0: nothing
	early    []early
	earlies  uint64 // how many there were
	errors   limiter
	untold   ErrorCode // an error that the limit kept from the peer; 0: none
	requests limiter
	answers  limiter // since our user asked, or an exchange was done
}

// New makes a session in the state Plaintext.
func New(cfg Config) *Session {
	cfg.Rand = orCrypto(cfg.Rand)
	if cfg.InstanceTag < minTag {
		cfg.InstanceTag = NewInstanceTag(cfg.Rand)
	}
	if cfg.Now == nil {
		start := time.Now()
		cfg.Now = func() time.Time { return start.Add(time.Since(start)) } // half the cost of time.Now
	}
	if cfg.HeartbeatInterval == 0 {
		cfg.HeartbeatInterval = heartbeatWait
	}
	if cfg.ResentPrefix == "" {
		cfg.ResentPrefix = ResentPrefix
	}
	if cfg.ErrorText == nil {
		cfg.ErrorText = ErrorCode.english
	}
	return &Session{cfg: cfg, instances: make(map[uint32]*instance)}
}

// SetKey gives the session its long-term key, if it was made without. It does
// nothing if there is one: a private conversation hangs on it.
func (s *Session) SetKey(k *PrivateKey) {
	if s.cfg.Key == nil {
		s.cfg.Key = k
	}
}

// SetPolicy changes the policy. It never ends a private conversation.
func (s *Session) SetPolicy(p Policy) { s.cfg.Policy = p }

// SetMaxFragment changes the biggest message for the wire.
func (s *Session) SetMaxFragment(n int) { s.cfg.MaxFragment = n }

// State is that of the instance that Send goes to (section "Message state").
func (s *Session) State() State {
	if s.live == nil {
		return Plaintext
	}
	return s.live.state
}

// Version is the version spoken, in Finished the one that was; 0 in Plaintext.
func (s *Session) Version() Version {
	if s.live == nil {
		return 0
	}
	return s.live.version
}

// PeerFingerprint is the peer's key in the current private conversation, or
// in the one that the peer has ended.
func (s *Session) PeerFingerprint() (Fingerprint, bool) {
	if s.live == nil {
		return Fingerprint{}, false
	}
	return s.live.peer, true
}

// SessionID is the secure session id, zero without a session (section
// "Computing AES keys, MAC keys, and the secure session id"). Each side reads
// one half to the other: ours is the first if oursFirst, else the second.
func (s *Session) SessionID() (ssid [8]byte, oursFirst bool) {
	if s.live == nil {
		return ssid, false
	}
	return s.live.ssid, s.live.revealed
}

// OurTag is our instance tag (section "Instance Tags").
func (s *Session) OurTag() uint32 { return s.cfg.InstanceTag }

// TheirTag is the tag of the peer's instance that Send goes to, in Finished
// the one that ended; 0: none known,
// or version 2, which has no tags.
func (s *Session) TheirTag() uint32 {
	if s.live == nil {
		return 0
	}
	return s.live.tag
}

// Held is the number of texts that wait for a private conversation.
func (s *Session) Held() int { return len(s.held) }

// DropHeld forgets the texts that wait.
func (s *Session) DropHeld() {
	for _, t := range s.held {
		clear(t)
	}
	s.held = nil
}

// Tick does what is due by the clock: it forgets stale key exchanges, keys,
// texts and fragments; stops SMP that the peer does not go on with; and if
// texts wait for a key exchange that came to nothing, it asks again; it tells the peer about an
// error that was one too many when it happened; and it reads what has waited for long enough. Call it every minute or so, and when Due says.
func (s *Session) Tick() (r Result) {
	now := s.cfg.Now()
	s.readOverdue(&r, now)
	s.expire(now)
	s.expireSMP(&r, now)
	hung := s.hung
	s.hung = false
	if hung && len(s.held) > 0 && s.State() == Plaintext && !s.cfg.Policy.off() && s.requests.allow(queriesAMinute, now) {
		r.wire(query(s.cfg.Policy, s.cfg.QueryText))
	}
	s.answerOwed(&r, now)
	s.tellLate(&r, now)
	s.tellUnread(&r)
	return r
}

// expire forgets what is stale.
func (s *Session) expire(now time.Time) {
	if d := now.Sub(s.expired); d >= 0 && d < time.Second {
		return
	}
	s.expired = now
	s.fragments.Expire(now)
	if s.open != nil && now.Sub(s.open.since) > exchangeAge {
		s.hung = s.hung || !s.open.answered
		s.open.wipe()
		s.open = nil
	}
	for tag, i := range s.instances {
		if i.exchange.step != idle && now.Sub(i.exchange.since) > exchangeAge {
			i.exchange.wipe()
			s.hung = true
		}
		if i.exchange.initiator != nil && now.Sub(i.exchange.since) > exchangeAge {
			i.exchange.wipe()
		}
		if i.former != nil && now.Sub(i.formerSince) > formerAge {
			i.keys.Reveal(i.former.Wipe())
			i.former = nil
			s.doubt(i.doubtful)
			i.doubtful = nil
		}
		if i.state == Plaintext && i.exchange.step == idle && i != s.live {
			delete(s.instances, tag)
		}
	}
	s.forgetOld(now)
}

// Drop forgets the private conversation without telling the peer, as a crash
// would.
func (s *Session) Drop() {
	for _, i := range s.instances {
		i.wipe()
	}
	clear(s.instances)
	s.open.wipe()
	s.live, s.open, s.early, s.owed, s.untold = nil, nil, nil, 0, 0
	s.resend = false
	s.forgetRecent()
	s.unread = nil
	s.fragments = fragment.Store{}
	s.buf, s.told, s.heard, s.recent = nil, nil, nil, nil
	s.offer = offerNone
}

// Close wipes all secrets. The session can't be used any more: calls that may
// fail give ErrClosed.
func (s *Session) Close() {
	s.Drop()
	s.DropHeld()
	s.closed = true
}

// tags are the tags of all instances, in order.
func (s *Session) tags() []uint32 {
	tags := make([]uint32, 0, len(s.instances))
	for tag := range s.instances {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	return tags
}
