// Command wording keeps the catalogues of package lang in step with the code: it
// looks for all texts that the code names, adds those that a catalogue lacks, to be
// translated, and takes away those that nobody says any more.
//
// It runs in the root of the module (make wording), and prints how much is left to do. Its
// tests look whether what the catalogues hold fits the texts.
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := run("."); err != nil {
		fmt.Fprintln(os.Stderr, "wording:", err)
		os.Exit(1)
	}
}

func run(root string) error {
	said, err := collect(root)
	if err != nil {
		return err
	}
	for _, code := range codes() {
		file := cataloguePath(root, code)
		before, err := read(file)
		if err != nil {
			return err
		}
		after, open := before.renew(said)
		if err := after.write(file); err != nil {
			return err
		}
		fmt.Printf("%s: %d texts, %d to be translated\n", code, len(after), open)
	}
	return nil
}
