package messenger_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/plugin"
	"culver/protocol"
	"culver/storage"
)

func (s *fakeSession) FetchPicture(bare, id string) error {
	s.wish("fetch " + bare + " " + id)
	return nil
}

func (s *fakeSession) SetPicture(png []byte, side int) error {
	s.wish("set " + string(png))
	return nil
}

func (s *fakeSession) AskOwnPicture() error { return nil }

func (s *fakeSession) FetchProfile(bare string) error {
	s.wish("profile " + bare)
	return nil
}

func jpegOf(t *testing.T, c color.Color, w, h int) []byte {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		img.Set(i%w, i/w, c)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPicturesOfBuddies(t *testing.T) {
	store := storage.NewMemory()
	p := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}
	kept := func() int { all, _ := store.Space("pictures").List(""); return len(all) }
	alone(t, p, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		a.Until("bob", func() bool { _, ok := a.List.Buddy(bob); return ok })
		const first, second = "1111111111111111111111111111111111111111", "2222222222222222222222222222222222222222"
		s.events <- protocol.PictureChanged{Bare: "mallory@x", ID: first} // not on the list
		s.events <- protocol.PictureChanged{Bare: bob.Peer, ID: first}
		a.Until("the wish", func() bool { return len(s.wished()) == 1 })
		if got := s.wished()[0]; got != "fetch bob@x "+first {
			t.Errorf("asked %q", got)
		}
		s.events <- protocol.PictureFetched{Bare: bob.Peer, ID: second, Data: jpegOf(t, color.White, 9, 9)} // never asked for
		s.events <- protocol.PictureFetched{Bare: bob.Peer, ID: first, Data: []byte("\x89PNG\r\n\x1a\nbad")}
		settled(a)
		if a.List.Picture(bob) != nil || kept() != 0 {
			t.Error("a bad picture is shown or kept")
		}
		s.events <- protocol.PictureChanged{Bare: bob.Peer, ID: second}
		s.events <- protocol.PictureFetched{Bare: bob.Peer, ID: second, Data: jpegOf(t, color.White, 300, 200)}
		a.Until("a picture", func() bool { return a.List.Picture(bob) != nil })
		if size := a.List.Picture(bob).Bounds(); size.Dx() != 64 || size.Dy() != 64 || kept() != 2 {
			t.Errorf("%v, %d kept", size, kept())
		}

		a.Quit()
		a.Start()
		s = net.online()
		a.UntilOnline()
		a.Until("the picture of before", func() bool { return a.List.Picture(bob) != nil })
		s.events <- protocol.PictureChanged{Bare: bob.Peer, ID: second}
		settled(a)
		if len(s.wished()) != 0 {
			t.Errorf("asked again: %q", s.wished())
		}
		a.M.ShowInfo(bob)
		a.Until("the wish", func() bool { return len(s.wished()) == 1 })
		s.events <- protocol.ProfileFetched{Bare: bob.Peer, Fields: []protocol.ProfileField{{Label: "Full name", Value: "Bob\u202e\n<b>B</b>"}}}
		a.Reads("Info on bob@x", "Full name: Bob <b>B</b>")
		s.events <- protocol.PictureChanged{Bare: bob.Peer}
		a.Until("no picture", func() bool { return a.List.Picture(bob) == nil })
		settled(a)
		if kept() != 0 {
			t.Errorf("%d kept", kept())
		}
	})
}

// Somebody on the list keeps their picture if another one who had the same is not there
// any more.
func TestAPictureOfTwo(t *testing.T) {
	const id = "1111111111111111111111111111111111111111"
	store := storage.NewMemory()
	p := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}
	alone(t, p, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		a.Until("bob", func() bool { _, ok := a.List.Buddy(bob); return ok })
		s.events <- protocol.PictureChanged{Bare: bob.Peer, ID: id}
		a.Until("the wish", func() bool { return len(s.wished()) == 1 })
		s.events <- protocol.PictureFetched{Bare: bob.Peer, ID: id, Data: jpegOf(t, color.White, 9, 9)}
		a.Until("a picture", func() bool { return a.List.Picture(bob) != nil })
		a.Quit()
		if err := store.Space("pictures").Put("of/"+string(a.Self)+" gone@x", []byte(id)); err != nil {
			t.Fatal(err)
		}
		a.Start()
		a.Until("the picture of before", func() bool { return a.List.Picture(bob) != nil })
		settled(a)
		if all, err := store.Space("pictures").List(""); err != nil || len(all) != 2 {
			t.Errorf("kept: %d, %v", len(all), err)
		}
	})
}

