//go:build unix && !darwin

package storage

import (
	"bytes"
	"errors"
	"fmt"
	"os"
)

// findBus says why there is no session bus to ask for the Secret Service, or
// nil. The D-Bus library looks in the same places; where it finds nothing it
// would start a bus with dbus-launch, a new one each time that outlives the
// program and has no keyring, so it must not get that far.
func findBus() error {
	if a := os.Getenv("DBUS_SESSION_BUS_ADDRESS"); a != "" && a != "autolaunch:" {
		return nil
	}
	dir := fmt.Sprintf("/run/user/%d/", os.Getuid())
	if _, err := os.Stat(dir + "bus"); err == nil {
		return nil
	}
	if note, err := os.ReadFile(dir + "dbus-session"); err == nil && bytes.HasPrefix(note, []byte("DBUS_SESSION_BUS_ADDRESS=")) {
		return nil
	}
	return errors.New("there is no D-Bus session bus")
}
