package messenger_test

import (
	"maps"
	"strconv"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/protocol"
	"culver/storage"
)

// Who signs in at the start: as it was left, or as the user says.
func TestLogin(t *testing.T) {
	const show = "presence"
	for _, c := range []struct {
		name    string
		last    im.Show
		login   messenger.Login
		online  []im.AccountID
		seen    im.Show // what it is kept as
		enabled string
		trouble int
	}{
		{"as it was", im.Away, messenger.Login{}, []im.AccountID{"fake:alice@x"}, im.Away, "alice", 0},
		{"nobody", im.Away, messenger.Login{Refused: true}, nil, im.Away, "alice", 0},
		{"although offline", im.Offline, messenger.Login{Wanted: true}, []im.AccountID{"fake:alice@x"}, im.Offline, "alice", 0},
		{"offline as it was", im.Offline, messenger.Login{}, nil, im.Offline, "alice", 0},
		{"another one", im.Available, messenger.Login{Wanted: true, Accounts: []string{"work"}}, []im.AccountID{"fake:second@x"}, im.Available, "second", 0},
		{"both", im.Available, messenger.Login{Wanted: true, Accounts: []string{"ALICE@x", "fake:second@x"}}, []im.AccountID{"fake:alice@x", "fake:second@x"}, im.Available, "alicesecond", 0},
		{"one that is not there", im.Available, messenger.Login{Wanted: true, Accounts: []string{"eve@x"}}, []im.AccountID{"fake:alice@x"}, im.Available, "alice", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				net, store, vault := newFakenet(), scenetest.MemoryStore(), storage.NewMemoryVault()
				for _, a := range []im.Account{{ID: "fake:alice@x", Enabled: true}, {ID: "fake:second@x", Alias: "Work"}} {
					if err := store.SaveAccount(a); err != nil {
						t.Fatal(err)
					}
					if err := vault.Put(t.Context(), "password/"+string(a.ID), []byte("pw")); err != nil {
						t.Fatal(err)
					}
				}
				if err := store.SetSetting(show, strconv.Itoa(int(c.last))); err != nil {
					t.Fatal(err)
				}
				a := scenetest.Join(t, "user", messenger.New(messenger.Config{Store: store, Vault: vault, Spaces: store.Spaces,
					Networks: []protocol.Protocol{net}, NoFirstRun: true, Login: c.login}))
				defer a.Quit()
				got := map[im.AccountID]bool{}
				for range c.online {
					got[(<-net.sessions).account.ID] = true
				}
				synctest.Wait()
				if len(net.sessions) > 0 {
					t.Errorf("%s signs in as well", (<-net.sessions).account.ID)
				}
				want := map[im.AccountID]bool{}
				for _, id := range c.online {
					want[id] = true
				}
				if !maps.Equal(got, want) {
					t.Errorf("%v sign in", got)
				}
				if v, _, _ := store.Setting(show); v != strconv.Itoa(int(c.seen)) {
					t.Errorf("%q is kept as the last status", v)
				}
				enabled := ""
				list, err := store.Accounts()
				if err != nil {
					t.Fatal(err)
				}
				for _, b := range list {
					if b.Enabled {
						enabled += map[im.AccountID]string{"fake:alice@x": "alice", "fake:second@x": "second"}[b.ID]
					}
				}
				a.Until("what is said", func() bool { return len(a.Trouble) == c.trouble })
				if enabled != c.enabled {
					t.Errorf("%s enabled", enabled)
				}
			})
		})
	}
}
