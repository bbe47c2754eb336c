package xmpp

import (
	"crypto/tls"
	"testing"
)

func TestChooseMechanism(t *testing.T) {
	unique := tls.ConnectionState{Version: tls.VersionTLS12, TLSUnique: []byte("x")}
	resumed := tls.ConnectionState{Version: tls.VersionTLS12}
	modern := tls.ConnectionState{Version: tls.VersionTLS13}
	all := []string{"PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "X-OAUTH2"}
	for name, c := range map[string]struct {
		state    tls.ConnectionState
		offered  []string
		bindings []string
		want     string
	}{
		"bound":                      {unique, all, nil, "SCRAM-SHA-256-PLUS"},
		"nothing to bind to":         {resumed, all, nil, "SCRAM-SHA-256"},
		"binding meant otherwise":    {unique, all, []string{"tls-server-end-point"}, "SCRAM-SHA-256"},
		"modern TLS, binding unsaid": {modern, all, nil, "SCRAM-SHA-256"},
		"modern TLS, other binding":  {modern, all, []string{"tls-unique", "tls-server-end-point"}, "SCRAM-SHA-256"},
		"modern TLS, bound":          {modern, all, []string{"tls-exporter"}, "SCRAM-SHA-256-PLUS"},
		"weaker hash, bound":         {modern, []string{"SCRAM-SHA-1-PLUS", "SCRAM-SHA-256"}, []string{"tls-exporter"}, "SCRAM-SHA-1-PLUS"},
		"old server":                 {modern, []string{"DIGEST-MD5", "PLAIN", "SCRAM-SHA-1"}, nil, "SCRAM-SHA-1"},
		"last resort":                {modern, []string{"PLAIN"}, nil, "PLAIN"},
		"nothing":                    {modern, nil, nil, ""},
		"nothing that we have":       {modern, []string{"ANONYMOUS", "EXTERNAL", "plain"}, nil, ""},
	} {
		features := newElement(nsStreams, "features")
		if c.offered != nil {
			list := newElement(nsSASL, "mechanisms")
			for _, m := range c.offered {
				list.add(newText(nsSASL, "mechanism", m))
			}
			features.add(list)
		}
		if c.bindings != nil {
			list := newElement(nsBinding, "sasl-channel-binding")
			for _, b := range c.bindings {
				list.add(newElement(nsBinding, "channel-binding").with("type", b))
			}
			features.add(list)
		}
		m, _, err := chooseMechanism(features, c.state)
		if m.Name != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s: %q, %v; want %q", name, m.Name, err, c.want)
		}
	}
}
