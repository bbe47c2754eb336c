package idletime

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func TestDisplay(t *testing.T) {
	for name, want := range map[string]string{":0": "0", ":12.1": "12", "unix:3": "3", "far:0": "", "": "", ":": "", ":../x": "", "tcp/far:1": ""} {
		if got, err := display(name); got != want || (err != nil) != (want == "") {
			t.Errorf("%q: %q, %v", name, got, err)
		}
	}
}

func TestCookie(t *testing.T) {
	record := func(number, name, data string) string {
		out := "\x01\x00"
		for _, s := range []string{"host", number, name, data} {
			out += string([]byte{byte(len(s) >> 8), byte(len(s))}) + s
		}
		return out
	}
	file := record("7", "OTHER", "x") + record("7", cookieName, "seven") + record("8", cookieName, "eight")
	for number, want := range map[string]string{"7": "seven", "8": "eight", "9": ""} {
		if got := cookieIn([]byte(file), number); got != want {
			t.Errorf("%s: %q", number, got)
		}
	}
	for i := range file {
		cookieIn([]byte(file[:i]), "8") // one that is cut off does no harm
	}
}

// TestXServer asks a real one.
func TestXServer(t *testing.T) {
	if _, err := exec.LookPath("Xvfb"); err != nil {
		t.Fatal("Xvfb is not installed: make deps")
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	c := exec.Command("Xvfb", "-displayfd", "3", "-nolisten", "tcp", "-noreset", "-screen", "0", "64x64x8")
	c.ExtraFiles = []*os.File{w}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	w.Close()
	ended := false
	end := func() {
		if !ended {
			ended = true
			c.Process.Kill()
			c.Wait()
		}
	}
	defer end()
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	env := []string{"DISPLAY=:" + strings.TrimSpace(number), "HOME=" + t.TempDir()}
	x, err := openX(env)
	if err != nil {
		t.Fatal(err)
	}
	defer x.close()
	first, err := x.unused()
	if err != nil || first > time.Minute {
		t.Fatalf("%v, %v", first, err)
	}
	for later := first; later <= first; {
		if later, err = x.unused(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := openX(append(env, "WAYLAND_DISPLAY=wayland-0")); err == nil {
		t.Error("what X says below a Wayland desktop is believed")
	}
	watch := &Watch{}
	ctx, leave := context.WithCancel(t.Context())
	over := make(chan struct{})
	go func() { watch.Run(ctx, env); close(over) }()
	for known := false; !known; _, known = watch.Unused() {
		select {
		case <-over:
			t.Fatal("it gave up")
		default:
		}
	}
	leave()
	<-over
	if _, known := watch.Unused(); known {
		t.Error("it knows after its end")
	}
	end()
	if _, err := x.unused(); err == nil {
		t.Error("a server that is gone answers")
	}
}
