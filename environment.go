package main

import (
	"os"
	"runtime"
	"strconv"
)

// settleEnvironment gives the libraries below what they need to behave.
func settleEnvironment() {
	if runtime.GOOS != "linux" {
		return
	}
	// The toolkit complains at every start about the locale C.
	if l := os.Getenv("LC_ALL") + os.Getenv("LC_CTYPE") + os.Getenv("LANG"); l == "" || l == "C" || l == "POSIX" {
		os.Setenv("LANG", "en_US.UTF-8")
	}
	// Without the address of a session bus, each attempt to find one would start
	// another bus daemon and leave it behind.
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") == "" {
		bus := "/run/user/" + strconv.Itoa(os.Getuid()) + "/bus"
		os.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+bus)
	}
}

// hasDisplay reports whether the system says where windows go.
func hasDisplay() bool {
	switch runtime.GOOS {
	case "linux", "freebsd", "openbsd", "netbsd":
		return os.Getenv("DISPLAY") != "" || os.Getenv("WAYLAND_DISPLAY") != ""
	}
	return true
}
