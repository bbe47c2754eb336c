package gui

import (
	"time"

	"fyne.io/fyne/v2"

	"culver/im"
)

// System is what the computer does for the front end beside windows. Its methods are
// called on the toolkit's goroutine and return at once; what fails is not told, for
// there is nothing that the user could do about it.
type System interface {
	// Notify shows a notification: in the place of the one before about the same
	// conversation, where that can be.
	Notify(Notification)
	// Withdraw takes away the notification about a conversation, if there is one.
	Withdraw(im.ConvID)
	// Play plays a sound, so loud in percent.
	Play(sound string, volume int)
	// ShowTray shows the icon beside the clock as this, where there is such a place;
	// nil: there is to be none.
	ShowTray(*Tray)
	// Badge says how many conversations have something unread, on the program's icon.
	Badge(int)
	// Unused is for how long nobody has used the computer; known: the system says so.
	Unused() (d time.Duration, known bool)
}

// Notification tells of something new in a conversation. Neither text is markup.
type Notification struct {
	Conv im.ConvID
	// Title is short, and says who or only where it is from; Text is more of it.
	Title, Text string
	Open        string // what a click does, in words
	// Line is both in one, with nothing in it that means anything to a shell or a parser.
	Line string
}

// Tray is what is shown beside the clock.
type Tray struct {
	Icon   fyne.Resource // a PNG
	Tip    string
	Urgent bool // something is unread
	Menu   *fyne.Menu
}

// SetSystem hands the front end what the computer does for it. It belongs to the
// goroutine of [New].
func (g *GUI) SetSystem(s System) { g.system = s }

// noSystem does nothing.
type noSystem struct{}

func (noSystem) Notify(Notification) {}
func (noSystem) Withdraw(im.ConvID)  {}
func (noSystem) Play(string, int)    {}
func (noSystem) ShowTray(*Tray)      {}
func (noSystem) Badge(int)           {}

func (noSystem) Unused() (time.Duration, bool) { return 0, false }
