package gui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"culver/accounts"
	"culver/im"
	"culver/messenger"
	"culver/plugin"
)

func TestTheMenusOfAccounts(t *testing.T) {
	s := friends()
	id := s.Accounts[0].Account.ID
	s.Accounts = append(s.Accounts, accounts.State{Account: im.Account{ID: "xmpp:off@example.net"}, Network: "XMPP"})
	s.AccountMenus = messenger.AccountMenusChanged{Order: []im.AccountID{id, "xmpp:off@example.net"},
		Menus: map[im.AccountID][]plugin.Action{id: {{ID: "modify", Label: "Edit Account…"}, {}, {ID: "disable", Label: "Disable"}}}}
	g, f := start(t, s)
	menu := func(path ...string) *fyne.MenuItem { return item(t, g.buddies.window.MainMenu(), path...) }
	menu("Accounts", "alice@example.net (XMPP)", "Edit Account…").Action()
	f.has(t, "account "+string(id)+" modify")
	menu("Accounts", "alice@example.net (XMPP)", "Disable").Action()
	f.has(t, "account "+string(id)+" disable")
	menu("Accounts", "Enable Account", "off@example.net (XMPP)").Action()
	f.has(t, "enable xmpp:off@example.net true")

	g.apply([]messenger.Event{messenger.AccountMenusChanged{Order: []im.AccountID{"xmpp:off@example.net", id}, Menus: s.AccountMenus.Menus}})
	if g.accounts[0].Account.ID != "xmpp:off@example.net" {
		t.Error("the order has not changed")
	}
}

func TestATableWithBoxes(t *testing.T) {
	field := im.Field{ID: "t", Kind: im.FieldTable, Columns: []string{"On", "Name"}, Tick: "tick", Actions: []im.RowAction{{ID: "tick"}},
		Rows: []im.Row{{ID: "a", Cells: []string{im.On, "alice"}, Can: []string{"tick"}}, {ID: "b", Cells: []string{"", "bob"}, Can: []string{"tick"}}, {ID: "c", Cells: []string{"", "carol"}}}}
	w, got := asked(t, plugin.Page("Accounts", "", []im.Field{field}, okButton))
	w.window.Resize(fyne.NewSize(500, 400))
	table := view[*tableField](t, w, "t")
	press := func(x, row float32) {
		table.list.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary,
			PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, (row+0.5)*tableRowHeight())}})
	}
	press(table.columns(500)[0]+20, 0) // beside the box
	if len(*got) != 0 {
		t.Fatalf("%+v", *got)
	}
	press(8, 1)
	table.list.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	press(8, 2) // which cannot
	if len(*got) != 2 || (*got)[0].Action != "tick" || (*got)[0].Rows[0] != "b" || (*got)[1].Rows[0] != "b" {
		t.Errorf("%+v", *got)
	}
}
