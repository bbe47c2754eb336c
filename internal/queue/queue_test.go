package queue

import (
	"context"
	"sync"
	"testing"
)

func TestOrderIsKeptAcrossProducers(t *testing.T) {
	const producers, each = 8, 500
	q := New[[2]int]()
	var wg sync.WaitGroup
	for p := range producers {
		wg.Go(func() {
			for i := range each {
				q.Put([2]int{p, i})
			}
		})
	}
	go func() { wg.Wait(); q.Close() }()
	next := make([]int, producers)
	total := 0
	for {
		batch, ok := q.Take(context.Background())
		if !ok {
			break
		}
		for _, v := range batch {
			if v[1] != next[v[0]] {
				t.Fatalf("producer %d: got %d, want %d", v[0], v[1], next[v[0]])
			}
			next[v[0]]++
			total++
		}
	}
	if total != producers*each {
		t.Fatalf("took %d of %d", total, producers*each)
	}
}

func TestCloseLetsTheRestBeTaken(t *testing.T) {
	q := New[int]()
	q.Put(1)
	q.Close()
	if q.Put(2) {
		t.Fatal("put after close was accepted")
	}
	if batch, ok := q.Take(context.Background()); !ok || len(batch) != 1 || batch[0] != 1 {
		t.Fatalf("got %v %v", batch, ok)
	}
	if _, ok := q.Take(context.Background()); ok {
		t.Fatal("a closed, empty queue gave something")
	}
}

func TestTakeEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, ok := New[int]().Take(ctx); ok {
		t.Fatal("took from an empty queue")
	}
}

func TestReadyAndTryTake(t *testing.T) {
	q := New[int]()
	q.Put(1)
	q.Put(2)
	<-q.Ready()
	if got := q.TryTake(); len(got) != 2 {
		t.Fatalf("got %v", got)
	}
	if got := q.TryTake(); got != nil {
		t.Fatalf("got %v from an empty queue", got)
	}
}
