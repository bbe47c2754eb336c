//go:build e2e

package e2e

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"culver/internal/testkit"
)

// The Buddy List begins behind the icon beside the clock, and comes from there.
func TestStartsMinimized(t *testing.T) {
	t.Parallel()
	bus := testkit.StartKeyring(t)
	desk := bus.StartDesktop("body")
	desk.ShowIcons(true)
	profile := filepath.Join(t.TempDir(), "profile")
	p, d := somebody(t, "you")
	if err := p.StartCommand(d, []string{culver(t), "--config", profile, "--start-minimized"}, "DBUS_SESSION_BUS_ADDRESS="+bus.Address); err != nil {
		t.Fatal(err)
	}
	p.Begins("Practise")
	p.Sees("line", "Hello")
	icon := desk.UntilIcon()
	if got := icon.Menu(); !strings.Contains(got, "Show Buddy List") || slices.Contains(p.Windows(), "Buddy List") {
		t.Errorf("the menu is %s, the windows are %q", got, p.Windows())
	}
	icon.Chooses("Show Buddy List")
	p.Sees("buddy", "Pat")
	p.Fronts("Buddy List")
	p.Presses("ctrl+q")
	p.WaitEnd()
	desk.UntilNoIcon()

	// Again, and it ends without having been seen.
	if err := p.StartAgain(); err != nil {
		t.Fatal(err)
	}
	icon = desk.UntilIcon()
	if got := icon.Menu(); !strings.Contains(got, "Show Buddy List") {
		t.Errorf("the menu is %s", got)
	}
	icon.Chooses("Quit")
	p.WaitEnd()

	// Without a place for the icon it comes all the same.
	desk.ShowIcons(false)
	if err := p.StartAgain(); err != nil {
		t.Fatal(err)
	}
	p.Sees("buddy", "Pat")
	p.Fronts("Buddy List")
	p.Presses("ctrl+q")
	p.WaitEnd()
}
