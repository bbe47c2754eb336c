package rows

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
)

type row struct {
	Name string `json:"name"`
	N    int    `json:"n"`
}

func TestRowsComeBack(t *testing.T) {
	var file bytes.Buffer
	all := []row{{"a\nb", 1}, {"<&>", 2}, {"", 0}}
	for _, r := range all {
		if err := Append(&file, r, 100); err != nil {
			t.Fatal(err)
		}
	}
	if got := file.String(); got != "{\"name\":\"a\\nb\",\"n\":1}\n{\"name\":\"<&>\",\"n\":2}\n{\"name\":\"\",\"n\":0}\n" {
		t.Errorf("the file is %q", got)
	}
	var back []row
	for r, err := range All(file.Bytes(), 100, row{}) {
		if err != nil {
			t.Fatal(err)
		}
		back = append(back, r)
	}
	if !slices.Equal(back, all) {
		t.Errorf("came back as %+v", back)
	}
}

func TestALongRowLeavesNothing(t *testing.T) {
	var file bytes.Buffer
	for n, want := range map[int]error{10: nil, 11: ErrTooLong} {
		file.Reset()
		if err := Append(&file, strings.Repeat("x", n-2), 10); !errors.Is(err, want) {
			t.Errorf("%d bytes: %v", n, err)
		}
		if want != nil && (file.Len() > 0 || bytes.Contains(file.Bytes()[:file.Cap()], []byte("x"))) {
			t.Errorf("left: %q", file.Bytes()[:file.Cap()])
		}
	}
	if err := Append(&file, func() {}, 10); err == nil {
		t.Error("a function became a row")
	}
}

func TestHostileRows(t *testing.T) {
	file := "{\"n\":1}\n\n\n{\n[]\n{\"n\":\"x\",\"name\":\"half\"}\n{\"n\":1,\"name\":\"" + strings.Repeat("x", 30) + "\"}\nnull\n{\"n\":5}"
	var got []row
	bad, long := 0, 0
	for r, err := range All([]byte(file), 30, row{"without", 7}) {
		switch {
		case errors.Is(err, ErrTooLong):
			long++
		case err != nil:
			bad++
		default:
			got = append(got, r)
			continue
		}
		if r != (row{"without", 7}) {
			t.Errorf("of a bad row, %+v is left", r)
		}
	}
	if want := []row{{"without", 1}, {"without", 7}, {"without", 5}}; !slices.Equal(got, want) || bad != 3 || long != 1 {
		t.Errorf("got %+v, %d bad, %d too long", got, bad, long)
	}
	for range All([]byte(file), 30, row{}) {
		break // nothing goes on after that
	}
	for r := range All(nil, 30, row{}) {
		t.Errorf("nothing has the row %+v", r)
	}
}
