package otrfiles

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"culver/otrplugin/otr"
	"culver/otrplugin/otr/libotr"
)

func testKey(t *testing.T) *otr.PrivateKey {
	t.Helper()
	key, err := otr.GenerateKey(rand.NewChaCha8([32]byte{99}))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// Names are written as libgcrypt prints them, whatever is in them.
func TestAtomsAsLibgcryptPrintsThem(t *testing.T) {
	var atoms []string
	for c := 1; c < 256; c++ {
		b := string([]byte{byte(c)})
		atoms = append(atoms, b, "a"+b, " "+b, b+"a", "a"+b+"\xe9")
	}
	const usual = "azAZ09-./_:*+=@ \n\"'\\\x9f\xa0\xa1\xff"
	random := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		b := make([]byte, 1+random.IntN(12))
		for i := range b {
			b[i] = byte(1 + random.IntN(255))
			if random.IntN(3) > 0 {
				b[i] = usual[random.IntN(len(usual))]
			}
		}
		atoms = append(atoms, string(b))
	}
	key := testKey(t)
	var in strings.Builder
	for _, a := range atoms {
		fmt.Fprintf(&in, "%x\n", a)
	}
	printed := strings.Fields(run(t, in.String(), "atoms"))
	for i, a := range atoms {
		file, err := libotr.MarshalKeys([]libotr.Account{{Name: a, Protocol: "p", Key: key}})
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := hex.DecodeString(printed[i])
		if err != nil {
			t.Fatal(err)
		}
		// Theirs is "(a ATOM)\n" and a zero byte.
		want := " (account\n(name " + strings.TrimPrefix(strings.TrimSuffix(string(theirs), "\x00"), "(a ") + "(protocol p)"
		if !strings.Contains(string(file), want) {
			t.Errorf("%q: want %q in %.100q", a, want, file)
		}
	}
}

// What libgcrypt takes for one string, we take for the same.
func TestFormsThatLibgcryptReads(t *testing.T) {
	forms := []string{
		`"x\x41\n\r\t\b\v\f\"\'\\\101\000z"`, `#61 6 2
			63#`, `3:abc`, `3"abc"`, `2"abc"`, `3#616263#`, `b-./_:*+=c`, "\"a\\\nb\"", "\"a\\\r\nb\"", "\"a\\\n\rb\"", "\"a\\\n\nb\"",
		"\"raw \x01\xff\n\"", `5:)("\#`, `12:twelve  more`, `"\400"`, `"\q"`, `"\x4"`, `"\18"`, `"unended`, `#6#`, `#6g#`, `9:short`, `03:abc`, `a"b"`, `!`, `(a)`, `""`,
	}
	random := rand.New(rand.NewPCG(3, 4))
	parts := []string{`"`, `"`, `\x41`, `\n`, `\101`, `\`, `#`, `#`, "61", "4a", "3:", "1:", "12", "abc", "é", " ", "\n", "\r", "(", "x", "-", "'", ":"}
	for range 20000 {
		var f strings.Builder
		for range 1 + random.IntN(6) {
			f.WriteString(parts[random.IntN(len(parts))])
		}
		forms = append(forms, f.String())
	}
	var in strings.Builder
	for _, f := range forms {
		fmt.Fprintf(&in, "%x\n", "(a "+f+")")
	}
	key, err := libotr.MarshalKeys([]libotr.Account{{Name: "NAME", Protocol: "p", Key: testKey(t)}})
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for i, theirs := range strings.Split(run(t, in.String(), "parse"), "\n")[:len(forms)] {
		atom, ok := strings.CutPrefix(theirs, "(61 ")
		atom, one := strings.CutSuffix(atom, " )")
		want, err := hex.DecodeString(atom)
		if !ok || !one || err != nil || len(want) == 0 || compared == 200 {
			continue // an error, several atoms, an empty one
		}
		compared++
		file := strings.Replace(string(key), "NAME", forms[i], 1)
		accounts, skipped, err := libotr.ParseKeys([]byte(file))
		if err != nil || len(accounts) != 1 || accounts[0].Name != string(want) {
			t.Errorf("%q is %q for libgcrypt, %v (%v, %v) for us", forms[i], want, accounts, skipped, err)
		}
	}
	if compared < 200 {
		t.Fatalf("only %d forms were compared", compared)
	}
}
