package messenger

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"slices"
	"strings"

	"culver/buddylist"
	"culver/im"
	"culver/internal/picture"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// The limits of pictures of people.
const (
	pictureSide  = 64  // pixels, as they are kept
	maxPictures  = 500 // people
	picturesStep = 20  // read from the disk at once
)

// pictureLimits are those of a picture that somebody chose for themselves.
var pictureLimits = picture.Limits{Bytes: 96 << 10, Side: 2048, Pixels: 1 << 20}

// pictures are those of buddies, as they are shown: small squares made here of what
// they chose. They are kept in the database by the hash of what they were made of.
type pictures struct {
	space  plugin.Store // nil: nowhere
	of     map[im.ConvID]string
	images map[string]image.Image // by that hash; of those who are shown
	wanted []wantedPicture        // in order
	asking bool                   // for the first of them
}

type wantedPicture struct {
	conv im.ConvID
	id   string
}

// The keys of the space.
const (
	pictureKey   = "picture/"
	pictureOfKey = "of/"
)

// loadPictures shows the pictures that are kept, some at a time.
func (m *Messenger) loadPictures() {
	m.pictures.of, m.pictures.images = map[im.ConvID]string{}, map[string]image.Image{}
	if m.cfg.Spaces == nil {
		return
	}
	m.pictures.space = sweptStore{m.cfg.Spaces("pictures"), m}
	m.loadPortraits()
	m.loadOwnPictures()
	index, err := m.pictures.space.List(pictureOfKey)
	if err != nil {
		m.trouble(lang.T("The pictures of your buddies could not be read."), err)
	}
	var all, gone []wantedPicture
	for key, id := range index {
		account, peer, ok := strings.Cut(strings.TrimPrefix(key, pictureOfKey), " ")
		c := im.ConvID{Account: im.AccountID(account), Peer: peer}
		if _, listed := m.list.Buddy(c); ok && listed {
			all = append(all, wantedPicture{c, string(id)})
		} else {
			gone = append(gone, wantedPicture{c, string(id)})
		}
	}
	var step func()
	step = func() {
		n := min(len(all), picturesStep)
		for _, w := range all[:n] {
			if _, changed := m.pictures.of[w.conv]; !changed {
				m.showKept(w)
			}
		}
		if all = all[n:]; len(all) > 0 {
			m.inbox.Put(step)
			return
		}
		for _, w := range gone { // not before: somebody listed may have the same
			m.forgetPicture(w.conv, w.id)
		}
	}
	step()
}

// showKept shows a picture that is in memory or on the disk.
func (m *Messenger) showKept(w wantedPicture) bool {
	img, ok := m.pictures.images[w.id]
	if !ok && m.pictures.space != nil {
		b, there, err := m.pictures.space.Get(pictureKey + w.id)
		if err != nil || !there {
			return false
		}
		if img, err = picture.Decode(b, pictureLimits); err != nil {
			return false
		}
		ok = true
	}
	if ok {
		m.showPicture(w, img)
	}
	return ok
}

// showPicture shows a picture, or none.
func (m *Messenger) showPicture(w wantedPicture, img image.Image) {
	p := &m.pictures
	before, had := p.of[w.conv]
	if img == nil {
		delete(p.of, w.conv)
	} else {
		p.of[w.conv], p.images[w.id] = w.id, img
	}
	if had && before != w.id {
		m.forgetPicture(w.conv, before)
	}
	m.applyList(buddylist.Picture{Conv: w.conv, Image: img})
}

// forgetPicture takes a picture from the disk that somebody no longer has.
func (m *Messenger) forgetPicture(c im.ConvID, id string) {
	p := &m.pictures
	var err error
	if _, has := p.of[c]; !has && p.space != nil {
		err = p.space.Delete(pictureOfKey + convKey(c))
	}
	for _, other := range p.of {
		if other == id {
			return // somebody else has the same
		}
	}
	delete(p.images, id)
	if p.space != nil && err == nil {
		err = p.space.Delete(pictureKey + id)
	}
	if err != nil {
		m.trouble(lang.T("A picture could not be deleted."), err)
	}
}

