package xmpp

import (
	"bytes"
	"encoding/xml"
	"slices"
	"strings"
	"sync"

	"culver/protocol"
)

// What goes over the wire is told with what is secret in it, or said between people, left
// out. Nothing is told of signing in.

var _ protocol.Tapped = (*Session)(nil)

// Tap has protocol.Traffic emitted, or no longer.
func (s *Session) Tap(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tapped = on
	if s.link != nil {
		s.link.tapped.Store(on)
	}
}

// tapIn tells of what came in.
func (l *link) tapIn(e *element) {
	if l.tapped.Load() {
		l.emit(protocol.Traffic{Text: masked(e)})
	}
}

// tapOut tells of what is about to be written. It is called on the writer's goroutine.
func (l *link) tapOut(batch []outgoing) {
	if !l.tapped.Load() {
		return
	}
	for _, item := range batch {
		d := xml.NewDecoder(bytes.NewReader(item.bytes))
		d.DefaultSpace = nsClient
		for {
			token, err := d.Token()
			if err != nil {
				break // also the end of the stream, which is no element
			}
			start, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			e, err := readElement(d, start)
			if err != nil {
				break
			}
			if l.untold.put(masked(e)) {
				l.later(l.tellTraffic)
			}
		}
	}
}

// tellTraffic tells of what has left.
func (l *link) tellTraffic() {
	texts, gap := l.untold.take()
	if !l.tapped.Load() {
		return
	}
	if gap {
		texts = append([]string{leftOut}, texts...)
	}
	for _, text := range texts {
		l.emit(protocol.Traffic{Out: true, Text: text})
	}
}

// maxUntold is how much of what has left may wait to be told. It has a limit of its own: who
// looks on keeps nobody from doing something.
const maxUntold = 512

// untold is what has left and was not told yet, the last of it if it is too much. Any
// goroutine may use it.
type untold struct {
	mu    sync.Mutex
	texts []string
	gap   bool // there was more before
}

// put reports whether it is the first.
func (u *untold) put(text string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.texts) == maxUntold {
		u.texts, u.gap = u.texts[1:], true
	}
	u.texts = append(u.texts, text)
	return len(u.texts) == 1
}

func (u *untold) take() (texts []string, gap bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	texts, gap = u.texts, u.gap
	u.texts, u.gap = nil, false
	return texts, gap
}

// What is told: elements by their names, how they nest, and of their texts and attributes
// those that are known to be neither secret nor words of people. All else is left out.
var (
	plainElements = []string{"jid", "show", "priority", "username", "max", "count", "after", "before", "first", "last", "index",
		"feature", "utc", "tzo", "type", "binding"}
	plainAttrs = []string{"id", "from", "to", "type", "xml:lang", "stamp", "node", "by", "jid", "code", "affiliation", "role", "ver", "hash",
		"h", "max", "resume", "previd", "seq", "sid", "block-size", "var", "category", "ask", "subscription", "approved", "version",
		"namespace", "queryid", "complete", "stable", "size", "autojoin", "mechanism", "location"}
)

const (
	leftOut      = "…"
	maxShownText = 200     // bytes of one text
	maxShown     = 8 << 10 // bytes of all
)

// masked is an element as it may be shown.
func masked(e *element) string {
	return clip(string(mask(e).marshal()), maxShown)
}

// mask copies an element without what may be secret.
func mask(e *element) *element {
	out := &element{space: e.space, name: e.name, text: strings.TrimSpace(e.text)}
	for _, a := range e.attrs {
		if a.value != "" && !slices.Contains(plainAttrs, a.name) {
			a.value = leftOut
		}
		a.value = clip(a.value, maxShownText)
		out.attrs = append(out.attrs, a)
	}
	if out.text != "" && (len(e.children) > 0 || !slices.Contains(plainElements, e.name)) {
		out.text = leftOut
	}
	out.text = clip(out.text, maxShownText)
	for _, c := range e.children {
		out.children = append(out.children, mask(c))
	}
	return out
}
