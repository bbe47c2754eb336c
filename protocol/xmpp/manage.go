package xmpp

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"culver/protocol"
)

// Stream management (XEP-0198): both ends count the stanzas that they have handled, so
// that each knows what the other has, and a session can go on over another connection
// with nothing lost and nothing said twice.

const nsManage = "urn:xmpp:sm:3" // XEP-0198

// managed is what a server has agreed to.
type managed struct {
	id   string        // by which the session is resumed; empty: it cannot be
	hold time.Duration // how long the server keeps a session whose connection broke
}

// How long a server is taken to keep a session, if it does not say, and at most: until
// then others are shown as they were.
const (
	defaultHold = 5 * time.Minute
	maxHold     = time.Hour
	maxSession  = 4000 // bytes of a session's ID, as the specification has it
)

// enabled reads the server's consent.
func enabled(e *element) managed {
	var m managed
	id := e.attr("id")
	if resume := e.attr("resume"); (resume == "true" || resume == "1") && id != "" && len(id) <= maxSession {
		m.id = id
	}
	m.hold = defaultHold
	if s, err := strconv.ParseUint(e.attr("max"), 10, 31); err == nil && s > 0 {
		m.hold = min(time.Duration(s)*time.Second, maxHold)
	}
	return m
}

var errManage = errors.New("the server does not keep to the rules of stream management")

// handledCount reads how many stanzas the server says that it has handled.
func handledCount(e *element) (uint32, error) {
	h, err := strconv.ParseUint(e.attr("h"), 10, 32)
	if err != nil {
		return 0, fmt.Errorf("%w: the count of %v", errManage, e)
	}
	return uint32(h), nil
}

func count(h uint32) string { return strconv.FormatUint(uint64(h), 10) }

// isStanza reports whether the element is one that is counted.
func (e *element) isStanza() bool {
	return e.space == nsClient && (e.name == "message" || e.name == "presence" || e.name == "iq" || e.name == dropped)
}

// manage asks the server to count, and to keep the session if the connection breaks.
// A server that refuses, or has nothing like it, is asked by pings what has arrived.
// What comes before its answer is not counted.
func (c *connection) manage(features *element) error {
	if features.child(nsManage, "sm") == nil {
		return nil
	}
	if err := c.send(newElement(nsManage, "enable").with("resume", "true")); err != nil {
		return err
	}
	for range maxEarly {
		e, err := c.nextStanza()
		if err != nil {
			return err
		}
		switch {
		case e.is(nsManage, "enabled"):
			m := enabled(e)
			c.managed = &m
			return nil
		case e.is(nsManage, "failed"):
			return nil
		}
		c.early = append(c.early, e)
	}
	return fmt.Errorf("%w: no answer", errManage)
}

// maxEarly is how many stanzas may come before we have asked for any.
const maxEarly = 64

// resume takes a session up again, if the server still has it: then what it has handled
// of ours is in resumed. If not, that is in failed, as far as the server knows.
func (c *connection) resume(features *element, before *link) error {
	if before == nil || before.managed.id == "" || features.child(nsManage, "sm") == nil {
		return nil
	}
	err := c.send(newElement(nsManage, "resume").with("previd", before.managed.id).with("h", count(before.handled)))
	if err != nil {
		return err
	}
	e, err := c.next()
	if err != nil {
		return err
	}
	switch {
	case e.is(nsManage, "resumed"):
		h, err := handledCount(e)
		if err == nil && e.attr("previd") != before.managed.id {
			err = fmt.Errorf("%w: another session was resumed", errManage)
		}
		if err != nil {
			return err
		}
		c.self, c.resumed = before.self, &h
		return nil
	case e.is(nsManage, "failed"):
		h, err := handledCount(e)
		if err == nil {
			c.failed = &h
		}
		c.unknown = err != nil
		return nil
	}
	return fmt.Errorf("%w: %v instead of an answer", errManage, e)
}

// manageCounts handles what a server says of counts.
func (l *link) manageCounts(e *element) {
	switch e.name {
	case "r":
		h, conn := l.handled, l.conn
		l.emit(protocol.Checkpoint{Passed: func() {
			_ = l.do(func() { // if it cannot be done, the server asks again
				if l.conn == conn { // the next one began with a later count
					_ = l.out.put(outgoing{bytes: acknowledgement(h)})
				}
			})
		}})
	case "a":
		h, err := handledCount(e)
		if err == nil {
			err = l.confirmed(h)
		}
		if err != nil {
			l.end(err)
		}
	}
}

// counted reports whether the server counts.
func (l *link) counted() bool { return l.managed != managed{} }

func acknowledgement(h uint32) []byte {
	return newElement(nsManage, "a").with("h", count(h)).marshal()
}

// confirmed is told how much the server has handled.
func (l *link) confirmed(h uint32) error {
	items, err := l.out.confirm(h)
	if err != nil {
		return err
	}
	l.asked = false
	l.overdue.Stop()
	l.tellSent(items)
	l.askReceipt()
	return nil
}
