package testkit

import (
	"bufio"
	"encoding/base64"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Asked is what a proxy was asked for, and by whom.
type Asked struct {
	User, Password string
	Name           string // as it was told: looked up here or not
	Port           int
}

// Proxy is a SOCKS 5 and HTTP proxy on the loopback interface. It leads every name to
// where the test says.
type Proxy struct {
	Address string

	t    testing.TB
	want string // the only password, empty: any or none
	to   func(name string, port int) (address string)
	over sync.WaitGroup

	mu     sync.Mutex
	from   net.Addr // from where it goes on; nil: from anywhere
	ended  bool
	listen net.Listener
	open   []net.Conn
	asked  []Asked
}

// StartProxy starts a proxy that ends with the test. An empty address from to means
// that there is no way. With a password, everybody has to say it.
func StartProxy(t testing.TB, password string, to func(name string, port int) (address string)) *Proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{Address: listener.Addr().String(), t: t, want: password, to: to, listen: listener}
	p.over.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			if p.keep(conn) {
				p.over.Go(func() { p.serve(conn) })
			}
		}
	})
	t.Cleanup(p.Kill)
	return p
}

// Kill ends the proxy and all connections through it, at once.
func (p *Proxy) Kill() {
	p.mu.Lock()
	p.ended = true
	p.listen.Close()
	for _, conn := range p.open {
		conn.Close()
	}
	p.mu.Unlock()
	p.over.Wait()
}

// ComeFrom is the address of this computer from where the proxy goes on from now on.
func (p *Proxy) ComeFrom(ip string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.from = &net.TCPAddr{IP: net.ParseIP(ip)}
}

// Asked is what was asked for until now.
func (p *Proxy) Asked() []Asked {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Asked(nil), p.asked...)
}

// keep remembers a connection that Kill is to end.
func (p *Proxy) keep(conn net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended {
		conn.Close()
		return false
	}
	p.open = append(p.open, conn)
	return true
}

func (p *Proxy) serve(conn net.Conn) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	first, err := r.Peek(1)
	if err != nil {
		return
	}
	var a Asked
	var ok bool
	var yes, no string
	if first[0] == 5 {
		a, ok = socksRequest(r, conn, p.want)
		yes, no = "\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00", "\x05\x04\x00\x01\x00\x00\x00\x00\x00\x00"
	} else {
		a, ok = httpRequest(r, conn, p.want)
		yes, no = "HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 502 Bad Gateway\r\n\r\n"
	}
	if !ok {
		return
	}
	p.mu.Lock()
	p.asked = append(p.asked, a)
	dialer := net.Dialer{LocalAddr: p.from}
	p.mu.Unlock()
	address := p.to(a.Name, a.Port)
	var far net.Conn
	if address != "" {
		far, err = dialer.Dial("tcp", address)
	}
	if far == nil || err != nil || !p.keep(far) {
		_, _ = io.WriteString(conn, no)
		return
	}
	defer far.Close()
	_, _ = io.WriteString(conn, yes)
	p.over.Go(func() {
		_, _ = io.Copy(conn, far)
		conn.Close()
	})
	_, _ = io.Copy(far, r)
}

// socksRequest is the server's side of RFC 1928 and RFC 1929.
func socksRequest(r *bufio.Reader, w io.Writer, password string) (a Asked, ok bool) {
	field := func() string { // a length, and as many bytes
		n, err := r.ReadByte()
		b := make([]byte, n)
		if _, more := io.ReadFull(r, b); err != nil || more != nil {
			return ""
		}
		return string(b)
	}
	_, _ = r.ReadByte()
	if ways := field(); strings.Contains(ways, "\x02") {
		_, _ = w.Write([]byte{5, 2})
		_, _ = r.ReadByte()
		a.User, a.Password = field(), field()
		if password != "" && a.Password != password {
			_, _ = w.Write([]byte{1, 1})
			return a, false
		}
		_, _ = w.Write([]byte{1, 0})
	} else if password != "" {
		_, _ = w.Write([]byte{5, 0xff})
		return a, false
	} else {
		_, _ = w.Write([]byte{5, 0})
	}
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil || head[1] != 1 {
		return a, false
	}
	switch head[3] {
	case 3:
		a.Name = field()
	default:
		ip := make([]byte, map[byte]int{1: 4, 4: 16}[head[3]])
		if _, err := io.ReadFull(r, ip); err != nil {
			return a, false
		}
		a.Name = net.IP(ip).String()
	}
	var port [2]byte
	_, err := io.ReadFull(r, port[:])
	a.Port = int(binary.BigEndian.Uint16(port[:]))
	return a, err == nil
}

// httpRequest is the server's side of CONNECT.
func httpRequest(r *bufio.Reader, w io.Writer, password string) (a Asked, ok bool) {
	request, err := http.ReadRequest(r)
	if err != nil || request.Method != http.MethodConnect {
		return a, false
	}
	who, _ := strings.CutPrefix(request.Header.Get("Proxy-Authorization"), "Basic ")
	plain, _ := base64.StdEncoding.DecodeString(who)
	a.User, a.Password, _ = strings.Cut(string(plain), ":")
	if password != "" && a.Password != password {
		_, _ = io.WriteString(w, "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
		return a, false
	}
	host, port, err := net.SplitHostPort(request.Host)
	if err != nil {
		return a, false
	}
	a.Name = host
	a.Port, err = strconv.Atoi(port)
	return a, err == nil
}
