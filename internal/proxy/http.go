package proxy

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"strconv"
)

// maxHeader is how long the answer of a proxy may be.
const maxHeader = 16 << 10

// http asks an HTTP proxy.
func (s Server) http(conn io.ReadWriter, host string, port uint16) error {
	address := net.JoinHostPort(host, strconv.Itoa(int(port)))
	request := []byte("CONNECT " + address + " HTTP/1.1\r\nHost: " + address + "\r\n")
	if s.User != "" {
		who := append([]byte(s.User+":"), s.Password...)
		request = append(request, "Proxy-Authorization: Basic "...)
		request = base64.StdEncoding.AppendEncode(request, who) // RFC 7617
		request = append(request, "\r\n"...)
		clear(who)
	}
	request = append(request, "\r\n"...)
	_, err := conn.Write(request)
	clear(request)
	if err != nil {
		return err
	}
	// Byte by byte: what follows the answer belongs to the one behind the proxy.
	var answer []byte
	for one := make([]byte, 1); !bytes.HasSuffix(answer, []byte("\r\n\r\n")); {
		if len(answer) == maxHeader {
			return fmt.Errorf("%w: its answer has no end", ErrSpeech)
		}
		if err := read(conn, one); err != nil {
			return err
		}
		answer = append(answer, one[0])
		if start := "HTTP/1."; len(answer) <= len(start) && answer[len(answer)-1] != start[len(answer)-1] {
			return ErrSpeech
		}
	}
	return httpStatus(answer)
}

// httpStatus is what the first line of an answer means (RFC 9110, section 15).
func httpStatus(answer []byte) error {
	line, _, _ := bytes.Cut(answer, []byte("\r\n"))
	fields := bytes.Fields(line)
	if len(fields) < 2 || len(fields[1]) != 3 {
		return ErrSpeech
	}
	status, err := strconv.Atoi(string(fields[1]))
	switch {
	case err != nil || status < 100:
		return ErrSpeech
	case status >= 200 && status < 300:
		return nil
	case status == 401 || status == 407:
		return ErrPassword
	case status >= 500:
		return fmt.Errorf("%w: status %d", ErrFailed, status)
	case status < 200:
		return ErrSpeech // to a CONNECT without a body there is nothing to say in between
	default:
		return fmt.Errorf("%w: status %d", ErrRefused, status)
	}
}
