package xmpp

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"mellium.im/xmpp/jid"

	"culver/lang"
	"culver/protocol"
	"culver/protocol/xmpp/depot"
)

// HTTP File Upload (XEP-0363): the server keeps a file for whoever knows the link.

const nsUpload = "urn:xmpp:http:upload:0"

var _ protocol.Depot = (*Session)(nil)

// uploads is the service of the server that keeps files, once it is known.
type uploads struct {
	service atomic.Pointer[uploadService]
	links   atomic.Pointer[[]string] // the last ones that were made
}

type uploadService struct {
	address string
	most    int64 // bytes of one file, 0: it does not say
}

// findUploads learns which service that is.
func (l *link) findUploads() extension {
	return extension{online: func() {
		l.uploads.service.Store(nil)
		l.whenKnown(func(s *services) {
			domain, err := jid.Parse(l.domain)
			if err != nil {
				return
			}
			if found, ok := s.with(domain, nsUpload); ok {
				l.uploads.service.Store(&uploadService{address: found.address.String(), most: maxUpload(found.info)})
				l.emit(protocol.DepotFound{})
			}
		})
	}}
}

// maxUpload is how large a file may be, as the service says (XEP-0363, section 4).
func maxUpload(i *info) int64 {
	for _, x := range i.forms {
		f := readForm(x)
		if f.value("FORM_TYPE") != nsUpload {
			continue
		}
		if n, err := strconv.ParseInt(f.value("max-file-size"), 10, 64); err == nil && n > 0 {
			return n
		}
	}
	return 0
}

// Deposits reports whether the server keeps files.
func (s *Session) Deposits() (most int64, ok bool) {
	l, err := s.online()
	if err != nil {
		return 0, false
	}
	service := l.uploads.service.Load()
	if service == nil {
		return 0, false
	}
	return service.most, true
}

const errNoUploads = lang.Error("the server does not keep files")

// Put leaves bytes at the server.
func (s *Session) Put(ctx context.Context, name string, size int64, body io.Reader) (link string, err error) {
	l, err := s.online()
	if err != nil {
		return "", err
	}
	service := l.uploads.service.Load()
	if service == nil {
		return "", errNoUploads
	}
	ctx, cancel := l.while(ctx)
	defer cancel()
	if name == "" {
		name = rand.Text() + ".bin"
	}
	request := newElement(nsUpload, "request").with("filename", sanitize(name)).with("size", strconv.FormatInt(size, 10)).
		with("content-type", "application/octet-stream")
	answer, err := l.askAndWait(ctx, l.patience.answer, service.address, "get", request)
	if err != nil {
		return "", err
	}
	slot, err := readSlot(answer)
	if err != nil {
		return "", err
	}
	client := s.depot(l.reach)
	if err := client.Put(ctx, slot.put, slot.headers, size, body); err != nil {
		return "", l.depotError(err)
	}
	l.uploads.note(slot.get)
	return slot.get, nil
}

// Fetch reads what is at a link.
func (s *Session) Fetch(ctx context.Context, link string, from, size int64) (io.ReadCloser, error) {
	l, err := s.online()
	if err != nil {
		return nil, err
	}
	ctx, cancel := l.while(ctx)
	r, err := s.depot(s.reachLink(l)).Get(ctx, link, from, size)
	if err != nil {
		cancel()
		return nil, l.depotError(err)
	}
	return &fetched{r, cancel}, nil
}

type fetched struct {
	io.ReadCloser
	cancel context.CancelFunc
}

func (f *fetched) Close() error {
	f.cancel()
	return f.ReadCloser.Close()
}

// depot reaches other servers by the way that the account takes, and no other.
func (s *Session) depot(dial dialing) *depot.Client {
	return &depot.Client{Roots: s.network.Roots, Dial: func(ctx context.Context, _, address string) (net.Conn, error) {
		return dial(ctx, address)
	}}
}

