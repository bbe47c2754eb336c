//go:build !darwin && !windows

package cargo

// markForeign does nothing where no system asks.
func markForeign(string) {}
