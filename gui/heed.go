package gui

import (
	"fyne.io/fyne/v2"

	"culver/im"
	"culver/lang"
	"culver/messenger"
)

// muteItem is the entry for how much the user wants to be made aware of somebody, or of
// a room.
func (g *GUI) muteItem(c im.ConvID, room bool) *fyne.MenuItem {
	now := g.heeds[c]
	choose := func(label string, h messenger.Heed) *fyne.MenuItem {
		i := fyne.NewMenuItem(label, func() { g.front.SetHeed(c, h) })
		i.Checked = h == now
		return i
	}
	if room {
		i := fyne.NewMenuItem(lang.T("Notify For"), nil)
		i.ChildMenu = fyne.NewMenu("", choose(lang.T("Every Line"), messenger.HeedAll),
			choose(lang.T("My Name Only"), messenger.HeedUsual), choose(lang.T("Nothing"), messenger.HeedNone))
		return i
	}
	i := choose(lang.T("Mute"), messenger.HeedNone)
	if i.Checked {
		i.Action = func() { g.front.SetHeed(c, messenger.HeedUsual) }
	}
	return i
}

// soundsOff reports that no sounds are played at all.
func (g *GUI) soundsOff() bool { return g.settings[messenger.SettingSounds] != im.On }

// muteSounds switches all sounds off, and on again.
func (g *GUI) muteSounds() { g.front.SetSetting(messenger.SettingSounds, im.Switch(g.soundsOff())) }

// soundItems are the entries of a menu for sounds.
func (g *GUI) soundItems() []*fyne.MenuItem {
	mute := fyne.NewMenuItem(lang.T("Mute Sounds"), g.muteSounds)
	mute.Checked = g.soundsOff()
	return []*fyne.MenuItem{fyne.NewMenuItem(lang.T("Sounds…"), g.front.ShowSounds), mute}
}
