package gui

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"culver/im"
	"culver/messenger"
	"culver/plugin"
)

// heardIn goes through a window as the toolkit does for screen readers: into containers,
// and into nothing else.
func heardIn(o fyne.CanvasObject) (labels []string) {
	if !o.Visible() {
		return nil
	}
	if a, ok := o.(fyne.Accessible); ok && a.AccessibilityRole() != fyne.AccessibleRoleContainer {
		labels = append(labels, a.AccessibilityLabel())
	}
	if c, ok := o.(*fyne.Container); ok {
		for _, child := range c.Objects {
			labels = append(labels, heardIn(child)...)
		}
	}
	return labels
}

// TestWhatIsSeenIsHeard: all that has words on the screen is there for screen readers, in
// the Buddy List, a conversation, the history and a form, and lies in nobody's way.
func TestWhatIsSeenIsHeard(t *testing.T) {
	g, _, p := talking(t, messenger.ConversationState{Menus: otrMenu(plugin.Action{ID: "start", Label: "Start private conversation"}),
		Messages: []im.Message{incoming("1", "bob", "lunch at one?")}})
	g.Ask(plugin.Page("Question", "Which colour?", []im.Field{{ID: "like", Kind: im.FieldSwitch, Label: "I like it", Value: im.On}}, okButton, cancelButton), func(plugin.Answers) {})
	all := map[string]bool{}
	g.showHistory(peer("bob"))
	windows := 0
	g.describers(func(window fyne.Window, _ func(*description)) {
		windows++
		heard := heardIn(window.Content())
		for _, label := range heard {
			all[label] = true
		}
		for _, e := range g.describeWindow(window) {
			if name := strings.TrimSpace(e.Name); name != "" && !slices.ContainsFunc(heard, func(l string) bool { return strings.Contains(l, name) }) {
				t.Errorf("%s: %s %q is not heard", window.Title(), e.Kind, e.Name)
			}
		}
	})
	if windows != 4 {
		t.Errorf("%d windows", windows)
	}
	for _, label := range []string{"I like it, chosen", "OK", "Bob, Available", "Not private"} {
		if !all[label] {
			t.Errorf("%q is not heard among %q", label, slices.Sorted(maps.Keys(all)))
		}
	}
	test.Tap(p.entry)
	if c := p.window.window.Canvas(); c.Focused() != p.entry {
		t.Errorf("%v has the keyboard", c.Focused())
	}
}

// TestNothingIsMadeToBeHeardUnlessSomebodyListens: in a program that was not built for
// screen readers it costs nothing.
func TestNothingIsMadeToBeHeardUnlessSomebodyListens(t *testing.T) {
	g, _, _ := talking(t, messenger.ConversationState{})
	g.describers(func(window fyne.Window, _ func(*description)) {
		objects := window.Content().(*fyne.Container).Objects
		if box := objects[len(objects)-1].(*fyne.Container); len(box.Objects) != 0 {
			t.Errorf("%s: %v", window.Title(), box.Objects)
		}
	})
}

// TestSecretsAreNotHeard: what is typed into a secret's entry is not said aloud.
func TestSecretsAreNotHeard(t *testing.T) {
	w, _ := asked(t, plugin.Page("Unlock", "", []im.Field{{ID: "pass", Kind: im.FieldSecret, Label: "Passphrase"}}, okButton))
	w.entry(t, "pass").SetText("canary")
	heard := strings.Join(heardIn(w.window.Content()), "\n")
	if !strings.Contains(heard, "Passphrase") || strings.Contains(heard, "canary") {
		t.Errorf("heard: %s", heard)
	}
}
