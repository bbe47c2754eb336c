package otrplugin

import "testing"

func TestOverheard(t *testing.T) {
	var p *Plugin
	for wire, want := range map[string]string{
		"hello":               "hello",
		"  hello\t":           "  hello\t",
		"hello" + offerBase:   "hello",
		"what is ?OTR: about": "what is ?OTR: about",
		"?OTR is a protocol":  "?OTR is a protocol",
		"<b>bold</b>":         "<b>bold</b>",
	} {
		if text, sealed := p.Overheard(wire); sealed || text != want {
			t.Errorf("%q reads %q, sealed: %v", wire, text, sealed)
		}
	}
	for _, wire := range []string{
		"?OTR:AAMDxyz.", "?OTR:AAICxyz.", "?OTR:nonsense", "?OTR|5a73a599|27e31597,00001,00003,?OTR:AAMD,", "?OTR,1,3,?OTR:AAMD,",
		"?OTRv23?\nBob wants to talk privately.", "?OTR?", "?OTR?v2?", "?OTR Error: You sent something.", offerBase, "",
	} {
		if _, sealed := p.Overheard(wire); !sealed {
			t.Errorf("%q is shown", wire)
		}
	}
}
