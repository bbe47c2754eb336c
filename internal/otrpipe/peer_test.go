package main

import (
	"bufio"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"culver/otrplugin/otr"
)

// wirePeer is a running pipe peer, and what it has said.
type wirePeer struct {
	t      *testing.T
	name   string
	in     io.WriteCloser
	out    *bufio.Reader
	hello  string
	queue  []string    // wire lines not yet delivered
	sent   []string    // all wire lines
	texts  [][2]string // how, text
	events []string    // event, smp, tlv and extrakey lines
}

// do runs one command and takes its results; it returns the state line, if
// there was one, and whether it was answered by ok.
func (p *wirePeer) do(line string) (state string, ok bool) {
	p.t.Helper()
	if _, err := io.WriteString(p.in, line+"\n"); err != nil {
		p.t.Fatalf("%s: %v", p.name, err)
	}
	return p.read(line)
}

func (p *wirePeer) read(command string) (state string, ok bool) {
	p.t.Helper()
	for {
		line, err := p.out.ReadString('\n')
		if err != nil {
			p.t.Fatalf("%s died on %.60q: %v", p.name, command, err)
		}
		line = strings.TrimSuffix(line, "\n")
		verb, rest, _ := strings.Cut(line, " ")
		switch verb {
		case "ok":
			return state, true
		case "err":
			return rest, false
		case "wire":
			p.queue = append(p.queue, unescape(rest))
			p.sent = append(p.sent, unescape(rest))
		case "deliver":
			how, text, _ := strings.Cut(rest, " ")
			p.texts = append(p.texts, [2]string{how, unescape(text)})
		case "state":
			state = rest
		case "hello":
			p.hello = rest
		default:
			p.events = append(p.events, line)
		}
	}
}

// has tells whether a line like that was said, by its beginning.
func (p *wirePeer) has(event string) bool {
	for _, e := range p.events {
		if strings.HasPrefix(e, event) {
			return true
		}
	}
	return false
}

// state is one value of the status line; "" is STATE itself.
func (p *wirePeer) state(key string) string {
	p.t.Helper()
	line, _ := p.do("status")
	words := strings.Fields(line)
	if key == "" {
		return words[0]
	}
	for _, w := range words[1:] {
		if k, v, _ := strings.Cut(w, "="); k == key {
			return unescape(v)
		}
	}
	p.t.Fatalf("%s: no %s in %q", p.name, key, line)
	return ""
}

var keys = sync.OnceValue(func() (k [2]*otr.PrivateKey) {
	for i := range k {
		var err error
		if k[i], err = otr.GenerateKey(rand.NewChaCha8([32]byte{byte(i)})); err != nil {
			panic(err)
		}
	}
	return k
})

// startOurs runs our engine, in this process, so that the race detector sees it.
func startOurs(t *testing.T, name string, key *otr.PrivateKey) *wirePeer {
	t.Helper()
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := serve(inR, outW, key)
		outW.CloseWithError(errors.Join(err, io.EOF))
		done <- err
	}()
	t.Cleanup(func() {
		inW.Close()
		if err := <-done; err != nil {
			t.Errorf("%s: %v", name, err)
		}
	})
	p := &wirePeer{t: t, name: name + " (culver)", in: inW, out: bufio.NewReader(outR)}
	p.read("hello")
	return p
}

// startLibotr runs the peer over libotr.
func startLibotr(t *testing.T, name string) *wirePeer {
	t.Helper()
	bin := libotrPeer(t)
	cmd := exec.Command(bin, filepath.Join(filepath.Dir(bin), "key"))
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	})
	p := &wirePeer{t: t, name: name + " (libotr)", in: in, out: bufio.NewReader(out)}
	p.read("hello")
	return p
}

//go:embed libotrpeer/peer.c
var peerSource []byte

var (
	buildOnce sync.Once
	builtPeer string
	errBuild  error
)

// libotrPeer builds the peer over libotr, once for each version of its source.
func libotrPeer(t *testing.T) string {
	t.Helper()
	buildOnce.Do(func() { builtPeer, errBuild = buildPeer() })
	if errBuild != nil {
		t.Fatal(errBuild)
	}
	return builtPeer
}

func buildPeer() (string, error) {
	var flags []string
	for _, lib := range []string{"libotr", "libgcrypt"} {
		out, err := exec.Command("pkg-config", "--cflags", "--libs", lib).Output()
		if err != nil {
			return "", fmt.Errorf("%s is not installed: run `make deps`, which installs libotr5-dev, gcc and pkg-config (%w)", lib, err)
		}
		flags = append(flags, strings.Fields(string(out))...)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	sum := sha256.Sum256(append([]byte(strings.Join(flags, " ")), peerSource...))
	dir := filepath.Join(cache, "culver-test", "libotrpeer-"+hex.EncodeToString(sum[:8]))
	bin := filepath.Join(dir, "peer")
	if _, err := os.Stat(bin); err == nil {
		return bin, nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	source := filepath.Join(dir, "peer.c")
	if err := os.WriteFile(source, peerSource, 0o600); err != nil {
		return "", err
	}
	part := fmt.Sprintf("%s.%d", bin, os.Getpid())
	args := append([]string{"-std=gnu11", "-O1", "-Wall", "-Wextra", "-o", part, source}, flags...)
	if out, err := exec.Command("gcc", args...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("the libotr peer does not build: run `make deps`, which installs libotr5-dev, gcc and pkg-config (%w)\n%s", err, out)
	}
	if out, err := exec.Command(part, filepath.Join(dir, "key")).CombinedOutput(); err != nil {
		return "", fmt.Errorf("the libotr peer does not start: %w\n%s", err, out)
	}
	return bin, os.Rename(part, bin)
}
