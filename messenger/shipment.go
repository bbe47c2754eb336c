package messenger

import (
	"context"
	"sync/atomic"
	"time"

	"culver/cargo"
	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// shipment is a transfer at work. Its offer and its key are fixed once it has them;
// the sink and the opener belong to the work that is under way, and else to the
// messenger.
type shipment struct {
	Transfer
	m       *Messenger
	turn    int
	offer   cargo.Offer
	sources []cargo.Source // of ours
	key     cargo.Key
	with    string // the key of the peer's program that it is with
	device  string // where that program is

	gate  cargo.Gate
	moved atomic.Int64       // what work has done, in bytes of the contents
	stop  context.CancelFunc // of the work that is under way; nil: none is
	next  func()             // what to do when it has ended, in place of what it was for

	told     bool         // the peer's program knows of it
	asks     int          // how often the contents were begun with since they got further
	furthest int64        // the last chunk that was asked for
	given    int64        // how much of that was for a depot in all, as it is sent
	wanted   transferNote // what they asked for last
	putting  atomic.Bool  // it is on its way to a depot
	putFirst int64        // from this chunk on
	placed   transferNote // where it is there
	owed     bool         // they wait for it, and cannot know that it broke
	form     *dialog
	stopTry  func() // of a timer to go on

	sink   *cargo.Sink
	opener *cargo.Opener
	first  int64  // the chunk that the stream begins with that is asked for
	link   string // where that is
	begun  string // the stream, a pipe or a link, of which the header was read
	lost   bool   // there was nothing
	agreed string // the host, not of the own server, that the user agreed to fetch from
	tries  int    // without anything that came
	had    int64  // what there was when it broke last
	mark   int64  // what there was at the last tick
	marked time.Time
}

func (m *Messenger) newShipment(c im.ConvID, out bool) *shipment {
	m.shipTurns++
	s := &shipment{m: m, turn: m.shipTurns, Transfer: Transfer{ID: TransferID(newID()), Conv: c, Out: out, When: time.Now()}}
	for _, old := range m.sortedShipments() {
		if len(m.shipments) < maxTransfers {
			break
		}
		if old.State.Over() {
			m.removeShipment(old)
		}
	}
	if m.shipments == nil {
		m.shipments = map[TransferID]*shipment{}
	}
	m.shipments[s.ID] = s
	return s
}

// begin shows it in the conversation.
func (s *shipment) begin() {
	s.Line = newID()
	s.m.open(s.Conv, false)
	c := s.m.chat(s.Conv)
	s.m.add(c, im.Message{ID: s.Line, Conv: s.Conv, Kind: im.Notice, Text: im.Plain(s.words()), Time: s.When, Seal: s.Seal})
	s.changed()
}

// set changes its state.
func (s *shipment) set(state TransferState, reason string) {
	s.State, s.Reason = state, reason
	s.gate.Set(state == TransferPaused)
	s.CanPause = state == TransferRunning
	s.CanResume = state == TransferPaused || state == TransferFailed && s.sink != nil
	if state != TransferRunning {
		s.Rate = 0
	}
	if state.Over() {
		s.closeForm()
		s.halt()
		if s.stop == nil {
			s.clean()
		}
	}
	s.changed()
}

// changed brings its line up to date, and tells front ends.
func (s *shipment) changed() {
	if c, ok := s.m.chats[s.Conv]; ok && s.Line != "" {
		if line, ok := c.timeline.Find(s.Line); ok {
			if text := im.Plain(s.words()); line.Text.String() != text.String() {
				line.Text, line.Seal = text, s.Seal
				s.m.change(c, line)
			}
		}
	}
	s.m.publish(TransferChanged{s.Transfer})
	if s.State == TransferRunning || s.State == TransferPreparing {
		s.m.tickTransfers()
	}
}

// work does something beside the messenger. What is under way ends first, and nothing
// comes of that.
func (s *shipment) work(f func(context.Context) error, done func(error)) {
	if s.stop != nil {
		s.stop()
		s.next = func() { s.work(f, done) }
		return
	}
	ctx, cancel := context.WithCancel(s.m.ctx)
	s.stop = cancel
	s.m.background(func(context.Context) error {
		defer cancel()
		return f(ctx)
	}, func(err error) {
		s.stop = nil
		delete(s.m.endingShipments, s)
		next := s.next
		s.next = nil
		switch {
		case s.State.Over():
			s.clean()
		case next != nil:
			next()
		default:
			done(err)
		}
	})
}

// halt ends what is under way.
func (s *shipment) halt() {
	if s.stop != nil {
		s.stop()
	}
	s.next = nil
	s.stopTrying()
}

func (s *shipment) stopTrying() {
	if s.stopTry != nil {
		s.stopTry()
		s.stopTry = nil
	}
}

// clean lets go of everything but what front ends are shown. One that failed may be
// gone on with: it keeps what it has.
func (s *shipment) clean() {
	if s.State == TransferFailed && s.CanResume {
		return
	}
	s.key.Wipe()
	if s.sink != nil {
		s.sink.Abort()
		_ = s.sink.Close() // nothing is written any more
		s.sink, s.opener = nil, nil
	}
}

// dropTransfers ends all of them, at the end of Run, and those that are off the list.
func (m *Messenger) dropTransfers() {
	for _, s := range m.shipments {
		s.CanResume = false
		s.clean()
	}
	for s := range m.endingShipments {
		s.clean()
	}
}

// transferTick is how often front ends are told how far transfers are.
const transferTick = 250 * time.Millisecond

func (m *Messenger) tickTransfers() {
	if m.shipTicks {
		return
	}
	m.shipTicks = true
	m.after(transferTick, func() {
		m.shipTicks = false
		for _, s := range m.sortedShipments() {
			if s.State == TransferRunning || s.State == TransferPreparing {
				s.tick()
			}
		}
	})
}

// tick tells how far it is, and how fast.
func (s *shipment) tick() {
	now, moved := time.Now(), s.moved.Load()
	if d := now.Sub(s.marked); d >= time.Second {
		rate := int64(float64(max(0, moved-s.mark)) / d.Seconds())
		if !s.marked.IsZero() && s.State == TransferRunning {
			if s.Rate != 0 {
				rate = (rate + 2*s.Rate) / 3
			}
			s.Rate = rate
		}
		s.mark, s.marked = moved, now
	}
	s.Done = min(moved, s.Size)
	s.changed()
}

// words are its line in the conversation.
func (s *shipment) words() string {
	name, what := s.m.nameOf(s.Conv), s.What()
	reason := ""
	if s.Reason != "" {
		reason = " " + s.Reason
	}
	switch {
	case s.State == TransferOffered:
		return lang.F("%s wants to send you %s.", name, what)
	case s.State == TransferFinished && s.Out:
		return lang.F("%s was sent to %s.", what, name)
	case s.State == TransferFinished:
		return lang.F("You got %s from %s.", what, name)
	case s.State == TransferCancelled && reason != "":
		if s.Out {
			return lang.F("%s to %s: %s", what, name, s.Reason)
		}
		return lang.F("%s from %s: %s", what, name, s.Reason)
	case s.State == TransferCancelled:
		return lang.F("%s was cancelled.", s.direction(what, name))
	case s.State == TransferFailed:
		return lang.F("%s failed.", s.direction(what, name)) + reason
	case s.State == TransferPaused:
		return lang.F("%s is paused.", s.direction(what, name))
	default:
		return s.direction(what, name) + "…" + reason
	}
}

func (s *shipment) direction(what, name string) string {
	if s.Out {
		return lang.F("Sending %s to %s", what, name)
	}
	return lang.F("Receiving %s from %s", what, name)
}

// courier is the plugin that seals the conversation, if it carries data.
func (m *Messenger) courier(c im.ConvID) (plugin.Courier, bool) {
	ch, ok := m.chats[c]
	if !ok || !ch.seal.Level.Encrypted() {
		return nil, false
	}
	courier, ok := m.hosted(ch.seal.By).(plugin.Courier)
	return courier, ok
}

func (s *shipment) pause() {
	if s.State == TransferRunning {
		s.set(TransferPaused, "")
	}
}

func (s *shipment) resume() {
	switch {
	case s.State == TransferPaused:
		s.set(TransferRunning, "")
		if s.stop == nil { // it broke while it was paused
			s.goOn()
		}
	case s.CanResume:
		s.tries = 0
		s.set(TransferWaiting, "")
		s.goOn()
	}
}

func (s *shipment) cancel() {
	if s.State.Over() {
		return
	}
	if s.State == TransferOffered {
		s.decline()
		return
	}
	s.tell(transferNote{Do: noteCancel})
	s.set(TransferCancelled, "")
}

// fail gives it up for a reason, and lets the other side know.
func (s *shipment) fail(reason string) {
	s.tell(transferNote{Do: noteFail})
	s.set(TransferFailed, reason)
}
