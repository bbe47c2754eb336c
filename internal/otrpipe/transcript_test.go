package main

import (
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"culver/internal/transcript"
)

// record makes TestTranscripts write what it plays to where anyone replays it.
var record = flag.Bool("record", false, "write the transcripts anew, and say what has changed (make vectors)")

// transcripts is where they are kept.
var transcripts = filepath.Join("..", "..", "otrplugin", "otr", "testdata", "transcripts")

// take is a conversation of our engine with libotr while it is recorded.
type take struct {
	*testing.T
	version string
	weStart bool // the first query is ours; so libotr commits first
	us      *transcript.Player
	them    *wirePeer
	queue   []string // from us to them
	said    []string // by our engine since the last want
}

// takes are what is recorded, each with both in the lead and in both versions.
var takes = []struct {
	name string
	play func(*take)
}{
	{"messages", (*take).messages},
	{"prepared", (*take).prepared},
	{"fragments", (*take).fragments},
	{"smp", (*take).authentication},
	{"refresh", (*take).refresh},
	{"records", (*take).records},
	{"end", (*take).endings},
	{"lost", (*take).lost},
	{"offer", (*take).offers},
	{"require", (*take).require},
	{"crossing", (*take).crossing},
	{"unreadable", (*take).unreadable},
}

// TestTranscripts has our engine, with fixed randomness and time, talk with
// libotr, and then makes the same calls once more: it has to do the same, to
// the byte.
func TestTranscripts(t *testing.T) {
	recorded := make(map[string]bool)
	for n, tk := range takes {
		for _, version := range []string{"v2", "v3"} {
			for _, weStart := range []bool{true, false} {
				starter := map[bool]string{true: "ours", false: "theirs"}[weStart]
				name := fmt.Sprintf("%s-%s-%s", tk.name, starter, version)
				t.Run(name, func(t *testing.T) {
					r := newTake(t, version, weStart, n)
					tk.play(r)
					// Which way some go depends on libotr's numbers: not every change is one of ours.
					for tries := 0; *record && tries < 10 && newCourse(t, name+".txt", r.us.Record()) != ""; tries++ {
						r = newTake(t, version, weStart, n)
						tk.play(r)
					}
					again, err := transcript.Play([]byte(r.us.Record()))
					if err != nil {
						t.Fatal(err)
					}
					if d := transcript.Difference(r.us.Record(), again); d != "" {
						t.Fatalf("the same calls had another outcome: %s", d)
					}
					if *record {
						keep(t, name+".txt", r.us.Record())
					}
					recorded[name+".txt"] = true
				})
			}
		}
	}
	if *record && !t.Failed() {
		forget(t, recorded)
	}
}

// forget removes the transcripts of what is recorded no longer.
func forget(t *testing.T, recorded map[string]bool) {
	files, err := filepath.Glob(filepath.Join(transcripts, "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if recorded[filepath.Base(f)] {
			continue
		}
		fmt.Printf("%s: removed, it is not recorded any more\n", filepath.Base(f))
		if err := os.Remove(f); err != nil {
			t.Fatal(err)
		}
	}
}

