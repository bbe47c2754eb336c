package pilot

import (
	"os/exec"
	"regexp"
	"strings"
)

var windowID = regexp.MustCompile(`(?m)^ +(0x[0-9a-f]+) `)

// Public is what every program on the person's display can read of the others: the
// properties of all windows, such as their titles, and what was selected or copied.
func (p *Person) Public() string {
	if _, err := exec.LookPath("xclip"); err != nil {
		p.Fail("xclip is not installed: run `make deps`")
	}
	tree, err := p.display.run("xwininfo", "-root", "-tree")
	if err != nil {
		p.Fail(err.Error())
	}
	all := []string{tree}
	for _, id := range windowID.FindAllStringSubmatch(tree, -1) {
		if properties, err := p.display.run("xprop", "-id", id[1]); err == nil { // else it is gone
			all = append(all, properties)
		}
	}
	for _, selection := range []string{"primary", "secondary", "clipboard"} {
		if text, err := p.display.run("xclip", "-o", "-selection", selection); err == nil { // else there is none
			all = append(all, text)
		}
	}
	return strings.Join(all, "\n")
}
