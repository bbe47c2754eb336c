package otrplugin

import (
	"slices"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

var _ plugin.Describer = (*Plugin)(nil)

// maxDescribed is how many keys of one buddy are told of: more are in the settings.
const maxDescribed = 3

// Describe is the keys of a buddy, the one that was met last first, and what the user
// knows of them.
func (p *Plugin) Describe(id im.ConvID) []im.Field {
	keys := slices.SortedFunc(slices.Values(p.known[id]), func(a, b *knownKey) int { return b.Last.Compare(a.Last) })
	var out []im.Field
	for _, k := range keys[:min(len(keys), maxDescribed)] {
		label := lang.T("OTR fingerprint, not verified")
		switch {
		case k.Refused:
			label = lang.T("OTR fingerprint, refused")
		case k.trusted():
			label = lang.F("OTR fingerprint, verified %s", k.howVerified().sentence)
		}
		out = append(out, im.Field{ID: k.storeKey(), Kind: im.FieldCode, Label: label, Value: k.fingerprint.String()})
	}
	return out
}
