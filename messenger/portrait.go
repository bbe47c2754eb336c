package messenger

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"io/fs"
	"strings"

	"culver/buddylist"
	"culver/im"
	"culver/internal/picture"
	"culver/lang"
	"culver/plugin"
)

// The user can give a buddy a picture, in the place of their own. It is kept in the space
// of the pictures, and nobody learns of it.

const portraitKey = "given/"

// loadPortraits shows the pictures that the user gave.
func (m *Messenger) loadPortraits() {
	kept, err := m.pictures.space.List(portraitKey)
	if err != nil {
		m.trouble(lang.T("The pictures of your buddies could not be read."), err)
	}
	for key, b := range kept {
		c := convOfKey(strings.TrimPrefix(key, portraitKey))
		if _, listed := m.list.Buddy(c); !listed {
			continue
		}
		if img, err := picture.Decode(b, pictureLimits); err == nil {
			m.applyList(buddylist.Portrayed{Conv: c, Image: img})
		}
	}
}

// ShowPortrait asks which picture to give a buddy.
func (m *Messenger) ShowPortrait(c im.ConvID) {
	m.inbox.Put(func() {
		b, listed := m.list.Buddy(c)
		if !listed {
			return
		}
		f := plugin.Page(lang.F("Picture for %s", b.Title()), lang.T("Only you see it, in the place of the picture that they chose."),
			[]im.Field{{ID: "file", Kind: im.FieldFile, Label: lang.T("File"), Hint: lang.T("A PNG or JPEG file")}},
			cancelButton(), plugin.Button{ID: "ok", Label: lang.T("Use"), Role: plugin.Default})
		var d *dialog
		d = m.ask(c, f, func(a plugin.Answers) {
			if ending(a.Action) {
				d.Close()
				return
			}
			var small image.Image
			m.background(func(context.Context) (err error) {
				if small, _, err = readPicture(a.Values["file"]); err == nil {
					small = picture.Square(small, pictureSide)
				}
				return err
			}, func(err error) {
				switch {
				case m.dialogs[d.id] != d:
				case errors.Is(err, fs.ErrNotExist):
					d.Update(withProblem(f, lang.T("There is no such file.")))
				case err != nil:
					d.Update(withProblem(f, lang.T("This file cannot be read as a picture. Choose a PNG or JPEG file.")))
				default:
					m.portray(c, small)
					d.Close()
				}
			})
		})
	})
}

// DropPortrait takes it away again.
func (m *Messenger) DropPortrait(c im.ConvID) {
	m.inbox.Put(func() {
		if m.list.Given(c) != nil {
			m.portray(c, nil)
		}
	})
}

// portray gives a buddy a picture, or none.
func (m *Messenger) portray(c im.ConvID, img image.Image) {
	m.applyList(buddylist.Portrayed{Conv: c, Image: img})
	space := m.pictures.space
	if space == nil {
		return
	}
	var b bytes.Buffer
	var err error
	if img == nil {
		err = space.Delete(portraitKey + convKey(c))
	} else if err = png.Encode(&b, img); err == nil {
		err = space.Put(portraitKey+convKey(c), b.Bytes())
	}
	if err != nil {
		m.trouble(lang.T("The picture could not be saved."), err)
	}
}

// forgetPortraits leaves nothing of those of an account, or of one buddy.
func (m *Messenger) forgetPortraits(who func(im.ConvID) bool) {
	if m.pictures.space == nil {
		return
	}
	kept, err := m.pictures.space.List(portraitKey)
	for key := range kept {
		if who(convOfKey(strings.TrimPrefix(key, portraitKey))) {
			err = errors.Join(err, m.pictures.space.Delete(key))
		}
	}
	if err != nil {
		m.trouble(lang.T("A picture could not be deleted."), err)
	}
}
