package messenger

import (
	"context"
	"errors"
	"image"
	"io"
	"io/fs"
	"os"

	"culver/im"
	"culver/internal/picture"
	"culver/plugin"
	"culver/protocol"
)

// ownSide is how many pixels a side our own picture has.
const ownSide = 128

// ownLimits are those of the file that the user chooses.
var ownLimits = picture.Limits{Bytes: 16 << 20, Side: 12000, Pixels: 40 << 20}

// showOwnPicture asks which picture to show to the buddies of an account. What leaves is
// a small one made of it, with nothing of what else is in the file.
func (m *Messenger) showOwnPicture(a *account) {
	const intro = "Everybody who may see when you are online can see your picture. Only a small copy of it is sent: nothing of when and where it was taken."
	var chosen image.Image
	var file []byte
	problem, doing := "", ""
	turn := 0 // counts what was asked to be read: of a name that is being typed only the last counts
	form := func() plugin.Form {
		fields := []im.Field{{ID: "file", Kind: im.FieldFile, Label: "Picture", Hint: "A PNG or JPEG file", Live: true}}
		if chosen != nil {
			fields = append(fields, im.Field{Kind: im.FieldImage, Label: "What they will see", Image: chosen})
		}
		f := plugin.Page("Picture of "+cleanName(a.id.Bare()), intro, fields,
			plugin.Button{ID: "none", Label: "Show No Picture", Off: doing != ""}, buttonCancel,
			plugin.Button{ID: "ok", Label: "Show It", Role: plugin.Default, Off: chosen == nil || doing != ""})
		f.Problem, f.Doing = problem, doing
		return f
	}
	var d *dialog
	set := func(data []byte) {
		s, ok := m.online(a.id).(protocol.Portrayer)
		if !ok {
			problem = "Connect the account first."
		} else if err := s.SetPicture(data, ownSide); err != nil {
			problem = sentenceOf(err)
		} else {
			doing = "Please wait…"
			a.pictured = func(why string) {
				doing, problem = "", why
				if problem == "" {
					d.Close()
					return
				}
				d.Update(form())
			}
		}
		d.Update(form())
	}
	d = m.ask(im.ConvID{}, form(), func(ans plugin.Answers) {
		problem = ""
		switch {
		case ending(ans.Action):
			a.pictured = nil
			d.Close()
		case ans.Action == "none":
			set(nil)
		case ans.Action == "ok" && chosen != nil:
			set(file)
		case ans.Action == "file" && ans.Values["file"] != "":
			var img image.Image
			var data []byte
			turn++
			asked := turn
			m.background(func(context.Context) (err error) {
				img, data, err = readPicture(ans.Values["file"])
				return err
			}, func(err error) {
				if asked != turn {
					return
				}
				chosen, file, problem = img, data, ""
				if err != nil {
					chosen, file = nil, nil
				}
				if err != nil && !errors.Is(err, fs.ErrNotExist) {
					problem = "This file cannot be read as a picture. Choose a PNG or JPEG file."
				}
				d.Update(form())
			})
		}
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

// pictureSet: the server has taken our own picture, or not.
func (m *Messenger) pictureSet(a *account, e protocol.PictureSet) {
	problem := ""
	if !e.OK {
		problem = "The server of " + a.id.Bare() + " did not take it: it may keep no pictures."
	}
	a.tellPictured(problem)
}

// tellPictured tells the window that waits what is wrong with our own picture, if anything.
func (a *account) tellPictured(problem string) {
	if told := a.pictured; told != nil {
		a.pictured = nil
		told(problem)
	}
}
