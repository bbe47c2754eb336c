package xmpp

import (
	"testing"

	"culver/internal/testkit"
	"culver/protocol/protocoltest"
)

func TestServerConformance(t *testing.T) {
	servers.On(t, func(t *testing.T, s *testkit.Server) {
		protocoltest.Run(t, func(t *testing.T) (a, b protocoltest.End) {
			end := func(u testkit.User) protocoltest.End {
				return protocoltest.End{Protocol: Network{Roots: s.Pool}, Account: at(t, s, u.Name), Password: secret(u.Password)}
			}
			return end(s.Fresh(t, "a")), end(s.Fresh(t, "b"))
		})
	})
}
