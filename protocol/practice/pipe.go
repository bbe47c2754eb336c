package practice

import (
	"cmp"
	"context"
	"io"

	"culver/im"
	"culver/protocol"
)

var _ protocol.Piper = (*session)(nil)

// pipeKey names a pipe that is expected.
type pipeKey struct {
	from, to im.Addr
	id       string
}

// Pipe opens a pipe to somebody on the hub.
func (s *session) Pipe(ctx context.Context, to im.Addr, id string) (io.WriteCloser, error) {
	key := pipeKey{s.self, to, id}
	s.hub.mu.Lock()
	ends, ok := s.hub.pipes[key]
	delete(s.hub.pipes, key)
	s.hub.mu.Unlock()
	if !ok || !s.up.Load() {
		return nil, protocol.ErrNoPipe
	}
	r, w := io.Pipe()
	broken := func() { w.CloseWithError(io.ErrUnexpectedEOF) }
	context.AfterFunc(ctx, broken)
	context.AfterFunc(s.life, broken)
	ends <- r
	return w, nil
}

// Expect lets somebody on the hub open a pipe.
func (s *session) Expect(from im.Addr, id string) (func(context.Context) (io.ReadCloser, error), error) {
	if !s.up.Load() {
		return nil, protocol.ErrOffline
	}
	key, ends := pipeKey{from, s.self, id}, make(chan io.ReadCloser, 1)
	s.hub.mu.Lock()
	s.hub.pipes[key] = ends
	s.hub.mu.Unlock()
	return func(ctx context.Context) (io.ReadCloser, error) {
		select {
		case r := <-ends:
			context.AfterFunc(ctx, func() { r.Close() })
			context.AfterFunc(s.life, func() { r.Close() })
			return r, nil
		case <-ctx.Done():
		case <-s.life.Done():
		}
		s.hub.mu.Lock()
		defer s.hub.mu.Unlock()
		delete(s.hub.pipes, key)
		return nil, cmp.Or(ctx.Err(), protocol.ErrOffline)
	}, nil
}
