// Package netwatch notices when the computer is on another network, or slept: what
// connections there were are likely to be gone then, and others to be possible.
//
// It asks the system what its addresses and its way out are, every few seconds, and sooner where
// the system tells of changes. It knows nothing of any server, and sends nothing.
package netwatch

import (
	"context"
	"net"
	"slices"
	"strings"
	"time"
)

const (
	// every is how often to look.
	every = 5 * time.Second
	// settle is how long changes are left to come to an end: they come in showers.
	settle = 500 * time.Millisecond
	// slept is by how much the time of day goes ahead of the other clock in a sleep.
	slept = 10 * time.Second
)

// Watch calls changed after each change, until ctx ends.
func Watch(ctx context.Context, changed func()) {
	told := make(chan struct{}, 1)
	listening := listen(ctx, told)
	defer listening()
	began := time.Now()
	watch(ctx, told, changed, func() sight {
		now := time.Now()
		return sight{place: place(), wall: now.Round(0), mono: now.Sub(began)}
	})
}

func watch(ctx context.Context, told <-chan struct{}, changed func(), look func() sight) {
	last, looked := look(), time.Now()
	timer := time.NewTimer(every)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-told:
			timer.Reset(min(settle, every-time.Since(looked))) // a shower without an end puts nothing off
			continue
		case <-timer.C:
		}
		now := look()
		if now.after(last) {
			changed()
		}
		last, looked = now, time.Now()
		timer.Reset(every)
	}
}

// sight is what there is to see at one moment.
type sight struct {
	place string        // on which network the computer is
	wall  time.Time     // the time of day
	mono  time.Duration // since any moment in the past, sleeps not counted
}

// after reports whether something changed since the last look.
func (s sight) after(last sight) bool {
	return s.place != last.place || s.wall.Sub(last.wall)-(s.mono-last.mono) >= slept
}

// place is where on which network the computer is.
func place() string {
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return ""
	}
	var all []string
	for _, a := range addresses {
		if ip, ok := a.(*net.IPNet); ok && ip.IP.IsGlobalUnicast() {
			all = append(all, a.String())
		}
	}
	slices.Sort(all)
	return strings.Join(all, " ") + way()
}
