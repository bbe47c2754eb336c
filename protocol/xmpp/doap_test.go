package xmpp

import (
	"encoding/xml"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"culver/protocol"
)

// features are the XEPs that the features belong to which we announce.
var featureXEPs = map[string]string{
	nsDiscoInfo: "0030", nsDiscoItems: "0030", nsCaps: "0115", nsReceipts: "0184", nsAttention: "0224", nsCorrect: "0308", nsStates: "0085", nsAvatarMeta: "0084",
	nsInvite: "0249", nsBookmarks: "0402",
	nsInband: "0047", nsBytestreams: "0065",
}

// TestDOAP: culver.doap says exactly what is spoken here.
func TestDOAP(t *testing.T) {
	b, err := os.ReadFile("../../culver.doap")
	if err != nil {
		t.Fatal(err)
	}
	var doap struct {
		Supported []struct {
			XEP struct {
				Resource string `xml:"resource,attr"`
			} `xml:"xep"`
			Status  string `xml:"status"`
			Version string `xml:"version"`
			Since   string `xml:"since"`
		} `xml:"Project>implements>SupportedXep"`
	}
	if err := xml.Unmarshal(b, &doap); err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`^https://xmpp\.org/extensions/xep-(\d{4})\.html$`)
	var listed []string
	for _, s := range doap.Supported {
		m := link.FindStringSubmatch(s.XEP.Resource)
		if m == nil || s.Version == "" || s.Since == "" || s.Status != "complete" && s.Status != "partial" {
			t.Errorf("%+v is no entry", s)
			continue
		}
		listed = append(listed, m[1])
	}
	if !slices.IsSorted(listed) || len(slices.Compact(slices.Clone(listed))) != len(listed) {
		t.Errorf("not in order, or listed twice: %q", listed)
	}

	l := newLink(&connection{}, endless, func(protocol.Event) {})
	for f := range l.ownInfo().features {
		xep, known := featureXEPs[strings.TrimSuffix(f, "+notify")]
		if !known {
			t.Errorf("%q is announced: name its XEP in featureXEPs, and list that in culver.doap", f)
		} else if !slices.Contains(listed, xep) {
			t.Errorf("XEP-%s is announced by %q, and not listed in culver.doap", xep, f)
		}
	}

	// What is listed is in the code, which names the XEP.
	var code strings.Builder
	for _, dir := range []string{".", "../../otrplugin", "../../conversation"} {
		files, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f.Name(), ".go") && !strings.HasSuffix(f.Name(), "_test.go") {
				b, err := os.ReadFile(dir + "/" + f.Name())
				if err != nil {
					t.Fatal(err)
				}
				code.Write(b)
			}
		}
	}
	for _, xep := range listed {
		if xep != "0364" && !strings.Contains(code.String(), "XEP-"+xep) { // that describes OTR
			t.Errorf("XEP-%s is listed in culver.doap, and nothing here names it", xep)
		}
	}
	for _, m := range regexp.MustCompile(`XEP-(\d{4})`).FindAllStringSubmatch(code.String(), -1) {
		if m[1] != "0016" && !slices.Contains(listed, m[1]) { // its lists are heard of, and not used
			t.Errorf("XEP-%s is named here, and not listed in culver.doap", m[1])
		}
	}
}
