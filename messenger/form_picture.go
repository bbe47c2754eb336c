package messenger

import (
	"context"
	"errors"
	"image"
	"image/color"
	"io"
	"io/fs"
	"math"
	"os"

	"culver/im"
	"culver/internal/picture"
	"culver/lang"
	"culver/plugin"
	"culver/protocol"
)

// ownSide is how many pixels a side our own picture has.
const ownSide = 128

// ownLimits are those of the file that the user chooses.
var ownLimits = picture.Limits{Bytes: 16 << 20, Side: 12000, Pixels: 40 << 20}

// ownPicture is the window in which the user chooses which picture the buddies of an
// account see. What leaves is a small one made of it, with nothing of what else is in the
// file.
type ownPicture struct {
	m       *Messenger
	account *account
	dialog  *dialog
	present image.Image // what they see now; nil: nothing
	known   pictureState
	chosen  image.Image // unless nil, what they are to see
	file    []byte      // of that
	turn    int         // counts what was asked to be read: of a name that is being typed only the last counts
	asked   bool        // the server is to take it
	shows   image.Image // what it is asked to show; nil: none
	problem string
	blank   image.Image // in place of a picture
}

// pictureState is what is known of the picture that they see now.
type pictureState int

const (
	pictureAsked pictureState = iota
	pictureUnknown
	pictureNone
	pictureSeen
)

func (s pictureState) words() string {
	switch s {
	case pictureAsked:
		return lang.T("Asking the server…")
	case pictureNone:
		return lang.T("They see none now.")
	case pictureSeen:
		return lang.T("They see this one now.")
	default:
		return lang.T("It is not known which one they see now.")
	}
}

// showOwnPicture opens it, and asks the server what they see now.
func (m *Messenger) showOwnPicture(a *account) {
	if a.portrait != nil {
		a.portrait.dialog.raise()
		return
	}
	p := &ownPicture{m: m, account: a, known: pictureAsked, blank: nobody(ownSide)}
	a.portrait = p
	if s, ok := m.online(a.id).(protocol.Portrayer); !ok || s.AskOwnPicture() != nil {
		p.known = pictureUnknown
	}
	p.dialog = m.ask(im.ConvID{}, p.form(), p.answered)
}

func (p *ownPicture) form() plugin.Form {
	shown := im.Field{ID: "shown", Kind: im.FieldImage, Label: lang.T("Your picture"), Image: p.blank, Hint: p.known.words()}
	switch {
	case p.chosen != nil:
		shown.Image, shown.Hint = p.chosen, lang.T("They will see this one.")
	case p.present != nil:
		shown.Image = p.present
	}
	f := plugin.Page(lang.F("Picture of %s", cleanName(p.account.id.Bare())),
		lang.T("Everybody who may see when you are online can see your picture. Only a small copy of it is sent: nothing of when and where it was taken."),
		[]im.Field{shown, {ID: "file", Kind: im.FieldFile, Label: lang.T("Another one"), Hint: lang.T("A PNG or JPEG file"), Live: true}},
		plugin.Button{ID: "none", Label: lang.T("Show No Picture"), Off: p.asked || p.known == pictureNone}, cancelButton(),
		plugin.Button{ID: "ok", Label: lang.T("Show It"), Role: plugin.Default, Off: p.chosen == nil || p.asked})
	if f.Problem = p.problem; p.asked {
		f.Doing = lang.T("Please wait…")
	}
	return f
}

func (p *ownPicture) show() { p.dialog.Update(p.form()) }

func (p *ownPicture) answered(ans plugin.Answers) {
	if ending(ans.Action) {
		p.end()
		return
	}
	if p.asked {
		return
	}
	p.problem = ""
	switch {
	case ans.Action == "none":
		p.set(nil, nil)
	case ans.Action == "ok" && p.chosen != nil:
		p.set(p.file, p.chosen)
	case ans.Action == "file" && ans.Values["file"] != "":
		p.choose(ans.Values["file"])
	}
}

