package xmpp

import (
	"slices"
	"strings"

	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/protocol"
)

// maxBlocked is how many addresses of the list are kept.
const maxBlocked = 10000

// blocks is who is kept from reaching us (XEP-0191). Its owner is the server. It
// belongs to Run.
type blocks struct {
	listing bool // it was asked for the list
	known   bool // the server keeps a list, and has told it
	reports bool // and takes reports (XEP-0377)
	list    map[string]bool
}

// has reports whether we keep an address away, or all on its server.
func (b blocks) has(bare string) bool {
	_, server, _ := strings.Cut(bare, "@")
	return b.list[bare] || b.list[server]
}

// blocking asks for the list where the server keeps one, and takes changes of it: from
// our own account only.
func (l *link) blocking() extension {
	pushed := func(kind string) func(*element, jid.JID) {
		return func(e *element, from jid.JID) {
			if from.String() != l.bare {
				l.refuse(e, from)
				return
			}
			l.answer(reply(e, "result"))
			if !l.blocks.known {
				return // the whole list is on its way
			}
			items := readBlocked(e.child(nsBlocking, kind))
			if kind == "unblock" && len(items) == 0 {
				clear(l.blocks.list)
			}
			for _, address := range items {
				if kind == "unblock" {
					delete(l.blocks.list, address)
				} else if len(l.blocks.list) < maxBlocked {
					l.blocks.list[address] = true
				}
			}
			l.tellBlocked()
		}
	}
	return extension{
		set: map[name]func(*element, jid.JID){
			{nsBlocking, "block"}:   pushed("block"),
			{nsBlocking, "unblock"}: pushed("unblock"),
			// Some servers tell the same by the lists of XEP-0016 as well, and want to
			// hear that we heard.
			{nsPrivacy, "query"}: func(e *element, from jid.JID) {
				if from.String() == l.bare {
					l.answer(reply(e, "result"))
					return
				}
				l.refuse(e, from)
			},
		},
		online: func() {
			l.whenHomeKnown(func(server, account *info) {
				if !server.has(nsBlocking) && !account.has(nsBlocking) {
					return
				}
				reports := server.has(nsReporting) || account.has(nsReporting)
				l.blocks.listing = true
				l.allow()
				l.askInTime("", "get", newElement(nsBlocking, "blocklist"), func(answer *element) {
					l.blocks.listing = false
					l.allow()
					if answer == nil || answer.attr("type") != "result" {
						return
					}
					l.blocks = blocks{known: true, reports: reports, list: map[string]bool{}}
					for _, address := range readBlocked(answer.child(nsBlocking, "blocklist")) {
						l.blocks.list[address] = true
					}
					l.tellBlocked()
				})
			})
		},
	}
}

// tellBlocked tells the whole list.
func (l *link) tellBlocked() {
	l.emit(protocol.Blocked{Addresses: sorted(l.blocks.list), Reports: l.blocks.reports})
}

func readBlocked(list *element) []string {
	var out []string
	if list == nil {
		return nil
	}
	for _, item := range list.children {
		if address, err := parseJID(item.attr("jid")); err == nil && item.is(nsBlocking, "item") && len(out) < maxBlocked {
			out = append(out, address.String())
		}
	}
	return out
}

// blockRequest asks to block addresses, or not to block them any longer.
func blockRequest(kind string, report protocol.Report, addresses []string) *element {
	e := newElement(nsBlocking, kind)
	for _, address := range addresses {
		item := newElement(nsBlocking, "item").with("jid", address)
		switch report {
		case protocol.Spam:
			item.add(newElement(nsReporting, "report").with("reason", "urn:xmpp:reporting:spam"))
		case protocol.Abuse:
			item.add(newElement(nsReporting, "report").with("reason", "urn:xmpp:reporting:abuse"))
		}
		e.add(item)
	}
	return e
}

// Block keeps addresses from reaching us.
func (s *Session) Block(report protocol.Report, addresses ...string) error {
	return s.askBlocked("block", report, addresses)
}

// Unblock lets them reach us again.
func (s *Session) Unblock(addresses ...string) error {
	return s.askBlocked("unblock", protocol.NoReport, addresses)
}

func (s *Session) askBlocked(kind string, report protocol.Report, addresses []string) error {
	l, err := s.online()
	if err != nil {
		return err
	}
	if len(addresses) == 0 { // that would unblock everybody
		return sentencef("Choose an address first.")
	}
	addresses = slices.Clone(addresses)
	for i, a := range addresses {
		address, err := peer(im.Addr{Bare: a})
		if err != nil {
			return err
		}
		addresses[i] = address.Bare().String()
		if own := addresses[i] == l.bare || addresses[i] == l.domain; own && kind == "block" {
			return sentencef("Your own address and server cannot be blocked.")
		}
	}
	return l.do(func() {
		if !l.blocks.reports {
			report = protocol.NoReport
		}
		l.askInTime("", "set", blockRequest(kind, report, addresses), func(answer *element) {
			if answer == nil || answer.attr("type") != "result" {
				l.emit(protocol.BlockFailed{Addresses: addresses})
			}
		})
	})
}
