// Otrpipe is a pipe peer over Culver's own OTR engine: one OTR conversation,
// driven by lines on stdin and told in lines on stdout, as docs/otrpipe.md
// says. With it and its sibling over libotr every scenario between two OTR
// programs can be scripted. It is for tests and for trying things out; it
// keeps nothing, and everything runs on the one goroutine of main.
package main

import (
	"fmt"
	"os"

	"culver/otrplugin/otr"
)

func main() {
	key, err := otr.GenerateKey(nil)
	if err == nil {
		err = serve(os.Stdin, os.Stdout, key, otr.NewInstanceTag(nil))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "otrpipe:", err)
		os.Exit(1)
	}
}
