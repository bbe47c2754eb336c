// Package depot leaves bytes at servers, and fetches what was left there, over HTTPS
// (XEP-0363, section 6). It is the only part of Culver that speaks HTTP.
//
// It goes nowhere but where it is told to, and on the connections that its user makes: no
// proxy of the environment, no redirects, no cookies, and nothing that tells of the
// program or the computer. A Client may be used by any goroutine; it keeps nothing.
package depot

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"culver/lang"
)

// Client is how to reach servers.
type Client struct {
	// Dial makes each connection. There is no other way.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Roots are the authorities whose certificates count; nil: the system's.
	Roots *x509.CertPool
	// Patience is how long a server may take to do anything at all; 0: a minute and a half.
	Patience time.Duration
}

// What can go wrong, beside what the network says.
const (
	ErrGone     = lang.Error("the server does not have it")
	ErrTooLarge = lang.Error("the server takes nothing so large")
	ErrOther    = lang.Error("the server has something else there")
	ErrRefused  = lang.Error("the server refuses it")
	errStalled  = lang.Error("the server does not go on")
	errNoHTTPS  = lang.Error("the link is not one of HTTPS")
)

// Header is one line of a request.
type Header struct{ Name, Value string }

// Put leaves size bytes there.
func (c *Client) Put(ctx context.Context, link string, headers []Header, size int64, body io.Reader) error {
	watch, ctx := newWatch(ctx, c.Patience)
	defer watch.stop()
	req, err := newRequest(ctx, http.MethodPut, link)
	if err != nil {
		return err
	}
	req.Body = io.NopCloser(leaving{&exact{body, size}, watch})
	if size == 0 {
		req.Body = http.NoBody
	}
	req.ContentLength = size
	req.Header.Set("Content-Type", "application/octet-stream")
	for _, h := range headers {
		req.Header.Set(h.Name, h.Value)
	}
	answer, err := c.do(req)
	if err != nil {
		return watch.reason(err)
	}
	defer answer.Body.Close()
	switch code := answer.StatusCode; {
	case code >= 200 && code < 300:
		return nil
	case code == http.StatusRequestEntityTooLarge:
		return ErrTooLarge
	default:
		return fmt.Errorf(lang.T("%w: it answers %d"), ErrRefused, code)
	}
}

// Get reads what is there from an offset on, if it has exactly size bytes from the
// beginning. More are never read.
func (c *Client) Get(ctx context.Context, link string, from, size int64) (_ io.ReadCloser, err error) {
	watch, ctx := newWatch(ctx, c.Patience)
	defer func() {
		if err != nil {
			watch.stop()
		}
	}()
	req, err := newRequest(ctx, http.MethodGet, link)
	if err != nil {
		return nil, err
	}
	if from >= size {
		return nil, ErrOther
	}
	if from > 0 {
		req.Header.Set("Range", "bytes="+strconv.FormatInt(from, 10)+"-")
	}
	answer, err := c.do(req)
	if err != nil {
		return nil, watch.reason(err)
	}
	skip, err := checkAnswer(answer, from, size)
	if err == nil && skip > 0 {
		_, err = io.CopyN(io.Discard, coming{answer.Body, watch}, skip)
	}
	if err != nil {
		answer.Body.Close()
		return nil, err
	}
	return &content{coming{io.LimitReader(answer.Body, size-from), watch}, answer.Body}, nil
}

