package testkit

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"culver/internal/pilot"
)

// PidginOptions say how a Pidgin starts.
type PidginOptions struct {
	User, Password string
	Alias          string // what it calls its own account, may be empty
	WithoutOTR     bool   // pidgin-otr is not loaded
	PlainLogs      bool   // logs are written as text, not as HTML
	// Files are put into its folder before it starts, by name: "otr.private_key".
	Files map[string][]byte
}

// Pidgin is somebody at Pidgin with pidgin-otr, on a display and a bus of its own.
// What a person does at it is done over the bus. It ends with the test.
type Pidgin struct {
	Name string // of the account: a bare address
	Dir  string // where Pidgin keeps everything: ~/.purple
	t    testing.TB
	env  []string // but for the display
	on   string   // its display
	cmd  *exec.Cmd
	done chan struct{} // closed when cmd has ended
	said bytes.Buffer  // what it prints; to be read after its end only
	bus  *dbus.Conn
	seen map[string]int // how often each text was read already, by conversation
}

const (
	pidginService  = "im.pidgin.purple.PurpleService"
	pidginObject   = "/im/pidgin/purple/PurpleObject"
	pidginCall     = "im.pidgin.purple.PurpleInterface.Purple"
	conversationIM = int32(1) // PURPLE_CONV_TYPE_IM
)

// StartPidgin starts a Pidgin with a folder of its own, and waits until it is online.
func StartPidgin(t testing.TB, server *Prosody, o PidginOptions) *Pidgin {
	t.Helper()
	if _, err := exec.LookPath("pidgin"); err != nil || pidginOTR() == "" {
		t.Fatal("Pidgin or pidgin-otr is not installed: run `make deps`")
	}
	display, err := pilot.OpenDisplay(1200, 900)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(display.Close)
	bus := StartBus(t)
	p := &Pidgin{Name: o.User + "@" + server.Host, Dir: filepath.Join(t.TempDir(), ".purple"), t: t, on: display.Name}
	p.env = append(bus.Env(), "LANG=C.UTF-8", "NO_AT_BRIDGE=1", "GTK_MODULES=")
	if p.bus, err = dbus.Connect(bus.Address); err != nil {
		t.Fatalf("connect to the bus: %v", err)
	}
	t.Cleanup(func() { p.bus.Close() })
	if err := p.prepare(server, o); err != nil {
		t.Fatalf("prepare Pidgin: %v", err)
	}
	t.Cleanup(p.kill)
	p.Start()
	return p
}

