package depot

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"
)

// shelf is a server that keeps what was put there.
type shelf struct {
	*httptest.Server
	mu       sync.Mutex
	kept     map[string][]byte
	requests []*http.Request
	answer   http.HandlerFunc // in place of all that, if set
}

func newShelf(t *testing.T) *shelf {
	s := &shelf{kept: map[string][]byte{}}
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r)
		s.mu.Unlock()
		switch {
		case s.answer != nil:
			s.answer(w, r)
		case r.Method == http.MethodPut:
			b, err := io.ReadAll(r.Body)
			if err == nil {
				s.kept[r.URL.Path] = b
				w.WriteHeader(http.StatusCreated)
			}
		case s.kept[r.URL.Path] == nil:
			w.WriteHeader(http.StatusNotFound)
		default:
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(s.kept[r.URL.Path]))
		}
	}))
	s.Config.ErrorLog = nil
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

func (s *shelf) client(t *testing.T) *Client {
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return &Client{Roots: roots, Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
		if address != s.Listener.Addr().String() && !strings.HasPrefix(address, "example.com:") {
			t.Errorf("it went to %s", address)
		}
		var d net.Dialer
		return d.DialContext(ctx, network, s.Listener.Addr().String())
	}}
}

func read(t *testing.T, c *Client, link string, from, size int64) ([]byte, error) {
	t.Helper()
	r, err := c.Get(t.Context(), link, from, size)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

func TestWhatWasLeftIsFetched(t *testing.T) {
	s := newShelf(t)
	c := s.client(t)
	for _, n := range []int{1, 1000, 1 << 20} {
		data := bytes.Repeat([]byte("0123456789"), n)[:n]
		link := fmt.Sprintf("%s/%d?a=b", s.URL, n)
		if err := c.Put(t.Context(), link, []Header{{"Authorization", "token"}}, int64(n), bytes.NewReader(data)); err != nil {
			t.Fatal(err)
		}
		for _, from := range []int{0, n / 2, n - 1} {
			got, err := read(t, c, link, int64(from), int64(n))
			if err != nil || !bytes.Equal(got, data[from:]) {
				t.Errorf("%d bytes from %d: %d bytes: %v", n, from, len(got), err)
			}
		}
	}
	for _, r := range s.requests {
		h := r.Header.Clone()
		for _, known := range []string{"Content-Length", "Content-Type", "Authorization", "Range", "Connection"} {
			h.Del(known)
		}
		if len(h) != 0 || r.Method == http.MethodGet && r.Header.Get("Authorization") != "" {
			t.Errorf("%s tells %v", r.Method, r.Header)
		}
	}
	if err := c.Put(t.Context(), s.URL+"/empty", nil, 0, strings.NewReader("")); err != nil || s.kept["/empty"] == nil {
		t.Errorf("nothing was left: %v", err)
	}
}

func TestOtherAnswers(t *testing.T) {
	s := newShelf(t)
	c := s.client(t)
	elsewhere := newShelf(t)
	elsewhere.kept["/x"] = []byte("hello")
	for name, e := range map[string]struct {
		answer http.HandlerFunc
		from   int64
		want   error
	}{
		"gone": {answer: func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(410) }, want: ErrGone},
		"redirect": {answer: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+"/x", http.StatusFound)
		}, want: ErrRefused},
		"longer":  {answer: func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "hello hello") }, want: ErrOther},
		"shorter": {answer: func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "hell") }, want: ErrOther},
		"broken":  {answer: func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(500) }, want: ErrRefused},
		"other range": {from: 2, answer: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Range", "bytes 0-2/5")
			w.WriteHeader(206)
			io.WriteString(w, "hel")
		}, want: ErrOther},
		"no range": {from: 2, answer: func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(206); io.WriteString(w, "llo") }, want: ErrOther},
		"unasked":  {answer: func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(206); io.WriteString(w, "hello") }, want: ErrOther},
		"beyond":   {from: 5, answer: func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "hello") }, want: ErrOther},
	} {
		s.answer = e.answer
		if got, err := read(t, c, s.URL+"/x", e.from, 5); !errors.Is(err, e.want) {
			t.Errorf("%s: %q: %v", name, got, err)
		}
	}
	// A server that ignores ranges gives all.
	s.answer = func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "hello") }
	if got, err := read(t, c, s.URL+"/x", 2, 5); string(got) != "llo" || err != nil {
		t.Errorf("without ranges: %q: %v", got, err)
	}
	// One that does not say how much it has is not read beyond.
	s.answer = func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		io.WriteString(w, "hello and much more")
	}
	if got, err := read(t, c, s.URL+"/x", 0, 5); string(got) != "hello" || err != nil {
		t.Errorf("without a length: %q: %v", got, err)
	}
	if len(elsewhere.requests) != 0 {
		t.Error("a redirect was followed")
	}
	s.answer = func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(413) }
	if err := c.Put(t.Context(), s.URL+"/x", nil, 5, strings.NewReader("hello")); !errors.Is(err, ErrTooLarge) {
		t.Errorf("too large: %v", err)
	}
}

