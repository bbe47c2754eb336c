package messenger

import (
	"strings"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

const fieldGuidePage = "page"

// ProgramGuide stands for a plugin's ID where the guide is the program's own.
const ProgramGuide = "culver"

// guideWindow is the one window in which guides are read.
type guideWindow struct {
	dialog *dialog
	guide  string // whose page it shows
}

// ShowGuide opens a page of a plugin's guide, or of the program's.
func (m *Messenger) ShowGuide(pluginID, page string) {
	m.inbox.Put(func() { m.showGuide(pluginID, page) })
}

// showGuide shows the page in the guides' window, and brings that to the front.
func (m *Messenger) showGuide(guide, page string) {
	if len(m.guidePages(guide)) == 0 {
		m.sayGuideIsOff(guide)
		return
	}
	if m.guide != nil {
		m.guide.guide = guide
		m.guide.dialog.form = m.guideForm(guide, page)
		m.guide.dialog.raise()
		return
	}
	w := &guideWindow{guide: guide}
	m.guide = w
	w.dialog = m.ask(im.ConvID{}, m.guideForm(guide, page), func(a plugin.Answers) {
		if a.Action != fieldGuidePage {
			m.closeGuide()
			return
		}
		if guide, page, ok := strings.Cut(a.Values[fieldGuidePage], "/"); ok && len(m.guidePages(guide)) > 0 {
			w.guide = guide
			w.dialog.Update(m.guideForm(guide, page))
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

// guideForm is a page of a guide that has some, with all pages of all guides to choose
// from; one that there is not, its first.
func (m *Messenger) guideForm(guide, page string) plugin.Form {
	choice := im.Field{ID: fieldGuidePage, Kind: im.FieldChoice, Label: lang.T("Page"), Live: true}
	var shown plugin.GuidePage
	for _, g := range m.guideList() {
		for _, p := range m.guidePages(g.Plugin) {
			value := g.Plugin + "/" + p.ID
			choice.Choices = append(choice.Choices, im.Choice{Value: value, Label: p.Title})
			if g.Plugin == guide && (choice.Value == "" || p.ID == page) {
				choice.Value, shown = value, p
			}
		}
	}
	fields := []im.Field{choice, {Kind: im.FieldProse, Prose: shown.Text}}
	if len(choice.Choices) == 1 {
		fields = fields[1:]
	}
	return plugin.Page(lang.T("Help"), "", fields, closeButton())
}

func (m *Messenger) guidePages(guide string) (pages []plugin.GuidePage) {
	if guide == ProgramGuide && m.cfg.Guide != nil {
		return m.cfg.Guide.Guide()
	}
	if g, ok := m.hosted(guide).(plugin.Guide); ok {
		m.guard(func() { pages = g.Guide() })
	}
	return pages
}

// guideList names the guides there are, the program's own first.
func (m *Messenger) guideList() (guides []Guide) {
	if m.cfg.Guide != nil {
		guides = []Guide{{Plugin: ProgramGuide, Title: "Culver"}}
	}
	each(m, func(p interface {
		plugin.Plugin
		plugin.Guide
	}) {
		info := p.Info()
		guides = append(guides, Guide{Plugin: info.ID, Title: info.Title})
	})
	return guides
}
