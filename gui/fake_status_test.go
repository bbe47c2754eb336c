package gui

import (
	"time"

	"culver/im"
)

func (f *fakeFront) UseStatus(id string)           { f.note("use status %s", id) }
func (f *fakeFront) ShowPounces()                  { f.note("pounces") }
func (f *fakeFront) ShowPounce(c im.ConvID)        { f.note("pounce on %s", c.Peer) }
func (f *fakeFront) ShowNewStatus()                { f.note("new status") }
func (f *fakeFront) ShowOwnPicture(a im.AccountID) { f.note("own picture %s", a) }
func (f *fakeFront) ShowStatuses()                 { f.note("statuses") }
func (f *fakeFront) SetIdle(since time.Time) {
	if since.IsZero() {
		f.note("back")
	} else {
		f.note("idle since %s", since.UTC().Format("15:04:05"))
	}
}
