package pilot

import (
	"fmt"
	"strconv"
	"strings"
)

// Resizes makes a window as large as that, in pixels, as its edges do.
func (p *Person) Resizes(title string, width, height int) {
	id, _, _ := p.geometry(title)
	p.do("windowsize", id, strconv.Itoa(width), strconv.Itoa(height))
	p.Tell(fmt.Sprintf("%s makes %q %d by %d", p.Name, title, width, height))
}

// SeesSize waits until a window is as large as that, in pixels.
func (p *Person) SeesSize(title string, width, height int) {
	id, _, _ := p.geometry(title)
	want := fmt.Sprintf("%dx%d", width, height)
	got := ""
	err := within(Patience, func() bool {
		out, err := p.display.run("xwininfo", "-id", id)
		if err != nil {
			return false
		}
		var w, h string
		for line := range strings.Lines(out) {
			k, v, _ := strings.Cut(strings.TrimSpace(line), ":")
			switch k {
			case "Width":
				w = strings.TrimSpace(v)
			case "Height":
				h = strings.TrimSpace(v)
			}
		}
		got = w + "x" + h
		return got == want
	})
	if err != nil {
		p.Fail(fmt.Sprintf("%q is %s, not %s", title, got, want))
	}
	p.Tell(fmt.Sprintf("%s sees that %q is %s", p.Name, title, want))
}
