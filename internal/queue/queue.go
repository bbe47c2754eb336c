// Package queue is an ordered, unbounded queue between goroutines: putting never
// blocks, and what was put is taken in order, in batches.
//
// Any goroutine may put; one goroutine takes.
package queue

import (
	"context"
	"sync"
)

// Queue holds values of type T. The zero value is not usable: see [New].
type Queue[T any] struct {
	mu     sync.Mutex
	items  []T
	closed bool
	wake   chan struct{} // holds one token while there is something to see
}

// New returns an empty queue.
func New[T any]() *Queue[T] {
	return &Queue[T]{wake: make(chan struct{}, 1)}
}

// Put appends v. It reports false, and drops v, after Close.
func (q *Queue[T]) Put(v T) bool {
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return false
	}
	q.items = append(q.items, v)
	q.mu.Unlock()
	q.signal()
	return true
}

// Take waits for something to be there and returns all of it, in order. It
// returns ok = false when ctx ends, or when the queue is closed and empty.
func (q *Queue[T]) Take(ctx context.Context) (batch []T, ok bool) {
	for {
		q.mu.Lock()
		batch, q.items = q.items, nil
		closed := q.closed
		q.mu.Unlock()
		if len(batch) > 0 {
			return batch, true
		}
		if closed {
			return nil, false
		}
		select {
		case <-q.wake:
		case <-ctx.Done():
			return nil, false
		}
	}
}

// Ready yields a value when there may be something to take with TryTake: for a
// goroutine that waits for several things at once.
func (q *Queue[T]) Ready() <-chan struct{} { return q.wake }

// TryTake returns what is there now, in order.
func (q *Queue[T]) TryTake() []T {
	q.mu.Lock()
	defer q.mu.Unlock()
	batch := q.items
	q.items = nil
	return batch
}

// Close ends the queue: what is in it can still be taken, nothing more be put.
func (q *Queue[T]) Close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.signal()
}

func (q *Queue[T]) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}
