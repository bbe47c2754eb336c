package messenger

import (
	"cmp"
	"slices"
	"time"

	"culver/buddylist"
	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// chat is one conversation.
type chat struct {
	id       im.ConvID
	timeline *conversation.Timeline
	older    bool                  // the history has lines above the oldest one here
	oldest   string                // the one above which they are, once some were loaded
	past     past                  // what the server has above them
	logged   map[string]bool       // lines that are in the history
	waiting  []string              // our lines that could not leave yet, in order
	held     map[string]bool       // those of them that a plugin holds
	kept     map[string]bool       // private lines that were on the disk already when they were found there, or by the user's choice
	hidden   map[string]bool       // private lines that are not to be on the disk, whichever plugins are on
	partings []parting             // of the lines sent last
	numbered []numbered            // sealed lines, as a plugin calls them
	unlogged bool                  // nothing sealed was to be kept when that was looked at last
	logging  bool                  // what is not sealed was
	unkept   []string              // lines of the private conversation that are not in the history, in order
	draft    draft                 // what stands in the entry
	resumed  bool                  // plugins were told of private lines of an earlier run
	edited   bool                  // a private line was taken back to be written anew
	aliases  []alias               // IDs under which lines were corrected
	gone     map[string]time.Time  // in a room: when somebody of that name left it last; of "": when anybody may have
	before   map[string]im.Message // what the peer has of lines the correction of which is under way
	unsure   map[string]bool       // our lines by their names on the network that may be lost though our own archive has them
	anew     map[string]bool       // lines that were typed after that, and not yet tried
	seal     im.Seal
	unread   int
	named    int               // of a room: those of them that name the user
	said     map[string]string // of a room: the lines by what they are known by, once one came
	earlier  map[string]string // of a room: those before these
	open     bool
	turn     int    // when it was opened, in the order of the conversations
	ours     bool   // the user opened it, or wrote in it
	resource string // the peer's device that we heard from last
	wires    []*wired
	marked   []marked // lines that came with a mark
	early    []early  // texts that wait for others, which they have overtaken
	ready    []uint64 // tickets of those that do not wait any more
	typed    im.Typing
	asked    time.Time // for attention, by the peer
	asking   time.Time // by us
	menus    []Menu
	sending  bool // files can be sent in it: as front ends were told
}

// waitNoMore takes one of our lines out of those that could not leave yet.
func (c *chat) waitNoMore(line string) {
	c.waiting = slices.DeleteFunc(c.waiting, func(id string) bool { return id == line })
	delete(c.held, line)
}

// state is a conversation as front ends start with it.
func (m *Messenger) state(c *chat) ConversationState {
	var known []conversation.RoomEvent
	if r := m.rooms[c.id]; r != nil {
		known = r.known.Events()
	}
	return ConversationState{Kind: m.kind(c.id), Room: known, CanSendFiles: m.sending(c),
		Conv: c.id, Messages: c.timeline.Lines(0), Seal: c.seal,
		Unread: c.unread, Menus: slices.Clone(c.menus), Older: c.older, Draft: c.draft.Text, Logging: c.logging, Telling: m.telling(c.id)}
}

func (c *chat) hide(line string) {
	if c.hidden == nil {
		c.hidden = map[string]bool{}
	}
	c.hidden[line] = true
}

// chat returns a conversation, with its recent history.
func (m *Messenger) chat(id im.ConvID) *chat {
	if c, ok := m.chats[id]; ok {
		return c
	}
	recent, older, err := m.olderLines(id, "", historyPage)
	if err != nil {
		m.trouble(lang.F("The history of %s could not be read.", m.list.Title(id)), err)
	}
	c := &chat{id: id, timeline: conversation.NewTimeline(recent), logged: map[string]bool{}, kept: map[string]bool{}, older: older, logging: m.logging(id)}
	c.older = c.older || m.mayHaveOlder(c)
	for _, line := range recent {
		c.recovered(line)
	}
	c.unlogged = m.unlogged(id)
	m.chats[id] = c
	return c
}

// sortedChats are the conversations of an account ("" for all), in a fixed order.
func (m *Messenger) sortedChats(a im.AccountID) []*chat {
	var all []*chat
	for id, c := range m.chats {
		if a == "" || id.Account == a {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(x, y *chat) int {
		return cmp.Or(cmp.Compare(x.id.Account, y.id.Account), cmp.Compare(x.id.Peer, y.id.Peer))
	})
	return all
}

// Open shows a conversation in front.
func (m *Messenger) Open(id im.ConvID) {
	m.inbox.Put(func() { m.open(id, true) })
}

func (m *Messenger) open(id im.ConvID, focus bool) {
	if m.accounts[id.Account] == nil || id.Peer == "" {
		return
	}
	c := m.chat(id)
	if c.open && !focus {
		return
	}
	m.shows(c)
	if focus {
		c.ours, m.front = true, id
	}
	c.menus = m.menus(id)
	m.publish(ConversationOpened{State: m.state(c), Focus: focus})
	if focus {
		m.pardon(id)
		if k := m.knocking(id); k != nil {
			m.letIn(k)
		}
	}
}

// shows notes that a conversation is open.
func (m *Messenger) shows(c *chat) {
	if !c.open {
		m.turns++
		c.open, c.turn = true, m.turns
	}
}

// Close takes a conversation away. What is private about it goes on: see the
// plugin's menu to end that.
func (m *Messenger) Close(id im.ConvID) {
	m.inbox.Put(func() {
		c, ok := m.chats[id]
		if !ok || !c.open {
			return
		}
		m.sendTyping(c, im.TypingGone)
		c.open = false
		if m.front == id {
			m.front = im.ConvID{}
		}
		m.setUnread(c, 0)
		m.publish(ConversationClosed{id})
		if r := m.rooms[id]; r != nil {
			m.exit(r)
		}
		if !m.known(id) && c.seal.Level == im.Open && c.draft.Text == "" {
			delete(m.chats, id) // a stranger's, which the user did not answer
		}
	})
}

// Read says that the user saw the conversation to its end.
func (m *Messenger) Read(id im.ConvID) {
	m.inbox.Put(func() {
		if c, ok := m.chats[id]; ok {
			m.setUnread(c, 0)
		}
	})
}

// Typing tells the peer what the user does at the keyboard, if they are there.
func (m *Messenger) Typing(id im.ConvID, t im.Typing) {
	m.inbox.Put(func() {
		if c, ok := m.chats[id]; ok {
			m.sendTyping(c, t)
		}
	})
}

func (m *Messenger) sendTyping(c *chat, t im.Typing) {
	if c.typed == t || c.typed == im.TypingGone && t != im.TypingComposing {
		return
	}
	if c.seal.Level == im.Open && (len(c.held) > 0 || m.required(c.id)) {
		return // it would tell of what must not leave yet
	}
	c.typed = t
	s, ok := m.online(c.id.Account).(protocol.TypingSender)
	if p, _ := m.list.Presence(c.id); ok && m.tells(c.id, TellTyping) && p.Show != im.Offline {
		s.SendTyping(im.Addr{Bare: c.id.Peer, Resource: c.resource}, t)
	}
}

func (m *Messenger) setUnread(c *chat, n int) {
	if c.unread == n {
		return
	}
	c.unread = n
	c.named = min(c.named, n)
	m.applyList(buddylist.Unread{Conv: c.id, Count: n, Named: c.named})
}

// received is a message from the network.
func (m *Messenger) received(a *account, e protocol.Received) {
	id := im.ConvID{Account: a.id, Peer: e.From.Bare}
	switch {
	case m.shared(id): // what a room says comes otherwise
	case m.list.BlockedAs(id) != "":
	case !m.welcomes(id):
		m.knockedByLine(id, e)
	default:
		m.receive(a, id, e)
	}
}

// receive is a message of somebody whom the user has to do with.
func (m *Messenger) receive(a *account, id im.ConvID, e protocol.Received) {
	c := m.chat(id)
	m.readReady(c)
	defer m.readReady(c)
	c.resource = e.From.Resource
	came, again := m.cameTwice(c, e)
	if again {
		if came.read {
			m.confirm(c.id, e) // that it came before may not have reached its sender
		}
		return
	}
	m.read(c, e, came, 0)
}

// read shows what there is to read in a message; ticket is set if it comes to the
// plugins again.
func (m *Messenger) read(c *chat, e protocol.Received, came *wired, ticket uint64) {
	in, err := conversation.Incoming(m.chain(c.id), c.id, plugin.Arrival{From: e.From, Wire: e.Body, Late: e.Late, Ticket: ticket})
	if err != nil && in.Alarm == "" && in.Drop {
		in.Alarm = m.unreadable(err)
	}
	if in.Alarm != "" {
		m.notice(c.id, im.Alarm, im.Plain(in.Alarm))
	}
	if in.Drop {
		if in.Ticket != 0 {
			c.wait(early{in.Ticket, e, came})
		}
		return
	}
	if came != nil {
		came.read = true
	}
	defer m.confirm(c.id, e)
	if m.corrected(c, e, in) || m.saidTwice(c, e, in) {
		return
	}
	msg := im.Message{ID: newID(), Conv: c.id, From: e.From, Text: in.Text, Time: time.Now(), Seal: in.Seal,
		Origin: cleanID(e.ID), Archive: cleanID(e.Archive)}
	if e.Late {
		now := msg.Time
		msg.Late, msg.Time = true, plausible(e.Time, now)
		if n := c.timeline.Len(); n > 0 && c.timeline.At(n-1).Moment().After(msg.Time) {
			msg.Came = now
		}
		if m.again(msg) {
			return
		}
	}
	if m.logs(c.id, msg.Seal) {
		if err := m.append(msg); err != nil {
			m.trouble(lang.F("A message of %s could not be saved. It is shown, but will be gone after you quit.", m.list.Title(c.id)), err)
		} else {
			c.logged[msg.ID] = true
		}
	} else {
		c.noteUnkept(msg)
	}
	if m.known(c.id) {
		m.applyList(buddylist.Typing{Conv: c.id, State: im.TypingActive})
	}
	what := soundOf(c)
	m.open(c.id, false)
	m.add(c, msg)
	c.mark(msg.ID, in.Said)
	if e.Replaces != "" { // of what is not here: further corrections are of this line
		c.call(im.Addr{Bare: e.From.Bare}, cleanID(e.Replaces), msg.ID)
	}
	m.setUnread(c, c.unread+1)
	m.heard(c, what)
	if !e.Late {
		m.pounce(c.id, PounceSays, false)
	}
}

// unreadable tells the user of a plugin that failed; what a plugin has to say of
// bad messages, it says itself.
func (m *Messenger) unreadable(err error) string {
	if conversation.IsPluginFailure(err) {
		return lang.F("A message came that could not be read: %s.", err.Error())
	}
	return ""
}

// plausible keeps a peer from dating messages into the future.
func plausible(t, now time.Time) time.Time {
	if t.IsZero() || t.After(now) {
		return now
	}
	return t
}

func (m *Messenger) add(c *chat, msg im.Message) {
	c.timeline.Add(msg)
	m.publish(MessageAdded{msg})
	m.spoke(msg)
}

func (m *Messenger) change(c *chat, msg im.Message) {
	c.timeline.Change(msg)
	m.publish(MessageChanged{msg})
}

// notice shows a line by Culver or a plugin, opening the conversation if need be.
func (m *Messenger) notice(id im.ConvID, kind im.Kind, t im.Text) {
	if m.accounts[id.Account] == nil {
		return
	}
	m.open(id, false)
	c := m.chat(id)
	m.add(c, im.Message{ID: newID(), Conv: id, Kind: kind, Text: t, Time: time.Now(), Seal: c.seal})
	if kind == im.Alarm {
		m.setUnread(c, c.unread+1)
	}
}

func (m *Messenger) noticeIfOpen(id im.ConvID, text string) {
	if c, ok := m.chats[id]; ok && c.open {
		m.notice(id, im.Notice, im.Plain(text))
	}
}

// setSeal says how well a conversation is protected from now on.
func (m *Messenger) setSeal(id im.ConvID, s im.Seal) {
	if m.accounts[id.Account] == nil || m.shared(id) {
		return
	}
	c := m.chat(id)
	if c.seal == s {
		return
	}
	if s.Level.Encrypted() && !c.seal.Level.Encrypted() {
		c.unkept = nil // another private conversation begins
	}
	c.seal = s
	m.publish(SealChanged{id, s})
}

// chain is the transformers of a conversation, in the order in which they see outgoing text.
func (m *Messenger) chain(id im.ConvID) []plugin.Transformer {
	if m.shared(id) {
		return nil
	}
	var out []plugin.Transformer
	for _, h := range m.plugins {
		if t, ok := h.plugin.(plugin.Transformer); ok {
			out = append(out, link{t, h})
		}
	}
	return out
}

// link is a transformer that is not called back once its plugin is off.
type link struct {
	plugin.Transformer
	host *hosted
}

func (l link) Outgoing(c im.ConvID, text string) (plugin.Out, error) {
	out, err := l.Transformer.Outgoing(c, text)
	if unsent := out.Unsent; unsent != nil {
		out.Unsent = func() {
			if !l.host.ended {
				unsent()
			}
		}
	}
	return out, err
}

// required reports that nothing may leave the conversation unsealed.
func (m *Messenger) required(id im.ConvID) bool {
	return !m.shared(id) && m.anySecrecy(func(s plugin.Secrecy) bool { return s.Required(id) })
}
