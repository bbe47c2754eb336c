package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os/exec"
	"strconv"
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
	ours   bool // Culver's engine, not libotr
	key    int  // which of the long-term keys it has
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

var keys = sync.OnceValue(func() (k [3]*otr.PrivateKey) {
	for i := range k {
		var err error
		if k[i], err = otr.GenerateKey(rand.NewChaCha8([32]byte{byte(i)})); err != nil {
			panic(err)
		}
	}
	return k
})

// startOurs runs our engine, in this process, so that the race detector sees
// it, with one of the keys. A tag of 0 is drawn.
func startOurs(t *testing.T, name string, key int, tag uint32) *wirePeer {
	t.Helper()
	if tag == 0 {
		tag = otr.NewInstanceTag(nil)
	}
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := serve(inR, outW, keys()[key], tag)
		outW.CloseWithError(errors.Join(err, io.EOF))
		done <- err
	}()
	t.Cleanup(func() {
		inW.Close()
		if err := <-done; err != nil {
			t.Errorf("%s: %v", name, err)
		}
	})
	p := &wirePeer{t: t, name: name + " (culver)", ours: true, key: key, in: inW, out: bufio.NewReader(outR)}
	p.read("hello")
	return p
}

// startLibotr runs the peer over libotr with one of its keys. A tag of 0 is
// drawn.
func startLibotr(t *testing.T, name string, key int, tag uint32) *wirePeer {
	t.Helper()
	bin, keyFile, err := libotr.PipePeer(key)
	if err != nil {
		t.Fatal(err)
	}
	args := []string{keyFile}
	if tag != 0 {
		args = append(args, fmt.Sprintf("%08x", tag))
	}
	cmd := exec.Command(bin, args...)
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
	p := &wirePeer{t: t, name: name + " (libotr)", key: key, in: in, out: bufio.NewReader(out)}
	p.read("hello")
	return p
}

// tag is the peer's own instance tag.
func (p *wirePeer) tag() uint32 {
	p.t.Helper()
	_, hex, _ := strings.Cut(p.hello, "tag=")
	tag, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		p.t.Fatalf("%s: hello %q", p.name, p.hello)
	}
	return uint32(tag)
}
