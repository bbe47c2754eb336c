package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"culver/internal/benchkit"
	"culver/internal/pilot"
	"culver/internal/testkit"
)

// side is one client under test. It has the user's account to itself between start and
// stop; what cannot be done ends the run.
type side interface {
	name() string
	address() string // of the account, or of the connection
	// forget leaves nothing of what was before: the next start is the first one of this
	// account.
	forget(account)
	// start starts the program, which connects by itself, and returns when that began:
	// its process, or when the user had nothing more to do.
	start() time.Time
	// listed waits until all buddies are on the list, and online until those who are
	// there are shown to be: they return when that was.
	listed() time.Time
	online() time.Time
	// ready turns to the conversation with the friend, where a line has come.
	ready(line string)
	// send says n lines to the friend, and returns when it was told to. It returns false
	// if the side cannot.
	send(n int) (time.Time, bool)
	pid() int
	stop()
}

// lookEvery is how often a screen is looked at.
const lookEvery = 20 * time.Millisecond

// until looks again and again.
func (b *bench) until(what string, is func() bool) time.Time {
	return b.untilEvery(lookEvery, what, is)
}

func (b *bench) untilEvery(pause time.Duration, what string, is func() bool) time.Time {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	limit := time.NewTimer(benchkit.Patience)
	defer limit.Stop()
	for !is() {
		select {
		case <-tick.C:
		case <-limit.C:
			b.Fatalf("waited in vain for %s", what)
		}
	}
	return time.Now()
}

// bareSide is the bare client in the user's place.
type bareSide struct {
	*bench
	town   *town
	who    account
	client *benchkit.Client
	list   <-chan time.Time
	there  <-chan time.Time
}

func (s *bareSide) name() string       { return bareName }
func (s *bareSide) address() string    { return s.client.JID }
func (s *bareSide) forget(who account) { s.who = who }
func (s *bareSide) pid() int           { return 0 }
func (s *bareSide) ready(string)       {}
func (s *bareSide) stop()              { s.client.Leave() }

func (s *bareSide) start() time.Time {
	began := time.Now()
	var err error
	s.client, err = benchkit.Enter(s.town.server, s.who.name)
	s.Must(err)
	s.list = s.client.Look("subscription='both'", s.who.buddies)
	s.Must(s.client.Say("<iq type='get' id='roster'><query xmlns='jabber:iq:roster'/></iq>"))
	s.there = s.client.Look("<status>about</status>", s.who.online)
	return began
}

func (s *bareSide) listed() time.Time {
	at, err := benchkit.Await(s.list)
	s.Must(err)
	s.Must(s.client.Say("<presence/>"))
	return at
}

func (s *bareSide) online() time.Time {
	at, err := benchkit.Await(s.there)
	s.Must(err)
	return at
}

func (s *bareSide) send(n int) (time.Time, bool) {
	began := time.Now()
	go s.client.Flood(s.town.friend.JID, n, "bare")
	return began, true
}

// coreSide is Culver without windows.
type coreSide struct {
	*bench
	town    *town
	who     account
	profile string
	runs    int // that were profiled
	dir     string
	cmd     *exec.Cmd
	in      io.WriteCloser
	told    map[string]time.Time
	news    chan news
}

// news is something that the core tells of; without a name: that it ended.
type news struct {
	what string
	at   time.Time
}

func (s *coreSide) name() string    { return coreName }
func (s *coreSide) address() string { return s.who.name + "@" + s.town.host }
func (s *coreSide) pid() int        { return s.cmd.Process.Pid }
func (s *coreSide) ready(string)    {}

func (s *coreSide) forget(who account) {
	s.who = who
	s.dir = filepath.Join(s.TempDir(), "profile")
	s.Must(furnish(s.dir, s.who.name, s.who.name+"@"+s.town.host, s.town.way.Address, s.town.way.Port))
}

func (s *coreSide) start() time.Time {
	self, err := os.Executable()
	s.Must(err)
	s.cmd = exec.Command(self)
	s.cmd.Env = append(os.Environ(), coreEnv+"="+s.dir, fmt.Sprintf("%s=%d %d", coreSize, s.who.buddies, s.who.online),
		profileEnv+"="+s.profiled(), "SSL_CERT_FILE="+s.town.server.CAFile,
		"GODEBUG=clobberfree=1") // as the program is built
	s.cmd.Stderr = os.Stderr
	s.in, err = s.cmd.StdinPipe()
	s.Must(err)
	out, err := s.cmd.StdoutPipe()
	s.Must(err)
	began := time.Now()
	s.Must(s.cmd.Start())
	s.told, s.news = map[string]time.Time{}, make(chan news, 64)
	go func(to chan<- news) {
		defer close(to)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			what, at, _ := strings.Cut(lines.Text(), " ")
			ns, _ := strconv.ParseInt(at, 10, 64)
			to <- news{what, time.Unix(0, ns)}
		}
	}(s.news)
	return began
}

// profiled is where to write the profile of the next run, if anywhere.
func (s *coreSide) profiled() string {
	if s.profile == "" {
		return ""
	}
	s.runs++
	return fmt.Sprint(s.profile, ".", s.runs)
}

// hears waits until the core has told of something.
func (s *coreSide) hears(what string) time.Time {
	limit := time.NewTimer(benchkit.Patience)
	defer limit.Stop()
	for {
		if at, ok := s.told[what]; ok {
			return at
		}
		select {
		case n, ok := <-s.news:
			if !ok {
				s.Fatalf("the core ended before it told %q", what)
			}
			s.told[n.what] = n.at
		case <-limit.C:
			s.Fatalf("the core does not tell %q", what)
		}
	}
}

