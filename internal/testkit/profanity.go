package testkit

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// ProfanityOptions say how a Profanity starts.
type ProfanityOptions struct {
	User, Password string
	Resource       string // of the address; "profanity" if empty
	// Policy is Profanity's OTR policy: "manual" (the default), "opportunistic"
	// (lines in clear carry an invisible offer) or "always" (nothing leaves in clear).
	Policy string
	// Port to connect to, if it is not the server's for STARTTLS.
	Port int
	// Settings are the contents of the file profrc: if empty, those for tests that
	// read the screen. The account that connects by itself is put before them.
	Settings string
	// Columns and Rows are the size of the terminal, if it is not to be one from which
	// nothing scrolls away.
	Columns, Rows int
}

// Profanity is somebody at Profanity, the messenger for terminals, whose OTR is
// that of libotr, in version 2 only. It ends with the test.
//
// The windows of Profanity are numbered; the person here has one buddy and looks
// at the conversation with them after Chat.
type Profanity struct {
	Name string // of the account: a bare address
	t    testing.TB
	o    ProfanityOptions
	home string
	term *terminal
	read map[string]int // how often each text was seen already
}

// StartProfanity starts a Profanity with a folder of its own, makes a key for
// OTR, and waits until it is online.
func StartProfanity(t testing.TB, server *Prosody, o ProfanityOptions) *Profanity {
	t.Helper()
	p := NewProfanity(t, server, o)
	p.Start()
	p.MakeKey()
	return p
}

// NewProfanity makes the folder of a Profanity, which is yet to be started.
func NewProfanity(t testing.TB, server *Prosody, o ProfanityOptions) *Profanity {
	t.Helper()
	if o.Policy == "" {
		o.Policy = "manual"
	}
	if o.Resource == "" {
		o.Resource = "profanity"
	}
	if o.Port == 0 {
		o.Port = server.C2S
	}
	if o.Columns == 0 || o.Rows == 0 {
		o.Columns, o.Rows = terminalColumns, terminalRows
	}
	if o.Settings == "" {
		o.Settings = fmt.Sprintf(`[ui]
splash=false
roster=false
time.console=off
time.chat=off
wrap=false
beep=false
flash=false
resource.title=true
resource.message=false
presence=false
tips=false
[otr]
policy=%s
log=off
[notifications]
message=false
typing=false
`, o.Policy)
	}
	p := &Profanity{Name: o.User + "@" + server.Host, t: t, o: o, home: t.TempDir()}
	for name, text := range map[string]string{
		"config/profanity/profrc": fmt.Sprintf("[connection]\naccount=%s\n%s", o.User, o.Settings),
		"data/profanity/accounts": fmt.Sprintf(`[%s]
enabled=true
jid=%s
resource=%s
password=%s
server=%s
port=%d
tls.policy=trust
presence.last=online
presence.login=online
`, o.User, p.Name, o.Resource, o.Password, server.Address, o.Port),
		// Without it, the first run greets at length.
		"data/profanity/profident": "culver",
	} {
		p.Puts(name, text)
	}
	return p
}

// Puts writes a file in Profanity's folder, which has "config", "data" and "cache".
func (p *Profanity) Puts(name, text string) {
	p.t.Helper()
	path := filepath.Join(p.home, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		p.t.Fatal(err)
	}
}

// MakeKey makes a key for OTR, in Profanity's first window, and stays there.
func (p *Profanity) MakeKey() {
	p.t.Helper()
	p.Command("/win 1")
	p.Command("/otr gen")
	p.Sees("Private key generation complete.")
}

// Start starts Profanity, also again after Quit or Kill, with what it had kept, and
// waits until it is online.
func (p *Profanity) Start() {
	p.t.Helper()
	p.Launch()
	p.t.Cleanup(func() {
		if p.t.Failed() {
			p.t.Logf("%s showed at the end:\n%s", p.Name, p.Screen())
		}
	})
	p.Sees("logged in successfully")
}

