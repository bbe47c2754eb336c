package scenetest

import (
	"maps"
	"slices"
	"strings"

	"culver/plugin"
)

// fillable waits for a form, and reports whether its button waits for what is typed.
func (a *Actor) fillable(title, button string) (waits bool) {
	a.t.Helper()
	a.Until("that form", func() bool {
		for _, id := range slices.Sorted(maps.Keys(a.Dialogs)) {
			f := a.Dialogs[id].Form
			if !strings.Contains(f.Title, title) {
				continue
			}
			if pressable(f, button) {
				return true
			}
			waits = slices.ContainsFunc(f.Buttons, func(b plugin.Button) bool { return b.ID == button }) &&
				slices.ContainsFunc(f.Buttons, func(b plugin.Button) bool { return !b.Off })
			if waits {
				return true
			}
		}
		return false
	})
	return waits
}

// Types types into fields of a form ("id=value"), one after the other: those before keep
// what they had.
func (a *Actor) Types(title string, fields ...string) {
	a.t.Helper()
	d := a.Form(title, "")
	values := map[string]string{}
	for _, tab := range d.Form.Tabs {
		for _, f := range tab.Fields {
			values[f.ID] = f.Value
		}
	}
	for _, f := range fields {
		k, v, _ := strings.Cut(f, "=")
		values[k] = v
		a.M.Answer(d.ID, plugin.Answers{Action: k, Values: maps.Clone(values)})
	}
}
