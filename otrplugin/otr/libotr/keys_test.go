package libotr

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"culver/otrplugin/otr"
)

// testKeys are two keys.
var testKeys = sync.OnceValue(func() (k [2]*otr.PrivateKey) {
	for i := range k {
		var err error
		if k[i], err = otr.GenerateKey(rand.NewChaCha8([32]byte{byte(i)})); err != nil {
			panic(err)
		}
	}
	return k
})

// numbers are the key as the lists of an S-expression, each number in the form
// that write gives it.
func numbers(key *otr.PrivateKey, write func([]byte) string) map[string]string {
	p, q, g, y, x := key.Numbers()
	lists := make(map[string]string)
	for i, n := range [][]byte{p, q, g, y, x} {
		name := "pqgyx"[i : i+1]
		lists[name] = "(" + name + " " + write(n) + ")"
	}
	return lists
}

// entry is an account in one of the ways to write it.
func entry(name string, write func([]byte) string) string {
	n := numbers(testKeys()[0], write)
	return "(account (name " + name + ")(protocol prpl-jabber)(private-key(dsa" + n["p"] + n["q"] + n["g"] + n["y"] + n["x"] + ")))"
}

func asHex(b []byte) string { return fmt.Sprintf("#%X#", b) }

func TestKeysInEveryForm(t *testing.T) {
	quoted := func(b []byte) string {
		var s strings.Builder
		s.WriteByte('"')
		for i, c := range b {
			switch {
			case c == '"' || c == '\\':
				s.WriteString(`\` + string(rune(c)))
			case i%3 == 0:
				fmt.Fprintf(&s, `\x%02x`, c)
			case i%3 == 1:
				fmt.Fprintf(&s, `\%03o`, c)
			default:
				s.WriteByte(c)
			}
		}
		return s.String() + `"`
	}
	base := func(b []byte) string { return "| " + base64.StdEncoding.EncodeToString(b) + "\n|" }
	for name, write := range map[string]func([]byte) string{
		"hexadecimal":               asHex,
		"hexadecimal, spaced":       func(b []byte) string { return "# " + fmt.Sprintf("% x", b) + "\r\n #" },
		"zeros in front":            func(b []byte) string { return asHex(append([]byte{0, 0, 0}[:1], b...)) },
		"quoted":                    quoted,
		"canonical":                 func(b []byte) string { return fmt.Sprintf("%d:%s", len(b), b) },
		"length and quoted":         func(b []byte) string { return fmt.Sprint(len(b)) + quoted(b) },
		"length and hexadecimal":    func(b []byte) string { return fmt.Sprint(len(b)) + asHex(b) },
		"base64":                    base,
		"base64 without padding":    func(b []byte) string { return "|" + base64.RawStdEncoding.EncodeToString(b) + "|" },
		"quoted over several lines": func(b []byte) string { return strings.Replace(quoted(b), `\x`, "\\\r\n\\x", 2) },
	} {
		file := "( privkeys\n" + entry("bob", write) + "\n)\n\n"
		accounts, skipped, err := ParseKeys([]byte(file))
		if err != nil || len(skipped) > 0 || len(accounts) != 1 {
			t.Errorf("%s: %v %v", name, skipped, err)
			continue
		}
		a := accounts[0]
		if a.Name != "bob" || a.Protocol != "prpl-jabber" || !bytes.Equal(a.Key.Marshal(), testKeys()[0].Marshal()) {
			t.Errorf("%s: another account: %q", name, a.Name)
		}
	}
}

func TestNames(t *testing.T) {
	for form, want := range map[string]string{
		"bob": "bob", `"bob@x/"`: "bob@x/", "#626F62#": "bob", "3:bob": "bob", "|Ym9i|": "bob", `"\b\t\v\n\f\r\"\'\\\x41\101"`: "\b\t\v\n\f\r\"'\\AA",
		"4:)(\"#": ")(\"#", "\"two\nlines\"": "two\nlines", "\"Jürgen\"": "Jürgen", "\"go\\\non\\\r\non\\\n\ron\"": "goononon", "a-b./_:*+=9": "a-b./_:*+=9",
	} {
		accounts, skipped, err := ParseKeys([]byte("(privkeys" + entry(form, asHex) + ")"))
		if err != nil || len(skipped) > 0 || len(accounts) != 1 || accounts[0].Name != want {
			t.Errorf("%q: %v %v %v", form, accounts, skipped, err)
		}
	}
}

func TestElementsInAnyOrder(t *testing.T) {
	n := numbers(testKeys()[0], asHex)
	file := "(privkeys (account (private-key (rsa (n #00#)) (dsa (comment (p 1x)) " + n["x"] + n["y"] + " extra " + n["g"] + "(flags)" + n["p"] + n["q"] + ")) (since 3:now) " +
		`(protocol "prpl-jabber" twice) (name b) (name c)))`
	file = strings.Replace(file, "1x", "x", 1)
	accounts, skipped, err := ParseKeys([]byte(file))
	if err != nil || len(skipped) > 0 || len(accounts) != 1 || accounts[0].Name != "b" || accounts[0].Key.Fingerprint() != testKeys()[0].Fingerprint() {
		t.Fatal(accounts, skipped, err)
	}
}

// libotr gives up a file for one bad account.
func TestBadAccountsAreSkipped(t *testing.T) {
	good := entry("good", asHex)
	without := func(what string) string {
		return strings.Replace(good, numbers(testKeys()[0], asHex)[what], "", 1)
	}
	for name, bad := range map[string]string{
		"no x":            without("x"),
		"no y":            without("y"),
		"no q":            without("q"),
		"no name":         strings.Replace(good, "(name good)", "", 1),
		"empty name":      strings.Replace(good, "(name good)", `(name "")`, 1),
		"name is a list":  strings.Replace(good, "(name good)", `(name (good))`, 1),
		"no protocol":     strings.Replace(good, "(protocol prpl-jabber)", "(protocol)", 1),
		"no key":          "(account (name a) (protocol b))",
		"public key":      strings.Replace(good, "private-key", "public-key", 1),
		"rsa":             strings.Replace(good, "(dsa", "(rsa", 1),
		"wrong x":         strings.Replace(good, "(x #", "(x #01", 1),
		"even p":          entry("x", func(b []byte) string { return asHex(append(bytes.Clone(b[:len(b)-1]), 0)) }),
		"not an account":  "(buddy (name a))",
		"an atom":         "account",
		"an empty list":   "()",
		"a list in front": "((account) (name a))",
		"huge number":     strings.Replace(good, "(p #", "(p #"+strings.Repeat("77", 5000), 1),
	} {
		accounts, skipped, err := ParseKeys([]byte("(privkeys\n" + good + "\n" + bad + "\n\n" + good + ")"))
		if err != nil || len(accounts) != 2 || len(skipped) != 1 {
			t.Errorf("%s: %d read, skipped %v, %v", name, len(accounts), skipped, err)
			continue
		}
		if s := skipped[0]; s.Line != 3 || !strings.HasPrefix(s.Error(), "line 3: ") || !errors.Is(s, s.Err) {
			t.Errorf("%s: %v", name, s)
		}
	}
}

// What is read before the file turns bad is not lost.
func TestBadKeyFiles(t *testing.T) {
	good := entry("good", asHex)
	for name, e := range map[string]struct {
		file string
		read int
	}{
		"empty":             {"", 0},
		"white":             {" \n", 0},
		"words":             {"These are my keys", 0},
		"a list":            {"(keys " + good + ")", 0},
		"an atom":           {"privkeys", 0},
		"nothing after (":   {"(", 0},
		"a list first":      {"((privkeys))", 0},
		"cut":               {"(privkeys " + good, 1},
		"cut in an account": {"(privkeys " + good + good[:500], 1},
		"more":              {"(privkeys " + good + ") " + good, 1},
		"deep":              {"(privkeys " + good + strings.Repeat("(", 100_000), 1},
		"long":              {"(privkeys " + good + "(account " + strings.Repeat("()", 100_000) + "))", 1},
		"bad escape":        {`(privkeys (account (name "\q")))`, 0},
		"short escape":      {`(privkeys (account (name "\x1")))`, 0},
		"cut in \\":         {`(privkeys (account (name "\`, 0},
		"cut in \\x":        {`(privkeys (account (name "\x4`, 0},
		"cut in octal":      {`(privkeys (account (name "\10`, 0},
		"bad octal":         {`(privkeys (account (name "\18")))`, 0},
		"odd digits":        {"(privkeys (account (name #123#)))", 0},
		"no digits":         {"(privkeys (account (name #xy#)))", 0},
		"bad base64":        {"(privkeys (account (name |a|)))", 0},
		"open string":       {`(privkeys (account (name "a)))`, 0},
		"open digits":       {"(privkeys (account (name #61)))", 0},
		"long string":       {"(privkeys (account (name 99:a)))", 0},
		"huge string":       {"(privkeys (account (name 99999999999999999999999:a)))", 0},
		"length alone":      {"(privkeys (account (name 3", 0},
		"length and token":  {"(privkeys (account (name 3abc)))", 0},
		"other brackets":    {"(privkeys {account})", 0},
		"a zero byte":       {"(privkeys \x00)", 0},
	} {
		accounts, skipped, err := ParseKeys([]byte(e.file))
		if err == nil || len(accounts) != e.read || len(skipped) != 0 {
			t.Errorf("%s: %d read, skipped %v, %v", name, len(accounts), skipped, err)
		}
	}
	all := "(privkeys" + good + ")"
	for n := range len(all) {
		if _, _, err := ParseKeys([]byte(all[:n])); err == nil {
			t.Fatalf("cut at %d: no error", n)
		}
	}
	if _, _, err := ParseKeys(make([]byte, maxKeys+1)); !errors.Is(err, ErrTooBig) {
		t.Errorf("too big: %v", err)
	}
}

func TestMarshalKeys(t *testing.T) {
	k := testKeys()
	accounts := []Account{{"bob@example.org/", "prpl-jabber", k[0]}, {"Jürgen \"J\"", "prpl-irc", k[1]}, {"\x80", "7", k[1]}}
	file, err := MarshalKeys(accounts)
	if err != nil {
		t.Fatal(err)
	}
	_, q, _, _, x := k[0].Numbers()
	for _, part := range []string{
		"(privkeys\n (account\n(name \"bob@example.org/\")\n(protocol prpl-jabber)\n(private-key \n (dsa \n  (p #00",
		"#)\n  (q #00" + strings.ToUpper(hex.EncodeToString(q)) + "#)\n  (g #", "#)\n  (x #", strings.ToUpper(hex.EncodeToString(x)) + "#)\n  )\n )\n )\n (account\n",
		"(name \"Jürgen \\\"J\\\"\")\n(protocol prpl-irc)\n", "(name #80#)\n(protocol \"7\")\n",
	} {
		if !strings.Contains(string(file), part) {
			t.Errorf("no %q in\n%s", part, file)
		}
	}
	back, skipped, err := ReadKeys(bytes.NewReader(file))
	if err != nil || len(skipped) > 0 {
		t.Fatal(skipped, err)
	}
	for i, a := range back {
		if a.Name != accounts[i].Name || a.Protocol != accounts[i].Protocol || !bytes.Equal(a.Key.Marshal(), accounts[i].Key.Marshal()) {
			t.Errorf("%q became %q", accounts[i].Name, a.Name)
		}
	}
	if b, err := MarshalKeys(nil); err != nil || string(b) != "(privkeys\n)\n" {
		t.Errorf("no keys: %q %v", b, err)
	}
}

func TestKeysThatCannotBeWritten(t *testing.T) {
	wiped, err := otr.ParsePrivateKey(testKeys()[0].Marshal())
	if err != nil {
		t.Fatal(err)
	}
	wiped.Wipe()
	for name, a := range map[string]Account{
		"no name":     {"", "p", testKeys()[0]},
		"no protocol": {"a", "", testKeys()[0]},
		"zero byte":   {"a\x00b", "p", testKeys()[0]},
		"no key":      {"a", "p", nil},
		"wiped key":   {"a", "p", wiped},
	} {
		if b, err := MarshalKeys([]Account{{"good", "p", testKeys()[1]}, a}); err == nil || b != nil || !strings.HasPrefix(err.Error(), "account 2: ") {
			t.Errorf("%s: %d bytes, %v", name, len(b), err)
		}
	}
}

// A number is written as libgcrypt would even if it happens to be readable.
func TestNumbersAsAtoms(t *testing.T) {
	for in, want := range map[string]string{
		"\x01": "#01#", "\x80": "#0080#", "\x00\x00\x7f": "#7F#", "abc": "abc", "a b": `"a b"`, "a b\x00": `"a b\x00"`, "1": `"1"`, "": `""`, "\x00": `""`,
		"a\\\b\t\v\n\f\r'\"": `"a\\\b\t\v\n\f\r\'\""`,
	} {
		if got := string(appendNumber(nil, []byte(in))); got != want {
			t.Errorf("%q is written %s, want %s", in, got, want)
		}
	}
}

// trickle gives one byte at a time, and in the end an error.
type trickle struct {
	b   []byte
	end error
}

func (r *trickle) Read(p []byte) (int, error) {
	if len(r.b) == 0 {
		return 0, r.end
	}
	p[0], r.b = r.b[0], r.b[1:]
	return 1, nil
}

func TestReading(t *testing.T) {
	file, err := MarshalKeys(slices.Repeat([]Account{{"a", "p", testKeys()[0]}}, 20))
	if err != nil {
		t.Fatal(err)
	}
	if accounts, _, err := ReadKeys(&trickle{file, io.EOF}); err != nil || len(accounts) != 20 {
		t.Error(len(accounts), err)
	}
	broken := errors.New("broken")
	endless := io.MultiReader(bytes.NewReader(make([]byte, maxFingerprints+1)), &trickle{nil, broken})
	if _, _, err := ReadKeys(&trickle{file, broken}); !errors.Is(err, broken) {
		t.Error(err)
	}
	if _, _, err := ReadFingerprints(&trickle{file, broken}); !errors.Is(err, broken) {
		t.Error(err)
	}
	if _, _, err := ReadTags(&trickle{file, broken}); !errors.Is(err, broken) {
		t.Error(err)
	}
	if _, _, err := ReadFingerprints(endless); !errors.Is(err, ErrTooBig) {
		t.Error(err)
	}
}

// Take a Pidgin user's keys over, and write them where Pidgin finds them again.
func Example_keys() {
	file, err := MarshalKeys([]Account{{WithResource("me@example.org", ""), "prpl-jabber", testKeys()[0]}})
	if err != nil {
		panic(err)
	}
	accounts, skipped, err := ReadKeys(bytes.NewReader(file))
	if err != nil {
		panic(err)
	}
	for _, a := range accounts {
		fmt.Println(a.Name, "is", Bare(a.Name), a.Protocol, a.Key.Fingerprint() == testKeys()[0].Fingerprint())
	}
	for _, s := range skipped {
		fmt.Println(s)
	}
	// err = WriteFile(filepath.Join(pidgin, KeysFile), file)
	clear(file)
	// Output:
	// me@example.org/ is me@example.org prpl-jabber true
}
