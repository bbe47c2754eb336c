package gui

import "testing"

func TestNamesInNotificationsMeanNothingToAShellOrAParser(t *testing.T) {
	for name, want := range map[string]string{
		"Zoë Müller":                   "Zoë Müller",
		"bob.b-b_b@example.net":        "bob.b-b_b@example.net",
		"$(calc.exe) `x`; \"&|<b>'%A%": "calc.exe x bA",
	} {
		if got := spelled(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}
