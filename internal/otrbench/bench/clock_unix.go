//go:build linux || darwin

package bench

import "golang.org/x/sys/unix"

// processTime is the CPU time of all threads of this process in nanoseconds.
func processTime() (int64, error) { return read(unix.CLOCK_PROCESS_CPUTIME_ID) }

// threadTime is the CPU time of this thread in nanoseconds.
func threadTime() (int64, error) { return read(unix.CLOCK_THREAD_CPUTIME_ID) }

func read(clock int32) (int64, error) {
	var t unix.Timespec
	if err := unix.ClockGettime(clock, &t); err != nil {
		return 0, err
	}
	return t.Nano(), nil
}
