package xmpp

import (
	"bytes"
	"crypto/tls"
	"io"
	"net"
	"testing"

	"culver/im"
	"culver/internal/testkit"
)

// A server reads what a connection brought before it broke, record by record. It must
// never be left with the half of a stanza: Prosody reads the next connection as the rest
// of it, and ends the session, with all that it keeps for us.
func TestNoRecordEndsInTheMiddleOfAStanza(t *testing.T) {
	cert := testkit.NewCertificate(t, "x")
	pair, err := tls.LoadX509KeyPair(cert.CAFile, cert.KeyFile)
	must(t, err)
	for name, version := range map[string]uint16{"TLS 1.2": tls.VersionTLS12, "TLS 1.3": tls.VersionTLS13} {
		t.Run(name, func(t *testing.T) {
			near, far := net.Pipe()
			c := newConnector(Network{Roots: cert.Pool}, im.Account{ID: "xmpp:a@x"}, im.Secret{}, patience{})
			cfg := c.tlsConfig("x", true)
			cfg.MaxVersion = version
			conn, server := tls.Client(near, cfg), tls.Server(far, &tls.Config{Certificates: []tls.Certificate{pair}})
			t.Cleanup(func() { near.Close(); far.Close() })

			o := newOutbox()
			var sent [][]byte
			for n, size := range []int{1, 5000, 12000, maxRecord - 20, 40, maxRecord, 3, 3, 9000, 2000, 700, 700, 700, 700} {
				item := bytes.Repeat([]byte{byte('a' + n)}, size)
				sent = append(sent, item)
				must(t, o.put(outgoing{bytes: item, last: n == 13}))
			}
			wrote := make(chan error, 1)
			go func() {
				err := o.write(conn, nil, func([]outgoing) {})
				conn.Close()
				wrote <- err
			}()
			record := make([]byte, 2*maxRecord) // one Read is one record at most
			for {
				n, err := server.Read(record)
				for got := record[:n]; len(got) > 0; {
					if len(sent) == 0 || !bytes.HasPrefix(got, sent[0]) {
						t.Fatalf("a record holds %d bytes of something else", len(got))
					}
					got = got[len(sent[0]):]
					sent = sent[1:]
				}
				if err == io.EOF {
					break
				}
				must(t, err)
			}
			must(t, <-wrote)
			if len(sent) != 0 {
				t.Errorf("%d are missing", len(sent))
			}
		})
	}
}
