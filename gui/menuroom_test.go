package gui

import (
	"testing"

	"fyne.io/fyne/v2"

	"culver/accounts"
	"culver/im"
	"culver/lang"
	"culver/messenger"
)

// The toolkit cuts off what does not fit to the right of a menu's title.
func TestMenusFitIntoTheBuddyList(t *testing.T) {
	t.Cleanup(func() { lang.Use("en") })
	for _, l := range lang.Spoken() {
		if _, err := lang.Use(l.Code); err != nil {
			t.Fatal(err)
		}
		g, _ := start(t, messenger.Snapshot{Accounts: []accounts.State{online()}, CanLock: true, Guides: []messenger.Guide{{Plugin: "otr", Title: "OTR"}}})
		has, wants := g.buddies.window.Canvas().Size(), menuRoom(g.buddies.bar)
		if l.Code != "en" { // longer words may be more than is reasonable
			wants = wants.Min(fyne.NewSize(1.5*buddyWidth, 1.25*buddyHeight))
		}
		if has.Max(wants) != has {
			t.Errorf("%s: the Buddy List is %v large, and its menus are %v", l.Name, has, wants)
		}
	}
}

func TestTheWidthOfMenusHasItsLimits(t *testing.T) {
	g, _ := start(t, messenger.Snapshot{})
	g.buddies.bar.Items[3].Items[0].Label = "a label that nobody can read without a window as wide as the screen, or nearly so"
	if w := g.buddies.natural(); w.Width > 1.5*buddyWidth || w.Height > 1.25*buddyHeight {
		t.Errorf("the Buddy List is to be %v large", w)
	}
}

// A menu that is open stays open when something happens that it does not tell of.
func TestMenusThatSayTheSameStay(t *testing.T) {
	g, _ := start(t, messenger.Snapshot{Accounts: []accounts.State{online()}})
	was := g.buddies.bar
	g.apply([]messenger.Event{messenger.SettingChanged{Key: "window.history", Value: "700 500"}, messenger.AccountChanged{State: online()}})
	if g.buddies.bar != was {
		t.Error("the menus were replaced by the same")
	}
	g.apply([]messenger.Event{messenger.SettingChanged{Key: settingOffline, Value: im.On}})
	if g.buddies.bar == was {
		t.Error("the menus do not say what is chosen now")
	}
	was = g.buddies.bar
	g.apply([]messenger.Event{messenger.AccountRemoved{Account: alice}})
	if g.buddies.bar == was {
		t.Error("the menus have an account that is gone")
	}
}