// reachLink reaches what a link leads to that somebody else sent. Only our own server may be
// on this computer, or in the network that it is in.
func (s *Session) reachLink(l *link) dialing {
	return func(ctx context.Context, address string) (net.Conn, error) {
		host, _, err := net.SplitHostPort(address)
		own, host := strings.ToLower(l.domain), strings.ToLower(host)
		if err == nil && (host == own || strings.HasSuffix(host, "."+own)) {
			return l.reach(ctx, address)
		}
		return s.dialOutside(ctx, address)
	}
}

// depotError is an error of the depot in words for people, or one that the core knows.
func (l *link) depotError(err error) error {
	switch {
	case errors.Is(err, depot.ErrGone), errors.Is(err, depot.ErrOther):
		return protocol.ErrGone
	case errors.Is(err, errInside):
		return sentencef("The link leads to this computer or to the network that it is in, and not to a server on the Internet.")
	case errors.Is(err, depot.ErrTooLarge):
		return sentencef("The server takes no file of this size.")
	case l.isOver():
		return protocol.ErrOffline
	}
	return err
}

// slot is where a file may be left, and where it is then.
type slot struct {
	put, get string
	headers  []depot.Header
}

const errSlot = lang.Error("the server gave no place for the file that makes sense")

// maxLinkLength is how long a link of a slot may be.
const maxLinkLength = 2048

// readSlot reads the answer to the request for a slot (XEP-0363, section 5).
func readSlot(answer *element) (slot, error) {
	if answer.attr("type") != "result" {
		return slot{}, uploadRefused(answer)
	}
	e := answer.child(nsUpload, "slot")
	if e == nil {
		return slot{}, errSlot
	}
	put, get := e.child(nsUpload, "put"), e.child(nsUpload, "get")
	if put == nil || get == nil {
		return slot{}, errSlot
	}
	out := slot{put: put.attr("url"), get: get.attr("url")}
	for _, link := range []string{out.put, out.get} {
		if !strings.HasPrefix(link, "https://") || len(link) > maxLinkLength {
			return slot{}, errSlot
		}
	}
	for _, h := range put.children {
		name := h.attr("name")
		allowed := slices.ContainsFunc([]string{"Authorization", "Cookie", "Expires"}, func(n string) bool { return strings.EqualFold(n, name) })
		if value := strings.NewReplacer("\r", "", "\n", "").Replace(h.text); h.is(nsUpload, "header") && allowed && len(value) < 8<<10 {
			out.headers = append(out.headers, depot.Header{Name: name, Value: value})
		}
	}
	return out, nil
}

// uploadRefused is why the server gives no slot.
func uploadRefused(answer *element) error {
	e := answer.child(nsClient, "error")
	switch condition := stanzaCondition(answer); {
	case e != nil && e.child(nsUpload, "file-too-large") != nil:
		return sentencef("The server takes no file of this size.")
	case e != nil && e.child(nsUpload, "retry") != nil, condition == "resource-constraint":
		return sentencef("The server does not take more files at the moment. Try again later.")
	case condition == "forbidden", condition == "not-allowed", condition == "not-authorized":
		return sentencef("The server does not let you leave files there.")
	default:
		return sentencef("The server does not take the file (%s).", known(condition))
	}
}

// maxUploadLinks is how many links of ours are remembered.
const maxUploadLinks = 64

// note remembers a link of ours.
func (u *uploads) note(link string) {
	for {
		old := u.links.Load()
		var list []string
		if old != nil {
			list = slices.Clone(*old)
		}
		if list = append(list, link); len(list) > maxUploadLinks {
			list = list[1:]
		}
		if u.links.CompareAndSwap(old, &list) {
			return
		}
	}
}

// made reports that a text is nothing but a link to what we have left at the server.
func (u *uploads) made(text string) bool {
	list := u.links.Load()
	return list != nil && slices.Contains(*list, text)
}
