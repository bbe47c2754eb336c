package messenger_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"culver/messenger"
	"culver/plugin"
	"culver/storage"
)

var errDamage = errors.New("a page is damaged")

// damagedStore finds a damage when it is checked, or when a setting is saved.
type damagedStore struct {
	*storage.Memory
	suspects []uint32
	broken   bool // it is no false alarm
	saves    error
}

func (s *damagedStore) Suspects(context.Context) ([]uint32, error) { return s.suspects, nil }

func (s *damagedStore) Confirm(suspects []uint32) error {
	if s.broken && slices.Equal(suspects, s.suspects) {
		return errDamage
	}
	return nil
}

func (s *damagedStore) SetSetting(key, value string) error {
	if s.saves != nil {
		return s.saves
	}
	return s.Memory.SetSetting(key, value)
}

func TestADamageIsTold(t *testing.T) {
	for _, c := range []struct {
		name   string
		store  damagedStore
		button string
		locked bool
	}{
		{"none", damagedStore{}, "", false},
		{"a false alarm", damagedStore{suspects: []uint32{7}}, "", false},
		{"found by the check", damagedStore{suspects: []uint32{7}, broken: true}, "rescue", true},
		{"not to be rescued", damagedStore{suspects: []uint32{7}, broken: true}, "stay", false},
		{"found in use", damagedStore{saves: errDamage}, "rescue", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c.store.Memory = storage.NewMemory()
				m := messenger.New(messenger.Config{
					Store: &c.store, Vault: storage.NewMemoryVault(), Spaces: func(id string) plugin.Store { return c.store.Space(id) },
					NoFirstRun: true, Damaged: func(err error) bool { return errors.Is(err, errDamage) },
				})
				events := m.Subscribe()
				ended := make(chan error, 1)
				go func() { ended <- m.Run(context.Background()) }()
				synctest.Wait()
				m.SetSetting("theme", "dark")
				m.SetSetting("theme", "light")
				synctest.Wait()
				var forms []messenger.DialogOpened
				for _, e := range events.TryTake() {
					switch e := e.(type) {
					case messenger.Snapshot:
						forms = append(forms, e.Dialogs...)
					case messenger.DialogOpened:
						forms = append(forms, e)
					case messenger.Trouble:
						t.Errorf("%+v", e)
					}
				}
				asks := slices.IndexFunc(forms, func(d messenger.DialogOpened) bool { return strings.HasPrefix(d.Form.Title, "Part of the database") })
				if (asks >= 0) != (c.button != "") {
					t.Fatalf("%+v", forms)
				}
				if c.store.saves != nil && (len(forms) != 2 || forms[0].Form.Tabs[0].Fields[0].Label != "A setting could not be saved.") {
					t.Errorf("%+v", forms)
				}
				if asks >= 0 {
					m.Answer(forms[asks].ID, plugin.Answers{Action: c.button})
				}
				synctest.Wait()
				if !c.locked {
					m.Quit()
				}
				if err := <-ended; err != nil {
					t.Error(err)
				}
				all := events.TryTake()
				m.Carry() // which makes it forget all else
				if last := all[len(all)-1]; last != (messenger.Stopped{Locked: c.locked}) || m.Rescue() != c.locked {
					t.Errorf("%+v", last)
				}
			})
		})
	}
}
