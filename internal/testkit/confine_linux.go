package testkit

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// Resolver is the name server of a confined test: nobody answers there.
const Resolver = "192.0.2.53"

// confined names the test that runs in a process of its own.
const confined = "CULVER_CONFINED"

// Confine runs a test in a process and a network of its own, in which every address
// there is leads back to the computer itself, so that whatever is sent anywhere is
// seen and reaches nobody. It returns the recording of all of it; in the process that
// only started the other one it returns nil when that has ended, and the test is over.
//
// It needs a kernel that gives out network namespaces, and root or user namespaces.
func Confine(t *testing.T) *Recording {
	t.Helper()
	if os.Getenv(confined) == t.Name() {
		return confine(t)
	}
	cmd := exec.Command(os.Args[0], "-test.run", "^"+strings.ReplaceAll(t.Name(), "/", "$/^")+"$", "-test.count=1", "-test.v", "-test.timeout=10m")
	cmd.Env = append(os.Environ(), confined+"="+t.Name())
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWNS, Pdeathsig: syscall.SIGKILL}
	if os.Getuid() != 0 {
		cmd.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	out, err := cmd.CombinedOutput()
	if len(out) == 0 && err != nil {
		t.Fatalf("This test needs network namespaces, and the system does not give it one (%v). Run it as root, or allow user namespaces.", err)
	}
	t.Logf("in a network of its own:\n%s", out)
	if err != nil {
		t.Fatalf("the test failed in its network: %v", err)
	}
	return nil
}

// confine sets the network up, and begins to record.
func confine(t *testing.T) *Recording {
	t.Helper()
	try := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("This test needs a network namespace of its own, but could not %s: %v", what, err)
		}
	}
	try("keep its mounts to itself", syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""))
	conf := filepath.Join(t.TempDir(), "resolv.conf")
	try("write its name server", os.WriteFile(conf, []byte("nameserver "+Resolver+"\noptions timeout:1 attempts:1\n"), 0o644))
	try("set its name server", syscall.Mount(conf, "/etc/resolv.conf", "", syscall.MS_BIND, ""))
	try("bring up its loopback interface", loopbackUp())
	r, err := record()
	try("listen to all packets", err)
	t.Cleanup(r.stop)
	try("route everything to itself", everythingIsLocal(syscall.AF_INET))
	if err := everythingIsLocal(syscall.AF_INET6); err != nil {
		t.Logf("without IPv6: %v", err)
	}
	return r
}

// loopbackUp is `ip link set lo up`.
func loopbackUp() error {
	s, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(s)
	var request struct {
		name  [syscall.IFNAMSIZ]byte
		flags uint16
		_     [22]byte
	}
	copy(request.name[:], "lo")
	request.flags = syscall.IFF_UP | syscall.IFF_RUNNING
	if _, _, e := syscall.Syscall(syscall.SYS_IOCTL, uintptr(s), syscall.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&request))); e != 0 {
		return e
	}
	return nil
}

// everythingIsLocal is `ip route add local default dev lo`.
func everythingIsLocal(family int) error {
	lo, err := net.InterfaceByName("lo")
	if err != nil {
		return err
	}
	s, err := syscall.Socket(syscall.AF_NETLINK, syscall.SOCK_RAW|syscall.SOCK_CLOEXEC, syscall.NETLINK_ROUTE)
	if err != nil {
		return err
	}
	defer syscall.Close(s)
	order := binary.NativeEndian
	var m []byte
	m = order.AppendUint32(m, 16+12+8) // the length of it all
	m = order.AppendUint16(m, syscall.RTM_NEWROUTE)
	m = order.AppendUint16(m, syscall.NLM_F_REQUEST|syscall.NLM_F_ACK|syscall.NLM_F_CREATE)
	m = order.AppendUint32(m, 1)
	m = order.AppendUint32(m, 0)
	m = append(m, byte(family), 0, 0, 0, syscall.RT_TABLE_LOCAL, syscall.RTPROT_BOOT, syscall.RT_SCOPE_HOST, syscall.RTN_LOCAL)
	m = order.AppendUint32(m, 0)
	m = order.AppendUint16(m, 8)
	m = order.AppendUint16(m, syscall.RTA_OIF)
	m = order.AppendUint32(m, uint32(lo.Index))
	if err := syscall.Sendto(s, m, 0, &syscall.SockaddrNetlink{Family: syscall.AF_NETLINK}); err != nil {
		return err
	}
	answer := make([]byte, 4096)
	n, _, err := syscall.Recvfrom(s, answer, 0)
	if err != nil {
		return err
	}
	if n < 20 || order.Uint16(answer[4:]) != syscall.NLMSG_ERROR {
		return fmt.Errorf("netlink answered with %d bytes", n)
	}
	if code := int32(order.Uint32(answer[16:])); code != 0 {
		return syscall.Errno(-code)
	}
	return nil
}

// Flow is who sent packets to whom.
type Flow struct {
	Kind     string // "tcp", "udp", "icmp", or what else it is
	From, To netip.AddrPort
}

func (f Flow) String() string { return fmt.Sprintf("%s %v > %v", f.Kind, f.From, f.To) }

// Recording is of all packets in a network.
type Recording struct {
	socket int
	over   sync.WaitGroup

	mu     sync.Mutex
	flows  map[Flow]int
	failed error
	ended  bool
}

