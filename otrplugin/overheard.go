package otrplugin

import "culver/plugin"

var _ plugin.Bystander = (*Plugin)(nil)

// Overheard is what people can read of a copy of a message. What belongs to the
// protocol is for the device that it was sent to: there are no keys for it here, and
// to start or go on with anything by a copy would be to answer somebody else's mail.
func (*Plugin) Overheard(wire string) (text string, sealed bool) {
	plain, _ := cutOffer(wire)
	return plain, plain == "" || isProtocol(plain)
}
