package messenger_test

import (
	"bytes"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"culver/im"
	"culver/messenger/scenetest"
	"culver/protocol"
)

// The picture that the user gives somebody is shown in the place of theirs, stays over the
// end, and goes when it is taken away or the buddy removed.
func TestPortraits(t *testing.T) {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 200, 100))); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file, text := filepath.Join(dir, "face.png"), filepath.Join(dir, "face.txt")
	for path, data := range map[string][]byte{file: b.Bytes(), text: []byte("a face")} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	three(t, func(a *scenetest.Actor, _ *fakeSession, net *fakenet, who func(string) im.ConvID) {
		give := func(c im.ConvID) {
			t.Helper()
			a.M.ShowPortrait(c)
			a.Answer("Picture for", "ok", "file="+filepath.Join(dir, "none"))
			a.Reads("Picture for", "There is no such file")
			a.Answer("Picture for", "ok", "file="+text)
			a.Reads("Picture for", "cannot be read as a picture")
			a.Answer("Picture for", "ok", "file="+file)
			a.Until("the picture", func() bool { return a.List.Picture(c) != nil && a.List.Given(c) != nil })
			settled(a)
		}
		give(who("bob"))
		give(who("carol"))
		if size := a.List.Picture(who("bob")).Bounds().Size(); size.X != size.Y || size.X > 64 {
			t.Errorf("it is %v", size)
		}
		a.Quit()
		a.Start()
		s := net.online()
		a.Until("the pictures", func() bool { return a.List.Given(who("bob")) != nil && a.List.Given(who("carol")) != nil })
		a.M.DropPortrait(who("bob"))
		a.M.ShowRemoveBuddy(who("carol"))
		a.Answer("Remove carol@x", "ok")
		settled(a)
		s.events <- protocol.BuddyChanged{Buddy: im.Buddy{Bare: "carol@x"}}
		settled(a)
		a.Quit()
		a.Start()
		net.online()
		settled(a)
		if a.List.Picture(who("bob")) != nil || a.List.Picture(who("carol")) != nil {
			t.Error("a picture came back")
		}
	})
}

func TestAddRoom(t *testing.T) {
	three(t, func(a *scenetest.Actor, s *fakeSession, net *fakenet, who func(string) im.ConvID) {
		s.ofRooms()
		a.M.ShowAddRoom()
		a.Answer("Add Chat", "ok", "room=bob@x")
		a.Reads("Add Chat", "address of a person")
		a.Answer("Add Chat", "ok", "room=pub@rooms.x", "name=Pub", "nick=ali", "auto=on")
		settled(a)
		if asked := s.ofRooms(); len(asked) != 1 || asked[0] != `keep pub@rooms.x "Pub" "ali" "" true` {
			t.Errorf("%q", asked)
		}
		pub := im.ConvID{Account: a.Self, Peer: "pub@rooms.x"}
		s.events <- protocol.BookmarkChanged{Bookmark: im.Bookmark{Room: pub.Peer, Name: "Pub", Nick: "ali", Auto: true}}
		settled(a)
		if r, ok := a.List.Room(pub); !ok || !r.Auto || !r.Kept {
			t.Errorf("%+v", r)
		}
		s.ofRooms()
		a.M.SetAutoJoin(pub, false)
		a.M.SetAutoJoin(who("bob"), true)
		settled(a)
		if asked := strings.Join(s.ofRooms(), "; "); asked != `keep pub@rooms.x "Pub" "ali" "" false` {
			t.Errorf("%q", asked)
		}
	})
}

func TestGetUserInfoAsksOfWhom(t *testing.T) {
	three(t, func(a *scenetest.Actor, s *fakeSession, net *fakenet, who func(string) im.ConvID) {
		a.M.ShowInfo(im.ConvID{})
		a.Answer("Get User Info", "ok", "address=bob@x")
		a.Reads("Info on bob@x", "Address: bob@x")
	})
}
