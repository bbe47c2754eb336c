package main

import (
	"encoding/hex"

	"culver/otrplugin/otr"
)

// tell prints the wire lines and the events of a result.
func (p *peer) tell(r otr.Result) {
	for _, w := range r.Wire {
		p.line("wire %s", escape(string(w)))
	}
	for _, e := range r.Events {
		p.event(e)
	}
}

// manner is how a text came.
func manner(r otr.Result) string {
	if r.Sealed {
		return "encrypted"
	}
	for _, e := range r.Events {
		if e.Kind == otr.ReceivedUnencrypted {
			return "warn"
		}
	}
	return "plain"
}

func (p *peer) event(e otr.Event) {
	switch e.Kind {
	case otr.AskSecret, otr.SMPProgress, otr.SMPSuccess, otr.SMPFailure, otr.SMPAborted, otr.SMPCheated, otr.SMPExpired:
		p.line("smp %v %d", e.Kind, e.Percent)
	case otr.SMPError:
		p.line("smp error %d", e.Percent)
	case otr.AskAnswer:
		p.line("smp %v %d %s", e.Kind, e.Percent, escape(e.Text))
	case otr.KeyReceived:
		p.line("extrakey received %d %s %x", e.Use, hexField(e.Data), e.Key)
	case otr.TLVReceived:
		p.line("tlv %d %s", e.TLV, hexField(e.Data))
	case otr.PeerError:
		p.line("event %v text=%s", e.Kind, escape(e.Text))
	case otr.GoneSecure:
		if _, known := p.trust[e.Fingerprint]; !known {
			p.trust[e.Fingerprint] = ""
			p.line("event new-fingerprint fp=%s", e.Fingerprint.Hex())
		}
		p.line("event %v", e.Kind)
	default:
		p.line("event %v", e.Kind)
	}
}

func hexField(b []byte) string { return escape(hex.EncodeToString(b)) }
