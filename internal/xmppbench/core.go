package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"runtime/pprof"
	"strconv"
	"strings"
	"time"

	"culver/buddylist"
	"culver/consoleplugin"
	"culver/im"
	"culver/internal/benchkit"
	"culver/internal/queue"
	"culver/messenger"
	"culver/notifyplugin"
	"culver/otrplugin"
	"culver/plugin"
	"culver/protocol"
	"culver/protocol/xmpp"
	"culver/replaceplugin"
	"culver/stateplugin"
)

// What the core is told by its environment: the folder of its profile, how many buddies
// are on the roster and online, and where to write a CPU profile.
const (
	coreEnv    = "XMPPBENCH_PROFILE"
	coreSize   = "XMPPBENCH_SIZE"
	profileEnv = "XMPPBENCH_CPUPROFILE"
)

// core is Culver without windows: a whole messenger over a real profile, and a front end
// that keeps the Buddy List and computes its rows, as the one with windows does.
type core struct {
	m               *messenger.Messenger
	events          *queue.Queue[messenger.Event]
	list            *buddylist.List
	account         im.AccountID
	buddies, online int
	told            map[string]bool

	sending parcel
}

// parcel is what is to be sent: never more at once than is open.
type parcel struct {
	to                im.ConvID
	next, done, total int
	ids               map[string]bool // said, and not known to be sent
}

// window is how many lines may be on their way at once: the connection's queue has an end.
const window = 1000

// rowsEvery is how often the rows are computed while things change.
const rowsEvery = 50 * time.Millisecond

// runCore runs until its input ends. It reads commands from there, a line each, and tells
// what happens, a line each, with the time in nanoseconds:
//
//	send N ADDRESS    says N lines
//	listed, online    the rows show all buddies; and those online as online
//	sent              what was said is sent, as the server confirmed
func runCore(dir string) error {
	if file := os.Getenv(profileEnv); file != "" {
		f, err := os.Create(file)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	h, err := enterHouse(dir)
	if err != nil {
		return err
	}
	defer h.leave()
	c := &core{list: buddylist.New(), told: map[string]bool{}}
	if _, err := fmt.Sscan(os.Getenv(coreSize), &c.buddies, &c.online); err != nil {
		return err
	}
	c.m = messenger.New(messenger.Config{
		Store: h.db, Vault: h.vault, Safe: h.vault, NoFirstRun: true, Version: "bench",
		Spaces:   func(id string) plugin.Store { return h.db.Space(id) },
		Networks: []protocol.Protocol{xmpp.Network{}},
		Plugins: []plugin.Plugin{otrplugin.New(rand.Reader), notifyplugin.New(), stateplugin.New(),
			consoleplugin.New(), replaceplugin.New()},
	})
	if err := c.m.Load(); err != nil {
		return err
	}
	c.events = c.m.Subscribe()
	ended := make(chan error, 1)
	go func() { ended <- c.m.Run(context.Background()) }()
	commands := make(chan string)
	go func() {
		defer close(commands)
		for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
			commands <- lines.Text()
		}
	}()
	c.serve(commands)
	return <-ended
}

func (c *core) serve(commands <-chan string) {
	tick := time.NewTicker(rowsEvery)
	defer tick.Stop()
	changed := false
	for {
		select {
		case command, ok := <-commands:
			if !ok {
				commands = nil
				c.m.Quit()
				continue
			}
			c.obey(command)
		case <-c.events.Ready():
			for _, e := range c.events.TryTake() {
				if _, over := e.(messenger.Stopped); over {
					return
				}
				changed = c.follow(e) || changed
			}
			c.sendMore()
		case <-tick.C:
			if changed {
				c.draw()
				changed = false
			}
		}
	}
}

// follow takes an event, and reports whether the Buddy List changed by it.
func (c *core) follow(e messenger.Event) (changed bool) {
	switch e := e.(type) {
	case messenger.Snapshot:
		for _, a := range e.Accounts {
			c.account = a.Account.ID
		}
		for _, change := range e.Buddies {
			c.list.Apply(change)
		}
		return true
	case messenger.BuddyListChanged:
		c.list.Apply(e.Change)
		return true
	case messenger.Trouble:
		fmt.Fprintln(os.Stderr, "core:", e.Text)
	case messenger.MessageChanged:
		s := &c.sending
		if !s.ids[e.Message.ID] {
			break
		}
		switch e.Message.State {
		case im.Done, im.Delivered:
			delete(s.ids, e.Message.ID)
			if s.done++; s.done == s.total {
				tell("sent")
			}
		case im.Failed:
			fmt.Fprintln(os.Stderr, "core: not sent:", e.Message.Reason)
		}
	}
	return false
}

func (c *core) draw() {
	for _, row := range c.list.Rows(buddylist.View{ShowOffline: true}) {
		if row.Kind != buddylist.GroupRow {
			continue
		}
		c.once("listed", row.Total == c.buddies)
		c.once("online", row.Online == c.online)
	}
}

func (c *core) once(what string, is bool) {
	if is && !c.told[what] {
		c.told[what] = true
		tell(what)
	}
}

func tell(what string) {
	os.Stdout.WriteString(what + " " + strconv.FormatInt(time.Now().UnixNano(), 10) + "\n")
}

func (c *core) obey(command string) {
	words := strings.Fields(command)
	if len(words) != 3 || words[0] != "send" {
		fmt.Fprintf(os.Stderr, "core: no command: %q\n", command)
		return
	}
	n, _ := strconv.Atoi(words[1])
	c.sending = parcel{to: im.ConvID{Account: c.account, Peer: words[2]}, total: n, ids: map[string]bool{}}
	c.sendMore()
}

func (c *core) sendMore() {
	s := &c.sending
	for ; s.next < s.total && len(s.ids) < window; s.next++ {
		s.ids[c.m.Send(s.to, benchkit.Line("those sent", s.next), im.Open)] = true
	}
}
