package gui

import "time"

// StartMinimized has the Buddy List begin behind the icon beside the clock, if there is a
// place for that. It is for the time before Attach.
func (g *GUI) StartMinimized() { g.minimized = true }

// trayPatience is how long the Buddy List waits for a place for the icon.
const trayPatience = 3 * time.Second

// showList brings the Buddy List on the screen: at a start that is to be minimized, only
// if there is no place for the icon, of which the system may tell a moment later.
func (g *GUI) showList() {
	if !g.minimized {
		g.buddies.show()
		return
	}
	g.waiting = true
	list := g.buddies
	time.AfterFunc(trayPatience, func() {
		g.do(func() {
			if g.waiting && !g.over() && !g.detached && list == g.buddies {
				g.revealList()
			}
		})
	})
	g.drawTray()
}

// minimize puts a Buddy List that is not on the screen yet behind the icon, of which it is
// known now that it is there.
func (g *GUI) minimize() {
	if g.waiting && !g.buddies.shown {
		g.minimized, g.waiting = false, false
		g.buddies.shown, g.buddies.hidden = true, true
	}
}

// revealList ends the wait for it.
func (g *GUI) revealList() {
	g.minimized, g.waiting = false, false
	if !g.buddies.shown {
		g.buddies.show()
	}
}
