package transcript

import (
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"

	"culver/otrplugin/otr"
)

func open(t *testing.T, seed, tag string) (*Player, func(call string) []string) {
	t.Helper()
	key, err := otr.GenerateKey(rand.NewChaCha8([32]byte{byte(len(tag))}))
	if err != nil {
		t.Fatal(err)
	}
	p := &Player{}
	t.Cleanup(p.Close)
	do := func(call string) []string {
		t.Helper()
		lines, err := p.Do(call)
		if err != nil {
			t.Fatal(err)
		}
		return lines
	}
	p.Comment("a test")
	do("open " + hex.EncodeToString(key.Marshal()) + " " + tag + " " + seed)
	return p, do
}

// wires are the messages among the lines, still quoted.
func wires(lines []string) (out []string) {
	for _, l := range lines {
		if w, ok := strings.CutPrefix(l, "wire "); ok {
			out = append(out, w)
		}
	}
	return out
}

func TestRecordAndPlay(t *testing.T) {
	a, doA := open(t, "1", "00000101")
	b, doB := open(t, "2", "00000202")
	both := func(queue []string, to, from func(string) []string) {
		t.Helper()
		for len(queue) > 0 {
			var answers []string
			for _, w := range queue {
				answers = append(answers, wires(to("receive "+w))...)
			}
			queue, to, from = answers, from, to
		}
	}
	exchange := func(queue []string) { both(queue, doB, doA) }
	exchange(wires(doA("start")))
	exchange(wires(doA(`send "hello, wörld\n"`)))
	exchange(wires(doA(`authenticate "secret" "question?"`)))
	both(wires(doB(`answer "secret"`)), doA, doB)
	doA(`clock 61`)
	doA("prepare")
	exchange(wires(doA(`extra-key 7 "data"`)))
	exchange(wires(doA(`send-tlv 99 "value" "text"`)))
	exchange(wires(doA(`heartbeat`)))
	doA("fragment 100")
	exchange(wires(doA(`send "in pieces"`)))
	doA("abort")
	doA("tick")
	doA("end")
	doA("policy v3 require")
	doA(`send "held"`)
	doA("drop")
	for _, p := range []*Player{a, b} {
		again, err := Play([]byte(p.Record()))
		if err != nil {
			t.Fatal(err)
		}
		if d := Difference(p.Record(), again); d != "" {
			t.Fatal(d)
		}
	}
	for _, part := range []string{
		"# a test\n", "> receive \"?OTRv23?", "< state encrypted version 3 peer ", `< show sealed "hello, wörld\n" from `,
		`text "question?"`, "use 7 data 64617461 key ", "tlv 99 data 76616c7565", "authenticating",
	} {
		if !strings.Contains(b.Record(), part) {
			t.Errorf("no %s in\n%s", part, b.Record())
		}
	}
	if !strings.Contains(a.Record(), "< held\n< state plaintext held 1\n") {
		t.Error(a.Record())
	}
	course := Course(a.Record())
	for _, part := range []string{`< wire "(D-H Key, version 3)"`, `> receive "(Data, version 3)"`, `< wire "(piece)"`, "session (digits)"} {
		if !strings.Contains(course, part) {
			t.Errorf("no %s in\n%s", part, course)
		}
	}
}

func TestChangesAreFound(t *testing.T) {
	p, do := open(t, "1", "00000101")
	do(`send "one"`)
	for name, e := range map[string]struct{ was, is string }{
		"text":  {`"one"`, `"two"`},
		"less":  {"< wire \"one\"\n", ""},
		"lines": {"> send", "> clock 1\n> send"},
	} {
		changed := strings.Replace(p.Record(), e.was, e.is, 1)
		if Difference(p.Record(), changed) == "" || Difference(changed, p.Record()) == "" {
			t.Errorf("%s: not found", name)
		}
	}
}

func TestNonsense(t *testing.T) {
	p, _ := open(t, "1", "00000101")
	for _, call := range []string{"sing", "policy v9", `send "open`, `send "\q"`, "open", "open xx 101 1", "open 00 101 1"} {
		if _, err := p.Do(call); err == nil {
			t.Errorf("%s: no error", call)
		}
	}
	opening := strings.TrimPrefix(strings.Split(p.Record(), "\n")[1], "> ")
	for _, bad := range []string{strings.Replace(opening, " 00000101 ", " tag ", 1), opening + "000"} {
		if _, err := p.Do(bad); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
	for _, file := range []string{"> send \"x\"\n", "> open\n", "wire\n"} {
		if _, err := Play([]byte(file)); err == nil {
			t.Errorf("%q: no error", file)
		}
	}
}
