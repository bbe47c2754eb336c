package benchkit

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

// Client is a client that speaks as little of the protocol as it can, and understands of
// what it is told only whether a text is in it. It is the person at the other end, it is
// the crowd of buddies, and it is the measure of what the server takes.
type Client struct {
	conn *tls.Conn
	JID  string
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

const header = "<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"

// Enter logs in, over TLS from the first byte.
func Enter(s *testkit.Server, user string) (*Client, error) {
	conn, err := tls.Dial("tcp", net.JoinHostPort(s.Address, strconv.Itoa(s.DirectTLS)), &tls.Config{ServerName: s.Host, RootCAs: s.Pool})
	if err != nil {
		return nil, err
	}
	c := &Client{conn: conn}
	for _, step := range []struct{ say, until string }{
		{header, "</stream:features>"},
		{"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" +
			base64.StdEncoding.EncodeToString([]byte("\x00"+user+"\x00"+PasswordOf(user))) + "</auth>", "<success"},
		{header, "</stream:features>"},
		{"<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>", "</iq>"},
	} {
		got, err := c.step(step.say, step.until)
		if err != nil {
			conn.Close()
			return nil, fmt.Errorf("log in as %s: %w", user, err)
		}
		_, rest, _ := strings.Cut(got, "<jid>")
		c.JID, _, _ = strings.Cut(rest, "<")
	}
	c.read.Go(c.listen)
	return c, nil
}

func PasswordOf(user string) string { return "password-of-" + user }

// step says something, and reads until the answer is whole.
func (c *Client) step(say, until string) (string, error) {
	if err := c.Say(say); err != nil {
		return "", err
	}
	var got []byte
	for buf := make([]byte, 4096); ; {
		n, err := c.conn.Read(buf)
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

// Say writes what is XML already.
func (c *Client) Say(xml string) error {
	_, err := io.WriteString(c.conn, xml)
	return err
}

// listen reads until the connection ends.
func (c *Client) listen() {
	for buf := make([]byte, 64<<10); ; {
		n, err := c.conn.Read(buf)
		now := time.Now()
		c.mu.Lock()
		left := c.looks[:0]
		for _, l := range c.looks {
			if !l.sees(buf[:n], now) {
				left = append(left, l)
			}
		}
		c.looks = left
		if err != nil {
			c.err = err
			for _, l := range c.looks {
				close(l.seen)
			}
			c.looks = nil
			c.mu.Unlock()
			return
		}
		c.mu.Unlock()
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

// Look begins to look for a text that is to come n times. Seen tells when it has; it is
// closed if the connection ends before.
func (c *Client) Look(text string, n int) (seen <-chan time.Time) {
	l := &look{text: []byte(text), left: n, seen: make(chan time.Time, 1)}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		close(l.seen)
	} else {
		c.looks = append(c.looks, l)
	}
	return l.seen
}

// Pong asks the server for an answer, which comes when it has come to all that was said
// before.
func (c *Client) Pong() error {
	seen := c.Look("id='pong'", 1)
	if err := c.Say("<iq type='get' id='pong' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>"); err != nil {
		return err
	}
	_, err := Await(seen)
	return err
}

// Patience is how long anything may take: it is only used up when something is broken.
const Patience = 3 * time.Minute

var errNothingCame = errors.New("it did not come")

// Await waits for what is looked for.
func Await(seen <-chan time.Time) (time.Time, error) {
	limit := time.NewTimer(Patience)
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

// Flood says n numbered lines to somebody, as fast as the server takes them; for the last
// one, whose ID is end, a receipt is asked. No line is like any of another flood: what
// comes twice a client may drop.
func (c *Client) Flood(to string, n int, end string) error {
	var buf bytes.Buffer
	for i := range n {
		id, ask := fmt.Sprint(end, "-", i), ""
		if i == n-1 {
			id, ask = end, "<request xmlns='urn:xmpp:receipts'/>"
		}
		fmt.Fprintf(&buf, "<message to='%s' type='chat' id='%s'><body>%s</body>%s</message>", to, id, Line(end, i), ask)
		if buf.Len() > 32<<10 || i == n-1 {
			if _, err := c.conn.Write(buf.Bytes()); err != nil {
				return err
			}
			buf.Reset()
		}
	}
	return nil
}

// Line is what is said: as long as people's lines are.
func Line(of string, i int) string {
	return fmt.Sprintf("line %d of %s: the quick brown fox jumps over the lazy dog", i, of)
}

// Leave ends the stream, and waits until the server has done so, too.
func (c *Client) Leave() {
	_ = c.Say("</stream:stream>") // fails when it has ended already
	c.conn.SetReadDeadline(time.Now().Add(10 * time.Second))
	c.read.Wait()
	c.conn.Close()
}
