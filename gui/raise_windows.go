package gui

import (
	"syscall"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"
)

// unfold shows a window again that the user has minimised: Windows gives the
// keyboard to one that stays minimised.
func unfold(w fyne.Window) {
	native, ok := w.(driver.NativeWindow)
	if !ok {
		return
	}
	native.RunNative(func(context any) {
		handle, ok := context.(driver.WindowsWindowContext)
		if !ok {
			return
		}
		user := syscall.NewLazyDLL("user32.dll")
		minimised, show := user.NewProc("IsIconic"), user.NewProc("ShowWindow")
		if minimised.Find() != nil || show.Find() != nil {
			return
		}
		const restore = 9 // SW_RESTORE
		if is, _, _ := minimised.Call(handle.HWND); is != 0 {
			_, _, _ = show.Call(handle.HWND, restore)
		}
	})
}
