package otrplugin

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"culver/lang"
)

// maxName is how much of a device's name is shown.
const maxName = 30

// madeUp reports a name that a server drew for a device without one, and that is
// another one each time: ZSVGEBU3UE, or a UUID.
func madeUp(name string) bool {
	if len(name) < 8 || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
		return false
	}
	if len(name) >= 16 && strings.Trim(strings.ToLower(name), "0123456789abcdef-") == "" {
		return true
	}
	if strings.ToUpper(name) == name {
		return strings.ContainsAny(name, "0123456789") || len(name) >= 10
	}
	kind := func(r byte) int {
		switch {
		case r >= 'a' && r <= 'z':
			return 0
		case r >= 'A' && r <= 'Z':
			return 1
		default:
			return 2
		}
	}
	turns := 0
	for i := 1; i < len(name); i++ {
		if kind(name[i]) != kind(name[i-1]) {
			turns++
		}
	}
	return 2*turns > len(name)-1
}

// deviceName is what people call the device with that tag: what its program calls
// itself on the network, which is the same after a restart. Another one of the same
// name, or one without, has a number.
func (c *chat) deviceName(tag uint32) string {
	name := words(c.where.names[tag])
	if madeUp(name) {
		name = ""
	}
	if utf8.RuneCountInString(name) > maxName {
		name = string([]rune(name)[:maxName]) + "…"
	}
	n := slices.Index(c.where.seen, tag) + 1
	if name == "" {
		return lang.F("Device %d", max(n, 1))
	}
	for _, other := range c.where.seen {
		if other != tag && words(c.where.names[other]) == words(c.where.names[tag]) && c.isSession(other) {
			return fmt.Sprintf("%s (%d)", name, n)
		}
	}
	return name
}
