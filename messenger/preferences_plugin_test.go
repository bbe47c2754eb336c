package messenger_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/plugin"
)

// bell has a switch and a choice in the Preferences.
type bell struct {
	values map[string]string
	err    error
}

func (b *bell) Info() plugin.Info      { return plugin.Info{ID: "bell", Name: "Bell", Title: "The bell"} }
func (b *bell) Init(plugin.Host) error { return nil }
func (b *bell) Close() error           { return nil }

func (b *bell) Preferences() []plugin.Preference {
	return []plugin.Preference{
		{Field: im.Field{ID: "ring", Kind: im.FieldSwitch, Label: "Ring", Value: b.values["ring"]}, Standard: im.On},
		{Field: im.Field{ID: "tone", Kind: im.FieldChoice, Label: "Tone", Value: b.values["tone"], WhenField: "ring", WhenValue: im.On,
			Choices: []im.Choice{{Value: "low", Label: "Low"}, {Value: "high", Label: "High"}}}, Standard: "low"},
	}
}

func (b *bell) Prefer(id, value string) error {
	b.values[id] = value
	return b.err
}

// The settings of a plugin stand in the Preferences as others do.
func TestPreferencesOfAPlugin(t *testing.T) {
	b := &bell{values: map[string]string{"ring": im.On, "tone": "low"}}
	alone(t, scenetest.Part{Plugins: func() []plugin.Plugin { return []plugin.Plugin{b} }}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		a.Plugin("bell", "configure")
		synctest.Wait()
		row := func(id string) (x im.Field, there bool) {
			form := a.Form("Preferences", "").Form
			for _, tab := range form.Tabs {
				if i := slices.IndexFunc(tab.Fields, func(f im.Field) bool { return f.ID == id }); i >= 0 {
					if tab.Title != form.Tabs[form.Front].Title {
						t.Errorf("%s is on the page %s, in front is %s", id, tab.Title, form.Tabs[form.Front].Title)
					}
					return tab.Fields[i], true
				}
			}
			return im.Field{}, false
		}
		is := func(ring, tone string) {
			t.Helper()
			synctest.Wait()
			r, _ := row("plugin.bell.ring")
			c, _ := row("plugin.bell.tone")
			if r.Value != ring || c.Value != tone || b.values["ring"] != ring || b.values["tone"] != tone {
				t.Errorf("shown is %q and %q, the plugin has %v", r.Value, c.Value, b.values)
			}
		}
		is(im.On, "low")
		if c, _ := row("plugin.bell.tone"); !c.Live || c.WhenField != "plugin.bell.ring" {
			t.Errorf("the choice is %+v", c)
		}
		a.Answer("Preferences", "plugin.bell.tone", "plugin.bell.tone=high")
		is(im.On, "high")
		a.Answer("Preferences", "plugin.bell.tone", "plugin.bell.tone=no such choice")
		is(im.On, "high")
		a.Answer("Preferences", "reset.notifications")
		is(im.On, "low")

		b.err = errors.New("this could not be saved")
		a.Answer("Preferences", "plugin.bell.ring", "plugin.bell.ring=")
		is("", "low")
		if !slices.Contains(a.Trouble, "This could not be saved.") {
			t.Errorf("said: %q", a.Trouble)
		}

		a.Plugin("bell", "disable")
		synctest.Wait()
		if _, there := row("plugin.bell.ring"); there {
			t.Error("a disabled plugin has settings in the Preferences")
		}
	})
}
