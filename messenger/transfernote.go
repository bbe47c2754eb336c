package messenger

import (
	"bytes"
	"encoding/json"
	"errors"
	"net"
	"net/url"
	"strings"

	"culver/cargo"
	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// transferNote is what two programs tell each other of a transfer, by the courier of
// the private conversation: docs/file-transfer.md.
type transferNote struct {
	Do    string       `json:"do"`
	ID    string       `json:"id"`
	Files []cargo.File `json:"files,omitempty"`
	First int64        `json:"first,omitempty"`
	Pipe  string       `json:"pipe,omitempty"`
	Link  string       `json:"link,omitempty"`
	Gone  bool         `json:"gone,omitempty"`
}

// What a note does.
const (
	noteOffer   = "offer"   // Files are to be had
	noteKnown   = "known"   // the offer has come; the user decides
	noteAccept  = "accept"  // send from chunk First on, into Pipe or to a depot; Gone: nothing is at the link
	noteLink    = "link"    // what was asked for is at Link, and begins with chunk First
	noteDecline = "decline" // the user does not want it
	noteCancel  = "cancel"  // the user gave it up, or the program does not know of it
	noteDone    = "done"    // all is there, and is what was offered
	noteFail    = "fail"    // it cannot go on
)

const maxLink = 2048

var errNote = errors.New("the note makes no sense")

// parseNote reads a note. Of one that makes no sense nothing is done.
func parseNote(data []byte) (transferNote, error) {
	var n transferNote
	d := json.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&n); err != nil {
		return n, err
	}
	ok := cargo.ValidID(n.ID)
	switch n.Do {
	case noteOffer:
		return n, n.offer().Check()
	case noteAccept:
		ok = ok && n.First >= 0 && cargo.ValidID(n.Pipe)
	case noteLink:
		_, err := linkHost(n.Link)
		ok = ok && n.First >= 0 && err == nil
	}
	if !ok {
		return n, errNote
	}
	return n, nil
}

func (n transferNote) offer() cargo.Offer { return cargo.Offer{ID: n.ID, Files: n.Files} }

// linkHost is the host of a link that may be fetched: one that is encrypted, and tells
// nothing of a user.
func linkHost(link string) (string, error) {
	u, err := url.Parse(link)
	if err != nil || len(link) > maxLink || u.Scheme != "https" || u.User != nil || u.Hostname() == "" || net.ParseIP(u.Hostname()) != nil || u.Opaque != "" {
		return "", errNote
	}
	return strings.ToLower(u.Hostname()), nil
}

// nearHost reports that a host belongs to a domain: nothing is told to anybody new by
// fetching from there.
func nearHost(host, domain string) bool {
	domain = strings.ToLower(domain)
	return host == domain || strings.HasSuffix(host, "."+domain)
}

func domainOf(bare string) string {
	_, domain, _ := strings.Cut(bare, "@")
	return domain
}

// tell sends the peer's program a note, if the conversation is still private with it.
func (s *shipment) tell(n transferNote) error {
	if s.with == "" {
		return nil // it knows of nothing, or is no program of this kind
	}
	x, err := s.carry(n)
	clear(x.Secret)
	return err
}

func (s *shipment) carry(n transferNote) (plugin.Carried, error) {
	n.ID = s.offer.ID
	data, err := json.Marshal(n)
	if err != nil {
		return plugin.Carried{}, err
	}
	courier, ok := s.m.courier(s.Conv)
	if !ok {
		return plugin.Carried{}, formError(lang.T("The conversation is not private any more. Start it again to go on."))
	}
	x, err := plugin.Carried{}, error(nil)
	s.m.guard(func() { x, err = courier.Carry(s.Conv, data) })
	if err == nil && s.with != "" && x.Key != s.with {
		return x, formError(lang.T("The private conversation goes on with another key."))
	}
	return x, err
}

// Arrived takes what the peer's program sent.
func (h *hosted) Arrived(c im.ConvID, x plugin.Carried) {
	if h.ended || h.m.accounts[c.Account] == nil {
		return
	}
	// Not before the plugin has returned: an answer is made by it.
	h.m.inbox.Put(func() {
		defer clear(x.Secret)
		n, err := parseNote(x.Data)
		if err != nil || h.ended || !x.Seal.Level.Encrypted() {
			return
		}
		h.m.noted(c, n, x)
	})
}

// noted acts on a note.
func (m *Messenger) noted(c im.ConvID, n transferNote, x plugin.Carried) {
	var s *shipment
	for _, other := range m.shipments {
		if other.Conv == c && other.offer.ID == n.ID {
			s = other
		}
	}
	switch {
	case n.Do == noteOffer && s == nil:
		m.offered(c, n.offer(), x)
		return
	case s == nil && n.Do == noteAccept:
		unknown := &shipment{m: m, Transfer: Transfer{Conv: c}, offer: cargo.Offer{ID: n.ID}, with: x.Key}
		_ = unknown.tell(transferNote{Do: noteCancel}) // it finds out by itself, else
		return
	case s == nil || s.with != x.Key || s.State.Over() && n.Do != noteAccept:
		return
	}
	s.device = x.Device
	name := m.nameOf(c)
	switch {
	case n.Do == noteKnown && s.Out && s.State == TransferWaiting && !s.told:
		s.told = true
		s.set(TransferWaiting, lang.T("Waiting for an answer."))
	case n.Do == noteAccept && s.Out:
		s.asked(n)
	case n.Do == noteLink && !s.Out && s.State != TransferOffered:
		s.linked(n)
	case n.Do == noteDecline && s.Out:
		s.set(TransferCancelled, lang.F("%s declined it.", name))
	case n.Do == noteCancel:
		s.set(TransferCancelled, lang.F("%s cancelled it.", name))
	case n.Do == noteDone && s.Out:
		s.Done = s.Size
		s.set(TransferFinished, "")
	case n.Do == noteFail:
		s.set(TransferFailed, lang.T("It could not go on at the other end."))
	}
}

// cleanTitle is what to call an offer of a peer's.
func cleanTitle(o cargo.Offer) string {
	title := conversation.Name(cargo.Name(o.Title()))
	if len(o.Files) > 1 && o.Folder() == "" {
		n := len(o.Files) - 1
		title = lang.N(n, "%s and %s other", "%s and %s others", title, im.Number(n))
	}
	return title
}
