package protocol

// Learned is what a session found out about the server of its account and has to know
// the next time, to notice if it is another server then, or a worse one. It becomes
// options of the account; an empty value takes one away.
type Learned struct{ Options map[string]string }

func (Learned) isEvent() {}
