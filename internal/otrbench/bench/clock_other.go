//go:build !linux && !darwin

package bench

import "errors"

var errNoClock = errors.New("CPU time is measured on Linux and macOS only")

func processTime() (int64, error) { return 0, errNoClock }

func threadTime() (int64, error) { return 0, errNoClock }
