package sound

import (
	"context"
	"runtime"
	"unsafe"

	"golang.org/x/sys/windows"
)

// byWindows has the system play from memory (PlaySoundW): by the library in its own
// folder, not by one of that name beside the program.
type byWindows struct{ call *windows.LazyProc }

func newOutput([]string, string) output {
	return byWindows{windows.NewLazySystemDLL("winmm.dll").NewProc("PlaySoundW")}
}

func (b byWindows) play(_ context.Context, samples []int16) {
	const inMemory, noDefault = 0x4, 0x2 // SND_MEMORY, SND_NODEFAULT; it waits for the end
	if b.call.Find() != nil {
		return
	}
	data := wave(samples)
	_, _, _ = b.call.Call(uintptr(unsafe.Pointer(&data[0])), 0, inMemory|noDefault)
	runtime.KeepAlive(data)
}
