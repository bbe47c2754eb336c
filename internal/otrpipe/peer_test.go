package main

import (
	"bufio"
	_ "embed"
	"errors"
	"io"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"culver/internal/libotr"
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
	buildOnce.Do(func() {
		builtPeer, errBuild = libotr.Build("libotrpeer", peerSource, func(dir string) []string {
			return []string{filepath.Join(dir, "key")} // where it makes its key
		})
	})
	if errBuild != nil {
		t.Fatal(errBuild)
	}
	return builtPeer
}
