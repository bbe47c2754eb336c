package testkit

import (
	"errors"
	"math/rand/v2"
	"net"
)

// claim is a TCP port of the loopback interface, for a server that is another program
// and may stop and start again: until its release no other test takes it, of whatever
// process. The UDP port of the same number, which nobody needs, stands for it.
type claim struct {
	port  int
	token net.PacketConn
}

// Claims are below the ports that a system gives to those who ask for none in
// particular, and to every connection that goes out.
const (
	lowestPort  = 12000
	highestPort = 31999
)

func claimPort() (claim, error) {
	for range 1000 {
		if c, ok := claimOne(lowestPort + rand.IntN(highestPort-lowestPort+1)); ok {
			return c, nil
		}
	}
	return claim{}, errors.New("all are taken")
}

func claimOne(port int) (claim, bool) {
	at := net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port}
	token, err := net.ListenPacket("udp", at.String())
	if err != nil {
		return claim{}, false
	}
	l, err := net.Listen("tcp", at.String())
	if err != nil {
		token.Close()
		return claim{}, false
	}
	l.Close()
	return claim{port, token}, true
}

func (c claim) release() { c.token.Close() }
