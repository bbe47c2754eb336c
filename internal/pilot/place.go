package pilot

import (
	"fmt"
	"strconv"
	"strings"
)

// Moves moves a window, as its title does.
func (p *Person) Moves(title string, x, y int) {
	id, _, _ := p.geometry(title)
	p.do("windowmove", "--sync", id, strconv.Itoa(x), strconv.Itoa(y))
	p.Tell(fmt.Sprintf("%s moves %q to %d,%d", p.Name, title, x, y))
}

// Place is where a window is, without its frame, in pixels.
func (p *Person) Place(title string) (x, y float64) {
	_, x, y = p.geometry(title)
	return x, y
}

// SeesPlace waits until a window is there.
func (p *Person) SeesPlace(title string, x, y float64) {
	var atX, atY float64
	err := within(Patience, func() bool {
		atX, atY = p.Place(title)
		return atX == x && atY == y
	})
	if err != nil {
		p.Fail(fmt.Sprintf("%q is at %v,%v, not at %v,%v", title, atX, atY, x, y))
	}
	p.Tell(fmt.Sprintf("%s sees that %q is at %v,%v", p.Name, title, x, y))
}

// Property is what the window manager knows of a window.
func (p *Person) Property(title, name string) string {
	id, _, _ := p.geometry(title)
	out, err := p.display.run("xprop", "-id", id, name)
	if err != nil {
		p.Fail(err.Error())
	}
	_, value, _ := strings.Cut(out, "=")
	return strings.TrimSpace(value)
}
