package discovery

import (
	"bytes"
	"strings"
	"testing"

	"culver/otrplugin/otr/internal/fragment"
	"culver/otrplugin/otr/internal/wire"
)

func TestRead(t *testing.T) {
	for in, want := range map[string]Message{
		"":                                      {},
		"hello":                                 {},
		"?otr:AAMD.":                            {},
		"?OTR is just text":                     {},
		"?OTR":                                  {},
		"?OTRv23":                               {},
		"x" + TagBase + TagV2:                   {},
		"?OTRv23? and words":                    {Kind: Query, Offered: V2 | V3},
		"please ?OTR?v2?":                       {Kind: Query, Offered: V2},
		"?OTR?":                                 {Kind: Query},
		"?OTR Error: no \n":                     {Kind: Error, Text: []byte("no")},
		"<p>?OTR Error:":                        {Kind: Error, Text: []byte{}},
		"?OTR Error":                            {},
		"?OTR:AAMD.":                            {Kind: Armoured, Body: []byte{0, 3, 3}, Dotted: true},
		"?OTR:AAMD":                             {Kind: Armoured, Body: []byte{0, 3, 3}},
		"?OTR:===.":                             {Kind: Armoured, Body: []byte{}, Dotted: true},
		"?OTR:.":                                {Kind: Armoured, Body: []byte{}, Dotted: true},
		"<p>?OTR:AAMDAAAA.":                     {Kind: Armoured, Body: []byte{0, 3, 3, 0, 0, 0}, Dotted: true},
		"write ?OTR: and a word.":               {},
		"?OTR,1,2,x,":                           {Kind: Piece, Piece: fragment.Piece{Version: 2, K: 1, N: 2, Text: []byte("x")}},
		"a ?OTR|100|ABC,00002,2,x,":             {Kind: Piece, Piece: fragment.Piece{Version: 3, From: 0x100, To: 0xabc, K: 2, N: 2, Text: []byte("x")}},
		"?OTR,1,2,,":                            {Kind: Piece, Piece: fragment.Piece{Version: 2, K: 1, N: 2}},
		"?OTR, you say?":                        {},
		"?OTR:" + strings.Repeat("A", 1<<21):    {Kind: TooLong},
		"?OTR:" + strings.Repeat("A", 1<<21-5):  {Kind: Armoured, Body: make([]byte, (1<<21-5)*3/4)},
		"?OTR|" + strings.Repeat("A", 1<<21):    {},
		"?OTR Error:" + strings.Repeat("\t", 9): {Kind: Error, Text: []byte{}},
	} {
		got := Read([]byte(in))
		same := got.Kind == want.Kind && got.Offered == want.Offered && bytes.Equal(got.Text, want.Text) &&
			bytes.Equal(got.Body, want.Body) && got.Dotted == want.Dotted && got.Piece.Version == want.Piece.Version &&
			got.Piece.From == want.Piece.From && got.Piece.To == want.Piece.To && got.Piece.K == want.Piece.K &&
			got.Piece.N == want.Piece.N && bytes.Equal(got.Piece.Text, want.Piece.Text)
		if !same {
			t.Errorf("%.60q is %.200v", in, got)
		}
	}
}

// FuzzDiscovery checks what must hold whatever a message is: nothing is
// invented, and what we make ourselves is found again, wherever it stands.
func FuzzDiscovery(f *testing.F) {
	for _, s := range []string{
		"", "?OTR", "?OTRv23?", "?OTR?v2?", "?OTR Error: x", "?OTR:AAMD.", "?OTR:===.", "?OTR,1,2,x,", "?OTR|100|100,1,2,x,",
		"x" + TagBase + TagV1 + TagV2 + TagV3, TagBase[:15], "?OTR?OTR?OTRv", "?OTRv2" + TagBase + "?",
	} {
		f.Add([]byte(s), uint8(3))
	}
	f.Fuzz(func(t *testing.T, msg []byte, versions uint8) {
		before := bytes.Clone(msg)
		m := Read(msg)
		if (m.Kind != Plain) && !bytes.Contains(msg, []byte("?OTR")) {
			t.Fatalf("%q is of kind %d", msg, m.Kind)
		}
		if len(m.Text)+len(m.Piece.Text)+len(m.Body) > len(msg) {
			t.Fatal("more came out than went in")
		}
		rest, offered, found := CutOffer(msg)
		if !found && (offered != 0 || !bytes.Equal(rest, msg)) || found && len(msg)-len(rest) < len(TagBase) {
			t.Fatalf("cut %q to %q", msg, rest)
		}
		if !bytes.Equal(msg, before) {
			t.Fatal("the message was changed")
		}
		v := Versions(versions) & (V2 | V3)
		if !found && !bytes.ContainsAny(msg, " \t") {
			if rest, offered, found := CutOffer(AddOffer(msg, v)); !found || offered != v || !bytes.Equal(rest, msg) {
				t.Fatalf("an offer of %b came back as %b, %q", v, offered, rest)
			}
		}
		if !bytes.Contains(msg, []byte("?")) {
			if m := Read(append(bytes.Clone(msg), MakeQuery(v, "")...)); m.Kind != Query || m.Offered != v {
				t.Fatalf("a query for %b is %+v", v, m)
			}
			if m := Read(append(bytes.Clone(msg), wire.Armour([]byte("\x00\x03\x03\x00"))...)); m.Kind != Armoured || len(m.Body) != 4 || !m.Dotted {
				t.Fatalf("an armoured message is %+v", m)
			}
		}
	})
}
