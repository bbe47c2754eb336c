package conversation

import (
	"net/url"
	"strings"
	"testing"

	"culver/im"
)

// TestCVE_2018_10994_MessagesAreNoPages: nothing that a peer writes is run, fetched or
// opened: tags are words or styles, and a link leads to the web or to a chat, by the
// address that is shown (Signal Desktop ran HTML that came in a link).
func TestCVE_2018_10994_MessagesAreNoPages(t *testing.T) {
	for _, text := range []string{
		`http://hacktheplanet/?p=%3Ciframe%20src="/etc/passwd"%3E`, `https://x/?"><script>alert(1)</script>`, `<iframe src="file:///etc/passwd"></iframe>`,
		`<img src=x onerror=alert(1)>`, `<a href="javascript:alert(1)">x</a>`, `<a href=" java&#10;script:alert(1)">x</a>`, `<a href="data:text/html,x">x</a>`,
		`<a href="file:///etc/passwd">x</a>`, `<a href="\\evil\share">x</a>`, `<a href="//evil.example/x">x</a>`, `<a href="https://bank.example@evil.example/">x</a>`,
		`<a href="vbscript:x">x</a>`, `<a href="ms-msdt:/id">x</a>`, `<a href="HTTPS://evil.example" onclick="x">bank.example</a>`, `<object data="x"></object>`,
		`<b style="background:url(http://evil/)">x</b>`, `<meta http-equiv=refresh content="0;url=http://evil/">`, "javascript:alert(1)", "file:///etc/passwd",
	} {
		for way, shown := range map[string]im.Text{"plain": Links(Clean(text)), "markup": Markup(text)} {
			for _, span := range shown {
				if span.Link == "" {
					continue
				}
				u, err := url.Parse(span.Link)
				if err != nil || u.User != nil {
					t.Errorf("%s of %q: link to %q", way, text, span.Link)
					continue
				}
				switch strings.ToLower(u.Scheme) {
				case "http", "https", "xmpp":
				default:
					t.Errorf("%s of %q: link to %q", way, text, span.Link)
				}
				if !strings.Contains(shown.String(), span.Link) {
					t.Errorf("%s of %q: where %q leads is not shown", way, text, span.Text)
				}
			}
			if way == "plain" && shown.String() != text {
				t.Errorf("%q is shown as %q", text, shown)
			}
		}
	}
}
