package xmpp

import (
	"fmt"
	"testing"

	"culver/protocol/protocoltest"
)

func TestConformance(t *testing.T) {
	p := prosody(t)
	n := 0
	protocoltest.Run(t, func(t *testing.T) (a, b protocoltest.End) {
		n++
		end := func(name string) protocoltest.End {
			name = fmt.Sprintf("%s%d", name, n)
			must(t, p.AddUser(name, "password of "+name))
			return protocoltest.End{Protocol: Network{Roots: p.Pool}, Account: at(t, p, name), Password: secret("password of " + name)}
		}
		return end("a"), end("b")
	})
}
