package gui

import "culver/im"

func (f *fakeFront) MoveBuddy(c im.ConvID, from, to string) {
	f.note("move %s from %s to %s", c.Peer, from, to)
}
func (f *fakeFront) PlaceBuddy(c im.ConvID, group string, before im.ConvID) {
	f.note("place %s in %s before %s", c.Peer, group, before.Peer)
}
func (f *fakeFront) PlaceGroup(group, before string)  { f.note("place %s before %s", group, before) }
func (f *fakeFront) MergeBuddy(c, into im.ConvID)     { f.note("merge %s into %s", c.Peer, into.Peer) }
func (f *fakeFront) SplitBuddy(c im.ConvID)           { f.note("split %s", c.Peer) }
func (f *fakeFront) SplitContact(c im.ConvID)         { f.note("split contact of %s", c.Peer) }
func (f *fakeFront) SetAlways(c im.ConvID, on bool)   { f.note("always %s %v", c.Peer, on) }
func (f *fakeFront) AskPresence(c im.ConvID)          { f.note("ask presence of %s", c.Peer) }
func (f *fakeFront) DropPresence(c im.ConvID)         { f.note("drop presence of %s", c.Peer) }
func (f *fakeFront) StopPresence(c im.ConvID)         { f.note("stop presence to %s", c.Peer) }
func (f *fakeFront) ShowAddTo(group string)           { f.note("add buddy to %s", group) }
func (f *fakeFront) ShowAddThis(c im.ConvID)          { f.note("add %s", c.Peer) }
func (f *fakeFront) ShowAddGroup()                    { f.note("add group") }
func (f *fakeFront) ShowRenameGroup(group string)     { f.note("rename group %s", group) }
func (f *fakeFront) ShowDeleteGroup(group string)     { f.note("delete group %s", group) }
func (f *fakeFront) ShowRenameContact(c im.ConvID)    { f.note("rename contact of %s", c.Peer) }
func (f *fakeFront) ShowRemoveContact(c im.ConvID)    { f.note("remove contact of %s", c.Peer) }
func (f *fakeFront) SetAutoJoin(c im.ConvID, on bool) { f.note("auto-join %s %v", c.Peer, on) }
func (f *fakeFront) DropPortrait(c im.ConvID)         { f.note("drop portrait of %s", c.Peer) }
func (f *fakeFront) ShowPortrait(c im.ConvID)         { f.note("portrait of %s", c.Peer) }
func (f *fakeFront) ShowAddRoom()                     { f.note("add room") }
func (f *fakeFront) ShowMerge(c im.ConvID)            { f.note("merge %s", c.Peer) }
