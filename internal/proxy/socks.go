package proxy

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/netip"
)

// The numbers of RFC 1928 and RFC 1929.
const (
	socksVersion  = 5
	socksOpen     = 0 // nobody is asked who they are
	socksPassword = 2
	socksConnect  = 1
	socksIPv4     = 1
	socksName     = 3
	socksIPv6     = 4

	passwordVersion = 1
)

// socks asks a SOCKS 5 proxy.
func (s Server) socks(conn io.ReadWriter, host string, port uint16) error {
	if err := s.greet(conn); err != nil {
		return err
	}
	request := []byte{socksVersion, socksConnect, 0}
	if ip, err := netip.ParseAddr(host); err != nil {
		request = append(request, socksName, byte(len(host)))
		request = append(request, host...)
	} else if ip = ip.Unmap().WithZone(""); ip.Is4() {
		request = append(append(request, socksIPv4), ip.AsSlice()...)
	} else {
		request = append(append(request, socksIPv6), ip.AsSlice()...)
	}
	if _, err := conn.Write(binary.BigEndian.AppendUint16(request, port)); err != nil {
		return err
	}
	var reply [4]byte
	if err := read(conn, reply[:]); err != nil {
		return err
	}
	if reply[0] != socksVersion || reply[2] != 0 {
		return ErrSpeech
	}
	if err := socksReply(reply[1]); err != nil {
		return err
	}
	return skipBound(conn, reply[3])
}

// greet agrees on how to say who asks, and says it.
func (s Server) greet(conn io.ReadWriter) error {
	if len(s.User) > 255 || len(s.Password) > 255 {
		return fmt.Errorf("%w: they are too long", ErrPassword)
	}
	ways := []byte{socksOpen}
	if s.User != "" {
		if ways = []byte{socksPassword}; !s.Strict {
			ways = append(ways, socksOpen)
		}
	}
	if _, err := conn.Write(append([]byte{socksVersion, byte(len(ways))}, ways...)); err != nil {
		return err
	}
	var choice [2]byte
	if err := read(conn, choice[:]); err != nil {
		return err
	}
	switch {
	case choice[0] != socksVersion:
		return ErrSpeech
	case choice[1] == 0xff:
		return ErrPassword
	case choice[1] == socksOpen && (s.User == "" || !s.Strict):
		return nil
	case choice[1] != socksPassword || s.User == "":
		return ErrSpeech
	}
	who := append([]byte{passwordVersion, byte(len(s.User))}, s.User...)
	who = append(append(who, byte(len(s.Password))), s.Password...)
	_, err := conn.Write(who)
	clear(who)
	if err != nil {
		return err
	}
	if err := read(conn, choice[:]); err != nil {
		return err
	}
	if choice[0] != passwordVersion || choice[1] != 0 { // some say 5 here, and are not wrong enough
		if choice[0] == socksVersion && choice[1] == 0 {
			return nil
		}
		return ErrPassword
	}
	return nil
}

// socksReply is what a reply means (RFC 1928, section 6).
func socksReply(code byte) error {
	switch code {
	case 0:
		return nil
	case 2:
		return ErrRefused
	case 1:
		return fmt.Errorf("%w: it does not say why", ErrFailed)
	case 3:
		return fmt.Errorf("%w: network unreachable", ErrFailed)
	case 4:
		return fmt.Errorf("%w: host unreachable", ErrFailed)
	case 5:
		return fmt.Errorf("%w: connection refused", ErrFailed)
	case 6:
		return fmt.Errorf("%w: it took too long", ErrFailed)
	case 7, 8:
		return fmt.Errorf("%w: it cannot do that", ErrRefused)
	default:
		return fmt.Errorf("%w: reply %d", ErrFailed, code)
	}
}

// skipBound reads the address that the proxy used itself, which says nothing to us.
func skipBound(r io.Reader, kind byte) error {
	var length [1]byte
	n := 0
	switch kind {
	case socksIPv4:
		n = net.IPv4len
	case socksIPv6:
		n = net.IPv6len
	case socksName:
		if err := read(r, length[:]); err != nil {
			return err
		}
		n = int(length[0])
	default:
		return ErrSpeech
	}
	return read(r, make([]byte, n+2))
}

// read fills b. A proxy that ends the connection instead is none.
func read(r io.Reader, b []byte) error {
	if _, err := io.ReadFull(r, b); err != nil {
		return fmt.Errorf("%w: %w", ErrSpeech, err)
	}
	return nil
}
