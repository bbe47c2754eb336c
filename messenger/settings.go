package messenger

import "culver/lang"

// SetSetting keeps a setting of the program.
func (m *Messenger) SetSetting(key, value string) {
	m.inbox.Put(func() { m.setSetting(key, value) })
}

func (m *Messenger) setSetting(key, value string) {
	m.settings[key] = value
	m.keep(key, value)
	m.publish(SettingChanged{key, value})
	switch key {
	case SettingIdleAway, SettingIdleShow, SettingTellIdle:
		m.idleChanged()
	case SettingProxy:
		m.proxyForAllChanged()
	}
}

func (m *Messenger) keep(key, value string) {
	if err := m.cfg.Store.SetSetting(key, value); err != nil {
		m.trouble(lang.T("A setting could not be saved."), err)
	}
}

// drop forgets a setting, with all that it said.
func (m *Messenger) drop(key string) {
	delete(m.settings, key)
	if err := m.cfg.Store.DropSetting(key); err != nil {
		m.trouble(lang.T("A setting could not be taken off the disk."), err)
	}
	m.sweepSoon()
}
