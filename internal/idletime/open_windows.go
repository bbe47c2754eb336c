package idletime

import (
	"syscall"
	"time"
	"unsafe"
)

// lastInput asks Windows.
type lastInput struct{ input, ticks *syscall.LazyProc }

func open([]string) (source, error) {
	w := lastInput{syscall.NewLazyDLL("user32.dll").NewProc("GetLastInputInfo"), syscall.NewLazyDLL("kernel32.dll").NewProc("GetTickCount")}
	if err := w.input.Find(); err != nil {
		return nil, err
	}
	return w, w.ticks.Find()
}

func (w lastInput) unused() (time.Duration, error) {
	info := struct{ size, time uint32 }{size: 8}
	if ok, _, err := w.input.Call(uintptr(unsafe.Pointer(&info))); ok == 0 {
		return 0, err
	}
	now, _, _ := w.ticks.Call()
	return time.Duration(uint32(now)-info.time) * time.Millisecond, nil
}

func (lastInput) close() {}