func record() (*Recording, error) {
	const everything = 0x0300 // ETH_P_ALL, in the order of the network
	s, err := syscall.Socket(syscall.AF_PACKET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, everything)
	if err != nil {
		return nil, err
	}
	_ = syscall.SetsockoptInt(s, syscall.SOL_SOCKET, syscall.SO_RCVBUFFORCE, 64<<20) // what gets lost is told anyway
	_ = syscall.SetsockoptTimeval(s, syscall.SOL_SOCKET, syscall.SO_RCVTIMEO, &syscall.Timeval{Usec: 100_000})
	r := &Recording{socket: s, flows: map[Flow]int{}}
	r.over.Go(r.listen)
	return r, nil
}

func (r *Recording) listen() {
	packet := make([]byte, 256) // heads are enough
	for {
		n, from, err := syscall.Recvfrom(r.socket, packet, 0)
		r.mu.Lock()
		ended := r.ended
		switch {
		case err == syscall.EAGAIN || err == syscall.EINTR:
		case err != nil:
			r.failed = err
			ended = true
		default:
			protocol := 0
			if link, ok := from.(*syscall.SockaddrLinklayer); ok {
				protocol = int(link.Protocol)
			}
			r.flows[readFlow(protocol, packet[:n])]++
		}
		r.mu.Unlock()
		if ended {
			return
		}
	}
}

func (r *Recording) stop() {
	r.mu.Lock()
	r.ended = true
	r.mu.Unlock()
	r.over.Wait()
	syscall.Close(r.socket)
}

// readFlow reads the head of a packet.
func readFlow(protocol int, b []byte) Flow {
	var from, to netip.Addr
	kind, rest := 0, []byte(nil)
	switch {
	case len(b) >= 20 && b[0]>>4 == 4 && len(b) >= int(b[0]&15)*4:
		from, to = netip.AddrFrom4([4]byte(b[12:16])), netip.AddrFrom4([4]byte(b[16:20]))
		kind, rest = int(b[9]), b[int(b[0]&15)*4:]
	case len(b) >= 40 && b[0]>>4 == 6:
		from, to = netip.AddrFrom16([16]byte(b[8:24])), netip.AddrFrom16([16]byte(b[24:40]))
		kind, rest = int(b[6]), b[40:]
	default:
		return Flow{Kind: fmt.Sprintf("no IP (%#04x)", protocol)}
	}
	f := Flow{Kind: fmt.Sprintf("protocol %d", kind), From: netip.AddrPortFrom(from, 0), To: netip.AddrPortFrom(to, 0)}
	switch kind {
	case syscall.IPPROTO_TCP, syscall.IPPROTO_UDP:
		f.Kind = map[int]string{syscall.IPPROTO_TCP: "tcp", syscall.IPPROTO_UDP: "udp"}[kind]
		if len(rest) >= 4 {
			f.From = netip.AddrPortFrom(from, binary.BigEndian.Uint16(rest))
			f.To = netip.AddrPortFrom(to, binary.BigEndian.Uint16(rest[2:]))
		}
	case syscall.IPPROTO_ICMP, syscall.IPPROTO_ICMPV6:
		f.Kind = "icmp"
	}
	return f
}

// marker is where a packet goes that only says: until here.
const marker = "127.255.255.1:9"

// Flows are all there were until now, in order of their words.
func (r *Recording) Flows(t testing.TB) []Flow {
	t.Helper()
	conn, err := net.Dial("udp", marker)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	mark := Flow{Kind: "udp", From: conn.LocalAddr().(*net.UDPAddr).AddrPort(), To: netip.MustParseAddrPort(marker)}
	if _, err := conn.Write([]byte("until here")); err != nil {
		t.Fatal(err)
	}
	limit := time.Now().Add(time.Minute)
	for tick := time.NewTicker(5 * time.Millisecond); ; <-tick.C {
		r.mu.Lock()
		seen, failed := r.flows[mark] > 0, r.failed
		var all []Flow
		for f := range r.flows {
			if f.To != mark.To && !(f.Kind == "icmp" && f.From.Addr() == mark.To.Addr()) {
				all = append(all, f)
			}
		}
		r.mu.Unlock()
		if failed != nil || !seen && time.Now().After(limit) {
			t.Fatalf("the recording failed: %v", failed)
		}
		if !seen {
			continue
		}
		if lost := r.lost(); lost > 0 {
			t.Fatalf("the recording lost %d packets", lost)
		}
		slices.SortFunc(all, func(a, b Flow) int { return strings.Compare(a.String(), b.String()) })
		return all
	}
}

// lost is how many packets could not be recorded.
func (r *Recording) lost() int {
	const solPacket, packetStatistics = 263, 6
	var stats struct{ packets, drops uint32 }
	size := uint32(unsafe.Sizeof(stats))
	if _, _, e := syscall.Syscall6(syscall.SYS_GETSOCKOPT, uintptr(r.socket), solPacket, packetStatistics,
		uintptr(unsafe.Pointer(&stats)), uintptr(unsafe.Pointer(&size)), 0); e != 0 {
		return -1
	}
	return int(stats.drops)
}

// Strays are the flows that are neither from nor to one of the addresses, each once.
func (r *Recording) Strays(t testing.TB, allowed func(Flow) bool) []string {
	t.Helper()
	var out []string
	for _, f := range r.Flows(t) {
		if back := (Flow{Kind: f.Kind, From: f.To, To: f.From}); !allowed(f) && !allowed(back) {
			out = append(out, f.String())
		}
	}
	return out
}
