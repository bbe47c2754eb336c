package xmpp

import (
	"math"
	"sync"

	"culver/protocol"
)

// maxTodo is how many functions may wait for Run: more than a user clicks.
const maxTodo = 4096

// todo is what others want done on Run's goroutine, in order. Any goroutine may put.
type todo struct {
	mu      sync.Mutex
	waiting []func()
	ready   chan struct{} // holds one token while something waits
}

func newTodo() *todo { return &todo{ready: make(chan struct{}, 1)} }

func (t *todo) put(f func(), most int) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.waiting) >= most {
		return errQueueFull
	}
	t.waiting = append(t.waiting, f)
	select {
	case t.ready <- struct{}{}:
	default:
	}
	return nil
}

func (t *todo) take() []func() {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := t.waiting
	t.waiting = nil
	return all
}

// do runs f on Run's goroutine, soon, unless the link ends before. It never waits.
func (l *link) do(f func()) error {
	select {
	case <-l.over:
		return protocol.ErrOffline
	default:
		return l.todo.put(f, maxTodo)
	}
}

// later is do for the link itself, which does not ask for more than it can do: it finds
// room whatever others want.
func (l *link) later(f func()) { _ = l.todo.put(f, math.MaxInt) }
