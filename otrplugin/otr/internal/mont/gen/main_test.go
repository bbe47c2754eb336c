package main

import (
	"bytes"
	"os"
	"testing"
)

func TestFileIsWhatIsGenerated(t *testing.T) {
	file, err := os.ReadFile("../mont_amd64.s")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(file, generate()) {
		t.Fatal("mont_amd64.s differs from what gen makes: run go generate in the folder above, and never edit the file")
	}
}
