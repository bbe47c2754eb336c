package pilot

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Sees waits for a thing of that kind whose name holds the text.
func (p *Person) Sees(kind, name string) Thing {
	t := p.find(fmt.Sprintf("a %s %q", kind, name), func(t Thing) bool {
		return t.Kind == kind && p.holds(t.Name, name)
	})
	p.Tell(fmt.Sprintf("%s sees %q in %q", p.Name, t.Name, t.Window))
	return t
}

// SeesSo waits until there is such a thing, as it is to be.
func (p *Person) SeesSo(kind, name string, so func(Thing) bool) Thing {
	return p.find(fmt.Sprintf("%s %q as it is to be", kind, name), func(t Thing) bool { return t.Kind == kind && t.Name == name && so(t) })
}

// SeesValue waits for a thing of exactly that name to have that value.
func (p *Person) SeesValue(kind, name, value string) {
	p.find(fmt.Sprintf("a %s %q with %q", kind, name, value), func(t Thing) bool {
		return t.Kind == kind && p.named(t, name) && (t.Value == value || t.Value == p.Says(value))
	})
	p.Tell(fmt.Sprintf("%s sees %q at %q", p.Name, value, name))
}

// Misses waits for a thing to be gone.
func (p *Person) Misses(kind, name string) {
	if err := within(p.patience(), func() bool {
		things, err := p.Look()
		return err == nil && !slices.ContainsFunc(things, func(t Thing) bool { return t.Kind == kind && p.named(t, name) })
	}); err != nil {
		p.Fail(fmt.Sprintf("%s still sees a %s %q", p.Name, kind, name))
	}
}

// MissesPart waits until no thing of that kind holds the text in its name.
func (p *Person) MissesPart(kind, text string) {
	if err := within(p.patience(), func() bool {
		things, err := p.Look()
		return err == nil && !slices.ContainsFunc(things, func(t Thing) bool { return t.Kind == kind && p.holds(t.Name, text) })
	}); err != nil {
		p.Fail(fmt.Sprintf("%s still sees a %s with %q", p.Name, kind, text))
	}
}

// ClicksLast clicks on the last one of several things of that kind and name.
func (p *Person) ClicksLast(kind, name string) {
	var last Thing
	p.find(fmt.Sprintf("a %s %q to click on", kind, name), func(t Thing) bool {
		return t.Kind == kind && p.named(t, name) && t.Enabled
	})
	things, err := p.Look()
	if err != nil {
		p.Fail(err.Error())
	}
	for _, t := range things {
		if t.Kind == kind && p.named(t, name) && t.Enabled {
			last = t
		}
	}
	p.pointAt(last)
	p.do("sleep", "0.15", "mousedown", "1", "sleep", "0.06", "mouseup", "1")
	p.Tell(fmt.Sprintf("%s clicks on the last %q in %q", p.Name, name, last.Window))
}

// ClicksOn clicks on a thing whose name holds the text.
func (p *Person) ClicksOn(kind, text string) {
	t := p.Sees(kind, text)
	p.Clicks(kind, t.Name)
}

// Clicks clicks on a thing of that kind and exactly that name, once it can be used.
func (p *Person) Clicks(kind, name string) {
	p.click(kind, name)
}

// DoubleClicks does so twice.
func (p *Person) DoubleClicks(kind, name string) {
	p.click(kind, name, "sleep", "0.06", "mousedown", "1", "sleep", "0.06", "mouseup", "1")
}

// click is as slow as a hand: a toolkit may look at the mouse once a frame. Then
// comes what may not wait until another program has started.
func (p *Person) click(kind, name string, then ...string) {
	t := p.find(fmt.Sprintf("a %s %q to click on", kind, name), func(t Thing) bool {
		return t.Kind == kind && p.named(t, name) && t.Enabled
	})
	if kind == "entry" {
		p.do("sleep", "0.3") // a form that opened by itself gives the keyboard back first
	}
	p.follow(t)
	p.do(append([]string{"sleep", "0.15", "mousedown", "1", "sleep", "0.06", "mouseup", "1"}, then...)...)
	p.Tell(fmt.Sprintf("%s clicks on %q in %q", p.Name, name, t.Window))
}

// HurriesTo clicks into an entry, and at once, but slowly, on a button of the same
// window.
func (p *Person) HurriesTo(entry, button string) {
	from := p.find(fmt.Sprintf("an entry %q", entry), func(t Thing) bool { return t.Kind == "entry" && p.named(t, entry) })
	to := p.find(fmt.Sprintf("a button %q", button), func(t Thing) bool {
		return t.Kind == "button" && p.named(t, button) && t.Window == from.Window && t.Enabled
	})
	p.pointAt(from)
	_, x, y := p.geometry(to.Window)
	p.do("sleep", "0.15", "mousedown", "1", "sleep", "0.06", "mouseup", "1",
		"mousemove", fmt.Sprint(int(x+to.X+to.Width/2)), fmt.Sprint(int(y+to.Y+to.Height/2)),
		"sleep", "0.1", "mousedown", "1", "sleep", "0.5", "mouseup", "1")
	p.Tell(fmt.Sprintf("%s clicks into %q, and at once on %q", p.Name, entry, button))
}