// Launch is Start without the waiting.
func (p *Profanity) Launch() {
	p.t.Helper()
	env := EnvWithoutBus()
	for _, e := range [][2]string{
		{"HOME", p.home}, {"XDG_CONFIG_HOME", p.home + "/config"}, {"XDG_DATA_HOME", p.home + "/data"},
		{"XDG_CACHE_HOME", p.home + "/cache"}, {"XDG_RUNTIME_DIR", p.home}, {"LANG", "C.UTF-8"}, {"LC_ALL", "C.UTF-8"},
		{"TERM", "screen"}, {"SHELL", "/bin/sh"}, {"TMUX", ""},
	} {
		env = append(env, e[0]+"="+e[1])
	}
	p.read = map[string]int{}
	p.term = openTerminal(p.t, env, p.o.Columns, p.o.Rows, "profanity")
}

// PID is the program's process, 0 if it does not run.
func (p *Profanity) PID() int { return p.term.pid() }

// Quit leaves: Profanity ends its private conversations and signs off.
func (p *Profanity) Quit() {
	p.t.Helper()
	p.Command("/quit")
	if !within(patience, func() bool { return p.term.pid() == 0 }) {
		p.t.Fatalf("%s does not quit; it shows:\n%s", p.Name, p.Screen())
	}
	p.term.close()
}

// Kill ends Profanity without a word to anybody, as a crash does.
func (p *Profanity) Kill() { p.term.kill() }

// ForgetKeys throws away Profanity's key and the fingerprints that it knows. It
// must not be running.
func (p *Profanity) ForgetKeys() {
	p.t.Helper()
	if err := os.RemoveAll(filepath.Join(p.home, "data/profanity/otr")); err != nil {
		p.t.Fatal(err)
	}
}

// Chat turns to the conversation with a bare address.
func (p *Profanity) Chat(with string) {
	p.t.Helper()
	p.Command("/msg " + with) // which works without a window of the conversation, too
	p.Shows(with)
}

// Command types a line: a command, or a text to send.
func (p *Profanity) Command(line string) {
	p.t.Helper()
	p.term.enter(line)
}

// Sees waits until one of the texts stands on the screen once more than it was
// seen before. Blanks and line breaks do not count, for long lines are broken.
func (p *Profanity) Sees(texts ...string) {
	p.t.Helper()
	if !within(patience, func() bool {
		screen := squeeze(p.Screen())
		for _, text := range texts {
			text = squeeze(text)
			if strings.Count(screen, text) > p.read[text] {
				p.read[text]++
				return true
			}
		}
		return false
	}) {
		p.t.Fatalf("%s waited in vain for %q; it shows:\n%s", p.Name, texts, p.Screen())
	}
}

// Shows waits until the title of the window, its first line, holds all the parts:
// "[unencrypted]", or "[OTR]" with "[untrusted]" or "[trusted]".
func (p *Profanity) Shows(parts ...string) {
	p.t.Helper()
	if !within(patience, func() bool {
		title, _, _ := strings.Cut(p.Screen(), "\n")
		return containsAll(title, parts)
	}) {
		p.t.Fatalf("%s waited in vain for the title %q; it shows:\n%s", p.Name, parts, p.Screen())
	}
}

// Fingerprint is that of its own key, in groups of eight.
func (p *Profanity) Fingerprint() string {
	p.t.Helper()
	p.Command("/otr myfp")
	return p.fingerprint("Your OTR fingerprint: ")
}

// FingerprintOf is that of the key which the other in the open conversation shows.
func (p *Profanity) FingerprintOf(with string) string {
	p.t.Helper()
	p.Command("/otr theirfp")
	return p.fingerprint(with + "'s OTR fingerprint: ")
}

// fingerprint is the last one that stands behind the words.
func (p *Profanity) fingerprint(words string) string {
	p.t.Helper()
	told := regexp.MustCompile(regexp.QuoteMeta(words) + `((?:[0-9A-F]{8} ?){5})`)
	found := ""
	if !within(patience, func() bool {
		if all := told.FindAllStringSubmatch(p.Screen(), -1); len(all) > 0 {
			found = strings.TrimSpace(all[len(all)-1][1])
		}
		return found != ""
	}) {
		p.t.Fatalf("%s does not tell %q; it shows:\n%s", p.Name, words, p.Screen())
	}
	return found
}

// Screen is all that is to be seen, without blank lines.
func (p *Profanity) Screen() string { return p.term.screen() }

// squeeze takes out all blanks and line breaks.
func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }
