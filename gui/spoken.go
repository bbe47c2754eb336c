package gui

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"culver/lang"
)

// What is on the screen, for screen readers: see docs/adr/0029-screen-readers.md. In a
// program that was built for them, the toolkit goes through the containers of a window
// after each frame, and passes on what says its label and its role. It does not look into
// widgets. So the elements of a window lie over it once more, to be read and not seen: they
// are made when the toolkit begins to go through them, and in other programs never.

// spokenEvery is how often they are made anew at most: a list that scrolls is drawn sixty
// times a second.
const spokenEvery = 200 * time.Millisecond

// spoken is an element that can be heard.
type spoken struct {
	label string
	role  fyne.AccessibleRole
	pos   fyne.Position
	size  fyne.Size
}

var _ fyne.Accessible = (*spoken)(nil)

func (s *spoken) AccessibilityLabel() string             { return s.label }
func (s *spoken) AccessibilityRole() fyne.AccessibleRole { return s.role }
func (s *spoken) Position() fyne.Position                { return s.pos }
func (s *spoken) Size() fyne.Size                        { return s.size }
func (s *spoken) Visible() bool                          { return true }
func (s *spoken) MinSize() fyne.Size                     { return fyne.Size{} }
func (s *spoken) Move(fyne.Position)                     {}
func (s *spoken) Resize(fyne.Size)                       {}
func (s *spoken) Show()                                  {}
func (s *spoken) Hide()                                  {}
func (s *spoken) Refresh()                               {}

// speaker makes those that come after it.
type speaker struct {
	spoken
	gui    *GUI
	window fyne.Window
	box    *fyne.Container
	at     time.Time
}

// AccessibilityLabel implements fyne.Accessible.
func (s *speaker) AccessibilityLabel() string {
	if now := s.gui.now(); now.Sub(s.at) >= spokenEvery || now.Before(s.at) {
		s.at = now
		s.box.Objects = s.box.Objects[:0]
		for _, e := range s.gui.describeWindow(s.window) {
			if heard := hear(e); heard != nil {
				s.box.Objects = append(s.box.Objects, heard)
			}
		}
	}
	return s.window.Title()
}

// audible is the content of a window with what can be heard of it.
func (g *GUI) audible(window fyne.Window, content ...fyne.CanvasObject) *fyne.Container {
	s := &speaker{gui: g, window: window, box: container.NewWithoutLayout(), spoken: spoken{role: fyne.AccessibleRoleText}}
	return container.NewStack(append(content, s, s.box)...)
}

// hear is what can be heard of an element, nil for nothing.
func hear(e Element) *spoken {
	words := []string{e.Name}
	role := fyne.AccessibleRoleText
	switch e.Kind {
	case kindWindow, kindTip, kindQR, kindRoom:
		e.Value = ""
	case kindSwitch, kindChoice, kindMenuItem, kindTab:
		role = fyne.AccessibleRoleButton
		if e.Value == on(true) {
			e.Value = lang.T("chosen")
		}
	case kindMark, kindTick, kindGroup:
		e.Value = ""
	case kindButton, kindMenuButton, kindMenu, kindSelect, kindRow, kindBuddy, kindRequest, kindPast, kindHit, kindDay, kindColumn, kindOccupant:
		role = fyne.AccessibleRoleButton
	case kindLink:
		role, e.Value = fyne.AccessibleRoleLink, ""
	case kindProgress:
		if e.Value != "" {
			e.Value += " %"
		}
	}
	if e.Value != "" {
		words = append(words, strings.ReplaceAll(e.Value, "\t", ", "))
	}
	if e.Chosen {
		words = append(words, lang.T("chosen"))
	}
	if !e.Enabled {
		words = append(words, lang.T("not available"))
	}
	label := strings.Trim(strings.Join(words, ", "), ", ")
	if label == "" {
		return nil
	}
	return &spoken{label: label, role: role, pos: e.pos, size: e.size}
}
