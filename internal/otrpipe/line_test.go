package main

import (
	"strings"
	"testing"
)

func TestEscape(t *testing.T) {
	for _, text := range append(texts, "", "\x00\x01\x7f\xff", `\x41`, "\\") {
		e := escape(text)
		if strings.ContainsAny(e, " \n\t") || unescape(e) != text {
			t.Errorf("%q became %q and %q", text, e, unescape(e))
		}
	}
}
