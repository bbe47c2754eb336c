package otr

import "culver/otrplugin/otr/internal/discovery"

// defaultQueryText is for people whose program knows no OTR.
const defaultQueryText = "I would like to talk privately (Off-the-Record), but your program does not seem to support it. See https://otr.cypherpunks.ca/"

// offerState is what we know about the peer's answer to our invisible offers.
type offerState uint8

const (
	offerNone offerState = iota
	offerSent
	offerRejected // a plain message came back
	offerAccepted
)

// versions are the versions that p allows.
func (p Policy) versions() (v discovery.Versions) {
	if p.has(AllowV2) {
		v |= discovery.V2
	}
	if p.has(AllowV3) {
		v |= discovery.V3
	}
	return v
}

// query is the message that asks for OTR in the versions that p allows.
func query(p Policy, text string) []byte {
	if text == "" {
		text = defaultQueryText
	}
	return discovery.MakeQuery(p.versions(), text)
}
