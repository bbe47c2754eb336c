package otrplugin

import "context"

// prepare has the keys and secrets that the conversation needs next worked out
// in the background, so that the messenger's goroutine need not. Work of which
// nothing is taken any more, at the end of the program, is wiped where it is.
func (p *Plugin) prepare(c *chat) {
	if c.preparing || c.session == nil {
		return
	}
	s := c.session
	work := s.Prepare()
	if work == nil {
		return
	}
	c.preparing = true
	p.host.Go(func(ctx context.Context) error {
		if ctx.Err() == nil {
			work.Run()
		}
		if ctx.Err() != nil {
			work.Wipe()
		}
		return nil
	}, func(error) {
		c.preparing = false
		s.Adopt(work)
		p.prepare(c) // for what was sent or came meanwhile
	})
}
