package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"culver/im"
	"culver/messenger"
	"culver/plugin"
)

// step is something that a person does: open a window, or press a button in one.
type step struct {
	show         func(messenger.Front)
	title, press string
	values       map[string]string // of the fields that are filled in
}

// patience is how long a person waits for a window.
const patience = 3 * time.Minute

// drive runs the messenger, and does the steps one after the other.
func (h *house) drive(steps ...step) error {
	ctx, leave := context.WithTimeout(context.Background(), patience)
	defer leave()
	m := h.core()
	events := m.Subscribe()
	ended := make(chan error, 1)
	go func() { ended <- m.Run(ctx) }()
	forms := map[messenger.DialogID]plugin.Form{}
	for len(steps) > 0 {
		if steps[0].show != nil {
			steps[0].show(m)
			steps = steps[1:]
			continue
		}
		batch, ok := events.Take(ctx)
		if !ok {
			<-ended
			return fmt.Errorf("nothing can be pressed in %q; there is %v", steps[0].title, forms)
		}
		for _, e := range batch {
			switch e := e.(type) {
			case messenger.DialogOpened:
				forms[e.ID] = e.Form
			case messenger.DialogUpdated:
				forms[e.ID] = e.Form
			case messenger.DialogClosed:
				delete(forms, e.ID)
			case messenger.Trouble:
				leave()
				<-ended
				return fmt.Errorf("trouble: %s", e.Text)
			}
		}
		for id, f := range forms {
			if f.Problem != "" {
				leave()
				<-ended
				return fmt.Errorf("%s: %s", f.Title, f.Problem)
			}
			if len(steps) > 0 && strings.Contains(f.Title, steps[0].title) && pressable(f, steps[0].press) {
				m.Answer(id, plugin.Answers{Action: steps[0].press, Values: filled(f, steps[0].values)})
				fmt.Println(text(f))
				steps = steps[1:]
				delete(forms, id)
			}
		}
	}
	leave()
	return <-ended
}

func pressable(f plugin.Form, id string) bool {
	for _, b := range f.Buttons {
		if b.ID == id && !b.Off {
			return true
		}
	}
	return false
}

func filled(f plugin.Form, values map[string]string) map[string]string {
	out := map[string]string{}
	for _, t := range f.Tabs {
		for _, field := range t.Fields {
			out[field.ID] = field.Value
		}
	}
	for id, v := range values {
		out[id] = v
	}
	return out
}

// text is what there is to read in a form.
func text(f plugin.Form) string {
	lines := []string{f.Title, f.Intro, f.Doing}
	for _, t := range f.Tabs {
		for _, field := range t.Fields {
			if field.Kind == im.FieldNote {
				lines = append(lines, field.Label)
			}
			for _, r := range field.Rows {
				lines = append(lines, strings.Join(r.Cells, " | "))
			}
		}
	}
	return strings.Join(lines, "\n")
}
