package messenger

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"culver/conversation"
	"culver/im"
	"culver/lang"
	"culver/protocol"
)

// How much of a history is taken in one step of the messenger: few enough to take
// less than a blink.
const (
	stepLines   = 100
	stepBytes   = 128 << 10
	stepDrafts  = 2  // each may be long
	stepChoices = 10 // each waits for the disk
)

// progress is how far it has come.
type progress struct {
	label       string
	done, total int
}

func (in *incoming) plan() progress {
	p := progress{label: lang.T("Accounts and keys…")}
	for _, x := range in.parts {
		if (x.kind == partPast || x.kind == partPrivatePast) && in.chosen(x) {
			p.total += x.lines
		}
	}
	return p
}

func (p progress) field() im.Field {
	f := im.Field{ID: fieldProgress, Kind: im.FieldProgress, Percent: im.Unknown, Label: p.label}
	if p.done > 0 && p.total > 0 {
		f.Percent = min(100, p.done*100/p.total)
	}
	return f
}

var errStopped = errors.New("stopped")

// takeLines takes the history. It is read and cleaned on a goroutine of its own, which
// waits for the messenger after each step.
func (in *incoming) takeLines() {
	wanted := map[im.ConvID]wantedLines{}
	for _, p := range in.parts {
		if in.chosen(p) && in.here(p.account) {
			w := wanted[p.conv]
			switch p.kind {
			case partPast:
				w.open, w.private = true, w.private || !p.apart
			case partPrivatePast:
				w.private = true
			default:
				continue
			}
			wanted[p.conv] = w
		}
	}
	if len(wanted) == 0 || in.what.lines == nil || in.stopped {
		in.next()
		return
	}
	in.progress.label = lang.T("History…")
	networks := map[im.AccountID]protocol.Protocol{}
	for c := range wanted {
		networks[c.Account] = in.m.accounts[c.Account].network
	}
	ctx, stop := context.WithCancel(in.m.ctx)
	in.stop = stop
	answered, read := in.awaits(nil), in.what.lines
	r := &lineReader{wanted: wanted, own: in.what.from == "", networks: networks, peers: map[im.ConvID]string{}, now: time.Now(),
		put: func(step []im.Message, bad int) error { return in.handOver(ctx, step, bad) }}
	in.m.background(func(context.Context) error {
		defer stop()
		if err := read(ctx, r.take); err != nil {
			return err
		}
		return r.flush()
	}, func(err error) {
		if !answered() {
			return
		}
		if err != nil && !in.stopped {
			in.problem(in.what.verb.either(lang.F("Not all of the history could be imported: %s", asSentence(err)),
				lang.F("Not all of the history could be restored: %s", asSentence(err))))
		}
		in.next()
	})
}