func (s *coreSide) listed() time.Time { return s.hears("listed") }
func (s *coreSide) online() time.Time { return s.hears("online") }

func (s *coreSide) send(n int) (time.Time, bool) {
	began := time.Now()
	_, err := fmt.Fprintf(s.in, "send %d %s@%s\n", n, friend, s.town.host)
	s.Must(err)
	return began, true
}

func (s *coreSide) stop() {
	s.in.Close()
	s.Must(s.cmd.Wait())
}

// windowSide is Culver, on a display of its own.
type windowSide struct {
	*bench
	town    *town
	who     account
	program string
	dir     string
	display *pilot.Display
	person  *pilot.Person
}

func (s *windowSide) name() string    { return windowName }
func (s *windowSide) address() string { return s.who.name + "@" + s.town.host }
func (s *windowSide) pid() int        { return s.person.PID() }

func (s *windowSide) forget(who account) {
	s.who = who
	if s.display == nil {
		d, err := pilot.OpenDisplay(1280, 900)
		s.Must(err)
		s.Cleanup(d.Close)
		s.display = d
	}
	s.dir = filepath.Join(s.TempDir(), "profile")
	s.Must(furnish(s.dir, s.who.name, s.who.name+"@"+s.town.host, s.town.way.Address, s.town.way.Port))
}

// start starts the program and opens the profile. What counts begins when the passphrase
// was typed: how fast that goes says nothing of the program. How long it took until it
// was asked for is counted.
func (s *windowSide) start() time.Time {
	s.person = &pilot.Person{Name: s.who.name, Tell: func(string) {}, Fail: func(text string) { s.Fatal(text) }}
	began := time.Now()
	// Others may look at how much memory it has, also where it is not root who asks.
	s.Must(s.person.Start(s.display, s.program, s.dir, "SSL_CERT_FILE="+s.town.server.CAFile, "DBUS_SESSION_BUS_ADDRESS=", "CULVER_DUMPS=1"))
	s.Cleanup(s.person.Kill)
	asked := s.until("the question for the passphrase", func() bool { return s.shows("button", "Unlock") }).Sub(began)
	s.person.Clicks("entry", "Passphrase")
	s.person.TypesSecret(passphrase)
	typed := time.Now()
	s.person.Presses("Return")
	return typed.Add(-asked)
}

// shows reports whether a thing of that kind, whose name holds the text, is on the screen.
func (s *windowSide) shows(kind, text string) bool {
	things, err := s.person.Look()
	if err != nil {
		return false
	}
	for _, t := range things {
		if t.Kind == kind && strings.Contains(t.Name, text) {
			return true
		}
	}
	return false
}

func (s *windowSide) listed() time.Time {
	return s.until("the buddies in the window", func() bool { return s.shows("group", fmt.Sprintf("/%d)", s.who.buddies)) })
}

func (s *windowSide) online() time.Time {
	return s.until("the buddies who are online in the window", func() bool {
		return s.shows("group", fmt.Sprintf("(%d/%d)", s.who.online, s.who.buddies))
	})
}

func (s *windowSide) ready(line string) {
	s.until("the conversation", func() bool { return s.shows("line", line) })
}

func (s *windowSide) send(int) (time.Time, bool) { return time.Time{}, false }

func (s *windowSide) stop() {
	s.person.Signals(syscall.SIGTERM)
	s.person.WaitEnd()
}

// profanitySide is Profanity, in a terminal of the usual size.
type profanitySide struct {
	*bench
	town    *town
	who     account
	lines   int // of the script that it sends by
	program *testkit.Profanity
}

func (s *profanitySide) name() string    { return profanityName }
func (s *profanitySide) address() string { return s.who.name + "@" + s.town.host }
func (s *profanitySide) pid() int        { return s.program.PID() }

// profrc is as Profanity comes, but for what makes it say on the screen how many are on
// the roster and online, and what a server need not be asked.
const profrc = `[ui]
splash=false
roster=true
roster.offline=true
roster.empty=true
roster.by=presence
roster.count=items
roster.count.zero=true
roster.size=40
[logging]
chlog=true
[presence]
autoaway.mode=off
[receipts]
send=true
`

func (s *profanitySide) forget(who account) {
	s.who = who
	s.program = testkit.NewProfanity(s, s.town.server, testkit.ProfanityOptions{User: s.who.name, Password: benchkit.PasswordOf(s.who.name),
		Port: s.town.way.Port, Settings: profrc, Columns: 120, Rows: 40})
	var script strings.Builder
	for i := range s.lines {
		fmt.Fprintf(&script, "/msg %s@%s %s\n", friend, s.town.host, benchkit.Line("those sent", i))
	}
	s.program.Puts("data/profanity/scripts/flood", script.String())
}

func (s *profanitySide) start() time.Time {
	began := time.Now()
	s.program.Launch()
	return began
}

func (s *profanitySide) listed() time.Time {
	return s.until("the roster on Profanity's screen", func() bool { return strings.Contains(s.program.Screen(), "buddy0001") })
}

func (s *profanitySide) online() time.Time {
	return s.until("who is online on Profanity's screen", func() bool {
		return strings.Contains(s.program.Screen(), fmt.Sprintf("(%d)", s.who.online))
	})
}

func (s *profanitySide) ready(line string) {
	s.program.Command("/msg " + friend + "@" + s.town.host)
	s.until("the conversation", func() bool { return strings.Contains(s.program.Screen(), line) })
}

// send has Profanity run a script of its own kind: typed by hand, each key would count.
func (s *profanitySide) send(int) (time.Time, bool) {
	began := time.Now()
	s.program.Command("/script run flood")
	return began, true
}

func (s *profanitySide) stop() {
	s.program.Quit()
}
