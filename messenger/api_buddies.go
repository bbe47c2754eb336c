package messenger

import "culver/im"

// BuddyFront is what front ends may ask about the Buddy List's order: what the user made
// of it themselves.
//
// Groups are the networks': to move a buddy, or to rename a group, tells the server. The
// order, contacts and empty groups are kept on this device ([buddylist.Arrangement]).
// All that belongs to a contact moves together, whichever of its members is named.
type BuddyFront interface {
	// MoveBuddy puts a buddy from one group into another; from none if from is empty.
	MoveBuddy(c im.ConvID, from, to string)
	// PlaceBuddy puts a buddy before another one of a group, for [buddylist.ByHand]; before
	// zero: behind all. It does not change the group.
	PlaceBuddy(c im.ConvID, group string, before im.ConvID)
	// PlaceGroup puts a group before another, before empty: behind all.
	PlaceGroup(group, before string)
	// MergeBuddy makes two buddies one contact, or adds the first to that of the second.
	// SplitBuddy takes one out of theirs, SplitContact makes all members of it single.
	MergeBuddy(c, into im.ConvID)
	SplitBuddy(c im.ConvID)
	SplitContact(c im.ConvID)

	// SetAlways shows a buddy also while they are offline, or only as others are shown.
	SetAlways(c im.ConvID, on bool)
	// AskPresence asks a buddy, once more, to let the user see when they are online;
	// DropPresence does not want to see it any more. StopPresence does not let them see it.
	AskPresence(c im.ConvID)
	DropPresence(c im.ConvID)
	StopPresence(c im.ConvID)

	// SetAutoJoin says whether to go into a room that is kept whenever its account connects.
	SetAutoJoin(c im.ConvID, on bool)
	// DropPortrait takes the picture away that the user gave a buddy.
	DropPortrait(c im.ConvID)

	// These open forms, as DialogOpened.
	ShowAddTo(group string) // to add a buddy to a group
	ShowAddThis(c im.ConvID)
	ShowAddGroup()
	ShowRenameGroup(group string)
	ShowDeleteGroup(group string)
	ShowRenameContact(c im.ConvID)
	ShowRemoveContact(c im.ConvID)
	ShowPortrait(c im.ConvID) // which picture to give a buddy, for the user's eyes alone
	ShowAddRoom()             // to keep a room
	ShowMerge(c im.ConvID)    // with whom to make a buddy one contact
}
