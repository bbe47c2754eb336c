package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	sides := [2]side{
		{name: encrypted, values: map[string][]float64{"ask/open": {3e6, 1e6, 2e6}, "ask/append/median": {1.5e6}, "fill/size": {2e8}}},
		{name: plain, values: map[string][]float64{"ask/open": {1e6}, "ask/append/median": {0.5e6}, "fill/size": {1e8}}},
	}
	var out bytes.Buffer
	printTable(&out, 1000, 3, sides)
	for _, want := range []string{
		"| open | 2.00 ms | 1.00 ms | 2.00 | 100 ms | met |",
		"| append | 1.50 ms | 0.50 ms | 3.00 | 1.00 ms | missed by 0.50 ms |",
		"| size of the file | 200 MB | 100 MB | 2.00 |  |  |",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "remove") {
		t.Error("a row that was not measured is in the table")
	}
}
