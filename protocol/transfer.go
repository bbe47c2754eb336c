package protocol

import (
	"context"
	"io"

	"culver/im"
	"culver/lang"
)

// Piper is a session that carries bytes to a device of a peer's while both are
// connected. Nothing is gathered in memory: whoever writes waits for whoever reads. All
// that waits ends with its context, or with the session.
type Piper interface {
	// Pipe opens the pipe with this ID, a secret of both sides, to a device that
	// expects it. It waits for the network: call it on a goroutine that nobody else
	// waits for. Close of the result waits until the other side has it all; to give it
	// up is to end the context.
	Pipe(ctx context.Context, to im.Addr, id string) (io.WriteCloser, error)
	// Expect lets that device open the pipe from now on, and returns at once. Wait,
	// which has to be called once, waits for that; reading from what it returns ends
	// with io.EOF only when its writer said that this was all.
	Expect(from im.Addr, id string) (wait func(context.Context) (io.ReadCloser, error), err error)
}

// Depot is a session whose server keeps what is put there for a while, for whoever
// knows the link. Put and Fetch wait for the network, as Pipe does.
type Depot interface {
	// Deposits reports whether the server has a depot, and how many bytes one thing
	// may have there; 0: it does not say.
	Deposits() (most int64, ok bool)
	// Put leaves size bytes there and returns the link to them. The name is read by
	// the server and stands in the link; empty: one that says nothing.
	Put(ctx context.Context, name string, size int64, body io.Reader) (link string, err error)
	// Fetch reads what is at a link, of anybody's depot, from an offset on. It has to
	// have exactly size bytes from the beginning.
	Fetch(ctx context.Context, link string, from, size int64) (io.ReadCloser, error)
}

// DepotFound: Depot.Deposits answers now.
type DepotFound struct{}

func (DepotFound) isEvent() {}

// ErrGone is returned by Fetch if the depot does not have it, or no longer.
var ErrGone error = lang.Error("it is not there any more")

// ErrNoPipe is returned by Pipe and Expect if there is no way to that device.
var ErrNoPipe error = lang.Error("no connection to that device could be made")
