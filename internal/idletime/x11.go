package idletime

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// xserver is a connection to an X server on this computer that asks it one thing: the
// extension MIT-SCREEN-SAVER knows when the keyboard or the mouse was used last.
type xserver struct {
	conn  net.Conn
	root  uint32
	major byte // of the extension
}

var order = binary.LittleEndian

// lookup is the value of a variable of an environment.
func lookup(env []string, name string) string {
	value := ""
	for _, e := range env {
		if v, ok := strings.CutPrefix(e, name+"="); ok {
			value = v
		}
	}
	return value
}

// display is the number of a display on this computer.
func display(name string) (number string, err error) {
	number, ok := strings.CutPrefix(strings.TrimPrefix(name, "unix"), ":")
	if !ok {
		return "", fmt.Errorf("the display %q is not on this computer", name)
	}
	number, _, _ = strings.Cut(number, ".")
	if number == "" || strings.Trim(number, "0123456789") != "" {
		return "", fmt.Errorf("the display %q has no number", name)
	}
	return number, nil
}

// openX connects to the X server that the environment names. Below a Wayland desktop the
// one that there is sees nothing of what is done outside of its own windows.
func openX(env []string) (*xserver, error) {
	if lookup(env, "WAYLAND_DISPLAY") != "" {
		return nil, errors.New("a Wayland desktop does not say")
	}
	number, err := display(lookup(env, "DISPLAY"))
	if err != nil {
		return nil, err
	}
	conn, err := net.DialTimeout("unix", "/tmp/.X11-unix/X"+number, patience)
	if err != nil {
		return nil, fmt.Errorf("reach the X server: %w", err)
	}
	x := &xserver{conn: conn}
	if err := x.begin(cookie(env, number)); err != nil {
		conn.Close()
		return nil, err
	}
	return x, nil
}

const cookieName = "MIT-MAGIC-COOKIE-1"

// cookie is what lets us in, empty: nothing is known.
func cookie(env []string, number string) string {
	path := lookup(env, "XAUTHORITY")
	if path == "" {
		path = filepath.Join(lookup(env, "HOME"), ".Xauthority")
	}
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, 1<<20))
	if err != nil {
		return ""
	}
	return cookieIn(b, number)
}

// cookieIn finds it in such a file: records of a family, and four strings with their lengths.
func cookieIn(b []byte, number string) string {
	for len(b) >= 2 {
		b = b[2:]
		var part [4]string
		for i := range part {
			if len(b) < 2 {
				return ""
			}
			n := int(binary.BigEndian.Uint16(b))
			if b = b[2:]; len(b) < n {
				return ""
			}
			part[i], b = string(b[:n]), b[n:]
		}
		if (part[1] == number || part[1] == "") && part[2] == cookieName {
			return part[3]
		}
	}
	return ""
}

func pad(n int) int { return (n + 3) &^ 3 }

// begin greets the server, and finds the extension.
func (x *xserver) begin(cookie string) error {
	name := cookieName
	if cookie == "" {
		name = ""
	}
	hello := make([]byte, 12+pad(len(name))+pad(len(cookie)))
	hello[0] = 'l' // little-endian
	order.PutUint16(hello[2:], 11)
	order.PutUint16(hello[6:], uint16(len(name)))
	order.PutUint16(hello[8:], uint16(len(cookie)))
	copy(hello[12:], name)
	copy(hello[12+pad(len(name)):], cookie)
	x.conn.SetDeadline(time.Now().Add(patience))
	if _, err := x.conn.Write(hello); err != nil {
		return err
	}
	var head [8]byte
	if _, err := io.ReadFull(x.conn, head[:]); err != nil {
		return err
	}
	body := make([]byte, 4*int(order.Uint16(head[6:])))
	if _, err := io.ReadFull(x.conn, body); err != nil {
		return err
	}
	if head[0] != 1 || len(body) < 32 {
		return errors.New("the X server does not let us in")
	}
	screen := 32 + pad(int(order.Uint16(body[16:]))) + 8*int(body[21])
	if len(body) < screen+4 {
		return errors.New("the X server has no screen")
	}
	x.root = order.Uint32(body[screen:])
	const extension = "MIT-SCREEN-SAVER"
	ask := make([]byte, 8+pad(len(extension)))
	ask[0] = 98 // QueryExtension
	order.PutUint16(ask[4:], uint16(len(extension)))
	copy(ask[8:], extension)
	answer, err := x.ask(ask)
	if err != nil {
		return err
	}
	if answer[8] == 0 {
		return errors.New("the X server has no MIT-SCREEN-SAVER")
	}
	x.major = answer[9]
	return nil
}

// ask sends a request of the length that it has, and reads the answer.
func (x *xserver) ask(request []byte) (answer [32]byte, err error) {
	order.PutUint16(request[2:], uint16(len(request)/4))
	x.conn.SetDeadline(time.Now().Add(patience))
	if _, err := x.conn.Write(request); err != nil {
		return answer, err
	}
	for {
		if _, err := io.ReadFull(x.conn, answer[:]); err != nil {
			return answer, err
		}
		switch answer[0] {
		case 0:
			return answer, fmt.Errorf("the X server refuses: error %d", answer[1])
		case 1:
			_, err := io.CopyN(io.Discard, x.conn, 4*int64(order.Uint32(answer[4:])))
			return answer, err
		}
	}
}

func (x *xserver) unused() (time.Duration, error) {
	ask := make([]byte, 8)
	ask[0], ask[1] = x.major, 1 // QueryInfo
	order.PutUint32(ask[4:], x.root)
	answer, err := x.ask(ask)
	if err != nil {
		return 0, err
	}
	return time.Duration(order.Uint32(answer[16:])) * time.Millisecond, nil
}

func (x *xserver) close() { x.conn.Close() }
