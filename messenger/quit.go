package messenger

import (
	"errors"
	"strings"
	"time"

	"culver/im"
	"culver/lang"
	"culver/plugin"
)

// The end of the program asks about the lines that would be lost with it.

// stalled is how long a line may be under way before it counts as not sent when
// the user quits.
const stalled = 5 * time.Second

// perishable are the lines that would be lost with the program, or are on the disk
// where nothing like them is kept but by the user's choice, by conversation.
func (m *Messenger) perishable() (all []perishing) {
	for _, c := range m.sortedChats("") {
		p := perishing{chat: c, draft: m.perishes(c)}
		for _, msg := range c.timeline.Lines(0) {
			unsent := msg.State == im.Waiting || msg.State == im.Failed ||
				msg.State == im.Sending && (m.isHeld(c.id.Account) || time.Since(msg.Time) > stalled)
			if msg.Out && unsent && (!c.logged[msg.ID] || m.hides(c, msg)) {
				p.lines = append(p.lines, msg)
			}
		}
		if p.count() > 0 {
			all = append(all, p)
		}
	}
	return all
}

// perishing are the perishable lines of one conversation, in order.
type perishing struct {
	chat  *chat
	lines []im.Message
	draft bool // what stands in the entry, too
}

func (p perishing) count() int {
	if p.draft {
		return len(p.lines) + 1
	}
	return len(p.lines)
}

// keepPerishable writes them down.
func (m *Messenger) keepPerishable() error {
	for _, p := range m.perishable() {
		for _, msg := range p.lines {
			if !p.chat.logged[msg.ID] {
				if err := m.append(msg); err != nil {
					return err
				}
				p.chat.logged[msg.ID] = true
			}
			p.chat.kept[msg.ID] = true
		}
		if p.draft {
			if err := m.keepDraftText(p.chat); err != nil {
				return err
			}
		}
	}
	return nil
}

// dropPerishable takes those off the disk that are there.
func (m *Messenger) dropPerishable() {
	for _, p := range m.perishable() {
		for _, msg := range p.lines {
			m.unkeep(p.chat, msg.ID)
		}
		if p.draft {
			m.setDraft(p.chat, "", im.Open)
		}
	}
}

// Quit signs everything off and ends Run: after a question, if something goes on that
// would be given up, or lines were not sent that would be lost. To end without one, end the context of Run.
func (m *Messenger) Quit() { m.inbox.Put(m.askToQuit) }

func (m *Messenger) askToQuit() {
	if m.leaving != nil {
		m.leaving.Close()
		m.leaving = nil
	}
	if len(m.lasting()) > 0 && !m.quitting {
		m.askToGiveUp()
		return
	}
	m.leave()
}

// askToGiveUp asks about what goes on. Its end does not end the question: the user may
// be about to answer it.
func (m *Messenger) askToGiveUp() {
	form := func() plugin.Form {
		all := m.lasting()
		intro, leave := strings.Join(all, " "), plugin.Button{ID: "quit", Label: lang.T("Quit anyway"), Role: plugin.Danger}
		if len(all) == 0 {
			intro, leave = lang.T("What went on is finished."), plugin.Button{ID: "quit", Label: lang.T("Quit")}
		}
		return plugin.Page(lang.T("Quit Culver?"), intro, nil, leave, plugin.Button{ID: "cancel", Label: lang.T("Stay"), Role: plugin.Default})
	}
	d := m.ask(im.ConvID{}, form(), func(a plugin.Answers) {
		m.leaving.Close()
		m.leaving = nil
		if a.Action == "quit" {
			m.leave()
		}
	})
	d.keepFresh(form)
	m.leaving = d
}

// leave asks about the lines that would be lost, if there are any, and quits.
func (m *Messenger) leave() {
	m.refreshDrafts()
	lines := m.perishable()
	if len(lines) == 0 || m.quitting {
		m.quit()
		return
	}
	form := plugin.Page(lang.T("Quit Culver?"), m.perishableText(lines), nil,
		plugin.Button{ID: "keep", Label: lang.T("Keep until the next start"), Role: plugin.Default},
		plugin.Button{ID: "quit", Label: lang.T("Throw away"), Role: plugin.Danger},
		plugin.Button{ID: "cancel", Label: lang.T("Stay"), Role: plugin.Cancel})
	m.leaving = m.ask(im.ConvID{}, form, func(a plugin.Answers) {
		if a.Action == "keep" {
			if err := m.keepPerishable(); err != nil {
				var plain formError
				if form.Problem = sentence(lang.T("They could not be kept. Is the disk full?"), err); errors.As(err, &plain) {
					form.Problem = plain.Error()
				}
				m.leaving.Update(form)
				return
			}
		}
		m.leaving.Close()
		m.leaving = nil
		switch a.Action {
		case "quit":
			m.dropPerishable()
			m.quit()
		case "keep":
			m.quit()
		}
	})
}

// maxNamed is how many people a question names.
const maxNamed = 3

func (m *Messenger) perishableText(all []perishing) string {
	total, rest := 0, 0
	var to []string
	for i, p := range all {
		total += p.count()
		if i < maxNamed {
			to = append(to, lang.N(p.count(), "%d to %s", "%d to %s", p.count(), m.list.Title(p.chat.id)))
		} else {
			rest += p.count()
		}
	}
	if rest > 0 {
		to = append(to, lang.N(rest, "%d to others", "%d to others", rest))
	}
	if total == 1 {
		return lang.F("A line that you wrote to %s has not been sent. Culver can keep it, encrypted on this disk, until you start it again. Otherwise it is lost.", m.list.Title(all[0].chat.id))
	}
	if len(all) == 1 {
		return lang.N(total, "%d line to %s has not been sent. Culver can keep it, encrypted on this disk, until you start it again. Otherwise it is lost.",
			"%d lines to %s have not been sent. Culver can keep them, encrypted on this disk, until you start it again. Otherwise they are lost.", total, m.list.Title(all[0].chat.id))
	}
	return lang.N(total, "%d line that you wrote has not been sent: %s. Culver can keep it, encrypted on this disk, until you start it again. Otherwise it is lost.",
		"%d lines that you wrote have not been sent: %s. Culver can keep them, encrypted on this disk, until you start it again. Otherwise they are lost.", total, strings.Join(to, ", "))
}
