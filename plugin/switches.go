package plugin

import (
	"slices"

	"culver/im"
	"culver/lang"
)

// Switches is the settings of a plugin that has nothing but switches to set. Each
// is saved as it is changed.
type Switches struct {
	Title, Intro string
	// Fields are the switches, as they are in force.
	Fields func() []im.Field
	// Change saves the values, and puts them in force if that succeeds. The text of
	// its error is shown.
	Change func(values map[string]string) error

	window Dialog // nil if it is not open
}

// Open shows them: once.
func (s *Switches) Open(h Host) {
	s.Close()
	s.window = h.Ask(im.ConvID{}, s.form(s.Fields(), ""), func(a Answers) {
		tried := s.Fields()
		if !slices.ContainsFunc(tried, func(f im.Field) bool { return f.ID == a.Action }) {
			s.Close()
			return
		}
		problem := ""
		if err := s.Change(a.Values); err != nil {
			problem = err.Error()
			for i := range tried {
				tried[i].Value = a.Values[tried[i].ID]
			}
			s.window.Update(s.form(tried, problem)) // so that the switch goes back
		}
		s.window.Update(s.form(s.Fields(), problem))
	})
}

// Close takes them off the screen.
func (s *Switches) Close() {
	if s.window != nil {
		s.window.Close()
		s.window = nil
	}
}

func (s *Switches) form(fields []im.Field, problem string) Form {
	f := Page(s.Title, s.Intro, fields, Button{ID: "close", Label: lang.T("Close"), Role: Cancel})
	f.Problem = problem
	return f
}
