package otrplugin

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"culver/im"
	"culver/otrplugin/otr"
)

func TestNamesInASentence(t *testing.T) {
	for names, want := range map[string]string{
		"":              "",
		"a":             "a",
		"a b":           "a and b",
		"a b c":         "a, b and c",
		"a b c d":       "a, b, c and d",
		"a b c d e":     "a, b, c, d and one other",
		"a b c d e f g": "a, b, c, d and 3 others",
	} {
		if got := listed(strings.Fields(names), 4); got != want {
			t.Errorf("%q is %q, want %q", names, got, want)
		}
	}
}

func TestALinkInASentence(t *testing.T) {
	got := linked(pageLevels, "Now {%s} with %s.", "Private", "{Bob}")
	want := im.Text{{Text: "Now "}, {Text: "Private", Link: im.GuideLink(pluginID, pageLevels)}, {Text: " with {Bob}."}}
	if !slices.Equal(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestTheEnginesErrorsAreInWords(t *testing.T) {
	for _, err := range []error{
		otr.ErrFinished, otr.ErrNotEncrypted, otr.ErrSwitchedOff, otr.ErrClosed, otr.ErrNoKey, otr.ErrTooLong,
	} {
		if got := inWords(fmt.Errorf("send: %w", err)); strings.Contains(got, "otr:") {
			t.Errorf("%v is shown as %q", err, got)
		}
	}
	if got := inWords(errors.New("the disk is full")); got != "the disk is full." {
		t.Errorf("another one is shown as %q", got)
	}
}
