package testkit

import (
	"encoding/base64"
	"encoding/hex"
	"html"
	"strings"
	"testing"
)

func TestWhatIsOverheard(t *testing.T) {
	const text = "meet me <at> the \"mill\" & bring\nÜmläute"
	escaped := html.EscapeString(text)
	encode := base64.StdEncoding.EncodeToString
	for name, line := range map[string]string{
		"plain":              "<body>" + text + "</body>",
		"escaped":            "<body>" + escaped + "</body>",
		"escaped twice":      "<body>" + html.EscapeString(escaped) + "</body>",
		"line feed":          "<body>meet me &lt;at&gt; the &quot;mill&quot; &amp; bring&#10;Ümläute</body>",
		"html line feed":     "<body>meet me &amp;lt;at&amp;gt; the &quot;mill&quot; &amp;amp; bring&lt;br/&gt;Ümläute</body>",
		"in tags":            "<p>meet <b>me</b> &lt;at&gt; the \"mill\" &amp; <i>bring</i> Ümläute</p>",
		"upper case":         "<body>MEET ME &lt;AT&gt; THE \"MILL\" &amp; BRING ÜMLÄUTE</body>",
		"base64":             "<data>" + encode([]byte(text)) + "</data>",
		"base64, one later":  "<data>" + encode([]byte("x"+text)) + "</data>",
		"base64, two later":  "<data>" + encode([]byte("xy"+text)) + "</data>",
		"base64, in letters": "<data>?OTR:A" + encode([]byte(text)) + ".</data>",
		"base64, escaped":    "<data>" + encode([]byte(escaped)) + "</data>",
		"base64 for URLs":    "<data>" + base64.URLEncoding.EncodeToString([]byte(text)) + "</data>",
		"hex":                "<data>" + hex.EncodeToString([]byte(text)) + "</data>",
	} {
		line = strings.ReplaceAll(line, "\n", "&#10;") // as the recorder does
		if !overhear("> - <other/>\n" + line).holds(text) {
			t.Errorf("%s: not found", name)
		}
	}
	for name, line := range map[string]string{
		"nothing":      "",
		"half of it":   "<body>meet me &lt;at&gt; the</body>",
		"two lines":    "<body>meet me &lt;at&gt; the\n\"mill\" &amp; bring Ümläute</body>",
		"other base64": "<data>" + encode([]byte("meet him <at> the mill")) + "</data>",
	} {
		if overhear(line).holds(text) {
			t.Errorf("%s: found", name)
		}
	}
}
