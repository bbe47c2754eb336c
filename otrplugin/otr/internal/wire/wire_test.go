package wire

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
	"testing/quick"
)

func TestRoundTrip(t *testing.T) {
	b := AppendShort(nil, 0x0003)
	b = append(b, 7)
	b = AppendInt(b, 0xdeadbeef)
	b = AppendData(b, []byte("data"))
	b = AppendMPI(b, []byte{0, 0, 1, 2})
	b = AppendMPI(b, []byte{0, 0})
	r := NewReader(b)
	if r.Short() != 3 || r.Byte() != 7 || r.Int() != 0xdeadbeef || string(r.Data()) != "data" ||
		!bytes.Equal(r.MPI(2), []byte{1, 2}) || len(r.MPI(2)) != 0 || !r.Done() {
		t.Fatal("something else came back")
	}
	for n := range b {
		r := NewReader(b[:n])
		r.Short()
		r.Byte()
		r.Int()
		r.Data()
		r.MPI(2)
		r.MPI(2)
		if r.OK() || r.Byte() != 0 || r.Short() != 0 || r.Int() != 0 || r.Data() != nil {
			t.Fatalf("cut at %d: no failure", n)
		}
	}
}

func TestMPI(t *testing.T) {
	for name, in := range map[string]string{
		"leading zero": "\x00\x00\x00\x02\x00\x01", "too long": "\x00\x00\x00\x05abcde",
		"huge": "\xff\xff\xff\xffabc", "sign bit": "\x80\x00\x00\x00abc", "cut": "\x00\x00\x00\x04abc",
	} {
		if r := NewReader([]byte(in)); r.MPI(4) != nil || r.OK() {
			t.Errorf("%s accepted", name)
		}
	}
}

func TestHeader(t *testing.T) {
	for _, h := range []Header{{2, Data, 0, 0}, {3, DHCommit, 0x100, 0}, {3, Signature, 0xffffffff, 0x101}} {
		r := NewReader(h.Append(nil))
		if got := r.Header(); got != h || !r.Done() {
			t.Errorf("%v became %v", h, got)
		}
	}
	for _, bad := range []string{"", "\x00\x01\x03", "\x00\x04\x03\x00\x00\x00\x00\x00\x00\x00\x00", "\x00\x02\x04", "\x00\x03\x03\x00\x00\x01\x00\x00\x00\x01"} {
		r := NewReader([]byte(bad))
		if r.Header(); r.OK() {
			t.Errorf("header %q accepted", bad)
		}
	}
}

func TestArmour(t *testing.T) {
	err := quick.Check(func(b []byte) bool {
		a := Armour(b)
		if string(a) != "?OTR:"+base64.StdEncoding.EncodeToString(b)+"." {
			return false
		}
		got, dotted := Unarmour(a[5:])
		return bytes.Equal(got, b) && dotted
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"===.": "", ".": "", "": "", "aGk=.": "hi", "aGk": "hi", "a G\nk=aaaa.": "hi", "aGk.aGk.": "hi", "a": "", "\x00\xff": "",
		strings.Repeat("aGlq", 3): "hijhijhij",
	} {
		if got, _ := Unarmour([]byte(in)); string(got) != want {
			t.Errorf("%q became %q", in, got)
		}
	}
}

func BenchmarkUnarmour(b *testing.B) {
	a := Armour(make([]byte, 64<<10))[5:]
	b.SetBytes(64 << 10)
	for b.Loop() {
		Unarmour(a)
	}
}
