package main

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"culver/internal/libotr"
	"culver/internal/otrpipe/line"
	"culver/otrplugin/otr"
)

// pipe is libotr as an engine: a pipe peer in a process of its own.
type pipe struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Reader
	last state
}

// newPipe starts libotr with one of its long-term keys and a source of random
// numbers of its own.
func newPipe(key int, tag uint32, seed uint64) (*pipe, error) {
	program, file, err := libotr.PipePeer(key)
	if err != nil {
		return nil, err
	}
	p := &pipe{cmd: exec.Command(program, file, fmt.Sprintf("%08x", tag), fmt.Sprint(seed|1))}
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewReader(out)
	p.cmd.Stderr = os.Stderr
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	p.read()
	return p, nil
}

// close ends the process.
func (p *pipe) close() {
	p.in.Close()
	p.cmd.Wait()
}

func (p *pipe) policy(may otr.Policy) {
	words := ""
	for flag, word := range map[otr.Policy]string{
		otr.AllowV2: " v2", otr.AllowV3: " v3", otr.RequireEncryption: " require", otr.SendWhitespaceTag: " whitespace",
		otr.WhitespaceStartsAKE: " whitespace-start", otr.ErrorStartsAKE: " error-start",
	} {
		if may&flag != 0 {
			words += word
		}
	}
	p.command("policy" + words)
}

func (p *pipe) fragment(bytes int) { p.command(fmt.Sprint("fragment ", bytes)) }

func (p *pipe) advance(d time.Duration) { p.command(fmt.Sprintf("clock +%d", d/time.Second)) }

func (p *pipe) state() state {
	p.command("status")
	return p.last
}

func (p *pipe) do(verb, arg string) outcome {
	switch verb {
	case "release", "select", "prepare", "run", "adopt":
		return outcome{}
	case "restart":
		verb = "drop"
	case "smpq":
		arg = line.Escape(arg) + " really?"
	case "extrakey":
		arg = "7 78"
	case "tlv":
		arg = `99 79 \e`
	default:
		arg = line.Escape(arg)
	}
	return p.command(strings.TrimSuffix(verb+" "+arg, ` \e`))
}

func (p *pipe) command(s string) outcome {
	if _, err := io.WriteString(p.in, s+"\n"); err != nil {
		return outcome{failed: err.Error()}
	}
	return p.read()
}

// fatal is why the process can't go on.
const fatal = "libotr: "

// read takes the results of one command.
func (p *pipe) read() (o outcome) {
	for {
		s, err := p.out.ReadString('\n')
		if err != nil {
			o.failed = fatal + fmt.Sprint(err, ", ", p.cmd.Wait())
			return o
		}
		verb, rest, _ := strings.Cut(strings.TrimSuffix(s, "\n"), " ")
		switch verb {
		case "ok":
			return o
		case "err":
			o.failed = rest
			return o
		case "wire":
			o.wire = append(o.wire, []byte(line.Unescape(rest)))
		case "deliver":
			how, text, _ := strings.Cut(rest, " ")
			o.shown = &shown{text: line.Unescape(text), sealed: how == "encrypted"}
		case "smp":
			for kind, word := range map[otr.EventKind]string{
				otr.AskSecret: "ask-", otr.SMPSuccess: "success", otr.SMPFailure: "failure", otr.SMPCheated: "cheated",
			} {
				if strings.HasPrefix(rest, word) {
					o.events = append(o.events, otr.Event{Kind: kind})
				}
			}
		case "state":
			p.last = state{}
			for n, w := range strings.Fields(rest) {
				key, value, _ := strings.Cut(w, "=")
				switch {
				case n == 0 && w == "encrypted":
					p.last.State = otr.Encrypted
				case n == 0 && w == "finished":
					p.last.State = otr.Finished
				case key == "ssid" && p.last.State == otr.Encrypted:
					id, _ := hex.DecodeString(value)
					p.last.session = string(id)
				case key == "fp":
					p.last.peer, _ = otr.ParseFingerprint(line.Unescape(value))
				}
			}
		}
	}
}