// newCourse tells how the course differs from that of the transcript that is kept, if
// there is one.
func newCourse(t *testing.T, name, text string) string {
	t.Helper()
	was, err := os.ReadFile(filepath.Join(transcripts, name))
	if os.IsNotExist(err) {
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	return transcript.Difference(transcript.Course(string(was)), transcript.Course(text))
}

// keep writes a transcript and says what is new about it. One that is still true
// stays.
func keep(t *testing.T, name, text string) {
	file := filepath.Join(transcripts, name)
	if was, err := os.ReadFile(file); os.IsNotExist(err) {
		fmt.Printf("%s: new\n", name)
	} else if d := newCourse(t, name, text); d != "" {
		fmt.Printf("%s: the course has changed: %s\n", name, d)
	} else if replays(was) {
		return // libotr's random numbers are others each time, that is all
	} else {
		fmt.Printf("%s: the course is the same; our numbers differ\n", name)
	}
	if err := os.MkdirAll(transcripts, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// replays tells whether a transcript is still what the engine does.
func replays(text []byte) bool {
	again, err := transcript.Play(text)
	return err == nil && transcript.Difference(string(text), again) == ""
}

func newTake(t *testing.T, version string, weStart bool, seed int) *take {
	t.Helper()
	r := &take{T: t, version: version, weStart: weStart, us: &transcript.Player{}, them: startLibotr(t, "peer", 1, 0x202)}
	t.Cleanup(r.us.Close)
	_, libotr, _ := strings.Cut(r.them.hello, "version=")
	libotr, _, _ = strings.Cut(libotr, " ")
	r.us.Comment(fmt.Sprintf("Recorded with libotr %s by make vectors. Do not edit.", libotr))
	r.we("open " + hex.EncodeToString(keys()[0].Marshal()) + " 00000101 " + strconv.Itoa(seed))
	r.policy("")
	return r
}

// we makes a call of our engine, with one quoted argument more if there is one.
func (r *take) we(call string, quoted ...string) {
	r.Helper()
	for _, q := range quoted {
		call += " " + strconv.Quote(q)
	}
	lines, err := r.us.Do(call)
	if err != nil {
		r.Fatal(err)
	}
	for _, l := range lines {
		r.said = append(r.said, l)
		if w, ok := strings.CutPrefix(l, "wire "); ok {
			text, err := strconv.Unquote(w)
			if err != nil {
				r.Fatal(err)
			}
			r.queue = append(r.queue, text)
		}
	}
}

// they runs a command of libotr.
func (r *take) they(format string, args ...any) {
	r.Helper()
	if why, ok := r.them.do(fmt.Sprintf(format, args...)); !ok {
		r.Fatalf("libotr: %.60s: %s", fmt.Sprintf(format, args...), why)
	}
}

// run delivers, taking turns, until nobody has anything to say.
func (r *take) run() {
	r.Helper()
	for n := 0; len(r.queue)+len(r.them.queue) > 0; n++ {
		if n > 2000 {
			r.Fatal("the two never stop talking")
		}
		if len(r.queue) > 0 {
			w := r.queue[0]
			r.queue = r.queue[1:]
			r.they("recv %s", escape(w))
		}
		if len(r.them.queue) > 0 {
			w := r.them.queue[0]
			r.them.queue = r.them.queue[1:]
			r.we("receive", w)
		}
	}
}

// want checks what our engine said, by beginnings of lines, and what libotr
// said, and forgets both.
func (r *take) want(ours []string, theirs ...string) {
	r.Helper()
	for _, w := range ours {
		found := false
		for _, l := range r.said {
			found = found || strings.HasPrefix(l, w)
		}
		if !found {
			r.Fatalf("our engine did not say %q but %.2000q", w, r.said)
		}
	}
	var heard []string
	for _, t := range r.them.texts {
		heard = append(heard, t[0]+" "+t[1])
	}
	heard = append(heard, r.them.events...)
	for _, w := range theirs {
		found := false
		for _, l := range heard {
			found = found || strings.HasPrefix(l, w)
		}
		if !found {
			r.Fatalf("libotr did not say %q but %.2000q", w, heard)
		}
	}
	r.said, r.them.texts, r.them.events = nil, nil, nil
}

func (r *take) policy(words string) {
	r.we(strings.TrimSpace("policy " + r.version + " " + words))
	r.they("policy %s %s", r.version, words)
}

// start lets one of the two ask for a private conversation.
func (r *take) start(we bool) {
	if we {
		r.we("start")
	} else {
		r.they("start")
	}
}

// say lets one of the two say something.
func (r *take) say(we bool, text string) {
	r.Helper()
	if we {
		r.we("send", text)
		r.run()
		r.want(nil, "encrypted "+text)
		return
	}
	r.they("send %s", escape(text))
	r.run()
	r.want([]string{"show sealed " + strconv.Quote(text)})
}

func (r *take) secure() {
	r.Helper()
	r.start(r.weStart)
	r.run()
	r.want([]string{"event gone-secure", "state encrypted version " + r.version[1:]}, "event gone-secure")
}

// messages: keys rotate both ways, MAC keys are revealed, messages cross.
func (r *take) messages() {
	r.secure()
	for n := range 3 {
		r.say(r.weStart, fmt.Sprint("hello ", n))
		r.say(!r.weStart, "Grüße, <b>世界</b> 🙂\nand &amp;")
	}
	r.say(r.weStart, "twice")
	r.say(r.weStart, "twice")
	r.we("send", "crossing")
	r.they("send crossing")
	r.we("send", "crossing again")
	r.run()
	r.want([]string{`show sealed "crossing"`}, "encrypted crossing", "encrypted crossing again")
	r.say(!r.weStart, "and back")
	r.say(r.weStart, strings.Repeat("long ", 100))
}

// prepared: the same with what comes next worked out beforehand, each time, and
// sometimes.
func (r *take) prepared() {
	r.secure()
	for n := range 6 {
		r.we("prepare")
		r.say(r.weStart, fmt.Sprint("hello ", n))
		if n%2 == 0 {
			r.we("prepare")
		}
		r.say(!r.weStart, "and back")
	}
	r.start(!r.weStart)
	r.we("prepare")
	r.run()
	r.want([]string{"adopted true", "event still-secure"})
	r.say(true, "after")
	r.say(false, "after")
}

func (r *take) fragments() {
	r.we("fragment 200")
	r.they("fragment 200")
	r.secure()
	r.say(r.weStart, strings.Repeat("in pieces ", 30))
	r.say(!r.weStart, strings.Repeat("pieces back ", 30))
	r.we("fragment 140")
	r.say(true, "small ones")
}

func (r *take) authentication() {
	r.secure()
	for _, e := range []struct {
		we       bool
		question string
		answer   string
		outcome  string
	}{
		{r.weStart, "", "the secret", "success"}, {!r.weStart, "Where did we meet?", "the secret", "success"}, {r.weStart, "Who?", "Me", "failure"},
	} {
		var ask string
		switch {
		case e.we && e.question == "":
			r.we("authenticate", "the secret")
			ask = "smp ask-secret"
		case e.we:
			r.we("authenticate", "the secret", e.question)
			ask = "smp ask-answer"
		case e.question == "":
			r.they("smp the secret")
			ask = "event ask-secret"
		default:
			r.they("smpq %s %s", escape("the secret"), e.question)
			ask = "event ask-answer"
		}
		r.run()
		if e.we {
			r.want(nil, ask)
			r.they("answer %s", e.answer)
		} else {
			r.want([]string{ask})
			r.we("answer", e.answer)
		}
		r.run()
		r.want([]string{"event " + e.outcome}, "smp "+e.outcome)
	}
	r.they("smp given up")
	r.run()
	r.they("abort")
	r.run()
	r.want([]string{"event ask-secret", "event abort"})
	r.we("authenticate", "given up")
	r.run()
	r.we("abort")
	r.run()
	r.want(nil, "smp abort")
	r.say(r.weStart, "still private")
}

func (r *take) refresh() {
	r.secure()
	r.say(r.weStart, "before")
	r.say(!r.weStart, "before")
	for _, we := range []bool{r.weStart, !r.weStart} {
		r.start(we)
		r.run()
		r.want([]string{"event still-secure"}, "event ") // libotr says gone-secure in version 3
		r.say(true, "after")
		r.say(false, "after")
	}
}

func (r *take) records() {
	r.secure()
	r.we(`extra-key 7 "what for"`)
	r.they("extrakey 8 c0ffee")
	r.run()
	r.want([]string{"key ", "event key-received"}, "extrakey received 7", "extrakey sent 8")
	r.we(`send-tlv 1234 "value" "a text"`)
	r.they("tlv 4321 c0ffee another text")
	r.run()
	r.want([]string{`show sealed "another text"`, "event tlv-received"}, "encrypted a text", "tlv 1234")
	r.we("heartbeat")
	r.they("heartbeat")
	r.run()
	r.want([]string{"event heartbeat-received"}, "event heartbeat-received")
	r.we("clock 61")
	r.they("send anybody there?")
	r.run()
	r.want([]string{"event heartbeat-sent"}, "event heartbeat-received")
	r.they("clock +61")
	r.we("send", "anybody there?")
	r.run()
	r.want([]string{"event heartbeat-received"}, "event heartbeat-sent")
}

func (r *take) endings() {
	for _, we := range []bool{r.weStart, !r.weStart} {
		r.secure()
		r.say(true, "private")
		if we {
			r.we("end")
			r.run()
			r.want([]string{"event gone-insecure", "state plaintext"}, "event peer-ended")
			r.they("end")
		} else {
			r.they("end")
			r.run()
			r.want([]string{"event peer-ended", "state finished"})
			r.we("send", "not any more")
			r.want([]string{"error "})
			r.we("end")
		}
		r.run()
		r.they("send in clear")
		r.we("send", "in clear")
		r.run()
		r.want([]string{`show clear "in clear"`}, "plain in clear")
	}
}

// lost: one side forgets the session, as in a crash; the other writes to it.
func (r *take) lost() {
	r.secure()
	r.say(true, "read")
	if r.weStart {
		r.they("drop")
		r.we("send", "into the void")
	} else {
		r.we("drop")
		r.they("send into the void")
	}
	r.run()
	if !r.weStart {
		r.want([]string{"event not-in-private"})
	}
	r.we("clock 70")
	r.they("clock +70")
	r.we("tick")
	r.they("poll")
	r.run()
	r.said, r.them.texts, r.them.events = nil, nil, nil
	r.start(!r.weStart)
	r.run()
	r.say(true, "again")
	r.say(false, "again")
}

func (r *take) offers() {
	r.policy("whitespace whitespace-start")
	if r.weStart {
		r.we("send", "hello there")
	} else {
		r.they("send hello there")
	}
	r.run()
	r.want([]string{"event gone-secure"}, "event gone-secure")
	r.say(!r.weStart, "private")
	r.say(r.weStart, "private")
}

func (r *take) require() {
	if r.weStart {
		r.we("policy " + r.version + " require")
		r.we("send", "first")
		r.we("send", "second")
		r.run()
		r.want([]string{"event encryption-required", "held", "event delivered"}, "encrypted first", "encrypted second")
	} else {
		r.they("policy %s require", r.version)
		r.they("send first")
		r.run()
		r.want([]string{`show sealed "first"`}, "event encryption-required")
	}
	r.say(true, "go on")
	r.say(false, "go on")
}

// crossing: both ask at once. Who yields depends on the numbers.
func (r *take) crossing() {
	for range 2 {
		r.start(r.weStart)
		r.start(!r.weStart)
		r.run()
		r.want([]string{"state encrypted"})
		r.say(r.weStart, "hello")
		r.say(!r.weStart, "hello")
	}
}

// unreadable: a message is spoilt on the way, the error starts an exchange.
func (r *take) unreadable() {
	r.policy("error-start")
	r.secure()
	spoil := func(w string) string { return w[:60] + "AAAA" + w[64:] }
	if r.weStart {
		r.we("send", "spoilt")
		r.queue[0] = spoil(r.queue[0])
		r.run()
		r.want([]string{"event error", "event still-secure", "event resent"}, "event unreadable", "encrypted [resent] spoilt")
	} else {
		r.they("send spoilt")
		r.them.queue[0] = spoil(r.them.queue[0])
		r.run()
		r.want([]string{"event unreadable", "event still-secure"}, "event error")
	}
	r.say(true, "again")
	r.say(false, "again")
}
