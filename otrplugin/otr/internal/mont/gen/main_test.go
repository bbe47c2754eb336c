package main

import (
	"bytes"
	"os"
	"regexp"
	"slices"
	"strings"
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

// TestConstantTime reads the file as a suspicious reader would: whatever the
// numbers are, the same instructions run and the same memory is used.
func TestConstantTime(t *testing.T) {
	var (
		// Registers of addresses and of the length of a table get nothing but those.
		pointer = regexp.MustCompile(`^(MOVQ [a-z_]+\+\d+\(FP\)|MOVQ (SI|CX)|ADDQ \$\d+|LEAQ \d*\((SP|SI|CX)\)), (SI|DI|CX)$|^DECQ CX$`)
		memory  = regexp.MustCompile(`^(\d*\((SI|DI|CX|SP)\)|[a-z_]+\+\d+\(FP\))$`)
		// These take the same time for all numbers.
		instructions = strings.Fields("ADCQ ADCXQ ADDQ ADOXQ CALL CMOVQCS IMULQ LEAQ MOVOU MOVQ MULXQ NO_LOCAL_POINTERS PXOR RET SBBQ SUBQ XORL " +
			"DECQ TESTQ VMOVDQU VPAND VPBROADCASTQ VPCMPEQQ VPOR VPSUBQ VPXOR VZEROALL")
	)
	function := ""
	for n, line := range strings.Split(string(generate()), "\n") {
		if name, ok := strings.CutPrefix(line, "TEXT "); ok {
			function = name
		}
		code, ok := strings.CutPrefix(line, "\t")
		if !ok {
			continue
		}
		name, rest, _ := strings.Cut(code, " ")
		operands := strings.Split(rest, ", ")
		switch {
		case strings.HasPrefix(name, "J"): // only on the length of a table
			if !strings.HasPrefix(function, "·select") || operands[0] != "done" && operands[0] != "entry" {
				t.Errorf("line %d of %s branches: %s", n+1, function, code)
			}
			continue
		case !slices.Contains(instructions, name):
			t.Errorf("line %d of %s: %s is not known to take the same time for all numbers", n+1, function, name)
		case name == "CALL" || name == "RET":
			continue
		}
		for i, o := range operands {
			if strings.Contains(o, "(") && !memory.MatchString(o) {
				t.Errorf("line %d of %s: an address that may depend on a number: %s", n+1, function, code)
			}
			written := i == len(operands)-1 && name != "TESTQ" || name == "MULXQ" && i == 1
			if written && slices.Contains([]string{"SI", "DI", "CX", "SP"}, o) && !pointer.MatchString(code) {
				t.Errorf("line %d of %s: what is written may become an address: %s", n+1, function, code)
			}
		}
	}
	if function == "" {
		t.Error("nothing was read")
	}
}