// pictureChanged: a buddy has another picture, or none.
func (m *Messenger) pictureChanged(a *account, e protocol.PictureChanged) {
	w := wantedPicture{im.ConvID{Account: a.id, Peer: e.Bare}, e.ID}
	_, has := m.pictures.of[w.conv]
	switch _, listed := m.list.Buddy(w.conv); {
	case !listed:
	case e.ID == "":
		if has {
			m.showPicture(w, nil)
		}
	case m.pictures.of[w.conv] == e.ID, !has && len(m.pictures.of) >= maxPictures, len(m.pictures.wanted) >= maxPictures:
	default:
		if !m.showKept(w) {
			m.pictures.wanted = append(m.pictures.wanted, w)
			m.askPicture()
		}
	}
}

// askPicture asks for the next picture, one at a time.
func (m *Messenger) askPicture() {
	p := &m.pictures
	for !p.asking && len(p.wanted) > 0 {
		w := p.wanted[0]
		s, ok := m.online(w.conv.Account).(protocol.Portrayer)
		if p.asking = ok && s.FetchPicture(w.conv.Peer, w.id) == nil; !p.asking {
			p.wanted = p.wanted[1:]
		}
	}
}

// pictureFetched makes a small square of a picture, on a goroutine of its own.
func (m *Messenger) pictureFetched(a *account, e protocol.PictureFetched) {
	p := &m.pictures
	w := wantedPicture{im.ConvID{Account: a.id, Peer: e.Bare}, e.ID}
	if !p.asking || len(p.wanted) == 0 || p.wanted[0] != w {
		return
	}
	var small image.Image
	var kept []byte
	m.background(func(context.Context) (err error) {
		small, kept, err = smallPicture(e.Data, pictureLimits, pictureSide)
		return err
	}, func(err error) {
		if len(p.wanted) > 0 && p.wanted[0] == w {
			p.wanted, p.asking = p.wanted[1:], false
		}
		if _, listed := m.list.Buddy(w.conv); err == nil && listed && m.accounts[a.id] == a {
			m.keepPicture(w, kept)
			m.showPicture(w, small)
		}
		m.askPicture()
	})
}

func (m *Messenger) keepPicture(w wantedPicture, b []byte) {
	if m.pictures.space == nil {
		return
	}
	err := m.pictures.space.Put(pictureKey+w.id, b)
	if err == nil {
		err = m.pictures.space.Put(pictureOfKey+convKey(w.conv), []byte(w.id))
	}
	if err != nil {
		m.trouble(lang.T("A picture could not be saved."), err)
	}
}

// smallPicture makes a square PNG of whatever picture it is: only its colours are in it.
func smallPicture(data []byte, most picture.Limits, side int) (image.Image, []byte, error) {
	img, err := picture.Decode(data, most)
	if err != nil {
		return nil, nil, err
	}
	small := picture.Square(img, side)
	var b bytes.Buffer
	if err := png.Encode(&b, small); err != nil {
		return nil, nil, err
	}
	return small, b.Bytes(), nil
}

// dropPictures forgets what is asked of an account that is offline, and with gone what is
// kept of its buddies as well.
func (m *Messenger) dropPictures(id im.AccountID, gone bool) {
	p := &m.pictures
	if len(p.wanted) > 0 && p.wanted[0].conv.Account == id {
		p.asking = false
	}
	p.wanted = slices.DeleteFunc(p.wanted, func(w wantedPicture) bool { return w.conv.Account == id })
	if gone {
		for c, picture := range p.of {
			if c.Account == id {
				delete(p.of, c)
				m.forgetPicture(c, picture)
			}
		}
	}
	m.askPicture()
}

// buddyPictureGone forgets the picture of somebody who is no longer on the list.
func (m *Messenger) buddyPictureGone(c im.ConvID) {
	if id, ok := m.pictures.of[c]; ok {
		m.showPicture(wantedPicture{c, id}, nil)
		m.forgetPicture(c, id)
	}
}
