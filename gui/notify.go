package gui

import (
	"context"
	"os"
	"runtime"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"

	"culver/im"
	"culver/internal/queue"
	"culver/lang"
	"culver/messenger"
)

// attention makes the user aware of a conversation. A notification comes once
// until they look. It says who, never what: notifications are shown on locked
// screens and kept by the system.
func (g *GUI) attention(e messenger.Attention) {
	p := g.chats.find(e.Conv)
	if p == nil {
		return
	}
	p.counted = p.counted || e.How.Count
	if e.How.Notify && !p.notified && !p.inFront() {
		p.notified = true
		g.notices.Put(lang.F("New message from %s", spelled(g.name(p.conv))))
	}
}

// spelled is a name with nothing in it but letters, digits and what addresses are
// written with: some systems read notifications as markup, or pass them through a
// shell, and the name may be one that a peer chose.
func spelled(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(" @._-", r) {
			return r
		}
		return -1
	}, name)
}

// name is what people call a peer, fit for a label.
func (g *GUI) name(c im.ConvID) string {
	if room, nick, ok := im.SplitAside(c); ok {
		return g.asideName(room, nick)
	}
	return oneLine(g.list.Title(c), 60)
}

// announce gives notices to the system, away from the toolkit's goroutine: the
// system may take its time.
func announce(ctx context.Context, app fyne.App, notices *queue.Queue[string]) {
	for {
		batch, ok := notices.Take(ctx)
		if !ok {
			return
		}
		// Without a session bus the toolkit would start one at each try, and leave it.
		if runtime.GOOS == "linux" && os.Getenv("DBUS_SESSION_BUS_ADDRESS") == "" {
			continue
		}
		for _, text := range batch {
			app.SendNotification(fyne.NewNotification("Culver", text))
		}
	}
}