func (p *ownPicture) end() {
	p.account.portrait = nil
	p.dialog.Close()
}

// set tells the server.
func (p *ownPicture) set(data []byte, img image.Image) {
	s, ok := p.m.online(p.account.id).(protocol.Portrayer)
	if !ok {
		p.problem = lang.T("Connect the account first.")
	} else if err := s.SetPicture(data, ownSide); err != nil {
		p.problem = sentenceOf(err)
	} else {
		p.asked, p.shows = true, img
	}
	p.show()
}

// choose reads a file.
func (p *ownPicture) choose(path string) {
	var img image.Image
	var data []byte
	p.turn++
	turn := p.turn
	p.m.background(func(context.Context) (err error) {
		img, data, err = readPicture(path)
		return err
	}, func(err error) {
		if turn != p.turn || p.account.portrait != p {
			return
		}
		p.chosen, p.file, p.problem = img, data, ""
		if err != nil {
			p.chosen, p.file = nil, nil
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			p.problem = lang.T("This file cannot be read as a picture. Choose a PNG or JPEG file.")
		}
		p.show()
	})
}

// readPicture makes a small picture of a file. What is no file, as while a longer name is
// typed, is [fs.ErrNotExist].
func readPicture(path string) (image.Image, []byte, error) {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return nil, nil, fs.ErrNotExist
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, int64(ownLimits.Bytes)+1))
	if err != nil {
		return nil, nil, err
	}
	return smallPicture(b, ownLimits, ownSide)
}

// ownPictureTold: this is what they see now.
func (m *Messenger) ownPictureTold(a *account, e protocol.OwnPicture) {
	p := a.portrait
	if p == nil || p.known != pictureAsked {
		return
	}
	tell := func(img image.Image, known pictureState) {
		p.present, p.known = img, known
		if known != pictureUnknown {
			m.keepOwnPicture(a.id, img)
		}
		p.show()
	}
	switch {
	case e.Failed:
		tell(nil, pictureUnknown)
		return
	case len(e.Data) == 0:
		tell(nil, pictureNone)
		return
	}
	var img image.Image
	m.background(func(context.Context) (err error) {
		img, _, err = smallPicture(e.Data, pictureLimits, ownSide)
		return err
	}, func(err error) {
		switch {
		case a.portrait != p:
		case err != nil:
			tell(nil, pictureUnknown)
		default:
			tell(img, pictureSeen)
		}
	})
}

// pictureSet: the server has taken our own picture, or not.
func (m *Messenger) pictureSet(a *account, e protocol.PictureSet) {
	p := a.portrait
	if p == nil || !p.asked {
		return
	}
	if p.asked = false; e.OK {
		m.keepOwnPicture(a.id, p.shows)
		p.end()
		return
	}
	p.problem = lang.F("The server of %s did not take it: it may keep no pictures.", cleanName(a.id.Bare()))
	p.show()
}

// ownPictureOver: the connection ended.
func (m *Messenger) ownPictureOver(a *account) {
	p := a.portrait
	if p == nil {
		return
	}
	if p.known == pictureAsked {
		p.known = pictureUnknown
	}
	if p.asked {
		p.asked, p.problem = false, lang.T("The connection was lost before the server had answered. Try again later.")
	}
	p.show()
}

// nobody is the outline of a person, in place of a picture.
func nobody(side int) image.Image {
	img := image.NewGray(image.Rect(0, 0, side, side))
	s := float64(side)
	for i := range side * side {
		x, y := float64(i%side)+0.5, float64(i/side)+0.5
		head := 0.19*s - math.Hypot(x-0.5*s, y-0.38*s)
		body := 0.36*s - math.Hypot(x-0.5*s, y-s)
		inside := min(max(max(head, body)+0.5, 0), 1) // soft at its edge
		img.SetGray(i%side, i/side, color.Gray{Y: uint8(200 + 44*inside)})
	}
	return img
}
