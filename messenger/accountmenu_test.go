package messenger_test

import (
	"slices"
	"testing"

	"culver/accounts"
	"culver/im"
	"culver/messenger/scenetest"
	"culver/plugin"
)

// accountRows are the rows of the list of accounts.
func accountRows(a *scenetest.Actor) []im.Row {
	return a.Form("Accounts", "add").Form.Tabs[0].Fields[0].Rows
}

// inAccounts does something in the list of accounts.
func inAccounts(a *scenetest.Actor, action string, id im.AccountID) {
	d := a.Form("Accounts", "add")
	a.M.Answer(d.ID, plugin.Answers{Action: action, Rows: []string{string(id)}})
}

func TestAccountsAreTickedAndPutInOrder(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, _ im.ConvID) {
		net.online()
		a.M.ShowAddAccount("fake")
		a.Answer("Add Account", "save", "address=second@x", "password=p")
		net.online()
		second := im.AccountID("fake:second@x")
		a.M.ShowAccounts()
		order := func(want ...string) {
			t.Helper()
			a.Until("that order", func() bool {
				var got []string
				for _, r := range accountRows(a) {
					got = append(got, r.Cells[1])
				}
				return slices.Equal(got, want)
			})
		}
		order("alice@x", "second@x")
		inAccounts(a, "down", second) // it is the last one
		inAccounts(a, "up", second)
		order("second@x", "alice@x")
		a.Quit()
		a.Start()
		net.online()
		net.online()
		a.M.ShowAccounts()
		order("second@x", "alice@x")

		a.Until("the tick", func() bool { return accountRows(a)[0].Cells[0] == im.On })
		inAccounts(a, "tick", second)
		a.Until("its end", func() bool { return a.Accounts[second].Status == accounts.Offline && accountRows(a)[0].Cells[0] == "" })
		inAccounts(a, "tick", second)
		net.online()
		a.Until("it again", func() bool { return a.Accounts[second].Account.Enabled })
	})
}

func TestMenusOfAccounts(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, _ im.ConvID) {
		net.online()
		labels := func() (out []string) {
			for _, x := range a.AccountMenus.Menus[a.Self] {
				out = append(out, x.Label)
			}
			return out
		}
		a.Until("the menu", func() bool {
			return slices.Equal(labels(), []string{"Edit Account…", "", "Set Picture…", "", "Disable"})
		})
		a.M.InvokeAccount(a.Self, "modify")
		a.Answer("Modify Account", "cancel")
		a.M.InvokeAccount(a.Self, "delete") // is not in the menu
		a.M.InvokeAccount(a.Self, "disable")
		a.Until("the menu of one that is off", func() bool { return slices.Contains(labels(), "Enable") })
		a.M.InvokeAccount(a.Self, "enable")
		net.online()
	})
}
