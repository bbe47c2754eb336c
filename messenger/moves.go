package messenger

import (
	"slices"
	"strconv"
	"unicode/utf8"

	"culver/im"
)

// maxSetting is how long a setting may be that comes in, in bytes.
const maxSetting = 64 << 10

// moves reports that a setting of the program moves house, as backups have it, with
// this value. All others belong to this copy of the program: where the user is, what
// is under way, what a plugin that is off has to forget.
func (m *Messenger) moves(key, value string) bool {
	switch key {
	case SettingOnlyBuddies:
		return value == "" || value == im.On
	case SettingProxy:
		return !readProxyForAll(value).broken
	case SettingCollapsed:
		return len(value) <= maxSetting && utf8.ValidString(value)
	}
	if p, ok := m.preference(key); ok {
		return p.takes(value)
	}
	return slices.ContainsFunc(m.offers, func(o *offer) bool {
		return key == settingPlugin(o.info.ID) && (value == im.On || value == pluginOff)
	})
}

// weakens reports that a setting that comes in would protect less than the one in
// force: more would be kept or told, more people could write, or the program be locked later.
func (m *Messenger) weakens(key, value string) bool {
	here := m.settings[key]
	switch key {
	case SettingHistory, TellTyping, TellReceipts:
		return value == im.On && here != im.On
	case SettingLockSuspend, SettingOnlyBuddies:
		return value != im.On && here == im.On
	case SettingProxy:
		return here != "" && value != here
	case SettingLockIdle:
		if here == "" {
			return false
		}
		now, _ := strconv.Atoi(here)
		then, _ := strconv.Atoi(value)
		return then == 0 || then > now
	}
	return false
}
