package pilot

import (
	"fmt"
	"strings"
	"time"
)

// mostSteps is how often a key is pressed at most to get somewhere.
const mostSteps = 60

// StepsTo presses a key (Tab, F6, Down) until the thing of that kind and exactly that name
// has the keyboard, in the window in front.
func (p *Person) StepsTo(key, kind, name string) {
	p.find(fmt.Sprintf("a %s %q to go to", kind, name), func(t Thing) bool { return t.Kind == kind && t.Name == name && t.Enabled })
	for range mostSteps {
		before, ok := p.holdsKeyboard()
		if ok && before.Kind == kind && before.Name == name {
			p.Tell(fmt.Sprintf("%s goes to %q in %q by %s", p.Name, name, before.Window, key))
			return
		}
		p.do("key", key)
		_ = within(time.Second, func() bool { // some keys lead nowhere yet
			now, ok := p.holdsKeyboard()
			return ok && now != before
		})
	}
	p.Fail(fmt.Sprintf("%s does not get to the %s %q by %s", p.Name, kind, name, key))
}

// holdsKeyboard is what keys go to in the window in front.
func (p *Person) holdsKeyboard() (Thing, bool) {
	front, err := p.display.run("xdotool", "getactivewindow", "getwindowname")
	if err != nil {
		return Thing{}, false
	}
	title := unread.ReplaceAllString(strings.TrimSpace(front), "")
	things, err := p.Look()
	if err != nil {
		return Thing{}, false
	}
	var held Thing
	for _, t := range things {
		if t.Focused && unread.ReplaceAllString(t.Window, "") == title {
			held = t // the last one is on top: a menu
		}
	}
	return held, held.Focused
}
