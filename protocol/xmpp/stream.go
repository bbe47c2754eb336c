package xmpp

import (
	"crypto/tls"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
)

// stream is an XML stream with a server (RFC 6120, section 4). It is read by
// one goroutine at a time, and written by one at a time.
type stream struct {
	conn net.Conn // what is read and written: TCP, later TLS
	src  *source
	dec  *xml.Decoder
}

// streamError is why the server ends the stream (RFC 6120, section 4.9).
type streamError struct{ condition string }

func (e *streamError) Error() string { return "stream error: " + e.condition }

var (
	errNotXMPP = errors.New("the answer is not an XMPP stream")
	errText    = errors.New("text between stanzas")
)

// newStream makes a stream over conn; r is what is read of it.
func newStream(conn net.Conn, r io.Reader) *stream {
	return &stream{conn: conn, src: newSource(r)}
}

// open starts the stream, or starts it anew, and returns what the server offers.
// An empty from keeps the account's address to ourselves (before TLS).
func (s *stream) open(domain, from string) (*element, error) {
	header := []byte("<?xml version='1.0'?><stream:stream")
	header = appendAttr(header, "to", domain)
	if from != "" {
		header = appendAttr(header, "from", from)
	}
	header = appendAttr(header, "version", "1.0")
	header = appendAttr(header, "xml:lang", "en")
	header = appendAttr(header, "xmlns", nsClient)
	header = appendAttr(header, "xmlns:stream", nsStreams)
	if err := s.write(append(header, '>')); err != nil {
		return nil, err
	}
	if err := s.begin(); err != nil {
		return nil, fmt.Errorf("read the stream header: %w", err)
	}
	features, err := s.next()
	if err != nil {
		return nil, fmt.Errorf("read the stream features: %w", err)
	}
	if !features.is(nsStreams, "features") {
		return nil, fmt.Errorf("%v instead of stream features: %w", features, errNotXMPP)
	}
	return features, nil
}

// begin reads the header of a stream that starts, or starts anew.
func (s *stream) begin() error {
	s.src.used, s.src.place, s.src.header, s.src.begun = 0, place{}, nil, false
	s.dec = xml.NewDecoder(s.src)
	if err := s.readHeader(); err != nil {
		return err
	}
	s.src.begun = true
	return nil
}

func (s *stream) readHeader() error {
	for {
		token, err := s.dec.Token()
		if err != nil {
			if _, ok := errors.AsType[*xml.SyntaxError](err); ok {
				return fmt.Errorf("%w: %w", errNotXMPP, err)
			}
			return unexpectedEnd(err)
		}
		switch t := token.(type) {
		case xml.ProcInst:
			if t.Target != "xml" {
				return errRestrict
			}
		case xml.CharData:
			if !blank(t) {
				return errNotXMPP
			}
		case xml.StartElement:
			if t.Name.Space != nsStreams || t.Name.Local != "stream" {
				return errNotXMPP
			}
			return nil
		default:
			return errRestrict
		}
	}
}

// next returns the next element of the stream, whole. It returns io.EOF when
// the server closed the stream, and a *streamError when it says why it will.
// Only an element at the top of the stream can do that.
func (s *stream) next() (*element, error) {
	s.src.used, s.src.talk = 0, false
	for {
		token, err := s.dec.Token()
		if err != nil {
			return nil, unexpectedEnd(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			s.src.talk = t.Name.Local != "iq"
			e, err := readElement(s.dec, t)
			if err != nil {
				return nil, unexpectedEnd(err)
			}
			if e.is(nsStreams, "error") {
				return nil, &streamError{condition: streamCondition(e)}
			}
			return e, nil
		case xml.EndElement:
			return nil, io.EOF
		case xml.CharData:
			if !blank(t) {
				return nil, errText
			}
			s.src.used = 0 // a sign of life, nothing more
		default:
			return nil, errRestrict
		}
	}
}

// nextStanza is next once others have a say: an element that is more than is
// built here is dropped. Whoever sent it must not be able to end the session,
// nor to have the stanzas behind it lost with it.
func (s *stream) nextStanza() (*element, error) {
	e, err := s.next()
	if !errors.Is(err, errTooDeep) && !errors.Is(err, errTooMany) && !errors.Is(err, errTooLarge) {
		return e, err
	}
	if errors.Is(err, errTooLarge) && s.src.place.between() {
		return nil, err // no stanza, but blanks without end
	}
	if err := s.drop(); err != nil {
		return nil, fmt.Errorf("drop a stanza: %w", err)
	}
	return newElement(nsClient, dropped), nil
}

// dropped is the name of what is left of a dropped stanza: that it was there. No
// element can have it.
const dropped = "dropped stanza"

// drop skips the rest of an element. The decoder still stands in the middle of
// it, so a new one begins where the old one would be now.
func (s *stream) drop() error {
	if err := s.src.skip(); err != nil {
		return unexpectedEnd(err)
	}
	s.src.again = s.src.header
	s.dec = xml.NewDecoder(s.src)
	return s.readHeader()
}

// unexpectedEnd tells a connection that just ended from a stream that was closed.
func unexpectedEnd(err error) error {
	if syntax, ok := errors.AsType[*xml.SyntaxError](err); errors.Is(err, io.EOF) || ok && syntax.Msg == "unexpected EOF" {
		return io.ErrUnexpectedEOF
	}
	return err
}

func streamCondition(e *element) string {
	for _, c := range e.children {
		if c.space == nsStreamE && c.name != "text" {
			return c.name
		}
	}
	return "undefined-condition"
}

func blank(text []byte) bool {
	for _, c := range text {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return false
		}
	}
	return true
}

func (s *stream) write(b []byte) error {
	_, err := s.conn.Write(b)
	return err
}

func (s *stream) send(e *element) error { return s.write(e.marshal()) }

var (
	errNoStartTLS = errors.New("the server does not offer STARTTLS")
	errInjected   = errors.New("data before the start of TLS")
)

// startTLS asks for encryption and hands the connection over to it (RFC 6120,
// section 5). What the server may have sent after its consent was not protected
// by TLS, and is a reason to stop (CVE-2021-29969).
func (s *stream) startTLS(features *element, cfg *tls.Config) (*tls.Conn, error) {
	if features.child(nsTLS, "starttls") == nil {
		return nil, errNoStartTLS
	}
	if err := s.send(newElement(nsTLS, "starttls")); err != nil {
		return nil, err
	}
	answer, err := s.next()
	if err != nil {
		return nil, fmt.Errorf("ask for TLS: %w", err)
	}
	if !answer.is(nsTLS, "proceed") {
		return nil, fmt.Errorf("ask for TLS: %v: %w", answer, errNoStartTLS)
	}
	if s.src.r.Buffered() > 0 {
		return nil, errInjected
	}
	return tls.Client(s.conn, cfg), nil
}

// allowRoster lets an element be as large as a roster; allowStanza ends that, also
// for an element that is being read. Any goroutine may call them.
func (s *stream) allowRoster() { s.src.limit.Store(maxRoster) }

func (s *stream) allowStanza() { s.src.limit.Store(maxStanza) }
