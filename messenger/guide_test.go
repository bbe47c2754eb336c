package messenger_test

import (
	"slices"
	"testing"
	"testing/synctest"

	"culver/im"
	"culver/messenger"
	"culver/messenger/scenetest"
	"culver/plugin"
)

// booklet is a plugin with pages to read, and something to do with buddies.
type booklet struct {
	host  plugin.Host
	pages []string
	did   []string
}

func (*booklet) Info() plugin.Info { return plugin.Info{ID: "book", Name: "Book", Title: "The Book"} }
func (b *booklet) Init(h plugin.Host) error {
	b.host = h
	return nil
}
func (*booklet) Close() error { return nil }
func (b *booklet) Guide() (pages []plugin.GuidePage) {
	for _, p := range b.pages {
		pages = append(pages, plugin.GuidePage{ID: p, Title: "About " + p, Text: im.Plain("All of " + p + ".")})
	}
	return pages
}
func (b *booklet) BuddyActions() []plugin.Action     { return []plugin.Action{{ID: "lend", Label: "Lend"}} }
func (b *booklet) Actions(im.ConvID) []plugin.Action { return nil }
func (b *booklet) Invoke(c im.ConvID, id string)     { b.did = append(b.did, id+" "+c.Peer) }
func part(ps ...plugin.Plugin) scenetest.Part {
	return scenetest.Part{Plugins: func() []plugin.Plugin { return ps }}
}

func TestAGuideIsReadInOneWindow(t *testing.T) {
	b := &booklet{pages: []string{"first", "second"}}
	alone(t, part(b), func(_ *fakenet, a *scenetest.Actor, bob im.ConvID) {
		a.Until("the guide", func() bool { return slices.Equal(a.Guides, []messenger.Guide{{Plugin: "book", Title: "The Book"}}) })
		a.M.ShowGuide("book", "")
		a.Reads("Help", "All of first")
		a.Answer("Help", "page", "page=book/second")
		a.Reads("Help", "All of second")
		a.M.ShowGuide("book", "first")
		a.Reads("Help", "All of first")
		a.M.ShowGuide("book", "no such page")
		a.M.ShowGuide("nobody", "first")
		a.Answer("Help", "page", "page=nonsense")
		a.Answer("Help", "page", "page=nobody/first")
		synctest.Wait()
		a.Reads("Help", "All of first")
		if len(a.Dialogs) != 1 {
			t.Errorf("%d windows", len(a.Dialogs))
		}
		a.Answer("Help", "close")
		a.Until("its end", func() bool { return len(a.Dialogs) == 0 })
		a.M.ShowGuide("book", "second")
		a.Reads("Help", "All of second")
		if len(a.Trouble) > 0 {
			t.Errorf("trouble: %q", a.Trouble)
		}
	})
}

func TestABuddyMenu(t *testing.T) {
	b := &booklet{}
	alone(t, part(b), func(_ *fakenet, a *scenetest.Actor, bob im.ConvID) {
		a.Until("the menu", func() bool { return len(a.BuddyMenus) == 1 && a.BuddyMenus[0].Actions[0].Label == "Lend" })
		a.M.Invoke(a.BuddyMenus[0].Plugin, bob, "lend")
		a.M.ShowGuide("book", "first") // has no pages: nothing opens
		synctest.Wait()
		if !slices.Equal(b.did, []string{"lend " + bob.Peer}) {
			t.Errorf("did %q", b.did)
		}
		if a.Until("nothing", func() bool { return true }); len(a.Dialogs) != 0 {
			t.Error("an empty guide opened")
		}
	})
}

// The program has a guide of its own: it comes first, and all pages of all guides are in
// one list.
func TestTheGuideOfTheProgram(t *testing.T) {
	own := &booklet{pages: []string{"start", "end"}}
	b := &booklet{pages: []string{"first"}}
	p := part(b)
	p.Guide = own
	alone(t, p, func(_ *fakenet, a *scenetest.Actor, _ im.ConvID) {
		a.Until("the guides", func() bool {
			return slices.Equal(a.Guides, []messenger.Guide{{Plugin: messenger.ProgramGuide, Title: "Culver"}, {Plugin: "book", Title: "The Book"}})
		})
		a.M.ShowGuide(a.Guides[0].Plugin, "")
		a.Reads("Help", "All of start")
		var pages []string
		for _, c := range a.Form("Help", "close").Form.Tabs[0].Fields[0].Choices {
			pages = append(pages, c.Label)
		}
		if !slices.Equal(pages, []string{"About start", "About end", "About first"}) {
			t.Errorf("pages %q", pages)
		}
		a.Answer("Help", "page", "page=book/first")
		a.Reads("Help", "All of first")
		a.Answer("Help", "page", "page=culver/end")
		a.Reads("Help", "All of end")
		if len(a.Dialogs) != 1 {
			t.Errorf("%d windows", len(a.Dialogs))
		}
	})
}
