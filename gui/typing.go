package gui

import (
	"time"

	"culver/conversation"
	"culver/im"
)

const pauseAfter = 5 * time.Second

// typed tells the peer that the user types, and later that they stopped.
func (p *page) typed(text string) {
	p.stopPause()
	if begun := text != ""; begun != p.begun {
		p.begun, p.began = begun, p.seal.Level
	}
	p.draft()
	if text == "" || conversation.ReadTyped(text, p.kind).Say == "" { // a command is for nobody else
		p.tell(im.TypingActive)
		return
	}
	p.tell(im.TypingComposing)
	p.pause = time.AfterFunc(pauseAfter, func() {
		p.gui.do(func() {
			if !p.window.gone && p.entry.Text != "" {
				p.tell(im.TypingPaused)
			}
		})
	})
}

func (p *page) stopPause() {
	if p.pause != nil {
		p.pause.Stop()
		p.pause = nil
	}
}

func (p *page) tell(t im.Typing) {
	if p.kind != im.WithPerson || t == p.told || t == im.TypingActive && p.told == im.TypingGone {
		return
	}
	p.told = t
	p.gui.front.Typing(p.conv, t)
}
