package messenger

import (
	"slices"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

const fieldGuidePage = "page"

// guideWindow is the one window in which guides are read.
type guideWindow struct {
	dialog *dialog
	plugin string
}

// ShowGuide opens a page of a plugin's guide.
func (m *Messenger) ShowGuide(pluginID, page string) {
	m.inbox.Put(func() { m.showGuide(pluginID, page) })
}

// showGuide shows the page in the guides' window, and brings that to the front.
func (m *Messenger) showGuide(pluginID, page string) {
	form, ok := m.guideForm(pluginID, page)
	if !ok {
		m.sayGuideIsOff(pluginID)
		return
	}
	if m.guide != nil {
		m.guide.plugin = pluginID
		m.guide.dialog.form = form
		m.guide.dialog.raise()
		return
	}
	w := &guideWindow{plugin: pluginID}
	m.guide = w
	w.dialog = m.ask(im.ConvID{}, form, func(a plugin.Answers) {
		if a.Action != fieldGuidePage {
			m.closeGuide()
			return
		}
		if form, ok := m.guideForm(w.plugin, a.Values[fieldGuidePage]); ok {
			w.dialog.Update(form)
		}
	})
}

// sayGuideIsOff answers a link into the guide of a plugin that is off: it may stand
// in a conversation from before.
func (m *Messenger) sayGuideIsOff(pluginID string) {
	for _, o := range m.offers {
		if _, ok := o.plugin.(plugin.Guide); ok && o.info.ID == pluginID && (o.host == nil || o.failed) {
			m.say(lang.T("Help"), lang.F("This page belongs to %s, which is disabled. To read it, choose Plugins in the Tools menu and enable it.", o.info.Title))
		}
	}
}

func (m *Messenger) closeGuide() {
	if m.guide != nil {
		m.guide.dialog.Close()
		m.guide = nil
	}
}

// guideForm is a page of a plugin's guide; one that there is not, its first.
func (m *Messenger) guideForm(pluginID, page string) (plugin.Form, bool) {
	pages := m.guidePages(m.hosted(pluginID))
	if len(pages) == 0 {
		return plugin.Form{}, false
	}
	at := max(0, slices.IndexFunc(pages, func(p plugin.GuidePage) bool { return p.ID == page }))
	choice := im.Field{ID: fieldGuidePage, Kind: im.FieldChoice, Label: lang.T("Page"), Live: true, Value: pages[at].ID}
	for _, p := range pages {
		choice.Choices = append(choice.Choices, im.Choice{Value: p.ID, Label: p.Title})
	}
	fields := []im.Field{choice, {Kind: im.FieldProse, Prose: pages[at].Text}}
	if len(pages) == 1 {
		fields = fields[1:]
	}
	return plugin.Page(lang.T("Help"), "", fields, closeButton()), true
}

func (m *Messenger) guidePages(p plugin.Plugin) (pages []plugin.GuidePage) {
	if g, ok := p.(plugin.Guide); ok {
		m.guard(func() { pages = g.Guide() })
	}
	return pages
}

// guideList names the guides there are.
func (m *Messenger) guideList() (guides []Guide) {
	each(m, func(p interface {
		plugin.Plugin
		plugin.Guide
	}) {
		info := p.Info()
		guides = append(guides, Guide{Plugin: info.ID, Title: info.Title})
	})
	return guides
}
