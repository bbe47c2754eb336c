package messenger

import (
	"culver/conversation"
	"culver/plugin"
	"culver/protocol"
)

// refreshTaps has sessions tell what goes over the wire as long as a plugin wants to see
// it.
func (m *Messenger) refreshTaps() {
	want := false
	each(m, func(p plugin.Monitor) { want = want || p.Watches() })
	for _, a := range m.accounts {
		if s, ok := a.session.(protocol.Tapped); ok && a.tapped != want {
			a.tapped = want
			s.Tap(want)
		}
	}
}

// passed tells plugins of something that went over the wire.
func (m *Messenger) passed(a *account, e protocol.Traffic) {
	text := conversation.Clean(e.Text)
	each(m, func(p plugin.Monitor) {
		if p.Watches() {
			p.Passed(a.id, e.Out, text)
		}
	})
}
