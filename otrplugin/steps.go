package otrplugin

// How many rows are taken at once, each of which waits for the disk, and how many are
// only looked at.
const (
	takeStep = 10
	lookStep = 2000
)

// inSteps does something with each of n rows, some at a time, between which everything
// else goes on. Then is called at the end, or after the first error, with it.
func (p *Plugin) inSteps(n, some int, do func(i int) error, then func(error)) {
	var from func(i int)
	from = func(i int) {
		for end := min(i+some, n); i < end; i++ {
			if err := do(i); err != nil {
				then(err)
				return
			}
		}
		if i == n {
			then(nil)
			return
		}
		p.host.After(0, func() { from(i) })
	}
	from(0)
}
