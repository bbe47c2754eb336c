package gui

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// ServeInspect lets tests ask what is on the screen: it opens a Unix socket that
// answers the line "dump" with [GUI.Describe] as JSON. After the line "pass 5m" so
// much time has passed for the lock that comes by itself; the answer is for how many
// seconds nobody has used the program. It is started only when
// the one who starts the program names a path, and only that user may connect:
// a socket with any other mode than 0600 is refused. The socket ends with the
// front end.
func (g *GUI) ServeInspect(path string) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("open the inspection socket: %s is there already", path)
	}
	// Made where nobody else can reach it, and moved into place when its mode is right.
	dir, err := os.MkdirTemp(filepath.Dir(path), ".inspect-")
	if err != nil {
		return fmt.Errorf("open the inspection socket: %w", err)
	}
	defer os.RemoveAll(dir)
	made := filepath.Join(dir, "s")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: made, Net: "unix"})
	if err != nil {
		return fmt.Errorf("open the inspection socket: %w", err)
	}
	l.SetUnlinkOnClose(false) // it moves
	if err := publish(made, path); err != nil {
		l.Close()
		return fmt.Errorf("open the inspection socket: %w", err)
	}
	g.inspected = make(chan struct{})
	go g.serveInspect(l, path)
	return nil
}

func publish(made, path string) error {
	if err := os.Chmod(made, 0o600); err != nil {
		return err
	}
	info, err := os.Lstat(made)
	if err != nil {
		return err
	}
	if info.Mode().Perm() != 0o600 {
		return fmt.Errorf("the socket's mode is %v, not 0600", info.Mode().Perm())
	}
	return os.Rename(made, path)
}

// serveInspect answers until the front end stops.
func (g *GUI) serveInspect(l *net.UnixListener, path string) {
	go func() {
		<-g.inspected
		l.Close()
		os.Remove(path)
	}()
	for {
		c, err := l.AcceptUnix()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		g.answerInspect(c)
	}
}

const inspectPatience = 2 * time.Minute

// answerInspect answers one connection, line by line.
func (g *GUI) answerInspect(c net.Conn) {
	defer c.Close()
	in := bufio.NewScanner(c)
	for {
		c.SetDeadline(time.Now().Add(inspectPatience))
		if !in.Scan() {
			return
		}
		ask := g.inspection(in.Text())
		if ask == nil {
			return
		}
		answer := make(chan any, 1)
		g.do(func() { answer <- ask() })
		select {
		case all := <-answer:
			if err := json.NewEncoder(c).Encode(all); err != nil {
				return
			}
		case <-g.inspected:
			return
		}
	}
}

// inspection is what answers a line, on the toolkit's goroutine; nil: nothing does.
func (g *GUI) inspection(line string) func() any {
	switch what, how, _ := strings.Cut(strings.TrimSpace(line), " "); what {
	case "dump":
		return func() any { return g.Describe() }
	case "pass":
		if d, err := time.ParseDuration(how); err == nil && d <= mostPassed {
			return func() any { return g.pass(d).Seconds() }
		}
	}
	return nil
}

// mostPassed is how much time may pass at once.
const mostPassed = 24 * time.Hour