func TestLinksThatAreNotTaken(t *testing.T) {
	c := &Client{Dial: func(context.Context, string, string) (net.Conn, error) {
		t.Error("it went there")
		return nil, errors.New("no")
	}}
	for _, link := range []string{"http://example.com/x", "file:///etc/passwd", "https://", "https://user:pw@example.com/x", "https:x", "//example.com", "", "ftp://example.com", "\x00"} {
		if _, err := c.Get(t.Context(), link, 0, 5); err == nil {
			t.Errorf("%q is fetched", link)
		}
		if err := c.Put(t.Context(), link, nil, 5, strings.NewReader("hello")); err == nil {
			t.Errorf("%q is written to", link)
		}
	}
}

func TestAnUploadThatFails(t *testing.T) {
	s := newShelf(t)
	c := s.client(t)
	broken := errors.New("the disk broke")
	for name, body := range map[string]io.Reader{"error": iotest.ErrReader(broken), "short": strings.NewReader("hell")} {
		if err := c.Put(t.Context(), s.URL+"/"+name, nil, 5, body); err == nil {
			t.Errorf("%s: no error", name)
		}
		if s.kept["/"+name] != nil {
			t.Errorf("%s: it was kept", name)
		}
	}
	if err := c.Put(t.Context(), s.URL+"/long", nil, 5, strings.NewReader("hello and more")); err != nil || string(s.kept["/long"]) != "hello" {
		t.Errorf("more than was said: %v, %q", err, s.kept["/long"])
	}
	untrusting := s.client(t)
	untrusting.Roots = x509.NewCertPool()
	if err := untrusting.Put(t.Context(), s.URL+"/secret", nil, 5, strings.NewReader("hello")); err == nil || s.kept["/secret"] != nil {
		t.Errorf("a certificate that nobody vouches for: %v", err)
	}
}

func TestAServerThatStalls(t *testing.T) {
	s := newShelf(t)
	hold := make(chan struct{})
	defer close(hold)
	s.answer = func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/half" {
			w.Header().Set("Content-Length", "5")
			io.WriteString(w, "he")
			w.(http.Flusher).Flush()
		}
		select {
		case <-hold:
		case <-r.Context().Done():
		}
	}
	c := s.client(t)
	c.Patience = 50 * time.Millisecond
	for _, path := range []string{"/all", "/half"} {
		if got, err := read(t, c, s.URL+path, 0, 5); !errors.Is(err, errStalled) {
			t.Errorf("%s: %q: %v", path, got, err)
		}
	}
	if err := c.Put(t.Context(), s.URL+"/all", nil, 5, strings.NewReader("hello")); !errors.Is(err, errStalled) {
		t.Errorf("put: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c.Patience = 0
	if _, err := c.Get(ctx, s.URL+"/all", 0, 5); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
