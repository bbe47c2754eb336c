package messenger

import (
	"slices"

	"culver/im"
	"culver/plugin"
)

const fieldGuidePage = "page"

// ShowGuide opens a page of a plugin's guide.
func (m *Messenger) ShowGuide(pluginID, page string) {
	m.inbox.Put(func() { m.showGuide(pluginID, page) })
}

// showGuide shows the page in the guide's one window.
func (m *Messenger) showGuide(pluginID, page string) {
	g, ok := m.hosted(pluginID).(plugin.Guide)
	if !ok {
		return
	}
	var pages []plugin.GuidePage
	m.guard(func() { pages = g.Guide() })
	if len(pages) == 0 {
		return
	}
	at := max(0, slices.IndexFunc(pages, func(p plugin.GuidePage) bool { return p.ID == page }))
	choice := im.Field{ID: fieldGuidePage, Kind: im.FieldChoice, Label: "Page", Live: true, Value: pages[at].ID}
	for _, p := range pages {
		choice.Choices = append(choice.Choices, im.Choice{Value: p.ID, Label: p.Title})
	}
	form := plugin.Page("Help", "", []im.Field{choice, {Kind: im.FieldProse, Prose: pages[at].Text}}, buttonClose)
	if m.guide != nil {
		m.guide.Close()
	}
	m.guide = m.ask(im.ConvID{}, form, func(a plugin.Answers) {
		if a.Action == fieldGuidePage {
			m.showGuide(pluginID, a.Values[fieldGuidePage])
			return
		}
		m.guide.Close()
		m.guide = nil
	})
}
