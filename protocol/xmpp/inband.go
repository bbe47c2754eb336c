package xmpp

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"strconv"
	"sync"
	"time"

	"mellium.im/xmpp/jid"

	"culver/protocol"
)

// In-Band Bytestreams (XEP-0047): blocks in stanzas, each answered once it was read here,
// so that no more than a few are under way.

const (
	nsInband   = "http://jabber.org/protocol/ibb"
	blockSize  = 16 << 10 // of ours
	maxBlock   = 64 << 10 // of theirs
	window     = 8        // blocks of ours without an answer
	maxPending = 1 << 20  // bytes of theirs that wait here to be read
)

var errPipeBroken = errors.New("the other side has closed the pipe")

// inband is one stream of blocks, in one direction.
type inband struct {
	l     *link
	key   pipeKey
	to    jid.JID
	block int
	ours  bool // we write

	mu      sync.Mutex
	wake    chan struct{} // holds one token when something has changed
	waiting []inbandBlock // came, and was not read
	size    int
	seq     uint16          // of the next block
	ended   func()          // the other side has said that this was all; answers that
	err     error           // it is over
	pending int             // blocks of ours without an answer
	asked   map[string]bool // the IDs of requests without an answer
}

type inbandBlock struct {
	data []byte
	ack  func()
}

func (l *link) newInband(key pipeKey, to jid.JID, block int, ours bool) *inband {
	b := &inband{l: l, key: key, to: to, block: block, ours: ours, wake: make(chan struct{}, 1), asked: map[string]bool{}}
	l.pipes.mu.Lock()
	defer l.pipes.mu.Unlock()
	if l.pipes.open == nil {
		l.pipes.open = map[pipeKey]*inband{}
	}
	l.pipes.open[key] = b
	return b
}

// drop forgets it, and what it still waits for.
func (b *inband) drop() {
	b.mu.Lock()
	for id := range b.asked {
		b.l.requests.forget(id)
	}
	clear(b.asked)
	b.mu.Unlock()
	b.l.pipes.mu.Lock()
	defer b.l.pipes.mu.Unlock()
	if b.l.pipes.open[b.key] == b {
		delete(b.l.pipes.open, b.key)
	}
}

func (b *inband) wakeUp() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// fail ends it for the first reason that comes up.
func (b *inband) fail(err error) {
	b.mu.Lock()
	if b.err == nil {
		b.err = err
	}
	b.mu.Unlock()
	b.wakeUp()
	b.drop()
}

// wait waits until ready says so. It is called with the lock, and returns with it.
func (b *inband) wait(ready func() bool) error {
	timer := time.NewTimer(pipePatience)
	defer timer.Stop()
	for !ready() {
		if b.err != nil {
			return b.err
		}
		b.mu.Unlock()
		var err error
		select {
		case <-b.wake:
		case <-b.l.over:
			err = protocol.ErrOffline
		case <-timer.C:
			err = errSilent
		}
		b.mu.Lock()
		if err != nil {
			return err
		}
	}
	return nil
}

// pipeInband opens one of ours.
func (l *link) pipeInband(ctx context.Context, to jid.JID, id string) (io.WriteCloser, error) {
	b := l.newInband(pipeKey{to.String(), id}, to, blockSize, true)
	answer, err := l.askAndWait(ctx, pipeAnswer, to.String(), "set", newElement(nsInband, "open").with("sid", id).
		with("block-size", strconv.Itoa(blockSize)).with("stanza", "iq"))
	if err == nil && answer.attr("type") != "result" {
		err = protocol.ErrNoPipe
	}
	if err != nil {
		b.drop()
		return nil, err
	}
	w := &inbandWriter{b: b, givenUp: ctx.Done()}
	w.stop = context.AfterFunc(ctx, func() {
		b.fail(ctx.Err())
		b.hangUp()
	})
	return w, nil
}

// inbandWriter is our end of a pipe of ours.
type inbandWriter struct {
	b       *inband
	buf     []byte
	givenUp <-chan struct{}
	stop    func() bool // keeps what follows on givenUp from beginning
}

// say sends an element of the stream. Done is told the answer.
func (b *inband) say(name string, payload []byte, done func(*element)) error {
	e := newElement(nsInband, name).with("sid", b.key.id)
	if payload != nil {
		b.mu.Lock()
		e.with("seq", strconv.Itoa(int(b.seq)))
		b.seq++
		b.mu.Unlock()
		e.text = base64.StdEncoding.EncodeToString(payload)
	}
	id := ""
	request := b.l.request(b.to.String(), "set", e, func(answer *element) {
		b.mu.Lock()
		delete(b.asked, id)
		b.mu.Unlock()
		done(answer)
	})
	if request == nil {
		return errQueueFull
	}
	id = request.attr("id")
	b.mu.Lock()
	b.asked[id] = true
	b.mu.Unlock()
	return b.l.send(request)
}

// hangUp tells the other side that it is over, and waits for nothing.
func (b *inband) hangUp() {
	_ = b.l.do(func() { // fails only when all is over
		b.l.askInTime(b.to.String(), "set", newElement(nsInband, "close").with("sid", b.key.id), func(*element) {})
	})
}

