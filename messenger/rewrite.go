package messenger

import (
	"culver/im"
	"culver/lang"
	"culver/plugin"
)

const errRewrite = lang.Error("This line was not sent: a plugin failed over it. Send it again to send it as it stands.")

// rewrite gives a typed line to the plugins that change the user's words. It
// happens once, before the line is shown: what is shown, kept and sent is the same.
// If one fails, the line is as typed, and not to be sent by itself.
func (m *Messenger) rewrite(c im.ConvID, text string) (said string, err error) {
	said = text
	for _, h := range m.plugins {
		r, ok := h.plugin.(plugin.Rewriter)
		if !ok {
			continue
		}
		next := ""
		m.guard(func() { next = r.Rewrite(c, said) })
		if next == "" {
			return text, errRewrite
		}
		said = next
	}
	return said, nil
}
