//go:build e2e

package e2e

import (
	"strconv"
	"testing"

	"culver/internal/testkit"
)

// Somebody without an account makes one from the window that greets, and is online.
func TestCreatesAnAccount(t *testing.T) {
	server := testkit.StartProsody(t, testkit.ServerOptions{Registration: true, Users: map[string]string{"taken": "secret"}})
	p, _ := person(t, "newcomer", "SSL_CERT_FILE="+server.CAFile, "DBUS_SESSION_BUS_ADDRESS=")
	p.ProtectsProfile(func(string, string) {})
	p.ReadsWelcome(func(window, name string) { looks(p, window, "1-"+name) })
	p.Clicks("button", "Create account…")
	p.Sees("select", "Server")
	looks(p, "Create an Account", "2-server")
	p.Clicks("select", "Server")
	p.Clicks("menuitem", "Another server")
	p.Fills("Name of the server", server.Host)
	p.Clicks("tab", "Advanced")
	p.Fills("Connect to server", server.Address)
	p.Fills("Port", strconv.Itoa(server.C2S))
	p.Clicks("button", "Next")
	p.Fills("Username", "taken")
	p.Fills("Password", "password1")
	p.Sees("progress", "Easy to guess")
	looks(p, "Create an Account", "3-weak")
	p.Clicks("button", "Make one up")
	p.Sees("code", "Made up for you")
	looks(p, "Create an Account", "4-made-up")
	p.Clicks("button", "Create account")
	p.Sees("problem", "Somebody else has this name already")
	looks(p, "Create an Account", "5-refused")
	p.Fills("Username", "Newcomer")
	p.Clicks("button", "Create account")
	p.Fronts("Buddy List")
	looks(p, "Buddy List", "6-online")
}
