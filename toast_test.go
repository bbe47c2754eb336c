package main

import (
	"strings"
	"testing"
)

func TestToastHoldsNothingThatCouldBeACommand(t *testing.T) {
	script := toast("Culver", "New message from 'Zoë'); rm $x 😀\n`\"")
	for _, bad := range []string{"Zo", "rm", "`", `"`} {
		if strings.Contains(script, bad) {
			t.Errorf("the script holds %q", bad)
		}
	}
	for _, r := range script {
		if r > 126 {
			t.Errorf("the script holds %q", r)
		}
	}
	for _, part := range []string{"(32,67,117,108,118,101,114)", ",90,111,235,39,", ",55357,56832,"} {
		if !strings.Contains(script, part) {
			t.Errorf("the script lacks %q:\n%s", part, script)
		}
	}
	if strings.Contains(toast("", ""), "]()") {
		t.Error("an empty text is no text")
	}
}
