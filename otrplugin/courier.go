package otrplugin

import (
	"bytes"

	"culver/im"
	"culver/otrplugin/otr"
	"culver/plugin"
)

// useCulver is the purpose of the extra symmetric key, the first four bytes of TLV 8,
// under which two Culvers carry data: docs/file-transfer.md.
const useCulver = 0x43756c31

// Carry sends data as details of a use of the extra symmetric key. As with lines,
// nothing leaves with a key that the user has not accepted, or that the peer may have
// lost.
func (p *Plugin) Carry(id im.ConvID, data []byte) (plugin.Carried, error) {
	c := p.chat(id)
	name := p.name(c)
	switch {
	case p.off(c) || c.state() != otr.Encrypted:
		return plugin.Carried{}, notSent(nil, "The conversation with %s is not private. Choose Start private conversation in the OTR menu.", name)
	case p.gated(c):
		return plugin.Carried{}, notSent(nil, "%s has a key that you have not accepted yet.", name)
	case c.doubts():
		return plugin.Carried{}, notSent(nil, "It is not certain that %s still has the keys of the private conversation. "+
			"Choose Refresh private conversation in the OTR menu.", name)
	case len(data) > plugin.MaxCarried:
		return plugin.Carried{}, notSent(otr.ErrTooLong, "That is too much at once.")
	}
	reader, _ := c.peerKey()
	tag := c.session.TheirTag()
	secret, r, err := c.session.ExtraKey(useCulver, data)
	if err := p.do(c, "", r, err); err != nil {
		clear(secret)
		return plugin.Carried{}, notSent(err, "Nothing could be sent: %s", inWords(err))
	}
	return p.carried(c, data, secret, reader, tag), nil
}

// arrived is such data of the peer's. What waited while the user was away is dropped:
// it is about something that is over, and nothing may be answered to it. So is what a
// key sent that the user has not accepted.
func (p *Plugin) arrived(c *chat, e otr.Event) {
	if e.Use != useCulver || c.readingLate || !p.acceptable(c.id, e.Fingerprint) {
		return
	}
	p.host.Arrived(c.id, p.carried(c, bytes.Clone(e.Data), bytes.Clone(e.Key), e.Fingerprint, e.Tag))
}

func (p *Plugin) carried(c *chat, data, secret []byte, key otr.Fingerprint, tag uint32) plugin.Carried {
	return plugin.Carried{Data: data, Secret: secret, Key: key.String(), Device: c.devices[tag], Seal: seal(p.sealedLevel(c, key))}
}