// handOver lets the messenger take a step of lines, and waits until it has.
func (in *incoming) handOver(ctx context.Context, step []im.Message, bad int) error {
	done := make(chan error, 1)
	in.m.inbox.Put(func() {
		if in.m.incoming != in || in.stopped {
			done <- errStopped
			return
		}
		in.brought.bad += bad
		in.progress.done += len(step) + bad
		added, err := in.m.importLines(step)
		in.brought.lines += added
		if err == nil {
			in.brought.there += len(step) - added
			in.m.historyGrew(step)
		}
		in.show()
		done <- err
	})
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// wantedLines says which lines of a conversation are to come in.
type wantedLines struct{ open, private bool }

// lineReader cleans lines and gathers them to steps.
type lineReader struct {
	wanted   map[im.ConvID]wantedLines
	own      bool // they are out of a backup, which knows what was private
	networks map[im.AccountID]protocol.Protocol
	peers    map[im.ConvID]string // the peers' addresses as their networks have them; "" for none
	now      time.Time
	put      func(step []im.Message, bad int) error
	step     []im.Message
	size     int
	bad      int
}

func (r *lineReader) take(msg im.Message) error {
	want := r.wanted[msg.Conv]
	if !want.open && !want.private {
		return nil
	}
	msg, ok := r.clean(msg)
	if ok && (secret(msg) && !want.private || !secret(msg) && !want.open) {
		return nil
	}
	if !ok {
		r.bad++
		if r.bad >= stepLines {
			return r.flush()
		}
		return nil
	}
	r.step = append(r.step, msg)
	for _, s := range msg.Text {
		r.size += len(s.Text)
	}
	if len(r.step) >= stepLines || r.size >= stepBytes {
		return r.flush()
	}
	return nil
}

func (r *lineReader) flush() error {
	step, bad := r.step, r.bad
	r.step, r.size, r.bad = nil, 0, 0
	if len(step) == 0 && bad == 0 {
		return nil
	}
	return r.put(step, bad)
}

// clean makes a line safe to keep and to show. What was not sent when it was written
// down is not sent by itself: whoever had it may have sent it since.
func (r *lineReader) clean(msg im.Message) (im.Message, bool) {
	peer, ok := r.peers[msg.Conv]
	if !ok && len(r.peers) < maxArrivingPasts {
		if bare, err := r.networks[msg.Conv.Account].NormalizePeer(msg.Conv.Peer); err == nil {
			peer = bare
		}
		r.peers[msg.Conv] = peer
	}
	if peer == "" || cleanID(msg.ID) == "" {
		return msg, false
	}
	out := im.Message{
		ID: msg.ID, Conv: im.ConvID{Account: msg.Conv.Account, Peer: peer}, Out: msg.Out, Kind: msg.Kind,
		Text: conversation.CleanText(msg.Text), Time: plausible(msg.Time, r.now), Late: msg.Late, Private: msg.Private && r.own,
		From: im.Addr{Bare: peer, Resource: cleanName(msg.From.Resource)},
	}
	if out.Out {
		out.From.Bare = msg.Conv.Account.Bare()
	}
	if msg.Kind < im.Chat || msg.Kind > im.Alarm || len(out.Text) == 0 {
		return msg, false
	}
	if l := msg.Seal.Level; r.own && l > im.Open && l <= im.Ended {
		out.Seal = im.Seal{Level: l, By: cleanName(msg.Seal.By)}
	}
	if out.Out {
		switch msg.State {
		case im.Waiting, im.Sending:
			out.State, out.Reason = im.Failed, reasonElsewhere()
		case im.Failed:
			out.State, out.Reason = im.Failed, cleanName(msg.Reason)
		case im.Delivered:
			if r.own {
				out.State = im.Delivered
			}
		}
	}
	out.Edited, out.Nick = msg.Edited, cleanName(msg.Nick)
	if r.own { // those of another program's are not ours to answer to
		out.Origin, out.Archive = cleanID(msg.Origin), cleanID(msg.Archive)
	}
	return out, true
}

// maxID is how long an ID may be that somebody else made.
const maxID = 200

// cleanID is an ID that somebody else made, or nothing if it can be none.
func cleanID(id string) string {
	if len(id) > maxID || !utf8.ValidString(id) || strings.ContainsFunc(id, func(c rune) bool { return c < ' ' }) {
		return ""
	}
	return id
}

func reasonElsewhere() string {
	return lang.T("This line had not been sent when the history was copied. It may have been sent since, from there.")
}

// takeChoices plans the steps that take what was left, or chosen, in conversations, where
// there is nothing of the kind.
func (in *incoming) takeChoices() {
	store := in.m.cfg.Store
	step := func(convs []im.ConvID, take func(im.ConvID) error) {
		in.todo = append(in.todo, func() {
			defer in.next()
			for _, c := range convs {
				if !in.possible(c) {
					continue
				}
				if err := take(c); err != nil {
					in.problem(lang.F("What was left in a conversation could not be saved: %s", asSentence(err)))
					return
				}
			}
		})
	}
	if in.takes(partDrafts, "") {
		for some := range slices.Chunk(convsOf(in.what.drafts), stepDrafts) {
			step(some, func(c im.ConvID) error {
				d := in.what.drafts[c]
				d.Text = conversation.CleanLong(d.Text)
				return in.m.takeDraft(c, d)
			})
		}
	}
	if chosen, err := store.Logging(); err == nil && in.takes(partLogging, "") {
		for some := range slices.Chunk(convsOf(in.what.logging), stepChoices) {
			step(some, func(c im.ConvID) error {
				if _, there := chosen[c]; there {
					return nil
				}
				return in.m.chooseLogging(c, in.what.logging[c])
			})
		}
		for some := range slices.Chunk(convsOf(in.what.choices), stepChoices) {
			step(some, in.takeTelling)
		}
	}
}

// takeTelling takes what the peer is to be told, where nothing was chosen.
func (in *incoming) takeTelling(c im.ConvID) error {
	for _, what := range tellings {
		value, some := in.what.choices[c][what]
		if _, chosen := in.m.told[c][what]; some && !chosen && (value == "" || value == im.On) {
			if err := in.m.chooseTelling(c, what, value == im.On); err != nil {
				return err
			}
		}
	}
	return in.takeHeed(c)
}

// takeHeed takes how much the user wants to be made aware of a conversation.
func (in *incoming) takeHeed(c im.ConvID) error {
	value, some := in.what.choices[c][choiceHeed]
	if _, chosen := in.m.told[c][choiceHeed]; !some || chosen {
		return nil
	}
	return in.m.chooseHeed(c, Heed(value))
}

// convsOf are the conversations of a map, in a fixed order.
func convsOf[T any](all map[im.ConvID]T) []im.ConvID {
	return slices.SortedFunc(maps.Keys(all), func(a, b im.ConvID) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Peer, b.Peer))
	})
}

// possible reports that there can be such a conversation here.
func (in *incoming) possible(c im.ConvID) bool {
	if !in.here(c.Account) {
		return false
	}
	bare, err := in.m.accounts[c.Account].network.NormalizePeer(c.Peer)
	return err == nil && bare == c.Peer
}

// takeSettings plans the steps that take the settings.
func (in *incoming) takeSettings() {
	for some := range slices.Chunk(slices.Sorted(maps.Keys(in.what.settings)), stepChoices) {
		in.todo = append(in.todo, func() {
			for _, key := range some {
				in.takeSetting(key, in.what.settings[key])
			}
			in.next()
		})
	}
}

// takeSetting takes one setting of the program that moves. Whether a plugin is on is
// left to the window of plugins if it would take away what protects. Where the user had
// a profile before, what protects stays.
func (in *incoming) takeSetting(key, value string) {
	m := in.m
	if in.stopped || !in.first && m.weakens(key, value) {
		return
	}
	for _, o := range m.offers {
		if key == settingPlugin(o.info.ID) {
			if value != pluginOff {
				m.enablePlugin(o)
			} else if o.host != nil && !protects(o.plugin) {
				m.disablePlugin(o)
			}
			return
		}
	}
	in.brought.settings = true
	m.setSetting(key, value)
}
