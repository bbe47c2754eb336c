package scenetest

import (
	"fmt"
	"strings"

	"culver/plugin"
)

// Describe says all that the actor sees.
func (a *Actor) Describe() string {
	var b strings.Builder
	for _, s := range a.Accounts {
		fmt.Fprintf(&b, "account %s: %s %v\n", s.Account.ID, s.Status, s.Problem)
	}
	for id, c := range a.Chats {
		fmt.Fprintf(&b, "with %s, %s:\n", id.Peer, c.Seal.Level)
		for _, m := range c.Lines.Lines(0) {
			fmt.Fprintf(&b, "  kind=%d out=%v state=%d seal=%s %q %s\n", m.Kind, m.Out, m.State, m.Seal.Level, m.Text.String(), m.Reason)
		}
	}
	for _, d := range a.Dialogs {
		fmt.Fprintf(&b, "form %s", words(d.Form))
	}
	for _, t := range a.Trouble {
		fmt.Fprintf(&b, "trouble: %s\n", t)
	}
	return b.String()
}

func words(f plugin.Form) string {
	var b strings.Builder
	fmt.Fprintln(&b, f.Title, f.Warning, f.Intro, f.Problem, f.Doing)
	for _, tab := range f.Tabs {
		for _, field := range tab.Fields {
			fmt.Fprintln(&b, " ", field.Label, field.Value, field.Hint, field.Problem, field.Prose)
			for _, r := range field.Rows {
				fmt.Fprintln(&b, "  ", r.Cells)
			}
		}
	}
	return b.String()
}