// pidginOTR is where the plugin is, "" if it is not installed.
func pidginOTR() string {
	for _, lib := range []string{"/usr/lib", "/usr/lib64"} {
		path := filepath.Join(lib, "pidgin", "pidgin-otr.so")
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return ""
}

// prepare writes what a person would set up in dialogs. Pidgin writes all of it
// again, in its own way.
func (p *Pidgin) prepare(server *Prosody, o PidginOptions) error {
	format, plugins := "html", "<item value='"+pidginOTR()+"'/>"
	if o.PlainLogs {
		format = "txt"
	}
	if o.WithoutOTR {
		plugins = ""
	}
	certificate, err := os.ReadFile(server.CAFile)
	if err != nil {
		return err
	}
	files := map[string]string{
		"accounts.xml": fmt.Sprintf(`<?xml version='1.0' encoding='UTF-8' ?>
<account version='1.0'><account>
<protocol>prpl-jabber</protocol><name>%s/</name><password>%s</password><alias>%s</alias>
<statuses><status type='available' name='Available' active='true'><attributes/></status></statuses>
<settings>
<setting name='port' type='int'>%d</setting>
<setting name='connection_security' type='string'>require_tls</setting>
</settings>
<settings ui='gtk-gaim'><setting name='auto-login' type='bool'>1</setting></settings>
</account></account>
`, p.Name, o.Password, o.Alias, server.C2S),
		"prefs.xml": fmt.Sprintf(`<?xml version='1.0' encoding='UTF-8' ?>
<pref version='1' name='/'>
<pref name='purple'>
<pref name='logging'><pref name='log_ims' type='bool' value='1'/><pref name='format' type='string' value='%s'/></pref>
<pref name='savedstatus'><pref name='startup_current_status' type='bool' value='1'/></pref>
<pref name='sound'><pref name='while_status' type='int' value='0'/></pref>
</pref>
<pref name='pidgin'>
<pref name='plugins'><pref name='loaded' type='pathlist'>%s</pref></pref>
<pref name='sound'><pref name='method' type='string' value='none'/></pref>
</pref>
</pref>
`, format, plugins),
		// A certificate that the user accepted once.
		"certificates/x509/tls_peers/" + server.Host: string(certificate),
	}
	for name, data := range o.Files {
		files[name] = string(data)
	}
	for name, text := range files {
		path := filepath.Join(p.Dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// Start starts Pidgin again after Quit, with what it had kept.
func (p *Pidgin) Start() {
	p.t.Helper()
	p.seen, p.done = map[string]int{}, make(chan struct{})
	p.cmd = p.Command(p.on)
	p.cmd.Stdout, p.cmd.Stderr = &p.said, &p.said
	if err := p.cmd.Start(); err != nil {
		p.t.Fatalf("start Pidgin: %v", err)
	}
	go func(cmd *exec.Cmd, done chan struct{}) {
		defer close(done)
		_ = cmd.Wait() // how it ended is of no interest: it was told to
	}(p.cmd, p.done)
	if !within(patience, p.Online) {
		p.kill()
		p.t.Fatalf("%s does not come online; it says:\n%s", p.Name, p.said.String())
	}
}

// Command starts Pidgin with what it had kept, on any display.
func (p *Pidgin) Command(display string) *exec.Cmd {
	cmd := exec.Command("pidgin", "--multiple", "--config", p.Dir)
	cmd.Env = append(slices.Clone(p.env), "DISPLAY="+display)
	return cmd
}

// PID is that of its process.
func (p *Pidgin) PID() int { return p.cmd.Process.Pid }

// Online reports whether the account is connected.
func (p *Pidgin) Online() bool {
	var online int32
	return p.try("AccountIsConnected", &online, p.account()) == nil && online != 0
}

// Conversations is how many it has open with people.
func (p *Pidgin) Conversations() int {
	var all []int32
	_ = p.try("GetIms", &all) // none, while it starts
	return len(all)
}

// Quit leaves, as by the menu: Pidgin ends private conversations, signs off and
// writes down what it has to.
func (p *Pidgin) Quit() {
	p.t.Helper()
	if err := p.try("CoreQuit", nil); err != nil && p.cmd.ProcessState == nil {
		p.t.Logf("tell Pidgin to quit: %v", err) // it may be gone before it answers
	}
	select {
	case <-p.done:
	case <-time.After(patience):
		p.t.Fatalf("%s does not quit", p.Name)
	}
}

func (p *Pidgin) kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}

// Say types a line into the conversation with a bare address.
func (p *Pidgin) Say(to, text string) {
	p.t.Helper()
	var im int32
	p.call("ConvIm", &im, p.conversation(to))
	p.call("ConvImSend", nil, im, escapeHTML(text))
}

// Sees waits until the conversation with a bare address has one line more than
// was seen before that holds the text.
func (p *Pidgin) Sees(with, text string) {
	p.t.Helper()
	key := with + "\n" + text
	var lines []string
	if !within(patience, func() bool {
		n := 0
		lines = p.lines(with)
		for _, line := range lines {
			if strings.Contains(line, escapeHTML(text)) {
				n++
			}
		}
		if n <= p.seen[key] {
			return false
		}
		p.seen[key]++
		return true
	}) {
		p.t.Fatalf("%s waited in vain for %q from %s; the conversation is:\n%s", p.Name, text, with, strings.Join(lines, "\n"))
	}
}

// SeesStart waits until the conversation with a bare address is private at this end,
// too: the two ends do not come there at the same moment, and what is said at an end
// that has yet to come there is said in clear.
func (p *Pidgin) SeesStart(with string) {
	p.t.Helper()
	p.Sees(with, "conversation with "+with+"/") // before it "Private" or a link; after it the device, "started"
}

// AddBuddy writes somebody on the Buddy List, under a name and in a group.
func (p *Pidgin) AddBuddy(address, alias, group string) {
	p.t.Helper()
	var g, b int32
	p.call("GroupNew", &g, group)
	p.call("BlistAddGroup", nil, g, int32(0))
	p.call("BuddyNew", &b, p.account(), address, alias)
	p.call("BlistAddBuddy", nil, b, int32(0), g, int32(0))
	p.call("AccountAddBuddy", nil, p.account(), b)
}

// lines are the messages of the conversation as Pidgin shows them: HTML.
func (p *Pidgin) lines(with string) []string {
	var history, lines = []int32(nil), []string(nil)
	if p.try("ConversationGetMessageHistory", &history, p.conversation(with)) != nil {
		return nil
	}
	for i := len(history) - 1; i >= 0; i-- { // the newest is the first
		var line string
		if p.try("ConversationMessageGetMessage", &line, history[i]) == nil {
			lines = append(lines, line)
		}
	}
	return lines
}

// account is Pidgin's number of the account.
func (p *Pidgin) account() (id int32) {
	_ = p.try("AccountsFindAny", &id, p.Name+"/", "prpl-jabber")
	return id
}

// conversation is Pidgin's number of the conversation, which is opened if need be.
func (p *Pidgin) conversation(with string) (id int32) {
	p.t.Helper()
	p.call("FindConversationWithAccount", &id, conversationIM, with, p.account())
	if id == 0 {
		p.call("ConversationNew", &id, conversationIM, p.account(), with)
	}
	return id
}

func (p *Pidgin) call(name string, result any, args ...any) {
	p.t.Helper()
	if err := p.try(name, result, args...); err != nil {
		p.t.Fatalf("%s: %s: %v", p.Name, name, err)
	}
}

// try calls a function of libpurple, by its name without "Purple". Result is a
// pointer, or nil if there is none.
func (p *Pidgin) try(name string, result any, args ...any) error {
	c := p.bus.Object(pidginService, pidginObject).Call(pidginCall+name, 0, args...)
	if c.Err != nil || result == nil {
		return c.Err
	}
	return c.Store(result)
}

func escapeHTML(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}
