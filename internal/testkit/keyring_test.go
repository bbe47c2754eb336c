package testkit

import (
	"os/exec"
	"strings"
	"testing"
)

func TestBuses(t *testing.T) {
	for name, c := range map[string]struct {
		start func(testing.TB) *Bus
		owned bool
	}{
		"without a keyring":     {StartBus, false},
		"with a keyring":        {StartKeyring, true},
		"with a locked keyring": {StartLockedKeyring, true},
	} {
		t.Run(name, func(t *testing.T) {
			b := c.start(t)
			ask := exec.Command("dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus",
				"/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner", "string:"+secretService)
			ask.Env = b.Env()
			out, err := ask.CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			if got := strings.Contains(string(out), "boolean true"); got != c.owned {
				t.Errorf("the keyring is on the bus: %v, want %v", got, c.owned)
			}
		})
	}
}