func TestOwnPicture(t *testing.T) {
	alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		dir := t.TempDir()
		write := func(name string, b []byte) string {
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}
		photo := jpegOf(t, color.RGBA{R: 200, A: 255}, 640, 480)
		photo = append(append([]byte{0xff, 0xd8, 0xff, 0xe1, 0, 22}, "Exif\x00\x00a canary place"...), photo[2:]...)
		a.M.ShowAccounts()
		a.M.Answer(a.Form("Accounts", "").ID, plugin.Answers{Action: "picture", Rows: []string{string(a.Self)}})
		shown := func() im.Field { return a.Form("Picture of", "").Form.Tabs[0].Fields[0] }
		if f := shown(); f.Hint != "Asking the server…" || f.Image.Bounds().Dx() != 128 {
			t.Errorf("first there is %+v", f)
		}
		s.events <- protocol.OwnPicture{Data: jpegOf(t, color.RGBA{G: 200, A: 255}, 300, 200)}
		a.Until("what they see now", func() bool {
			_, g, _, _ := shown().Image.At(64, 64).RGBA()
			return shown().Hint == "They see this one now." && shown().Image.Bounds().Dx() == 128 && g>>8 > 150
		})
		a.Answer("Picture of", "file", "file="+write("bad.png", []byte("nothing")))
		a.Until("a word", func() bool { return a.Form("Picture of", "").Form.Problem != "" })
		a.Answer("Picture of", "file", "file="+dir)
		settled(a)
		a.Answer("Picture of", "file", "file="+write("bad.png", []byte("nothing"))) // a name that is typed
		a.Answer("Picture of", "file", "file="+write("photo.jpg", photo))
		a.Until("the picture alone", func() bool {
			r, _, _, _ := shown().Image.At(64, 64).RGBA()
			return shown().Hint == "They will see this one." && r>>8 > 150 && a.Form("Picture of", "").Form.Problem == ""
		})
		a.Answer("Picture of", "ok")
		a.Until("the wish", func() bool { return len(s.wished()) == 1 })
		sent, _ := strings.CutPrefix(s.wished()[0], "set ")
		img, err := png.Decode(strings.NewReader(sent))
		if err != nil || img.Bounds().Dx() != 128 || img.Bounds().Dy() != 128 || strings.Contains(sent, "canary") || strings.Contains(sent, "Exif") {
			t.Errorf("sent %d bytes: %v", len(sent), err)
		}
		s.events <- protocol.PictureSet{}
		a.Until("a word", func() bool { return strings.Contains(a.Form("Picture of", "").Form.Problem, "did not take it") })
		a.Answer("Picture of", "ok")
		a.M.ShowInfo(bob)
		a.Reads("Info on", "Asking what they tell")
		a.Until("the wishes", func() bool { return len(s.wished()) == 3 })
		s.ended <- &protocol.Failure{Cause: protocol.Lost, Text: "lost"}
		a.Until("a word", func() bool { return strings.Contains(a.Form("Picture of", "").Form.Problem, "connection was lost") })
		a.Reads("Info on", "could not be read")
		a.Answer("Info on", "close")
		a.M.Reconnect(a.Self)
		s = net.online()
		a.UntilOnline()
		a.Answer("Picture of", "none")
		a.Until("the wish", func() bool { return len(s.wished()) == 1 && s.wished()[0] == "set " })
		s.events <- protocol.PictureSet{OK: true}
		a.Until("the end", func() bool { return len(a.Dialogs) == 1 })
	})
}

// What buddies see of the user is shown again on the next day, and forgotten with the account.
func TestOwnPictureIsRemembered(t *testing.T) {
	store := storage.NewMemory()
	part := scenetest.Part{Plugins: noPlugins, Store: scenetest.StoreOf(store, func(id string) plugin.Store { return store.Space(id) })}
	alone(t, part, func(net *fakenet, a *scenetest.Actor, bob im.ConvID) {
		s := net.online()
		a.UntilOnline()
		a.M.ShowOwnPicture(a.Self)
		a.Form("Picture of", "none")
		s.events <- protocol.OwnPicture{Data: jpegOf(t, color.RGBA{G: 200, A: 255}, 300, 200)}
		a.Until("it is known", func() bool { return a.OwnPictures[a.Self] != nil && a.OwnPictures[a.Self].Bounds().Dx() == 64 })
		settled(a)
		a.Quit()
		a.OwnPictures = nil
		a.Start()
		s = net.online()
		a.Until("it is known", func() bool { return a.OwnPictures[a.Self] != nil })
		a.M.ShowOwnPicture(a.Self)
		a.Answer("Picture of", "none")
		a.Until("the wish", func() bool { return len(s.wished()) == 1 })
		s.events <- protocol.PictureSet{OK: true}
		a.Until("it is gone", func() bool { return a.OwnPictures[a.Self] == nil })
		settled(a)
		if kept, _ := store.Space("pictures").List("own/"); len(kept) != 0 {
			t.Errorf("%d are kept", len(kept))
		}
	})
}

// Nobody knows what others see now, or they see nothing: the window says so, and offers to
// take a picture away only where there may be one.
func TestOwnPictureOfNobody(t *testing.T) {
	for name, told := range map[string]struct {
		event protocol.OwnPicture
		word  string
		off   bool
	}{
		"none":    {protocol.OwnPicture{}, "They see none now.", true},
		"failed":  {protocol.OwnPicture{Failed: true}, "It is not known", false},
		"garbage": {protocol.OwnPicture{Data: []byte("nothing")}, "It is not known", false},
	} {
		t.Run(name, func(t *testing.T) {
			alone(t, scenetest.Part{Plugins: noPlugins}, func(net *fakenet, a *scenetest.Actor, _ im.ConvID) {
				s := net.online()
				a.UntilOnline()
				a.M.ShowAccounts()
				open := func() {
					a.M.Answer(a.Form("Accounts", "").ID, plugin.Answers{Action: "picture", Rows: []string{string(a.Self)}})
				}
				open()
				form := func() plugin.Form { return a.Form("Picture of", "").Form }
				blank := form().Tabs[0].Fields[0].Image
				s.events <- told.event
				a.Until("a word", func() bool { return strings.Contains(form().Tabs[0].Fields[0].Hint, told.word) })
				if f := form(); f.Buttons[0].Off != told.off || !f.Buttons[2].Off || f.Tabs[0].Fields[0].Image != blank {
					t.Errorf("%+v", f)
				}
				open() // to the front
				settled(a)
				if len(a.Dialogs) != 2 {
					t.Errorf("there are %d windows", len(a.Dialogs))
				}
				s.events <- protocol.OwnPicture{Data: jpegOf(t, color.White, 9, 9)} // nobody asked for another
				settled(a)
				if f := form(); f.Tabs[0].Fields[0].Image != blank {
					t.Error("what nobody asked for is shown")
				}
			})
		})
	}
}
