package xmpp

import (
	"bytes"
	"encoding/xml"
	"slices"
	"strings"

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
			text := masked(e)
			_ = l.do(func() { l.emit(protocol.Traffic{Out: true, Text: text}) }) // an end loses the rest
		}
	}
}

// What is left out of elements, and what stands in its place.
var (
	// secretElements hold passwords and keys, or what people say.
	secretElements = []string{
		"body", "subject", "html", "status", "reason", "password", "digest", "key",
		"auth", "response", "challenge", "success", "header", "data", "BINVAL", "ciphertext",
	}
	secretAttrs = []string{"password", "url", "thread"}
)

const (
	leftOut      = "…"
	maxShownText = 200     // bytes of one text
	maxShown     = 8 << 10 // bytes of all
)

// masked is an element as it may be shown.
func masked(e *element) string {
	return clip(string(mask(e, false).marshal()), maxShown)
}

// mask copies an element without what is secret. Secret says that all within is.
func mask(e *element, secret bool) *element {
	secret = secret || slices.Contains(secretElements, e.name) || isSecretField(e)
	out := &element{space: e.space, name: e.name, text: strings.TrimSpace(e.text)}
	for _, a := range e.attrs {
		if a.value != "" && slices.Contains(secretAttrs, a.name) {
			a.value = leftOut
		}
		a.value = clip(a.value, maxShownText)
		out.attrs = append(out.attrs, a)
	}
	switch {
	case out.text != "" && secret:
		out.text = leftOut
	case len(out.text) > maxShownText:
		out.text = clip(out.text, maxShownText) + leftOut
	}
	for _, c := range e.children {
		out.children = append(out.children, mask(c, secret))
	}
	return out
}

// isSecretField reports a field of a form that holds a password.
func isSecretField(e *element) bool {
	if !e.is(nsDataForm, "field") {
		return false
	}
	name := strings.ToLower(e.attr("var"))
	return e.attr("type") == "text-private" || strings.Contains(name, "password") || strings.Contains(name, "secret")
}
