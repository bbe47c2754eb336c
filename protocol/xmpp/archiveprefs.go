package xmpp

import (
	"culver/lang"
	"culver/protocol"
)

// What the server puts into the account's archive (XEP-0441). Beside what it does with
// everybody, there are lists of exceptions, which other programs may have made: they
// stay.

var _ protocol.ArchiveKeeper = (*Session)(nil)

// keepings are the words of the protocol for what is kept.
var keepings = map[protocol.Keeping]string{protocol.KeepAll: "always", protocol.KeepBuddies: "roster", protocol.KeepNone: "never"}

// archivePrefs finds the preferences in an answer; nil: there are none that make sense.
func archivePrefs(answer *element) (*element, protocol.Keeping) {
	if answer == nil || answer.attr("type") != "result" {
		return nil, ""
	}
	prefs := answer.child(nsArchive, "prefs")
	if prefs == nil {
		return nil, ""
	}
	for k, word := range keepings {
		if prefs.attr("default") == word {
			return prefs, k
		}
	}
	return nil, ""
}

// maxArchiveExceptions is how many exceptions are kept: whoever has more is not helped to
// lose the rest.
const maxArchiveExceptions = 1000

// newArchivePrefs are the preferences with another rule and the same exceptions; nil if
// they cannot be kept.
func newArchivePrefs(old *element, k protocol.Keeping) *element {
	prefs := newElement(nsArchive, "prefs").with("default", keepings[k])
	for _, name := range []string{"always", "never"} {
		list := newElement(nsArchive, name)
		if had := old.child(nsArchive, name); had != nil {
			for _, c := range had.children {
				if c.is(nsArchive, "jid") {
					list.add(newText(nsArchive, "jid", c.text))
				}
			}
		}
		if len(list.children) > maxArchiveExceptions {
			return nil
		}
		prefs.add(list)
	}
	return prefs
}

// AskKeeping asks what the server keeps.
func (s *Session) AskKeeping() error {
	l, err := s.online()
	if err != nil {
		return err
	}
	return l.do(func() {
		l.askArchivePrefs(func(prefs *element, k protocol.Keeping) {
			if prefs != nil {
				l.emit(protocol.KeepingTold{Keeping: k})
			}
		})
	})
}

func (l *link) askArchivePrefs(done func(*element, protocol.Keeping)) {
	l.askInTime("", "get", newElement(nsArchive, "prefs"), func(answer *element) { done(archivePrefs(answer)) })
}

// SetKeeping asks the server to keep that.
func (s *Session) SetKeeping(k protocol.Keeping) error {
	l, err := s.online()
	if err != nil {
		return err
	}
	if keepings[k] == "" {
		return sentencef("There is no such choice.")
	}
	failed := func(problem string) { l.emit(protocol.KeepingFailed{Problem: problem}) }
	return l.do(func() {
		l.askArchivePrefs(func(old *element, _ protocol.Keeping) {
			if old == nil {
				failed(lang.F("%s does not say what it keeps. Try again later.", l.domain))
				return
			}
			prefs := newArchivePrefs(old, k)
			if prefs == nil {
				failed(lang.T("There are so many exceptions that Culver would lose some of them. Change it in the program that made them."))
				return
			}
			l.askInTime("", "set", prefs, func(answer *element) {
				if answer == nil || answer.attr("type") != "result" {
					failed(lang.F("%s did not change it. It may have a rule of its own.", l.domain))
					return
				}
				// What it says now counts, not what it was asked for.
				l.askArchivePrefs(func(_ *element, now protocol.Keeping) {
					switch now {
					case k:
						l.emit(protocol.KeepingTold{Keeping: now})
					case "":
						failed(lang.F("%s does not say what it keeps now. Look again later.", l.domain))
					default:
						l.emit(protocol.KeepingTold{Keeping: now})
						failed(lang.F("%s keeps to a rule of its own.", l.domain))
					}
				})
			})
		})
	})
}
