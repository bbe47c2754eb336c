package messenger_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/storage"
)

// Every setting of the Preferences has words, is kept when it is chosen, and is as before
// when its page is reset.
func TestPreferencesAreKeptAndReset(t *testing.T) {
	store := storage.NewMemory()
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		a.M.ShowPreferences("")
		shown := func(id string) string {
			for _, tab := range a.Form("Preferences", "").Form.Tabs {
				for _, f := range tab.Fields {
					if f.ID == id {
						return f.Value
					}
				}
			}
			return "nothing"
		}
		form := func() plugin.Form { return a.Form("Preferences", "").Form }
		first, seen := form(), map[string]bool{}
		for _, tab := range first.Tabs {
			reset := ""
			for _, f := range tab.Fields {
				if f.ID == "" {
					continue
				}
				if seen[f.ID] || f.Label == "" && f.Kind != im.FieldTable {
					t.Errorf("%s: row %q has no words, or is there twice", tab.Title, f.ID)
				}
				seen[f.ID] = true
				if strings.HasPrefix(f.ID, "reset.") {
					reset = f.ID
				}
				value := ""
				switch {
				case f.ID == "sample":
					continue
				case f.Kind == im.FieldSwitch:
					value = im.Switch(f.Value != im.On)
				case f.Kind == im.FieldChoice:
					for _, c := range f.Choices {
						if c.Value != f.Value {
							value = c.Value
						}
					}
				default:
					continue
				}
				a.Answer("Preferences", f.ID, f.ID+"="+value)
				synctest.Wait()
				if got, ok, _ := store.Setting(f.ID); !ok || got != value || shown(f.ID) != value {
					t.Errorf("%s: %q was chosen, %q is kept, shown is %q", f.ID, value, got, shown(f.ID))
				}
				a.Answer("Preferences", f.ID, f.ID+"=no such choice")
				synctest.Wait()
				if got, _, _ := store.Setting(f.ID); got != value {
					t.Errorf("%s takes a value that is none of its choices", f.ID)
				}
			}
			if reset != "" {
				a.Answer("Preferences", reset)
			}
		}
		synctest.Wait()
		for i, tab := range form().Tabs {
			for _, f := range tab.Fields {
				for _, was := range first.Tabs[i].Fields {
					if f.ID == was.ID && f.ID != "sample" && f.Value != was.Value {
						t.Errorf("%s is %q after the reset, was %q", f.ID, f.Value, was.Value)
					}
				}
			}
		}
	})
}

func TestPreferencesOpenAtAPage(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		a.M.ShowSounds()
		synctest.Wait()
		if f := a.Form("Preferences", "").Form; f.Tabs[f.Front].Title != "Sounds" {
			t.Errorf("page %d is in front", f.Front)
		}
		a.M.ShowPreferences("")
		synctest.Wait()
		if f := a.Form("Preferences", "").Form; f.Front != -1 {
			t.Errorf("page %d came in front of the one that was there", f.Front)
		}
		a.M.ShowPreferences(messenger.PageLogging)
		synctest.Wait()
		if f := a.Form("Preferences", "").Form; f.Tabs[f.Front].Title != "History" {
			t.Errorf("page %d is in front", f.Front)
		}
	})
}