// follow points at a thing until it stays where it is: a form that grows takes its
// buttons along.
func (p *Person) follow(t Thing) {
	for {
		p.pointAt(t)
		things, err := p.Look()
		if err != nil {
			p.Fail(err.Error())
		}
		same := func(o Thing) bool { return o.Kind == t.Kind && o.Name == t.Name && o.Window == t.Window }
		i := slices.IndexFunc(things, same)
		if i < 0 || slices.ContainsFunc(things, func(o Thing) bool { return same(o) && o.X == t.X && o.Y == t.Y }) {
			return
		}
		t = things[i]
	}
}

// PointsAt moves the mouse to a thing of that kind and exactly that name.
func (p *Person) PointsAt(kind, name string) {
	p.pointAt(p.find(fmt.Sprintf("a %s %q to point at", kind, name), func(t Thing) bool { return t.Kind == kind && p.named(t, name) }))
}

// Drags presses the button on one thing, moves to another, at that part of its height, does
// something there, and lets go.
func (p *Person) Drags(kind, name, toKind, toName string, part float64, there func()) {
	find := func(kind, name string) Thing {
		return p.find(fmt.Sprintf("a %s %q to drag", kind, name), func(t Thing) bool { return t.Kind == kind && p.named(t, name) })
	}
	from, to := find(kind, name), find(toKind, toName)
	p.pointAt(from)
	_, x, y := p.geometry(to.Window)
	end := fmt.Sprint(int(y + to.Y + part*to.Height))
	p.do("sleep", "0.15", "mousedown", "1", "sleep", "0.1", "mousemove_relative", "4", "4", "sleep", "0.1", "mousemove_relative", "4", "4", "sleep", "0.1",
		"mousemove", fmt.Sprint(int(x+to.X+to.Width/2)), end, "sleep", "0.1", "mousemove", fmt.Sprint(int(x+to.X+to.Width/2+1)), end, "sleep", "0.15")
	there()
	p.do("mouseup", "1")
	p.Tell(fmt.Sprintf("%s drags %q to %q", p.Name, name, toName))
}

// pointAt moves the mouse to the middle of a thing, with its window in front.
func (p *Person) pointAt(t Thing) {
	id, x, y := p.geometry(t.Window)
	p.do("windowactivate", "--sync", id)
	p.do("mousemove", fmt.Sprint(int(x+t.X+t.Width/2)), fmt.Sprint(int(y+t.Y+t.Height/2)))
}

// Types types a text where the keyboard is.
func (p *Person) Types(text string) {
	p.do("type", "--delay", "15", text)
	p.Tell(fmt.Sprintf("%s types %q", p.Name, text))
}

// TypesSecret is Types without telling what.
func (p *Person) TypesSecret(text string) {
	p.do("type", "--delay", "15", text)
	p.Tell(p.Name + " types a secret")
}

// Presses presses a key, as X names it ("Return", "ctrl+a").
func (p *Person) Presses(key string) {
	p.do("key", key)
	p.Tell(fmt.Sprintf("%s presses %s", p.Name, key))
}

// Fills clicks into an entry, empties it and types.
func (p *Person) Fills(entry, text string) {
	p.Clicks("entry", entry)
	p.do("key", "ctrl+a")
	p.Types(text)
}

// Fronts brings a window to the front, with the keyboard.
func (p *Person) Fronts(title string) {
	id, _, _ := p.geometry(title)
	p.do("windowactivate", "--sync", id)
}

// HasInFront waits until a window has the keyboard.
func (p *Person) HasInFront(title string) {
	if err := within(p.patience(), func() bool {
		out, err := p.display.run("xdotool", "getactivewindow", "getwindowname")
		return err == nil && strings.TrimSpace(unread.ReplaceAllString(out, "")) == title
	}); err != nil {
		p.Fail(fmt.Sprintf("%q does not come to the front", title))
	}
	p.Tell(fmt.Sprintf("%s has %q in front", p.Name, title))
}

// Minimises takes a window off the screen, as its button does.
func (p *Person) Minimises(title string) {
	id, _, _ := p.geometry(title)
	p.do("windowminimize", "--sync", id)
	p.Tell(fmt.Sprintf("%s minimises %q", p.Name, title))
}

// Closes closes a window.
func (p *Person) Closes(title string) {
	p.Fronts(title)
	p.do("key", "alt+F4")
	p.Tell(fmt.Sprintf("%s closes %q", p.Name, title))
}

// Pictures takes a picture of one window.
func (p *Person) Pictures(title, file string) {
	id, _, _ := p.geometry(title)
	p.do("windowraise", id, "sleep", "0.2") // what lies above it would be in the picture
	if _, err := p.display.run("import", "-window", id, file); err != nil {
		p.Fail(err.Error())
	}
	p.Tell(fmt.Sprintf("%s takes a picture of %q: %s", p.Name, title, filepath.Base(file)))
}

// PicturesScreen takes a picture of the whole screen.
func (p *Person) PicturesScreen(file string) {
	if _, err := p.display.run("import", "-window", "root", file); err != nil {
		p.Fail(err.Error())
	}
}

func (p *Person) do(args ...string) {
	if _, err := p.display.run("xdotool", args...); err != nil {
		p.Fail(err.Error())
	}
}
