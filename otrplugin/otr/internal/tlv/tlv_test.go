package tlv

import (
	"reflect"
	"testing"
)

func TestRoundTrip(t *testing.T) {
	in := []Record{{Disconnected, []byte{}}, {SMP1, []byte("abc")}, {0xffff, make([]byte, MaxValue)}}
	text, out := Split(Append(nil, []byte("hello"), in...))
	if string(text) != "hello" || !reflect.DeepEqual(in, out) {
		t.Fatalf("%q with %d records came back", text, len(out))
	}
}

func TestSplit(t *testing.T) {
	for in, want := range map[string]struct {
		text    string
		records int
	}{
		"":                                       {"", 0},
		"text":                                   {"text", 0},
		"\x00":                                   {"", 0},
		"t\x00\x00":                              {"t", 0},
		"t\x00\x00\x01\x00":                      {"t", 0},
		"t\x00\x00\x01\x00\x00":                  {"t", 1},
		"t\x00\x00\x01\x00\x01":                  {"t", 0}, // claims one byte too many
		"t\x00\x00\x01\xff\xffabcde":             {"t", 0},
		"t\x00\x00\x01\x00\x01a\x00\x02\x00\x00": {"t", 2},
		"t\x00\x00\x01\x00\x00\x00\x02\x00\x05a": {"t", 1}, // the second one does
	} {
		text, records := Split([]byte(in))
		if string(text) != want.text || len(records) != want.records {
			t.Errorf("%q: text %q, %d records", in, text, len(records))
		}
	}
}
