package messenger

import (
	"slices"
	"strings"

	"culver/im"
)

// loadRescued takes the safest choices for those that were lost with a damaged
// database, until the user chooses again, and tells all plugins.
func (m *Messenger) loadRescued() error {
	store := m.cfg.Store
	value, _, err := store.Setting(im.Rescued)
	if err != nil || value == "" {
		return err
	}
	lost := strings.Fields(value)
	_, chosen, err := store.Setting(SettingHistory)
	if err != nil {
		return err
	}
	if slices.Contains(lost, im.LostChoices) || slices.Contains(lost, im.LostSettings) && !chosen {
		if err := store.SetSetting(SettingHistory, ""); err != nil {
			return err
		}
		m.settings[SettingHistory] = ""
	}
	for _, key := range tellings {
		_, chosen, err := store.Setting(key)
		if err != nil {
			return err
		}
		if slices.Contains(lost, im.LostTold) || slices.Contains(lost, im.LostSettings) && !chosen {
			if err := store.SetSetting(key, ""); err != nil {
				return err
			}
			m.settings[key] = ""
		}
	}
	if slices.Contains(lost, im.LostPlugins) {
		for _, p := range m.cfg.Plugins {
			if err := m.cfg.Spaces(p.Info().ID).Put(im.Rescued, []byte(value)); err != nil {
				return err
			}
		}
	}
	return store.SetSetting(im.Rescued, "")
}
