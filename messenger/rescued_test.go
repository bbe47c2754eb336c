package messenger_test

import (
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/storage"
)

// Of a profile the choices of which were lost, no history is kept until the user
// chooses again, and plugins are told.
func TestTheSafestChoicesAfterARescue(t *testing.T) {
	for _, test := range []struct {
		lost, before  string
		history, told bool
	}{
		{im.LostSettings, "", false, false},
		{im.LostSettings, im.On, true, false}, // it was found
		{im.LostChoices, im.On, false, false},
		{im.LostPlugins, "", true, true},
		{"settings choices plugins", im.On, false, true},
	} {
		t.Run(test.lost+" "+test.before, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				store := storage.NewMemory()
				if test.before != "" {
					store.SetSetting(messenger.SettingHistory, test.before)
				}
				store.SetSetting(im.Rescued, test.lost)
				can := true
				cfg := messenger.Config{Store: store, Vault: storage.NewMemoryVault(), NoFirstRun: true, Safe: maybe{&can},
					Plugins: []plugin.Plugin{&worker{}}, Spaces: func(id string) plugin.Store { return store.Space(id) }}
				for range 2 { // it stays so
					m := messenger.New(cfg)
					if err := m.Load(); err != nil {
						t.Fatal(err)
					}
					cfg.Plugins = []plugin.Plugin{&worker{}}
					a := scenetest.Join(t, "alice", m)
					a.M.ShowHistorySettings()
					d := a.Form("History", "")
					for _, f := range d.Form.Tabs[0].Fields {
						if f.ID == messenger.SettingHistory && (f.Value == im.On) != test.history {
							t.Errorf("a history is kept: %q", f.Value)
						}
					}
					a.Quit()
				}
				if _, told, _ := store.Space("worker").Get(im.Rescued); told != test.told {
					t.Errorf("plugins are told: %v", told)
				}
				if v, _, _ := store.Setting(im.Rescued); v != "" {
					t.Errorf("still noted: %q", v)
				}
			})
		})
	}
}
