package main

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"culver/internal/testkit"
)

// bare is a client that speaks as little of the protocol as it can, and understands of
// what it is told only whether a text is in it. It is the person at the other end, it is
// the crowd of buddies, and it is the measure of what the server takes.
type bare struct {
	conn *tls.Conn
	jid  string
	read sync.WaitGroup

	mu    sync.Mutex
	looks []*look
	err   error
}

// look waits until a text has come so many times.
type look struct {
	text []byte
	left int
	tail []byte // of what came: the text may be cut by a read
	seen chan time.Time
}

const bareHeader = "<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"

// enter logs in, over TLS from the first byte.
func enter(s *testkit.Server, user string) (*bare, error) {
	conn, err := tls.Dial("tcp", net.JoinHostPort(s.Address, strconv.Itoa(s.DirectTLS)), &tls.Config{ServerName: s.Host, RootCAs: s.Pool})
	if err != nil {
		return nil, err
	}
	b := &bare{conn: conn}
	for _, step := range []struct{ say, until string }{
		{bareHeader, "</stream:features>"},
		{"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" +
			base64.StdEncoding.EncodeToString([]byte("\x00"+user+"\x00"+passwordOf(user))) + "</auth>", "<success"},
		{bareHeader, "</stream:features>"},
		{"<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>", "</iq>"},
	} {
		got, err := b.step(step.say, step.until)
		if err != nil {
			conn.Close()
			return nil, fmt.Errorf("log in as %s: %w", user, err)
		}
		_, rest, _ := strings.Cut(got, "<jid>")
		b.jid, _, _ = strings.Cut(rest, "<")
	}
	b.read.Go(b.listen)
	return b, nil
}

func passwordOf(user string) string { return "password-of-" + user }

// step says something, and reads until the answer is whole.
func (b *bare) step(say, until string) (string, error) {
	if err := b.say(say); err != nil {
		return "", err
	}
	var got []byte
	for buf := make([]byte, 4096); ; {
		n, err := b.conn.Read(buf)
		got = append(got, buf[:n]...)
		switch {
		case bytes.Contains(got, []byte(until)):
			return string(got), nil
		case err != nil:
			return "", fmt.Errorf("%w after %q", err, got)
		case bytes.Contains(got, []byte("<failure")):
			return "", fmt.Errorf("the server says %q", got)
		}
	}
}

// say writes what is XML already.
func (b *bare) say(xml string) error {
	_, err := io.WriteString(b.conn, xml)
	return err
}

// listen reads until the connection ends.
func (b *bare) listen() {
	for buf := make([]byte, 64<<10); ; {
		n, err := b.conn.Read(buf)
		now := time.Now()
		b.mu.Lock()
		left := b.looks[:0]
		for _, l := range b.looks {
			if !l.sees(buf[:n], now) {
				left = append(left, l)
			}
		}
		b.looks = left
		if err != nil {
			b.err = err
			for _, l := range b.looks {
				close(l.seen)
			}
			b.looks = nil
			b.mu.Unlock()
			return
		}
		b.mu.Unlock()
	}
}

// sees reports whether all that was looked for has come by now.
func (l *look) sees(data []byte, now time.Time) bool {
	whole := append(l.tail, data...)
	l.left -= bytes.Count(whole, l.text)
	if l.left <= 0 {
		l.seen <- now
		return true
	}
	l.tail = append([]byte(nil), whole[max(0, len(whole)-len(l.text)+1):]...)
	return false
}

// look begins to look for a text that is to come n times. Seen tells when it has; it is
// closed if the connection ends before.
func (b *bare) look(text string, n int) (seen <-chan time.Time) {
	l := &look{text: []byte(text), left: n, seen: make(chan time.Time, 1)}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil {
		close(l.seen)
	} else {
		b.looks = append(b.looks, l)
	}
	return l.seen
}

// pong asks the server for an answer, which comes when it has come to all that was said
// before.
func (b *bare) pong() error {
	seen := b.look("id='pong'", 1)
	if err := b.say("<iq type='get' id='pong' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>"); err != nil {
		return err
	}
	_, err := await(seen)
	return err
}

// patience is how long anything may take: it is only used up when something is broken.
const patience = 3 * time.Minute

var errNothingCame = errors.New("it did not come")

// await waits for what is looked for.
func await(seen <-chan time.Time) (time.Time, error) {
	limit := time.NewTimer(patience)
	defer limit.Stop()
	select {
	case at, ok := <-seen:
		if !ok {
			return at, errors.New("the connection ended")
		}
		return at, nil
	case <-limit.C:
		return time.Time{}, errNothingCame
	}
}

// flood says n numbered lines to somebody, as fast as the server takes them; for the last
// one, whose ID is end, a receipt is asked. No line is like any of another flood: what
// comes twice a client may drop.
func (b *bare) flood(to string, n int, end string) error {
	var buf bytes.Buffer
	for i := range n {
		id, ask := fmt.Sprint(end, "-", i), ""
		if i == n-1 {
			id, ask = end, "<request xmlns='urn:xmpp:receipts'/>"
		}
		fmt.Fprintf(&buf, "<message to='%s' type='chat' id='%s'><body>%s</body>%s</message>", to, id, line(end, i), ask)
		if buf.Len() > 32<<10 || i == n-1 {
			if _, err := b.conn.Write(buf.Bytes()); err != nil {
				return err
			}
			buf.Reset()
		}
	}
	return nil
}

// line is what is said: as long as people's lines are.
func line(of string, i int) string {
	return fmt.Sprintf("line %d of %s: the quick brown fox jumps over the lazy dog", i, of)
}

// leave ends the stream, and waits until the server has done so, too.
func (b *bare) leave() {
	_ = b.say("</stream:stream>") // fails when it has ended already
	b.conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	b.read.Wait()
	b.conn.Close()
}
