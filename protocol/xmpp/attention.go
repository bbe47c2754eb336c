package xmpp

import (
	"slices"

	"mellium.im/xmpp/jid"

	"culver/im"
	"culver/protocol"
)

// To ask somebody to look at their screen (XEP-0224).

const nsAttention = "urn:xmpp:attention:0"

// attention tells of those who ask. What waited on the way is about a moment that is over.
func (l *link) attention() extension {
	return extension{features: []string{nsAttention}, message: func(e *element, from jid.JID) bool {
		if e.attr("type") != "groupchat" && e.child(nsAttention, "attention") != nil && e.child(nsDelay, "delay") == nil {
			l.emit(protocol.AttentionAsked{From: addr(from)})
		}
		return false // it may say more
	}}
}

// SendAttention asks a peer to look.
func (s *Session) SendAttention(to im.Addr) error {
	l, err := s.online()
	if err != nil {
		return err
	}
	address, err := peer(to)
	if err != nil {
		return err
	}
	return l.do(func() { l.askAttention(address) })
}

// askAttention asks the first device that is known to take it. Nobody else gets anything.
func (l *link) askAttention(to jid.JID) {
	devices := []string{to.String()}
	if to.Resourcepart() == "" {
		devices = l.others.devices(to)
	}
	left, asked := len(devices), false
	done := func(yes bool) { l.emit(protocol.AttentionAnswered{Bare: to.Bare().String(), Asked: yes}) }
	if left == 0 {
		done(false)
	}
	for _, full := range devices {
		device, err := parseJID(full)
		if err != nil {
			continue
		}
		l.learn(device, func(i *info) {
			left--
			switch {
			case asked:
			case i.has(nsAttention) && l.send(attentionFor(device)) == nil:
				asked = true
				done(true)
			case left == 0:
				done(false)
			}
		})
	}
}

// attentionFor is the question, which means something only now.
func attentionFor(to jid.JID) *element {
	return newElement(nsClient, "message", newElement(nsAttention, "attention"), newElement(nsHints, "no-store")).
		with("type", "headline").with("to", to.String())
}

// devices are the full addresses of somebody's devices, in a fixed order.
func (k *capabilities) devices(of jid.JID) (out []string) {
	bare := of.Bare().String()
	for full := range k.said {
		if d, err := parseJID(full); err == nil && d.Bare().String() == bare {
			out = append(out, full)
		}
	}
	slices.Sort(out)
	return out
}
