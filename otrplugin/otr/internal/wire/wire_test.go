package wire

import (
	"bytes"
	"encoding/base64"
	"math/rand/v2"
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
	err := quick.Check(func(b []byte, before string) bool {
		a := AppendArmour([]byte(before), b)
		if string(a) != before+"?OTR:"+base64.StdEncoding.EncodeToString(b)+"." || len(a) != len(before)+ArmouredLen(len(b)) {
			return false
		}
		a = a[len(before)+len(Prefix):]
		got, dotted := AppendUnarmour([]byte(before), a)
		return string(got) == before+string(b) && dotted
	}, &quick.Config{MaxCount: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"===.": "", ".": "", "": "", "aGk=.": "hi", "aGk": "hi", "a G\nk=aaaa.": "hi", "aGk.aGk.": "hi", "a": "", "\x00\xff": "",
		strings.Repeat("aGlq", 3): "hijhijhij", "aGlqaGlq\r\naGlqaGlqaG k.": "hijhijhijhijhi", "aGlqaGl=aGlqaGlq": "hijhi",
	} {
		if got, _ := Unarmour([]byte(in)); string(got) != want {
			t.Errorf("%q became %q", in, got)
		}
	}
}

// slowly decodes one character at a time: what AppendUnarmour must agree with.
func slowly(text []byte) (msg []byte) {
	var acc, bits int
	for _, c := range text {
		v := strings.IndexByte(alphabet, c)
		if c == '=' || c == Suffix {
			break
		}
		if v < 0 {
			continue
		}
		acc = (acc<<6 | v) & 0xffff
		if bits += 6; bits >= 8 {
			bits -= 8
			msg = append(msg, byte(acc>>bits))
		}
	}
	return msg
}

// Foreign bytes may stand anywhere, and the text may be decoded where it stands,
// whatever room there is behind it.
func TestUnarmourOddText(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		text := make([]byte, random.IntN(100), 100+random.IntN(20))
		for i := range text {
			text[i] = alphabet[random.IntN(64)]
			if random.IntN(30) == 0 {
				text[i] = byte(random.IntN(256))
			}
		}
		want := slowly(text)
		got, dotted := Unarmour(text)
		if !bytes.Equal(got, want) || dotted != bytes.Contains(text, []byte{Suffix}) {
			t.Fatalf("%q became %x, want %x", text, got, want)
		}
		behind := text[len(text):cap(text)]
		if got, _ = AppendUnarmour(text[:0:len(text)], text); !bytes.Equal(got, want) {
			t.Fatalf("in place: %x, want %x", got, want)
		}
		if bytes.Trim(behind, "\x00") != nil {
			t.Fatal("written beyond the text")
		}
	}
}

func BenchmarkArmour(b *testing.B) {
	msg, out := make([]byte, 64<<10), make([]byte, 0, 96<<10)
	b.SetBytes(64 << 10)
	for b.Loop() {
		AppendArmour(out, msg)
	}
}

func BenchmarkUnarmour(b *testing.B) {
	a, out := Armour(make([]byte, 64<<10))[5:], make([]byte, 0, 96<<10)
	b.SetBytes(64 << 10)
	for b.Loop() {
		AppendUnarmour(out, a)
	}
}
