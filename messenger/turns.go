package messenger

import "time"

// turnTime is for how long the messenger writes to the disk before others have their turn.
const turnTime = 50 * time.Millisecond

// inTurns does what may be asked for many times at once, and writes to the disk each time:
// in order, and as soon as what was asked before has taken its time, in a later turn.
func (m *Messenger) inTurns(do func()) {
	m.steps = append(m.steps, do)
	if len(m.steps) == 1 {
		m.takeSteps()
	}
}

func (m *Messenger) takeSteps() {
	for len(m.steps) > 0 && time.Since(m.turn) < turnTime {
		do := m.steps[0]
		do()
		m.steps = m.steps[1:]
	}
	if len(m.steps) > 0 {
		m.inbox.Put(func() {
			m.turn = time.Now()
			m.takeSteps()
		})
	}
}

// endTurns does the rest, at the end of Run.
func (m *Messenger) endTurns() {
	for ; len(m.steps) > 0; m.steps = m.steps[1:] {
		m.steps[0]()
	}
}
