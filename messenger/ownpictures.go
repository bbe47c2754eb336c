package messenger

import (
	"bytes"
	"image"
	"image/png"
	"maps"

	"culver/im"
	"culver/internal/picture"
	"culver/lang"
	"culver/protocol"
)

// ownPictureKey begins the keys of the pictures that the buddies of accounts see, as far as
// it is known here: what the user sees of their own is not asked for again and again.
const ownPictureKey = "own/"

// ShowOwnPicture asks which picture the buddies of an account see.
func (m *Messenger) ShowOwnPicture(id im.AccountID) {
	m.inbox.Put(func() {
		a, ok := m.accounts[id]
		if !ok {
			return
		}
		if s := m.online(id); s != nil {
			if _, can := s.(protocol.Portrayer); !can {
				m.trouble(lang.F("%s has no pictures of people.", a.network.Name()), nil)
				return
			}
		}
		m.showOwnPicture(a)
	})
}

// loadOwnPictures takes up what is kept. What cannot be read is as if it was not there.
func (m *Messenger) loadOwnPictures() {
	kept, _ := m.pictures.space.List(ownPictureKey)
	for key, b := range kept {
		id := im.AccountID(key[len(ownPictureKey):])
		if img, err := picture.Decode(b, pictureLimits); err == nil && m.accounts[id] != nil {
			m.setOwnPicture(id, img)
		}
	}
}

func (m *Messenger) setOwnPicture(id im.AccountID, img image.Image) {
	if m.ownPictures == nil {
		m.ownPictures = map[im.AccountID]image.Image{}
	}
	if img == nil {
		delete(m.ownPictures, id)
	} else {
		m.ownPictures[id] = picture.Square(img, pictureSide)
	}
	m.publish(OwnPictureChanged{id, m.ownPictures[id]})
}

// keepOwnPicture remembers what the buddies of an account see; nil: nothing.
func (m *Messenger) keepOwnPicture(id im.AccountID, img image.Image) {
	if img == nil && m.ownPictures[id] == nil {
		return
	}
	m.setOwnPicture(id, img)
	space := m.pictures.space
	if space == nil {
		return
	}
	var err error
	if img == nil {
		err = space.Delete(ownPictureKey + string(id))
	} else {
		var b bytes.Buffer
		if err = png.Encode(&b, m.ownPictures[id]); err == nil {
			err = space.Put(ownPictureKey+string(id), b.Bytes())
		}
	}
	if err != nil {
		m.trouble(lang.T("The picture could not be saved."), err)
	}
}

// ownPictureList is what front ends know.
func (m *Messenger) ownPictureList() map[im.AccountID]image.Image { return maps.Clone(m.ownPictures) }
