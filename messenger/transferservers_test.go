package messenger_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"culver/im"
	"culver/internal/testkit"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/protocol/xmpp"
)

// fragile is a way to servers on which one connection to a port breaks, once, after so
// many bytes.
type fragile struct {
	mu    sync.Mutex
	port  int
	after int64
	cuts  int
}

func (f *fragile) dial(ctx context.Context, network, address string) (net.Conn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, network, address)
	if err != nil || !strings.HasSuffix(address, ":"+strconv.Itoa(f.port)) {
		return conn, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.after == 0 {
		return conn, nil
	}
	c := &breaking{Conn: conn, left: f.after}
	f.after = 0
	f.cuts++
	return c, nil
}

type breaking struct {
	net.Conn
	left int64
}

func (c *breaking) Read(p []byte) (int, error) {
	if c.left <= 0 {
		c.Close()
		return 0, errors.New("cut")
	}
	n, err := c.Conn.Read(p)
	c.left -= int64(n)
	return n, err
}

// heapPeak watches how much memory is in use until stop is called, which returns the
// most that was.
func heapPeak() (stop func() uint64) {
	var most uint64
	quit, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
			select {
			case <-quit:
				return
			case <-tick.C:
			}
		}
	}()
	return func() uint64 { close(quit); <-over; return most }
}

// largeFile writes a file, and returns its first bytes and the hash of all.
func largeFile(t *testing.T, name string, size int) (path string, sample []byte, sum [sha256.Size]byte) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := io.CopyN(f, rand.Reader, int64(size)); err != nil {
		t.Fatal(err)
	}
	sample = make([]byte, 30)
	r, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := io.ReadFull(r, sample); err != nil {
		t.Fatal(err)
	}
	return path, sample, hashOf(t, path)
}

func hashOf(t *testing.T, path string) [sha256.Size]byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		t.Fatal(err)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// Two Culvers send each other large files by real servers: each way, with a cut where
// there is one to make, and with little memory.
func TestLargeFilesOverServers(t *testing.T) {
	for _, e := range []struct {
		name    string
		options testkit.ServerOptions
		size    int
		cut     func(s *testkit.Server) int // the port
	}{
		{"by upload", testkit.ServerOptions{UploadLimit: 100 << 20}, 16 << 20, func(s *testkit.Server) int { return s.HTTPS }},
		{"by proxy", testkit.ServerOptions{NoUpload: true}, 50 << 20, func(s *testkit.Server) int { return s.Proxy65 }},
		{"in the stream", testkit.ServerOptions{NoUpload: true, NoProxy: true}, 4 << 20, nil},
	} {
		t.Run(e.name, func(t *testing.T) {
			path, sample, sum := largeFile(t, "holiday film.mp4", e.size)
			e.options.Friends = [][2]string{{"alice", "bob"}}
			e.options.Users = map[string]string{"alice": "a-secret", "bob": "b-secret"}
			testkit.OnServers(t, e.options, func(t *testing.T, server *testkit.Server) {
				way := &fragile{}
				if e.cut != nil {
					way.port, way.after = e.cut(server), int64(e.size/3)
				}
				s := scenetest.New(t)
				defer s.Close()
				enter := func(name string, network xmpp.Network) *scenetest.Actor {
					network.Roots = server.Pool
					return s.Enter(name, scenetest.Part{Network: network, Password: name[:1] + "-secret", Answers: map[string]string{
						"address": name + "@" + server.Host, "server": server.Address, "port": strconv.Itoa(server.DirectTLS), "security": "direct"}})
				}
				alice, bob := enter("alice", xmpp.Network{}), enter("bob", xmpp.Network{Dial: way.dial})
				s.Script(`
					alice switches off: automatic
					bob switches off: automatic
					alice sees bob: Available
					bob sees alice: Available
				` + inPrivate)
				folder := t.TempDir()
				before := heapPeak()()
				peak := heapPeak()
				began := time.Now()
				alice.M.SendFiles(with(alice, bob), []string{path})
				in := bob.Transfer(with(bob, alice), messenger.TransferOffered)
				bob.M.AcceptTransfer(in.ID, folder)
				var ended messenger.Transfer
				bob.Until("the end", func() bool { ended = bob.Transfers[in.ID]; return ended.State.Over() })
				took := time.Since(began)
				most := peak()
				alice.Transfer(with(alice, bob), messenger.TransferFinished)
				if ended.State != messenger.TransferFinished || ended.Seal.Level != im.Private {
					t.Fatalf("%+v", ended)
				}
				if got := hashOf(t, filepath.Join(folder, "holiday film.mp4")); got != sum {
					t.Error("something else came")
				}
				if e.cut != nil && way.cuts != 1 {
					t.Errorf("cut %d times", way.cuts)
				}
				if most > before+48<<20 {
					t.Errorf("%d MB in use, %d MB before", most>>20, before>>20)
				}
				if said := server.Stanzas(); strings.Contains(said, "holiday") || strings.Contains(said, base64.StdEncoding.EncodeToString(sample)) {
					t.Error("the server learned what it is")
				}
				t.Logf("%d MB in %v, at most %d MB in use above %d", e.size>>20, took.Round(time.Millisecond), (most-before)>>20, before>>20)
			})
		})
	}
}