func (w *inbandWriter) Write(p []byte) (n int, err error) {
	for len(p) > 0 {
		k := min(len(p), w.b.block-len(w.buf))
		w.buf = append(w.buf, p[:k]...)
		n, p = n+k, p[k:]
		if len(w.buf) == w.b.block {
			if err := w.flush(window); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// flush sends a block once fewer than most are under way.
func (w *inbandWriter) flush(most int) error {
	b := w.b
	b.mu.Lock()
	err := b.wait(func() bool { return b.err == nil && b.pending < most })
	if err == nil && len(w.buf) > 0 {
		b.pending++
	}
	b.mu.Unlock()
	if err != nil || len(w.buf) == 0 {
		return err
	}
	err = b.say("data", w.buf, func(answer *element) {
		if answer.attr("type") != "result" {
			b.fail(errPipeBroken)
			return
		}
		b.mu.Lock()
		b.pending--
		b.mu.Unlock()
		b.wakeUp()
	})
	w.buf = w.buf[:0]
	return err
}

// Close sends the rest, and waits until all was read.
func (w *inbandWriter) Close() error {
	defer w.stop()
	defer w.b.drop()
	if err := w.flush(window); err != nil {
		return err
	}
	over := make(chan *element, 1)
	if err := w.b.say("close", nil, func(answer *element) { over <- answer }); err != nil {
		return err
	}
	timer := time.NewTimer(pipePatience)
	defer timer.Stop()
	select {
	case answer := <-over:
		if answer.attr("type") != "result" {
			return errPipeBroken
		}
		return nil
	case <-w.givenUp:
		if w.stop() { // nobody else tells the other side any more
			w.b.hangUp()
		}
		return context.Canceled
	case <-w.b.l.over:
		return protocol.ErrOffline
	case <-timer.C:
		return errSilent
	}
}

// inbandReader is our end of a pipe of theirs.
type inbandReader struct{ b *inband }

func (r inbandReader) Read(p []byte) (int, error) {
	b := r.b
	b.mu.Lock()
	err := b.wait(func() bool { return len(b.waiting) > 0 || b.ended != nil })
	if err == nil && len(b.waiting) == 0 {
		ended := b.ended
		b.err, b.ended = io.EOF, func() {}
		b.mu.Unlock()
		ended()
		b.drop()
		return 0, io.EOF
	}
	if err != nil {
		b.mu.Unlock()
		return 0, err
	}
	first := &b.waiting[0]
	n := copy(p, first.data)
	first.data = first.data[n:]
	b.size -= n
	var ack func()
	if len(first.data) == 0 {
		ack = first.ack
		b.waiting = b.waiting[1:]
	}
	b.mu.Unlock()
	if ack != nil {
		ack()
	}
	return n, nil
}

// Close tells the other side, unless it has ended the pipe.
func (r inbandReader) Close() error {
	r.b.mu.Lock()
	over := r.b.err != nil
	if !over {
		r.b.err = errPipeBroken
	}
	r.b.waiting = nil
	r.b.mu.Unlock()
	r.b.wakeUp()
	r.b.drop()
	if !over {
		r.b.hangUp()
	}
	return nil
}

// inbandStreams answers what the peers say of pipes inside the stream.
func (l *link) inbandStreams() extension {
	return extension{features: []string{nsInband}, set: map[name]func(*element, jid.JID){
		{nsInband, "open"}:  l.inbandOpened,
		{nsInband, "data"}:  l.inbandData,
		{nsInband, "close"}: l.inbandClosed,
	}}
}

func (l *link) inbandOpened(e *element, from jid.JID) {
	open := e.child(nsInband, "open")
	key := pipeKey{from.String(), open.attr("sid")}
	block, err := strconv.Atoi(open.attr("block-size"))
	if err != nil || block < 1 || open.attr("stanza") == "message" {
		l.refusePipe(e, from, "bad-request")
		return
	}
	if block > maxBlock {
		l.refusePipe(e, from, "resource-constraint")
		return
	}
	wish, ok := l.pipes.claim(key)
	if !ok {
		l.refusePipe(e, from, "not-acceptable")
		return
	}
	l.pipes.deliver(wish, inbandReader{l.newInband(key, from, block, false)})
	l.answer(reply(e, "result"))
}

func (l *link) inbandData(e *element, from jid.JID) {
	data := e.child(nsInband, "data")
	key := pipeKey{from.String(), data.attr("sid")}
	l.pipes.mu.Lock()
	b := l.pipes.open[key]
	l.pipes.mu.Unlock()
	if b == nil || b.ours {
		l.refusePipe(e, from, "item-not-found")
		return
	}
	seq, err := strconv.ParseUint(data.attr("seq"), 10, 16)
	var content []byte
	if err == nil && len(data.text) <= base64.StdEncoding.EncodedLen(b.block) {
		content, err = base64.StdEncoding.Strict().DecodeString(data.text)
	}
	b.mu.Lock()
	good := err == nil && uint16(seq) == b.seq && len(content) > 0 && b.err == nil && b.ended == nil && b.size+len(content) <= maxPending
	if good {
		b.seq++
		b.size += len(content)
		b.waiting = append(b.waiting, inbandBlock{content, func() { _ = l.send(reply(e, "result")) }}) // fails only when all is over
	}
	b.mu.Unlock()
	if !good { // XEP-0047, section 2.2: the stream is not to be trusted any more
		b.fail(errPipeBroken)
		l.refusePipe(e, from, "unexpected-request")
		return
	}
	b.wakeUp()
}

func (l *link) inbandClosed(e *element, from jid.JID) {
	key := pipeKey{from.String(), e.child(nsInband, "close").attr("sid")}
	l.pipes.mu.Lock()
	b := l.pipes.open[key]
	l.pipes.mu.Unlock()
	if b == nil {
		l.refusePipe(e, from, "item-not-found")
		return
	}
	if b.ours {
		b.fail(errPipeBroken)
		l.answer(reply(e, "result"))
		return
	}
	b.mu.Lock()
	if b.ended == nil {
		b.ended = func() { _ = l.send(reply(e, "result")) } // fails only when all is over
	}
	b.mu.Unlock()
	b.wakeUp()
}