// checkAnswer says how much of what comes was not asked for, or what is wrong with it.
func checkAnswer(answer *http.Response, from, size int64) (skip int64, err error) {
	length := answer.ContentLength // negative: it does not say
	switch code := answer.StatusCode; code {
	case http.StatusOK:
		if length >= 0 && length != size {
			return 0, ErrOther
		}
		return from, nil
	case http.StatusPartialContent:
		if from == 0 || length >= 0 && length != size-from {
			return 0, ErrOther
		}
		first, _, ok := strings.Cut(strings.TrimPrefix(answer.Header.Get("Content-Range"), "bytes "), "-")
		if n, err := strconv.ParseInt(strings.TrimSpace(first), 10, 64); !ok || err != nil || n != from {
			return 0, ErrOther
		}
		return 0, nil
	case http.StatusNotFound, http.StatusGone, http.StatusForbidden, http.StatusUnauthorized, http.StatusRequestedRangeNotSatisfiable:
		return 0, ErrGone
	default:
		return 0, fmt.Errorf(lang.T("%w: it answers %d"), ErrRefused, code)
	}
}

// newRequest is a request that tells nothing of us.
func newRequest(ctx context.Context, method, link string) (*http.Request, error) {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Opaque != "" {
		return nil, errNoHTTPS
	}
	u.Fragment = ""
	req, err := http.NewRequestWithContext(ctx, method, u.String(), nil)
	if err != nil {
		return nil, errNoHTTPS
	}
	req.Header.Set("User-Agent", "") // none is sent then
	return req, nil
}

// do sends one request on a connection of its own.
func (c *Client) do(req *http.Request) (*http.Response, error) {
	transport := &http.Transport{
		DialContext:            c.Dial,
		TLSClientConfig:        &tls.Config{RootCAs: c.Roots, MinVersion: tls.VersionTLS12},
		TLSNextProto:           map[string]func(string, *tls.Conn) http.RoundTripper{}, // HTTP 1.1 alone
		TLSHandshakeTimeout:    30 * time.Second,
		MaxResponseHeaderBytes: 32 << 10,
		DisableKeepAlives:      true,
		DisableCompression:     true, // what comes is counted
	}
	client := &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return client.Do(req)
}

// exact reads so many bytes, or fails: the length of a request has been told.
type exact struct {
	r    io.Reader
	left int64
}

func (e *exact) Read(p []byte) (int, error) {
	if e.left == 0 {
		return 0, io.EOF
	}
	n, err := e.r.Read(p[:min(int64(len(p)), e.left)])
	e.left -= int64(n)
	if err == io.EOF && e.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// content is what is read of an answer.
type content struct {
	coming
	body io.Closer
}

// Close ends the connection.
func (c *content) Close() error {
	c.watch.stop()
	return c.body.Close()
}

// watch ends a request when nothing goes on for too long. While nobody reads, because
// the user has paused for instance, its clock stands still.
type watch struct {
	timer    *time.Timer
	patience time.Duration
	cancel   context.CancelCauseFunc
	ctx      context.Context
}

func newWatch(ctx context.Context, patience time.Duration) (*watch, context.Context) {
	if patience == 0 {
		patience = 90 * time.Second
	}
	ctx, cancel := context.WithCancelCause(ctx)
	w := &watch{patience: patience, cancel: cancel, ctx: ctx}
	w.timer = time.AfterFunc(patience, func() { cancel(errStalled) })
	return w, ctx
}

func (w *watch) stop() {
	w.timer.Stop()
	w.cancel(nil)
}

// reason is why a request ended.
func (w *watch) reason(err error) error {
	if err != nil && errors.Is(context.Cause(w.ctx), errStalled) {
		return errStalled
	}
	return err
}

// leaving is what is sent, under watch: the time that its reader takes does not count.
type leaving struct {
	io.Reader
	watch *watch
}

func (r leaving) Read(p []byte) (int, error) {
	r.watch.timer.Stop()
	n, err := r.Reader.Read(p)
	r.watch.timer.Reset(r.watch.patience)
	return n, err
}

// coming is what comes, under watch: the time between two reads does not count.
type coming struct {
	io.Reader
	watch *watch
}

func (r coming) Read(p []byte) (int, error) {
	r.watch.timer.Reset(r.watch.patience)
	n, err := r.Reader.Read(p)
	r.watch.timer.Stop()
	return n, r.watch.reason(err)
}
