package gui

import (
	"image"
	"maps"

	"culver/im"
	"culver/messenger"
)

// ownStatus is what the user is to be seen as.
type ownStatus struct {
	presence im.Presence // as wished
	rested   messenger.IdleChanged
	statuses messenger.Statuses
	faces    map[im.AccountID]image.Image // as buddies see them
}

func newOwnStatus(s messenger.Snapshot) ownStatus {
	o := ownStatus{s.Presence, s.Idle, s.Statuses, map[im.AccountID]image.Image{}}
	maps.Copy(o.faces, s.OwnPictures)
	return o
}

// apply takes up what has changed.
func (o *ownStatus) apply(e messenger.Event) {
	switch e := e.(type) {
	case messenger.PresenceWished:
		o.presence = e.Presence
	case messenger.StatusesChanged:
		o.statuses = e.Statuses
	case messenger.IdleChanged:
		o.rested = e
	case messenger.OwnPictureChanged:
		if o.faces[e.Account] = e.Image; e.Image == nil {
			delete(o.faces, e.Account)
		}
	}
}
