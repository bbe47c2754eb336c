package scenetest

import "culver/im"

// ExpectState waits for the actor's own last line to be in that state: with Done, to be
// taken by the network, after which it may be Delivered at any moment.
func (a *Actor) ExpectState(with im.ConvID, s im.State) im.Message {
	a.t.Helper()
	var last im.Message
	a.Until("that state", func() bool {
		a.in(with, func(c *Chat) {
			for _, m := range c.Lines.Lines(0) {
				if m.Out {
					last = m
				}
			}
		})
		return last.ID != "" && (last.State == s || s == im.Done && last.State.Taken())
	})
	return last
}
