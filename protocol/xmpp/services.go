package xmpp

import "mellium.im/xmpp/jid"

// maxServices is how many services of the server are asked what they are.
const maxServices = 32

// services are what our server offers. Who gets one may keep it.
type services struct {
	server  *info // the server itself; nil if it does not tell
	account *info // our own account on it: what the server does for it
	others  []service
}

// service is something beside the server: a house of chat rooms, a store of files.
type service struct {
	address jid.JID
	*info
}

// with returns the first service that has a feature, which may be the server itself.
func (s *services) with(domain jid.JID, feature string) (service, bool) {
	if s.server.has(feature) {
		return service{domain, s.server}, true
	}
	for _, o := range s.others {
		if o.has(feature) {
			return o, true
		}
	}
	return service{}, false
}

// learnServices asks the server what it offers, at the beginning of each new session.
func (l *link) learnServices() extension {
	return extension{online: func() {
		s := &services{}
		home, open := 2, 3
		answered := func() {
			if open--; open == 0 {
				l.offered = s
				waiting := l.awaiting
				l.awaiting = nil
				for _, f := range waiting {
					f(s)
				}
			}
		}
		atHome := func() {
			if home--; home == 0 {
				l.home = s
				waiting := l.awaitHome
				l.awaitHome = nil
				for _, f := range waiting {
					f(s.server, s.account)
				}
			}
			answered()
		}
		l.askInfo(l.domain, "", func(i *info) { s.server = i; atHome() })
		l.askInfo(l.bare, "", func(i *info) { s.account = i; atHome() })
		l.askItems(l.domain, "", maxServices, func(items []discoItem) {
			for _, item := range items {
				address, err := parseJID(item.address)
				if err != nil || address.Localpart() != "" || item.node != "" || item.address == l.domain {
					continue
				}
				open++
				l.askInfo(item.address, "", func(i *info) {
					if i != nil {
						s.others = append(s.others, service{address, i})
					}
					answered()
				})
			}
			answered()
		})
	}}
}

// whenHomeKnown calls f with what the server itself offers and what it does for our account: at
// once if that is known, else when it is. It does not wait for services beside the server.
func (l *link) whenHomeKnown(f func(server, account *info)) {
	if l.home != nil {
		f(l.home.server, l.home.account)
		return
	}
	l.awaitHome = append(l.awaitHome, f)
}

// whenKnown calls f with all that the server offers: at once if that is known, else when
// it is. Of what did not answer in time nothing is known.
func (l *link) whenKnown(f func(*services)) {
	if l.offered != nil {
		f(l.offered)
		return
	}
	l.awaiting = append(l.awaiting, f)
}
