package otr

import "culver/otrplugin/otr/internal/ratchet"

// Work is arithmetic done beforehand; see [Session.Prepare]. The zero Work is
// none.
type Work struct{ keys *ratchet.Work }

// Prepare returns what can be worked out before it is needed, or nil if there
// is nothing: a Diffie-Hellman key to announce next, the secret for what Send
// goes out with next, and once something went out, that for the answer. With
// all of it at hand, Send and Receive take some microseconds, and
// otherwise a millisecond when keys change; they do the same with and without.
//
//	if w := s.Prepare(); w != nil {
//		go func() {
//			w.Run()
//			back <- w // and on the session's goroutine: s.Adopt(w)
//		}()
//	}
//
// Call it after each Send and Receive. The random bytes are drawn at once, so
// Config.Rand stays with the session's goroutine. Nothing is prepared for a key
// exchange, which is rare, and whose key would lie about for hours to save a
// tenth of the time; and no nonce of a signature, which is worth the
// long-term key.
//
// No secret lives longer for it than the private keys that it is made of: these
// are kept as long as without. Work that nobody adopts has to be wiped.
func (s *Session) Prepare() *Work {
	if s.State() != Encrypted {
		return nil
	}
	keys := s.live.keys.Prepare()
	if keys == nil {
		return nil
	}
	return &Work{keys}
}

// Run does the work. It may be called on any goroutine, and touches neither the
// session nor its Config. Once done, adopted or wiped, it does nothing, and nor
// does Work that did not come of Prepare.
func (w *Work) Run() {
	if w != nil {
		w.keys.Run()
	}
}

// Wipe overwrites the secrets of work that is not going to be adopted. It must
// not be called while Run runs.
func (w *Work) Wipe() {
	if w != nil {
		w.keys.Wipe()
	}
}

// Adopt takes back, on the session's goroutine and after Run, work that came of
// Prepare, and reports whether it is of use: it is not if the private
// conversation has ended or was refreshed, or its keys were rotated, or if it is
// another session's. The work is wiped in any case.
func (s *Session) Adopt(w *Work) (used bool) {
	for _, i := range s.instances {
		used = used || w != nil && i.keys.Adopt(w.keys)
	}
	w.Wipe()
	return used
}
