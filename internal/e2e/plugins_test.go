//go:build e2e

package e2e

import "testing"

// Plugins are disabled and enabled while the program runs, and two small ones work.
func TestPluginsByMouseAndKeyboard(t *testing.T) {
	t.Parallel()
	p, _ := person(t, "you", "DBUS_SESSION_BUS_ADDRESS=")
	picture := func(window, name string) { looks(p, window, name) }
	p.ProtectsProfile(picture)
	p.Begins("Practise")
	p.Sees("line", "choose Start private conversation")
	p.Clicks("menubutton", "Not private")
	p.Clicks("menuitem", "Start private conversation")
	p.Sees("menubutton", "Unverified")

	// What keeps a conversation private asks first.
	p.Fronts("Buddy List")
	p.Presses("ctrl+u")
	p.Clicks("row", "Off-the-Record Messaging")
	picture("Plugins", "plugins")
	p.Clicks("button", "Disable")
	p.Sees("button", "Disable anyway")
	picture("Disable Off-the-Record Messaging?", "plugin-asks")
	p.Clicks("button", "Cancel")
	p.Sees("menubutton", "Unverified")
	p.Clicks("button", "Disable")
	p.Clicks("button", "Disable anyway")
	p.Sees("line", "was disabled")
	p.Misses("menubutton", "Unverified")
	picture("Pat", "plugin-off")
	picture("Plugins", "plugins-off")
	p.Fronts("Plugins")
	p.Clicks("button", "Enable")
	p.Sees("menubutton", "Not private")

	// Words are replaced before they are shown.
	p.Clicks("row", "Text replacement")
	p.Clicks("button", "Enable")
	p.Clicks("button", "Configure…")
	p.Sees("row", "teh")
	p.Clicks("button", "Add…")
	p.Fills("You type", "u")
	p.Fills("You send", "you")
	picture("Add a replacement", "replacement-add")
	p.Clicks("button", "Save")
	p.Clicks("row", "u")
	picture("Text replacement", "replacements")
	p.Presses("Escape")
	p.Fronts("Pat")
	p.Types("Teh cat sees u")
	p.Presses("Return")
	p.Sees("line", "The cat sees you")

	p.Fronts("Plugins")
	p.Clicks("row", "Message notification")
	p.Clicks("button", "Configure…")
	p.Sees("switch", "Show a notification")
	picture("Preferences", "notification")
	p.Presses("Escape")
}
